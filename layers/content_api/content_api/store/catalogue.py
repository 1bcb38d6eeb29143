"""The catalogue: the sections that published articles are in, and the newsletters that they offer, in the words of the
article that was written last.

An entry is written with the article that names it, in the same transaction. An article that leaves a section looks for
another one in it: the entry is then in that one's words. With the last article it becomes empty: it is listed no more,
and the section's feed goes on telling what was withdrawn. What is looked at on lists holds until the transaction:
whoever is put on a list of a language, or taken off one, takes the next number of its changes.
"""

import json
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.content import cards
from content_api.content.document import compact_json
from content_api.names.keys import EMPTY, NEWSLETTERS, SECTIONS, catalogue_key, facet

if TYPE_CHECKING:
    from content_api.content.article import Article

SECTION = "section"
NEWSLETTER = "newsletter"
_PARTITIONS = {SECTION: SECTIONS, NEWSLETTER: NEWSLETTERS}


def offers_of(article: "Article") -> dict[str, str]:
    """The entries of the newsletters that an article offers, by the facets whose lists they stand on."""
    return {
        facet(NEWSLETTER, each.name): compact_json(
            {"language": article.language, **each.model_dump(include={"name", "description", "url"})}
        ).decode()
        for each in article.newsletters
    }


def entries_of(article: "Article") -> list[Item]:
    """The catalogue's items that an article writes."""
    found = dict(offers_of(article))
    if article.section:
        found[facet(SECTION, article.section)] = _section_entry(article.language, article.section)
    return [_item(article.language, each, entry) for each, entry in found.items()]


def is_catalogued(name: str) -> bool:
    """Whether a facet has an entry in the catalogue."""
    return name.partition("#")[0] in _PARTITIONS


def key_of_entry(language: str, name: str) -> Item:
    """Of the entry of a facet, typed."""
    kind, _, value = name.partition("#")
    return typed(catalogue_key(_PARTITIONS[kind], language, value))


def facet_of_entry(partition: str, position: str) -> str:
    """The facet whose entry stands under that key."""
    kind = next(kind for kind, each in _PARTITIONS.items() if each == partition)
    return f"{kind}#{position.partition('#')[2]}"


def entry_from(listed: Item, language: str, name: str) -> Item:
    """The entry of a facet in the words of an article that stands on its list."""
    if "entry" in listed:
        return _item(language, name, listed["entry"]["S"])
    card = json.loads(cards.unpacked([listed["card"]["B"]]))
    return _item(language, name, _section_entry(language, card["section"]))


def emptying(language: str, name: str) -> dict[str, Any]:
    """The update (members of DynamoDB's Update) by which the entry of a facet is empty."""
    entry = _section_entry(language, name.partition("#")[2])
    return {
        "UpdateExpression": f"SET {EMPTY} = :true, #entry = if_not_exists(#entry, :entry)",
        "ExpressionAttributeNames": {"#entry": "entry"},
        "ExpressionAttributeValues": {":true": {"BOOL": True}, ":entry": {"S": entry}},
    }


def _section_entry(language: str, name: str) -> str:
    return compact_json({"language": language, "name": name}).decode()


def _item(language: str, name: str, entry: str) -> Item:
    return key_of_entry(language, name) | typed({"entry": entry})
