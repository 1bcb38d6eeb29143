"""What changes in the mirror though nobody writes an article: how long it may be trusted, and the notices."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from content_api.names.instants import parsed, printed
from content_api.names.mirror_paths import (
    ABOUT,
    INDEX,
    articles_among,
    days_among,
    section_path,
    sections_among,
)
from mirroring.about import notice_files, root_files
from mirroring.making import Maker
from mirroring.notices import MirrorNotices
from mirroring.tree import ROOT, Tree

TRUSTED_FOR = dt.timedelta(days=3)
_REFRESHED_AFTER = dt.timedelta(minutes=50)  # the function is called every hour (template.yaml, MirroringFunction)

type Message = dict[str, Any]


def refresh(tree: Tree, notices: MirrorNotices, *, now: dt.datetime, key: str, next_mirrors: tuple[str, ...]) -> None:
    """Makes the pages in the root anew if they are old, say no more what is so, or may not have been written."""
    languages = tree.languages()
    stated = {"languages": languages, "notices": notices.names, "mirrors": list(next_mirrors), "key": key}
    until = str(tree.said.get("valid_until", ""))
    is_fresh = bool(until) and parsed(until) - TRUSTED_FOR > now - _REFRESHED_AFTER
    is_fresh = is_fresh and not any(each.was for each in tree.part(ROOT).files.values())
    if is_fresh and all(tree.said.get(name) == value for name, value in stated.items()):
        return
    made = now.replace(microsecond=0)
    tree.said |= stated | {"valid_until": printed(made + TRUSTED_FOR)}
    tree.touch()
    files = root_files(languages, made, made + TRUSTED_FOR, key, notices, next_mirrors) | notice_files(notices)
    tree.replace(ROOT, lambda path: path not in (INDEX, ABOUT), files)


def is_of_other_notices(tree: Tree, notices: MirrorNotices) -> bool:
    """Whether pages may lack a notice that is in effect now, or have an older one."""
    return bool(tree.languages()) and tree.said.get("notices") != notices.names


def remaking(tree: Tree) -> Iterator[Message]:
    """Messages that make everything anew."""
    for language in tree.languages():
        yield {"front": language}
        for shelf in tree.part(language).parts:
            yield {"remake": shelf}


def remaking_shelf(tree: Tree, maker: Maker, shelf: str) -> Iterator[Message]:
    """Messages that make everything on a shelf anew."""
    paths = tree.paths(shelf)
    language = shelf.partition(".")[0]
    there = sections_among(paths)
    sections = [each for each in maker.sections_of(language) if section_path(shelf, each).rpartition("/")[2] in there]
    yield {"shelf": shelf, "days": sorted(days_among(paths)), "sections": sections}
    for article_id in sorted(articles_among(paths)):
        yield {"article": article_id, "shelf": shelf}
