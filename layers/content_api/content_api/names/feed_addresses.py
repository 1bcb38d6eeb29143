"""Where feeds are: what the feeds say of themselves, and what a WebSub hub is told of, which must be the same text."""

from __future__ import annotations

from content_api.names.keys import ALL

# By what their addresses end in.
EXTENSIONS = ("rss", "atom", "json")
FULL = "full"
SUMMARY = "summary"


def feed_address(public_url: str, language: str, facet: str, extension: str, content: str = FULL) -> str:
    """Of a language's feed, or of that of a section (`section#culture`): one address, however it was asked for."""
    named = f"{language}.{extension}"
    if facet != ALL:
        from urllib.parse import quote  # noqa: PLC0415 - most feeds are a language's

        named = f"{language}/{quote(facet.partition('#')[2], safe='')}.{extension}"
    return f"{public_url}/feeds/{named}{'' if content == FULL else f'?content={content}'}"


def feed_addresses(public_url: str, language: str, facet: str) -> list[str]:
    """Of all forms in which a list is a feed."""
    return [
        feed_address(public_url, language, facet, extension, content)
        for content in (FULL, SUMMARY)
        for extension in EXTENSIONS
    ]
