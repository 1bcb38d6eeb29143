"""What the parameters of syndication take."""

from __future__ import annotations

import re

from content_api.names.keys import BREAKING
from content_api.names.subjects import ID_PATTERN
from content_api.reader_api.parameters import Vocabulary, language, name_of, number, one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.reader_api.routes import Route

_LONGEST_URL = 2048
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
LARGEST_SIDE = 10_000  # pixels
# An embed is shown in the colours that the reader prefers, or in what suits the partner's page.
AUTO = "auto"


# What the feed of a part of a language may be of: one of these.
SUBJECTS = ("section", "tag", "topic", "author", "only")
# A position in a list: a time (nothing if the article has none), and an id.
POSITION = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)?#[a-z0-9][a-z0-9-]{0,95}"


def _position(text: str) -> str:
    if not re.fullmatch(POSITION, text):
        raise ValueError("takes what the feed names as its next page")
    return text


def _topic(text: str) -> str:
    if not re.fullmatch(ID_PATTERN, text):
        raise ValueError("takes the id of a topic; GET /v1/topics lists them")
    return text


def _together(values: dict[str, Any], _route: Route) -> list[tuple[str, str]]:
    """Checks that a feed is of one thing. Breaking news has no older pages."""
    named = [each for each in SUBJECTS if each in values]
    errors = [(each, f"{each} does not go with {named[0]}: a feed is of one of them") for each in named[1:]]
    if "only" in values and "before" in values:
        errors.append(("before", f"before does not go with only={BREAKING}: that feed has one page"))
    return errors


def _url(text: str) -> str:
    """As it is: it may be the article's own address, or one of this API."""
    if not text.lower().startswith(("https://", "http://")):
        raise ValueError("takes an address, percent-encoded, that starts with https:// or http://")
    if len(text) > _LONGEST_URL:
        raise ValueError(f"takes an address of at most {_LONGEST_URL} characters")
    return text


def _since(text: str) -> str:
    """A time in the form of keys. A day begins with it, in UTC."""
    from content_api.names.instants import parsed, sortable  # noqa: PLC0415 - digests alone ask by time

    try:
        return sortable(parsed(f"{text}T00:00:00Z" if re.fullmatch(_DAY, text) else text))
    except ValueError:
        message = "takes a day, such as 2026-01-31, or an instant with its offset, such as 2026-01-31T08:00:00Z"
        raise ValueError(message) from None


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
        "theme": one_of(AUTO, "light", "dark"),
        "section": name_of,
        "tag": name_of,
        "topic": _topic,
        "author": name_of,
        "only": one_of(BREAKING),
        "before": _position,
        "language": language,
        "since": _since,
        "as": one_of("html", "text"),
    },
    _together,
)
