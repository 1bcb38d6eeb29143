"""A notice as a page: its wording, what it means, who is at risk, the rules and the dates, in every language that it
has. And the page in its place, where there is a problem.

There is one page for all languages: nothing about the reader may change it, or be in a cache key. It has no script, no
image and no font. Its only link to a third party is the one that the licence of the location data requires.
"""

from __future__ import annotations

import html

from content_api.content.direction import direction
from content_api.content.words import Words
from content_api.http.page_policy import CLOSED, hashed
from content_api.http.problems import PROBLEMS
from content_api.http.response import NOTHING_KEPT, page
from content_api.law.law_file import load_law
from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.reader_api.problem_text import problem_text, title_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.problems import Problem
    from content_api.http.request import Request
    from content_api.http.response import Response
    from content_api.law.legal_notices import LegalNotice
    from content_api.reader_api.settings import ReaderSettings

_STYLE = (
    "body{font:1.125rem/1.6 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1.5rem;color:#1a1a1a;"
    "background:#fff;overflow-wrap:anywhere}h1,h2,h3{line-height:1.25}[dir=rtl]{line-height:1.9}"
    "[dir=rtl] :is(h1,h2,h3){line-height:1.5}section~section{margin-top:3rem;border-top:2px solid #767676}"
    "section~section h2{font-size:2rem}h1+*,section~section h2+*{margin-top:0}"
    ":is(h1~h2,h2~h3){font-size:1.25rem;margin:1.5rem 0 .5rem}ul{padding-inline-start:1.25rem}"
    "time{unicode-bidi:isolate}"
    ".notice{border:2px solid #b00020;padding:.25rem 1rem}a{color:#0b57d0}a:focus-visible{outline:3px solid #0b57d0}"
    "@media(prefers-color-scheme:dark){body{color:#f2f2f2;background:#121212}.notice{border-color:#ff8a80}"
    "a{color:#a8c7fa}}"
)
CONTENT_SECURITY_POLICY = f"default-src 'none'; style-src {hashed(_STYLE)}; {CLOSED}"


def rendered(notice: LegalNotice, named: dict[str, str], lacking: list[str]) -> str:
    """The whole page, escaped. All of it comes from the data of the notice and from our words. `named` are names of
    languages by tag, `lacking` the tags of those that have no wording.
    """
    entry = notice.entry
    languages = list(entry["texts"])
    links = " · ".join(
        f'<a href="#{tag}" lang="{tag}" hreflang="{tag}">{html.escape(named.get(tag, tag))}</a>' for tag in languages
    )
    sections = [
        _in_language(notice, language, named, lacking, level=2 if at else 1) for at, language in enumerate(languages)
    ]
    return _page(
        html.escape(entry["title"][FALLBACK_LANGUAGE]),
        f'<header><nav aria-label="Languages">{links}</nav></header><main>{"".join(sections)}</main>'
        '<footer><p>Where readers are: <a href="https://db-ip.com">IP Geolocation by DB-IP</a> (CC BY 4.0), and the '
        "registries of the Number Resource Organization.</p></footer>",
    )


def problem_page(problem: Problem, request: Request, settings: ReaderSettings) -> Response:  # noqa: ARG001 - as all take
    """What a reader sees if there is no such notice, in each language that a notice has: nobody knows theirs."""
    spoken = dict.fromkeys(language for notice in load_law()["notices"] for language in notice["texts"])
    sections: list[str] = []
    for level, language in enumerate(spoken):
        words = Words(language)
        said = problem_text(problem, words, settings.publisher_url, level=min(level + 1, 2))
        sections.append(f'<section lang="{words.language}" dir="{words.direction}">{said}</section>')
    shown = _page(title_of(problem, Words(FALLBACK_LANGUAGE)), f"<main>{''.join(sections)}</main>")
    headers = {
        "cache-control": NOTHING_KEPT,
        "content-language": ", ".join(spoken),
        "content-security-policy": CONTENT_SECURITY_POLICY,
        **problem.headers,
    }
    return page(shown, headers, PROBLEMS[problem.code][0])


def _page(title: str, body: str) -> str:
    """Both are markup."""
    return (
        f'<!DOCTYPE html><html lang="{FALLBACK_LANGUAGE}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noarchive">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>{body}</body></html>"
    )


def _in_language(notice: LegalNotice, language: str, named: dict[str, str], lacking: list[str], *, level: int) -> str:
    """All that there is in one language. `level` is its heading's: the page has one title, in its first language."""
    entry, words = notice.entry, Words(language)
    wording = entry["texts"][language]
    said = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in wording["paragraphs"])
    parts = [
        f'<section id="{language}" lang="{language}" dir="{direction(language)}" aria-labelledby="{language}-title">',
        f'<h{level} id="{language}-title">{_said(entry["title"], language)}</h{level}>',
        f'<div class="notice" role="note">{said}</div>',
        "" if wording["reviewed"] else f"<p{words.mark}><em>{words['translation']}</em></p>",
    ]

    def add(name: str, markup: str) -> None:
        parts.append(f"<h{level + 1}{words.mark}>{words[name]}</h{level + 1}>{markup}")

    explanation = entry.get("explanation", {}).get(language)
    if explanation is not None:
        add("meaning", _paragraphs(explanation["meaning"]))
        add("at_risk", _paragraphs(explanation["at_risk"]))
        add("rules", _paragraphs(explanation["rules"]))
        if not explanation["reviewed"]:
            parts.append(f"<p{words.mark}><em>{words['explanation']}</em></p>")
    add("dates", _dates(notice, language, words))
    add("where", _where(notice, language, words))
    if lacking:
        names = words.listed(f'<bdi lang="{tag}">{html.escape(named[tag])}</bdi>' for tag in lacking)
        add("lacking", f"<p>{names}</p>")
    return "".join([*parts, "</section>"])


def _said(by_language: dict[str, str], language: str) -> str:
    """Words of the law's file, escaped: in the language, or in English and marked as such where it has none."""
    if language in by_language:
        return html.escape(by_language[language], quote=False)
    text = html.escape(by_language[FALLBACK_LANGUAGE], quote=False)
    return f'<span lang="{FALLBACK_LANGUAGE}" dir="{direction(FALLBACK_LANGUAGE)}">{text}</span>'


def _dates(notice: LegalNotice, language: str, words: Words) -> str:
    """What happened on which day. From when until when the notice is shown, if its history does not say since when, or
    if it ends.
    """
    entry = notice.entry
    history = entry.get("history", [])
    items: list[str] = []
    until = entry.get("effective_until")
    if not history or until:
        days = [_day(each, words) for each in (entry["effective_from"], until) if each]
        items.append(f"<li>{' – '.join(days)}</li>")
    for each in history:
        event = {FALLBACK_LANGUAGE: each["event"], **each.get("translations", {})}
        items.append(f"<li>{_day(each['date'], words)}: {_said(event, language)}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _day(day: str, words: Words) -> str:
    return f'<time datetime="{html.escape(day)}">{html.escape(words.day(day))}</time>'


def _where(notice: LegalNotice, language: str, words: Words) -> str:
    """A list and no sentence: a place may have no name in the language yet."""
    jurisdictions = load_law()["jurisdictions"]
    places = [
        _said(jurisdictions[each]["title"], language) if each in jurisdictions else html.escape(each)
        for each in notice.entry["jurisdictions"]
    ]
    if notice.entry["where_location_is_unknown"]:
        places.append(f"<span{words.mark}>{words['unknown_place']}</span>")
    return f"<ul>{''.join(f'<li>{each}</li>' for each in places)}</ul>"


def _paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts)
