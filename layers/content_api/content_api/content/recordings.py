"""The recordings of an article. Those that were uploaded have one file each; so have their captions.

An address has no host yet: `pictures.own_addresses` adds it when an answer is written.
"""

from collections.abc import Callable, Iterator
from typing import Any

from content_api.content.article import Article, Recording
from content_api.names.media import CAPTIONS_FILE, RECORDED_FILES, file_key

type Json = dict[str, Any]
type Change = Callable[[str, Recording], Recording]

# Members that recordings did not have at first.
_ADDED = ("media", "media_type", "bytes", "captions", "transcript", "chapters", "width", "height")


def with_recordings(article: Article, change: Change) -> Article:
    """The article with each recording changed. The function also gets the path to the recording, such as `body.3`."""
    if not any(isinstance(each, Recording) for each in article.body):
        return article
    body = [change(f"body.{at}", each) if isinstance(each, Recording) else each for at, each in enumerate(article.body)]
    return article.model_copy(update={"body": tuple(body)})


def recordings_in(fields: Json) -> Iterator[Json]:
    """The recordings of an article, given as JSON."""
    return (block for block in fields["body"] if block["type"] in {"audio", "video"})


def add_addresses(recording: Json) -> None:
    """Writes the addresses of an uploaded recording and of its captions into its JSON."""
    for each in recording["captions"]:
        each["url"] = f"/{file_key(each['media'], CAPTIONS_FILE)}"
    if recording["media"]:
        recording["renditions"] = [
            {
                "url": f"/{file_key(recording['media'], RECORDED_FILES[recording['media_type']])}",
                "media_type": recording["media_type"],
                "width": recording.get("width"),
                "height": recording.get("height"),
            }
        ]


def as_at_first(block: Json) -> Json:
    """A block with its members in the order that they always had, and without members that a later release added and
    that have no value: the digest of an article is made of it.
    """
    if block["type"] not in {"audio", "video"}:
        return block
    kept = {name: value for name, value in block.items() if value or name not in _ADDED}
    return {"type": kept.pop("type"), **kept}


def files_of(recording: Json) -> Iterator[tuple[str, str]]:
    """Each uploaded file that readers get with the recording: the id, and the file's name."""
    if recording["media"]:
        yield recording["media"], RECORDED_FILES[recording["media_type"]]
    for each in recording["captions"]:
        yield each["media"], CAPTIONS_FILE
