"""Putting an article that the table has lost back at a version that S3 has. Pure but for reading its versions."""

import datetime as dt
from typing import TYPE_CHECKING

from content_api.aws.attributes import Item
from content_api.store.current import Current
from content_api.store.editions import edition_of_version
from content_api.store.placement import placement
from content_api.store.revisions import Revision, rewriting
from content_api.store.versions import EDITS, Version

if TYPE_CHECKING:
    from collections.abc import Iterable


def put_back(found: Version, version_key: str, language: str, before: "list[Version]", at: dt.datetime) -> Revision:
    """Everything that the table should hold of an article, off every list that it is not on, and a change that tells
    those who keep articles of it. `before` are the versions before it, newest first.
    """
    shown = next((each.article for each in [found, *before] if each.article), None)
    lost = Current(placement=placement(shown) if shown else None)
    return rewriting(edition_of_version(found, language), version_key, handed_in([found, *before]), lost, at)


def handed_in(versions: "Iterable[Version]") -> Item:
    """What an article's versions, newest first, say of the latest file that it came in, and of what editors wrote
    since.
    """
    is_edited = False
    order = ""
    for each in versions:
        if each.source:
            order = each.source.order
            break
        is_edited = is_edited or each.action in EDITS
    marks: Item = {"taken_in": {"S": order}} if order else {}
    return marks | ({"is_edited": {"BOOL": True}} if is_edited else {})
