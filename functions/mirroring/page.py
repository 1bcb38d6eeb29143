"""The shell of every page of the mirror. It has no script, loads nothing but pictures beside it, and names no host. The
notices come first, so that a connection that is cut leaves them, and the text that came.
"""

from html import escape
from pathlib import Path

from content_api.content.direction import direction
from content_api.names.mirror_paths import ABOUT, archive_path, front_path, numbered, sections_path, upward
from mirroring.notices import MirrorNotices
from mirroring.words import MirrorWords

_STYLE = Path(__file__).with_name("mirror.css").read_text(encoding="utf-8").replace("\n", "")
# `file:` is where a copy on a disk has its pictures.
_POLICY = "default-src 'none';img-src 'self' file:;style-src 'unsafe-inline';form-action 'none'"


def page_of(body: str, *, language: str, path: str, title: str, notices: MirrorNotices, links: str = "") -> str:
    """`body` is markup; `title` is not. `links` is markup for the head."""
    words = MirrorWords(language)
    up = upward(path)
    ways = " ".join(
        words.link(name, f"{up}{to}")
        for name, to in (
            ("front", front_path(language)),
            ("archive", archive_path(language)),
            ("sections", sections_path(language)),
            ("about", ABOUT),
        )
        if to != path
    )
    return _whole(
        f'<header aria-label="{words.common["notice"]}">{notices.as_html(language, path)}</header>'
        f"<main>{body}</main><footer>{ways}</footer>",
        language=language,
        title=title,
        links=links,
    )


def page_in_all_languages(body: str, *, title: str, language: str) -> str:
    """A page that belongs to no language. `body` has the notices already."""
    return _whole(body, language=language, title=title)


def onward(words: MirrorWords, path: str, page: int, pages: int) -> str:
    """The link to the next page of the same. Empty on the last one."""
    if page == pages:
        return ""
    name = numbered(path, page + 1).rpartition("/")[2]
    said = words.said("next", number=page + 1, pages=pages)
    return f'<p><a rel="next" href="{escape(name)}"{words.mark}>{said}</a></p>'


def _whole(body: str, *, language: str, title: str, links: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}" dir="{direction(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="robots" content="noindex,noarchive"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title>{links}<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
