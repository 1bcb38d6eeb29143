"""Builds a shard anew on a disk, in one segment."""

from collections.abc import Iterable
from pathlib import Path

from tantivy import Index

from content_search.entries import Entry
from content_search.fields import document_of, schema

_HEAP = 200_000_000  # bytes that the engine may take before it writes a segment


def build(folder: Path, language: str, entries: Iterable[Entry]) -> int:
    """Writes an index of the entries into an empty folder. Returns how many there are."""
    folder.mkdir(parents=True)
    writer = Index(schema(), path=str(folder)).writer(heap_size=_HEAP, num_threads=1)
    number = 0
    for entry in entries:
        writer.add_document(document_of(entry, language))
        number += 1
    writer.commit()
    writer.wait_merging_threads()
    return number
