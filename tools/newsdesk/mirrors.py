"""Tells whether a copy of the mirror is whole, unaltered and still to be trusted, and brings one to a disk."""

import datetime as dt
import json
import re
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import urllib3

from content_api.names.instants import parsed
from content_api.names.mirror_paths import MANIFEST
from mirroring.signing import NotSigned, opened
from mirroring.tree import ABSENT, File, NotAManifest, Part, Reference, digest, listed, part_of

_AT_ONCE = 8  # requests
_ATTEMPTS = 3  # while the mirror is written
_TIMEOUT = urllib3.Timeout(connect=10, read=30)
_RETRIES = urllib3.Retry(total=4, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503, 504))
_ABSENT = (403, 404, 410)  # a bucket says 403 of what is not there
_UNFINISHED = "export.unfinished"
# Whoever made a copy may have made its manifest, too: no path leads out of the folder.
_PLAIN_PATH = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)


class NoMirror(Exception):
    """There is no mirror, or none that its key has signed. The message says what is there instead."""


class Wrong(StrEnum):
    """What may be wrong with a file of a copy."""

    ALTERED = "altered"
    MISSING = "missing"
    UNLISTED = "not in the manifest: it may have been withdrawn"


class Source(Protocol):
    """Where a copy of the mirror is."""

    def read(self, path: str) -> bytes | None:
        """The file; None if it is not there."""
        ...

    def paths(self) -> list[str] | None:
        """All files, with forward slashes; None where nobody can list them."""
        ...


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str) -> bytes | None:
        file = self._root / path
        return file.read_bytes() if file.is_file() else None

    def paths(self) -> list[str]:
        return [each.relative_to(self._root).as_posix() for each in self._root.rglob("*") if each.is_file()]


class Site:
    def __init__(self, url: str) -> None:
        """`url` is the address of the mirror's folder, or of a page in it."""
        self._base = url if url.endswith("/") else f"{url.rpartition('/')[0]}/" if url.endswith(".html") else f"{url}/"
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=_RETRIES, maxsize=_AT_ONCE)

    def read(self, path: str) -> bytes | None:
        """Raises NoMirror if the server cannot be asked."""
        try:
            answer = self._pool.request("GET", f"{self._base}{path}")
        except urllib3.exceptions.HTTPError as error:
            raise NoMirror(f"{self._base}{path} does not answer: {type(error).__name__}.") from error
        if answer.status in _ABSENT:
            return None
        if answer.status != 200:  # noqa: PLR2004 - HTTP's own
            raise NoMirror(f"{self._base}{path} answers {answer.status}.")
        return answer.data

    def paths(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` are all files by path, `parts` the parts of the manifest, and `content` its own bytes."""

    content: bytes
    key: str
    made_at: dt.datetime
    valid_until: dt.datetime
    next_mirrors: list[str]
    files: dict[str, File]
    parts: dict[str, bytes]


@dataclass(slots=True)
class Verdict:
    """What a copy is worth. `wrong` are the files that are not as the publisher made them."""

    manifest: Manifest
    is_expired: bool
    wrong: dict[str, Wrong] = field(default_factory=dict[str, Wrong])

    @property
    def is_good(self) -> bool:
        return not self.wrong and not self.is_expired


def manifest_of(source: Source, key: str = "") -> Manifest:
    """`key` is the publisher's public key in hexadecimal; without it, any key is believed. Raises NoMirror."""
    content = source.read(MANIFEST)
    if content is None:
        raise NoMirror(f"There is no {MANIFEST}: this is no mirror.")
    parts: dict[str, bytes] = {}

    def read(reference: Reference) -> Part:
        part = source.read(reference.path)
        if part is None or digest(part) != reference.sha256:
            what = "missing" if part is None else "altered"
            raise NoMirror(f"{reference.path}, a part of the manifest, is {what}.")
        parts[reference.path] = part
        return part_of(json.loads(part))

    try:
        text, own = opened(content, key)
        said: dict[str, Any] = json.loads(text)
        files = dict(listed(part_of(said), read))
        if strange := [path for path in (*files, *parts) if not _PLAIN_PATH.fullmatch(path)]:
            raise NoMirror(f"The manifest names {strange[0]!r}, which is no file of a mirror.")
        made, until = parsed(said["made_at"]), parsed(said["valid_until"])
        return Manifest(content, own, made, until, list(said["mirrors"]), files, parts)
    except (NotSigned, NotAManifest) as error:
        raise NoMirror(str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        raise NoMirror("The manifest is signed, but this version of content-api cannot read it.") from error


def verify(source: Source, *, key: str = "", now: dt.datetime, checked: Callable[[int], object] = abs) -> Verdict:
    """Compares every file with the manifest, anew if the mirror is written meanwhile. `checked` is told how many were
    compared. Raises NoMirror.
    """
    verdict = _verdict(source, key, now, checked)
    for _ in range(_ATTEMPTS - 1):
        if not verdict.wrong or source.read(MANIFEST) == verdict.manifest.content:
            break
        verdict = _verdict(source, key, now, checked)
    return verdict


def _verdict(source: Source, key: str, now: dt.datetime, checked: Callable[[int], object]) -> Verdict:
    manifest = manifest_of(source, key)
    verdict = Verdict(manifest, is_expired=now > manifest.valid_until)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(partial(_wrong, source), manifest.files, manifest.files.values())
        for count, (path, wrong) in enumerate(zip(manifest.files, found, strict=True), start=1):
            checked(count)
            if wrong:
                verdict.wrong[path] = wrong
    known = {MANIFEST, *manifest.files, *manifest.parts}
    for path in source.paths() or ():
        if path not in known:
            verdict.wrong[path] = Wrong.UNLISTED
    return verdict


def _wrong(source: Source, path: str, file: File) -> Wrong | None:
    content = source.read(path)
    there = ABSENT if content is None else digest(content)
    if there in file.accepted:
        return None
    return Wrong.MISSING if there == ABSENT else Wrong.ALTERED


def export(source: Source, folder: Path, *, key: str = "") -> Generator[str]:
    """Brings the mirror to a folder, and yields the path of each file that was copied. It copies only what the folder
    does not have, so a repeated export goes on where the last one ended. What the manifest does not name is deleted
    first, so that nothing withdrawn stays, however the export ends. If the mirror is written meanwhile, it begins
    again. Raises NoMirror, also for a folder with other files, and OSError.
    """
    manifest = manifest_of(source, key)
    _own(folder)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            yield from _copied(source, manifest, folder)
        except NoMirror:
            newer = manifest_of(source, key)
            if newer.content == manifest.content or attempt == _ATTEMPTS:
                raise
            manifest = newer
        else:
            break
    known = {MANIFEST, *manifest.parts, *(path for path, each in manifest.files.items() if each.sha256 != ABSENT)}
    for path, content in (*manifest.parts.items(), (MANIFEST, manifest.content)):
        _write(folder / path, content)
    for path in Folder(folder).paths():
        if path not in known:
            (folder / path).unlink()


def _copied(source: Source, manifest: Manifest, folder: Path) -> Generator[str]:
    """Deletes what the manifest does not name, and copies what the folder lacks. Raises NoMirror if a file is not as
    the manifest says.
    """
    there = Folder(folder)
    wanted = {path: each for path, each in manifest.files.items() if each.sha256 != ABSENT}
    for path in there.paths():
        if path not in wanted and path not in manifest.parts and path not in (MANIFEST, _UNFINISHED):
            (folder / path).unlink()
    missing = [path for path, each in wanted.items() if digest(there.read(path) or b"") != each.sha256]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for path, content in zip(missing, pool.map(source.read, missing), strict=True):
            if content is None or digest(content) not in wanted[path].accepted:
                raise NoMirror(f"{path} is not as the manifest says.")
            _write(folder / path, content)
            yield path


def _own(folder: Path) -> None:
    """Makes the folder. Raises NoMirror if it has files of somebody else, since an export deletes what it does not
    know.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not any((folder / each).exists() for each in (MANIFEST, _UNFINISHED)):
        raise NoMirror(f"{folder} has other files in it. Name an empty folder, or one of an earlier export.")
    (folder / _UNFINISHED).touch()


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(file)
