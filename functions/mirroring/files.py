"""Writes what is long as files: pages that go on in further pages, each with JSON that says the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from content_api.content.direction import direction
from content_api.content.headings import accessible
from content_api.names.mirror_paths import as_json, numbered
from mirroring.notices import MirrorNotices
from mirroring.page import onward, page_of
from mirroring.splitting import Fragment, compact, pages_of
from mirroring.words import MirrorWords

# The content of files, by their paths in the mirror.
type Files = dict[str, bytes]

_PAGES = 999  # stands for how many there are, until that is known


@dataclass(frozen=True, slots=True)
class Told:
    """What pages are about. `lead` is markup that follows the title on the first page. `members` are those of the JSON
    on the first page; `items` is the name of the member that has the values of fragments. `opening` and `closing` stand
    around the fragments.
    """

    language: str
    path: str
    title: str
    lead: str
    members: dict[str, Any]
    items: str
    links: str = ""
    opening: str = ""
    closing: str = ""


def files_of(told: Told, fragments: Iterable[Fragment], notices: MirrorNotices) -> Files:
    words = MirrorWords(told.language)

    def page(body: str, number: int = 1, pages: int = _PAGES) -> str:
        lead = told.lead if number == 1 else f"<p>{number}/{pages}</p>"
        return page_of(
            f"<h1>{escape(told.title)}</h1>{lead}{told.opening}{accessible(body)}{told.closing}"
            f"{onward(words, told.path, number, pages)}",
            language=told.language,
            path=told.path,
            title=told.title,
            notices=notices,
            links=told.links,
        )

    def members(values: list[Any], number: int = 1, pages: int = _PAGES) -> dict[str, Any]:
        following = numbered(as_json(told.path), number + 1).rpartition("/")[2] if number < pages else None
        return {
            "legal_notices": notices.of(told.language, told.path),
            "language": told.language,
            "direction": direction(told.language),
            **(told.members if number == 1 else _same(told.members)),
            "page": number,
            "pages": pages,
            "next": following,
            told.items: values,
        }

    divided = pages_of(fragments, page=page, members=members)
    files: Files = {}
    for number, some in enumerate(divided, start=1):
        body, values = "".join(each.html for each in some), [each.value for each in some if each.value]
        files[numbered(told.path, number)] = page(body, number, len(divided)).encode()
        files[numbered(as_json(told.path), number)] = compact(members(values, number, len(divided))).encode()
    return files


def single(told: Told, notices: MirrorNotices) -> Files:
    """One page without fragments, and its JSON."""
    members = {"legal_notices": notices.of(told.language, told.path), **told.members}
    shown = page_of(
        f"<h1>{escape(told.title)}</h1>{told.lead}",
        language=told.language,
        path=told.path,
        title=told.title,
        notices=notices,
        links=told.links,
    )
    return {told.path: shown.encode(), as_json(told.path): compact(members).encode()}


def _same(members: dict[str, Any]) -> dict[str, Any]:
    """What every page of JSON says of the whole."""
    return {name: members[name] for name in ("id", "version", "title", "headline") if name in members}
