"""Every item of a feed has the notice first, whoever asks for it; a device keeps a copy only where none is due."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from content_api.content.article import Article
from content_api.law.law_file import load_entries
from feed_reader import ENGLISH, FORMATS, NAMES, PUBLIC_URL, RUSSIAN, address, items, root_of, texts, title
from simulated_edge.requests import SECRET, ask

type Api = Callable[[dict[str, Any]], dict[str, Any]]

PLACES = ["ru", "ua-occupied", "unknown", "elsewhere"]
PICTURE = {
    "alt": "A jar of seeds",
    "caption": "Seeds, lent & returned",
    "credit": "A. Photographer",
    "renditions": [
        {"url": "https://media.example.org/480.webp", "media_type": "image/webp", "width": 480, "height": 320},
        {"url": "https://media.example.org/1080.webp", "media_type": "image/webp", "width": 1080},
    ],
}


@pytest.mark.parametrize("content", ["", "?content=full", "?content=summary", "?notice=always"])
@pytest.mark.parametrize("extension", FORMATS)
def test_the_notice_stands_first_in_every_part_of_every_item_wherever_whoever_asks_is(
    api: Api, publish: Callable[..., Article], section: str, extension: str, content: str
) -> None:
    for _ in range(3):
        publish(standfirst="What it is about.", lead_image=PICTURE)
    for place in PLACES:
        found = items(ask(api, address(section, extension, content), place))
        assert len(found) == 3
        for item in found:
            assert title(item) == "An Article"
            for name, text in texts(item).items():
                assert text.startswith((ENGLISH, '<div role="note"')), name
                assert ENGLISH in text
                assert RUSSIAN in text
                assert text.index(RUSSIAN) < text.index("What it is about." if "about" in text else "The text")


def test_the_notice_comes_as_an_extension_too(api: Api, publish: Callable[..., Article], section: str) -> None:
    publish()
    for extension in ("rss", "atom"):
        answer = ask(api, address(section, extension), "elsewhere")
        root = root_of(answer)
        feed = root if extension == "atom" else root.find("channel")
        assert feed is not None
        for holder in (feed, items(answer)[0]):
            english, russian = holder.findall("notice:notice", NAMES)
            assert (english.get("language"), russian.get("language")) == ("en", "ru")
            assert english.text == load_entries()[0]["texts"]["en"]["text"]
            assert english.attrib == {
                "id": "ru-undesirable-organization",
                "version": "1",
                "language": "en",
                "must-display": "true",
                "restricted-actions": "share like comment save contact",
                "href": f"{PUBLIC_URL}/legal-notices/ru-undesirable-organization",
            }
    feed = json.loads(ask(api, address(section, "json"))["body"])
    for holder in (feed, feed["items"][0]):
        assert [each["language"] for each in holder["_legal_notices"]["notices"]] == ["en", "ru"]
        assert {each["reason"] for each in holder["_legal_notices"]["notices"]} == {"always"}


@pytest.mark.parametrize("place", PLACES)
def test_a_copy_on_the_device_is_kept_only_where_no_notice_is_due(
    api: Api, publish: Callable[..., Article], section: str, place: str
) -> None:
    publish()
    kept = ask(api, address(section, "rss"), place)["headers"]["cache-control"]
    assert kept == (
        "private, no-cache, stale-if-error=0" if place == "elsewhere" else "private, no-store, stale-if-error=0"
    )


def test_before_the_notice_is_in_effect_there_is_none(
    syndication: Callable[..., Api], publish: Callable[..., Article], section: str
) -> None:
    publish()
    early = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, today="2024-02-01")
    (item,) = items(ask(early, address(section, "atom")))
    assert not item.findall("notice:notice", NAMES)
    assert texts(item)["atom:content"] == "<p>The text, which nobody may miss.</p>"
