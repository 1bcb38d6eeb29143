"""Known items: who remembers some words of an article finds it among the first three, also misspelt.

The articles are the generated archive's, one of each headline. `python tests/unit/search/known_items.py` prints the
table of docs/search.md.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from tantivy import Index

import newsroom
from content_api.content.document import public_fields
from content_search.analysis.words import words
from content_search.building import build
from content_search.entries import Entry, entry_of
from content_search.fields import schema
from content_search.misspelt import corrected, query_near, unknown_in, without
from content_search.queries import query_of
from content_search.question import read
from content_search.results import search

KINDS = ("headline", "text", "misspelt")
_FIRST = 3  # hits among which the article has to be
_STORIES = 400  # of which many have the same headline


class Archive:
    """The articles of one language in an index on this disk."""

    def __init__(self, language: str, folder: Path) -> None:
        made = newsroom.articles(_STORIES * len(newsroom.LANGUAGES))
        entries = [entry_of(public_fields(each, 1), frozenset()) for each in made if each.language == language]
        self.entries = {each.headline: each for each in entries}
        self._by_id = {each.id: each for each in self.entries.values()}
        self.language = language
        build(folder / language, language, self.entries.values())
        self._indexes = [Index(schema(), path=str(folder / language), reuse=True)]
        said = [
            {word.text for word in words(f"{each.headline} {each.text}", language)} for each in self._by_id.values()
        ]
        self._frequency = Counter(word for each in said for word in each)

    def share_found(self, kind: str) -> float:
        """The share of the articles that are found, from 0 to 1."""
        asked: dict[str, Callable[[Entry], str]] = {
            "headline": lambda entry: " ".join(self._rarest(entry.headline, 8)),
            "text": lambda entry: " ".join(self._rarest(entry.text, 4)),
            "misspelt": lambda entry: self._misspelt(self._rarest(entry.headline, 8)),
        }
        found = sum(entry.id in self._found(asked[kind](entry)) for entry in self.entries.values())
        return found / len(self.entries)

    def _found(self, typed: str) -> list[str]:
        question = read(typed, self.language)
        query = query_of(question, self.language)
        hits = search(self._indexes, query, first=_FIRST, newest_first=False, with_facets=False).hits
        if hits or not (unknown := unknown_in(self._indexes, typed, question, self.language)):
            return [hit.id for hit in hits]
        near = query_near(query_of(without(question, unknown), self.language), unknown)
        likely = search(self._indexes, near, first=8, newest_first=False, with_facets=False).hits
        texts = [f"{self._by_id[hit.id].headline}\n{self._by_id[hit.id].text}" for hit in likely]
        meant = corrected(typed, unknown, texts, self.language)
        return self._found(meant) if meant and meant != typed else []

    def _rarest(self, text: str, number: int) -> list[str]:
        """The words of a text that the fewest articles have, in the order of the text."""
        said = list(dict.fromkeys(word.text for word in words(text, self.language)))
        chosen = set(sorted(said, key=lambda word: (self._frequency[word], word))[:number])
        return [word for word in said if word in chosen]

    def _misspelt(self, known: list[str]) -> str:
        """The words, with two letters within the longest in each other's place."""
        longest = max(known, key=len)
        at = Random(longest).randrange(1, max(2, len(longest) - 2))
        wrong = longest[:at] + longest[at + 1 : at + 2] + longest[at] + longest[at + 2 :]
        return " ".join(wrong if each == longest else each for each in known)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"| language | articles | {' | '.join(KINDS)} |\n|---|{'---:|' * (1 + len(KINDS))}")
        for language in newsroom.LANGUAGES:
            archive = Archive(language, Path(folder))
            shares = [f"{archive.share_found(kind):.3f}".removeprefix("0") for kind in KINDS]
            print(f"| {language} | {len(archive.entries)} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
