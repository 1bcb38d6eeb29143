"""What a single member of an article may hold: texts, names, markup, times, addresses, sizes. Each type refuses what
cannot be stored or shown, with a sentence for the editor.
"""

import datetime as dt
import re
from typing import Annotated, LiteralString

import nh3
from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from content_api.content.language import normalised_language
from content_api.names.instants import in_utc
from content_api.names.keys import LONGEST_NAME, fits_keys
from content_api.names.media import DIGEST_PATTERN

# The validation context for versions that are read from S3. They were valid when they came in, so limits that were
# added later are not checked.
AS_KEPT = {"is_kept": True}
ID_PATTERN = r"^[a-z0-9][a-z0-9-]{0,95}$"
GUID_PATTERN = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"

_INLINE_TAGS = frozenset("a abbr b bdi bdo br cite code em i mark q s small span strong sub sup time u".split())
_INLINE_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "time": {"datetime"},
}
_BLOCK_TAGS = _INLINE_TAGS | frozenset(
    "blockquote caption dd div dl dt figcaption figure h2 h3 h4 hr li ol p pre".split()
    + "table tbody td tfoot th thead tr ul".split()
)
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BEGINS_WITH_A_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LINK_SCHEMES = {"http", "https", "mailto", "tel"}


def _sanitised_inline(html: str) -> str:
    return nh3.clean(html, tags=_INLINE_TAGS, attributes=_INLINE_ATTRIBUTES, url_schemes=_LINK_SCHEMES)


def _sanitised_block(html: str) -> str:
    return nh3.clean(html, tags=_BLOCK_TAGS, attributes=_INLINE_ATTRIBUTES, url_schemes=_LINK_SCHEMES)


def _http_url(value: str) -> str:
    AnyHttpUrl(value)
    return value


def printable(value: str) -> str:
    """Refuses control characters: XML, and so every feed, cannot have them (XML 1.0, section 2.2)."""
    if found := _NOT_PRINTABLE.search(value):
        raise ValueError(f"holds a control character (U+{ord(found[0]):04X}): take it out")
    return value


def _written_out(error: LiteralString) -> BeforeValidator:
    """Refuses a number for a time. Pydantic reads a number, or a number as text, as seconds since 1970, or as
    milliseconds if it is large. `error` is the type of the pydantic error to raise.
    """

    def check(value: object) -> object:
        is_number = isinstance(value, int | float)
        if is_number or (isinstance(value, str) and not _BEGINS_WITH_A_DATE.match(value)):
            raise PydanticCustomError(error, "must be written out")
        return value

    return BeforeValidator(check)


type Instant = Annotated[AwareDatetime, _written_out("datetime_type"), AfterValidator(in_utc)]
type Day = Annotated[dt.date, _written_out("date_type")]


def _fits_keys(value: str, info: ValidationInfo) -> str:
    if info.context != AS_KEPT and not fits_keys(value):
        raise ValueError(
            f"takes at most {LONGEST_NAME:,} bytes (UTF-8) as names are compared, after Unicode NFKC and case folding: "
            "shorten it"
        )
    return value


def _at_most(most: int, what: str) -> AfterValidator:
    def check(value: int, info: ValidationInfo) -> int:
        if info.context != AS_KEPT and value > most:
            raise ValueError(f"is more than {most:,} {what}: correct it, or leave it out")
        return value

    return AfterValidator(check)


def _a_number(value: object, info: ValidationInfo) -> object:
    """Refuses `true` and "640". Pydantic would read them as 1 and 640, and nobody would be told."""
    if info.context != AS_KEPT and isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "must be a whole number")
    return value


def _a_truth(value: object, info: ValidationInfo) -> object:
    """Refuses "yes", "off", 0 and 1, as `_a_number` does."""
    if info.context != AS_KEPT and value is not None and not isinstance(value, bool):
        raise PydanticCustomError("bool_type", "must be true or false")
    return value


def _digits(value: object) -> object:
    """Refuses 1_0, " 1" and +1, which Python reads as numbers."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise PydanticCustomError("int_parsing", "must be a whole number")
    return value


def _true_or_false(value: object) -> object:
    """Refuses yes, on and 1, which pydantic reads as true."""
    if isinstance(value, str) and value not in {"true", "false"}:
        raise PydanticCustomError("bool_parsing", "must be true or false")
    return value


TRUE_OR_FALSE = BeforeValidator(_true_or_false)  # of a parameter in a query
# Of a number in a path or a query. It stands after the bounds, as WHOLE does.
DIGITS = BeforeValidator(_digits)
# Stands after the bounds of a number. If it stood before them, the contract would not have them.
WHOLE = BeforeValidator(_a_number)
type Truth = Annotated[bool, BeforeValidator(_a_truth)]
type ArticleId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
# Of an uploaded picture: the SHA-256 of its file, in hexadecimal.
type MediaId = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
type Language = Annotated[str, AfterValidator(normalised_language)]
type Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), AfterValidator(printable)
]
type ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(printable)
]
# A name by which lists, feeds and the catalogue are found.
type Name = Annotated[ShortText, AfterValidator(_fits_keys)]
type Pixels = Annotated[int, Field(gt=0), WHOLE, _at_most(1_000_000, "pixels")]
type Seconds = Annotated[int, Field(ge=0), WHOLE, _at_most(10_000_000, "seconds, which are 115 days")]
type InlineHtml = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=50_000),
    AfterValidator(_sanitised_inline),
    AfterValidator(printable),
    StringConstraints(min_length=1),
]
type BlockHtml = Annotated[
    str,
    StringConstraints(max_length=200_000),
    AfterValidator(_sanitised_block),
    AfterValidator(printable),
    StringConstraints(min_length=1),
]
type HttpUrl = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_http_url)]
