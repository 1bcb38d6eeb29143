"""The page that partner sites put in a frame: complete without a script, with nothing from anybody but the article's
own pictures and recordings. Small: compressed, it fits what TCP sends at once (RFC 6928: 14,600 bytes).
"""

from __future__ import annotations

import re
from html import escape
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from content_api.content.rendering import body_html, figure_html
from content_api.http.page_policy import hashed
from syndication.embeds.words import Words, date
from syndication.notices import as_html

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from syndication.notices import Notice

    type Json = dict[str, Any]

_STYLE = Path(__file__).with_name("embed.css").read_text(encoding="utf-8").strip()
# Says to the page around it how high this one is, and nothing else; embed.js listens.
_SCRIPT = (
    "(()=>{const e=document.documentElement,"
    "s=()=>parent.postMessage({type:'content-article',height:e.offsetHeight},'*');"
    "s();addEventListener('load',s);new ResizeObserver(s).observe(e)})()"
)
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")
_HEADING = re.compile(r"<(/?)h([2-4])\b")
_HEADS_NOTHING = re.compile(r"<th((?: [^<>]*)?)>\s*</th>")


def article_page(article: Json, due: list[Notice], *, public_url: str) -> str:
    """`article` is its public JSON, `due` the notices that stand before all of it."""
    language: str = article["language"]
    words = Words(language)
    own = f"{public_url}/embed/articles/{article['id']}"
    discovery = f"{public_url}/v1/oembed?url={quote(own, safe='')}"
    links = f'<link rel="alternate" type="application/json+oembed" href="{escape(discovery)}">'
    if article["url"]:
        links += f'<link rel="canonical" href="{escape(article["url"])}">'
    notice = ""
    if due:
        label = f'role="alert" aria-label="{words["notice"]}"'
        notice = f"<header><div {label}>{as_html(due, 'class="notice"')}</div></header>"
    body = (
        f'<a class="skip" href="#article" target="_self"{words.mark}>{words["skip"]}</a>{notice}'
        f'<main id="article" tabindex="-1"><article>{_article(article, words)}</article></main>'
        f"{_footer(article, words, due)}"
    )
    return page_of(body, language=language, direction=article["direction"], title=article["headline"], links=links)


def page_of(body: str, *, language: str, direction: str, title: str, links: str = "") -> str:
    """`body` and `links` are markup, `title` is text. Links open beside the partner's page and not in the frame."""
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        '<meta name="robots" content="noindex,noarchive"><meta name="color-scheme" content="light dark">'
        f'<base target="_blank">{links}<style>{_STYLE}</style></head>'
        f"<body>{body}<script>{_SCRIPT}</script></body></html>"
    )


def content_security_policy(article: Json | None = None) -> str:
    """No host but those of the article's pictures and recordings. Any page may frame it, a saved one too, so frame
    ancestors are not named.
    """
    hosts = " ".join(sorted(set(_origins(article)))) if article else ""
    media = f"img-src {hosts}; media-src {hosts}; " if hosts else ""
    return (
        f"default-src 'none'; {media}style-src {hashed(_STYLE)}; script-src {hashed(_SCRIPT)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _article(article: Json, words: Words) -> str:
    language: str = article["language"]
    parts = [f"<h1>{escape(article['headline'])}</h1>"]
    if article["standfirst"]:
        parts.append(f'<p class="standfirst">{escape(article["standfirst"])}</p>')
    parts.append(_about(article, words))
    if article["lead_image"]:
        parts.append(figure_html(article["lead_image"]))
    parts.append(_accessible(body_html(article["body"])))
    parts += [figure_html(each) for each in article["images"]]
    if article["corrections"]:
        listed = "".join(
            f"<li>{date(each['at'], language)}: {escape(each['text'])}</li>" for each in article["corrections"]
        )
        parts.append(f"<h2{words.mark}>{words['corrections']}</h2><ul>{listed}</ul>")
    if article["rights"]:
        parts.append(f"<p><small>{escape(article['rights'])}</small></p>")
    return "".join(parts)


def _about(article: Json, words: Words) -> str:
    """Who wrote it, where and when."""
    names = [_author(each) for each in article["byline"]]
    stated = [f"<span>{', '.join(names)}</span>"] if names else []
    dateline = article["dateline"]
    if dateline and dateline["place"]:
        stated.append(f"<span>{escape(dateline['place'])}</span>")
    if article["published_at"]:
        stated.append(f"<span>{date(article['published_at'], article['language'])}</span>")
    if article["updated_at"]:
        updated = date(article["updated_at"], article["language"])
        stated.append(f"<span><span{words.mark}>{words['updated']}</span> {updated}</span>")
    return f'<p class="about">{" · ".join(stated)}</p>' if stated else ""


def _author(author: Json) -> str:
    name = escape(author["name"])
    return f'<a href="{escape(author["url"])}" rel="author noopener">{name}</a>' if author["url"] else name


def _footer(article: Json, words: Words, due: list[Notice]) -> str:
    """A link to the article, and one to share it, which is left out where sharing is punished."""
    url: str | None = article["url"]
    if not url:
        return ""
    host = escape(re.split("[/?#]", url.partition("://")[2])[0])
    links = [f'<span{words.mark}>{words["read_at"]} <a href="{escape(url)}" rel="noopener">{host}</a></span>']
    restricted: set[str] = set(chain.from_iterable(each["restricted_actions"] for each in due))
    if "share" not in restricted:
        mail = f"mailto:?subject={quote(article['headline'])}&body={quote(url)}"
        links.append(f'<a href="{escape(mail)}"{words.mark}>{words["share"]}</a>')
    return f"<footer>{''.join(links)}</footer>"


def _accessible(markup: str) -> str:
    """Mends headings and tables for screen readers. A heading is at most one level deeper than the one before it, since
    listeners move from heading to heading; the page's own h1 is the first. An empty header cell becomes a plain cell.
    """
    level = 1
    opened: list[int] = []  # markup of others may put one into another

    def moved(found: re.Match[str]) -> str:
        nonlocal level
        if not found[1]:
            level = min(int(found[2]), level + 1)
            opened.append(level)
        return f"<{found[1]}h{opened.pop() if found[1] and opened else level}"

    return _HEADS_NOTHING.sub(r"<td\1></td>", _HEADING.sub(moved, markup))


def _origins(article: Json) -> Iterator[str]:
    """Of all that the page itself loads, as a policy can name them."""
    pictures = [article["lead_image"], *article["images"]]
    for block in article["body"]:
        if block["type"] in {"image", "audio", "video"}:
            pictures += [block, block.get("poster")]
    for picture in filter(None, pictures):
        for each in picture["renditions"]:
            if origin := _origin(each["url"]):
                yield origin


def _origin(url: str) -> str:
    """Empty for one that a policy cannot name."""
    scheme, _, rest = url.partition("://")
    authority = re.split(r"[/?#]", rest)[0].rpartition("@")[2].lower()
    try:
        origin = f"{scheme.lower()}://{authority.encode('idna').decode()}"
    except UnicodeError:
        return ""
    return origin if _ORIGIN.fullmatch(origin) else ""
