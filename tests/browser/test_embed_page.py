"""The page for frames, as readers in different places, with different screens and needs, get it."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from pyvips import Image
from selenium.webdriver.common.keys import Keys

from chromium import Chromium

PLACES = {
    "russia": {"CloudFront-Viewer-Country": "RU"},
    "crimea": {"CloudFront-Viewer-Country": "UA", "CloudFront-Viewer-Country-Region": "43"},
    "lviv": {"CloudFront-Viewer-Country": "UA", "CloudFront-Viewer-Country-Region": "46"},
    "united-states": {"CloudFront-Viewer-Country": "US"},
    "unknown": {},
}
DUE = {"russia", "crimea", "unknown"}
NOTICES = {"en": ["en", "ru"], "ru": ["ru"], "uk": ["uk", "ru"], "fa": ["en", "ru"]}
LIBRARY = "en-2025-10-14-the-librarians-who-lend-seeds"
WITHDRAWN = "en-2025-11-03-quiz-night-cancelled"
WIDTHS = (320, 768, 1280)
# The share of a notice's box, or of the room beside it, that is empty: the largest.
EMPTY = """
  const bottom = (each) => each.getBoundingClientRect().bottom;
  const notices = [...document.querySelectorAll('[data-legal-notice]')];
  const lowest = notices.map((each) => Math.max(...notices
    .filter((other) => other.getBoundingClientRect().top === each.getBoundingClientRect().top).map(bottom)));
  return Math.max(...notices.map((each, index) =>
    (lowest[index] - bottom(each.lastElementChild)) / each.getBoundingClientRect().height));
"""
# How far a smoothed pixel of a rounded corner may be from itself in another drawing, of 255.
SMOOTHED = 24
FITS = "return document.scrollingElement.scrollWidth <= window.innerWidth"


@pytest.fixture(scope="session")
def embeds(address: str) -> dict[str, str]:
    """By language, the address of an article's page."""
    found: dict[str, str] = {"en": f"{address}/embed/articles/{LIBRARY}"}
    for language in ("ru", "uk", "fa"):
        with urlopen(f"{address}/v1/articles?language={language}&limit=1&fields=id", timeout=30) as answer:
            found[language] = f"{address}/embed/articles/{json.load(answer)['articles'][0]['id']}"
    return found


@pytest.fixture
def reader(chrome: Chromium) -> Iterator[Callable[[str, str], Chromium]]:
    """Opens an address as a reader in a place does; nothing may be said against a policy afterwards."""
    chrome.cdp("Network.enable")

    def opened(url: str, place: str) -> Chromium:
        chrome.cdp("Network.setExtraHTTPHeaders", headers=PLACES[place])
        chrome.get(url)
        return chrome

    chrome.complaints()
    yield opened
    chrome.cdp("Network.setExtraHTTPHeaders", headers={})
    assert [each for each in chrome.complaints() if "410" not in each] == []


type Reader = Callable[[str, str], Chromium]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", NOTICES)
def test_everybody_can_read_it_and_the_notice_comes_first_where_it_is_due(
    reader: Reader, embeds: dict[str, str], axe: str, screenshots: Path, language: str, place: str
) -> None:
    page = reader(embeds[language], place)
    shown = page.run("return [...document.querySelectorAll('[data-legal-notice]')].map((each) => each.lang)")
    assert shown == (NOTICES[language] if place in DUE else [])
    assert page.run("return document.querySelectorAll('a[href^=\"mailto:\"]').length") == (0 if place in DUE else 1)
    assert page.run("return document.dir") == ("rtl" if language == "fa" else "ltr")
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            with page.shown(width, features={"prefers-color-scheme": scheme}):
                assert page.run(FITS), (width, scheme)
                assert page.violations(axe) == [], (width, scheme)
                if place in DUE:
                    assert notice_is_first(page)
                    assert page.run(EMPTY) < 0.15
                if width == 320 or (width == 768 and place in {"russia", "lviv", "unknown"}):
                    page.screenshot(screenshots / f"embed-{language}-{place}-{width}-{scheme}.png")


def notice_is_first(page: Chromium) -> bool:
    """In the document and on the screen, and announced."""
    return bool(
        page.run(
            """
            const notices = [...document.querySelectorAll('[role=alert] [data-legal-notice]')];
            const content = document.querySelector('main');
            return notices.length > 0 && notices.every((each) =>
              each.compareDocumentPosition(content) & Node.DOCUMENT_POSITION_FOLLOWING &&
              each.getBoundingClientRect().bottom <= content.getBoundingClientRect().top &&
              each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
              each.getBoundingClientRect().top >= 0 && each.innerText.length > 200)
            """
        )
    )


def test_by_keyboard_the_article_is_two_keys_away(reader: Reader, embeds: dict[str, str]) -> None:
    page = reader(embeds["ru"], "russia")
    page.driver.switch_to.active_element.send_keys(Keys.TAB)
    assert page.run("return document.activeElement.className") == "skip"
    box = page.run("return document.activeElement.getBoundingClientRect().toJSON()")
    assert box["left"] >= 0
    assert box["top"] >= 0
    page.driver.switch_to.active_element.send_keys(Keys.ENTER)
    page.until("document.activeElement.id === 'article'", "the article is not focused")
    assert len(page.driver.window_handles) == 1


def most_different(one: str, two: str) -> float:
    """By how much the pixel differs most, of 255, in two PNG files in base64."""
    first, second = (Image.new_from_buffer(b64decode(each), "") for each in (one, two))
    assert (first.width, first.height) == (second.width, second.height)
    most = (first - second).abs().max()
    assert isinstance(most, float)  # a tuple where more than the value is asked for
    return most


def test_without_scripts_it_is_the_same_page(reader: Reader, embeds: dict[str, str], chrome: Chromium) -> None:
    with chrome.shown(768):
        # The first who asks for a picture waits until it is made.
        page = reader(embeds["en"], "russia")
        page.until("[...document.images].slice(0, 1).every((each) => each.complete && each.naturalWidth)", "a picture")
        with_scripts = page.cdp("Page.captureScreenshot")["data"]
        chrome.cdp("Emulation.setScriptExecutionDisabled", value=True)
        try:
            without = reader(embeds["en"], "russia").cdp("Page.captureScreenshot")["data"]
        finally:
            chrome.cdp("Emulation.setScriptExecutionDisabled", value=False)
    assert most_different(with_scripts, without) <= SMOOTHED


def test_it_keeps_nothing_and_asks_nobody_else(reader: Reader, embeds: dict[str, str], address: str) -> None:
    for language, url in embeds.items():
        for place in PLACES:
            page = reader("about:blank", place)
            page.requests()
            reader(url, place)
            page.run("window.scrollTo(0, document.body.scrollHeight)")
            page.until("[...document.images].every((each) => each.complete)", "pictures are not there")
            assert all(each.startswith(f"{address}/") for each in page.requests()), language
            assert page.run("return [document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
            assert page.run("return indexedDB.databases().then((found) => found.length)") == 0
            assert page.run("return navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
            assert page.cdp("Network.getCookies", urls=[address])["cookies"] == []


def test_pictures_are_shown(reader: Reader, embeds: dict[str, str]) -> None:
    page = reader(embeds["en"], "lviv")
    page.until("document.images[0].complete && document.images[0].naturalWidth > 0", "no picture")


@pytest.mark.parametrize("place", ["russia", "lviv"])
def test_on_paper_it_is_black_on_white_with_the_notice_first(
    reader: Reader, embeds: dict[str, str], screenshots: Path, place: str
) -> None:
    page = reader(embeds["en"], place)
    with page.shown(768, media="print", features={"prefers-color-scheme": "dark"}):
        colours = page.run(
            "const { color, backgroundColor } = getComputedStyle(document.documentElement);"
            "return [color, backgroundColor]"
        )
        assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert notice_is_first(page) == (place in DUE)
        assert page.run("return getComputedStyle(document.querySelector('.skip')).display") == "none"
        page.screenshot(screenshots / f"embed-{place}-print.png")
    assert page.cdp("Page.printToPDF", printBackground=False)["data"].startswith("JVBERi0")


@pytest.mark.parametrize("features", [{"forced-colors": "active"}, {"prefers-contrast": "more"}])
def test_with_colours_of_the_readers_own_the_notice_still_stands_out(
    reader: Reader, embeds: dict[str, str], axe: str, screenshots: Path, features: dict[str, str]
) -> None:
    page = reader(embeds["fa"], "russia")
    with page.shown(768, features=features):
        assert notice_is_first(page)
        border = page.run("return getComputedStyle(document.querySelector('.notice')).border")
        assert border.startswith("2px solid")
        assert page.violations(axe) == []
        page.screenshot(screenshots / f"embed-fa-russia-{'-'.join(features)}.png")


@pytest.mark.parametrize(("language", "said"), [("en", "This article was withdrawn"), ("uk", "Цю статтю відкликано")])
def test_what_was_withdrawn_says_so_and_nothing_else(
    reader: Reader,
    address: str,
    axe: str,
    editor: Callable[..., None],
    screenshots: Path,
    language: str,
    said: str,
) -> None:
    article = {
        "id": f"{language}-withdrawn-from-embeds",
        "language": language,
        "headline": "A headline that is no more",
        "status": "published",
        "body": [{"type": "paragraph", "html": "Text."}],
    }
    editor(article, withdraw=True)
    for place in PLACES:
        page = reader(f"{address}/embed/articles/{article['id']}", place)
        assert page.run("return document.querySelector('h1').innerText") == said
        assert "no more" not in page.text()
        for scheme in ("light", "dark"):
            with page.shown(320, features={"prefers-color-scheme": scheme}):
                assert page.run(FITS)
                assert page.violations(axe) == []
                page.screenshot(screenshots / f"embed-withdrawn-{language}-320-{scheme}.png")


def test_of_every_kind_of_block_everybody_can_read_each(
    reader: Reader,
    address: str,
    axe: str,
    editor: Callable[..., None],
    article: dict[str, Any],
    screenshots: Path,
) -> None:
    editor(article)
    page = reader(f"{address}/embed/articles/{article['id']}", "russia")
    levels = page.run(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((each) => Number(each.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert len(levels) == 7
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            with page.shown(width, features={"prefers-color-scheme": scheme}):
                assert page.run(FITS), (width, scheme)
                assert page.violations(axe) == [], (width, scheme)
                page.screenshot(screenshots / f"embed-everything-{width}-{scheme}.png")


def test_axe_sees_what_is_wrong(chrome: Chromium, embeds: dict[str, str], axe: str) -> None:
    chrome.get(embeds["en"])
    chrome.run("document.querySelector('main').replaceWith(...document.querySelector('main').childNodes)")
    chrome.run("document.querySelector('h1').outerHTML = '<h5>A heading</h5>'")
    found = chrome.violations(axe)
    assert any(each.startswith(("heading-order", "page-has-heading-one")) for each in found)
    assert any(each.startswith("landmark-one-main") for each in found)
