"""The catalogue: the sections that articles are in, and the newsletters that they offer."""

from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.content.document import compact_json
from content_api.names.keys import NEWSLETTERS, SECTIONS, catalogue_key

if TYPE_CHECKING:
    from content_api.content.article import Article


def catalogue_items(article: "Article") -> list[Item]:
    """The entries of the section and the newsletters that an article names, in its words."""
    noted: list[tuple[str, dict[str, Any]]] = []
    if article.section:
        noted.append((SECTIONS, {"language": article.language, "name": article.section}))
    for each in article.newsletters:
        offer = {"language": article.language, **each.model_dump(include={"name", "description", "url"})}
        noted.append((NEWSLETTERS, offer))
    return [
        typed(catalogue_key(partition, article.language, entry["name"]) | {"entry": compact_json(entry).decode()})
        for partition, entry in noted
    ]
