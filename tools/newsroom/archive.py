"""Makes files of an archive: good ones in each format and encoding that can be imported, and damaged ones."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import cycle

import newsroom
from content_api.content.article import Article, Paragraph


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """`name` is a path under `incoming/`."""

    name: str
    content: bytes
    is_good: bool = True


def good_files(count: int) -> Iterator[ArchiveFile]:
    """Files with a different article in each."""
    makers = cycle([_json, _html, _rss, _text])
    for article, make in zip(newsroom.articles(count), makers, strict=False):
        yield make(article)


def damaged_files(count: int) -> Iterator[ArchiveFile]:
    """Files with each of the damages that archives have."""
    damages = cycle(_DAMAGES.items())
    for number, article in enumerate(newsroom.articles(count)):
        name, damage = next(damages)
        content = damage(_html(article).content, _json(article).content)
        yield ArchiveFile(f"{article.language}/damaged/{number}-{name}", content, is_good=False)


def _json(article: Article) -> ArchiveFile:
    content = article.model_dump_json().encode()
    return ArchiveFile(f"{article.language}/json/{article.id}.json", content)


def _html(article: Article) -> ArchiveFile:
    described = {
        "@type": "NewsArticle",
        "headline": article.headline,
        "datePublished": article.published_at.isoformat() if article.published_at else "",
        "author": [{"@type": "Person", "name": each.name} for each in article.byline],
        "articleSection": article.section,
    }
    url = f"https://archive.example.org/{article.id}"
    page = (
        f'<!doctype html><html lang="{article.language}"><head><meta charset="utf-8">'
        f'<link rel="canonical" href="{url}">'
        f'<title>{escape(article.headline)}</title><script type="application/ld+json">{json.dumps(described)}</script>'
        f'</head><body><nav><a href="/">News</a></nav><article><h1>{escape(article.headline)}</h1>'
        f"{''.join(f'<p>{each}</p>' for each in _paragraphs(article))}</article><footer>Contact</footer></body></html>"
    )
    name = f"{article.language}/html/{article.id}.html"
    return ArchiveFile(name, page.encode())


def _rss(article: Article) -> ArchiveFile:
    body = "".join(f"<p>{each}</p>" for each in _paragraphs(article))
    feed = (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>News</title><language>{article.language}</language><item><title>{escape(article.headline)}</title>"
        f"<link>https://feed.example.org/{article.id}</link>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item></channel></rss>"
    )
    name = f"{article.language}/rss/{article.id}.xml"
    return ArchiveFile(name, feed.encode())


def _text(article: Article) -> ArchiveFile:
    """A page of text. Every other Cyrillic one has an old encoding, as in archives."""
    mark = article.id.rpartition("-")[2]
    page = "\n\n".join([f"{article.headline} ({mark})", *(unescape(_bare(each)) for each in _paragraphs(article))])
    encoding = "windows-1251" if article.language in {"ru", "uk"} and int(mark) % 2 else "utf-8"
    name = f"{article.language}/text/{article.id}.txt"
    return ArchiveFile(name, page.encode(encoding, errors="replace"))


def _paragraphs(article: Article) -> list[str]:
    return [block.html for block in article.body if isinstance(block, Paragraph)]


def _bare(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", markup)


_DAMAGES: dict[str, Callable[[bytes, bytes], bytes]] = {
    "empty.html": lambda _page, _json: b"",
    "cut.json": lambda _page, stated: stated[: len(stated) // 2],
    "misspelt.json": lambda _page, stated: stated.replace(b'"headline"', b'"headlnie"', 1),
    "bodiless.json": lambda _page, stated: re.sub(rb'"body":\[.*?\}\]', b'"body":[]', stated),
    "packed.html.gz": lambda page, _json: gzip.compress(page, mtime=0),
    "scanned.pdf": lambda page, _json: b"%PDF-1.4\n" + page,
    "zeros.html": lambda page, _json: page[:200] + b"\0" * 50 + page[200:],
    "no-text.html": lambda page, _json: re.sub(
        rb"<article>.*</article>", b"<article></article>", page, flags=re.DOTALL
    ),
    "deep.json": lambda _page, _json: b"[" * 50_000,
    "noise.txt": lambda page, _json: (
        bytes((each * 7 + at) % 256 for at, each in enumerate(page[:500])) + b"\xff\xfe\x00"
    ),
    "summary.xml": lambda _page, _json: (
        b"<rss version='2.0'><channel><item><title>A</title><description>B</description></item></channel></rss>"
    ),
    "no-feed.xml": lambda _page, _json: b"<?xml version='1.0'?><feed><!DOCTYPE a></feed>",
}
