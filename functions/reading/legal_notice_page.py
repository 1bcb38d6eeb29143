"""A notice as a page: its words, what they mean, who is at risk, the rules and the dates, in every language it has.

One page for all languages, since nothing about the reader may decide, or stand in a cache key. No script, no image, no
font and no link to a third party but the one that the location data's licence asks for.
"""

import html

from content_api.http.page_policy import CLOSED, hashed
from content_api.law.legal_notices import FALLBACK_LANGUAGE, LegalNotice, load_law

_STYLE = (
    "body{font:1.125rem/1.6 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1.5rem;color:#1a1a1a;"
    "background:#fff}h1,h2,h3{line-height:1.25}h2{margin-top:3rem;border-top:2px solid #767676;padding-top:1rem}"
    ".notice{border:2px solid #b00020;padding:.25rem 1rem}a{color:#0b57d0}a:focus-visible{outline:3px solid #0b57d0}"
    "@media(prefers-color-scheme:dark){body{color:#f2f2f2;background:#121212}.notice{border-color:#ff8a80}"
    "a{color:#a8c7fa}}"
)
CONTENT_SECURITY_POLICY = f"default-src 'none'; style-src {hashed(_STYLE)}; {CLOSED}"
_WORDS = {
    "en": {
        "language": "English",
        "meaning": "What it means",
        "at_risk": "Who is at risk",
        "rules": "The rules",
        "dates": "Since when",
        "where": "Where it is shown",
        "everywhere": "and to every reader whose place is not known",
        "translation": "The publisher's lawyers have not yet confirmed this wording; the English text counts.",
        "explanation": "This explanation is general information, not yet confirmed by the publisher's lawyers.",
    },
    "ru": {
        "language": "Русский",
        "meaning": "Что это значит",
        "at_risk": "Кто рискует",
        "rules": "Что грозит",
        "dates": "С какого времени",
        "where": "Где это показывается",
        "everywhere": "и всем читателям, чьё место неизвестно",
        "translation": "Юристы издания ещё не подтвердили этот текст; решающим является английский.",
        "explanation": "Это общие сведения, юристы издания их ещё не подтвердили.",
    },
    "uk": {
        "language": "Українська",
        "meaning": "Що це означає",
        "at_risk": "Хто ризикує",
        "rules": "Що загрожує",
        "dates": "Відколи",
        "where": "Де це показується",
        "everywhere": "і всім читачам, чиє місце невідоме",
        "translation": "Юристи видання ще не підтвердили цей текст; вирішальним є англійський.",
        "explanation": "Це загальні відомості, юристи видання їх ще не підтвердили.",
    },
}


def rendered(notice: LegalNotice) -> str:
    """The page, whole and escaped; everything in it comes from the notice's data."""
    entry = notice.entry
    languages = list(entry["texts"])
    title = html.escape(entry["title"][FALLBACK_LANGUAGE])
    links = " · ".join(
        f'<a href="#{language}" lang="{language}" hreflang="{language}">{_words(language)["language"]}</a>'
        for language in languages
    )
    return (
        f'<!DOCTYPE html><html lang="{FALLBACK_LANGUAGE}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noarchive">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        f'<header><nav aria-label="Languages">{links}</nav><h1>{title}</h1></header><main>'
        f"{''.join(_in_language(notice, language) for language in languages)}</main>"
        '<footer><p>Where readers are: <a href="https://db-ip.com">IP Geolocation by DB-IP</a> (CC BY 4.0), and the '
        "registries of the Number Resource Organization.</p></footer></body></html>"
    )


def _in_language(notice: LegalNotice, language: str) -> str:
    entry, words = notice.entry, _words(language)
    wording = entry["texts"][language]
    title = entry["title"].get(language, entry["title"][FALLBACK_LANGUAGE])
    said = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in wording["paragraphs"])
    parts = [
        f'<section id="{language}" lang="{language}" dir="auto" aria-labelledby="{language}-title">',
        f'<h2 id="{language}-title">{html.escape(title)}</h2>',
        f'<div class="notice" role="note">{said}</div>',
        "" if wording["reviewed"] else f"<p><em>{words['translation']}</em></p>",
    ]
    explanation = entry.get("explanation", {}).get(language)
    if explanation is not None:
        for name, paragraphs in (
            ("meaning", explanation["meaning"]),
            ("at_risk", explanation["at_risk"]),
            ("rules", explanation["rules"]),
        ):
            parts.append(f"<h3>{words[name]}</h3>{_paragraphs(paragraphs)}")
        if not explanation["reviewed"]:
            parts.append(f"<p><em>{words['explanation']}</em></p>")
    parts += [f"<h3>{words['dates']}</h3>{_dates(notice)}", f"<h3>{words['where']}</h3>{_where(notice, words)}"]
    return "".join([*parts, "</section>"])


def _dates(notice: LegalNotice) -> str:
    events = notice.entry.get("history") or [{"date": notice.entry["effective_from"], "event": ""}]
    items = (
        f'<li><time datetime="{html.escape(each["date"])}">{html.escape(each["date"])}</time> '
        f'<span lang="{FALLBACK_LANGUAGE}">{html.escape(each["event"])}</span></li>'
        for each in events
    )
    return f"<ul>{''.join(items)}</ul>"


def _where(notice: LegalNotice, words: dict[str, str]) -> str:
    titles = _titles_of_jurisdictions()
    places = "; ".join(html.escape(titles.get(each, each)) for each in notice.entry["jurisdictions"])
    unknown = f"; {words['everywhere']}" if notice.entry["where_location_is_unknown"] else ""
    return f'<p><span lang="{FALLBACK_LANGUAGE}">{places}</span>{unknown}.</p>'


def _titles_of_jurisdictions() -> dict[str, str]:
    return {name: each["title"][FALLBACK_LANGUAGE] for name, each in load_law()["jurisdictions"].items()}


def _paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts)


def _words(language: str) -> dict[str, str]:
    return _WORDS.get(language, _WORDS[FALLBACK_LANGUAGE] | {"language": language})
