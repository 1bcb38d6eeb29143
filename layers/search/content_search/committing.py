"""Writes a shard in S3: fetches what it lacks, adds and deletes, uploads what is new, and then replaces meta.json.

It is replaced only if it is still the one that was read. So two writers never lose each other's articles, and whoever
reads always finds a whole index. A writer that ends in between leaves files that no meta.json names, which a later
commit removes.
"""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from tantivy import Index, Query, Searcher

from content_api.aws.clients import error_code
from content_api.names.object_keys import search_key
from content_search.building import build
from content_search.entries import Entry
from content_search.fields import document_of, schema
from content_search.manifest import META, SHARDS, files_of

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 6
_HEAP = 30_000_000  # bytes that the engine may take before it writes a segment
_KEPT = dt.timedelta(hours=1)  # that a file no meta.json names stays, for those who read an earlier one
_MISSING = {"NoSuchKey", "404"}
# Another wrote in between (S3's user guide, "How to prevent object overwrites with conditional writes").
_OUTRUN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class Outrun(Exception):
    """Others have replaced the shard's meta.json each time before this writer could."""


class ShardWriter:
    """One shard of one language."""

    def __init__(self, s3: "S3Client", *, bucket: str, language: str, shard: str, folder: Path) -> None:
        """`folder` is where all shards have their copies on this machine."""
        self._s3 = s3
        self._bucket = bucket
        self._language = language
        self._shard = shard
        self._folder = folder / language / shard

    def commit(self, entries: Iterable[Entry], gone: Iterable[str]) -> bool:
        """Adds entries, in place of earlier ones of the same articles, and takes out the articles with the ids `gone`.
        Returns whether anything changed: an entry that is there in the same version changes nothing. Raises Outrun.
        """
        added, removed = list(entries), list(gone)
        for _ in range(_ATTEMPTS):
            tag = self._fetch()
            index = Index(schema(), path=str(self._folder), reuse=True)
            if not self._write(index, added, removed):
                return False
            if self._upload(tag):
                self._list()
                return True
        raise Outrun(f"{self._language}/{self._shard}")

    def rebuild(self, now: Callable[[], Iterable[Entry]]) -> int:
        """Builds the shard anew, beside the one that is searched, and puts it in its place, whatever that one is like.
        `now` gives all entries as they are when it is called. If others write the shard meanwhile, it is called again,
        and what has changed is added. Returns how many entries there are. Raises Outrun.
        """
        shutil.rmtree(self._folder, ignore_errors=True)
        there: set[str] = set()
        for _ in range(_ATTEMPTS):
            found = self._get(META)
            seen: set[str] = set()
            if not self._folder.exists():
                build(self._folder, self._language, _noting(now(), seen))
            else:
                index = Index(schema(), path=str(self._folder), reuse=True)
                new = [each for each in _noting(now(), seen) if _version(index.searcher(), each.id) != each.version]
                self._write(index, new, sorted(there - seen))
            there = seen
            if self._upload(found[1] if found else ""):
                self._list(is_mending=True)
                return len(seen)
        raise Outrun(f"{self._language}/{self._shard}")

    def _fetch(self) -> str:
        """Brings the folder to what S3 has. Returns the entity tag of meta.json; empty if there is none."""
        self._folder.mkdir(parents=True, exist_ok=True)
        found = self._get(META)
        if found is None:
            shutil.rmtree(self._folder)
            self._folder.mkdir(parents=True)
            return ""
        meta, tag = found
        needed = files_of(meta)
        for path in self._folder.iterdir():
            if path.name not in needed:
                path.unlink()
        for name in needed:
            path = self._folder / name
            if not path.exists():
                self._s3.download_file(self._bucket, self._key(name), str(path))
        (self._folder / META).write_bytes(meta)
        return tag

    def _write(self, index: Index, added: list[Entry], removed: list[str]) -> bool:
        searcher = index.searcher()

        new = [entry for entry in added if _version(searcher, entry.id) != entry.version]
        old = [article_id for article_id in removed if _version(searcher, article_id) is not None]
        if not new and not old:
            return False
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for article_id in [*old, *(entry.id for entry in new)]:
            writer.delete_documents_by_term("id", article_id)
        for entry in new:
            writer.add_document(document_of(entry, self._language))
        writer.commit()
        writer.wait_merging_threads()
        return True

    def _upload(self, tag: str) -> bool:
        """Whether the new meta.json took the place of the one with this entity tag."""
        meta = (self._folder / META).read_bytes()
        stored = self._stored()
        needed = files_of(meta)
        for name in sorted(needed - stored.keys()):
            self._s3.upload_file(str(self._folder / name), self._bucket, self._key(name))
        if not self._put(self._key(META), meta, tag):
            return False
        until = dt.datetime.now(dt.UTC) - _KEPT
        for name, written in stored.items():
            if name not in needed and name != META and written < until:
                self._s3.delete_object(Bucket=self._bucket, Key=self._key(name))
        return True

    def _stored(self) -> dict[str, dt.datetime]:
        """The files of the shard in S3, and when each was written."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._key(""))
        listed: list[Any] = [each for page in pages for each in page.get("Contents", [])]
        return {each["Key"].rpartition("/")[2]: each["LastModified"] for each in listed}

    def _list(self, *, is_mending: bool = False) -> None:
        """Names the shard among those of its language. With `is_mending`, a damaged list is begun again."""
        key = search_key(self._language, SHARDS)
        for _ in range(_ATTEMPTS):
            found = self._object(key)
            try:
                shards: list[str] = json.loads(found[0]) if found else []
            except ValueError:
                if not is_mending:
                    raise
                shards = []
            if self._shard in shards:
                return
            if self._put(key, json.dumps(sorted([*shards, self._shard])).encode(), found[1] if found else ""):
                return
        raise Outrun(key)

    def _key(self, name: str) -> str:
        return search_key(self._language, f"{self._shard}/{name}")

    def _get(self, name: str) -> tuple[bytes, str] | None:
        return self._object(self._key(name))

    def _object(self, key: str) -> tuple[bytes, str] | None:
        """The object and its entity tag. None if there is none."""
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error_code(error) in _MISSING:
                return None
            raise
        return answer["Body"].read(), answer["ETag"]

    def _put(self, key: str, content: bytes, tag: str) -> bool:
        """Writes the object if it still has this entity tag, or if there is none and the tag is empty."""
        condition: Any = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=content, **condition)
        except ClientError as error:
            if error_code(error) in _OUTRUN:
                return False
            raise
        return True


def _version(searcher: Searcher, article_id: str) -> int | None:
    hits = searcher.search(Query.term_query(schema(), "id", article_id), limit=1).hits
    return searcher.doc(hits[0][1])["version"][0] if hits else None


def _noting(entries: Iterable[Entry], seen: set[str]) -> Iterator[Entry]:
    """The entries, whose ids are put into `seen` as they pass."""
    for entry in entries:
        seen.add(entry.id)
        yield entry
