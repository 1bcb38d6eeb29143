"""The shards that a function searches: copies on its own disk, which follow those in S3."""

import json
import logging
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tantivy import Index

from content_api.aws.service import StoreUnavailable
from content_api.names.object_keys import search_key
from content_search.entries import newest_first
from content_search.fields import schema
from content_search.manifest import META, SHARDS, files_of

logger = logging.getLogger(__name__)

ASKED_AGAIN_AFTER = 3.0  # seconds until S3 is asked whether an index has changed
_MOST_BYTES = 3_500_000_000  # of the disk; then the language that was asked for longest ago is forgotten


class Shards:
    """`read` gives the bytes of an object by its key, and `read_soon` does so quickly or not at all. Threads may share
    it.
    """

    def __init__(
        self,
        read: Callable[[str], bytes],
        folder: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        read_soon: Callable[[str], bytes] | None = None,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self._read = read
        self._read_soon = read_soon or read
        self._folder = folder
        self._clock = clock
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._asked: dict[str, float] = {}
        self._used: dict[str, float] = {}
        self._indexes: dict[str, dict[str, Index]] = {}

    def of(self, language: str) -> list[Index]:
        """The indexes of a language's shards, the newest articles first. Where S3 does not answer, those that were
        fetched before.

        Raises StoreUnavailable where there are none yet; what was fetched of them until then is kept, and the next
        request goes on from there.
        """
        with self._lock:
            now = self._clock()
            self._used[language] = now
            if language not in self._indexes or now - self._asked.get(language, 0.0) >= ASKED_AGAIN_AFTER:
                self._follow(language, now)
            shards = self._indexes[language]
            return [shards[name] for name in newest_first(list(shards))]

    def _follow(self, language: str, now: float) -> None:
        asked = self._read_soon if language in self._indexes else self._read
        try:
            listed = json.loads(asked(search_key(language, SHARDS)))
            self._indexes[language] = {shard: self._opened(language, shard) for shard in listed}
            self._asked[language] = now
        except StoreUnavailable as error:
            if language not in self._indexes:
                raise
            self._asked[language] = now
            logger.warning("searching %s in the index of before: %s", language, error)
        except (ValueError, KeyError, TypeError, OSError) as error:
            if language not in self._indexes:
                raise StoreUnavailable(f"the index of {language}: {type(error).__name__}") from error
            self._asked[language] = now
            logger.warning("searching %s in the index of before: %s", language, type(error).__name__)
        self._forget(language)

    def _opened(self, language: str, shard: str) -> Index:
        """The index of a shard as S3 has it now. A damaged one is removed here, so that it is fetched anew."""
        folder = self._folder / language / shard
        known = self._indexes.get(language, {}).get(shard)
        meta = (self._read_soon if known else self._read)(search_key(language, f"{shard}/{META}"))
        path = folder / META
        if known is not None and path.exists() and path.read_bytes() == meta:
            return known
        needed = files_of(meta)
        folder.mkdir(parents=True, exist_ok=True)
        for name in needed:
            if not (folder / name).exists():
                content = self._read(search_key(language, f"{shard}/{name}"))
                partial = folder / f"{name}.partial"
                partial.write_bytes(content)
                partial.rename(folder / name)
        path.write_bytes(meta)
        try:
            opened = Index(schema(), path=str(folder), reuse=True)
            opened.searcher()
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                raise StoreUnavailable(f"the index of {language}/{shard} is damaged") from error
            raise
        for path in folder.iterdir():  # a file that is open here can be removed
            if path.name not in needed and path.suffix in _KINDS:
                path.unlink()
        return opened

    def _forget(self, kept: str) -> None:
        while len(self._used) > 1 and _bytes_in(self._folder) > self._most_bytes:
            oldest = min((language for language in self._used if language != kept), key=lambda each: self._used[each])
            for remembered in (self._used, self._asked, self._indexes):
                remembered.pop(oldest, None)
            shutil.rmtree(self._folder / oldest, ignore_errors=True)


_KINDS = {".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm", ".del", ".partial"}


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
