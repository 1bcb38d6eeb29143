"""Cache tags: the names by which the edge is told what to forget."""

from __future__ import annotations

from hashlib import sha256

from content_api.names.keys import ALL

_LONGEST_VALUE = 200  # of the 256 characters that CloudFront takes for a tag


def article_tag(article_id: str) -> str:
    """The cache tag by which the edge forgets an article."""
    return f"article:{article_id}"


def list_tag(language: str, facet: str = ALL) -> str:
    """The cache tag of a list. Visible ASCII without commas, at most 256 characters (CloudFront's developer guide,
    "What you need to know when invalidating tags").
    """
    kind, _, value = facet.partition("#")
    if not value:
        return f"list:{language}:{kind}"
    from urllib.parse import quote  # noqa: PLC0415 - not needed for most lists

    quoted = quote(value, safe="")
    if len(quoted) > _LONGEST_VALUE:
        quoted = sha256(value.encode()).hexdigest()
    return f"list:{language}:{kind}:{quoted}"
