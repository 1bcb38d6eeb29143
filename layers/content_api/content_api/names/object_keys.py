"""The keys of objects in the content bucket.

articles/<id>/<version>-<digest>.json        a version of an article, for ever
edits/<id>/<version>-<digest>.json           a pending edit as it was saved on that version, for ever, for editors
posts/<id>/<number>/<version>-<digest>.json  a version of a post of a live blog, for ever
documents/<id>/<version>-<digest>.json.zlib  a public document that is too large for an item of the table
current/<id>.json                            what readers get of an article where DynamoDB gives nothing
current/fronts/<language>.json               the same of a front; no article's id has a slash
originals/<media id>                         a picture as it was uploaded, for ever, for editors alone
media/<media id>/<crop>/<width>.<format>     what readers get of it: names.media
media/<media id>/recording.<format>          what readers get of a recording
published/<the same key>                     its copy for the edge, while a published article has the recording
search/<language>/<shard>/<file>             the search index, which is made from the table and can be made again
incoming/ imported/ rejected/                files that were handed in, and what became of them
"""

from __future__ import annotations

VERSIONS = "articles/"
EDITS = "edits/"
INCOMING = "incoming/"
IMPORTED = "imported/"
REJECTED = "rejected/"
# Apart from media/, so that whoever may read that never reads what a camera wrote into a photograph.
ORIGINALS = "originals/"
# The edge may read nothing else of the bucket.
PUBLISHED = "published/"
POSTS = "posts/"
SEARCH = "search/"
UNDATED = "undated"  # the shard of articles without a date
_FIRST_YEAR_OF_ITS_OWN = 2020  # years before it share the shard of their decade


def search_key(language: str, name: str) -> str:
    """The key of a file of a language's index: `shards.json`, or a file in the folder of a shard."""
    return f"{SEARCH}{language}/{name}"


def shard_of(position: str) -> str:
    """The shard of an article by its place in lists, which begins with the date: a year, the decade of an older
    article, or that of articles without a date. Shards of old articles are written seldom, and need not be fetched
    again.
    """
    year = position.partition("-")[0]
    if not year.isdecimal():
        return UNDATED
    return year if int(year) >= _FIRST_YEAR_OF_ITS_OWN else f"{int(year) // 10 * 10}s"


def original_key(media_id: str) -> str:
    return f"{ORIGINALS}{media_id}"


def media_of(original_key: str) -> str:
    """The id of what was uploaded under the key."""
    return original_key.removeprefix(ORIGINALS)


def copy_key(article_id: str) -> str:
    return f"current/{article_id}.json"


def front_copy_key(language: str) -> str:
    return f"current/fronts/{language}.json"


def versions_prefix(article_id: str) -> str:
    """The prefix of the keys of all versions of an article."""
    return f"{VERSIONS}{article_id}/"


def version_key(article_id: str, version: int, content: bytes) -> str:
    """The key of a version. It has a digest of the content, so that two writers of the same number never overwrite each
    other's version.
    """
    return f"{versions_prefix(article_id)}{version:06d}-{_digest(content)}.json"


def edit_object_key(article_id: str, base: int, content: bytes) -> str:
    """The key of a pending edit that is made on the version `base`."""
    return f"{EDITS}{article_id}/{base:06d}-{_digest(content)}.json"


def edit_digest(edit_object_key: str) -> str:
    return edit_object_key.rpartition("-")[2].removesuffix(".json")


def before_version(article_id: str, version: int) -> str:
    """A text that sorts before the keys of all versions from that number on, and after the keys of earlier ones."""
    return f"{versions_prefix(article_id)}{version:06d}"


def number_of(version_key: str) -> int:
    """The number of the version that has this key; 0 if the key is no version's."""
    number = version_key.rpartition("/")[2].partition("-")[0]
    return int(number) if number.isdecimal() else 0


def document_key(article_id: str, version: int, packed: bytes) -> str:
    return f"documents/{article_id}/{version:06d}-{_digest(packed)}.json.zlib"


def article_of(versions_prefix: str) -> str:
    """The id of the article in a prefix that `versions_prefix` made, or in the key of a version."""
    return versions_prefix.removeprefix(VERSIONS).partition("/")[0]


def _digest(content: bytes) -> str:
    from hashlib import sha256  # noqa: PLC0415 - reading makes none of these

    return sha256(content).hexdigest()[:16]
