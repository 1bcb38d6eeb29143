"""Subjects: what articles belong to, and what lists and feeds are of. Topics, authors and shows are subjects.

All subjects are kept in one way, and `Kind` has what differs. An article names a subject by its id. An article that
names none may still be on its list, by a word of its own: a topic or a show may stand for tags, and an author for the
names in bylines. These are the subject's aliases.

The id of a subject belongs to no language. It never changes, and never comes to mean something else.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


class Kind:
    """`name` is the kind's name in parameters, in cache tags, and before an `s` in paths. The subjects are in
    `partition` of the table, by id. `facet` is the kind of facet by which articles that name a subject's id are listed,
    and `alias_facet` the one by which they are listed that have one of its aliases.
    """

    __slots__ = ("alias_facet", "facet", "name", "partition")

    def __init__(self, name: str, partition: str, facet: str, alias_facet: str) -> None:
        self.name = name
        self.partition = partition
        self.facet = facet
        self.alias_facet = alias_facet

    @property
    def plural(self) -> str:
        return f"{self.name}s"


TOPIC: Final = Kind("topic", "TOPICS", "topic", "tag")
AUTHOR: Final = Kind("author", "AUTHORS", "author_id", "author")
SHOW: Final = Kind("show", "SHOWS", "show", "tag")
KINDS: Final = (TOPIC, AUTHOR, SHOW)

# What an id may be, as an article's may.
ID_PATTERN: Final = r"[a-z0-9][a-z0-9-]{0,95}"
# The lists that make up the list of a subject: those of its id, of its aliases, and of what was merged into it. A
# reader's request is filtered by so many, and a merge writes an item for each id (at most 100, `quotas.
# TRANSACTION_ACTIONS`).
MOST_LISTS: Final = 40


def kind_in(partition: str) -> Kind | None:
    """The kind whose subjects are in the partition. None if no kind's are."""
    return next((kind for kind in KINDS if kind.partition == partition), None)
