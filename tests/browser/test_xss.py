"""Nothing that an article says is ever run: families of what has been tried on others' sanitisers (as OWASP's and
DOMPurify's lists have them, written anew), through every way in and every way out, in a browser whose
Content-Security-Policy is switched off.
"""

import json
from collections.abc import Callable, Iterator
from html import escape
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pytest
from pydantic import ValidationError
from selenium.common.exceptions import WebDriverException

from chromium import Chromium
from content_api.content.article import Article
from importing.files import articles_in

FAMILIES: dict[str, list[str]] = json.loads(Path(__file__).with_name("xss.json").read_text(encoding="utf-8"))
SENTENCES = "The bridge was opened on Monday after eleven years of work. Thousands walked across it in the rain. " * 3
_LONGEST = 450  # characters, with what stands beside it, of a short text
_numbers = count(1)

# Runs in each document before anything else: what a payload could call is noted.
TRAP = """
window.ran = [];
for (const name of ['alert', 'prompt', 'confirm', 'print', 'canary', 'open'])
  Object.defineProperty(window, name, { value: () => { window.ran.push(name); return null; }, configurable: false });
"""
# Does to every element what a reader may. A link to another page is not followed; any other is.
TOUCH = """
const names = ('pointerover pointerenter mouseover mouseenter mousemove mousedown mouseup focus focusin blur keydown ' +
  'keyup input change contextmenu auxclick dblclick wheel toggle animationstart animationend play load error ' +
  'scroll copy paste touchstart transitionend begin').split(' ');
const stay = (event) => {
  const link = event.target.closest?.('a, area');
  const leads = link && !/^(https?|mailto|tel):$/.test(link.protocol) && link.protocol !== location.protocol;
  if (!leads) event.preventDefault();
};
addEventListener('click', stay, true);
for (const element of document.querySelectorAll('*')) {
  for (const name of names) element.dispatchEvent(new Event(name, { bubbles: false, cancelable: true }));
  element.focus?.();
  element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
}
removeEventListener('click', stay, true);
return new Promise((done) => setTimeout(() => done(window.ran), 30));
"""
# What must not be there, even if it has not run.
FOUND = """
const suspect = [...document.querySelectorAll('*')].filter((each) =>
  [...each.attributes].some(({ name }) => name.startsWith('on') || name === 'srcdoc' || name === 'ping') ||
  ['a', 'area'].includes(each.localName) && each.hasAttribute('href') &&
    !/^(https?|mailto|tel):$/.test(each.protocol) && each.protocol !== location.protocol);
return suspect.map((each) => each.outerHTML.slice(0, 200));
"""


@pytest.fixture(scope="module")
def trapped(chrome: Chromium) -> Iterator[Chromium]:
    chrome.cdp("Page.enable")
    chrome.cdp("Page.setBypassCSP", enabled=True)
    trap = chrome.cdp("Page.addScriptToEvaluateOnNewDocument", source=TRAP)
    yield chrome
    chrome.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=trap["identifier"])
    chrome.cdp("Page.setBypassCSP", enabled=False)
    chrome.complaints()


def pictures_of(article: Article) -> frozenset[str]:
    """The addresses of an article's own pictures, which load by themselves as they should."""
    blocks = [each for each in article.body if each.type == "image"]
    images = [*([article.lead_image] if article.lead_image else []), *article.images, *blocks]
    return frozenset(str(rendition.url) for each in images for rendition in each.renditions)


def suspicions(page: Chromium, url: str, pictures: frozenset[str] = frozenset()) -> list[str]:
    """What happened on a page that must not happen."""
    page.requests()
    page.get(url)
    try:
        noted = [*page.run(TOUCH), *page.run(FOUND)]
    except WebDriverException:  # the page was left
        noted = ["the page was left"]
    foreign = [asked for asked in page.requests() if "canary" in (urlsplit(asked).hostname or "")]
    noted += [asked for asked in foreign if asked not in pictures]
    at = page.run("return [location.href, document.baseURI]")
    return noted + [each for each in at if each.partition("#")[0] != url]


@pytest.mark.parametrize(
    "html",
    [
        "<script>canary()</script>",
        "<img src=nowhere onerror=canary()>",
        '<a href="javascript:canary()">a</a>',
        "<p onmouseover=canary()>p</p>",
        "<svg onload=alert(1)></svg>",
        "<img src=https://canary.example/a.png>",
        '<base href="https://canary.example/">',
        '<meta http-equiv=refresh content="0;url=https://canary.example/">',
        '<iframe srcdoc="<script>parent.canary()</script>"></iframe>',
        '<details open ontoggle="canary()">d</details>',
    ],
)
def test_the_trap_catches_what_runs(trapped: Chromium, tmp_path: Path, html: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><title>A page</title>{html}", encoding="utf-8")
    assert suspicions(trapped, page.as_uri())


# ------------------------------------------------------------------------------------------------------- ways in


def chunks(payloads: list[str]) -> Iterator[list[str]]:
    """So many that they fit in one headline: of a payload that takes in what follows it, the next chunk is free."""
    chunk: list[str] = []
    for payload in payloads:
        if chunk and len(" ".join([*chunk, payload])) > _LONGEST:
            yield chunk
            chunk = []
        chunk.append(payload)
    yield chunk


def by_editors(payloads: list[str]) -> Iterator[Article]:
    """All in every text of an article, and each in every kind of markup."""
    text = _printable(" ".join(payloads))
    rendition = {"url": "http://127.0.0.1:9/a.webp", "media_type": f"image/webp {text}", "width": 9, "height": 9}
    picture = {"alt": text, "caption": text, "credit": text, "renditions": [rendition]}
    blocks: list[dict[str, Any]] = [
        {"type": "heading", "text": text},
        {"type": "image", **picture},
        {"type": "audio", "title": text, "renditions": [rendition]},
        {"type": "video", "title": text, "renditions": [rendition], "poster": picture},
        {"type": "embed", "url": "https://ok.example/", "title": text, "provider": text},
        {"type": "promotion", "name": text, "description": text},
    ]
    for payload in payloads:
        blocks += [
            {"type": "paragraph", "html": f"A {payload}"},
            {"type": "quote", "html": f"A {payload}", "attribution": text},
            {"type": "list", "items": [f"A {payload}"]},
            {"type": "html", "html": f"<p>A {payload}"},
        ]
    yield from _valid(
        {
            "headline": text,
            "standfirst": text,
            "byline": [{"name": text}],
            "dateline": {"place": text, "agency": text},
            "section": text,
            "tags": [text],
            "rights": text,
            "corrections": [{"at": "2025-11-20T08:00:00Z", "text": text}],
            "lead_image": picture,
            "images": [picture],
            "body": [each for each in blocks if any(_valid({"body": [each]}))],
        }
    )


def by_editors_as_addresses(payloads: list[str]) -> Iterator[Article]:
    """Each wherever an article has an address, but for those that are refused since they are none."""
    for payload in payloads:
        rendition = {"url": payload, "media_type": "image/webp", "width": 9, "height": 9}
        yield from _valid(
            {
                "url": payload,
                "byline": [{"name": "A", "url": payload}],
                "lead_image": {"alt": "A", "renditions": [rendition, rendition | {"width": 20}]},
                "body": [
                    {"type": "embed", "url": payload},
                    {"type": "promotion", "name": "A", "url": payload},
                    {"type": "video", "renditions": [rendition], "poster": {"alt": "A", "renditions": [rendition]}},
                    {"type": "audio", "renditions": [rendition]},
                ],
            }
        )


def _printable(text: str) -> str:
    """Without control characters, which texts are refused for."""
    return "".join(each for each in text if each >= " " and each != "\x7f")


def _valid(fields: dict[str, Any]) -> Iterator[Article]:
    whole = {"id": "x", "language": "en", "headline": "A headline", "body": [{"type": "paragraph", "html": SENTENCES}]}
    try:
        yield Article.model_validate(whole | fields)
    except ValidationError:
        return


def as_json(payloads: list[str]) -> bytes:
    (article,) = by_editors(payloads)
    return json.dumps(article.model_dump(mode="json")).encode()


def as_page(payloads: list[str]) -> bytes:
    body = "".join(f"<p>{SENTENCES} {each}</p>" for each in payloads)
    first = escape(payloads[0])
    figure = (
        f'<figure><img src="https://ok.example/a.png" alt="{first}"><figcaption>{payloads[0]}</figcaption></figure>'
    )
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{first}</title><meta name=author content='{first}'></head><body>"
        f"<article><h1>A headline {first}</h1>{figure}{body}</article></body></html>"
    ).encode("utf-8", "surrogatepass")


def as_linked_data(payloads: list[str]) -> bytes:
    stated = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": f"A headline {payloads[0]}",
        "description": payloads[0],
        "author": [{"@type": "Person", "name": payloads[0], "url": payloads[-1]}],
        "articleSection": payloads[0],
        "image": [{"@type": "ImageObject", "url": "https://ok.example/a.png", "caption": payloads[0]}],
        "articleBody": "\n\n".join(f"{SENTENCES} {each}" for each in payloads),
        "inLanguage": "en",
        "url": "https://ok.example/page",
    }
    data = json.dumps(stated).replace("</", "<\\/")
    body = "".join(f"<p>{SENTENCES} {each}</p>" for each in payloads)
    return (
        f'<!DOCTYPE html><html lang=en><head><script type="application/ld+json">{data}</script></head><body>'
        f"<article><h1>A headline</h1>{body}</article></body></html>"
    ).encode("utf-8", "surrogatepass")


def as_rss(payloads: list[str]) -> bytes:
    text, content = _xml(" ".join(payloads)), _xml("".join(f"<p>{SENTENCES} {each}</p>" for each in payloads))
    item = (
        f"<item><title>A headline {text}</title><link>https://ok.example/rss</link><author>{text}</author>"
        f"<category>{text}</category><description>{text}</description><content:encoded>{content}</content:encoded></item>"
    )
    namespace = "http://purl.org/rss/1.0/modules/content/"
    channel = f"<channel><language>en</language>{item}</channel>"
    return f'<rss version="2.0" xmlns:content="{namespace}">{channel}</rss>'.encode()


def as_atom(payloads: list[str]) -> bytes:
    text, content = _xml(" ".join(payloads)), _xml("".join(f"<p>{SENTENCES} {each}</p>" for each in payloads))
    entry = (
        f'<entry><title type="html">A headline {text}</title><id>urn:a</id><updated>2025-11-20T08:00:00Z</updated>'
        f'<author><name>{text}</name></author><link href="https://ok.example/atom"/>'
        f'<summary type="html">{text}</summary>'
        f'<content type="html">{content}</content></entry>'
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">{entry}</feed>'.encode()


def as_text(payloads: list[str]) -> bytes:
    body = "\n\n".join(f"{SENTENCES} {each}" for each in payloads)
    return f"A Headline {payloads[0]}\n\nPRAGUE, April 3, 2006 (RFE/RL) -- {body}\n".encode("utf-8", "surrogatepass")


def _xml(text: str) -> str:
    """Escaped, without what XML has no place for."""
    return escape("".join(each for each in text if each in "\t\n\r" or " " <= each < "\ud800" or each > "\udfff"))


FILES: dict[str, Callable[[list[str]], bytes]] = {
    "JSON": as_json, "HTML": as_page, "JSON-LD": as_linked_data, "RSS": as_rss, "Atom": as_atom, "text": as_text,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------ ways out


PAGES = {f"https://ok.example/{name}" for name in ("page", "rss", "atom")}


def _handed_in(address: str, article: Article) -> str | None:
    """Its id here; none where it is refused, as what is no text or no address is."""
    article_id = f"en-tried-{next(_numbers)}"
    fields = article.model_dump(mode="json", exclude={"id", "translations", "aliases"})
    if fields["url"] in PAGES:
        fields["url"] = None  # an address is one article's
    fields["section"] = article_id  # whose feed has this article alone
    asked = Request(
        f"{address}/v1/editorial/articles/{article_id}",
        json.dumps(fields | {"status": "published"}).encode(),
        {"Content-Type": "application/json", "If-None-Match": "*"},
        method="PUT",
    )
    try:
        with urlopen(asked, timeout=30):
            return article_id
    except HTTPError as refused:
        if refused.code not in {400, 409}:  # an address is one article's
            raise
        return None


def _json(url: str) -> dict[str, Any]:
    with urlopen(url, timeout=30) as answer:
        return json.load(answer)


def fragments(address: str, article_id: str) -> dict[str, str]:
    """Markup that partners and apps put into pages of their own."""
    url = quote(f"{address}/embed/articles/{article_id}", safe="")
    return {
        "body=html": _json(f"{address}/v1/articles/{article_id}?body=html")["html"],
        "oEmbed": _json(f"{address}/v1/oembed?url={url}")["html"],
        "feed": _json(f"{address}/feeds/en/{article_id}.json")["items"][0]["content_html"],
        "feed of summaries": _json(f"{address}/feeds/en/{article_id}.json?content=summary")["items"][0]["content_html"],
    }


def check(trapped: Chromium, address: str, article: Article, folder: Path) -> int:
    """1 for an article that was taken."""
    article_id = _handed_in(address, article)
    if article_id is None:
        return 0
    pictures = pictures_of(article)
    assert suspicions(trapped, f"{address}/embed/articles/{article_id}", pictures) == [], article
    shown = fragments(address, article_id)
    # The frame of oEmbed is the page that was just looked at.
    parts = "".join(f"<section>{html}<hr></section>" for html in shown.values()).replace("<iframe", "<iframe hidden")
    page = folder / f"{article_id}.html"
    page.write_text(f'<!DOCTYPE html><meta charset="utf-8"><title>A</title>{parts}', encoding="utf-8")
    assert suspicions(trapped, page.as_uri(), pictures) == [], article
    # None takes in what follows it.
    assert trapped.run("return document.querySelectorAll('body > section > hr:last-child').length") == len(shown)
    # Nor is what an article brings taken for anything of ours.
    assert trapped.run("return document.querySelectorAll('section [id], section [name]').length") == 0
    return 1


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_that_editors_hand_in_is_run(trapped: Chromium, address: str, tmp_path: Path, family: str) -> None:
    for chunk in chunks(FAMILIES[family]):
        (article,) = by_editors(chunk)
        assert check(trapped, address, article, tmp_path)


@pytest.mark.parametrize("family", ["bare addresses", "breaking out of an attribute"])
def test_no_address_is_run(trapped: Chromium, address: str, tmp_path: Path, family: str) -> None:
    payloads = [each if family == "bare addresses" else f"https://ok.example/{each}" for each in FAMILIES[family]]
    assert sum(check(trapped, address, each, tmp_path) for each in by_editors_as_addresses(payloads)) >= 5


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_that_files_bring_is_run(
    trapped: Chromium, address: str, tmp_path: Path, family: str, kind: str
) -> None:
    for chunk in chunks(FAMILIES[family]):
        found = articles_in(FILES[kind](chunk), language="en")
        assert found.articles or found.refused
        for each in found.articles:
            check(trapped, address, each, tmp_path)
