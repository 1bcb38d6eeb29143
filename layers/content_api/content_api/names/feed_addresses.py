"""Makes the addresses of feeds. A feed states its own address, and a WebSub hub is told the same text."""

from __future__ import annotations

import re

from content_api.names.keys import ALL

# Formats, by the end of their addresses.
EXTENSIONS = ("rss", "atom", "json")
FULL = "full"
SUMMARY = "summary"

# What a path may not hold, even percent-encoded: HTTP APIs decode the path, split it at a decoded slash and cut it at
# a decoded question mark; others on the way treat the rest of these as more than a character of a name.
_UNFIT_FOR_PATHS = re.compile(r"[/?#%;\\\x00-\x1f\x7f]")


def feed_address(public_url: str, language: str, facet: str, extension: str, content: str = FULL) -> str:
    """The one address of a language's feed, or of a section's (`section#culture`), however it was asked for.

    A section's name stands in the path, `/feeds/en/culture.rss`; one that a path may not hold is a parameter,
    `/feeds/en.rss?section=art%2Flife`. Parameters are sorted, as the edge passes them on.
    """
    if facet == ALL and content == FULL:
        return f"{public_url}/feeds/{language}.{extension}"
    from urllib.parse import quote  # noqa: PLC0415 - most feeds are a language's

    section = "" if facet == ALL else facet.partition("#")[2]
    parameters = [] if content == FULL else [f"content={content}"]
    named = language
    if _UNFIT_FOR_PATHS.search(section):
        parameters.append(f"section={quote(section, safe='')}")
    elif section:
        named = f"{language}/{quote(section, safe='')}"
    return f"{public_url}/feeds/{named}.{extension}{'?' if parameters else ''}{'&'.join(parameters)}"


def feed_addresses(public_url: str, language: str, facet: str) -> list[str]:
    """The addresses of all feeds of a list: each format, in full and as a summary."""
    return [
        feed_address(public_url, language, facet, extension, content)
        for content in (FULL, SUMMARY)
        for extension in EXTENSIONS
    ]
