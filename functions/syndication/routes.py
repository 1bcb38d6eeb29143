"""What partner sites may ask for: by their servers, and by their readers' browsers."""

from __future__ import annotations

from content_api.reader_api.routes import Route
from content_api.reader_api.surface import Surface
from syndication.parameters import VOCABULARY

ROUTES = (
    Route(
        "/embed/articles/{id}",
        "syndication.embeds.embed.get_embed",
        "theme",
        problems="syndication.embeds.embed.problem_page",
    ),
    Route("/embed.js", "syndication.embeds.element.get_element"),
    # Consumers send more than the specification has, which providers should ignore (oEmbed 1.0, section 2.2).
    Route(
        "/v1/oembed",
        "syndication.embeds.oembed.get_oembed",
        "maxwidth maxheight format theme",
        required="url",
        ignores_unknown=True,
    ),
    Route("/v1/newsletters/{id}/digest", "syndication.digest.get_digest", "as before", required="language since"),
    Route("/feeds/{file}", "syndication.feeds.serving.get_feed", "before content section tag topic author only"),
    Route("/feeds/{language}/{file}", "syndication.feeds.serving.get_feed", "before content"),
    Route("/feeds/{language}/shows/{file}", "syndication.podcasts.serving.get_show_feed", "before"),
    Route("/sitemaps/news.xml", "syndication.sitemap.get_news_sitemap"),
    Route("/sitemaps/index.xml", "syndication.archive_sitemaps.get_index"),
    Route("/sitemaps/{language}/{file}", "syndication.archive_sitemaps.get_month"),
)
SURFACE = Surface(ROUTES, VOCABULARY)
