"""What a page says about itself in JSON-LD, with the vocabulary of schema.org."""

import json
import re
from typing import Any, cast

from importing.html.parsing import Element, without_control_characters

type Json = dict[str, Any]

_ARTICLES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "AskPublicNewsArticle ReviewNewsArticle LiveBlogPosting BlogPosting SocialMediaPosting Report VideoObject "
    "AudioObject".split()
)
_FOLLOWED = ("@graph", "mainEntity", "mainEntityOfPage")
_WRAPPED = (("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"), ("/*<![CDATA[*/", "/*]]>*/"))
_MOST = 2000  # objects that are read


def entries_in(root: Element) -> list[Json]:
    """Every object on the page's top level. Objects that the page only mentions or lists are left out."""
    found: list[Json] = []
    scripts = (each for each in root.iter("script") if _is_json_ld(each))
    waiting: list[Any] = [_read(each.text or "") for each in scripts]
    while waiting and len(found) < _MOST:
        each = waiting.pop(0)
        if isinstance(each, list):
            waiting = [*cast("list[Any]", each), *waiting]
        elif entry := object_of(each):
            found.append(entry)
            waiting = [*(entry.get(name) for name in _FOLLOWED), *waiting]
    return found


def article_in(entries: list[Json], *, addresses: list[str], titles: list[str]) -> Json:
    """The article that the page is about: the one with the address or the headline of the page, or else the first.
    Empty if no article is described, or if all of them have other addresses.
    """
    articles = [each for each in entries if _ARTICLES & set(map(str, listed(each.get("@type"))))]
    own = {_comparable(each) for each in addresses}
    named = {_letters(each) for each in titles}
    by_address = [each for each in articles if own & set(map(_comparable, addresses_of(each)))]
    by_title = [each for each in articles if _letters(text_in(each.get("headline"))) in named]
    unnamed = [each for each in articles if not (own and set(map(_comparable, addresses_of(each))))]
    texts = [each for each in by_address if "headline" in each]
    return next(iter([*texts, *by_title, *by_address, *unnamed]), cast("Json", {}))


def addresses_of(entry: Json) -> list[str]:
    """The addresses that the entry states for itself."""
    page = entry.get("mainEntityOfPage")
    stated = [entry.get("url"), object_of(page).get("@id"), object_of(page).get("url"), page, entry.get("@id")]
    return [each for each in stated if isinstance(each, str) and each.startswith(("https://", "http://", "/"))]


def text_in(stated: object) -> str:
    """The text of a value, which may be a text, a list, or an object with a language."""
    first = next(iter(listed(stated)), None)
    entry = object_of(first)
    text = entry.get("@value", entry.get("name")) if entry else first
    return text if isinstance(text, str) else ""


def listed(stated: object) -> list[Any]:
    """The value as a list. JSON-LD has a list, or its only value."""
    return cast("list[Any]", stated) if isinstance(stated, list) else [] if stated is None else [stated]


def object_of(stated: object) -> Json:
    """The value, if it is an object. Empty if it is not."""
    return cast("Json", stated) if isinstance(stated, dict) else {}


def named(entries: list[Json]) -> dict[str, Json]:
    """The objects by their `@id`, to resolve references."""
    return {
        str(each["@id"]): each
        for each in reversed(entries)
        if isinstance(each.get("@id"), str) and set(each) != {"@id"}
    }


def _is_json_ld(script: Element) -> bool:
    return (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"


def _read(text: str) -> Any:  # noqa: ANN401 - JSON is any of its types
    """The JSON. None if it is broken, as it is on some pages: they say the same elsewhere."""
    stripped = text.strip()
    for start, end in _WRAPPED * 2:  # one wrapper may be inside another
        stripped = stripped.removeprefix(start).removesuffix(end).strip()
    try:
        return _printable(json.loads(stripped.rstrip(";"), strict=False))
    except (ValueError, RecursionError):
        return None


def _printable(value: Any) -> Any:  # noqa: ANN401 - JSON is any of its types
    """Removes control characters, which JSON can have as escapes."""
    match value:
        case str():
            return without_control_characters(value)
        case list():
            return [_printable(each) for each in cast("list[Any]", value)]
        case dict():
            return {name: _printable(each) for name, each in cast("Json", value).items()}
        case _:
            return value


def _comparable(address: str) -> str:
    plain = address.partition("#")[0].partition("?")[0]
    return re.sub(r"^https?://(?:www\.)?", "", plain).rstrip("/").lower()


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
