"""How long the mirror of an archive takes, and how large it is: `python tests/benchmarks/mirror.py 10000`. AWS is moto
in this process, which is slower than AWS for many requests at once and knows no network.
"""

import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import newsroom
from content_api.aws import clients
from content_api.content.article import Article
from content_api.names.keys import facet, position
from content_api.names.mirror_paths import MIRROR, day_of, mirror_key, shelf_of
from gateway import stack
from gateway.server import LambdaContext
from newsdesk.mirrors import export
from newsroom.loading import load

_AT_ONCE = 100  # messages; template.yaml, MirroringSource


class InS3:
    """The mirror in the bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def read(self, path: str) -> bytes:
        return clients.s3().get_object(Bucket=self._bucket, Key=mirror_key(path))["Body"].read()

    def paths(self) -> None:
        return None


def message(article: Article) -> dict[str, Any]:
    place = position(article.published_at, article.id)
    sections = [facet("", article.section)[1:]] if article.section else []
    return {
        "article": article.id,
        "shelf": shelf_of(article.language, place),
        "days": [day_of(place)],
        "sections": sections,
    }


def measure(count: int) -> Iterator[str]:
    articles = newsroom.articles(count)
    with stack.moto_server():
        made = stack.create(stack.parameters("http://127.0.0.1:1"))
        load(articles, table=made.table, bucket=made.bucket, at=newsroom.NEWEST)
        mirroring = made.functions["MirroringFunction"].load()
        calls = counted_calls()
        began, used = time.monotonic(), time.process_time()
        for some in batched(articles, _AT_ONCE, strict=False):
            messages = [*map(message, some), *({"front": each} for each in {one.language for one in some})]
            records = [{"messageId": str(at), "body": json.dumps(each)} for at, each in enumerate(messages)]
            while mirroring({"Records": records}, LambdaContext())["batchItemFailures"]:
                pass  # moto was slow, and the messages come again
        seconds, processor = time.monotonic() - began, time.process_time() - used
        yield f"{count:,} articles: {seconds:.0f} s, {processor:.0f} s of a processor, moto's included"
        yield "calls to S3: " + ", ".join(f"{name} {number:,}" for name, number in calls.most_common())
        calls.clear()
        change = message(articles[0])
        made.store().withdraw(articles[0].id, expected_version=1, at=newsroom.NEWEST)
        calls.clear()
        records = [{"messageId": "1", "body": json.dumps(each)} for each in (change, {"front": articles[0].language})]
        used = time.process_time()
        mirroring({"Records": records}, LambdaContext())
        said = ", ".join(f"{name} {number:,}" for name, number in calls.most_common())
        yield f"one article more, withdrawn: {said}; {time.process_time() - used:.2f} s of a processor"
        yield from sizes(made.bucket)
        with TemporaryDirectory() as folder:
            began = time.monotonic()
            copied = len(list(export(InS3(made.bucket), Path(folder) / "copy")))
            yield f"an export: {copied:,} files in {time.monotonic() - began:.0f} s"
            began = time.monotonic()
            copied = len(list(export(InS3(made.bucket), Path(folder) / "copy")))
            yield f"an export once more: {copied:,} files in {time.monotonic() - began:.0f} s"


def counted_calls() -> Counter[str]:
    """The calls to S3 from now on, by name."""
    counts: Counter[str] = Counter()

    def count(model: Any, **_: object) -> None:
        counts[model.name] += 1

    clients.s3().meta.events.register("before-call.s3", count)
    return counts


def sizes(bucket: str) -> Iterator[str]:
    """Files and bytes by kind of answer; on the wire as a server compresses them."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for page in clients.s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=MIRROR):
        for each in page.get("Contents", []):
            path = each.get("Key", "").removeprefix(MIRROR)
            content = clients.s3().get_object(Bucket=bucket, Key=mirror_key(path))["Body"].read()
            found[kind_of(path)].append((len(content), len(gzip.compress(content, 6))))
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
        case "webp":
            return "pictures"
        case _ if folder == "parts" or name == "manifest.json":
            return "manifest"
        case _ if "." in folder and not {"day", "days", "section"} & {*parts}:
            return f"articles, {parts[-1]}"
        case _:
            return f"fronts and lists, {parts[-1]}"


if __name__ == "__main__":
    for line in measure(int(sys.argv[1])):
        print(line, flush=True)
