"""An article as a page: the one that partner sites put in a frame, and the preview of a draft. It is complete without
its script, and loads nothing but the article's pictures and recordings. It is small: compressed, it fits into what TCP
sends at once (RFC 6928: 14,600 bytes).
"""

from __future__ import annotations

import re
from html import escape
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from content_api.content.headings import accessible
from content_api.content.rendering import body_html, figure_html
from content_api.content.words import Words
from content_api.http.page_policy import hashed
from content_api.reader_api.page_notices import as_html

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from content_api.reader_api.page_notices import Notice

    type Json = dict[str, Any]

AUTO = "auto"
# By the look that a partner asks for, what `color-scheme` says (CSS Color Adjustment, section 2).
THEMES = {AUTO: "light dark", "light": "light", "dark": "dark"}
_STYLE = Path(__file__).with_name("article_page.css").read_text(encoding="utf-8").strip()
# Tells the page around the frame how high this page is, and nothing else. embed.js listens.
_SCRIPT = (
    "(()=>{const e=document.documentElement,"
    "s=()=>parent.postMessage({type:'content-article',height:e.offsetHeight},'*');"
    "s();addEventListener('load',s);new ResizeObserver(s).observe(e)})()"
)
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")


def article_page(article: Json, due: list[Notice], *, public_url: str, theme: str = AUTO) -> str:
    """The whole page. `article` is the article's public JSON. `due` are the notices, which come before all of it."""
    own = f"{public_url}/embed/articles/{article['id']}"
    discovery = f"{public_url}/v1/oembed?url={quote(own, safe='')}"
    links = f'<link rel="alternate" type="application/json+oembed" href="{escape(discovery)}">'
    if article["url"]:
        links += f'<link rel="canonical" href="{escape(article["url"])}">'
    words = Words(article["language"])
    return _page(article, due, words, footer=_footer(article, words, due), theme=theme, links=links)


def preview_page(article: Json, due: list[Notice]) -> str:
    """The page of what is not published: it says so first, and leads nowhere."""
    words = Words(article["language"])
    return _page(article, due, words, banner=f'<p class="preview"{words.mark}>{words["preview"]}</p>')


def _page(  # noqa: PLR0913 - the parts of a page
    article: Json,
    due: list[Notice],
    words: Words,
    *,
    banner: str = "",
    footer: str = "",
    theme: str = AUTO,
    links: str = "",
) -> str:
    notice = ""
    if due:
        label = f'role="alert" aria-label="{words["notice"]}"'
        beside = ' class="beside"' if _fill_a_row(due) else ""
        notice = f"<header><div {label}{beside}>{as_html(due, 'class="notice"')}</div></header>"
    body = (
        f'<a class="skip" href="#article" target="_self"{words.mark}>{words["skip"]}</a>{banner}{notice}'
        f'<main id="article" tabindex="-1"><article>{_article(article, words)}</article></main>'
        f"{footer}"
    )
    title = escape(article["headline"])
    language: str = article["language"]
    return page_of(body, language=language, direction=article["direction"], title=title, theme=theme, links=links)


def page_of(body: str, *, language: str, direction: str, title: str, theme: str, links: str = "") -> str:
    """A page in the look of embeds. `body`, `title` and `links` are markup. Links open in a new tab, not here."""
    shown = "" if theme == AUTO else f' data-theme="{theme}"'
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}" dir="{direction}"{shown}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
        f'<meta name="robots" content="noindex,noarchive"><meta name="color-scheme" content="{THEMES[theme]}">'
        f'<base target="_blank">{links}<style>{_STYLE}</style></head>'
        f"<body>{body}<script>{_SCRIPT}</script></body></html>"
    )


def content_security_policy(article: Json | None = None) -> str:
    """Allows no hosts but those of the article's pictures and recordings. It does not name frame ancestors, since any
    page may frame this one, even a page that was saved to a disk.
    """
    hosts = " ".join(sorted(set(_origins(article)))) if article else ""
    media = f"img-src {hosts}; media-src {hosts}; " if hosts else ""
    return (
        f"default-src 'none'; {media}style-src {hashed(_STYLE)}; script-src {hashed(_SCRIPT)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _fill_a_row(due: list[Notice]) -> bool:
    """Whether notices are shown beside each other, on a wide screen: two of them, of which neither is so short that its
    box would be half empty.
    """
    lengths = sorted(len(each["text"]) for each in due)
    return len(lengths) == 2 and lengths[0] * 2 >= lengths[1]  # noqa: PLR2004 - two


def _article(article: Json, words: Words) -> str:
    parts = [f"<h1>{escape(article['headline'])}</h1>"]
    if article["standfirst"]:
        parts.append(f'<p class="standfirst">{escape(article["standfirst"])}</p>')
    parts.append(_about(article, words))
    if article["lead_image"]:
        parts.append(figure_html(article["lead_image"]))
    parts.append(accessible(body_html(article["body"])))
    parts += [figure_html(each) for each in article["images"]]
    if article["corrections"]:
        listed = "".join(
            f"<li>{words.date(each['at'])}: {escape(each['text'])}</li>" for each in article["corrections"]
        )
        parts.append(f"<h2{words.mark}>{words['corrections']}</h2><ul>{listed}</ul>")
    if article["rights"]:
        parts.append(f"<p><small>{escape(article['rights'])}</small></p>")
    return "".join(parts)


def _about(article: Json, words: Words) -> str:
    """Who wrote it, where and when."""
    names = [_author(each) for each in article["byline"]]
    stated = [f"<span>{words.listed(names)}</span>"] if names else []
    dateline = article["dateline"]
    if dateline and dateline["place"]:
        stated.append(f"<span>{escape(dateline['place'])}</span>")
    if article["published_at"]:
        stated.append(f"<span>{words.date(article['published_at'])}</span>")
    if article["updated_at"]:
        updated = words.date(article["updated_at"])
        stated.append(f"<span><span{words.mark}>{words['updated']}</span> {updated}</span>")
    return f'<p class="about">{" · ".join(stated)}</p>' if stated else ""


def _author(author: Json) -> str:
    name = f"<bdi>{escape(author['name'])}</bdi>"
    return f'<a href="{escape(author["url"])}" rel="author noopener">{name}</a>' if author["url"] else name


def _footer(article: Json, words: Words, due: list[Notice]) -> str:
    """A link to the article, and one to share it, which is left out where sharing is punished."""
    url: str | None = article["url"]
    if not url:
        return ""
    links = [f"<span{words.mark}>{words.with_link('read_at', url)}</span>"]
    restricted: set[str] = set(chain.from_iterable(each["restricted_actions"] for each in due))
    if "share" not in restricted:
        mail = f"mailto:?subject={quote(article['headline'])}&body={quote(url)}"
        links.append(f'<a href="{escape(mail)}"{words.mark}>{words["share"]}</a>')
    return f"<footer>{''.join(links)}</footer>"


def _origins(article: Json) -> Iterator[str]:
    """The origins of all pictures and recordings, in the form that a content security policy has. Those in posts of a
    live blog are in `shown_in_posts` (`live_page`).
    """
    pictures = [article["lead_image"], *article["images"]]
    for block in [*article["body"], *article.get("shown_in_posts", ())]:
        if block["type"] in {"image", "audio", "video"}:
            pictures += [block, block.get("poster")]
    for picture in filter(None, pictures):
        for each in picture["renditions"]:
            if origin := _origin(each["url"]):
                yield origin


def _origin(url: str) -> str:
    """The origin of an address. Empty if a policy cannot name it."""
    scheme, _, rest = url.partition("://")
    authority = re.split(r"[/?#]", rest)[0].rpartition("@")[2].lower()
    try:
        origin = f"{scheme.lower()}://{authority.encode('idna').decode()}"
    except UnicodeError:
        return ""
    return origin if _ORIGIN.fullmatch(origin) else ""
