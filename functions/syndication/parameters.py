"""What the parameters of syndication take."""

from __future__ import annotations

from content_api.reader_api.parameters import Vocabulary, name_of, number, one_of

_LONGEST_URL = 2048
LARGEST_SIDE = 10_000  # pixels


def _url(text: str) -> str:
    """As it is: it may be the article's own address, or one of this API."""
    if not text.startswith(("https://", "http://")) or len(text) > _LONGEST_URL:
        raise ValueError(f"takes an address, percent-encoded, of at most {_LONGEST_URL} characters")
    return text


def _any(text: str) -> str:
    """OEmbed has an answer of its own to a format that is not spoken (section 2.3.4: 501)."""
    return text


VOCABULARY = Vocabulary(
    {
        "url": _url,
        "maxwidth": number(1, LARGEST_SIDE),
        "maxheight": number(1, LARGEST_SIDE),
        "format": _any,
        "content": one_of("full", "summary"),
        "section": name_of,
    }
)
