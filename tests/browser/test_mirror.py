"""A copy of the mirror on a disk, as a reader without a network and without scripts opens it: from the page of
languages to a front, and on to an article, with the notice first on each.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from chromium import Chromium, wait_for
from content_api.names.mirror_paths import MANIFEST
from newsdesk.mirrors import NoMirror, Site, export

LANGUAGES = {"en": "ltr", "ru": "ltr", "fa": "rtl"}


@pytest.fixture(scope="module")
def copy(address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site, folder = Site(f"{address}/mirror/"), tmp_path_factory.mktemp("copy") / "mirror"

    def is_whole() -> bool:
        try:
            list(export(site, folder))
        except NoMirror:
            return False
        return (folder / MANIFEST).exists() and not list(export(site, folder))

    wait_for(is_whole, "the mirror")
    return folder


@pytest.fixture
def cut_off(chrome: Chromium) -> Iterator[webdriver.Chrome]:
    """The browser without scripts and without a network."""
    offline = {"latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    chrome.cdp("Network.enable")
    chrome.cdp("Network.emulateNetworkConditions", offline=True, **offline)
    chrome.cdp("Emulation.setScriptExecutionDisabled", value=True)
    yield chrome.driver
    chrome.cdp("Emulation.setScriptExecutionDisabled", value=False)
    chrome.cdp("Network.emulateNetworkConditions", offline=False, **(offline | {"downloadThroughput": -1}))


def check(browser: webdriver.Chrome, direction: str) -> None:
    """The notice is the first thing on the page, and can be seen."""
    notice = browser.find_element(By.CSS_SELECTOR, "[data-legal-notice]")
    heading = browser.find_element(By.TAG_NAME, "h1")
    assert notice.is_displayed()
    assert _top(notice) < _top(heading)
    text = browser.find_element(By.TAG_NAME, "body").text
    assert text.strip().startswith(notice.text.strip()[:40])
    assert browser.find_element(By.CSS_SELECTOR, f"html[dir={direction}]")


def _top(element: WebElement) -> int:
    return int(element.location["y"])  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - types are partial


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_cut_off_reads_fronts_and_articles_with_the_notice_first(
    chrome: Chromium, cut_off: webdriver.Chrome, copy: Path, language: str, screenshots: Path
) -> None:
    direction = LANGUAGES[language]
    chrome.complaints()
    chrome.requests()
    cut_off.get((copy / "index.html").as_uri())
    check(cut_off, "ltr")
    cut_off.find_element(By.CSS_SELECTOR, f'a[lang="{language}"]').click()
    check(cut_off, direction)
    chrome.screenshot(screenshots / f"mirror-front-{language}.png", height=900)
    first = cut_off.find_element(By.CSS_SELECTOR, "main a")
    headline = first.text
    first.click()
    check(cut_off, direction)
    assert cut_off.find_element(By.TAG_NAME, "h1").text == headline
    assert len(cut_off.find_element(By.TAG_NAME, "main").text) > 300
    for picture in cut_off.find_elements(By.TAG_NAME, "img"):
        assert picture.is_displayed()
    chrome.screenshot(screenshots / f"mirror-article-{language}.png", height=900)
    for name in ("archive.html", "sections.html", "about.html"):
        cut_off.find_element(By.CSS_SELECTOR, f'footer a[href$="{name}"]').click()
        check(cut_off, "ltr" if name == "about.html" else direction)
        cut_off.back()
    assert chrome.requests() == []
    assert chrome.complaints() == []  # of a picture that is not there, too
