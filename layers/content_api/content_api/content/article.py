"""What an article is: the form in which editors send it, in which it is stored, and in which readers get it.

An unknown field is an error, so that a misspelt one is noticed. Texts named `html` have inline markup, which is
sanitised when the article comes in. All other texts are plain.
"""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from content_api.content.values import (
    AS_KEPT,
    WHOLE,
    ArticleId,
    BlockHtml,
    Day,
    HttpUrl,
    InlineHtml,
    Instant,
    Language,
    MediaId,
    Name,
    Pixels,
    Seconds,
    ShortText,
    Text,
    Truth,
    printable,
)
from content_api.names.keys import facet

MAXIMUM_TAGS = 15
MAXIMUM_BYLINES = 5
MAXIMUM_ALIASES = 20
MAXIMUM_TRANSLATIONS = 30
MAXIMUM_NEWSLETTERS = 5
MAXIMUM_TOPICS = 15
MAXIMUM_CAPTIONS = 30  # of a recording, as the next
MAXIMUM_CHAPTERS = 100
# Tags, topics, authors, their ids, a show and newsletters: an article is on a list of each. A change writes two
# items for each list, and DynamoDB takes 100 at once (`store.revisions`).
MAXIMUM_LISTS = 25


class Part(BaseModel):
    """What all parts of an article have in common: they cannot be changed, and refuse unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Author(Part):
    """`id` is that of an author as /v1/authors has it: it tells two authors of one name apart."""

    name: Name
    url: HttpUrl | None = None
    id: ArticleId | None = None


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


class PictureRendition(Rendition):
    """One file of a picture. `crop` says which part of an uploaded picture it shows: the whole, or the part with that
    shape around the focal point. It is null for pictures that were not uploaded.
    """

    crop: Literal["original", "16x9", "1x1"] | None = None


class FocalPoint(Part):
    """The point of a picture that every crop shows, counted from the left and from the top: 0 is there, and 1 is at the
    other side.
    """

    x: Annotated[float, Field(ge=0, le=1)]
    y: Annotated[float, Field(ge=0, le=1)]


class Picture(Part):
    """An image with the texts that belong to it. `alt` is empty if nobody has described the image, or if it is
    `decorative`, so that there is nothing to describe. `media` is the id of an uploaded picture; its size in pixels,
    its placeholder (a BlurHash) and its renditions come from the upload. The renditions of other pictures are handed
    in. There are none if only the caption is known, as in pages of text.
    """

    media: MediaId | None = None
    alt: Annotated[str, StringConstraints(max_length=1000), AfterValidator(printable)] = ""
    decorative: bool = False
    caption: Text | None = None
    credit: ShortText | None = None
    focal_point: FocalPoint | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    placeholder: ShortText | None = None
    renditions: tuple[PictureRendition, ...] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self, info: ValidationInfo) -> Self:
        if info.context == AS_KEPT:
            return self
        if self.media and self.renditions:
            raise ValueError("names media, whose renditions are made here: leave renditions out")
        if self.focal_point and not self.media:
            raise ValueError("has a focal_point, and only an uploaded picture is cut: name its media, or leave it out")
        if self.decorative and self.alt:
            raise ValueError("is decorative, and so has nothing to describe: leave alt out, or decorative")
        return self


class Paragraph(Part):
    type: Literal["paragraph"] = "paragraph"
    html: InlineHtml


class Heading(Part):
    type: Literal["heading"] = "heading"
    level: Annotated[int, Field(ge=2, le=4), WHOLE] = 2
    text: ShortText


class Image(Picture):
    type: Literal["image"] = "image"


class Chapter(Part):
    """A part of a recording: when it begins, in seconds from the beginning, and what it is called."""

    starts_at: Seconds
    title: ShortText


class Captions(Part):
    """What is said, as text at its times (WebVTT): an uploaded file. `url` is made here."""

    media: MediaId
    language: Language
    url: HttpUrl | None = None

    @model_validator(mode="after")
    def _has_no_address_yet(self, info: ValidationInfo) -> Self:
        if info.context != AS_KEPT and self.url:
            raise ValueError("names media, whose address is made here: leave url out")
        return self


class Recording(Part):
    """A sound or a video. `media` is the id of an uploaded one: its type, its size in bytes, its length and its
    renditions come from the upload. The renditions of others are handed in. `transcript` is what is said, as plain
    text.
    """

    title: ShortText | None = None
    duration_seconds: Seconds | None = None
    renditions: tuple[Rendition, ...] = ()
    media: MediaId | None = None
    media_type: ShortText | None = None
    bytes: Annotated[int | None, Field(ge=1), WHOLE] = None
    captions: Annotated[tuple[Captions, ...], Field(max_length=MAXIMUM_CAPTIONS)] = ()
    transcript: Text | None = None
    chapters: Annotated[tuple[Chapter, ...], Field(max_length=MAXIMUM_CHAPTERS)] = ()

    @model_validator(mode="after")
    def _has_chapters_in_their_order(self, info: ValidationInfo) -> Self:
        begun = [each.starts_at for each in self.chapters]
        if info.context != AS_KEPT and any(second <= first for first, second in pairwise(begun)):
            raise ValueError("has chapters that do not begin one after the other: sort them, and leave none out twice")
        return self

    @model_validator(mode="after")
    def _has_a_file(self, info: ValidationInfo) -> Self:
        if info.context == AS_KEPT:
            return self
        if self.media and self.renditions:
            raise ValueError("names media, whose renditions are made here: leave renditions out")
        if not self.media and not self.renditions:
            raise ValueError("has no file: name the media of an uploaded recording, or its renditions")
        return self


class Audio(Recording):
    type: Literal["audio"] = "audio"


class Video(Recording):
    type: Literal["video"] = "video"
    width: Pixels | None = None
    height: Pixels | None = None
    poster: Picture | None = None


class Quote(Part):
    type: Literal["quote"] = "quote"
    html: InlineHtml
    attribution: ShortText | None = None


class List(Part):
    type: Literal["list"] = "list"
    ordered: Truth = False
    items: Annotated[tuple[InlineHtml, ...], Field(min_length=1)]


def _unknown_as_none(value: object) -> object:
    """Reads an old form: versions from before 2026-11-25 have `unknown` for None, and `true` and `false` as texts."""
    return None if value == "unknown" else value


class Embed(Part):
    """Something that another host serves. `tracks` says whether that host learns who looks at it; null if nobody
    knows.
    """

    type: Literal["embed"] = "embed"
    url: HttpUrl
    provider: ShortText | None = None
    title: ShortText | None = None
    tracks: Annotated[Truth | None, BeforeValidator(_unknown_as_none)] = None


class Promotion(Part):
    """An offer of the publisher inside a text, such as a newsletter or a podcast."""

    type: Literal["promotion"] = "promotion"
    kind: Literal["newsletter", "podcast", "other"] = "newsletter"
    name: Name
    description: Text | None = None
    url: HttpUrl | None = None


class Html(Part):
    """Markup that fits no other block. It is sanitised with a longer list of allowed elements."""

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


class Episode(Part):
    """Which show an article is an episode of, by the show's id, and where it stands in it. `kind` is what podcast apps
    call its type.
    """

    show: ArticleId
    season: Annotated[int | None, Field(ge=1, le=10_000), WHOLE] = None
    number: Annotated[int | None, Field(ge=1, le=1_000_000), WHOLE] = None
    kind: Literal["full", "trailer", "bonus"] = "full"
    explicit: Truth = False


class Article(Part):
    """An article as an editor or an importer sends it. The store gives it a version. `published_at` is null if nobody
    knows it, as for archive pages without a date. `breaking_until` is a time and not a yes or no, so that breaking news
    ends by itself in every copy of the article.
    """

    id: ArticleId
    status: Literal["draft", "published"] = "published"
    type: Literal["article", "video", "audio", "gallery", "live"] = "article"
    language: Language
    url: HttpUrl | None = None
    aliases: Annotated[tuple[HttpUrl, ...], Field(max_length=MAXIMUM_ALIASES)] = ()
    headline: ShortText
    standfirst: Text | None = None
    byline: Annotated[tuple[Author, ...], Field(max_length=MAXIMUM_BYLINES)] = ()
    dateline: Dateline | None = None
    section: Name | None = None
    tags: Annotated[tuple[Name, ...], Field(max_length=MAXIMUM_TAGS)] = ()
    topics: Annotated[tuple[ArticleId, ...], Field(max_length=MAXIMUM_TOPICS)] = ()
    published_at: Instant | None = None
    updated_at: Instant | None = None
    lead_image: Picture | None = None
    images: tuple[Picture, ...] = ()
    body: Annotated[tuple[Block, ...], Field(min_length=1)]
    translations: Annotated[tuple[Translation, ...], Field(max_length=MAXIMUM_TRANSLATIONS)] = ()
    rights: Text | None = None
    corrections: tuple[Correction, ...] = ()
    breaking_until: Instant | None = None
    episode: Episode | None = None

    @property
    def newsletters(self) -> tuple[Promotion, ...]:
        """The newsletters that the text offers, each once. If a name occurs twice, the last one is taken."""
        offered = [block for block in self.body if isinstance(block, Promotion) and block.kind == "newsletter"]
        return tuple({facet("", each.name): each for each in offered}.values())

    @model_validator(mode="after")
    def _names_one_translation_a_language(self, info: ValidationInfo) -> Self:
        """Refuses two translations in one language, since readers see one of each. Articles that name this one become
        its translations too (`store.siblings`).
        """
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
    def _can_be_heard_as_an_episode(self, info: ValidationInfo) -> Self:
        if info.context != AS_KEPT and self.episode and not any(isinstance(each, Recording) for each in self.body):
            raise ValueError("is an episode without a recording in its body: add a block of type audio or video")
        return self

    @model_validator(mode="after")
    def _is_on_few_lists(self, info: ValidationInfo) -> Self:
        """Counts names as they are compared, each once, and refuses more than a change can write."""
        named = {facet("tag", each) for each in self.tags} | {facet("topic", each) for each in self.topics}
        named |= {facet("author", each.name) for each in self.byline}
        named |= {facet("author_id", each.id) for each in self.byline if each.id}
        named |= {facet("show", self.episode.show)} if self.episode else set[str]()
        count = len(named) + len(self.newsletters)
        if info.context != AS_KEPT and count > MAXIMUM_LISTS:
            raise ValueError(
                f"names {count} tags, topics, authors, ids of authors, shows and newsletters, and may name "
                f"{MAXIMUM_LISTS}: leave some tags out"
            )
        return self

    @model_validator(mode="after")
    def _offers_few_newsletters(self, info: ValidationInfo) -> Self:
        if info.context != AS_KEPT and len(self.newsletters) > MAXIMUM_NEWSLETTERS:
            raise ValueError(f"offers more than {MAXIMUM_NEWSLETTERS} newsletters: leave some out")
        return self
