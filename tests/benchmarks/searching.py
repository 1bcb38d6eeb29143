"""`make bench-search`: what an index of so many articles takes, and how long a question does, beside SQLite's FTS5.

The articles are made up: 350 words each, drawn from 60,000 by Zipf's law, as words of a language are (the word at rank
n comes n times more seldom than the first). Each size is asked by a process of its own, which opens the index when it
is first asked. Analysis is not on FTS5's side: it gets the same finished stems. The table goes into docs/search.md.
"""

import argparse
import datetime as dt
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from tantivy import Index

from content_search.alike import query_alike
from content_search.analysis.stemming import stemming
from content_search.analysis.words import words
from content_search.building import build
from content_search.entries import Entry
from content_search.fields import schema
from content_search.queries import query_of
from content_search.question import read
from content_search.results import search

SIZES = (1_000, 10_000, 100_000)
LANGUAGE = "en"
_WORDS, _VOCABULARY, _HEADLINE = 350, 60_000, 8
_ASKED = 200  # questions of a kind
_BEGIN, _END = "<!-- make bench-search writes from here -->\n", "<!-- to here -->"
_CONSONANTS, _VOWELS = "bcdfghklmnprstvz", "aeiou"
_NEWEST = 1_763_600_000  # seconds since 1970


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        print(json.dumps(asked(given.ask)))
        return
    rows = [row(int(size)) for size in given.sizes.split(",")]
    table = [
        (
            "| articles | built, articles/s | MB | open and first ms | word ms | two words | phrase | newest | facets "
            "| related | memory MB | FTS5: built/s | MB | word ms | two words |"
        ),
        f"|{'---:|' * 15}",
        *rows,
    ]
    load, when = os.getloadavg()[0], dt.datetime.now(dt.UTC).date()
    said = f"Milliseconds are p50 / p99 of {_ASKED} questions each; {when}, one thread, load average {load:.1f}.\n\n"
    text = given.docs.read_text(encoding="utf-8")
    head, _, rest = text.partition(_BEGIN)
    made = head + _BEGIN + said + "\n".join(table) + "\n" + _END + rest.partition(_END)[2]
    given.docs.write_text(made, encoding="utf-8")


def row(size: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        began = time.perf_counter()
        build(index, LANGUAGE, entries(size))
        built = size / (time.perf_counter() - began)
        done = subprocess.run(
            [sys.executable, __file__, "--ask", str(index)], check=True, capture_output=True, text=True
        )
        found = json.loads(done.stdout)
        megabytes = sum(path.stat().st_size for path in index.iterdir()) / 1e6
        cells = [f"{size:,}", f"{built:,.0f}", f"{megabytes:,.1f}", f"{found['first']:,.1f}"]
        cells += [f"{p50:.2f} / {p99:.2f}" for p50, p99 in found["kinds"].values()]
        cells += [f"{found['memory']:,.0f}", *by_sqlite(Path(folder) / "fts5.db", size)]
    said = f"| {' | '.join(cells)} |"
    print(said, flush=True)
    return said


# ------------------------------------------------------------------------------------------------------ the articles


def vocabulary() -> list[str]:
    random = Random(1)
    made: dict[str, None] = {}
    while len(made) < _VOCABULARY:
        syllables = random.choices((1, 2, 3, 4), (2, 5, 4, 1))[0]
        made["".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(syllables)) + "n"] = None
    return list(made)


def entries(size: int) -> Iterator[Entry]:
    random = Random(2)
    known = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, _VOCABULARY + 1)))
    for number in range(size):
        drawn = random.choices(known, cum_weights=weights, k=_WORDS + _HEADLINE)
        facets = (f"section#{number % 7}", f"tag#{drawn[-1]}", f"year#{2025 - number % 20}", "type#article")
        yield Entry(
            f"en-{number}", 1, _NEWEST - number * 600, facets, " ".join(drawn[:_HEADLINE]), " ".join(drawn[_HEADLINE:])
        )


def questions() -> dict[str, list[str]]:
    """Words of the middle: neither those that are everywhere, nor those that are nowhere."""
    random = Random(3)
    middle = vocabulary()[100:5_000]
    single = [random.choice(middle) for _ in range(_ASKED)]
    double = [" ".join(random.sample(middle[:500], 2)) for _ in range(_ASKED)]
    return {"word": single, "two words": double, "phrase": [f'"{each}"' for each in double]}


# -------------------------------------------------------------------------------------------------------- the engine


def asked(folder: Path) -> dict[str, Any]:
    """In a process of its own: milliseconds, and the memory at its highest, in MB."""
    kinds = questions()
    began = time.perf_counter()
    indexes = [Index(schema(), path=str(folder), reuse=True)]
    ask(indexes, kinds["word"][0])
    first = (time.perf_counter() - began) * 1000
    liked = list(entries(_ASKED))
    timed: dict[str, tuple[float, float]] = {
        name: percentiles(lambda typed: ask(indexes, typed), listed) for name, listed in kinds.items()
    }
    timed["newest"] = percentiles(lambda typed: ask(indexes, typed, newest_first=True), kinds["word"])
    timed["facets"] = percentiles(lambda typed: ask(indexes, typed, with_facets=True), kinds["word"])
    timed["related"] = percentiles(lambda entry: related(indexes, entry), liked)
    return {"first": first, "kinds": timed, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


def ask(indexes: list[Index], typed: str, *, newest_first: bool = False, with_facets: bool = False) -> None:
    query = query_of(read(typed, LANGUAGE), LANGUAGE)
    search(indexes, query, first=220, newest_first=newest_first, with_facets=with_facets)


def related(indexes: list[Index], entry: Entry) -> None:
    query = query_alike(indexes, entry.id, entry.headline, entry.text, LANGUAGE)
    assert query
    search(indexes, query, first=40, newest_first=False, with_facets=False)


def percentiles[Asked](act: Callable[[Asked], None], listed: list[Asked]) -> tuple[float, float]:
    taken: list[float] = []
    for each in listed:
        began = time.perf_counter()
        act(each)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


# ----------------------------------------------------------------------------------------------------------- the peer


def by_sqlite(path: Path, size: int) -> list[str]:
    stem = stemming(LANGUAGE)

    def stems(text: str) -> str:
        return " ".join(stem(word.text) for word in words(text, LANGUAGE))

    made = [(each.id, stems(each.headline), stems(each.text)) for each in entries(size)]
    database = sqlite3.connect(path)
    database.execute("CREATE VIRTUAL TABLE articles USING fts5(id UNINDEXED, headline, text, content='')")
    began = time.perf_counter()
    database.executemany("INSERT INTO articles(id, headline, text) VALUES (?, ?, ?)", made)
    database.commit()
    built = size / (time.perf_counter() - began)

    def ask_it(typed: str) -> None:
        wanted = " AND ".join(f'"{each}"' for each in stems(typed).split())
        database.execute(
            "SELECT rowid FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT 220", (wanted,)
        ).fetchall()

    kinds = questions()
    timed = [percentiles(ask_it, kinds[name]) for name in ("word", "two words")]
    database.close()
    return [f"{built:,.0f}", f"{path.stat().st_size / 1e6:,.1f}", *(f"{p50:.2f} / {p99:.2f}" for p50, p99 in timed)]


if __name__ == "__main__":
    main()
