"""The pages of the mirror that belong to no language: the languages, how long a copy may be trusted, and what each
notice means.
"""

import datetime as dt
from collections.abc import Iterable
from html import escape

from content_api.content.direction import direction
from content_api.content.words import Words
from content_api.law.legal_notices import FALLBACK_LANGUAGE, LegalNotice
from content_api.names.instants import printed
from content_api.names.mirror_paths import ABOUT, INDEX, front_path, notice_path
from mirroring.files import Files
from mirroring.notices import MirrorNotices
from mirroring.page import page_in_all_languages
from mirroring.words import MirrorWords, spoken_by_us

_TITLE = "Mirror"


def root_files(
    languages: Iterable[str],
    made: dt.datetime,
    until: dt.datetime,
    key: str,
    notices: MirrorNotices,
    next_mirrors: Iterable[str] = (),
) -> Files:
    """`key` is the public key, in hexadecimal. `next_mirrors` are the addresses of other copies. The page of languages
    stands under the name that a bucket looks for where an address names no file.
    """
    shown = "".join(
        f'<p><a href="{escape(front_path(each))}" lang="{escape(each)}" dir="{direction(each)}">'
        f"{MirrorWords(each)['front']} ({escape(each)})</a></p>"
        for each in sorted(languages)
    )
    first = _all_notices(INDEX, notices)
    about = "".join(_trust(each, made, until) for each in spoken_by_us())
    others = "".join(f'<li><a href="{escape(each)}">{escape(each)}</a></li>' for each in next_mirrors)
    if others:
        about += f"<h2>{' · '.join(MirrorWords(each)['mirrors'] for each in spoken_by_us())}</h2><ul>{others}</ul>"
    return {
        INDEX: page_in_all_languages(
            f'<header>{first}</header><main><h1>{_TITLE}</h1>{shown}<p><a href="{ABOUT}">'
            f"{MirrorWords(FALLBACK_LANGUAGE)['about']}</a></p></main>",
            title=_TITLE,
            language=FALLBACK_LANGUAGE,
        ).encode(),
        ABOUT: page_in_all_languages(
            f"<header>{first}</header><main><h1>{MirrorWords(FALLBACK_LANGUAGE)['about']}</h1>{about}"
            f'<p>Ed25519: <code>{key}</code></p><p><a href="{INDEX}">{MirrorWords(FALLBACK_LANGUAGE)["languages"]}</a>'
            "</p></main>",
            title=MirrorWords(FALLBACK_LANGUAGE).plain("about"),
            language=FALLBACK_LANGUAGE,
        ).encode(),
    }


def notice_files(notices: MirrorNotices) -> Files:
    """A page for each notice: its wording, and what it means, in every language that it has."""
    return {notice_path(each.id): _notice_page(each).encode() for each in notices.entries}


def _trust(language: str, made: dt.datetime, until: dt.datetime) -> str:
    words = MirrorWords(language)
    said = words.said("trust", made=_instant(made), until=_instant(until))
    return (
        f'<section lang="{language}" dir="{direction(language)}"><p><strong>{said}</strong></p>'
        f"<p>{words['stale']}</p><p>{words['altered']}</p><p>{words['saving']}</p></section>"
    )


def _instant(at: dt.datetime) -> str:
    shown = printed(at.replace(microsecond=0))
    return f'<time datetime="{shown}" dir="ltr">{shown[:10]} {shown[11:16]} UTC</time>'


def _all_notices(path: str, notices: MirrorNotices) -> str:
    """Every notice in each language that it has, since the page is for readers of all of them."""
    spoken = dict.fromkeys(language for each in notices.entries for language in each.entry["texts"])
    shown: dict[str, None] = {}
    for language in spoken:
        for each in notices.of(language, path):
            shown[
                f'<div role="note" class="notice" lang="{each["language"]}" dir="{direction(each["language"])}"'
                f' data-legal-notice="{each["id"]}">{each["html"]}</div>'
            ] = None
    return "".join(shown)


def _notice_page(notice: LegalNotice) -> str:
    sections: list[str] = []
    for language, wording in notice.entry["texts"].items():
        words = Words(language)
        said = "".join(f"<p>{escape(each, quote=False)}</p>" for each in wording["paragraphs"])
        parts = [f'<div class="notice" role="note">{said}</div>']
        explanation = notice.entry.get("explanation", {}).get(language)
        if explanation is not None:
            told = (
                ("meaning", explanation["meaning"]),
                ("at_risk", explanation["at_risk"]),
                ("rules", explanation["rules"]),
            )
            for name, texts in told:
                parts.append(f"<h2>{words[name]}</h2>{''.join(f'<p>{escape(each)}</p>' for each in texts)}")
        sections.append(
            f'<section id="{language}" lang="{language}" dir="{direction(language)}">{"".join(parts)}</section>'
        )
    title = notice.entry["title"][FALLBACK_LANGUAGE]
    return page_in_all_languages(
        f"<main><h1>{escape(title)}</h1>{''.join(sections)}</main>", title=title, language=FALLBACK_LANGUAGE
    )
