"""The answers of the reading API, for the contract. What an article is, it takes from `content_api.content.article`."""

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, create_model
from pydantic_core import CoreSchema

from content_api.content.article import Article, ArticleId, Author, HttpUrl, Language, Picture
from content_api.http.problems import PROBLEMS

_CONFIGURATION = ConfigDict(json_schema_serialization_defaults_required=True)
type Direction = Literal["ltr", "rtl"]


class Answer(BaseModel):
    """`sometimes` names the members that are not always there. Of what `fields` selects from, only the notices are."""

    model_config = _CONFIGURATION
    sometimes: ClassVar[frozenset[str]] = frozenset()
    is_selected_from: ClassVar[bool] = False

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler, /) -> dict[str, Any]:
        schema = handler(core_schema)
        described = handler.resolve_ref_schema(schema)
        described["required"] = [
            name
            for name in described.get("required", [])
            if name not in cls.sometimes and (name == "legal_notices" or not cls.is_selected_from)
        ]
        for member in described["properties"].values():
            member.pop("default", None)
        return schema


class LegalNotice(Answer):
    """Words that the law makes necessary for this reader. Show them before the content; they are no part of it."""

    id: str
    version: int
    language: Language
    text: Annotated[str, Field(description="Paragraphs are separated by an empty line.")]
    html: Annotated[str, Field(description="The same with markup and a link; safe to show as it is.")]
    more_information_url: str
    placement: Literal["before_content"]
    must_display: bool
    restricted_actions: Annotated[
        list[Literal["share", "like", "comment", "save", "contact"]],
        Field(description="What the reader may be punished for: do not offer it, or warn before it."),
    ]
    reason: Literal["jurisdiction", "unknown_location", "requested", "always"]


class WithNotices(Answer):
    legal_notices: Annotated[
        list[LegalNotice], Field(description="Those due to whoever asks; empty where none is. Never left out.")
    ]


class Stored(WithNotices):
    """What may come from a copy."""

    sometimes = frozenset({"stale"})

    stale: Annotated[
        Literal[True],
        Field(
            description=(
                "Only there where the store gave nothing and this is a copy, some seconds older than it or more: "
                "without translations, not to be kept, to be asked for again soon."
            )
        ),
    ]


class TranslationLink(Answer):
    language: Language
    id: ArticleId
    url: HttpUrl | None
    headline: str


class ArticleCard(Answer):
    """What a list shows of an article. Every member is there unless `fields` leaves it out."""

    is_selected_from = True

    id: ArticleId
    version: int
    type: Literal["article", "video", "audio", "gallery"]
    language: Language
    direction: Direction
    url: HttpUrl | None
    headline: str
    standfirst: Annotated[str | None, Field(description="At most 400 characters, cut at a word.")]
    byline: list[Author]
    section: str | None
    published_at: AwareDatetime | None
    updated_at: AwareDatetime | None
    breaking_until: Annotated[AwareDatetime | None, Field(description="Breaking news until then.")]
    lead_image: Picture | None


# Of what an editor hands in, everything is public, but the translations come with more.
_HANDED_IN: dict[str, Any] = {
    name: (field.annotation, field) for name, field in Article.model_fields.items() if name != "translations"
}
PublicArticle = create_model(
    "PublicArticle",
    __base__=Stored,
    __doc__=(
        "An article. Every member is there unless `fields` leaves it out, and of `body`, `html` and `text` the one "
        "that the parameter `body` names."
    ),
    version=(int, ...),
    direction=(Direction, ...),
    translations=(list[TranslationLink], ...),
    html=(str, Field(description="With body=html: safe to show as it is.")),
    text=(str, Field(description="With body=text: paragraphs are separated by an empty line.")),
    **_HANDED_IN,
)
PublicArticle.is_selected_from = True


class NewsArticle(Stored):
    """schema.org's NewsArticle, with what is known of the article. `usageInfo`: where the notices are explained that
    its readers may have to be shown.
    """

    model_config = ConfigDict(extra="allow")

    context: Annotated[Literal["https://schema.org"], Field(alias="@context")]
    type: Annotated[Literal["NewsArticle"], Field(alias="@type")]
    headline: str
    inLanguage: str  # noqa: N815 - schema.org's name
    isAccessibleForFree: Literal[True]  # noqa: N815 - as above
    usageInfo: list[str]  # noqa: N815 - as above


class JsonFeedNotices(BaseModel):
    about: str
    notices: list[LegalNotice]


class JsonFeedItem(BaseModel):
    """`content_html` and `summary` begin with the notices: show what you show of them from the start."""

    model_config = ConfigDict(extra="allow")

    id: Annotated[str, Field(description="A tag URI, the same in each format and version.")]
    url: str
    title: str
    content_html: str
    summary: str
    date_modified: AwareDatetime
    language: str
    legal_notices: Annotated[JsonFeedNotices, Field(alias="_legal_notices")]


class JsonFeed(BaseModel):
    """JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""

    model_config = ConfigDict(extra="allow")

    version: Literal["https://jsonfeed.org/version/1.1"]
    title: str
    feed_url: str
    language: str
    items: list[JsonFeedItem]
    legal_notices: Annotated[JsonFeedNotices, Field(alias="_legal_notices")]


class OEmbed(WithNotices):
    """oEmbed 1.0, section 2.3.4.4. `legal_notices` are those that `html` holds, for whoever makes other markup."""

    model_config = ConfigDict(extra="allow")
    sometimes = frozenset({"author_name", "author_url", "thumbnail_url", "thumbnail_width", "thumbnail_height"})

    version: Literal["1.0"]
    type: Literal["rich"]
    title: str
    provider_name: str
    provider_url: str
    cache_age: Annotated[int, Field(description="Seconds for which it may be kept.", le=3600)]
    html: Annotated[str, Field(description="Show it whole: the notice is part of it.")]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    author_name: str
    author_url: str
    thumbnail_url: str
    thumbnail_width: int
    thumbnail_height: int


type NextCursor = Annotated[str | None, Field(description="For the next page; null at the end.")]


class ArticleList(WithNotices):
    articles: list[ArticleCard]
    next_cursor: Annotated[
        str | None, Field(description="For the next page; null at the end. A page may be short, or empty, before it.")
    ]


class BreakingNews(WithNotices):
    articles: list[ArticleCard]


class FrontSection(Answer):
    title: str
    articles: list[ArticleCard]


class FrontPage(Stored):
    language: Language
    top: list[ArticleCard]
    breaking: list[ArticleCard]
    sections: list[FrontSection]


class ArticleChange(Answer):
    change: Annotated[
        Literal["upsert", "withdraw"],
        Field(description="upsert: ask for the article again, if you keep it. withdraw: remove every copy of it."),
    ]
    id: ArticleId
    version: int
    at: AwareDatetime
    href: Annotated[
        str | None,
        Field(
            description="Where what has changed is read, at this version or a newer one; a 503 there means: not yet. "
            "What was withdrawn has none."
        ),
    ]


class ChangeFeed(WithNotices):
    changes: Annotated[list[ArticleChange], Field(description="In the order in which they happened; at most 100.")]
    is_complete: Annotated[bool, Field(description="Whether there is nothing behind next_cursor yet.")]
    next_cursor: Annotated[str, Field(description="Where to go on, now or later.")]


class PublishedLanguage(Answer):
    language: Language
    name: Annotated[str, Field(description="In the language itself.")]
    english_name: str
    direction: Direction
    script: Annotated[str, Field(description="ISO 15924.")]


class Languages(WithNotices):
    languages: list[PublishedLanguage]


class PublishedSection(Answer):
    language: Language
    name: Annotated[str, Field(description="As the parameter `section` takes it.")]


class Sections(WithNotices):
    sections: list[PublishedSection]
    next_cursor: NextCursor


class Newsletter(Answer):
    language: Language
    name: str
    description: str | None
    url: HttpUrl | None


class Newsletters(WithNotices):
    newsletters: list[Newsletter]
    next_cursor: NextCursor


class NoticeWording(Answer):
    reviewed: Annotated[bool, Field(description="Whether the publisher's lawyers have confirmed these words.")]
    text: str
    html: str


class NoticeEvent(Answer):
    date: dt.date
    event: str


class NoticeAsData(WithNotices):
    """A notice whole: since when, where, in which words."""

    id: str
    version: int
    title: dict[str, str]
    effective_from: dt.date
    jurisdictions: list[str]
    where_location_is_unknown: bool
    placement: str
    must_display: bool
    restricted_actions: list[str]
    texts: dict[str, NoticeWording]
    more_information_url: str


class ParameterError(Answer):
    parameter: str
    detail: str


class ProblemDetails(Answer):
    """RFC 9457. Programs read `code`; people read `detail`, and the page that `type` leads to."""

    sometimes = frozenset({"errors", "request_id", "id", "withdrawn_at", "note", "recall"})

    type: str
    title: str
    status: int
    code: Annotated[str, Field(json_schema_extra={"enum": [*PROBLEMS]})]
    detail: str
    errors: Annotated[list[ParameterError], Field(description="Each parameter at fault.")]
    request_id: Annotated[str, Field(description="With a 5xx: tell it to us.")]
    id: Annotated[str, Field(description="With article-withdrawn, as the next three.")]
    withdrawn_at: AwareDatetime
    note: str | None
    recall: bool
