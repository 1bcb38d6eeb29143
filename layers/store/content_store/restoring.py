"""Puts an article back that the table has lost, or of which it has an older version than S3. Pure."""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from content_api.aws.attributes import Item, typed
from content_api.content.cards import as_json
from content_api.content.document import public_fields
from content_api.content.renditions import files_used
from content_store.current import Current
from content_store.desk_cards import desk_card
from content_store.editions import edition_of_version
from content_store.placement import placement
from content_store.revisions import Revision, rewriting
from content_store.versions import EDITS, Version

if TYPE_CHECKING:
    from collections.abc import Iterable


def put_back(
    found: Version, version_key: str, language: str, before: "list[Version]", over: Current, at: dt.datetime
) -> Revision:
    """The revision that makes the table hold the version `found`: its items, no card on any other list, and a change
    for followers. `before` are the versions before it, newest first. `over` is what the table says now.
    """
    shown = next((place for each in [found, *before] if each.article and (place := placement(each.article))), None)
    # Those that the restored version does not show are gone, whether the table knows of them or not.
    pictured = {each for was in before if was.article for each in files_used(was.article.model_dump(mode="json"))}
    last = next((each.article for each in before if each.article), None)
    card = over.desk_card or (as_json(desk_card(public_fields(last, 0))) if last else "")
    before_it = replace(over, placement=over.placement or shown, media=over.media | pictured, desk_card=card)
    return rewriting(edition_of_version(found, language), version_key, handed_in([found, *before]), before_it, at)


def handed_in(versions: "Iterable[Version]") -> Item:
    """The attributes that say who wrote the article last, which file it came in last, and whether editors wrote since.
    They are read from its versions, newest first.
    """
    is_edited = False
    order = ""
    latest: Item = {}
    for each in versions:
        latest = latest or typed({"by": each.by, "action": each.action})
        if each.source:
            order = each.source.order
            break
        is_edited = is_edited or each.action in EDITS
    marks: Item = latest | ({"taken_in": {"S": order}} if order else {})
    return marks | ({"is_edited": {"BOOL": True}} if is_edited else {})
