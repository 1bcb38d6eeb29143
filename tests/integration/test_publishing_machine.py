"""Several editors, a newsroom's files and a schedule at the same few articles, while AWS fails at any call.

A failure is what a process meets after boto3's own attempts: refused for the load (throttled), no answer before or
after the effect, a condition that fails, the process gone; or another editor's whole request in between. Whatever
happened: no version that was accepted is missing or changed, nothing is read that is not published, nothing is
published that nobody published, every list holds what it should, an address leads to the article that names it,
translations link both ways, no file replaces what an editor wrote, and what a write leaves behind agrees.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, cast
from urllib.parse import quote

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from content_api.aws import clients
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotices
from content_store.articles import ArticleStore
from content_store.differences import Finding
from content_store.errors import StoreError
from content_store.media import MediaRecords
from content_store.verification import Verification
from gateway import template
from gateway.events import event as http_event
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from publishing.api import EditorialApi
from publishing.desk import Desk
from publishing.embargoes import publish_due
from publishing.previews import Previews
from publishing.schedules import Schedules
from publishing.uploads import Uploads
from simulated_edge.requests import ask
from thoroughness import examples

type Api = Callable[[dict[str, Any]], dict[str, Any]]

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
KINDS = ["throttled", "timeout before", "timeout after", "condition", "gone before", "gone after", "another editor"]
WRITES = {"TransactWriteItems", "PutItem", "UpdateItem"}
TRIED: Counter[str] = Counter()
BEGINNING = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)


class Gone(BaseException):
    """The process, in the middle of what it did."""


@dataclass
class Fault:
    """At a call counted from 0."""

    at: int
    kind: str
    another: Callable[[], None]


@contextmanager
def failing(fault: Fault | None) -> Generator[None]:
    original = cast("Callable[..., Any]", getattr(BaseClient, "_make_api_call"))  # noqa: B009 - where calls go out
    calls = 0

    def call(client: object, name: str, arguments: object) -> object:
        nonlocal calls
        calls += 1
        if fault is None or calls != fault.at + 1:
            return original(client, name, arguments)
        TRIED[f"{fault.kind}: {name}"] += 1
        match fault.kind:
            case "another editor":
                fault.another()
                return original(client, name, arguments)
            case "timeout after" | "gone after":
                original(client, name, arguments)
            case "condition" if name == "TransactWriteItems":
                reasons = [{"Code": "ConditionalCheckFailed"}]
                raise _error(client, "TransactionCanceledException", name, CancellationReasons=reasons)
            case "condition" if name in WRITES and "ConditionExpression" in str(arguments):
                raise _error(client, "ConditionalCheckFailedException", name)
            case _:
                pass
        if fault.kind.startswith("gone"):
            raise Gone
        if fault.kind.startswith("timeout"):
            raise ReadTimeoutError(endpoint_url="")
        raise _error(client, "ThrottlingException", name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", call)
        yield


def _error(client: Any, code: str, operation: str, **members: Any) -> ClientError:
    kind = client.exceptions.from_code(code)
    return kind({"Error": {"Code": code}, **members}, operation)


class Newsdesk(RuleBasedStateMachine):
    stack: Stack
    reading: Api
    count = 0

    def __init__(self) -> None:
        super().__init__()
        Newsdesk.count += 1
        self.ids = [f"{language}-{Newsdesk.count}-{name}" for language, name in (("en", "a"), ("en", "b"), ("ru", "c"))]
        # Fewer than articles: they are moved, and taken.
        self.addresses = [f"https://example.org/{Newsdesk.count}/{name}" for name in "xy"]
        self.now = BEGINNING
        self.made = 0
        self.accepted: dict[tuple[str, int], str] = {}
        self.may_be_published: set[str] = set()
        self.may_have_lost_a_withdrawal: set[str] = set()
        self.random = Random(0)
        self.inner = 0  # requests of others that went in between
        self.is_undisturbed = True  # whether nothing failed in the last act
        self.store = ArticleStore(clients.dynamodb(), clients.s3(), table=self.stack.table, bucket=self.stack.bucket)
        environment = self.stack.functions["PublishingFunction"].environment
        self.schedules = Schedules(
            clients.client("scheduler"),
            group=environment["SCHEDULE_GROUP"],
            target=environment["DUE_FUNCTION"],
            role=environment["SCHEDULER_ROLE"],
        )
        self.promised: set[tuple[str, dt.datetime]] = set()
        verification = Verification(
            self.store, clients.dynamodb(), clients.s3(), table=self.stack.table, bucket=self.stack.bucket
        )
        uploads = Uploads(
            MediaRecords(clients.dynamodb(), table=self.stack.table),
            clients.s3_signing_headers(),
            bucket=self.stack.bucket,
        )
        self.api = EditorialApi(
            Desk(self.store, self.stack.fronts(), self.stack.subjects(), self.schedules, verification, uploads),
            Previews(lambda: ("a-secret-of-the-tests-and-their-previews",)),
            LegalNotices(load_entries(), "https://content.example.org/legal-notices/{id}"),
            public_url="https://content.example.org",
            clock=lambda: self.now,
        )
        self.verification = verification
        self.pump = Pump(self.stack)

    # ------------------------------------------------------------------------------------ Requests

    def ask(self, method: str, article_id: str, act: str, body: Any, version: int, editor: str) -> int:
        """The status; 0 where the process went. What was accepted is noted."""
        path = "/v1/editorial/imports" if act == "imports" else f"/v1/editorial/articles/{article_id}{act}"
        headers = {"content-type": "application/json", "host": "desk.example.org"}
        headers |= {"if-match": f'"{version}"'} if version else {"if-none-match": "*"}
        principal = f"arn:aws:iam::123456789012:user/{editor}"
        content = b"" if body is None else json.dumps(body).encode()
        asked = http_event(method, path, headers, route_keys=ROUTES, body=content, principal=principal)
        try:
            answer = self.api.lambda_handler(asked, LambdaContext())
        except Gone:
            return 0
        if answer["statusCode"] < 300 and not (act == "imports" and '"created"' not in answer["body"]):
            made = json.loads(answer["body"])["version"]
            assert (article_id, made) not in self.accepted, "a number was given twice"
            self.accepted[article_id, made] = editor
        return answer["statusCode"]

    def act(
        self, method: str, article_id: str, act: str, body: Any, *, is_stale: bool = False, may: bool = False
    ) -> None:
        fault = self.a_fault(article_id)
        before = self.store.records.current(article_id)
        version = before.version - 1 if is_stale and before.version > 1 else before.version
        if may:
            self.may_be_published.add(article_id)
        inner = self.inner
        with failing(fault):
            status = self.ask(method, article_id, act, body, version, "ana")
        self.is_undisturbed = fault is None
        if act == "/withdraw" and fault is not None and not 200 <= status < 300:
            self.may_have_lost_a_withdrawal.add(article_id)
        was_refused = 400 <= status < 500
        if was_refused and self.inner == inner:
            assert self.store.records.current(article_id).version == before.version, "refused, and done all the same"
        if version != before.version:
            assert not 200 <= status < 300, "a change on a version that the editor has not seen"
        if fault is None:
            assert status != 503

    def article(self, article_id: str, **fields: Any) -> dict[str, Any]:
        self.made += 1
        body = [{"type": "paragraph", "html": f"Text {self.made}."}]
        return {"language": article_id[:2], "headline": f"{article_id} {self.made}", "body": body, **fields}

    # ------------------------------------------------------------------------------------ What happens

    @initialize(seed=st.integers(0, 2**32))
    def draw(self, seed: int) -> None:
        """Where and how calls fail: hypothesis would have them fail at the first, again and again."""
        self.random = Random(seed)

    def a_fault(self, article_id: str) -> Fault | None:
        if self.random.random() < 1 / 5:
            return None

        def another() -> None:
            self.inner += 1
            version = self.store.records.current(article_id).version
            self.ask("PUT", article_id, "", self.article(article_id), version, "boris")

        # Where writers meet, they meet others most of the time.
        return Fault(
            self.random.randrange(10), self.random.choice([*KINDS, "another editor", "another editor"]), another
        )

    def one(self, *statuses: str) -> str:
        """Mostly an article in one of these states, "" being none yet, where there is one."""
        found = [each for each in self.ids if self.store.records.current(each).status in statuses]
        return self.random.choice(found if found and self.random.random() < 9 / 10 else self.ids)

    @rule(section=st.sampled_from(["Europe", "Asia", None]), is_stale=st.booleans())
    def put(self, section: str | None, is_stale: bool) -> None:  # noqa: FBT001 - hypothesis names it
        article_id = self.one("", "draft", "published")
        self.act("PUT", article_id, "", self.article(article_id, section=section), is_stale=is_stale)

    @rule()
    def put_published(self) -> None:
        article_id = self.one("", "draft", "published")
        body = self.article(article_id, status="published", url=self.random.choice([None, *self.addresses]))
        self.act("PUT", article_id, "", body, may=True)

    @rule(aliases=st.lists(st.integers(0, 1), max_size=2, unique=True))
    def move(self, aliases: list[int]) -> None:
        """To another address, which another article may have; what it had may stay as an alias, or become free."""
        moved = {"url": self.random.choice([None, *self.addresses]), "aliases": [self.addresses[at] for at in aliases]}
        self.act("PATCH", self.one("published"), "", moved)

    @rule()
    def translate(self) -> None:
        """An article names one in another language, or none any more."""
        article_id = self.one("draft", "published")
        others = [each for each in self.ids if each[:2] != article_id[:2]]
        named = [{"language": each[:2], "id": each} for each in self.random.sample(others, 1)]
        self.act("PATCH", article_id, "", {"translations": self.random.choice([named, named, []])})

    @rule()
    def correct(self) -> None:
        article_id = self.one("published")
        self.made += 1
        corrections = [{"at": self.now.isoformat(), "text": f"Correction {self.made}."}]
        self.act("PATCH", article_id, "", {"corrections": corrections, "headline": f"Corrected {self.made}"})

    @rule(tags=st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True))
    def patch(self, tags: list[str]) -> None:
        self.made += 1
        self.act("PATCH", self.one("draft", "published"), "", {"tags": tags, "headline": f"Patched {self.made}"})

    @rule(is_stale=st.booleans())
    def publish(self, is_stale: bool) -> None:  # noqa: FBT001 - as above
        self.act("POST", self.one("draft"), "/publish", {}, is_stale=is_stale, may=True)

    @rule()
    def withdraw(self) -> None:
        self.act("POST", self.one("published", "draft"), "/withdraw", {"reason": "It is wrong."})

    @rule()
    def reinstate(self) -> None:
        self.act("POST", self.one("withdrawn"), "/reinstate", {})

    @rule()
    def restore(self) -> None:
        """What is restored is what the version said, and every correction of what is current stays."""
        article_id = self.one("draft", "published")
        history = self.history(article_id)
        if not history:
            return
        chosen, before = self.random.choice([each for each in history if each.article]), history[0].article
        self.act("POST", article_id, f"/versions/{chosen.version}/restore", {})
        after = self.history(article_id)[0]
        if self.is_undisturbed and after.version > history[0].version:
            assert before, "restored while it was withdrawn"
            assert after.article.headline == chosen.article.headline
            assert set(before.corrections) <= set(after.article.corrections)

    @rule(minutes=st.integers(1, 30))
    def schedule(self, minutes: int) -> None:
        article_id, at = self.one("draft"), self.now + dt.timedelta(minutes=minutes)
        self.promised.add((article_id, at))
        self.act("PUT", article_id, "/schedule", {"publish_at": at.isoformat()})

    @rule(status=st.sampled_from(["draft", "published"]), is_older=st.booleans())
    def take_in_a_file(self, status: str, is_older: bool) -> None:  # noqa: FBT001 - as above
        """None replaces what an editor wrote, nor what a later file brought, nor takes an address from an article."""
        article_id = self.one("", "draft", "published")
        before = self.store.records.current(article_id)
        url = self.random.choice([None, *self.addresses])
        body = self.article(article_id, status=status, id=article_id, url=url)
        order = f"{0 if is_older else self.made:06d}"
        self.act(
            "POST",
            article_id,
            "imports",
            {"source": {"file": "a.json", "order": order}, "article": body},
            may=status == "published",
        )
        if self.is_undisturbed and (before.is_edited or (is_older and before.version)):
            assert self.store.records.current(article_id).version == before.version

    @precondition(lambda self: bool(self.promised))
    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        """What is due is published, or asked again later."""
        self.now += dt.timedelta(minutes=minutes)
        for article_id, at in sorted(self.promised):
            if at <= self.now:
                before = self.store.records.current(article_id)
                if before.publish_at == at:
                    self.may_be_published.add(article_id)
                try:
                    with failing(self.a_fault(article_id)):
                        publish_due(self.store, article_id, at, now=self.now)
                    self.promised.discard((article_id, at))
                except (StoreError, ClientError, ReadTimeoutError, Gone):
                    pass

    # ------------------------------------------------------------------------------------ What must be true

    @invariant()
    def only_what_is_published_is_read(self) -> None:
        listed = self.listed("/v1/articles?language=en&limit=50") | self.listed("/v1/articles?language=ru&limit=50")
        published = {each for each in self.ids if self.store.records.current(each).status == "published"}
        for article_id in self.ids:
            current = self.store.records.current(article_id)
            answer = ask(self.reading, f"/v1/articles/{article_id}", cloudfront_viewer_country="US")
            gone = 404 if current.never_public else 410
            expected = {"published": 200, "withdrawn": gone}.get(current.status, 404)
            assert answer["statusCode"] == expected, current
            assert (article_id in listed) == (current.status == "published")
            if article_id in published:
                shown = [each["id"] for each in json.loads(answer["body"])["translations"]]
                assert set(shown) <= published - {article_id}
                assert all(each[:2] != article_id[:2] for each in shown)
            assert current.status != "published" or article_id in self.may_be_published, "published by nobody"

    def listed(self, path: str) -> set[str]:
        answer = ask(self.reading, path, cloudfront_viewer_country="US")
        assert answer["statusCode"] == 200
        return {each["id"] for each in json.loads(answer["body"])["articles"]}

    def teardown(self) -> None:
        """Recovery: what comes again has come again."""
        try:
            with failing(None):
                self.pump.turn(now=self.now)
            self.only_what_is_published_is_read()
            self.addresses_lead_to_who_names_them()
            self.translations_link_both_ways()
            self.no_accepted_version_is_missing()
            self.what_writes_left_behind_agrees()
        finally:
            self.forget()

    def public(self, article_id: str) -> dict[str, Any]:
        """What readers get of an article that is published; empty of any other."""
        answer = ask(self.reading, f"/v1/articles/{article_id}", cloudfront_viewer_country="US")
        return json.loads(answer["body"]) if answer["statusCode"] == 200 else {}

    def addresses_lead_to_who_names_them(self) -> None:
        """A published article is found at all that it names. What nobody names any more leads to who named it last, or
        nowhere, and never to what readers cannot have.
        """
        for address in self.addresses:
            answer = ask(self.reading, f"/v1/resolve?url={quote(address, safe='')}", cloudfront_viewer_country="US")
            named = [each for each in self.ids if address in self.names(each)]
            assert len(named) <= 1, "two articles are found at one address"
            if answer["statusCode"] != 308:
                assert named == [], (answer, named)
                continue
            found = answer["headers"]["location"].rpartition("/")[2]
            assert named in ([], [found])
            assert self.public(found), "an address leads to what nobody can read"
            assert any(address in _names_of(each.article) for each in self.history(found) if each.article)

    def names(self, article_id: str) -> set[str]:
        return _names_of(self.public(article_id))

    def translations_link_both_ways(self) -> None:
        for article_id in self.ids:
            shown = {each["id"] for each in self.public(article_id).get("translations", [])}
            for each in self.history(article_id)[0].article.translations if shown else ():
                if self.public(each.id):
                    assert each.id in shown
            for other in shown:  # who may show another article in this one's language
                assert {each["language"] for each in self.public(other)["translations"]} >= {article_id[:2]}

    def no_accepted_version_is_missing(self) -> None:
        for article_id in self.ids:
            found = {version.version: version for version in self.history(article_id)}
            assert sorted(found) == list(range(1, len(found) + 1))
            for (accepted, number), editor in self.accepted.items():
                if accepted == article_id:
                    assert number in found, "a version that was accepted is missing"
                    assert found[number].by.endswith(f"/{editor}")

    def what_writes_left_behind_agrees(self) -> None:
        findings: list[Finding] = []
        after = None
        while True:
            page = self.verification.page(after=after, limit=100, repair=False)
            findings += page.findings
            after = page.cursor
            if after is None:
                break
        assert [each for each in findings if not self.is_of_a_lost_withdrawal(each)] == []

    def is_of_a_lost_withdrawal(self, finding: Finding) -> bool:
        """A process that went between S3 and the table leaves a tombstone that was never current. Nothing tells it from
        one that a restored table has forgotten, and a withdrawal counts: verification asks for it to be made.
        """
        is_named = "S3 says that it is withdrawn" in finding.detail
        return is_named and finding.id in self.may_have_lost_a_withdrawal

    def history(self, article_id: str) -> list[Any]:
        return list(self.store.records.history(article_id)) if self.store.records.current(article_id).version else []

    def forget(self) -> None:
        """The next machine's table and bucket are empty; numbers of changes go on from nothing."""
        dynamodb = clients.dynamodb()
        for item in dynamodb.scan(TableName=self.stack.table)["Items"]:
            dynamodb.delete_item(TableName=self.stack.table, Key={"pk": item["pk"], "sk": item["sk"]})
        s3 = clients.s3()
        for prefix in ("articles/", "current/"):
            for each in s3.list_objects_v2(Bucket=self.stack.bucket, Prefix=prefix).get("Contents", []):
                s3.delete_object(Bucket=self.stack.bucket, Key=each.get("Key", ""))


def _names_of(article: Any) -> set[str]:
    """The addresses that an article names, of the store or as readers get it."""
    found = cast("dict[str, Any]", article if isinstance(article, dict) else article.model_dump())
    return {each for each in (found.get("url"), *found.get("aliases", ())) if each}


@pytest.mark.sampled
def test_whatever_fails_nothing_is_lost_doubled_or_read_too_early(
    own_stack: Stack, reading: Callable[..., Api]
) -> None:
    Newsdesk.stack = own_stack
    Newsdesk.reading = staticmethod(
        reading(READER_LOCATION="developer", CONTENT_TABLE=own_stack.table, CONTENT_BUCKET=own_stack.bucket)
    )
    run_state_machine_as_test(
        Newsdesk,
        settings=settings(
            max_examples=examples(2, 6),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
    # `pytest -s` shows it.
    print(f"\n{TRIED.total()} faults: {dict(sorted(TRIED.items()))}")
    assert TRIED.total() >= examples(0, 11)  # the few examples of `make test` may meet none
