"""Promise 3, watched over the whole suite: every answer and every log line of the reading function is searched for what
the request said about its reader, and so are the stores once the suite is over.
"""

import ipaddress
import itertools
import logging
import re
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from content_api.aws import clients
from content_api.reader_api.api import ReaderApi
from gateway.stack import Stack

# Headers that tell of a reader. What they say must be in no log; addresses and user agents in no answer either.
_TELLING = (
    "user-agent", "x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cookie", "referer", "via",
    "cloudfront-viewer-address", "cloudfront-viewer-country", "cloudfront-viewer-country-region",
    "cloudfront-viewer-city", "x-viewer-jurisdiction", "cf-ipcountry", "accept-language",
)  # fmt: skip
# Properties send any text, which may stand anywhere by chance. These do not: addresses, a user agent's product with its
# version (RFC 9110, section 10.1.5), what tests mark as the reader's own; and, in a log, the names of places.
_PRODUCT = re.compile(r"\w+/\d+\.\d+")
_MARKED = re.compile(r"readers?.?own", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")
_PLACES = {"RU", "UA", "US", "KZ", "ru", "ua-occupied"}

_identifying: set[str] = set()
# Languages of CLDR that no other test writes in.
_LANGUAGES = iter((
    "jgo jmc kab kam kde kea kgp khq kl kln km kn kok ks ksb ksf ksh kw lag lb lg lkt lo lrc lt lu mas mer "
    "mfe mg mgh mgo mi ml mn mni mr ms mt mua my naq nb nd ne nmg nn nnh nus nyn om or os aa ab af ak am an "
    "as ast ay bm bn bo br ca ceb co cs cv cy da de dz ee el eo es et"
).split())  # fmt: skip


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_info or ''}")


def _said(event: Any) -> dict[str, str]:
    if not isinstance(event, dict) or "requestContext" not in event:
        return {}  # some tests hand over what is no event
    asked = cast("dict[str, Any]", event)
    stated: dict[str, str] = asked.get("headers") or {}
    headers = {name.lower(): value for name, value in stated.items()}
    http: dict[str, str] = asked["requestContext"].get("http", {})
    said = {name: headers[name] for name in _TELLING if headers.get(name)}
    return said | {name: http[name] for name in ("sourceIp", "userAgent") if http.get(name)}


def _identifies(value: str) -> bool:
    if _PRODUCT.search(value) or _MARKED.search(value):
        return True
    try:
        return not ipaddress.ip_address(value.partition(",")[0].strip()).is_loopback
    except ValueError:
        return False


def _stands_in(value: str, text: str) -> bool:
    if value not in text:
        return False
    return re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text) is not None


def _watched(original: Callable[..., Any]) -> Callable[..., Any]:
    def lambda_handler(self: ReaderApi, event: Any, context: Any) -> Any:
        kept = _Lines()
        ours = [logging.getLogger(name) for name in ("content_api", "reading", "syndication")]
        levels = [logger.level for logger in ours]
        for logger in ours:
            logger.addHandler(kept)
            logger.setLevel(logging.DEBUG)
        try:
            response = original(self, event, context)
        finally:
            for logger, level in zip(ours, levels, strict=True):
                logger.removeHandler(kept)
                logger.setLevel(level)
        for name, value in _said(event).items():
            if _identifies(value) or value in _PLACES:
                logged = [line for line in kept.lines if _stands_in(value, line)]
                assert not logged, f"{name} was logged: {logged}"
            if _identifies(value):
                _identifying.add(value)
                returned = " ".join([*map(str, response["headers"].values()), str(response.get("body", ""))])
                assert not _stands_in(value, returned), f"{name} came back"
        return response

    return lambda_handler


@pytest.fixture(scope="session", autouse=True)
def nothing_of_a_reader_is_kept(stack: Stack) -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReaderApi, "lambda_handler", _watched(ReaderApi.lambda_handler))
        yield
    by_word: dict[str, list[str]] = {}
    for value in _identifying:
        by_word.setdefault(next(iter(_WORD.findall(value)), ""), []).append(value)
    for stored in _stored(stack):
        # Each word of a value that stands in a text is a word of the text.
        likely = [value for word in by_word.keys() & {"", *_WORD.findall(stored)} for value in by_word[word]]
        found = {value for value in likely if _stands_in(value, stored)}
        assert not found, f"{found} is stored"


_queues = itertools.count(1)


@pytest.fixture(scope="session")
def queues_of_its_own() -> Callable[[Stack], Stack]:
    """The same functions with queues that nobody else fills: what failed in one test would come again in another."""

    def made(stack: Stack) -> Stack:
        sqs, number = clients.client("sqs"), next(_queues)
        own = {
            name: sqs.create_queue(QueueName=f"{name}-{number}", Attributes={"VisibilityTimeout": seconds})["QueueUrl"]
            for name, seconds in (
                ("WITHDRAWAL_QUEUE", "0"),
                ("COPY_QUEUE", "0"),
                ("INDEX_QUEUE", "0"),
                ("MIRROR_QUEUE", "0"),
                ("PURGE_QUEUE", "0"),
                ("WEBHOOK_QUEUE", "30"),
            )
        }
        functions = {
            name: replace(function, environment=function.environment | own)
            for name, function in stack.functions.items()
        }
        return replace(stack, functions=functions)

    return made


def _stored(stack: Stack) -> Iterator[str]:
    """Every item of the table, and every object of the bucket, as text."""
    for page in clients.dynamodb().get_paginator("scan").paginate(TableName=stack.table):
        for item in page["Items"]:
            yield str(item)
            if "document" in item and "B" in item["document"]:
                yield zlib.decompress(item["document"]["B"]).decode()
    s3 = clients.s3()
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=stack.bucket):
        for listed in page.get("Contents", []):
            content = s3.get_object(Bucket=stack.bucket, Key=listed.get("Key", ""))["Body"].read()
            yield content.decode(errors="replace")


@pytest.fixture
def language() -> str:
    """A language that no other test writes in."""
    return next(_LANGUAGES)
