"""Makes the addresses of feeds. A feed states its own address, and a WebSub hub is told the same text."""

from __future__ import annotations

import re

from content_api.names.keys import ALL, BREAKING

# Formats, by the end of their addresses.
EXTENSIONS = ("rss", "atom", "json")
FULL = "full"
SUMMARY = "summary"

# What a path may not hold, even percent-encoded: HTTP APIs decode the path, split it at a decoded slash and cut it at
# a decoded question mark; others on the way treat the rest of these as more than a character of a name.
_UNFIT_FOR_PATHS = re.compile(r"[/?#%;\\\x00-\x1f\x7f]")


def feed_address(
    public_url: str, language: str, facet: str, extension: str, content: str = FULL, before: str = ""
) -> str:
    """The one address of the feed of a list, however it was asked for. `facet` is that of the list: a language's, or
    that of a section (`section#culture`), a tag, a topic, an author, or of breaking news. `before` is the position that
    an older page of the feed goes on behind.

    A section's name stands in the path, `/feeds/en/culture.rss`; one that a path may not hold is a parameter,
    `/feeds/en.rss?section=art%2Flife`, and so is what else a feed may be of. Parameters are sorted, as the edge passes
    them on.
    """
    if facet == ALL and content == FULL and not before:
        return f"{public_url}/feeds/{language}.{extension}"
    from urllib.parse import quote  # noqa: PLC0415 - most feeds are a language's

    kind, _, value = facet.partition("#")
    parameters: dict[str, str] = {}
    if before:
        parameters["before"] = before
    if content != FULL:
        parameters["content"] = content
    named = language
    if facet == BREAKING:
        parameters["only"] = BREAKING
    elif kind == "section" and not _UNFIT_FOR_PATHS.search(value):
        named = f"{language}/{quote(value, safe='')}"
    elif value:
        parameters[kind] = value
    query = "&".join([f"{name}={quote(parameters[name], safe='')}" for name in sorted(parameters)])
    return f"{public_url}/feeds/{named}.{extension}{'?' if query else ''}{query}"


def feed_addresses(public_url: str, language: str, facet: str) -> list[str]:
    """The addresses of all feeds of a list: each format, in full and as a summary."""
    return [
        feed_address(public_url, language, facet, extension, content)
        for content in (FULL, SUMMARY)
        for extension in EXTENSIONS
    ]


def has_hub(facet: str) -> bool:
    """Whether a hub is told of what is new in the feeds of a list. It is told of languages, sections and breaking news:
    with those of each tag and each author, an article would take some 40 requests to the hub.
    """
    return facet in {ALL, BREAKING} or facet.startswith("section#")
