"""The paths for apps."""

from __future__ import annotations

from content_api.reader_api.routes import Route
from content_api.reader_api.surface import Surface
from reading.parameters import VOCABULARY

ROUTES = (
    Route(
        "/v1/articles",
        "reading.lists.get_articles",
        "ids type section tag topic author show from to updated_since order limit cursor fields",
        required="language",
        several="language ids type section tag topic author show",
        selects="card",
    ),
    Route("/v1/articles/{id}", "reading.articles.get_article", "body fields format version", selects="article"),
    Route("/v1/resolve", "reading.resolve.get_resolved", required="url"),
    Route("/v1/fronts/{language}", "reading.fronts.get_front"),
    Route("/v1/breaking", "reading.lists.get_breaking", "fields", required="language", selects="card"),
    Route("/v1/changes", "reading.changes.get_changes", "cursor", required="language", several="language"),
    Route("/v1/sections", "reading.catalogue.get_sections", "language cursor"),
    Route("/v1/languages", "reading.catalogue.get_languages", "language"),
    Route("/v1/newsletters", "reading.catalogue.get_newsletters", "language cursor"),
    Route("/v1/topics", "reading.subjects.get_topics", "language cursor"),
    Route("/v1/topics/{id}", "reading.subjects.get_topic", "language"),
    Route("/v1/authors", "reading.subjects.get_authors", "language cursor"),
    Route("/v1/authors/{id}", "reading.subjects.get_author", "language"),
    Route("/v1/shows", "reading.subjects.get_shows", "language cursor"),
    Route("/v1/shows/{id}", "reading.subjects.get_show", "language"),
    Route("/v1/articles/{id}/posts", "reading.live.get_posts", "after"),
    Route("/v1/articles/{id}/posts/{page}", "reading.live.get_page"),
    Route("/v1/articles/{id}/chapters", "reading.chapters.get_chapters"),
    Route("/v1/legal-notices", "reading.legal_notices.get_notices_due", "language"),
    Route("/v1/legal-notices/{id}", "reading.legal_notices.get_notice", "language"),
    Route(
        "/legal-notices/{id}",
        "reading.legal_notices.get_notice_page",
        problems="reading.legal_notice_page.problem_page",
    ),
    Route("/v1/bundles/{language}/{span}", "reading.bundles.get_bundle", "save"),
    Route("/mirror", "reading.mirror.get_index"),
    Route("/mirror/{file}", "reading.mirror.get_file"),
    Route("/mirror/{folder}/{file}", "reading.mirror.get_file"),
    Route("/v1/openapi.json", "reading.contract.get_openapi"),
    Route("/v1/docs", "reading.contract.get_docs"),
)
# The paths of the other functions that readers reach.
_OTHERS = (
    "/embed/articles/{id}",
    "/embed.js",
    "/v1/oembed",
    "/v1/newsletters/{id}/digest",
    "/feeds/{file}",
    "/feeds/{language}/{file}",
    "/feeds/{language}/shows/{file}",
    "/sitemaps/news.xml",
    "/sitemaps/index.xml",
    "/sitemaps/{language}/{file}",
    "/v1/search",
    "/v1/suggest",
    "/v1/articles/{id}/related",
    "/media/{id}/{crop}/{file}",
    "/media/{id}/{file}",
)
SURFACE = Surface(ROUTES, VOCABULARY, others=_OTHERS, folders=("/mirror/",))
