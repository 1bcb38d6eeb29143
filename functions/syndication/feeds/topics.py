"""The feed that an address names: `en.rss`, `en/culture.atom`, `en.json?section=art%2Flife`, `en.rss?tag=libraries`."""

from __future__ import annotations

from content_api.http.problems import Problem
from content_api.names.feed_addresses import EXTENSIONS, FULL, feed_address
from content_api.names.keys import ALL, BREAKING, facet
from content_api.reader_api.parameters import language, name_of, one_of
from syndication.parameters import SUBJECTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from content_api.reader_api.exchange import Exchange


_extension = one_of(*EXTENSIONS)


class Topic:
    """What a feed is about, and its form. `facet` names what it is of. `lists` are the facets whose lists it is made
    from: for most feeds that one alone, for a topic or an author those of all that it stands for. `before` is the
    position in the lists that this page of the feed goes on behind; empty for the newest.
    """

    __slots__ = ("_public_url", "before", "content", "extension", "facet", "language", "lists")

    def __init__(
        self, language: str, facet: str, extension: str, content: str, public_url: str, before: str = ""
    ) -> None:
        self.language = language
        self.facet = facet
        self.lists: tuple[str, ...] = (facet,)
        self.extension = extension
        self.content = content
        self.before = before
        self._public_url = public_url

    @property
    def address(self) -> str:
        return self.page(self.before)

    def of(self, subject_id: str) -> str:
        """The address of the same page of the feed of another topic, or another author."""
        kind = self.facet.partition("#")[0]
        other = facet(kind, subject_id)
        return feed_address(self._public_url, self.language, other, self.extension, self.content, self.before)

    def page(self, before: str) -> str:
        """The address of another page of the feed. The first page has an empty position."""
        return feed_address(self._public_url, self.language, self.facet, self.extension, self.content, before)


def topic(exchange: Exchange) -> Topic:
    """The topic of a request. The text after the last dot of the path is the format, since a section may have dots in
    its name. Raises Problem (feed-not-found) if no feed has this path.
    """
    named: Mapping[str, str] = exchange.request.path_parameters
    given = exchange.parameters
    name, _, extension = named.get("file", "").rpartition(".")
    kind = next((each for each in SUBJECTS if each in given), "")
    value: str = given.get(kind, "")
    try:
        _extension(extension)
        if "language" in named:
            kind, value = "section", name_of(name)
        spoken = language(named.get("language", name))
    except ValueError as error:
        raise Problem(
            "feed-not-found", f"No feed has this path, en.rss or en/Culture.json being such: a part of it {error}."
        ) from error
    listed = BREAKING if kind == "only" else facet(kind, value) if kind else ALL
    content = given.get("content", FULL)
    return Topic(spoken, listed, extension, content, exchange.settings.public_url, given.get("before", ""))
