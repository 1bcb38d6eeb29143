"""Reads a feed in any of the three formats, as the server of a partner does.

An item is an XML element in RSS and Atom, and an object in JSON Feed.
"""

import json
from typing import Any, cast
from urllib.parse import quote

from lxml import etree

from content_api.law.law_file import load_entries

PUBLIC_URL = "https://content.example.org"
FORMATS = ["rss", "atom", "json"]
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "notice": "urn:content-api:legal-notices:1",
}
ENGLISH = load_entries()[0]["texts"]["en"]["text"].splitlines()[0]
RUSSIAN = load_entries()[0]["texts"]["ru"]["text"].splitlines()[0]


def address(section: str, extension: str, query: str = "", language: str = "en") -> str:
    return f"/feeds/{language}/{quote(section, safe='')}.{extension}{query}"


def root_of(answer: dict[str, Any]) -> Any:  # noqa: ANN401 - lxml's element
    """The root element of a document."""
    return etree.fromstring(answer["body"].encode())


def items(answer: dict[str, Any]) -> list[Any]:
    """The items of a feed, in its order. Raises ValueError if the answer is not a feed."""
    if answer["statusCode"] != 200:  # noqa: PLR2004 - HTTP's
        raise ValueError(f"{answer['statusCode']}: {answer['body']}")
    if "json" in answer["headers"]["content-type"]:
        return json.loads(answer["body"])["items"]
    root = root_of(answer)
    return root.findall("channel/item") or root.findall("atom:entry", NAMES)


def texts(item: Any) -> dict[str, str]:  # noqa: ANN401 - an item
    """Each part of an item that a feed reader may show."""
    if isinstance(item, dict):
        stated = cast("dict[str, Any]", item)
        return {name: stated[name] for name in ("content_html", "summary")}
    names = ("description", "content:encoded", "atom:summary", "atom:content")
    return {name: found.text or "" for name in names if (found := item.find(name, NAMES)) is not None}


def title(item: Any) -> str:  # noqa: ANN401 - an item
    if isinstance(item, dict):
        return str(cast("dict[str, Any]", item)["title"])
    return item.findtext("title") or item.findtext("atom:title", "", NAMES)


def identifier(item: Any) -> str:  # noqa: ANN401 - an item
    if isinstance(item, dict):
        return str(cast("dict[str, Any]", item)["id"])
    return item.findtext("guid") or item.findtext("atom:id", "", NAMES)


def tombstones(answer: dict[str, Any]) -> list[str]:
    """The identifiers of the articles that a feed says were withdrawn."""
    if "json" in answer["headers"]["content-type"]:
        withdrawn = json.loads(answer["body"]).get("_withdrawn", {"articles": []})
        return [each["id"] for each in withdrawn["articles"]]
    return [each.get("ref", "") for each in root_of(answer).iter(f"{{{NAMES['at']}}}deleted-entry")]
