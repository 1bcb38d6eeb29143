"""The catalogue: the sections that published articles are in, and the newsletters that they offer, in the words of the
article that was written last.

An entry is written in the same transaction as the article that names it. When an article leaves a section, the entry
takes the words of another article in that section. When the last article leaves, the entry becomes empty: the section
is listed no more, and its feed still says which articles were withdrawn. The lists cannot change between this look and
the transaction: every article that is put on a list of a language, or taken off one, takes the next number of its
changes, and the transaction fails if that number was taken meanwhile.
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
    """The typed key of the entry of a facet."""
    kind, _, value = name.partition("#")
    return typed(catalogue_key(_PARTITIONS[kind], language, value))


def facet_of_entry(partition: str, position: str) -> str:
    """The facet whose entry has this key."""
    kind = next(kind for kind, each in _PARTITIONS.items() if each == partition)
    return f"{kind}#{position.partition('#')[2]}"


def entry_from(listed: Item, language: str, name: str) -> Item:
    """The entry of a facet in the words of an article that stands on its list."""
    if "entry" in listed:
        return _item(language, name, listed["entry"]["S"])
    card = json.loads(cards.unpacked([listed["card"]["B"]]))
    return _item(language, name, _section_entry(language, card["section"]))


def emptying(language: str, name: str) -> dict[str, Any]:
    """The update (members of DynamoDB's Update) that makes the entry of a facet empty."""
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
