"""Which uploaded pictures and recordings an article shows. Readers get one only while a published article shows it, and
once no article does any more it is gone (410).

An article's own item names its pictures and recordings, with the files that readers may ask for. Each of them has an
item for each published article that shows it. When an article is withdrawn, or drops it, that item stays and says so.
All of it is written in the article's own transaction.
"""

import json
from collections.abc import Mapping
from typing import Any

from content_api.aws.attributes import Item, typed
from content_api.names.keys import used_key
from content_api.names.media import Rendition

# The attribute of an article's item with its pictures, and that of an item of a picture which is shown no more.
MEDIA = "media"
GONE = "is_gone"

type Files = dict[str, list[str]]


def attribute_of(files: Files) -> Item:
    """The attribute of an article's item that names its pictures; none if it has none."""
    return typed({MEDIA: json.dumps(files, separators=(",", ":"))}) if files else {}


def files_in(item: Mapping[str, Any]) -> Files:
    """The files of each picture that an article's item names."""
    return json.loads(item[MEDIA]["S"]) if MEDIA in item else {}


def is_gone(use: Mapping[str, Any]) -> bool:
    """Whether the item of a use says that the article shows the picture no more."""
    return GONE in use


def is_shown(use: Mapping[str, Any], rendition: Rendition) -> bool:
    """Whether a published article shows the file, by the item of its use."""
    if is_gone(use):
        return False
    largest = dict(each.rsplit("/", 1) for each in use["files"]["S"].split() if "/" in each)
    return rendition.width <= int(largest.get(rendition.crop.name, 0))


def is_played(use: Mapping[str, Any], name: str) -> bool:
    """Whether a published article has this file of a recording or of captions, by the item of its use."""
    return not is_gone(use) and name in use["files"]["S"].split()


def use_of(media_id: str, article_id: str, files: list[str]) -> Item:
    """The item that says that a published article shows these files of the picture (`renditions.files_used`)."""
    return typed(used_key(media_id, article_id) | {"files": " ".join(files)})


def use_gone(media_id: str, article_id: str) -> Item:
    """The item that says that the article shows the picture no more."""
    return typed(used_key(media_id, article_id)) | {GONE: {"BOOL": True}}
