"""Putting an article that the table has lost, or has an older version of, at a version that S3 has. Pure."""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from content_api.aws.attributes import Item
from content_api.store.current import Current
from content_api.store.editions import edition_of_version
from content_api.store.placement import placement
from content_api.store.revisions import Revision, rewriting
from content_api.store.versions import EDITS, Version

if TYPE_CHECKING:
    from collections.abc import Iterable


def put_back(
    found: Version, version_key: str, language: str, before: "list[Version]", over: Current, at: dt.datetime
) -> Revision:
    """Everything that the table should hold of an article, off every list that it is not on, and a change that tells
    those who keep articles of it. `before` are the versions before it, newest first; `over` is what the table says.
    """
    shown = next((place for each in [found, *before] if each.article and (place := placement(each.article))), None)
    before_it = replace(over, placement=over.placement or shown)
    return rewriting(edition_of_version(found, language), version_key, handed_in([found, *before]), before_it, at)


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
