"""The public JSON of an article, made once when it is written; a read splices in the notices and the translations."""

import json
import zlib
from hashlib import sha256
from typing import Any

from content_api.content.article import Article
from content_api.content.direction import direction
from content_api.names.quotas import LARGEST_BODY

MAXIMUM_BYTES = 4_000_000
# Quotation marks and backslashes of the JSON are escaped once more on the way (`quotas.LARGEST_BODY`). What a read
# adds, notices and translations, takes less than this.
_ADDED = 200_000  # bytes


class ArticleTooLarge(ValueError):
    """An article whose public JSON would not fit an answer."""


def public_fields(article: Article, version: int) -> dict[str, Any]:
    """The article's public members as JSON values, but for `legal_notices` and `translations`, which a read adds."""
    fields = article.model_dump(mode="json", exclude={"translations"})
    head = {"id": fields.pop("id"), "version": version, "status": fields.pop("status"), "type": fields.pop("type")}
    language = {"language": fields.pop("language"), "direction": direction(article.language)}
    return head | language | fields


def public_document(fields: dict[str, Any]) -> bytes:
    """The public members as readers get them, a JSON object in UTF-8. Raises ArticleTooLarge above MAXIMUM_BYTES, and
    for what no answer could hold.
    """
    document = compact_json(fields)
    escaped = len(document) + document.count(b'"') + document.count(b"\\")
    if escaped > LARGEST_BODY - _ADDED:
        raise ArticleTooLarge(
            f"{fields['id']} would be {escaped:,} bytes in an answer; the limit is {LARGEST_BODY - _ADDED:,}. "
            "Split it in parts."
        )
    if len(document) > MAXIMUM_BYTES:
        raise ArticleTooLarge(
            f"{fields['id']} would be {len(document):,} bytes of JSON; the limit is {MAXIMUM_BYTES:,}. "
            "Split it in parts."
        )
    return document


def digest(article: Article) -> str:
    """What tells a changed article from an unchanged one; the time of its last update does not count."""
    return sha256(compact_json(article.model_dump(mode="json", exclude={"updated_at"}))).hexdigest()


def compact_json(value: Any) -> bytes:  # noqa: ANN401 - JSON is any of its types
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def compressed(document: bytes) -> bytes:
    """As stored: zlib (RFC 1950), which the standard library unpacks in some 20 µs for an article."""
    return zlib.compress(document, level=9)
