"""What messages ask the mirror to make anew. Messages may come twice and in any order: each names what is out of date,
and what it says now is read from the table.

{"article", "shelf", "days", "sections"}   an article on the shelf where it stands or stood, and lists of the shelf
{"shelf", "days", "sections"}              lists of a shelf
{"front"}                                  the front of a language
{"bundle"}                                 the bundles of a language
{"remake"}                                 everything on a shelf; it becomes messages for its articles and lists
"""

import json
from dataclasses import dataclass, field

from content_api.names.mirror_paths import language_of


@dataclass(slots=True)
class Work:
    """`articles` are pairs of a shelf and an id, `days` of a shelf and a day, `sections` of a shelf and the value of a
    section's facet.
    """

    articles: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    days: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    sections: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    fronts: set[str] = field(default_factory=set[str])
    bundles: set[str] = field(default_factory=set[str])
    remade: set[str] = field(default_factory=set[str])
    # The ids of the messages about each article.
    messages: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def add(self, body: str, message_id: str) -> None:
        """Raises ValueError, KeyError and TypeError for a message that cannot be read."""
        message = json.loads(body)
        if "front" in message:
            self.fronts.add(str(message["front"]))
            return
        if "bundle" in message:
            self.bundles.add(str(message["bundle"]))
            return
        if "remake" in message:
            self.remade.add(str(message["remake"]))
            return
        shelf = str(message["shelf"])
        self.days |= {(shelf, str(each)) for each in message.get("days", [])}
        self.sections |= {(shelf, str(each)) for each in message.get("sections", [])}
        if "article" in message:
            article_id = str(message["article"])
            self.articles.add((shelf, article_id))
            self.messages.setdefault(article_id, []).append(message_id)

    def languages(self) -> list[str]:
        """Those that the messages are about."""
        shelves = {shelf for shelf, _ in (*self.articles, *self.days, *self.sections)} | self.remade
        return sorted({language_of(each) for each in shelves} | self.fronts | self.bundles)
