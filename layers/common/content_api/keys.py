"""Where things stand in the table: the keys that writers and readers share."""


def article_key(article_id: str) -> dict[str, str]:
    return {"pk": f"ARTICLE#{article_id}", "sk": "ARTICLE"}
