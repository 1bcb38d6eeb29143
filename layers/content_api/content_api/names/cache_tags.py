"""Cache tags are the names by which a purge tells the edge which answers to forget.

A tag is visible ASCII without commas, at most 256 characters (CloudFront's developer guide, "What you need to know when
invalidating tags"). Reading and syndication state the tags of an answer; propagation purges those of a write.
"""

from __future__ import annotations

from content_api.names.keys import ALL, NEWSLETTERS, SECTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_LONGEST_VALUE = 200  # of the 256 characters that a tag may have (`quotas.CACHE_TAG_CHARACTERS`)

SECTIONS_TAG: Final = "sections"
NEWSLETTERS_TAG: Final = "newsletters"
# The tag of an answer, by the partition of the table that the answer is made of.
CATALOGUE_TAGS = {SECTIONS: SECTIONS_TAG, NEWSLETTERS: NEWSLETTERS_TAG}


# The header of an answer that has its tags, separated by commas. S3 puts this before the names of an object's metadata,
# and the edge has one header for all of its origins.
TAG_HEADER = "x-amz-meta-cache-tags"


def article_tag(article_id: str) -> str:
    """The tag of every answer that shows something of the article."""
    return f"article:{article_id}"


def live_tag(article_id: str) -> str:
    """The tag of every answer that shows the newest posts of a live blog."""
    return f"live:{article_id}"


def posts_tag(article_id: str, page: int) -> str:
    """The tag of a full page of a live blog."""
    return f"posts:{article_id}:{page}"


def media_tag(media_id: str) -> str:
    """The tag of every file of the picture."""
    return f"media:{media_id}"


def list_tag(language: str, facet: str = ALL) -> str:
    """The tag of every page of a list. If the value of its facet is too long for a tag, the tag has a digest of it."""
    kind, _, value = facet.partition("#")
    if not value:
        return f"list:{language}:{kind}"
    from urllib.parse import quote  # noqa: PLC0415 - not needed for most lists

    quoted = quote(value, safe="")
    if len(quoted) > _LONGEST_VALUE:
        from hashlib import sha256  # noqa: PLC0415 - as above

        quoted = sha256(value.encode()).hexdigest()
    return f"list:{language}:{kind}:{quoted}"


def changes_tag(language: str) -> str:
    """The tag of the change feed, and of every feed, since feeds name withdrawn articles."""
    return f"changes:{language}"


def front_tag(language: str) -> str:
    return f"front:{language}"


def subject_tag(kind: str, subject_id: str) -> str:
    """The tag of every answer that shows something of a topic or an author. `kind` is the name of that kind."""
    return f"{kind}:{subject_id}"
