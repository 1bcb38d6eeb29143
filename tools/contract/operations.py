"""What each path is for, in words, with the shape of its answer."""

from dataclasses import dataclass

from pydantic import BaseModel

from content_api.names.keys import DAYS_OF_CHANGES
from contract.models import (
    ArticleList,
    BreakingNews,
    ChangeFeed,
    FrontPage,
    JsonFeed,
    Languages,
    NewsArticle,
    Newsletters,
    NoticeAsData,
    OEmbed,
    PublicArticle,
    Sections,
    WithNotices,
)


@dataclass(frozen=True)
class Operation:
    """`answer` is the shape of a 200, None for a page or a document; `also` has those of other media types. `problems`
    are codes beside those of every path.
    """

    id: str
    summary: str
    description: str
    answer: type[BaseModel] | None = None
    problems: tuple[str, ...] = ()
    media_type: str = "application/json"
    redirects: bool = False
    also: tuple[tuple[str, type[BaseModel] | None], ...] = ()


_FEEDS = (("application/atom+xml", None), ("application/feed+json", JsonFeed))

OPERATIONS = {
    "/v1/articles": Operation(
        "listArticles",
        "A list of articles",
        "Cards, newest first, of a language: all, or those of a section, a tag, an author, a span of time. Go on with "
        "`next_cursor`, or by the header `Link`, until there is none: articles that stay as they are come exactly "
        "once, whatever is published, corrected or withdrawn meanwhile. A cursor holds for a day. Names are compared "
        "whole, without regard to case. Articles of unknown date come after all others and are within no span of time.",
        ArticleList,
    ),
    "/v1/articles/{id}": Operation(
        "getArticle",
        "An article",
        "The whole article, as it is now. A withdrawn one is a 410 that says when and why: remove every copy of it.",
        PublicArticle,
        ("article-not-found", "article-withdrawn"),
        also=(("application/ld+json", NewsArticle),),
    ),
    "/v1/resolve": Operation(
        "resolveAddress",
        "The article at an address",
        "308 to the article that is, or was, at an address of the publisher's site, with or without `www`, `/amp`, a "
        "slash at the end, and what tells where a link was found.",
        None,
        ("address-not-found", "article-withdrawn"),
        redirects=True,
    ),
    "/v1/fronts/{language}": Operation(
        "getFront",
        "The front",
        "What a reader sees first: what editors chose for the top and for sections, or else the newest, and breaking "
        "news.",
        FrontPage,
        ("language-not-found",),
    ),
    "/v1/breaking": Operation(
        "getBreakingNews",
        "Breaking news",
        "What is breaking news at this moment, newest first. It ends by itself at `breaking_until`.",
        BreakingNews,
    ),
    "/v1/changes": Operation(
        "listChanges",
        "What has changed",
        "For apps that keep articles: what appeared, changed or was withdrawn, in order, as metadata alone. Without a "
        f"cursor it begins with the oldest change kept ({DAYS_OF_CHANGES} days); `cursor=now` begins here. Ask again "
        "with `next_cursor`: at once while `is_complete` is false, else from time to time.",
        ChangeFeed,
        ("cursor-expired",),
    ),
    "/v1/sections": Operation("listSections", "Sections", "The sections of all languages, or of one.", Sections),
    "/v1/languages": Operation(
        "listLanguages", "Languages", "The languages published in, with their names and directions.", Languages
    ),
    "/v1/newsletters": Operation(
        "listNewsletters",
        "Newsletters",
        "The newsletters that articles offer, of all languages or of one.",
        Newsletters,
    ),
    "/v1/legal-notices": Operation(
        "listLegalNoticesDue",
        "The notices due",
        "The legal notices due to whoever asks. Ask at every start: a reader may have travelled.",
        WithNotices,
    ),
    "/v1/legal-notices/{id}": Operation(
        "getLegalNotice",
        "A notice",
        "One notice as data, in all its languages.",
        NoticeAsData,
        ("legal-notice-not-found",),
    ),
    "/legal-notices/{id}": Operation(
        "getLegalNoticePage",
        "A notice as a page",
        "For people: its words, what they mean, since when.",
        None,
        ("legal-notice-not-found",),
        media_type="text/html",
    ),
    "/feeds/{file}": Operation(
        "getFeed",
        "The feed of a language",
        "The newest 30 articles as RSS 2.0, Atom 1.0 or JSON Feed 1.1, by what the path ends in: `en.rss`, `en.atom`, "
        "`en.json`. The notices stand first in the content and the summary of each item, and beside them as data: keep "
        "them. What was withdrawn is named as gone: remove it. Ask again with the ETag. With `section` it is the "
        "feed of a section, whatever characters its name has.",
        None,
        ("feed-not-found",),
        media_type="application/rss+xml",
        also=_FEEDS,
    ),
    "/feeds/{language}/{file}": Operation(
        "getFeedOfSection",
        "The feed of a section",
        "As that of a language: `en/Culture.rss`. Names are compared whole, without regard to case. A name with one of "
        "`/ ? # % ; \\` in it cannot stand in a path: ask for `/feeds/{file}` with `section`.",
        None,
        ("feed-not-found",),
        media_type="application/rss+xml",
        also=_FEEDS,
    ),
    "/sitemaps/news.xml": Operation(
        "getNewsSitemap",
        "The news sitemap",
        "What was published in the last two days, in all languages, at most 1,000 articles, as Google News has it. "
        "Only articles with an address of their own are in it.",
        media_type="application/xml",
    ),
    "/v1/openapi.json": Operation("getContract", "This contract", "OpenAPI 3.1."),
    "/v1/docs": Operation("getDocumentation", "This page", "The contract for people.", media_type="text/html"),
    "/embed/articles/{id}": Operation(
        "getEmbed",
        "An article in a frame",
        "A page for an `iframe`, by the place of the reader who opens it: the notice first where it is due, and "
        "nothing to share or save it by. No cookie, nothing from a third party but the article's own pictures and "
        "recordings. Errors are pages too.",
        None,
        ("article-not-found", "article-withdrawn"),
        media_type="text/html",
    ),
    "/embed.js": Operation(
        "getElement",
        "The element `content-article`",
        "For partners' pages: a frame as high as the article, loaded when the reader comes near it; where it is "
        "blocked, the notice and what the partner wrote between the tags.",
        media_type="text/javascript",
    ),
    "/v1/oembed": Operation(
        "getOEmbed",
        "oEmbed",
        "oEmbed 1.0, `rich`: `html` holds the notice, a link, and the article in a sandboxed frame. Its readers are "
        "not whoever asks, so the notice is always there: keep it. Parameters that are not named here are ignored.",
        OEmbed,
        ("resource-not-public", "article-not-found", "address-not-found", "article-withdrawn", "format-not-spoken"),
    ),
}
