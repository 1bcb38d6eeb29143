"""Where an article stands in the table besides its own item: the lists that it is on, and the addresses that lead to
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.content.addresses import comparable
from content_api.names.keys import ALL, BREAKING, UPDATED, facet, list_partition, position
from content_api.names.subjects import AUTHOR, SHOW, TOPIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from content_api.content.article import Article


@dataclass(frozen=True, slots=True)
class Placement:
    """The lists that a published article is on. `facets` are the sections, tags, topics and so on whose lists it is on,
    and the newsletters that it offers. `breaking_position` is empty if the article is not breaking news.
    `updated_position` is empty in an item that was written before there was a list by update.
    """

    language: str
    facets: frozenset[str]
    position: str
    breaking_position: str = ""
    updated_position: str = ""

    def keys(self) -> set[tuple[str, str]]:
        """Partition and sort keys of the article's cards: at most 30, by the limits of `Article`."""
        found = {(list_partition(self.language, each), self.position) for each in (ALL, *self.facets)}
        if self.breaking_position:
            found.add((list_partition(self.language, BREAKING), self.breaking_position))
        if self.updated_position:
            found.add((list_partition(self.language, UPDATED), self.updated_position))
        return found

    def attributes(self) -> dict[str, Any]:
        """The placement as attributes of the article's item, typed for DynamoDB. DynamoDB has no empty set, so `facets`
        is left out if there are none.
        """
        kept: dict[str, Any] = {"position": {"S": self.position}}
        if self.facets:
            kept["facets"] = {"SS": sorted(self.facets)}
        if self.breaking_position:
            kept["breaking_position"] = {"S": self.breaking_position}
        if self.updated_position:
            kept["updated_position"] = {"S": self.updated_position}
        return kept


def placement(article: Article) -> Placement | None:
    """The lists of an article. None for a draft, which is on no list for readers."""
    if article.status != "published":
        return None
    named = [("tag", tag) for tag in article.tags] + [("author", author.name) for author in article.byline]
    named += [(TOPIC.facet, each) for each in article.topics]
    named += [(AUTHOR.facet, author.id) for author in article.byline if author.id]
    named += [("newsletter", each.name) for each in article.newsletters]
    named.append(("type", article.type))
    if article.episode:
        named.append((SHOW.facet, article.episode.show))
    if article.section:
        named.append(("section", article.section))
    breaking = position(article.breaking_until, article.id) if article.breaking_until else ""
    return Placement(
        article.language,
        frozenset(facet(kind, value) for kind, value in named),
        position(article.published_at, article.id),
        breaking,
        position(article.updated_at or article.published_at, article.id),
    )


def placement_in(item: Mapping[str, Any]) -> Placement | None:
    """The placement that an article's item holds. None if it holds none."""
    if "position" not in item:
        return None
    facets = frozenset(item["facets"]["SS"]) if "facets" in item else frozenset[str]()
    breaking = item["breaking_position"]["S"] if "breaking_position" in item else ""
    updated = item["updated_position"]["S"] if "updated_position" in item else ""
    return Placement(item["language"]["S"], facets, item["position"]["S"], breaking, updated)


def addresses(article: Article) -> list[str]:
    """The addresses that lead to the article, in the form in which addresses are compared, each once. Raises
    NotAnAddress.
    """
    return list(dict.fromkeys(comparable(url) for url in (article.url, *article.aliases) if url))
