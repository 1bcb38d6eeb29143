"""The playground of `make run`, in a real Chromium."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

DUE = {
    "United States": False,
    "Lviv": False,
    "Crimea": True,
    "Russia": True,
    "Abroad behind a VPN": True,
    "Unknown": True,
}
QUESTIONS = ["The newest", "An article", "The front", "Breaking news", "Changes", "Notices due"]
WARNING = "undesirable organization"


@pytest.fixture
def page(browser: Chrome, address: str) -> Iterator[Chrome]:
    browser.set_window_size(1280, 900)  # pyright: ignore[reportUnknownMemberType] - selenium's types are partial
    browser.get(f"{address}/")
    status(browser, "The newest, United States: 200, no notice is due.")
    yield browser
    errors = [entry for entry in logged(browser) if entry["level"] == "SEVERE" and "favicon" not in entry["message"]]
    assert not errors


def logged(browser: Chrome) -> list[dict[str, Any]]:
    return browser.get_log("browser")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - selenium's types


def run(browser: Chrome, script: str, *arguments: object) -> Any:
    return browser.execute_script(script, *arguments)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - as above


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def text(browser: Chrome, name: str) -> str:
    return browser.find_element(By.ID, name).text


def status(browser: Chrome, expected: str) -> None:
    until(lambda: text(browser, "status") == expected, f"{text(browser, 'status')!r} is not {expected!r}")


def choose(browser: Chrome, *choices: str) -> None:
    for choice in choices:
        browser.find_element(By.CSS_SELECTOR, f'input[value="{choice}"]').click()
    answered(browser)


def answered(browser: Chrome) -> None:
    """What is shown answers what is chosen now, not what was chosen before."""
    until(lambda: not browser.find_elements(By.CSS_SELECTOR, "[aria-busy]"), "no answer")


@pytest.mark.parametrize("place", DUE)
def test_the_notice_is_shown_before_the_content_where_it_is_due(page: Chrome, place: str) -> None:
    choose(page, "An article", place)
    reason = "jurisdiction" if place in {"Crimea", "Russia"} else "unknown location"
    due = f"the notice is due ({reason})" if DUE[place] else "no notice is due"
    status(page, f"An article, {place}: 200, {due}.")
    assert (WARNING in text(page, "notice")) == DUE[place]
    assert (WARNING in text(page, "json")) == DUE[place]
    assert ("private, no-store, stale-if-error=0" in text(page, "headers")) == DUE[place]
    assert run(
        page,
        "return !!(document.getElementById('notice').compareDocumentPosition(document.getElementById('content')) & 4)",
    )
    assert text(page, "content")


def test_the_request_shown_is_the_one_that_was_made(page: Chrome, address: str) -> None:
    choose(page, "Crimea", "Ukrainian")
    status(page, "The newest, Crimea: 200, the notice is due (jurisdiction).")
    assert text(page, "request") == (
        f"curl -s '{address}/v1/articles?language=uk&limit=10' \\\n  -H 'CloudFront-Viewer-Country: UA' \\\n"
        "  -H 'CloudFront-Viewer-Country-Region: 43'"
    )


def test_persian_is_shown_from_right_to_left(page: Chrome) -> None:
    choose(page, "Persian")
    until(lambda: "لویو" in text(page, "content"), "no Persian headline")
    item = page.find_element(By.CSS_SELECTOR, "#content li")
    assert (item.get_dom_attribute("lang"), item.get_dom_attribute("dir")) == ("fa", "rtl")


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered(page: Chrome, question: str) -> None:
    choose(page, "Russia", question)
    status(page, f"{question}, Russia: 200, the notice is due (jurisdiction).")
    assert '"legal_notices"' in text(page, "json")


def test_the_keyboard_alone_is_enough(page: Chrome) -> None:
    def focused() -> str:
        return str(run(page, "return document.activeElement.value || document.activeElement.textContent"))

    def press(*keys: str) -> None:
        for key in keys:
            page.switch_to.active_element.send_keys(key)

    press(Keys.TAB)
    assert focused() == "Skip to the answer"
    press(Keys.TAB, Keys.TAB, Keys.TAB)
    assert focused() == "United States"
    press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert focused() == "Crimea"
    status(page, "The newest, Crimea: 200, the notice is due (jurisdiction).")
    press(Keys.TAB, Keys.ARROW_DOWN, Keys.TAB, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    status(page, "The front, Crimea: 200, the notice is due (jurisdiction).")
    assert run(page, "return getComputedStyle(document.activeElement).outlineStyle") == "solid"


def search(browser: Chrome, typed: str) -> None:
    field = browser.find_element(By.ID, "q")
    field.clear()
    field.send_keys(typed, Keys.ENTER)


@pytest.fixture
def searchable(page: Chrome, address: str) -> Chrome:
    """The index is made some seconds after the start."""
    for question in (
        "q=librarians&language=en",
        "q=%D0%B1%D0%B8%D0%B1%D0%BB%D0%B8%D0%BE%D1%82%D0%B5%D0%BA%D0%B0&language=ru",
    ):
        until(lambda question=question: asked(f"{address}/v1/search?{question}"), "no index")
    return page


def asked(url: str) -> bool:
    with suppress(HTTPError), urlopen(Request(url, headers={"CloudFront-Viewer-Country": "US"}), timeout=10) as answer:
        return bool(json.load(answer)["articles"])
    return False


def test_search_suggests_marks_narrows_and_asks_what_was_meant(searchable: Chrome) -> None:
    page = searchable
    page.find_element(By.ID, "q").send_keys("librar")
    options = "return [...document.querySelectorAll('#suggested option')].map((each) => each.value)"
    until(lambda: "librarians" in run(page, options), "no suggestion")
    choose(page, "Russia")
    search(page, "liberrians seeds")
    status(page, "Search, Russia: 200, the notice is due (jurisdiction).")
    assert WARNING in text(page, "notice")
    page.find_element(By.XPATH, "//button[.='librarians seeds']").click()
    until(lambda: "Librarians Who Lend Seeds" in text(page, "content"), "nothing found")
    marks = "return [...document.querySelectorAll('#content li:first-of-type mark')].map((each) => each.textContent)"
    assert {"Librarians", "Seeds"} <= set(run(page, marks))
    # Samples are as old as the day of the start has them.
    button = page.find_element(By.XPATH, "//p[starts-with(., 'year:')]/button")
    year = button.text.partition(" ")[0]
    button.click()
    until(lambda: f"from={year}-01-01&to={year}-12-31" in text(page, "request"), "not narrowed")
    answered(page)
    page.find_element(By.XPATH, f"//button[.='{year} ×']").click()
    until(lambda: "from=" not in text(page, "request"), "still narrowed")
    choose(page, "The front")
    status(page, "The front, Russia: 200, the notice is due (jurisdiction).")


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_what_was_found(searchable: Chrome, axe: str, width: int, tmp_path: Path) -> None:
    page = searchable
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)  # pyright: ignore[reportUnknownMemberType] - selenium's types
    try:
        for typed in ("librarians", "liberrians"):
            search(page, typed)
            until(lambda typed=typed: f"q={typed}" in text(page, "request"), "nothing shown")
            answered(page)
            page.save_screenshot(str(tmp_path / f"{typed}-{width}.png"))  # pyright: ignore[reportUnknownMemberType] - as above
            assert run(page, "return document.scrollingElement.scrollWidth <= window.innerWidth"), typed
            run(page, axe)
            assert violations(page) == [], typed
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})  # pyright: ignore[reportUnknownMemberType] - as above


def test_nothing_comes_from_another_host(page: Chrome, address: str) -> None:
    for question in QUESTIONS:
        choose(page, question)
        until(lambda question=question: text(page, "status").startswith(question), question)
    asked = run(page, "return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert len(asked) >= len(QUESTIONS)
    assert all(str(url).startswith(f"{address}/") for url in asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Chrome, axe: str, scheme: str, width: int, tmp_path: Path
) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)  # pyright: ignore[reportUnknownMemberType] - selenium's types
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})  # pyright: ignore[reportUnknownMemberType] - as above
    try:
        choose(page, "Crimea", "Persian")
        for question in QUESTIONS:
            choose(page, question)
            status(page, f"{question}, Crimea: 200, the notice is due (jurisdiction).")
            assert run(page, "return document.scrollingElement.scrollWidth <= window.innerWidth"), question
            run(page, axe)
            assert violations(page) == [], question
        page.save_screenshot(str(tmp_path / f"{scheme}-{width}.png"))  # pyright: ignore[reportUnknownMemberType] - as above
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})  # pyright: ignore[reportUnknownMemberType] - as above
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})  # pyright: ignore[reportUnknownMemberType] - as above


def violations(browser: Chrome) -> list[str]:
    found = browser.execute_async_script(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - as above
        "axe.run().then((result) => arguments[0](result.violations.map("
        "(each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)))"
    )
    return [str(each) for each in found]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - as above


def test_axe_finds_what_is_wrong(page: Chrome, axe: str) -> None:
    run(page, "document.getElementById('choices').prepend(document.createElement('input'))")
    run(page, axe)
    assert any(each.startswith("label:") for each in violations(page))


def test_the_documentation_is_for_everybody_too(browser: Chrome, address: str, axe: str) -> None:
    browser.get(f"{address}/v1/docs#invalid-parameters")
    assert run(browser, "return document.activeElement === document.body")
    assert run(browser, "return document.getElementById('invalid-parameters').getBoundingClientRect().top < 900")
    run(browser, axe)
    assert violations(browser) == []
    assert run(browser, "return document.scrollingElement.scrollWidth <= window.innerWidth")
