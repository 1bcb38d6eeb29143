"""What an article is: the shape that editors hand in, that is kept, and that readers get.

Unknown fields are errors, so that a misspelt one is refused and not lost. Texts named `html` hold inline
markup and are sanitised on the way in; all other texts are plain.
"""

import datetime as dt
import re
from typing import Annotated, Literal, LiteralString, Self

import nh3
from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from content_api.content.language import normalised_language
from content_api.names.instants import in_utc
from content_api.names.keys import LONGEST_NAME, facet, fits_keys

MAXIMUM_TAGS = 15
MAXIMUM_BYLINES = 5
MAXIMUM_ALIASES = 20
MAXIMUM_TRANSLATIONS = 30
MAXIMUM_NEWSLETTERS = 5
# A version that S3 has is read whatever it says: bounds that came after it was written are for what is handed in.
AS_KEPT = {"is_kept": True}
ID_PATTERN = r"^[a-z0-9][a-z0-9-]{0,95}$"

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


def _printable(value: str) -> str:
    """XML, and so every feed, has no place for these (XML 1.0, section 2.2)."""
    if found := _NOT_PRINTABLE.search(value):
        raise ValueError(f"holds a control character (U+{ord(found[0]):04X}): take it out")
    return value


def _written_out(error: LiteralString) -> BeforeValidator:
    """Pydantic takes a number, and the text of one, for seconds since 1970, or for milliseconds where it is large.
    `error` is the type of pydantic's error that is raised for it.
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


type ArticleId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
type Language = Annotated[str, AfterValidator(normalised_language)]
type Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), AfterValidator(_printable)
]
type ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_printable)
]
# What lists, feeds and the catalogue are found by.
type Name = Annotated[ShortText, AfterValidator(_fits_keys)]
type Pixels = Annotated[int, Field(gt=0), _at_most(1_000_000, "pixels")]
type Seconds = Annotated[int, Field(ge=0), _at_most(10_000_000, "seconds, which are 115 days")]
type InlineHtml = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=50_000),
    AfterValidator(_sanitised_inline),
    AfterValidator(_printable),
    StringConstraints(min_length=1),
]
type BlockHtml = Annotated[
    str,
    StringConstraints(max_length=200_000),
    AfterValidator(_sanitised_block),
    AfterValidator(_printable),
    StringConstraints(min_length=1),
]
type HttpUrl = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_http_url)]


class Part(BaseModel):
    """What all parts of an article share: they do not change, and they name no unknown field."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Author(Part):
    name: Name
    url: HttpUrl | None = None


class Dateline(Part):
    """Where and when a report was filed, and by whom: `PRAGUE, April 3, 2006 (RFE/RL)`."""

    place: ShortText | None = None
    date: Day | None = None
    agency: ShortText | None = None


class Rendition(Part):
    """One file of an image or recording; sizes in pixels."""

    url: HttpUrl
    media_type: ShortText
    width: Pixels | None = None
    height: Pixels | None = None


class Picture(Part):
    """An image with what must be shown beside it. `alt` is empty where nobody has described the image;
    `renditions` where only its caption is known, as in pages of text.
    """

    alt: Annotated[str, StringConstraints(max_length=1000), AfterValidator(_printable)] = ""
    caption: Text | None = None
    credit: ShortText | None = None
    renditions: tuple[Rendition, ...] = ()


class Paragraph(Part):
    type: Literal["paragraph"] = "paragraph"
    html: InlineHtml


class Heading(Part):
    type: Literal["heading"] = "heading"
    level: Annotated[int, Field(ge=2, le=4)] = 2
    text: ShortText


class Image(Picture):
    type: Literal["image"] = "image"


class Audio(Part):
    type: Literal["audio"] = "audio"
    title: ShortText | None = None
    duration_seconds: Seconds | None = None
    renditions: Annotated[tuple[Rendition, ...], Field(min_length=1)]


class Video(Part):
    type: Literal["video"] = "video"
    title: ShortText | None = None
    duration_seconds: Seconds | None = None
    renditions: Annotated[tuple[Rendition, ...], Field(min_length=1)]
    poster: Picture | None = None


class Quote(Part):
    type: Literal["quote"] = "quote"
    html: InlineHtml
    attribution: ShortText | None = None


class List(Part):
    type: Literal["list"] = "list"
    ordered: bool = False
    items: Annotated[tuple[InlineHtml, ...], Field(min_length=1)]


def _unknown_as_none(value: object) -> object:
    """Versions that S3 kept before 2026-11-25 say `unknown`, and `true` or `false` as texts."""
    return None if value == "unknown" else value


class Embed(Part):
    """Something another host serves. `tracks`: whether that host learns who looks at it; None where nobody knows."""

    type: Literal["embed"] = "embed"
    url: HttpUrl
    provider: ShortText | None = None
    title: ShortText | None = None
    tracks: Annotated[bool | None, BeforeValidator(_unknown_as_none)] = None


class Promotion(Part):
    """The publisher's own offer inside a text: a newsletter to subscribe to, a podcast."""

    type: Literal["promotion"] = "promotion"
    kind: Literal["newsletter", "podcast", "other"] = "newsletter"
    name: Name
    description: Text | None = None
    url: HttpUrl | None = None


class Html(Part):
    """Markup that fits no other block, sanitised with a wider list of elements."""

    type: Literal["html"] = "html"
    html: BlockHtml


type Block = Annotated[
    Paragraph | Heading | Image | Audio | Video | Quote | List | Embed | Promotion | Html,
    Field(discriminator="type"),
]


class Translation(Part):
    language: Language
    id: ArticleId


class Correction(Part):
    at: Instant
    text: Text


class Article(Part):
    """One article as an editor or an importer hands it in. Its version is the store's to give.

    `published_at` is None where nobody knows it, as in pages of the archive that carry no date. `breaking_until` is an
    instant rather than a yes, so that breaking news ends by itself in every copy of the article.
    """

    id: ArticleId
    status: Literal["draft", "published"] = "published"
    type: Literal["article", "video", "audio", "gallery"] = "article"
    language: Language
    url: HttpUrl | None = None
    aliases: Annotated[tuple[HttpUrl, ...], Field(max_length=MAXIMUM_ALIASES)] = ()
    headline: ShortText
    standfirst: Text | None = None
    byline: Annotated[tuple[Author, ...], Field(max_length=MAXIMUM_BYLINES)] = ()
    dateline: Dateline | None = None
    section: Name | None = None
    tags: Annotated[tuple[Name, ...], Field(max_length=MAXIMUM_TAGS)] = ()
    published_at: Instant | None = None
    updated_at: Instant | None = None
    lead_image: Picture | None = None
    images: tuple[Picture, ...] = ()
    body: Annotated[tuple[Block, ...], Field(min_length=1)]
    translations: Annotated[tuple[Translation, ...], Field(max_length=MAXIMUM_TRANSLATIONS)] = ()
    rights: Text | None = None
    corrections: tuple[Correction, ...] = ()
    breaking_until: Instant | None = None

    @property
    def newsletters(self) -> tuple[Promotion, ...]:
        """Those that the text offers, each once: of two of one name, the last."""
        offered = [block for block in self.body if isinstance(block, Promotion) and block.kind == "newsletter"]
        return tuple({facet("", each.name): each for each in offered}.values())

    @model_validator(mode="after")
    def _names_one_translation_a_language(self, info: ValidationInfo) -> Self:
        """Readers see one of each language. Who shows whom besides is told by what others name (`store.siblings`)."""
        if info.context == AS_KEPT:
            return self
        languages = [each.language for each in self.translations]
        twice = next((each for each in languages if languages.count(each) > 1), None)
        if self.id in {each.id for each in self.translations}:
            raise ValueError("names itself in translations: leave that one out")
        if self.language in languages:
            raise ValueError(f"names an article in its own language, {self.language}, in translations: leave it out")
        if twice:
            raise ValueError(f"names two articles in {twice} in translations: leave one of them out")
        return self

    @model_validator(mode="after")
    def _offers_few_newsletters(self, info: ValidationInfo) -> Self:
        if info.context != AS_KEPT and len(self.newsletters) > MAXIMUM_NEWSLETTERS:
            raise ValueError(f"offers more than {MAXIMUM_NEWSLETTERS} newsletters: leave some out")
        return self
