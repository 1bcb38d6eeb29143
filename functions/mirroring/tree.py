"""What there is in the mirror: each file with its SHA-256, in parts. The manifest names the files in the root, and the
part of each language. The part of a language names its files, and the parts of its shelves, which name theirs. Each has
the hash of what is below it, so that one signature holds for all.

A part never changes: it has a name of its own for whatever it says. So whoever reads a manifest also finds the parts
that it means, while a newer one is written; what no manifest names any more is deleted some minutes later.

A file changes under its path. While it is written, its entry has the hash that it will have, and in `was` those that it
may still have, so that nobody takes a mirror for altered that is only being written.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from content_api.names.mirror_paths import folder_of, is_shelf, language_of, sections_among
from mirroring.splitting import compact

ABSENT = ""  # stands for the hash of a file that is not there
ROOT = ""
_NOTICES = "notices"
FORMAT = 1
_LEFT_FOR = 600  # seconds for which parts stay that no manifest names any more

type Json = dict[str, Any]


class NotAManifest(Exception):
    """The text of a manifest or of a part is not what this code writes."""


@dataclass(frozen=True, slots=True)
class File:
    """`version` is an article's, else 0. `origin` names the file that this one is a copy of, so that it need not be
    read again.
    """

    sha256: str
    bytes: int
    version: int = 0
    origin: str = ""
    was: tuple[str, ...] = ()

    @property
    def accepted(self) -> frozenset[str]:
        """The hashes that the file may have."""
        return frozenset({self.sha256, *self.was})

    def as_json(self) -> Json:
        stated: Json = {"sha256": self.sha256, "bytes": self.bytes}
        others = (("version", self.version), ("origin", self.origin), ("was", list(self.was)))
        return stated | {name: value for name, value in others if value}


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a part is. Of a shelf it says what the language's own pages need: the names of the pages of its sections,
    and whether it has articles.
    """

    path: str
    sha256: str
    bytes: int
    sections: tuple[str, ...] = ()
    has_articles: bool = False

    def as_json(self) -> Json:
        return {
            "path": self.path,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "sections": list(self.sections),
            "has_articles": self.has_articles,
        }


@dataclass(slots=True)
class Part:
    """`withdrawn` are the paths of pages that say that their article was withdrawn."""

    files: dict[str, File] = field(default_factory=dict[str, File])
    parts: dict[str, Reference] = field(default_factory=dict[str, Reference])
    withdrawn: set[str] = field(default_factory=set[str])

    def as_json(self) -> Json:
        return {
            "files": {path: each.as_json() for path, each in sorted(self.files.items())},
            "parts": {folder: each.as_json() for folder, each in sorted(self.parts.items())},
            "withdrawn": sorted(self.withdrawn),
        }


def part_of(stated: Json) -> Part:
    """Raises NotAManifest."""
    try:
        return Part(
            {
                str(path): File(
                    str(each["sha256"]),
                    int(each["bytes"]),
                    int(each.get("version", 0)),
                    str(each.get("origin", "")),
                    tuple(map(str, each.get("was", ()))),
                )
                for path, each in stated["files"].items()
            },
            {
                str(folder): Reference(
                    str(each["path"]),
                    str(each["sha256"]),
                    int(each["bytes"]),
                    tuple(map(str, each["sections"])),
                    bool(each["has_articles"]),
                )
                for folder, each in stated["parts"].items()
            },
            set(map(str, stated["withdrawn"])),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotAManifest("what should list files does not") from error


def part_for(path: str) -> str:
    """The folder whose part names the file."""
    folder = folder_of(path)
    return ROOT if folder == _NOTICES else folder


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


class Tree:
    """The mirror as a manifest has it, and what is to change. `said` is what the manifest says beside its files."""

    def __init__(self, said: Json, root: Part, read: Callable[[Reference], Part]) -> None:
        """`read` reads a part."""
        self.said = said
        # What is to be written, by path; None for what is to be deleted.
        self.changed: dict[str, bytes | None] = {}
        self._read = read
        self._parts: dict[str, Part] = {ROOT: root}
        self._touched: set[str] = set()

    def part(self, folder: str) -> Part:
        """The part of a folder; an empty one if the mirror has none."""
        if folder not in self._parts:
            above = self.part(language_of(folder) if is_shelf(folder) else ROOT)
            self._parts[folder] = self._read(above.parts[folder]) if folder in above.parts else Part()
        return self._parts[folder]

    def languages(self) -> list[str]:
        """Those that have pages after the changes."""
        loaded = {folder for folder in self._parts if folder != ROOT and not is_shelf(folder)}
        return sorted({each for each in loaded if self.paths(each)} | (self.part(ROOT).parts.keys() - loaded))

    def paths(self, folder: str) -> list[str]:
        """The files that a folder has after the changes."""
        return [path for path, each in self.part(folder).files.items() if each.sha256 != ABSENT]

    def shelves(self, language: str, section: str = "") -> list[str]:
        """The shelves of a language that have articles after the changes; with the name of a section's page, those that
        have that page.
        """
        references = self._references(language)
        return [
            folder
            for folder, each in references.items()
            if (section in each.sections if section else each.has_articles)
        ]

    def put(self, path: str, content: bytes, *, version: int = 0, origin: str = "") -> None:
        made = File(digest(content), len(content), version, origin)
        files = self.part(part_for(path)).files
        old = files.get(path)
        if old and old.sha256 == made.sha256 and not old.was:
            return
        self._enter(path, made, old)
        self.changed[path] = content

    def has_copy(self, path: str, origin: str) -> bool:
        """Whether the mirror has that very copy already, and nothing is left to be written of it."""
        old = self.part(part_for(path)).files.get(path)
        return old is not None and old.origin == origin and old.sha256 != ABSENT and not old.was

    def is_new(self, path: str) -> bool:
        """Whether the mirror never had the file before the changes."""
        return self.part(part_for(path)).files[path].was == (ABSENT,)

    def remove(self, path: str) -> None:
        old = self.part(part_for(path)).files.get(path)
        if old:
            self._enter(path, File(ABSENT, 0), old)
            self.changed[path] = None

    def replace(
        self, folder: str, is_one: Callable[[str], bool], files: dict[str, bytes], *, version: int = 0,
        kept: Collection[str] = (),
    ) -> None:  # fmt: skip
        """Puts files into a folder, and removes those others for which `is_one` says that they belonged to the same.
        Those in `kept` stay as they are.
        """
        for path, content in files.items():
            self.put(path, content, version=version)
        for path in [each for each in self.part(folder).files if is_one(each)]:
            if path not in files and path not in kept:
                self.remove(path)

    def mark_withdrawn(self, folder: str, path: str, *, is_withdrawn: bool) -> None:
        """Notes in the part of the language whether the page says that its article was withdrawn."""
        language = self.part(language_of(folder))
        if is_withdrawn != (path in language.withdrawn):
            self._touched.add(language_of(folder))
            language.withdrawn ^= {path}

    def confirm(self, path: str, sha256_there: str) -> None:
        """Notes that the file is there as it should be, or is gone."""
        part = self.part(part_for(path))
        entry = part.files.get(path)
        if entry is None or entry.sha256 != sha256_there or not entry.was:
            return
        self._touched.add(part_for(path))
        if sha256_there == ABSENT:
            del part.files[path]
        else:
            part.files[path] = replace(entry, was=())

    @property
    def is_changed(self) -> bool:
        return bool(self._touched)

    def touch(self) -> None:
        """What the manifest says beside its files has changed."""
        self._touched.add(ROOT)

    def saved(self, *, at: float, nonce: str) -> tuple[dict[str, bytes], list[str], str]:
        """What a commit writes: the parts by their paths, the paths of parts that may be deleted, and the text of the
        manifest. `at` is in seconds since 1970. The nonce makes the name of a part its own, whatever it says.
        """
        made: dict[str, bytes] = {}
        superseded: dict[str, float] = dict(self.said.get("superseded", {}))
        deepest_first = sorted(self._touched - {ROOT}, key=is_shelf, reverse=True)
        languages = {language_of(each) for each in deepest_first}
        for folder in [*filter(is_shelf, deepest_first), *sorted(languages)]:
            above = self.part(language_of(folder) if is_shelf(folder) else ROOT)
            if folder in above.parts:
                superseded[above.parts[folder].path] = at
            part = self.part(folder)
            if not part.files and not part.parts and not part.withdrawn:
                above.parts.pop(folder, None)
                continue
            content = compact({"folder": folder, "nonce": nonce, **part.as_json()}).encode()
            reference = _referred(folder, content, part)
            above.parts[folder] = reference
            made[reference.path] = content
        over = [path for path, since in superseded.items() if since < at - _LEFT_FOR]
        said = self.said | {"superseded": {path: since for path, since in superseded.items() if path not in over}}
        self.said = said
        return made, over, compact({"format": FORMAT, **said, **self.part(ROOT).as_json()})

    def _references(self, language: str) -> dict[str, Reference]:
        found = dict(self.part(language).parts)
        for folder, part in self._parts.items():
            if is_shelf(folder) and language_of(folder) == language:
                found[folder] = _referred(folder, b"", part)
        return found

    def _enter(self, path: str, made: File, old: File | None) -> None:
        were = (*old.was, old.sha256) if old else (ABSENT,)
        was = tuple(each for each in dict.fromkeys(were) if each != made.sha256)
        # Even where only `was` stays as it is, the file is written again: nobody knows whether it was.
        self.part(part_for(path)).files[path] = replace(made, was=was)
        self._touched.add(part_for(path))


def _referred(folder: str, content: bytes, part: Part) -> Reference:
    there = [path for path, each in part.files.items() if each.sha256 != ABSENT]
    shown = digest(content)
    return Reference(
        f"parts/{folder}.{shown[:16]}.json",
        shown,
        len(content),
        tuple(sorted(sections_among(there))),
        has_articles=f"{folder}/all.days.html" in there,
    )


def listed(root: Part, read: Callable[[Reference], Part]) -> Iterator[tuple[str, File]]:
    """Every file of a mirror with its path."""
    yield from root.files.items()
    for language in root.parts.values():
        part = read(language)
        yield from part.files.items()
        for shelf in part.parts.values():
            yield from read(shelf).files.items()
