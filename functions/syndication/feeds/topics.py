"""Which feed an address names: `en.rss`, `en/culture.atom`, `en.json?section=art%2Flife`."""

from __future__ import annotations

from content_api.http.problems import Problem
from content_api.names.feed_addresses import EXTENSIONS, FULL, feed_address
from content_api.names.keys import ALL, facet
from content_api.reader_api.parameters import language, name_of, one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from content_api.reader_api.exchange import Exchange


_extension = one_of(*EXTENSIONS)


class Topic:
    """What a feed is of, and in which form; `facet` is that of the list that it is made of."""

    __slots__ = ("address", "content", "extension", "facet", "language")

    def __init__(self, language: str, facet: str, extension: str, content: str, public_url: str) -> None:
        self.language = language
        self.facet = facet
        self.extension = extension
        self.content = content
        self.address = feed_address(public_url, language, facet, extension, content)


def topic(exchange: Exchange) -> Topic:
    """Raises Problem (feed-not-found) for a path that no feed has. What stands behind the last dot of the path is the
    format: a section may have dots in its name.
    """
    named: Mapping[str, str] = exchange.request.path_parameters
    name, _, extension = named.get("file", "").rpartition(".")
    section: str = exchange.parameters.get("section", "")
    try:
        _extension(extension)
        if "language" in named:
            section = name_of(name)
        spoken = language(named.get("language", name))
    except ValueError as error:
        raise Problem(
            "feed-not-found", f"No feed has this path, en.rss or en/Culture.json being such: a part of it {error}."
        ) from error
    listed = facet("section", section) if section else ALL
    return Topic(spoken, listed, extension, exchange.parameters.get("content", FULL), exchange.settings.public_url)
