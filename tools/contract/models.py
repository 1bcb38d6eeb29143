"""The answers of the reading API, as models for the contract. The members of an article come from
`content_api.content.article`.
"""

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, create_model
from pydantic_core import CoreSchema

from content_api.content.article import Article, Author, Episode, Picture, PictureRendition
from content_api.content.post import Post
from content_api.content.subject import Podcast
from content_api.content.values import ArticleId, HttpUrl, Language
from content_api.http.problems import PROBLEMS
from content_api.law.law_file import load_entries

_CONFIGURATION = ConfigDict(json_schema_serialization_defaults_required=True)
# Those of every notice, so that clients that are made from the contract know them all.
RESTRICTED_ACTIONS = tuple(dict.fromkeys(each for notice in load_entries() for each in notice["restricted_actions"]))

type Direction = Literal["ltr", "rtl"]


class Answer(BaseModel):
    """A model of an answer. `sometimes` names the members that an answer may lack. In an answer to `fields`, only the
    notices are required.
    """

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
    """A text that the law requires this reader to see. Show it before the content. It is not part of the content."""

    id: str
    version: int
    language: Language
    text: Annotated[str, Field(description="Paragraphs are separated by an empty line.")]
    html: Annotated[str, Field(description="The same with markup and a link; safe to show as it is.")]
    more_information_url: str
    placement: Literal["before_content"]
    must_display: bool
    restricted_actions: Annotated[
        list[Annotated[str, Field(json_schema_extra={"enum": [*RESTRICTED_ACTIONS]})]],
        Field(description="What the reader may be punished for. Do not offer it, or warn before it."),
    ]
    reason: Literal["jurisdiction", "unknown_location", "requested", "always"]


class WithNotices(Answer):
    legal_notices: Annotated[
        list[LegalNotice],
        Field(description="The notices that this reader must see; empty if there are none. Never left out."),
    ]


class Stored(WithNotices):
    """An answer that may come from a copy in S3, while DynamoDB does not answer."""

    sometimes = frozenset({"stale"})

    stale: Annotated[
        Literal[True],
        Field(
            description=(
                "Present only if the database did not answer, and this is an older copy. It has no translations. Do "
                "not keep it, and ask again soon."
            )
        ),
    ]


class TranslationLink(Answer):
    language: Language
    id: ArticleId
    url: HttpUrl | None
    headline: str


class Recording(Answer):
    type: Literal["audio", "video"]
    duration_seconds: int | None
    bytes: Annotated[int | None, Field(description="The size of its first file, where it is known.")]
    url: Annotated[HttpUrl, Field(description="The address of its first file.")]
    media_type: str


class CardPicture(Answer):
    """The lead image, as a list shows it. `renditions` are the small ones; of an uploaded picture also a square."""

    alt: Annotated[str, Field(description="At most 300 characters, cut at a word.")]
    caption: Annotated[str | None, Field(description="At most 300 characters, cut at a word.")]
    credit: str | None
    placeholder: Annotated[str | None, Field(description="A BlurHash, to be shown until the picture is there.")]
    renditions: list[PictureRendition]


class ArticleCard(Answer):
    """What a list shows of an article. Every member is present unless `fields` leaves it out."""

    is_selected_from = True

    id: ArticleId
    version: int
    type: Literal["article", "video", "audio", "gallery", "live"]
    language: Language
    direction: Direction
    url: HttpUrl | None
    headline: str
    standfirst: Annotated[str | None, Field(description="At most 400 characters, cut at a word.")]
    byline: list[Author]
    section: str | None
    published_at: AwareDatetime | None
    updated_at: AwareDatetime | None
    breaking_until: Annotated[AwareDatetime | None, Field(description="The article is breaking news until this time.")]
    lead_image: CardPicture | None
    tags: list[str]
    topics: Annotated[list[ArticleId], Field(description="Ids: /v1/topics has their names.")]
    episode: Annotated[Episode | None, Field(description="Of which show it is an episode.")]
    place: Annotated[str | None, Field(description="Where the article was filed, as its dateline says.")]
    recording: Annotated[Recording | None, Field(description="The first audio or video in the body.")]


# All members that editors send are public. Translations get more members.
_HANDED_IN: dict[str, Any] = {
    name: (field.annotation, field) for name, field in Article.model_fields.items() if name != "translations"
}
PublicArticle = create_model(
    "PublicArticle",
    __base__=Stored,
    __doc__=(
        "An article. Every member is present unless `fields` leaves it out. Of `body`, `html` and `text`, only the one "
        "that the parameter `body` names is present."
    ),
    version=(int, ...),
    direction=(Direction, ...),
    translations=(list[TranslationLink], ...),
    html=(str, Field(description="With body=html. Safe to show as it is.")),
    text=(str, Field(description="With body=text. Paragraphs are separated by an empty line.")),
    **_HANDED_IN,
)
PublicArticle.is_selected_from = True


class NewsArticle(Stored):
    """schema.org's NewsArticle for the article. `usageInfo` is the page that explains the notices which its readers may
    have to see.
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
    """`content_html` and `summary` begin with the notices. If you shorten them, keep the beginning."""

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
    """oEmbed 1.0, section 2.3.4.4. `legal_notices` are the notices that `html` contains, for partners that make markup
    of their own.
    """

    model_config = ConfigDict(extra="allow")
    sometimes = frozenset({"author_name", "author_url", "thumbnail_url", "thumbnail_width", "thumbnail_height"})

    version: Literal["1.0"]
    type: Literal["rich"]
    title: str
    provider_name: str
    provider_url: str
    cache_age: Annotated[int, Field(description="Seconds for which the answer may be kept.", le=3600)]
    html: Annotated[str, Field(description="Show all of it: the notice is a part of it.")]
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
        str | None,
        Field(description="For the next page; null at the end. A page before the last may be short or empty."),
    ]
    prev_cursor: Annotated[str | None, Field(description="For the page before; null at the beginning.")]


class Highlight(Answer):
    """Where an article has the words that were asked for, in one of its texts as it is now."""

    field: Literal["headline", "standfirst", "body"]
    text: Annotated[str, Field(description="The text, or a passage of it.")]
    ranges: Annotated[
        list[Annotated[list[int], Field(min_length=2, max_length=2)]],
        Field(description="Of each word: the place of its first character, and of the first after it, in code points."),
    ]


class FoundArticle(ArticleCard):
    highlights: list[Highlight]


class Total(Answer):
    value: int
    is_exact: Annotated[bool, Field(description="False: the index may be some seconds behind.")]


class FacetValue(Answer):
    value: Annotated[str, Field(description="In small letters: a value of the parameter of the same name.")]
    count: Annotated[int, Field(description="Not exact: the index may be some seconds behind.")]


class Facets(Answer):
    sometimes = frozenset({"section", "tag", "year"})

    section: list[FacetValue]
    tag: list[FacetValue]
    year: list[FacetValue]


class Results(WithNotices):
    articles: list[FoundArticle]
    total: Total
    facets: Annotated[Facets, Field(description="Those that were asked for.")]
    did_you_mean: Annotated[
        str | None,
        Field(
            description="Where nothing was found: `q` with the words that no article has replaced by those of an "
            "article that are written nearly so. Null if there is none."
        ),
    ]
    next_cursor: NextCursor


class RelatedArticles(WithNotices):
    articles: list[ArticleCard]


class SuggestedHeadline(Answer):
    id: str
    headline: str


class Suggestions(WithNotices):
    words: Annotated[list[str], Field(description="In small letters, the most frequent first.")]
    headlines: list[SuggestedHeadline]


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
    sometimes = frozenset({"type", "section", "tags", "topics"})

    change: Annotated[
        Literal["upsert", "withdraw"],
        Field(description="upsert: ask for the article again, if you keep it. withdraw: remove every copy of it."),
    ]
    id: ArticleId
    version: int
    at: AwareDatetime
    type: Annotated[
        Literal["article", "video", "audio", "gallery", "live"],
        Field(
            description="This member and the three that follow are absent if the article was withdrawn, and from "
            "changes of before December 2026."
        ),
    ]
    section: str | None
    tags: list[str]
    topics: list[ArticleId]
    language: Language
    href: Annotated[
        str | None,
        Field(
            description="Where to read the article at this version or a newer one. A 503 means that it is not there "
            "yet. Null if the article was withdrawn."
        ),
    ]


class ChangeFeed(WithNotices):
    changes: Annotated[list[ArticleChange], Field(description="In the order in which they happened, at most 100.")]
    is_complete: Annotated[bool, Field(description="True if there is no change after next_cursor yet.")]
    next_cursor: Annotated[str, Field(description="The cursor for the next request, now or later.")]


class PublishedLanguage(Answer):
    language: Language
    name: Annotated[str, Field(description="The name in the language itself.")]
    english_name: str
    direction: Direction
    script: Annotated[str, Field(description="ISO 15924.")]


class Languages(WithNotices):
    languages: list[PublishedLanguage]


class PublishedSection(Answer):
    language: Language
    name: Annotated[str, Field(description="The value for the parameter `section`.")]


class Sections(WithNotices):
    sections: list[PublishedSection]
    next_cursor: NextCursor


class AboutBundle(WithNotices):
    language: Language
    span: Literal["day", "week"]
    url: Annotated[str, Field(description="Leads to the file. Ask for it only once the reader wants it.")]
    bytes: Annotated[int, Field(ge=0)]
    sha256: str
    articles: Annotated[int, Field(ge=0)]
    left_out: Annotated[int, Field(ge=0, description="Articles that would make the file too large.")]
    made_at: AwareDatetime
    valid_until: Annotated[AwareDatetime, Field(description="Delete the file then.")]


class Newsletter(Answer):
    language: Language
    name: str
    description: str | None
    url: HttpUrl | None


class Newsletters(WithNotices):
    newsletters: list[Newsletter]
    next_cursor: NextCursor


class SubjectName(Answer):
    """What a topic, an author or another subject is called in a language."""

    language: Language
    direction: Direction
    name: str
    description: str | None
    url: Annotated[HttpUrl | None, Field(description="Its page on the publisher's site in this language.")]


class Described(Answer):
    """What topics and authors have in common. `names` is in the order of the publisher: where it has no name in your
    language, take the first one.
    """

    id: ArticleId
    names: list[SubjectName]
    picture: Picture | None
    aliases: list[str]
    replaces: Annotated[
        list[ArticleId],
        Field(description="Ids that mean this one now, since they were merged into it. Older articles name them."),
    ]


class Topic(Described):
    """`aliases` are tags: articles that have one of them are on its list, too."""


class PublishedAuthor(Described):
    """`aliases` are names in bylines: articles that have one of them are on the author's list, too."""


class Show(Described):
    """A podcast. `aliases` are tags: articles that have one of them are on its list, too. Its feed in a language is
    /feeds/{language}/shows/{id}.rss.
    """

    podcast: Podcast


class ShowPage(Show, WithNotices):
    pass


class Shows(WithNotices):
    shows: list[Show]
    next_cursor: NextCursor


class KeyEvent(Answer):
    number: int
    at: AwareDatetime
    headline: str


class LivePost(Post, Answer):
    """A post of a live blog. `number` counts from 1, and never changes; `version` does with a correction."""

    number: int
    version: int


class LivePosts(WithNotices):
    """The newest posts first. `withdrawn` are the numbers of posts that a copy has to drop. `older` is the path of the
    page before them, which does not change; null if there is none.
    """

    article_id: ArticleId
    count: int
    posts: list[LivePost]
    withdrawn: list[int]
    pinned: list[LivePost]
    key_events: list[KeyEvent]
    older: str | None


class PageOfPosts(WithNotices):
    article_id: ArticleId
    page: int
    posts: list[LivePost]
    withdrawn: list[int]
    older: str | None


class ChapterOfRecording(Answer):
    sometimes = frozenset({"img"})

    startTime: Annotated[int, Field(description="In seconds.")]  # noqa: N815 - the format's own name
    title: str
    img: HttpUrl


class Chapters(WithNotices):
    """JSON chapters 1.2 of Podcasting 2.0."""

    version: Literal["1.2.0"]
    title: str
    chapters: list[ChapterOfRecording]


class TopicPage(Topic, WithNotices):
    pass


class AuthorPage(PublishedAuthor, WithNotices):
    pass


class Topics(WithNotices):
    topics: list[Topic]
    next_cursor: NextCursor


class Authors(WithNotices):
    authors: list[PublishedAuthor]
    next_cursor: NextCursor


class NoticeWording(Answer):
    reviewed: Annotated[bool, Field(description="Whether the publisher's lawyers have confirmed these words.")]
    text: str
    html: str


class NoticeEvent(Answer):
    date: dt.date
    event: str


class NoticeAsData(WithNotices):
    """A whole notice: since when it is in effect, where, and its wording in each language."""

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
    languages_lacking: Annotated[
        list[Language],
        Field(description="The publisher's languages that have no wording yet: readers get the English one."),
    ]
    more_information_url: str


class ParameterError(Answer):
    parameter: str
    detail: str


class ProblemDetails(Answer):
    """RFC 9457. Programs read `code`. People read `detail`, and the page that `type` leads to."""

    sometimes = frozenset({"errors", "request_id", "id", "withdrawn_at", "note", "recall"})

    type: str
    title: str
    status: int
    code: Annotated[str, Field(json_schema_extra={"enum": [*PROBLEMS]})]
    detail: str
    errors: Annotated[list[ParameterError], Field(description="What is wrong with each parameter.")]
    request_id: Annotated[str, Field(description="Present with a 5xx. Tell us this id when you report the error.")]
    id: Annotated[str, Field(description="Present with article-withdrawn, like the next three members.")]
    withdrawn_at: AwareDatetime
    note: str | None
    recall: bool
