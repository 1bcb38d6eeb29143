"""What each path is for, in words, and the shape of its answer."""

from dataclasses import dataclass

from pydantic import BaseModel

from content_api.names.keys import DAYS_OF_CHANGES
from content_api.names.media import CAPTIONS_TYPE, RECORDED_FILES
from content_api.reader_api.pages import MOST_LISTS
from contract.models import (
    AboutBundle,
    ArticleList,
    AuthorPage,
    Authors,
    BreakingNews,
    ChangeFeed,
    Chapters,
    FrontPage,
    JsonFeed,
    Languages,
    LivePosts,
    NewsArticle,
    Newsletters,
    NoticeAsData,
    OEmbed,
    PageOfPosts,
    PublicArticle,
    RelatedArticles,
    Results,
    Sections,
    ShowPage,
    Shows,
    Suggestions,
    TopicPage,
    Topics,
    WithNotices,
)


@dataclass(frozen=True)
class Operation:
    """`answer` is the shape of a 200; None for a page or a document. `also` has the shapes of other media types.
    `problems` are the codes that this path has besides those of every path. `redirects` says that it only ever answers
    with a 308, and `moves` when it may.
    """

    id: str
    summary: str
    description: str
    answer: type[BaseModel] | None = None
    problems: tuple[str, ...] = ()
    media_type: str = "application/json"
    redirects: bool = False
    moves: str = ""
    also: tuple[tuple[str, type[BaseModel] | None], ...] = ()


_FEEDS = (("application/atom+xml", None), ("application/feed+json", JsonFeed))

OPERATIONS = {
    "/v1/articles": Operation(
        "listArticles",
        "A list of articles",
        "Cards of the articles in one or more languages, newest first: of all of them, or of those of a type, in a "
        "section, with a tag, by an author, published in a span of time, or updated since a time; or of those with "
        "certain ids. Of several values of one parameter, an article has at least one. Where "
        f"many are named (more than {MOST_LISTS} lists: languages times values), pages may be short. For the next "
        "page, send `next_cursor` as `cursor`, and for the page before `prev_cursor`, or follow the header `Link`, "
        "until there is none. An article that does not change in the meantime comes exactly once, whatever else is "
        "published, corrected or withdrawn. A cursor is valid for a day. Names must be complete; case does not matter. "
        "Articles without a known date come last, and are in no span of time.",
        ArticleList,
    ),
    "/v1/articles/{id}": Operation(
        "getArticle",
        "An article",
        "The whole article as it is now. A withdrawn article is a 410, which says when and why it was withdrawn: "
        "remove every copy of it.",
        PublicArticle,
        ("article-not-found", "article-withdrawn"),
        also=(("application/ld+json", NewsArticle),),
    ),
    "/v1/resolve": Operation(
        "resolveAddress",
        "The article at an address",
        "Redirects (308) to the article that is, or once was, at an address of the publisher's site. `www`, "
        "`/amp`, a slash at the end and parameters for tracking make no difference.",
        None,
        ("address-not-found", "article-withdrawn"),
        redirects=True,
    ),
    "/v1/fronts/{language}": Operation(
        "getFront",
        "The front",
        "The articles that a reader sees first: those that editors chose for the top and for sections, or the "
        "newest if they chose none, and breaking news.",
        FrontPage,
        ("language-not-found",),
    ),
    "/v1/breaking": Operation(
        "getBreakingNews",
        "Breaking news",
        "The articles that are breaking news now, newest first. Each stops being breaking news at its "
        "`breaking_until`.",
        BreakingNews,
    ),
    "/v1/changes": Operation(
        "listChanges",
        "What has changed",
        "For apps that keep copies of articles: which articles appeared, changed or were withdrawn, in this "
        "order; of one language, of several, or of all (`language=*`). It has no content. "
        "Without a cursor it begins with the oldest change that is kept "
        f"({DAYS_OF_CHANGES} days); with `cursor=now` it begins with the next change. Ask again with "
        "`next_cursor`: at once if `is_complete` is false, otherwise from time to time.",
        ChangeFeed,
        ("cursor-expired",),
    ),
    "/v1/sections": Operation("listSections", "Sections", "The sections of all languages, or of one.", Sections),
    "/v1/languages": Operation(
        "listLanguages",
        "Languages",
        "The languages that articles are published in, with their names and directions.",
        Languages,
    ),
    "/v1/newsletters": Operation(
        "listNewsletters",
        "Newsletters",
        "The newsletters that articles offer, of all languages or of one.",
        Newsletters,
    ),
    "/v1/topics": Operation(
        "listTopics",
        "Topics",
        "The topics, with their names in every language: all of them, or those that have a name in one language. "
        "Articles and cards name topics by their ids, so ask for these once, and keep them. An article is on the list "
        "of a topic (`topic` of /v1/articles) if it names the topic, or has one of its aliases among its tags.",
        Topics,
    ),
    "/v1/topics/{id}": Operation(
        "getTopic",
        "A topic",
        "One topic with its names in every language. A topic that was merged into another redirects (308) to that one.",
        TopicPage,
        ("subject-not-found",),
        moves="It was merged into another.",
    ),
    "/v1/authors": Operation(
        "listAuthors",
        "Authors",
        "The authors that editors keep, with their names in every language: all of them, or those that have a name in "
        "one language. An article is on the list of an author (`author` of /v1/articles, by id) if its byline names "
        "the id or one of the author's aliases.",
        Authors,
    ),
    "/v1/authors/{id}": Operation(
        "getAuthor",
        "An author",
        "One author with the names in every language. One that was merged into another redirects (308) to that one.",
        AuthorPage,
        ("subject-not-found",),
        moves="It was merged into another.",
    ),
    "/v1/shows": Operation(
        "listShows",
        "Shows",
        "The publisher's podcasts, with their names in every language: all of them, or those that have a name in one "
        "language. An article is an episode of a show (`show` of /v1/articles) if it names the show, or has one of its "
        "aliases among its tags.",
        Shows,
    ),
    "/v1/shows/{id}": Operation(
        "getShow",
        "A show",
        "One show with its names in every language. One that was merged into another redirects (308) to that one.",
        ShowPage,
        ("subject-not-found",),
        moves="It was merged into another.",
    ),
    "/v1/articles/{id}/posts": Operation(
        "getPosts",
        "The newest posts of a live blog",
        "At least the newest 20, the newest first, with those that are pinned and the key events. Ask again every few "
        "seconds, with the entity tag or with `after`, the highest number that you have. `version` of a post changes "
        "when it is corrected.",
        LivePosts,
        ("article-not-found", "article-withdrawn"),
    ),
    "/v1/articles/{id}/posts/{page}": Operation(
        "getPageOfPosts",
        "Older posts of a live blog",
        "Twenty posts. A page never changes, unless one of its posts is corrected or withdrawn. `older` of the newest "
        "posts leads to the last one, and each page to the one before.",
        PageOfPosts,
        ("article-not-found", "article-withdrawn", "posts-not-found"),
    ),
    "/v1/articles/{id}/chapters": Operation(
        "getChapters",
        "Chapters of a recording",
        "The chapters of the article's first recording that has any, in the form that podcast apps read.",
        Chapters,
        ("article-not-found", "article-withdrawn", "chapters-not-found"),
        media_type="application/json+chapters",
    ),
    "/v1/legal-notices": Operation(
        "listLegalNoticesDue",
        "The notices due",
        "The legal notices that this reader must see. Ask each time the app starts, since the reader may have "
        "travelled.",
        WithNotices,
    ),
    "/v1/legal-notices/{id}": Operation(
        "getLegalNotice",
        "A notice",
        "One notice as data, with its wording in every language.",
        NoticeAsData,
        ("legal-notice-not-found",),
    ),
    "/legal-notices/{id}": Operation(
        "getLegalNoticePage",
        "A notice as a page",
        "For people: the wording of the notice, what it means, and since when it is in effect.",
        None,
        ("legal-notice-not-found",),
        media_type="text/html",
    ),
    "/feeds/{file}": Operation(
        "getFeed",
        "The feed of a language",
        "The newest 30 articles as RSS 2.0, Atom 1.0 or JSON Feed 1.1; the end of the path says which: "
        "`en.rss`, `en.atom`, `en.json`. The notices come first in the content and in the summary of each "
        "item, and are there as data too: keep them. The feed names articles that were withdrawn: remove "
        "those. Send the ETag when you ask again. With `section` it is the feed of that section, whatever "
        "characters its name has; with `tag`, `topic` or `author` that of a tag, a topic or an author; with "
        "`only=breaking` that of breaking news, which has one page. Of a topic or an author that was merged, "
        "it redirects (308) to the feed of the other one. Older articles are on the pages that the feed names"
        ' (`rel="next"`, `next_url`; RFC 5005), to the end of the archive.',
        None,
        ("feed-not-found",),
        media_type="application/rss+xml",
        also=_FEEDS,
        moves="It was merged into another.",
    ),
    "/feeds/{language}/{file}": Operation(
        "getFeedOfSection",
        "The feed of a section",
        "The same as the feed of a language, for one section: `en/Culture.rss`. The name must be complete; case "
        "does not matter. A name with one of `/ ? # % ; \\` cannot be in a path: ask for `/feeds/{file}` with "
        "`section` instead.",
        None,
        ("feed-not-found",),
        media_type="application/rss+xml",
        also=_FEEDS,
    ),
    "/feeds/{language}/shows/{file}": Operation(
        "getFeedOfShow",
        "The feed of a show, for podcast apps",
        "The newest 100 episodes of a show in a language, as RSS with the elements of Apple Podcasts and of Podcasting "
        "2.0: `en/shows/mountain-radio.rss`. Every description begins with every legal notice in effect. If the show "
        "was merged into another, the answer redirects to the feed of that one.",
        None,
        ("feed-not-found",),
        media_type="application/rss+xml",
        moves="It was merged into another.",
    ),
    "/sitemaps/news.xml": Operation(
        "getNewsSitemap",
        "The news sitemap",
        "The articles of the last two days in all languages, at most 1,000, in the form that Google News reads. "
        "Articles without an address on the publisher's site are left out.",
        media_type="application/xml",
    ),
    "/sitemaps/index.xml": Operation(
        "getSitemapIndex",
        "The sitemaps",
        "The sitemap of each month in each language, from the oldest article to the newest, and the news sitemap.",
        media_type="application/xml",
    ),
    "/sitemaps/{language}/{file}": Operation(
        "getSitemap",
        "A month's sitemap",
        "The articles of a month (UTC) in a language, newest first, at most 5,000, each with the addresses of its "
        "translations (hreflang). Articles without an address on the publisher's site are left out.",
        None,
        ("sitemap-not-found",),
        media_type="application/xml",
    ),
    "/v1/search": Operation(
        "searchArticles",
        "Search",
        "The articles of a language that have all the words asked for, in whatever inflected form: the best first, or "
        "the newest. What was withdrawn is never found. `total` and `facets` are counted by the index, which may be "
        "some seconds behind, so they are not exact.",
        Results,
    ),
    "/v1/suggest": Operation(
        "suggest",
        "Suggestions",
        "While somebody types: words of headlines that begin as the last word typed, and the newest headlines with all "
        "words typed. Both are of articles that readers may have now.",
        Suggestions,
    ),
    "/v1/articles/{id}/related": Operation(
        "getRelatedArticles",
        "Related articles",
        "The articles in the same language that are most like this one; of those that are equally alike, the newer. "
        "There may be none.",
        RelatedArticles,
        ("article-not-found", "article-withdrawn"),
    ),
    "/media/{id}/{crop}/{file}": Operation(
        "getPicture",
        "A picture",
        "One file of a picture, in the width and the format that the path names. Take the address from `renditions`. A "
        "device may keep it for a year where no legal notice is in effect (`Cache-Control`), and nowhere else. Once no "
        "article shows the picture any more, it is gone (410).",
        None,
        ("picture-not-found", "picture-withdrawn"),
        media_type="image/avif",
        also=(("image/webp", None), ("image/jpeg", None)),
    ),
    "/media/{id}/{file}": Operation(
        "getRecording",
        "A recording, or captions",
        "The file of a recording, or of captions (`captions.vtt`), as an article names it. It takes `Range`. A device "
        "may keep it for a year where no legal notice is in effect (`Cache-Control`), and nowhere else. Once no "
        "article has it any more, it is gone (410). The API itself gives at most 4 MB at once; the publisher's public "
        "address gives files whole.",
        None,
        ("recording-not-found", "recording-withdrawn", "range-required", "range-not-satisfiable"),
        media_type="audio/mpeg",
        also=tuple((each, None) for each in (*list(RECORDED_FILES)[1:], CAPTIONS_TYPE)),
    ),
    "/v1/newsletters/{id}/digest": Operation(
        "getDigest",
        "What a newsletter has had since a time",
        "For whoever sends it by mail: headlines, standfirsts and addresses of its articles, the newest first, as HTML "
        "or as text of at most 100 KB, with every legal notice first. If more follows, the header `Link` leads to it.",
        None,
        ("newsletter-not-found",),
        media_type="text/html",
        also=(("text/plain", None),),
    ),
    "/v1/bundles/{language}/{span}": Operation(
        "getBundle",
        "The articles of a day or a week as one file",
        "What the file is, and every legal notice: show them, and ask whether the reader wants the file, since to save "
        "it can be punished. Then send `save=accepted`, and the answer leads to the file: a zip of pages and JSON with "
        "the notices first in each. Its manifest is signed, and says when the file expires and, in `withdrawn`, which "
        "articles of earlier files to delete.",
        AboutBundle,
        ("bundle-not-found",),
        moves="The file, once the reader wants it.",
    ),
    "/mirror": Operation(
        "getMirror",
        "The mirror",
        "Leads to the first page of the mirror: a whole site of small pages that need no script, with every legal "
        "notice first on each, to be copied to other hosts. Nobody may keep it on the way to a reader.",
        redirects=True,
    ),
    "/mirror/{file}": Operation(
        "getMirrorRoot",
        "A file in the root of the mirror",
        "`manifest.json` names every file with its SHA-256, and is signed. `about.html` says until when a copy may be "
        "trusted.",
        None,
        ("mirror-file-not-found",),
        media_type="text/html",
        also=(("application/json", None),),
    ),
    "/mirror/{folder}/{file}": Operation(
        "getMirrorFile",
        "A file of the mirror",
        "A page, the same as JSON, or a picture. Every page, and every JSON of a page, has all legal notices that are "
        "in effect, wherever its reader is.",
        None,
        ("mirror-file-not-found",),
        media_type="text/html",
        also=(("application/json", None), ("image/webp", None)),
    ),
    "/v1/openapi.json": Operation("getContract", "This contract", "OpenAPI 3.1."),
    "/v1/docs": Operation(
        "getDocumentation", "This page", "The contract as a page for people.", media_type="text/html"
    ),
    "/embed/articles/{id}": Operation(
        "getEmbed",
        "An article in a frame",
        "A page for an `iframe`. Where the reader who opens it must see the notice, the notice comes first, and "
        "nothing on the page shares or saves the article. It sets no cookie, and loads nothing from third parties"
        " but the article's own pictures and recordings. Errors are pages too.",
        None,
        ("article-not-found", "article-withdrawn"),
        media_type="text/html",
    ),
    "/embed.js": Operation(
        "getElement",
        "The element `content-article`",
        "The script of an HTML element for partners' pages. The element shows the article in a frame as high as "
        "the article, and loads it when the reader scrolls near it. If the frame is blocked, it shows the notice,"
        " and what the partner wrote between the tags.",
        media_type="text/javascript",
    ),
    "/v1/oembed": Operation(
        "getOEmbed",
        "oEmbed",
        "oEmbed 1.0, type `rich`: `html` contains the notice, a link, and the article in a sandboxed frame. "
        "Whoever asks is not the reader, so the notice is always there: keep it. Unknown parameters are ignored.",
        OEmbed,
        ("resource-not-public", "article-not-found", "address-not-found", "article-withdrawn", "format-not-spoken"),
    ),
}
