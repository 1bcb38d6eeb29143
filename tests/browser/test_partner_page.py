"""Embeds on partners' pages of another origin, with and against partners' own policies; and the page at /partner."""

import json
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha384
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import nh3
import pytest

from chromium import Chromium
from zone.packages import Package, fetched

ARTICLE = "en-2025-10-14-the-librarians-who-lend-seeds"
OTHER = "en-2025-10-28-night-trains-return-to-the-mountain-line"
WITHDRAWN = "en-2025-11-03-quiz-night-cancelled"
NOTICE = "RFE/RL has been declared"
GUIDE = Path(__file__).parents[2] / "docs" / "partners.md"
CHILD = '<a href="https://news.example.org/a">The Librarians</a>'
# What the element's frame is, from outside.
FRAME = "document.querySelector('content-article').shadowRoot?.querySelector('iframe')"
_DOMPURIFY = Package(
    name="dompurify",
    version="3.4.18",
    date="2026",
    integrity="sha512-ofe3wI/uNm68HInABYFJYqQxRw1EaKAjNdrFVKqjUY+UZurvNd2L/HuQe097s/4RivWiZyP6tT7aoT8atjfhwg==",
    files=("dist/purify.min.js",),
    about={},
)


_VIEWPORT = '<meta name="viewport" content="width=device-width,initial-scale=1">'


class Partner:
    """A site on another port, and so of another origin, whose pages are what a test says."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, headers = pages.get(self.path, ("", {}))
                self.send_response(200)
                for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def page(self, body: str, head: str = "", **headers: str) -> str:
        """The address of a page."""
        start = f'<!DOCTYPE html><html lang="en"><head>{_VIEWPORT}<title>A partner</title>'
        text = f"{start}{head}</head><body>{body}</body></html>"
        path = f"/{len(self.pages)}"
        self.pages[path] = (text, {name.replace("_", "-"): value for name, value in headers.items()})
        return f"http://127.0.0.1:{self.server.server_port}{path}"


@pytest.fixture(scope="module")
def partner() -> Iterator[Partner]:
    made = Partner()
    yield made
    made.server.shutdown()
    made.server.server_close()
    made.thread.join(5)


@pytest.fixture
def reader(chrome: Chromium, address: str) -> Iterator[Callable[[str], Chromium]]:
    """Places a reader: the gateway believes a cookie that only its own pages are sent."""

    def placed(place: str) -> Chromium:
        chrome.cdp("Network.setCookie", name="place", value=place, url=f"{address}/embed/", path="/embed/")
        return chrome

    chrome.complaints()
    yield placed
    chrome.cdp("Network.clearBrowserCookies")


def script(address: str, attributes: str = "") -> str:
    return f'<script type="module" src="{address}/embed.js" {attributes}></script>'


def element(address: str, article: str = ARTICLE, children: str = CHILD) -> str:
    return f'<content-article src="{address}/embed/articles/{article}">{children}</content-article>'


def frame_is_shown(page: Chromium) -> None:
    page.until(f"{FRAME}?.clientHeight > 400", "the frame has not grown")


def seen(page: Chromium) -> str:
    """What the element shows in place of the frame."""
    return str(
        page.run(
            "const root = document.querySelector('content-article').shadowRoot;"
            "return root ? [...root.querySelectorAll('[role=note]')].map((each) => each.innerText).join(' ') : ''"
        )
    )


def fallback_is_shown(page: Chromium) -> bool:
    return bool(page.run("return document.querySelector('content-article a').checkVisibility()"))


# ------------------------------------------------------------------------------------------------- the element


def pasted(tag: str, address: str) -> str:
    """What docs/partners.md tells partners to copy."""
    snippets: list[str] = re.findall(
        r"^```html\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    (found,) = [each for each in snippets if f"<{tag}" in each]
    return found.replace("https://content.example.org", address)


@pytest.mark.parametrize("place", ["Russia", "Lviv"])
def test_the_guides_frame_is_a_frame(
    reader: Callable[[str], Chromium], partner: Partner, address: str, place: str
) -> None:
    page = reader(place)
    page.get(partner.page(pasted("iframe", address)))
    page.driver.switch_to.frame(page.run("return document.querySelector('iframe')"))
    try:
        page.until("document.querySelector('h1')", "the frame is empty")
        assert (NOTICE in page.text()) == (place == "Russia")
    finally:
        page.driver.switch_to.default_content()


def test_the_guides_element_is_one(reader: Callable[[str], Chromium], partner: Partner, address: str) -> None:
    page = reader("Lviv")
    page.get(partner.page(pasted("content-article", address)))
    frame_is_shown(page)
    assert not fallback_is_shown(page)
    page.get(partner.page(pasted("content-article", address), Content_Security_Policy="frame-src 'none'"))
    page.until("document.querySelector('content-article').shadowRoot", "no element")
    assert NOTICE in seen(page)
    assert fallback_is_shown(page)


@pytest.mark.parametrize("place", ["Russia", "Lviv"])
def test_the_frame_is_as_high_as_the_article(
    reader: Callable[[str], Chromium], partner: Partner, address: str, place: str
) -> None:
    page = reader(place)
    page.get(partner.page(element(address) + "<p>After it</p>", script(address)))
    frame_is_shown(page)
    assert not fallback_is_shown(page)
    height = page.run(f"return {FRAME}.clientHeight")
    page.driver.switch_to.frame(page.run(f"return {FRAME}"))
    try:
        page.until(f"Math.abs(document.documentElement.offsetHeight - {height}) < 2", "it scrolls, or is too high")
        assert (NOTICE in page.text()) == (place == "Russia")
    finally:
        page.driver.switch_to.default_content()
    with page.shown(360):
        page.until(f"{FRAME}.clientHeight > {height}", "a narrow frame is not higher")


def test_it_is_loaded_when_the_reader_comes_near(
    reader: Callable[[str], Chromium], partner: Partner, address: str
) -> None:
    page = reader("Lviv")
    page.requests()
    page.get(partner.page(f'<div style="height: 30000px"></div>{element(address)}', script(address)))
    page.until("customElements.get('content-article')", "no element")
    page.until(f"{FRAME}", "no frame")
    assert not [url for url in page.requests() if "/embed/articles/" in url]
    page.run("document.querySelector('content-article').scrollIntoView()")
    frame_is_shown(page)


@pytest.mark.parametrize("fragment", ["#article", "#:~:text=seeds", "#article:~:text=seeds"])
@pytest.mark.parametrize("height", [240, 900])
@pytest.mark.parametrize("width", [280, 640])
def test_no_fragment_opens_a_frame_below_the_notice(
    reader: Callable[[str], Chromium], partner: Partner, address: str, fragment: str, height: int, width: int
) -> None:
    """A partner who writes the frame themselves may ask for any place in it: what is seen first is the notice's end,
    and no word of the article above it.
    """
    page = reader("Russia")
    source = f"{address}/embed/articles/{ARTICLE}{fragment}"
    page.get(partner.page(f'<iframe src="{source}" width="{width}" height="{height}"></iframe>'))
    page.driver.switch_to.frame(page.run("return document.querySelector('iframe')"))
    try:
        page.until("document.querySelector('h1') && document.readyState === 'complete'", "the frame is empty")
        page.run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        notice = page.run(
            "const {top, bottom} = document.querySelector('header').getBoundingClientRect(); return [top, bottom]"
        )
        text = page.run("return document.querySelector('main').getBoundingClientRect().top")
        inner = page.run("return innerHeight")
        assert notice[1] > 0, "the notice is above what is shown"
        assert min(notice[1], inner) - max(notice[0], 0) >= min(notice[1] - notice[0], inner) / 2
        assert text >= notice[1] - 1
    finally:
        page.driver.switch_to.default_content()


@pytest.mark.parametrize("policy", ["frame-src 'none'", "frame-src https://elsewhere.example.org"])
def test_where_the_frame_is_blocked_the_notice_and_the_link_are_shown(
    reader: Callable[[str], Chromium], partner: Partner, address: str, policy: str
) -> None:
    page = reader("Russia")
    page.get(partner.page(element(address), script(address), Content_Security_Policy=policy))
    page.until(f"{FRAME}", "no frame")
    page.until("document.querySelector('content-article a').checkVisibility()", "no link")
    assert NOTICE in seen(page)
    assert "нежелательной организацией" in seen(page)
    assert page.run(f"return {FRAME}.clientHeight") == 0


def test_without_children_the_link_is_to_the_page(
    reader: Callable[[str], Chromium], partner: Partner, address: str
) -> None:
    page = reader("Russia")
    page.get(partner.page(element(address, children=""), script(address), Content_Security_Policy="frame-src 'none'"))
    page.until(f"{FRAME}", "no frame")
    link = page.run("return document.querySelector('content-article').shadowRoot.querySelector('slot a').innerText")
    assert link == f"{address}/embed/articles/{ARTICLE}"


@pytest.mark.parametrize("kind", ['type="module"', "", "async"])
def test_the_partners_own_notice_is_not_said_twice(
    reader: Callable[[str], Chromium], partner: Partner, address: str, kind: str
) -> None:
    page = reader("Russia")
    own = f"<div data-legal-notice>{NOTICE}, says the partner.</div>{CHILD}"
    head = f'<script {kind} src="{address}/embed.js"></script>'
    page.get(partner.page(element(address, children=own), head, Content_Security_Policy="frame-src 'none'"))
    page.until(f"{FRAME}", "no frame")
    assert seen(page) == ""
    assert page.run("return document.querySelector('[data-legal-notice]').checkVisibility()")


def test_where_the_server_is_gone_the_notice_and_the_link_are_shown(
    reader: Callable[[str], Chromium], partner: Partner, address: str
) -> None:
    page = reader("Russia")
    gone = element("http://127.0.0.1:9")
    page.get(partner.page(gone, script(address)))
    page.until(f"{FRAME}", "no frame")
    assert NOTICE in seen(page)
    assert fallback_is_shown(page)


def test_what_was_withdrawn_shows_the_page_that_says_so(
    reader: Callable[[str], Chromium], partner: Partner, address: str
) -> None:
    page = reader("Russia")
    page.get(partner.page(element(address, WITHDRAWN), script(address)))
    page.until(f"{FRAME}?.clientHeight > 50", "no page")
    page.driver.switch_to.frame(page.run(f"return {FRAME}"))
    try:
        assert page.run("return document.querySelector('h1').innerText") == "This article was withdrawn"
    finally:
        page.driver.switch_to.default_content()


def test_it_works_where_the_partner_forbids_styles_and_all_scripts_but_ours(
    reader: Callable[[str], Chromium], partner: Partner, address: str
) -> None:
    page = reader("Russia")
    policy = f"default-src 'none'; script-src {address}; frame-src {address}"
    page.get(partner.page(element(address), script(address), Content_Security_Policy=policy))
    frame_is_shown(page)
    assert page.run(f"return {FRAME}.clientWidth > 600")


def test_where_the_partner_forbids_markup_from_scripts_what_stands_between_the_tags_stays(
    reader: Callable[[str], Chromium], partner: Partner, address: str
) -> None:
    page = reader("Russia")
    policy = "require-trusted-types-for 'script'"
    page.get(partner.page(element(address), script(address), Content_Security_Policy=policy))
    page.until("customElements.get('content-article')", "no element")
    assert fallback_is_shown(page)


@pytest.mark.parametrize("is_right", [True, False])
def test_a_pinned_script_runs_only_as_it_was_pinned(
    reader: Callable[[str], Chromium], partner: Partner, address: str, *, is_right: bool
) -> None:
    page = reader("Russia")
    with urlopen(f"{address}/embed.js", timeout=30) as answer:
        content: bytes = answer.read()
    digest = b64encode(sha384(content if is_right else content + b"\n").digest()).decode()
    pinned = script(address, f'integrity="sha384-{digest}" crossorigin="anonymous"')
    page.get(partner.page(element(address), pinned))
    if is_right:
        frame_is_shown(page)
    else:
        assert fallback_is_shown(page)
        assert not page.run("return !!customElements.get('content-article')")
        assert any("integrity" in each for each in page.complaints())
        # Chromium would refuse it to the next page, too, from its memory.
        page.get("about:blank")
        page.cdp("Network.clearBrowserCache")


def test_what_other_windows_say_is_not_heard(reader: Callable[[str], Chromium], partner: Partner, address: str) -> None:
    page = reader("Russia")
    posted = "parent.postMessage({type: 'content-article', height: 7777}, '*')"
    impostor = f'<iframe srcdoc="<script>{posted}</script>"></iframe>'
    blocked = {"Content_Security_Policy": f"frame-src {address}/nothing"}
    page.get(partner.page(element(address) + impostor, script(address), **blocked))
    page.until(f"{FRAME}", "no frame")
    page.run(f"{posted}; postMessage({{type: 'content-article', height: 7777}}, '*'); postMessage(null, '*')")
    page.run("return new Promise((done) => setTimeout(done, 300))")
    assert page.run(f"return {FRAME}.clientHeight") == 0
    assert NOTICE in seen(page)


def test_two_on_a_page_and_the_script_twice(reader: Callable[[str], Chromium], partner: Partner, address: str) -> None:
    page = reader("Lviv")
    twice = script(address) + f'<script src="{address}/embed.js"></script>'
    page.get(partner.page(element(address) + element(address, OTHER), twice))
    heights = (
        "[...document.querySelectorAll('content-article')]"
        ".map((each) => each.shadowRoot?.querySelector('iframe').clientHeight ?? 0)"
    )
    page.run("document.querySelectorAll('content-article')[1].scrollIntoView()")
    page.until(f"{heights}.every((each) => each > 400)", "one has not grown")
    assert len(set(page.run(f"return {heights}"))) == 2
    assert page.complaints() == []


# ---------------------------------------------------------------------------------------------------- oEmbed


def oembed(address: str, article: str = ARTICLE, more: str = "") -> dict[str, Any]:
    url = quote(f"{address}/embed/articles/{article}", safe="")
    with urlopen(f"{address}/v1/oembed?url={url}{more}", timeout=30) as answer:
        return json.load(answer)


@pytest.fixture(scope="session")
def newest(address: str) -> dict[str, str]:
    """By language, the id of an article."""
    found = {"en": ARTICLE}
    for language in ("ru", "uk", "fa"):
        with urlopen(f"{address}/v1/articles?language={language}&limit=1&fields=id", timeout=30) as answer:
            found[language] = json.load(answer)["articles"][0]["id"]
    return found


# What can be seen of an element from outside: what lies uppermost at its middle.
_UPPERMOST = (
    "const { left, top, width, height } = arguments[0].getBoundingClientRect();"
    "return document.elementFromPoint(left + width / 2, top + height / 2)?.tagName"
)


@pytest.mark.parametrize("width", [320, 700])
@pytest.mark.parametrize(("language", "place"), [("en", "Russia"), ("ru", "Russia"), ("fa", "Russia"), ("uk", "Lviv")])
def test_oembeds_frame_shows_the_notice_once_and_the_article_with_it(
    reader: Callable[[str], Chromium],
    partner: Partner,
    address: str,
    newest: dict[str, str],
    screenshots: Path,
    language: str,
    place: str,
    width: int,
) -> None:
    page = reader(place)
    made = oembed(address, newest[language])
    with page.shown(width, 2400):
        page.get(partner.page(made["html"]))
        assert page.run("return document.scrollingElement.scrollWidth <= window.innerWidth")
        notices = page.run("return [...document.querySelectorAll('blockquote > [data-legal-notice]')]")
        assert notices
        # Everything that stands under the frame is covered by it.
        assert {page.run(_UPPERMOST, each) for each in notices} == {"IFRAME"}
        box = page.run("return document.querySelector('.content-article').getBoundingClientRect().toJSON()")
        if width == 700:
            assert made["height"] * 0.75 <= box["height"] <= made["height"]
        page.driver.switch_to.frame(page.run("return document.querySelector('iframe')"))
        try:
            page.until("document.querySelector('h1')", "no article in the frame")
            shown = page.run("return document.querySelectorAll('[data-legal-notice]').length")
            assert (shown > 0) == (place == "Russia")
            # Of what the frame shows without scrolling, this much is the article's.
            seen = page.run("return innerHeight - document.querySelector('main').getBoundingClientRect().top")
            assert seen >= 200
        finally:
            page.driver.switch_to.default_content()
        page.screenshot(screenshots / f"oembed-{language}-{place.lower()}-{width}.png")


def test_nothing_sticks_out_beside_oembeds_frame_however_long_a_word_is(
    reader: Callable[[str], Chromium], partner: Partner, address: str
) -> None:
    made = oembed(address)
    long = "Donaudampfschifffahrtsgesellschaft" * 4
    page = reader("Russia")
    with page.shown(320):
        page.get(partner.page(made["html"].replace(made["title"], long)))
        assert page.run("return document.querySelector('blockquote').scrollWidth") <= 304
        assert page.run("return document.querySelector('iframe').clientWidth") <= 304
        assert page.run("return document.scrollingElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("bounds", [(640, 600), (320, 300), (200, 120), (1000, 1000)])
def test_oembeds_markup_keeps_its_bounds(
    reader: Callable[[str], Chromium], partner: Partner, address: str, bounds: tuple[int, int]
) -> None:
    page = reader("Russia")
    made = oembed(address, more=f"&maxwidth={bounds[0]}&maxheight={bounds[1]}")
    page.get(partner.page(made["html"]))
    box = page.run("return document.querySelector('.content-article').getBoundingClientRect().toJSON()")
    assert box["width"] <= made["width"] <= bounds[0]
    assert box["height"] <= made["height"] <= bounds[1]
    assert page.run("return document.scrollingElement.scrollWidth <= window.innerWidth")
    page.driver.switch_to.frame(page.run("return document.querySelector('iframe')"))
    try:
        page.until("document.querySelector('h1')", "no article in the frame")
        assert page.run("return document.querySelector('[data-legal-notice]').getBoundingClientRect().top < 20")
    finally:
        page.driver.switch_to.default_content()


@pytest.fixture(scope="session")
def purify() -> str:
    """The source of DOMPurify."""
    return fetched(_DOMPURIFY, Path(__file__).parents[2] / ".aws-sam" / "axe")["dist/purify.min.js"].read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("sanitiser", ["nh3", "DOMPurify"])
def test_a_partners_sanitiser_leaves_the_notice(
    reader: Callable[[str], Chromium],
    partner: Partner,
    address: str,
    purify: str,
    axe: str,
    screenshots: Path,
    sanitiser: str,
) -> None:
    page = reader("Russia")
    html: str = oembed(address)["html"]
    if sanitiser == "nh3":
        page.get(partner.page(f"<main><h1>A partner</h1>{nh3.clean(html)}</main>"))
    else:
        page.get(partner.page("<main><h1>A partner</h1><div id=here></div></main>"))
        page.run(purify)
        page.run("document.getElementById('here').innerHTML = DOMPurify.sanitize(arguments[0])", html)
    assert page.run("return document.querySelectorAll('iframe').length") == 0
    text = page.text()
    assert text.index(NOTICE) < text.index("нежелательной организацией") < text.index("The Librarians Who Lend Seeds")
    assert page.violations(axe) == []
    page.screenshot(screenshots / f"partner-static-fallback-{sanitiser.lower()}.png")


# ---------------------------------------------------------------------------------------------------- /partner

SHOWN = [
    ("Russia", "English", 1280, "light"),
    ("Lviv", "Ukrainian", 1280, "light"),
    ("Unknown", "Russian", 1280, "dark"),
    ("Russia", "Persian", 1280, "light"),
    ("Crimea", "Ukrainian", 320, "dark"),
    ("United States", "English", 320, "light"),
]


@pytest.mark.parametrize(("place", "language", "width", "scheme"), SHOWN)
def test_all_three_embeds_stand_beside_each_other(
    chrome: Chromium, address: str, axe: str, screenshots: Path, place: str, language: str, width: int, scheme: str
) -> None:
    with chrome.shown(width, 1400, features={"prefers-color-scheme": scheme}):
        chrome.complaints()
        chrome.get(f"{address}/partner?place={quote(place)}&language={language}")
        chrome.run("document.querySelector('content-article').scrollIntoView()")
        frame_is_shown(chrome)
        told: list[bool] = []
        for found in (
            "document.querySelector('section > iframe')",
            FRAME,
            "document.querySelector('.content-article iframe')",
        ):
            chrome.run(f"{found}.scrollIntoView()")
            chrome.driver.switch_to.frame(chrome.run(f"return {found}"))
            chrome.until("document.querySelector('h1')", "no article in the frame")
            told.append(bool(chrome.run("return !!document.querySelector('header [data-legal-notice]')")))
            chrome.driver.switch_to.default_content()
        assert told == [place in {"Russia", "Crimea", "Unknown"}] * 3
        assert chrome.run("return document.querySelectorAll('.content-article blockquote [data-legal-notice]').length")
        assert chrome.run("return document.scrollingElement.scrollWidth <= window.innerWidth")
        assert chrome.violations(axe) == []
        assert chrome.complaints() == []
        chrome.run("scrollTo(0, 0); document.querySelector('.content-article').scrollTo(0, 0)")
        name = f"partner-{place}-{language}-{width}-{scheme}".lower().replace(" ", "-")
        chrome.screenshot(screenshots / f"{name}.png", height=1400)
    chrome.cdp("Network.clearBrowserCookies")
