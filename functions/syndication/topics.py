"""Which feed a path names: `en.rss`, `en/culture.atom`."""

from __future__ import annotations

from content_api.names.feed_addresses import EXTENSIONS, FULL, feed_address
from content_api.names.keys import ALL, facet
from content_api.reader_api.parameters import bad_parameters, language, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from content_api.reader_api.exchange import Exchange


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
    """Raises BadParameters. The end of the last part of the path is the format: a section may have dots in its name."""
    named: Mapping[str, str] = exchange.request.path_parameters
    name, _, extension = named["file"].rpartition(".")
    if extension not in EXTENSIONS:
        known = ", ".join(f".{each}" for each in EXTENSIONS)
        raise bad_parameters(("file", f"file ends with one of {known}, such as en.rss or en/Culture.json"))
    if "language" in named:
        spoken = _read(language, "language", named["language"])
        listed = facet("section", _read(name_of, "file", name))
    else:
        spoken, listed = _read(language, "language", name), ALL
    return Topic(spoken, listed, extension, exchange.parameters.get("content", FULL), exchange.settings.public_url)


def _read(reader: Callable[[str], str], name: str, text: str) -> str:
    try:
        return reader(text)
    except ValueError as error:
        raise bad_parameters((name, f"{name} {error}")) from error
