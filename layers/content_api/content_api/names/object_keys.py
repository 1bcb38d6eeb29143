"""Object keys: where things stand in the content bucket."""


def copy_key(article_id: str) -> str:
    """Of S3: what readers get of an article where DynamoDB gives nothing."""
    return f"current/{article_id}.json"


def front_copy_key(language: str) -> str:
    """As `copy_key`, of a front; no article's id has a slash."""
    return f"current/fronts/{language}.json"
