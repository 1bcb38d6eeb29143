"""Where an article stands in the table beside its own item: the lists it is on, the addresses it is found at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.content.addresses import comparable
from content_api.names.keys import ALL, BREAKING, facet, list_partition, position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from content_api.content.article import Article


@dataclass(frozen=True, slots=True)
class Placement:
    """The lists that a published article is on. `facets` are those it can be found by, and the newsletters that it
    offers; `breaking_position` is empty
    where it is no breaking news.
    """

    language: str
    facets: frozenset[str]
    position: str
    breaking_position: str = ""

    def keys(self) -> set[tuple[str, str]]:
        """Partition and sort keys of its cards: at most 28, by the model's limits."""
        found = {(list_partition(self.language, each), self.position) for each in (ALL, *self.facets)}
        if self.breaking_position:
            found.add((list_partition(self.language, BREAKING), self.breaking_position))
        return found

    def attributes(self) -> dict[str, Any]:
        """As kept in the article's item, typed for DynamoDB, which has no empty set."""
        kept: dict[str, Any] = {"position": {"S": self.position}}
        if self.facets:
            kept["facets"] = {"SS": sorted(self.facets)}
        if self.breaking_position:
            kept["breaking_position"] = {"S": self.breaking_position}
        return kept


def placement(article: Article) -> Placement | None:
    """None for a draft, which is on no list."""
    if article.status != "published":
        return None
    named = [("tag", tag) for tag in article.tags] + [("author", author.name) for author in article.byline]
    named += [("newsletter", each.name) for each in article.newsletters]
    if article.section:
        named.append(("section", article.section))
    breaking = position(article.breaking_until, article.id) if article.breaking_until else ""
    return Placement(
        article.language,
        frozenset(facet(kind, value) for kind, value in named),
        position(article.published_at, article.id),
        breaking,
    )


def placement_in(item: Mapping[str, Any]) -> Placement | None:
    """The placement kept in an article's item."""
    if "position" not in item:
        return None
    facets = frozenset(item["facets"]["SS"]) if "facets" in item else frozenset[str]()
    breaking = item["breaking_position"]["S"] if "breaking_position" in item else ""
    return Placement(item["language"]["S"], facets, item["position"]["S"], breaking)


def addresses(article: Article) -> list[str]:
    """The addresses that lead to the article, comparable, each once. Raises NotAnAddress."""
    return list(dict.fromkeys(comparable(url) for url in (article.url, *article.aliases) if url))
