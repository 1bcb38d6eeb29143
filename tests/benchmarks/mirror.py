"""How long the mirror of an archive takes, and how large it is: `python tests/benchmarks/mirror.py 10000`. The table
and the bucket are dictionaries of this process, so that our own code is measured, and what it asks AWS is counted.
"""

import datetime as dt
import gzip
import io
import sys
import time
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import md5
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from botocore.exceptions import ClientError

import newsroom
from content_api.aws.attributes import pair_of
from content_api.content.article import Article
from content_api.names.keys import article_key, facet, position
from content_api.names.mirror_paths import MIRROR, day_of, mirror_key, shelf_of
from content_store.current import Current
from content_store.revisions import replacement
from content_store.versions import NOBODY
from mirroring.committing import MirrorWriter
from mirroring.making import Maker
from mirroring.notices import MirrorNotices
from mirroring.refreshing import refresh
from mirroring.signing import Signer
from mirroring.tree import Tree
from mirroring.work import Work
from newsdesk.mirrors import export

_AT_ONCE = 100  # messages; template.yaml, MirroringSource
_NOW = newsroom.NEWEST + dt.timedelta(hours=1)


class Rows:
    """The table: what the mirror asks of it."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._items: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for article in articles:
            revision = replacement(article, Current(), at=_NOW, attribution=NOBODY)
            for each in (*(write.what for write in revision.writes), *revision.edition.entries):
                partition, sort = pair_of(each)
                self._items[partition][sort] = each
        self._sorted = {partition: sorted(items) for partition, items in self._items.items()}

    def get_item(self, key: dict[str, str], _attributes: str = "") -> Any:
        return self._items.get(key["pk"], {}).get(key["sk"])

    def get_items(self, keys: list[dict[str, str]], _attributes: str) -> list[Any]:
        return [item for each in keys if (item := self.get_item(each))]

    def query(
        self, partition: str, *, limit: int, lowest: str = "", highest: str = "\U0010ffff", after: str = "",
        newest_first: bool = False, **_: Any,
    ) -> tuple[list[Any], str]:  # fmt: skip
        found = self._sorted.get(partition, [])
        found = found[bisect_left(found, lowest) : bisect_right(found, highest)]
        if newest_first:
            found = [each for each in reversed(found) if not after or each < after]
        else:
            found = [each for each in found if each > after]
        items = [self._items[partition][each] for each in found[:limit]]
        return items, found[limit - 1] if len(found) > limit else ""

    def withdraw(self, article: Article) -> None:
        for items in self._items.values():
            for sort in [each for each in items if each.endswith(f"#{article.id}")]:
                del items[sort]
        self._items[article_key(article.id)["pk"]]["ARTICLE"]["status"] = {"S": "withdrawn"}
        self._sorted = {partition: sorted(items) for partition, items in self._items.items()}


class Objects:
    """The bucket: what the mirror's writer asks of S3, counted."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.calls: Counter[str] = Counter()

    def put_object(self, *, Key: str, Body: bytes, **_: Any) -> dict[str, str]:  # noqa: N803 - boto3's names
        self.calls["PutObject"] += 1
        self.contents[Key] = Body
        return {"ETag": self._tag(Key)}

    def head_object(self, *, Key: str, **_: Any) -> dict[str, str]:  # noqa: N803 - as above
        self.calls["HeadObject"] += 1
        return {"ETag": self._tag(Key)}

    def get_object(self, *, Key: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - as above
        self.calls["GetObject"] += 1
        return {"ETag": self._tag(Key), "Body": io.BytesIO(self.contents[Key])}

    def delete_object(self, *, Key: str, **_: Any) -> None:  # noqa: N803 - as above
        self.calls["DeleteObject"] += 1
        self.contents.pop(Key, None)

    def read(self, path: str) -> bytes:
        return self.contents[mirror_key(path)]

    def paths(self) -> None:
        """Nobody asks for them."""

    def _tag(self, key: str) -> str:
        if key not in self.contents:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "-")
        return md5(self.contents[key], usedforsecurity=False).hexdigest()


def mirror(articles: Iterable[Article], table: Rows, bucket: Objects) -> None:
    """One commit, as functions/mirroring/app.py makes it of a batch."""
    work, notices, signer = Work(), MirrorNotices("2026-11-27"), Signer("of a benchmark")
    for each in articles:
        place = position(each.published_at, each.id)
        shelf = shelf_of(each.language, place)
        work.articles.add((shelf, each.id))
        work.days.add((shelf, day_of(place)))
        work.fronts.add(each.language)
        if each.section:
            work.sections.add((shelf, facet("", each.section)[1:]))
    maker = Maker(cast("Any", table), cast("Any", bucket), notices)

    def change(tree: Tree) -> None:
        maker.make(tree, work)
        refresh(tree, notices, now=_NOW, key=signer.public_key, next_mirrors=())

    MirrorWriter(cast("Any", bucket), bucket="-", signer=signer).commit(change)


def measure(count: int) -> Iterator[str]:
    articles = newsroom.articles(count)
    table, bucket = Rows(articles), Objects()
    used = time.process_time()
    for some in batched(articles, _AT_ONCE, strict=False):
        mirror(some, table, bucket)
    yield f"{count:,} articles, {_AT_ONCE} at once: {time.process_time() - used:.0f} s of a processor"
    yield f"asked of S3: {calls(bucket)}"
    table.withdraw(articles[0])
    used = time.process_time()
    mirror(articles[:1], table, bucket)
    yield f"one that is withdrawn: {time.process_time() - used:.2f} s of a processor; asked of S3: {calls(bucket)}"
    yield from sizes(bucket)
    with TemporaryDirectory() as folder:
        for _ in range(2):
            began = time.monotonic()
            copied = len(list(export(bucket, Path(folder) / "copy")))
            yield f"an export: {copied:,} files in {time.monotonic() - began:.0f} s"


def calls(bucket: Objects) -> str:
    """The calls since the last time."""
    said = ", ".join(f"{name} {number:,}" for name, number in bucket.calls.most_common())
    bucket.calls.clear()
    return said


def sizes(bucket: Objects) -> Iterator[str]:
    """Files and bytes by kind of answer; on the wire as a server compresses them."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, content in bucket.contents.items():
        found[kind_of(key.removeprefix(MIRROR))].append((len(content), len(gzip.compress(content, 6))))
    yield "kind | files | bytes, mean | on the wire, mean | on the wire, most"
    for kind, some in sorted(found.items()):
        plain, wire = [each[0] for each in some], [each[1] for each in some]
        yield f"{kind} | {len(some):,} | {sum(plain) // len(some):,} | {sum(wire) // len(some):,} | {max(wire):,}"
    everything = [size for some in found.values() for size, _ in some]
    yield f"all | {len(everything):,} | {sum(everything):,} bytes in all"


def kind_of(path: str) -> str:
    folder, _, name = path.rpartition("/")
    parts = name.split(".")
    match parts[-1]:
        case _ if folder == "parts" or name == "manifest.json":
            return "manifest"
        case _ if "." in folder and not {"day", "days", "section"} & {*parts}:
            return f"articles, {parts[-1]}"
        case _:
            return f"fronts and lists, {parts[-1]}"


if __name__ == "__main__":
    for line in measure(int(sys.argv[1])):
        print(line, flush=True)
