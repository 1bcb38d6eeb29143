"""Each function's role, read from the template, allows exactly the calls that its code makes: none fails for want of a
permission, and whoever takes over a function has no more than it needs.

Every function is put through its work with the calls that it makes noted, as the actions that IAM checks them by.
"""

import base64
import datetime as dt
import fnmatch
import hashlib
import importlib
import json
import re
import secrets
import shutil
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any, cast
from urllib.parse import quote

import pytest
from botocore.client import BaseClient
from tests.unit.imaging.files import as_file, drawn

from content_api.aws import clients
from content_api.aws.dynamodb import StoreUnavailable, Table
from content_api.aws.failures import Failed
from content_api.aws.objects import Bucket
from content_store.media import MediaRecords
from gateway import template
from gateway.events import LOCAL_EDITOR
from gateway.events import event as http_event
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack

type Permission = tuple[str, str]
type Handler = Callable[[dict[str, Any], Any], Any]

RESOURCES = template.load()["Resources"]
FUNCTIONS = [name for name, each in RESOURCES.items() if each["Type"] == "AWS::Serverless::Function"]
# What Lambda itself does in a function's name: it reads queues and the stream, and puts away records that failed.
LAMBDAS_OWN = {
    "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "dynamodb:DescribeStream",
    "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
}  # fmt: skip
# Powertools reads a record where DynamoDB's refusal to overwrite it does not bring it along.
LIBRARYS_OWN = ("dynamodb:GetItem", "IdempotencyTable")
# Of a stream's mapping (Lambda's developer guide, "Capturing discarded batches"): it puts away records, and may list.
FAILED_RECORDS = {
    "PropagationFunction": {("s3:PutObject", "ContentBucket/aws/lambda/*"), ("s3:ListBucket", "ContentBucket")},
    "WithdrawingFunction": {("s3:PutObject", "ContentBucket/aws/lambda/*")},
}
EDGE = "E1EDGE"


# ------------------------------------------------------------------------------------------------ What a role allows


def allowed(name: str) -> set[Permission]:
    """Pairs of an action and a resource, which may end in `*`, by the names that the template gives to resources."""
    found: set[Permission] = set()
    for policy in RESOURCES[name]["Properties"]["Policies"]:
        for stated in policy["Statement"]:
            statement = stated["Fn::If"][1] if "Fn::If" in stated else stated
            assert statement["Effect"] == "Allow"
            for action in _listed(statement["Action"]):
                for resource in _listed(statement["Resource"]):
                    found.add((action, _named(resource)))
    return found


def _listed(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _named(resource: Any) -> str:
    if isinstance(resource, str):
        return resource
    if "Ref" in resource:
        return str(resource["Ref"])
    if "Fn::GetAtt" in resource:
        return str(_listed(resource["Fn::GetAtt"])[0]).partition(".")[0]
    stated = re.sub(r"\$\{AWS::(\w+)\}", r"\1", resource["Fn::Sub"])
    if stated.startswith("arn:"):
        return stated.rpartition(":")[2]
    return re.sub(r"\$\{(\w+)\.Arn\}", r"\1", stated)


# ------------------------------------------------------------------------------------------------ What code asks for


class Asked:
    """The permissions that calls need (service authorization reference of each service)."""

    def __init__(self, stack: Stack) -> None:
        publishing = stack.functions["PublishingFunction"].environment
        propagation = stack.functions["PropagationFunction"].environment
        self.permissions: set[Permission] = set()
        self._secrets = {
            publishing["PREVIEW_SECRET"]: "PreviewSecret",
            stack.functions["MirroringFunction"].environment["MIRROR_SECRET"]: "StackName/mirror-*",
        }
        self._tables = {stack.table: "ContentTable", publishing["IDEMPOTENCY_TABLE"]: "IdempotencyTable"}
        self._queues = {
            stack.functions["WithdrawingFunction"].environment["WITHDRAWAL_QUEUE"]: "WithdrawalQueue",
            propagation["COPY_QUEUE"]: "CopyQueue",
            propagation["INDEX_QUEUE"]: "IndexQueue",
            propagation["MIRROR_QUEUE"]: "MirrorQueue",
            propagation["PURGE_QUEUE"]: "PurgeQueue",
            propagation["WEBHOOK_QUEUE"]: "WebhookQueue",
        }

    def note(self, service: str, operation: str, arguments: dict[str, Any]) -> None:
        match service:
            case "dynamodb":
                self.permissions |= set(self._dynamodb(operation, arguments))
            case "s3":
                self.permissions |= set(self._s3(operation, arguments))
            case "sqs":
                # A batch needs what one message needs.
                self.permissions.add((f"sqs:{operation.removesuffix('Batch')}", self._queues[arguments["QueueUrl"]]))
            case "scheduler":
                self.permissions.add((f"scheduler:{operation}", "schedule/StackName-publishing/*"))
                self.permissions.add(("iam:PassRole", "SchedulerRole"))
            case "secretsmanager":
                named = self._secrets.get(arguments["SecretId"], "StackName/webhooks-*")
                self.permissions.add((f"secretsmanager:{operation}", named))
            case "cloudfront":
                target = (
                    "distribution/${Distribution}" if "DistributionId" in arguments else f"function/{arguments['Name']}"
                )
                self.permissions.add((f"cloudfront:{operation}", target))
            case _:
                raise AssertionError((service, operation))

    def _dynamodb(self, operation: str, arguments: dict[str, Any]) -> Iterator[Permission]:
        if operation == "TransactWriteItems":
            for each in arguments["TransactItems"]:
                ((kind, part),) = each.items()
                action = "ConditionCheckItem" if kind == "ConditionCheck" else f"{kind}Item"
                yield f"dynamodb:{action}", self._tables[part["TableName"]]
        elif operation == "BatchGetItem":
            for name in arguments["RequestItems"]:
                yield "dynamodb:BatchGetItem", self._tables[name]
        else:
            index = f"/index/{arguments['IndexName']}" if "IndexName" in arguments else ""
            yield f"dynamodb:{operation}", f"{self._tables[arguments['TableName']]}{index}"

    def _s3(self, operation: str, arguments: dict[str, Any]) -> Iterator[Permission]:
        target = f"ContentBucket/{arguments.get('Key', '')}"
        version = "Version" if "VersionId" in arguments else ""
        match operation:
            case "GetObject" | "HeadObject":
                yield f"s3:GetObject{version}", target
                if operation == "HeadObject":
                    yield "s3:ListBucket", "ContentBucket"  # else what is missing is 403
            case "CopyObject":
                copied = arguments["CopySource"]
                yield f"s3:GetObject{'Version' if 'VersionId' in copied else ''}", f"ContentBucket/{copied['Key']}"
                yield "s3:PutObject", target
                if arguments.get("TaggingDirective", "COPY") == "COPY":
                    yield "s3:GetObjectVersionTagging", f"ContentBucket/{arguments['CopySource']['Key']}"
                    yield "s3:PutObjectTagging", target
            case "ListObjectsV2":
                yield "s3:ListBucket", "ContentBucket"
            case "DeleteObject":
                yield f"s3:DeleteObject{version}", target
            case _:
                yield f"s3:{operation}", target


@contextmanager
def noting(asked: Asked) -> Generator[None]:
    original = cast("Callable[..., Any]", getattr(BaseClient, "_make_api_call"))  # noqa: B009 - where calls go out
    reading = cast("Callable[..., Any]", getattr(Table, "_asked"))  # noqa: B009 - reading's own client

    def call(client: Any, name: str, arguments: dict[str, Any]) -> object:
        asked.note(client.meta.service_model.service_name, name, arguments)
        return original(client, name, arguments)

    def ask(table: object, name: str, request: dict[str, Any]) -> object:
        asked.note("dynamodb", name, request)
        return reading(table, name, request)

    read = Bucket.read_with_metadata

    def read_object(bucket: Bucket, key: str) -> object:
        asked.note("s3", "GetObject", {"Key": key})
        return read(bucket, key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", call)
        patch.setattr(Table, "_asked", ask)
        patch.setattr(Bucket, "read_with_metadata", read_object)
        yield


@contextmanager
def gone() -> Generator[None]:
    """DynamoDB gives nothing, and copies stand in for it."""

    def nothing(*_: object) -> None:
        raise StoreUnavailable("gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "_ask", nothing)
        yield


# ------------------------------------------------------------------------------------------------ The work of each


@pytest.fixture(scope="module")
def pump(own_stack: Stack) -> Pump:
    return Pump(own_stack)


class Work:
    def __init__(self, stack: Stack, pump: Pump) -> None:
        self.stack = stack
        self.pump = pump
        self.publishing = self._editor()

    def do(self, name: str, asked: Asked) -> None:
        getattr(self, f"_{name.removesuffix('Function').lower()}")(asked)

    def _load(self, name: str, **environment: str) -> Handler:
        function = self.stack.functions[name]
        return replace(function, environment=function.environment | environment).load()

    def _editor(self) -> Callable[..., dict[str, Any]]:
        handler = self._load("PublishingFunction")
        routes = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]

        def ask(method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
            stated = {"content-type": "application/json", "host": "desk.example.org"}
            stated |= {name.replace("_", "-"): value for name, value in headers.items()}
            content = b"" if body is None else json.dumps(body).encode()
            asked = http_event(method, path, stated, route_keys=routes, body=content, principal=LOCAL_EDITOR)
            return handler(asked, LambdaContext())

        return ask

    def _article(self, article_id: str, **fields: Any) -> dict[str, Any]:
        body = [{"type": "paragraph", "html": "Text."}]
        return {"id": article_id, "language": "en", "headline": article_id, "body": body, **fields}

    def _large(self, article_id: str) -> dict[str, Any]:
        parts = [{"type": "paragraph", "html": secrets.token_hex(20_000)} for _ in range(30)]
        return self._article(article_id, body=parts, status="published")

    def _put(self, article_id: str, **fields: Any) -> str:
        path = f"/v1/editorial/articles/{article_id}"
        answer = self.publishing("PUT", path, self._article(article_id, **fields), if_none_match="*")
        assert answer["statusCode"] == 201, answer["body"]
        return path

    def _left(self, article_id: str) -> str:
        """An address that leads to an article which names it no more."""
        url = f"https://example.org/{article_id}"
        path = self._put(article_id, status="published", url=url)
        assert self.publishing("PATCH", path, {"url": None}, if_match='"1"')["statusCode"] == 200
        return url

    def _publishing(self, asked: Asked) -> None:
        with noting(asked):
            path = self._put("en-a", status="published", section="Europe", url="https://example.org/en-a")
            self.publishing("PUT", "/v1/editorial/articles/en-large", self._large("en-large"), if_none_match="*")
            self.publishing("PATCH", path, {"section": "Asia"}, if_match='"1"', idempotency_key="of-its-role-1")
            self.publishing("PATCH", path, {"section": "Asia"}, if_match='"1"', idempotency_key="of-its-role-1")
            self.publishing("PATCH", path, {"headline": ""}, if_match='"2"', idempotency_key="of-its-role-2")
            gone = self.publishing("POST", f"{path}/withdraw", {"reason": "Wrong."}, if_match='"2"')
            assert gone["statusCode"] == 200, gone["body"]
            self._put("en-there-now", status="published", url="https://example.org/en-a")
            pending = "/v1/editorial/drafts/en-there-now"
            tag = self.publishing("PATCH", pending, {"headline": "Edited"}, if_match='"1"')["headers"]["etag"]
            assert self.publishing("DELETE", pending, if_match=tag)["statusCode"] == 200
            draft = self._put("en-draft")
            self.publishing("PUT", f"{draft}/schedule", {"publish_at": "2099-01-01T10:00:00Z"}, if_match='"1"')
            assert self.publishing("POST", f"{draft}/previews", {})["statusCode"] == 201
            self.publishing("GET", "/v1/editorial/drafts?language=en")
            self.publishing("PUT", "/v1/editorial/fronts/en", {"top": ["en-large"]}, if_none_match="*")
            for order in "12":
                source = {"file": "a.json", "order": order}
                self.publishing("POST", "/v1/editorial/imports", {"source": source, "article": self._article("en-b")})
        picture = {"file_name": "a.png", "media_type": "image/png", "bytes": 9, "sha256": "5" * 64}
        with noting(asked):
            upload = self.publishing("POST", "/v1/editorial/media", picture)
            self._put("en-live", status="published", type="live")
            post = {"body": [{"type": "paragraph", "html": "A"}]}
            assert self.publishing("POST", "/v1/editorial/articles/en-live/posts", post)["statusCode"] == 201
            for found in ("search?language=en", "log"):
                assert self.publishing("GET", f"/v1/editorial/{found}", None)["statusCode"] == 200
        assert upload["statusCode"] == 201, upload["body"]
        # Whoever uses the address that the function signed acts in its name.
        assert "/originals/" in json.loads(upload["body"])["upload"]["url"]
        asked.note("s3", "PutObject", {"Key": f"originals/{'5' * 64}"})
        stray = {"pk": {"S": "DRAFTS#en"}, "sk": {"S": "en-a"}}
        clients.dynamodb().put_item(TableName=self.stack.table, Item=stray)
        # A picture that has lost a file is read again.
        clients.s3().put_object(Bucket=self.stack.bucket, Key=f"originals/{'6' * 64}", Body=b"a picture")
        lost = {"files": [{"name": "original/320.avif", "bytes": 1}]}
        MediaRecords(clients.dynamodb(), table=self.stack.table).finish("6" * 64, lost, at=dt.datetime.now(dt.UTC))
        cursor: str | None = ""
        with noting(asked), pytest.MonkeyPatch.context() as patch:
            patch.setattr("content_store.examination._WRITING_TAKES", -1)
            while cursor is not None:
                page = {"repair": True, "limit": 100} | ({"cursor": cursor} if cursor else {})
                verified = self.publishing("POST", "/v1/editorial/verifications", page)
                assert verified["statusCode"] == 200, verified["body"]
                cursor = json.loads(verified["body"])["cursor"]

    def _reading(self, asked: Asked) -> None:
        other = {"language": "uk", "id": "uk-read"}
        self._put("en-read", status="published", url="https://example.org/read", translations=[other])
        large = self.publishing(
            "PUT", "/v1/editorial/articles/en-large-read", self._large("en-large-read"), if_none_match="*"
        )
        assert large["statusCode"] == 201
        handler = self._load("ReadingFunction")
        routes = [route.key for route in template.routes(template.load()) if route.function == "ReadingFunction"]
        clients.s3().put_object(Bucket=self.stack.bucket, Key="mirror/index.html", Body=b"-")
        with noting(asked):
            mirror = http_event("GET", "/mirror/index.html", {"host": "a"}, route_keys=routes)
            assert handler(mirror, LambdaContext())["statusCode"] == 200
            for path in ("articles/en-read", "articles/en-large-read", "articles?language=en", "fronts/en", "sections"):
                event = http_event("GET", f"/v1/{path}", {"host": "a"}, route_keys=routes)
                assert handler(event, LambdaContext())["statusCode"] == 200, path
        for _ in range(20):  # a turn takes ten messages of a queue
            self.pump.turn()
        with noting(asked), gone():
            for path in ("articles/en-read", "fronts/en"):
                event = http_event("GET", f"/v1/{path}", {"host": "a"}, route_keys=routes)
                assert handler(event, LambdaContext())["statusCode"] == 200, path

    def _syndication(self, asked: Asked) -> None:
        url = "https://example.org/passed-on"
        self._put("en-passed-on", status="published", url=url, section="Passed On")
        path = "/v1/editorial/articles/en-large-passed-on"
        large = self.publishing("PUT", path, self._large("en-large-passed-on"), if_none_match="*")
        assert large["statusCode"] == 201
        handler = self._load("SyndicationFunction")
        routes = [route.key for route in template.routes(template.load()) if route.function == "SyndicationFunction"]
        with noting(asked):
            for target in (
                "/embed/articles/en-passed-on",
                "/embed/articles/en-large-passed-on",
                f"/v1/oembed?url={quote(url, safe='')}",
                "/feeds/en.json",
                "/sitemaps/news.xml",
                "/sitemaps/index.xml",
            ):
                event = http_event("GET", target, {"host": "a"}, route_keys=routes)
                assert handler(event, LambdaContext())["statusCode"] == 200, target
        for _ in range(20):  # a turn takes ten messages of a queue
            self.pump.turn()
        with noting(asked), gone():
            event = http_event("GET", "/embed/articles/en-passed-on", {"host": "a"}, route_keys=routes)
            assert handler(event, LambdaContext())["statusCode"] == 200

    def _due(self, asked: Asked) -> None:
        path = self._put("en-due", section="Europe", url=self._left("en-due-moved"))
        self.publishing("PUT", f"{path}/schedule", {"publish_at": "2099-01-01T10:00:00Z"}, if_match='"1"')
        due = self._load("DueFunction")
        large = self._put("en-large-due", body=self._large("x")["body"])
        self.publishing("PUT", f"{large}/schedule", {"publish_at": "2099-01-01T10:00:00Z"}, if_match='"1"')
        with noting(asked), pytest.MonkeyPatch.context() as patch:
            patch.setattr(importlib.import_module("publishing.due"), "_LONGEST_EARLY", 1e12)
            patch.setattr("publishing.due.time.sleep", abs)  # returns at once
            for article_id in ("en-due", "en-large-due"):
                event = {"article_id": article_id, "publish_at": "2099-01-01T10:00:00+00:00"}
                assert due(event, LambdaContext()) == {"published": True}

    def _importing(self, asked: Asked) -> None:
        handler, s3 = self._load("ImportingFunction"), clients.s3()
        draft = self._article("en-dropped", status="draft", section="Europe")
        moved = self._article("en-moved", section="Europe", status="published")
        moved["url"] = self._left("en-dropped-moved")
        files = [draft, draft, moved, moved | {"section": "Asia"}, self._large("en-large-dropped"), {"id": "no"}]
        events: list[dict[str, Any]] = []
        for number, file in enumerate(files):
            key = f"incoming/en/{number}.json"
            made = s3.put_object(Bucket=self.stack.bucket, Key=key, Body=json.dumps(file).encode())
            stated = {"key": key, "version-id": made["VersionId"], "sequencer": str(number)}
            body = json.dumps({"detail": {"object": stated}})
            events.append(
                {
                    "Records": [
                        {
                            "messageId": "1",
                            "eventSource": "aws:sqs",
                            "attributes": {"ApproximateReceiveCount": "1"},
                            "body": body,
                        }
                    ]
                }
            )
        with noting(asked):
            for event in [*events, events[0]]:
                assert handler(event, LambdaContext()) == {"batchItemFailures": []}

    def _imaging(self, asked: Asked) -> None:
        handler, s3 = self._load("ImagingFunction"), clients.s3()
        for content in (as_file("png", drawn(330, 200)), b"no picture"):
            key = f"originals/{hashlib.sha256(content).hexdigest()}"
            made = s3.put_object(Bucket=self.stack.bucket, Key=key, Body=content)
            body = json.dumps({"detail": {"object": {"key": key, "version-id": made["VersionId"]}}})
            attributes = {"ApproximateReceiveCount": "1"}
            record = {"messageId": "1", "eventSource": "aws:sqs", "attributes": attributes, "body": body}
            with noting(asked):
                assert handler({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}

    def _media(self, asked: Asked) -> None:
        content = as_file("png", drawn(330, 200))
        media_id = hashlib.sha256(content).hexdigest()
        clients.s3().put_object(Bucket=self.stack.bucket, Key=f"originals/{media_id}", Body=content)
        about = {"width": 330, "height": 200, "placeholder": "L00000fQfQfQfQfQfQfQfQfQfQfQ"}
        records = MediaRecords(clients.dynamodb(), table=self.stack.table)
        records.finish(media_id, about, at=dt.datetime.now(dt.UTC))
        self._put("en-pictured", status="published", lead_image={"media": media_id, "alt": "A"})
        sound = self._recorded()
        self._put("en-sounding", status="published", body=[{"type": "audio", "media": sound}])
        routes = [route.key for route in template.routes(template.load()) if route.function == "MediaFunction"]
        handler = self._load("MediaFunction")
        for _ in range(2):
            with noting(asked):
                event = http_event("GET", f"/media/{media_id}/1x1/160.jpg", {"host": "a"}, route_keys=routes)
                assert handler(event, LambdaContext())["statusCode"] == 200
        with noting(asked):
            event = http_event("GET", f"/media/{sound}/recording.mp3", {"host": "a"}, route_keys=routes)
            assert handler(event, LambdaContext())["statusCode"] == 200

    def _recorded(self) -> str:
        """The id of a sound that was uploaded, and that no other test has."""
        content = secrets.token_bytes(16)
        media_id = hashlib.sha256(content).hexdigest()
        clients.s3().put_object(Bucket=self.stack.bucket, Key=f"media/{media_id}/recording.mp3", Body=content)
        about = {"media_type": "audio/mpeg", "duration_seconds": 1, "files": [{"name": "recording.mp3", "bytes": 16}]}
        records = MediaRecords(clients.dynamodb(), table=self.stack.table)
        records.finish(media_id, about, at=dt.datetime.now(dt.UTC))
        return media_id

    def _propagation(self, asked: Asked) -> None:
        self._put("en-propagated", status="published")
        self.publishing("PUT", "/v1/editorial/articles/en-large-told", self._large("en-large-told"), if_none_match="*")
        self.publishing("PUT", "/v1/editorial/fronts/uk", {"top": ["en-large-told"]}, if_none_match="*")
        partner = {"id": "a", "url": "https://a.example/", "secrets": [f"whsec_{base64.b64encode(bytes(32)).decode()}"]}
        secret = self.stack.functions["PropagationFunction"].environment["WEBHOOKS_SECRET"]
        manager = clients.client("secretsmanager")
        manager.put_secret_value(SecretId=secret, SecretString=json.dumps({"endpoints": [partner]}))
        with pytest.MonkeyPatch.context() as patch:
            handler = self._load("PropagationFunction")

            def noted(event: dict[str, Any], context: object) -> Any:
                with noting(asked):
                    return handler(event, context)

            patch.setattr(self.pump, "propagation", noted)
            self.pump.turn()
        manager.put_secret_value(SecretId=secret, SecretString='{"endpoints": []}')

    def _withdrawing(self, asked: Asked) -> None:
        path = self._put("en-withdrawn", status="published", body=[{"type": "audio", "media": self._recorded()}])
        handler = self._load("WithdrawingFunction", DISTRIBUTION_ID=EDGE)
        self.pump.turn()
        self.publishing("POST", f"{path}/withdraw", {"reason": "Wrong."}, if_match='"1"')
        # Its copy says what it said before: the editor's function could not reach S3.
        clients.s3().put_object(
            Bucket=self.stack.bucket,
            Key="current/en-withdrawn.json",
            Body=b"{}",
            Metadata={"version": "1", "status": "published"},
        )
        with pytest.MonkeyPatch.context() as patch:

            def noted(event: dict[str, Any], context: object) -> Any:
                with noting(asked):
                    return handler(event, context)

            patch.setattr(self.pump, "withdrawing", noted)
            self.pump.turn()
        message = {"tags": ["article:en-a"], "reference": "1", "at": 0}
        # There is no such distribution in moto; that it was asked is what counts.
        with noting(asked), suppress(Failed):
            handler({"Records": [{"eventSource": "aws:sqs", "body": json.dumps(message)}]}, LambdaContext())

    def _copying(self, asked: Asked) -> None:
        self.publishing(
            "PUT", "/v1/editorial/articles/en-large-copied", self._large("en-large-copied"), if_none_match="*"
        )
        self.publishing("PUT", "/v1/editorial/fronts/be", {"top": ["en-large-copied"]}, if_none_match="*")
        handler = self._load("CopyingFunction")
        self._put("en-linked", status="published", translations=[{"language": "uk", "id": "uk-linked"}])
        sound = self._recorded()
        path = self._put("en-recorded", status="published", body=[{"type": "audio", "media": sound}])
        messages: list[dict[str, Any]] = [{"article": "en-large-copied"}, {"article": "en-linked"}, {"front": "be"}]
        done = {"at": "2025-11-20T08:00:00.000000Z", "what": "article", "id": "en-linked"}
        messages.insert(0, {"done": done})
        messages.append({"recording": f"{sound}/recording.mp3"})
        records: list[dict[str, Any]] = [
            {"messageId": str(at), "eventSource": "aws:sqs", "body": json.dumps(each), "attributes": {}}
            for at, each in enumerate(messages)
        ]
        with noting(asked):
            assert handler({"Records": records}, LambdaContext()) == {"batchItemFailures": []}
        self.publishing("POST", f"{path}/withdraw", {"reason": "Wrong."}, if_match='"1"')
        with noting(asked):
            assert handler({"Records": records[-1:]}, LambdaContext()) == {"batchItemFailures": []}

    def _indexing(self, asked: Asked) -> None:
        dated, large = {"published_at": "2025-11-20T08:00:00Z"}, "en-large-indexed"
        stated = self._large(large) | dated
        self.publishing("PUT", f"/v1/editorial/articles/{large}", stated, if_none_match="*")
        path = self._put("en-indexed", status="published", **dated)
        handler = self._load("IndexingFunction")
        named = [{"article": each, "shard": "en/2025"} for each in (large, "en-indexed")]
        records = [{"messageId": each["article"], "body": json.dumps(each)} for each in named]

        def index() -> None:
            with noting(asked), pytest.MonkeyPatch.context() as patch:
                patch.setattr("content_search.committing._KEPT", dt.timedelta(0))
                assert handler({"Records": records}, LambdaContext()) == {"batchItemFailures": []}

        index()
        self.publishing("POST", f"{path}/withdraw", {"reason": "Wrong."}, if_match='"1"')
        self.publishing("PATCH", f"/v1/editorial/articles/{large}", {"headline": "New"}, if_match='"1"')
        index()
        shutil.rmtree(Path(gettempdir()) / "indexing")  # as in a new process
        self.publishing("POST", f"{path}/reinstate", {}, if_match='"2"')
        index()

    def _mirroring(self, asked: Asked) -> None:
        picture = as_file("png", drawn(330, 200))
        media_id = hashlib.sha256(picture).hexdigest()
        clients.s3().put_object(Bucket=self.stack.bucket, Key=f"media/{media_id}/original/320.webp", Body=b"a picture")
        about = {"width": 330, "height": 200, "placeholder": "L00000fQfQfQfQfQfQfQfQfQfQfQ"}
        MediaRecords(clients.dynamodb(), table=self.stack.table).finish(media_id, about, at=dt.datetime.now(dt.UTC))
        dated = {"published_at": "2025-11-20T08:00:00Z", "section": "Europe"}
        path = self._put("en-mirrored", status="published", lead_image={"media": media_id, "alt": "A"}, **dated)
        stated = self._large("en-large-mirrored") | dated
        self.publishing("PUT", "/v1/editorial/articles/en-large-mirrored", stated, if_none_match="*")
        self.publishing("PUT", "/v1/editorial/fronts/en", {"top": ["en-mirrored"]}, if_match='"1"')
        named: list[dict[str, Any]] = [
            {"article": each, "shelf": "en.2025-11", "days": ["20"], "sections": ["europe"]}
            for each in ("en-mirrored", "en-large-mirrored")
        ]
        bodies = [json.dumps(each) for each in (*named, {"front": "en"}, {"bundle": "en"}, {"remake": "en.2025-11"})]
        records = [{"messageId": str(at), "body": each} for at, each in enumerate(bodies)]
        with noting(asked):
            handler = self._load("MirroringFunction")
            assert handler({"Records": records}, LambdaContext()) == {"batchItemFailures": []}
            handler({}, LambdaContext())
        self.publishing("POST", f"{path}/withdraw", {"reason": "Wrong."}, if_match='"1"')
        with noting(asked):
            assert handler({"Records": records}, LambdaContext()) == {"batchItemFailures": []}

    def _searching(self, asked: Asked) -> None:
        self._put("en-searched", status="published", published_at="2025-11-20T08:00:00Z", headline="Walruses")
        record = {"messageId": "1", "body": json.dumps({"article": "en-searched", "shard": "en/2025"})}
        assert self._load("IndexingFunction")({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}
        routes = [route.key for route in template.routes(template.load()) if route.function == "SearchingFunction"]
        handler = self._load("SearchingFunction")
        with noting(asked):
            for language in ("en", "de"):
                target = f"/v1/search?language={language}&q=walruses"
                event = http_event("GET", target, {"host": "a"}, route_keys=routes)
                assert handler(event, LambdaContext())["statusCode"] == 200

    def _purging(self, asked: Asked) -> None:
        handler = self._load("PurgingFunction", DISTRIBUTION_ID=EDGE)
        body = json.dumps({"tags": ["article:en-a"], "reference": "1", "at": 0})
        # As above.
        with noting(asked), suppress(Failed):
            handler({"Records": [{"body": body}]}, LambdaContext())
        with noting(asked), pytest.MonkeyPatch.context() as patch:
            edge: Any = importlib.import_module("propagation.purging")
            patch.setattr(edge._edge, "free_requests", lambda: 100)  # noqa: SLF001 - as if it had said so
            with suppress(Failed):
                handler({"Records": [{"body": body}]}, LambdaContext())
            patch.setattr(edge._edge, "free_requests", lambda: 0)  # noqa: SLF001 - as above
            handler({"Records": [{"body": body}]}, LambdaContext())

    def _delivering(self, asked: Asked) -> None:
        partner = {
            "id": "a",
            "url": "https://hooks.example.org/",
            "secrets": [f"whsec_{base64.b64encode(bytes(32)).decode()}"],
        }
        secret = self.stack.functions["DeliveringFunction"].environment["WEBHOOKS_SECRET"]
        manager = clients.client("secretsmanager")
        manager.put_secret_value(SecretId=secret, SecretString=json.dumps({"endpoints": [partner]}))
        queue = self.stack.functions["DeliveringFunction"].environment["WEBHOOK_QUEUE"]
        sqs = clients.client("sqs")
        body = json.dumps({"endpoint": "a", "id": "msg_1", "body": "{}"})
        sqs.send_message(QueueUrl=queue, MessageBody=body)
        (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
        record = {
            "messageId": "1",
            "eventSource": "aws:sqs",
            "body": body,
            "receiptHandle": message["ReceiptHandle"],
            "attributes": {"ApproximateReceiveCount": "1"},
        }
        handler = self._load("DeliveringFunction")
        resolve = socket.getaddrinfo

        def found(host: str, *arguments: Any, **more: Any) -> Any:
            if host == "hooks.example.org":
                raise socket.gaierror("as a name that nobody has")
            return resolve(host, *arguments, **more)

        with noting(asked), pytest.MonkeyPatch.context() as patch:
            patch.setattr("socket.getaddrinfo", found)
            assert handler({"Records": [record]}, LambdaContext())["batchItemFailures"]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        manager.put_secret_value(SecretId=secret, SecretString='{"endpoints": []}')

    def _canary(self, asked: Asked) -> None:
        name = "StackName-viewer-request"
        handler = self._load("CanaryFunction", EDGE_FUNCTION=name, PUBLIC_URL="http://127.0.0.1:1")
        cloudfront = clients.client("cloudfront")
        code = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
        cloudfront.create_function(Name=name, FunctionConfig=code, FunctionCode=b"-")
        with noting(asked):
            handler({}, LambdaContext())


@pytest.fixture(scope="module")
def work(own_stack: Stack, pump: Pump) -> Work:
    return Work(own_stack, pump)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_role_allows_exactly_what_its_function_does(name: str, own_stack: Stack, work: Work) -> None:
    asked = Asked(own_stack)
    work.do(name, asked)
    role = allowed(name)
    others_own = {each for each in role if each[0] in LAMBDAS_OWN or each == LIBRARYS_OWN} | FAILED_RECORDS.get(
        name, set()
    )

    def covers(permission: Permission, need: Permission) -> bool:
        return permission[0] == need[0] and (permission[1] == need[1] or fnmatch.fnmatchcase(need[1], permission[1]))

    refused = {need for need in asked.permissions if not any(covers(each, need) for each in role)}
    assert not refused, "the role does not allow it"
    unused = {each for each in role - others_own if not any(covers(each, need) for need in asked.permissions)}
    assert not unused, "the function never does it"


def test_no_role_allows_everything() -> None:
    for name in FUNCTIONS:
        for action, resource in allowed(name):
            assert "*" not in action
            assert resource != "*" or action == "dynamodb:ListStreams"  # which knows no resources
