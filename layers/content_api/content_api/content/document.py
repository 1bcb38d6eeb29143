"""The public JSON of an article. It is made once, when the article is written. Each read adds the notices and the
translations.
"""

import json
import zlib
from hashlib import sha256
from typing import Any

from content_api.content.article import Article
from content_api.content.direction import direction
from content_api.content.recordings import add_addresses, as_at_first, recordings_in
from content_api.content.renditions import listed, pictures_in
from content_api.names.quotas import LARGEST_BODY

MAXIMUM_BYTES = 4_000_000
# An answer escapes the quotation marks and backslashes of the JSON once more (`quotas.LARGEST_BODY`). The notices and
# translations that a read adds take less than this.
ADDED = 200_000  # bytes


class ArticleTooLarge(ValueError):
    """The public JSON of the article would not fit into an answer."""


def public_fields(article: Article, version: int) -> dict[str, Any]:
    """The public members of the article as JSON values, without `legal_notices` and `translations`, which each read
    adds. Uploaded pictures and recordings get their renditions, whose addresses have no host yet
    (`pictures.own_addresses`).
    """
    fields = article.model_dump(mode="json", exclude={"translations"})
    for picture in pictures_in(fields):
        if picture["media"]:
            picture["renditions"] = listed(picture)
    for recording in recordings_in(fields):
        add_addresses(recording)
    head = {"id": fields.pop("id"), "version": version, "status": fields.pop("status"), "type": fields.pop("type")}
    language = {"language": fields.pop("language"), "direction": direction(article.language)}
    return head | language | fields


def public_document(fields: dict[str, Any]) -> bytes:
    """The public members as readers get them: a JSON object in UTF-8. Raises ArticleTooLarge if it has more than
    MAXIMUM_BYTES, or would not fit into an answer.
    """
    document = compact_json(fields)
    escaped = len(document) + document.count(b'"') + document.count(b"\\")
    if escaped > LARGEST_BODY - ADDED:
        raise ArticleTooLarge(
            f"{fields['id']} would be {escaped:,} bytes in an answer; the limit is {LARGEST_BODY - ADDED:,}. "
            "Split it in parts."
        )
    if len(document) > MAXIMUM_BYTES:
        raise ArticleTooLarge(
            f"{fields['id']} would be {len(document):,} bytes of JSON; the limit is {MAXIMUM_BYTES:,}. "
            "Split it in parts."
        )
    return document


def digest(article: Article) -> str:
    """A hash that differs if the article differs. The time of the last update does not count. Members that later
    releases added count only where the article has them, so that an old article has the hash that it always had.
    """
    members = article.model_dump(mode="json", exclude={"updated_at"})
    for name in ("topics", "episode"):
        if not members[name]:
            del members[name]
    for author in members["byline"]:
        if author["id"] is None:
            del author["id"]
    members["body"] = [as_at_first(each) for each in members["body"]]
    return sha256(compact_json(members)).hexdigest()


def compact_json(value: Any) -> bytes:  # noqa: ANN401 - JSON is any of its types
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def compressed(document: bytes) -> bytes:
    """The document as it is stored: zlib (RFC 1950). The standard library unpacks an article in some 20 µs."""
    return zlib.compress(document, level=9)
