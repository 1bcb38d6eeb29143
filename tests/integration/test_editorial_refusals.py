"""What editors may send that is not as it should be: each is refused in a sentence, and nothing of it is a 500."""

import base64
import datetime as dt
import hashlib
import itertools
import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonpatch import apply_patch  # pyright: ignore[reportUnknownVariableType] - loosely typed there
from tests.contract.editorial import check

from content_api.aws import clients
from content_api.http import response
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotices
from content_store.media import MediaRecords
from content_store.verification import Verification
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.server import LambdaContext
from gateway.stack import Stack
from publishing.acts import Invalid
from publishing.api import EditorialApi
from publishing.desk import Desk
from publishing.idempotency import Idempotency
from publishing.previews import Previews
from publishing.resources.cursors import cursor_of, key_in
from publishing.resources.versions import difference
from publishing.schedules import Schedules
from publishing.uploads import Uploads
from thoroughness import examples

type Api = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]
type Ask = Callable[..., dict[str, Any]]

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
WRITES = [key for key in ROUTES if key.partition(" ")[0] in {"PUT", "POST", "PATCH"}]
ARTICLE: dict[str, Any] = {
    "language": "en",
    "headline": "A Bridge Opens",
    "body": [{"type": "paragraph", "html": "The bridge opened on Monday."}],
}
_numbers = itertools.count(1)
# What pydantic, json and Python say to programmers.
JARGON = re.compile(
    r"validation|Input should|Value error|Field required|Tuple|List |Dict|str type|Expecting|codec|NoneType|\bunion\b"
    r"|discriminat|JSON Patch|Extra inputs|\bmodel\b|Errno|Traceback|object has no"
)


@pytest.fixture(scope="module")
def ask(stack: Stack) -> Ask:
    handler = stack.functions["PublishingFunction"].load()

    def asked(method: str, path: str, body: Any = None, *, by: str = LOCAL_EDITOR, **headers: str) -> dict[str, Any]:
        stated = {"content-type": "application/json", "host": "desk.example.org"}
        stated |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        made = event(method, path, stated, route_keys=ROUTES, body=content, principal=by)
        if content:  # API Gateway may hand over any body so, and bytes that are no text it must
            made |= {"body": base64.b64encode(content).decode(), "isBase64Encoded": True}
        answer = handler(made, LambdaContext())
        check(made["routeKey"], answer)
        return answer

    return asked


def said(answer: dict[str, Any]) -> dict[str, Any]:
    return json.loads(answer["body"])


def path_of(key: str) -> tuple[str, str]:
    method, _, path = key.partition(" ")
    for name, value in {"id": "en-2025-11-20-hostile", "number": "1", "language": "en", "token": "none"}.items():
        path = path.replace(f"{{{name}}}", value)
    return method, path


def new(ask: Ask, **fields: Any) -> str:
    path = f"/v1/editorial/articles/en-2025-11-20-refusals-{next(_numbers)}"
    assert ask("PUT", path, ARTICLE | fields, if_none_match="*")["statusCode"] == 201
    return path


# ------------------------------------------------------------------------------------------------ Bodies

NESTED = b'{"a":' * 2_000 + b"1" + b"}" * 2_000
HOSTILE = {
    "2,000 objects deep": NESTED,
    "2,000 lists deep in a field": b'{"body":' + b"[" * 2_000 + b"]" * 2_000 + b"}",
    "100,000 brackets": b"[" * 100_000,
    "100,000 braces": b'{"a":' * 100_000,
    "no UTF-8": b'{"headline":"\xff\xfe"}',
    "UTF-16": '{"headline":"A"}'.encode("utf-16"),
    "half a character": b'{"headline":"\\ud800"}',
    "half a character in a name": b'{"\\ud800":1}',
    "a number of 5,000 digits": b'{"a":' + b"9" * 5_000 + b"}",
    "a number without an end": b'{"a":1e999}',
    "NaN": b'{"a":NaN}',
    "a member given twice": b'{"headline":"A","headline":"B"}',
    "a member given twice inside": b'{"body":[{"type":"paragraph","html":"A","html":"B"}]}',
    "nothing": b"",
    "a list": b"[]",
    "null": b"null",
    "NUL": b"\x00",
}


FAULTS: dict[str, dict[str, Any]] = {
    "100,000 blocks without a type": {"body": [{}] * 100_000},
    "100,000 blocks of an unknown type": {"body": [{"type": "of no kind"}] * 100_000},
    "100,000 unknown members": {f"member {number}": 1 for number in range(100_000)},
    "an unknown member with a name of 4 MB": {"n" * 4_000_000: 1},
    "a language of 4 MB": {"language": "n" * 4_000_000},
    "an instant of 4 MB": {"published_at": "2" * 4_000_000},
    "an address of 4 MB": {"url": "https://example.org/" + "n" * 4_000_000},
}


@pytest.mark.parametrize("kind", FAULTS)
def test_however_many_faults_a_body_has_the_answer_is_one_that_lambda_hands_on(ask: Ask, kind: str) -> None:
    answer = ask("PUT", "/v1/editorial/articles/en-at-fault", ARTICLE | FAULTS[kind], if_none_match="*")
    assert (answer["statusCode"], len(answer["body"]) < 200_000) == (400, True)
    if kind.startswith("100,000"):
        assert "in all 100,00" in said(answer)["detail"]


def test_however_much_is_removed_an_article_is_saved_and_it_is_said(ask: Ask) -> None:
    names = "".join(f"<x-{number}>" for number in range(5_000))
    body = [{"type": "paragraph", "html": f"{names}one"}] + [{"type": "paragraph", "html": "<x>one"}] * 20_000
    path = f"/v1/editorial/articles/en-much-removed-{next(_numbers)}"
    answer = ask("PUT", path, ARTICLE | {"body": body}, if_none_match="*")
    assert answer["statusCode"] == 201
    removed = said(answer)["removed"]
    assert (len(removed), removed[0]["removed"][-1]) == (101, "4,950 more")
    assert removed[-1] == {"field": "body", "removed": ["markup of 19,901 more texts"]}


def test_a_difference_that_no_answer_has_room_for_is_a_problem(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two texts of 90,000 paragraphs differ in more than 6 MB of paths. Here a difference of few is too large."""
    path = new(ask, body=[{"type": "paragraph", "html": str(number)} for number in range(100)])
    second = [{"type": "paragraph", "html": f"+{number}"} for number in range(100)]
    assert ask("PATCH", path, {"body": second}, if_match='"1"')["statusCode"] == 200
    monkeypatch.setattr(response, "LARGEST_BODY", 5_000)
    answer = ask("GET", f"{path}/versions/2/changes?since=1")
    assert (answer["statusCode"], said(answer)["code"]) == (400, "answer-too-large")


@pytest.mark.parametrize("kept", [slice(1, None), slice(None, None, 2), slice(None, None, -1), slice(0)])
def test_a_difference_is_right_and_takes_no_time_by_the_square_of_its_length(kept: slice) -> None:
    """Of every other block of 8,000 the difference took five seconds, of 60,000 as good as for ever."""
    blocks = [{"type": "paragraph", "html": str(number)} for number in range(8_000)]
    for number in (10, 8_000):
        old, new = {"id": "en-a", "body": blocks[:number], "tags": []}, {"id": "en-a", "body": blocks[:number][kept]}
        began = time.process_time()
        patch = difference(old, new)
        assert time.process_time() - began < 1
        assert apply_patch(old, patch) == new
        assert apply_patch(new, difference(new, old)) == old


@pytest.mark.parametrize("key", WRITES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_body_that_is_no_json_object_is_refused_by_every_write(ask: Ask, key: str, kind: str) -> None:
    method, path = path_of(key)
    takes_none = path.endswith(("/publish", "/reinstate", "/restore")) and kind == "nothing"
    answer = ask(method, path, HOSTILE[kind], if_match='"1"')
    assert answer["statusCode"] in ({404, 412} if takes_none else {400})
    assert not JARGON.search(answer["body"]), answer["body"]
    answer["body"].encode()


def test_what_takes_no_body_does_not_do_something_else_than_the_body_says(ask: Ask) -> None:
    path = new(ask)
    answer = ask("POST", f"{path}/publish", {"publish_at": "2099-01-01T00:00:00Z"}, if_match='"1"')
    assert (answer["statusCode"], said(answer)["errors"][0]["field"]) == (400, "body")
    assert said(ask("GET", path))["status"] == "draft"
    assert ask("POST", f"{path}/publish", {}, if_match='"1"')["statusCode"] == 200


@pytest.mark.parametrize("key", [key for key in ROUTES if "previews/" not in key and "$" not in key])
def test_a_parameter_that_a_path_does_not_take_is_named(ask: Ask, key: str) -> None:
    method, path = path_of(key)
    answer = ask(method, f"{path}?langauge=en&dry_run=true", {}, if_match='"1"')
    assert answer["statusCode"] == 400
    assert [each["field"] for each in said(answer)["errors"]] == ["dry_run", "langauge"]


@pytest.mark.parametrize(
    "asked", ["drafts?language=en&language=uk", "drafts?language=en&limit=5&limit=", "articles?cursor=a&cursor=b"]
)
def test_a_parameter_that_is_given_twice_is_named(ask: Ask, asked: str) -> None:
    answer = ask("GET", f"/v1/editorial/{asked}")
    assert answer["statusCode"] == 400
    assert "is given more than once" in said(answer)["detail"]


@pytest.mark.parametrize("text", ["1_0", "%201", "+1", "%2B1", "01.0", "%D9%A1", "1e1", "", "-1", "9" * 5000])
@pytest.mark.parametrize(
    "asked",
    [
        "articles?limit={}",
        "drafts?language=en&limit={}",
        "articles/a/versions?before={}0000000000",
        "articles/a/versions/1/changes?since={}",
        "edits?language=en&limit={}",
        "topics?limit={}",
    ],
)
def test_only_digits_are_a_number(ask: Ask, asked: str, text: str) -> None:
    answer = ask("GET", f"/v1/editorial/{asked.format(text)}")
    assert answer["statusCode"] == 400
    assert said(answer)["errors"][0]["field"] in {"limit", "before", "since"}


@pytest.mark.parametrize("text", ["yes", "1", "True", "on", ""])
def test_only_true_and_false_are_truths(ask: Ask, text: str) -> None:
    path = new(ask)
    answer = ask("PATCH", f"{path}?minor={text}", {"headline": "Other"}, if_match='"1"')
    assert (answer["statusCode"], [each["field"] for each in said(answer)["errors"]]) == (400, ["minor"])
    assert said(ask("GET", path))["version"] == 1


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\xed\xa0\x80", "\ufffd".encode()])
def test_bytes_that_are_no_utf8_are_refused_where_api_gateway_hands_them_on_as_text(
    ask: Ask, stack: Stack, content: bytes
) -> None:
    path = new(ask)
    body = json.dumps(ARTICLE | {"section": "*"}).encode().replace(b"*", content)
    stated = {"content-type": "application/json", "host": "desk.example.org", "if-match": '"1"'}
    asked = event("PUT", path, stated, route_keys=ROUTES, body=body, principal=LOCAL_EDITOR)
    answer = stack.functions["PublishingFunction"].load()(asked, LambdaContext())
    assert answer["statusCode"] == 400
    assert "not in UTF-8" in said(answer)["detail"]
    assert said(ask("GET", path))["version"] == 1
    meant = ask("PATCH", path, {"section": "\ufffd"}, if_match='"1"')  # which Python's json escapes
    assert meant["statusCode"] == 200


def test_only_versions_are_not_found_as_versions(ask: Ask) -> None:
    path = new(ask)
    for asked, code in (
        (f"{path}/versions/7", "version-not-found"),
        ("/v1/editorial/fronts/de", "front-not-found"),
        (f"{path}-nobody", "article-not-found"),
    ):
        answer = ask("GET", asked)
        assert (answer["statusCode"], said(answer)["code"]) == (404, code)


def test_a_sentence_names_an_article_as_it_is_written(ask: Ask) -> None:
    path = new(ask, url="https://news.example.org/named", status="published")
    named = path.rpartition("/")[2]
    assert said(ask("PUT", path, ARTICLE, if_none_match="*"))["detail"].startswith(named)
    other = ARTICLE | {"url": "https://news.example.org/named", "status": "published"}
    taking = ask("PUT", f"{path}-b", other, if_none_match="*")
    assert said(taking)["detail"].startswith(f"{named}-b")


def test_a_translation_is_in_another_language_once_and_in_the_one_that_is_said(ask: Ask) -> None:
    other = new(ask, language="uk").rpartition("/")[2]
    path = f"/v1/editorial/articles/en-of-translations-{next(_numbers)}"
    for named, told in (
        ([{"language": "en", "id": "en-b"}], "its own language, en"),
        ([{"language": "uk", "id": path.rpartition("/")[2]}], "names itself"),
        ([{"language": "uk", "id": "a"}, {"language": "uk", "id": "b"}], "two articles in uk"),
        ([{"language": "ru", "id": other}], f"is ru, and the article {other} is in uk"),
    ):
        answer = ask("PUT", path, ARTICLE | {"translations": named}, if_none_match="*")
        assert answer["statusCode"] == 400
        assert told in said(answer)["detail"]
        assert not JARGON.search(answer["body"])
    named = [{"language": "uk", "id": other}, {"language": "ru", "id": "ru-not-there-yet"}]
    assert ask("PUT", path, ARTICLE | {"translations": named}, if_none_match="*")["statusCode"] == 201


@pytest.mark.parametrize("kind", ["a member given twice", "a member given twice inside"])
def test_of_a_member_that_is_given_twice_neither_counts(ask: Ask, kind: str) -> None:
    answer = ask("PUT", "/v1/editorial/articles/en-twice", HOSTILE[kind], if_none_match="*")
    assert "twice" in said(answer)["detail"]
    assert ask("GET", "/v1/editorial/articles/en-twice")["statusCode"] == 404


@pytest.mark.parametrize(
    "stated", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"]
)
def test_a_body_of_another_type_is_refused_by_every_write_that_reads_one(ask: Ask, stated: str) -> None:
    for key in WRITES:
        method, path = path_of(key)
        if not path.endswith(("/publish", "/reinstate", "/restore")):
            answer = ask(method, path, {}, if_match='"1"', content_type=stated)
            assert (answer["statusCode"], said(answer)["errors"][0]["field"]) == (400, "content-type"), key


INSTANTS: list[Any] = [
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000-00-00T00:00:00Z", "2025-11-20", "", "tomorrow",
    "2025-11-20T10:00:00", "9" * 400, "2025-02-30T10:00:00Z", "2025-11-20T10:00:00+99:99", 1e18, -1, True, None, [], {},
    4_102_444_800, "4102444800", 4_102_444_800_000, 5, 0.5, "5",
]  # fmt: skip


@pytest.mark.parametrize("instant", INSTANTS)
def test_an_instant_that_is_none_is_refused_wherever_one_stands(ask: Ask, instant: Any) -> None:
    path = new(ask)
    for act, field in (("schedule", "publish_at"), ("breaking", "until")):
        answer = ask("PUT", f"{path}/{act}", {field: instant}, if_match='"1"')
        assert answer["statusCode"] == 400, (act, instant)
        assert not JARGON.search(answer["body"]), answer["body"]
    for field in ("published_at", "updated_at", "breaking_until"):
        if instant is not None:
            answer = ask("PATCH", path, {field: instant}, if_match='"1"')
            assert answer["statusCode"] in {200, 400}, (field, instant)
            assert not JARGON.search(answer["body"]), answer["body"]
            if answer["statusCode"] == 200:
                path = new(ask)


@pytest.mark.parametrize("year", ["0001", "0999", "9999"])
def test_the_first_and_the_last_year_are_years(ask: Ask, year: str) -> None:
    path = new(ask)
    for field in ("published_at", "breaking_until"):
        answer = ask("PATCH", path, {field: f"{year}-06-01T00:00:00Z"}, if_match='"1"')
        assert answer["statusCode"] == 200, answer["body"]
        path = new(ask)
    assert ask("PUT", f"{path}/breaking", {"until": "9999-12-31T23:59:59Z"}, if_match='"1"')["statusCode"] == 200


def test_a_time_that_no_schedule_keeps_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    path = new(ask)
    original: Any = getattr(BaseClient, "_make_api_call")  # noqa: B009 - where calls go out

    def call(client: Any, name: str, arguments: object) -> object:
        if name == "CreateSchedule":
            raise client.exceptions.ValidationException({"Error": {"Code": "ValidationException"}}, name)
        return original(client, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    answer = ask("PUT", f"{path}/schedule", {"publish_at": "9999-01-01T00:00:00Z"}, if_match='"1"')
    assert (answer["statusCode"], said(answer)["errors"][0]["field"]) == (400, "publish_at")


def test_a_withdrawal_that_was_cut_off_says_what_becomes_of_it(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tombstone is in S3 then, and verification carries it out: `test_verification` shows that."""
    path = new(ask, status="published")
    original: Any = getattr(BaseClient, "_make_api_call")  # noqa: B009 - where calls go out

    def call(client: Any, name: str, arguments: object) -> object:
        if name == "TransactWriteItems":
            raise ReadTimeoutError(endpoint_url="")
        return original(client, name, arguments)

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", call)
        answer = ask("POST", f"{path}/withdraw", {"reason": "It is wrong."}, if_match='"1"')
        other = ask("PATCH", path, {"headline": "Other"}, if_match='"1"')
    assert (answer["statusCode"], other["statusCode"]) == (503, 503)
    assert "send the withdrawal again" in said(answer)["detail"]
    assert "verify --repair" in said(answer)["detail"]
    assert "verify" not in said(other)["detail"]
    assert ask("POST", f"{path}/withdraw", {"reason": "It is wrong."}, if_match='"1"')["statusCode"] == 200


# ------------------------------------------------------------------------------------------------ Fuzz

scalars = (
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats() | st.text(max_size=20)
    | st.sampled_from(["", "\ud800", "\x00", "2025-11-20T10:00:00Z", "0001-01-01T00:00:00+14:00", "en", "paragraph"])
)  # fmt: skip
NAMES = [
    "language", "headline", "body", "type", "html", "status", "section", "tags", "byline", "published_at", "lead_image",
    "renditions", "url", "width", "translations", "id", "publish_at", "until", "reason", "note", "expires_in_seconds",
    "source", "article", "file", "order", "cursor", "limit", "segment", "segments", "repair", "top",
    "sections", "level",
]  # fmt: skip
names = st.sampled_from(NAMES) | st.text(max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=25,
)
bodies = st.one_of(
    st.binary(max_size=200),
    anything.map(lambda it: json.dumps(it).encode()),
    st.dictionaries(st.sampled_from(NAMES), anything, max_size=6).map(lambda it: json.dumps(ARTICLE | it).encode()),
)
segments = st.text(max_size=30) | st.sampled_from(
    ["EN", "en-2025-11-20-hostile", "0", "99999999999999999999", "-1", "%00"]
)
cursors = st.binary(max_size=30).map(lambda it: base64.urlsafe_b64encode(it).decode())
queries = st.dictionaries(
    st.sampled_from(["cursor", "limit", "before", "after", "language", "since", "unknown"]),
    st.text(max_size=40) | st.integers().map(str) | cursors,
    max_size=3,
)


@pytest.mark.sampled
@settings(max_examples=examples(100, 400))
@given(st.data())
def test_no_input_of_an_editor_is_an_error_of_ours(ask: Ask, data: st.DataObject) -> None:
    method, _, path = data.draw(st.sampled_from(ROUTES)).partition(" ")
    method = data.draw(st.sampled_from([method, method, method, "POST", "DELETE"]))
    for name in re.findall(r"\{\w+\}", path):
        path = path.replace(name, _quoted(data.draw(segments)) or "a")
    query = data.draw(queries)
    target = path + ("?" + "&".join(f"{name}={_quoted(value)}" for name, value in query.items()) if query else "")
    match = data.draw(st.sampled_from(['"1"', '"0"', "*", '"999999999"', "", 'W/"1"', '"٣"']))
    stated = data.draw(st.sampled_from(["application/json", "application/merge-patch+json", "text/plain", "", "\xff"]))
    by = data.draw(st.sampled_from([LOCAL_EDITOR, ""]))
    answer = ask(method, target, data.draw(bodies), by=by, if_match=match, content_type=stated)
    assert answer["statusCode"] < 500, (method, target, answer["body"])
    answer["body"].encode()
    assert answer["statusCode"] == 200 or not JARGON.search(answer["body"]), answer["body"]


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode(errors="replace"))


# ------------------------------------------------------------------------------------------------ Keys


def test_in_sam_local_a_key_keeps_nothing_for_whoever_may_not_ask(stack: Stack, local_api: Api) -> None:
    """Nobody signs there, and the function itself finds out who may ask."""
    table = stack.functions["PublishingFunction"].environment["IDEMPOTENCY_TABLE"]
    named = "/v1/editorial/articles/en-2025-11-20-of-sam-local"

    def asked(method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        stated = {"content-type": "application/json", "host": "127.0.0.1:3000", "idempotency-key": "of-sam-local"}
        stated |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if body is None else json.dumps(body).encode()
        return local_api(event(method, path, stated, route_keys=ROUTES, body=content), LambdaContext())

    def kept() -> int:
        return clients.dynamodb().scan(TableName=table)["Count"]

    before, foreign = kept(), {"origin": "https://a-page.example"}
    assert asked("PUT", named, ARTICLE, if_none_match="*", **foreign)["statusCode"] == 403
    assert (asked("GET", named)["statusCode"], kept()) == (404, before)
    assert asked("PUT", named, ARTICLE, if_none_match="*")["statusCode"] == 201
    assert (asked("GET", named)["statusCode"], kept()) == (200, before + 1)
    link = urlsplit(str(said(asked("POST", f"{named}/previews", {}))["url"])).path
    assert (asked("GET", link)["statusCode"], kept()) == (200, before + 1)
    # The answer that was kept is told again to whoever got it, and to no page of another site.
    assert asked("PUT", named, ARTICLE, if_none_match="*")["statusCode"] == 201
    assert asked("PUT", named, ARTICLE, if_none_match="*", **foreign)["statusCode"] == 403
    assert asked("PUT", named, ARTICLE, if_none_match="*", host="rebound.example:3000")["statusCode"] == 403


@pytest.fixture
def local_api(stack: Stack) -> Api:
    """The function as `make sam-local` sets it: with somebody who asks where nobody signs."""
    store, environment = stack.store(), stack.functions["PublishingFunction"].environment
    made = EditorialApi(
        Desk(
            store,
            stack.fronts(),
            stack.subjects(),
            Schedules(clients.client("scheduler"), group="", target="", role=""),
            Verification(store, clients.dynamodb(), clients.s3(), table=stack.table, bucket=stack.bucket),
            Uploads(
                MediaRecords(clients.dynamodb(), table=stack.table), clients.s3_signing_headers(), bucket=stack.bucket
            ),
        ),
        Previews(lambda: ("a-secret-of-the-tests-and-their-previews",)),
        LegalNotices(load_entries(), "https://content.example.org/legal-notices/{id}"),
        public_url="https://desk.example.org",
        idempotency=Idempotency(clients.dynamodb(), environment["IDEMPOTENCY_TABLE"]),
        local_editor=LOCAL_EDITOR,
    )
    return made.lambda_handler


def test_a_key_keeps_no_answer_to_a_read(stack: Stack, ask: Ask) -> None:
    """A preview that was opened with a key would be kept for a day, after its time and after a withdrawal."""
    path = new(ask, headline="Only for whoever has the link")
    link = said(ask("POST", f"{path}/previews", {}, idempotency_key="a-link"))["url"].partition("desk.example.org")[2]
    opened = ask("GET", link, by="", accept="application/json", idempotency_key="a-preview")
    assert said(opened)["headline"] == "Only for whoever has the link"
    assert ask("GET", path, idempotency_key="a-read")["statusCode"] == 200
    assert ask("POST", f"{path}/withdraw", {"reason": "No."}, if_match='"1"')["statusCode"] == 200
    assert ask("GET", link, by="", idempotency_key="a-preview")["statusCode"] in {404, 410}
    answer = ask("POST", f"{path}/previews", {})  # a link to it would show nothing
    assert (answer["statusCode"], said(answer)["code"]) == (409, "article-is-withdrawn")
    kept = clients.dynamodb().scan(TableName=stack.functions["PublishingFunction"].environment["IDEMPOTENCY_TABLE"])
    assert "whoever has the link" not in str(kept["Items"])
    assert link not in str(kept["Items"])


def test_a_key_is_its_editors_alone(ask: Ask) -> None:
    anna, boris = (f"arn:aws:iam::123456789012:user/{name}" for name in ("anna", "boris"))
    first, second = (f"/v1/editorial/articles/en-key-{next(_numbers)}" for _ in range(2))
    made = ask("PUT", first, ARTICLE, by=anna, idempotency_key="shared", if_none_match="*")
    assert (made["statusCode"], said(made)["version"]) == (201, 1)
    assert ask("PUT", second, ARTICLE, by=boris, idempotency_key="shared", if_none_match="*")["statusCode"] == 201
    unsigned = ask("PUT", first, ARTICLE, by="", idempotency_key="shared", if_none_match="*")
    assert unsigned["statusCode"] == 403


# ------------------------------------------------------------------------------------------------ Versions


def test_a_front_is_at_its_version_however_its_language_is_written(ask: Ask) -> None:
    front = "/v1/editorial/fronts/tt"
    assert ask("PUT", front, {"top": []}, if_none_match="*")["statusCode"] == 201
    assert ask("PUT", front, {"top": []}, if_match='"1"')["statusCode"] == 200
    stale = ask("PUT", "/v1/editorial/fronts/TT", {"top": []}, if_match='"1"')
    assert (stale["statusCode"], stale["headers"]["etag"], said(stale)["current_version"]) == (412, '"2"', 2)


def test_what_is_there_already_is_said_to_be_there(ask: Ask) -> None:
    path = new(ask)
    empty: dict[str, Any] = {"top": []}
    for target, body, version in ((path, ARTICLE, 1), ("/v1/editorial/fronts/tt", empty, 2)):
        answer = ask("PUT", target, body, if_none_match="*")
        assert answer["statusCode"] == 412
        assert f"is there already, at version {version}" in said(answer)["detail"]
        assert "version 0" not in said(answer)["detail"]


# ------------------------------------------------------------------------------------------------ Paths and methods


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/editorial/articles/en-a/schedule", "DELETE, PUT"),
        ("DELETE", "/v1/editorial/articles/en-a", "GET, PATCH, PUT"),
        ("PUT", "/v1/editorial/drafts", "GET"),
        ("GET", "/v1/editorial/articles/en-a/publish", "POST"),
        ("POST", "/v1/previews/none", "GET"),
    ],
)
def test_a_method_that_a_path_does_not_take_is_405_with_those_that_it_takes(
    ask: Ask, method: str, path: str, allowed: str
) -> None:
    answer = ask(method, path, {}, if_match='"1"')
    assert (answer["statusCode"], answer["headers"]["allow"]) == (405, allowed)
    assert said(answer)["code"] == "method-not-allowed"


@pytest.mark.parametrize("key", [key for key in ROUTES if "{" in key])
def test_a_path_whose_names_are_malformed_leads_to_nothing(ask: Ask, key: str) -> None:
    """404 as for an id that is unknown (a preview: 403), even where a name has a character that no route takes. What
    would be put there is refused as it is.
    """
    method, _, template = key.partition(" ")
    for malformed in ("A%20B", "%00", "%0A", "-", "x" * 1001):
        answer = ask(method, re.sub(r"{\w+}", malformed, template), if_match='"1"')
        expected = 400 if method == "PUT" else 403 if "{token}" in template else 404
        assert answer["statusCode"] == expected, (malformed, answer["body"])
        assert not JARGON.search(answer["body"])
        if method != "PUT":
            assert "Nothing was changed" not in answer["body"]


def test_a_path_that_there_is_not_is_404_with_editors_own_paths(ask: Ask) -> None:
    answer = ask("GET", "/v1/editorial/nothing")
    assert answer["statusCode"] == 404
    assert set(re.findall(r"/v1/[\w/{}.]+\w}?", said(answer)["detail"])) == {
        key.partition(" ")[2] for key in ROUTES if key != "$default"
    }


# ------------------------------------------------------------------------------------------------ What was taken out


def test_what_sanitising_takes_out_is_told(ask: Ask) -> None:
    html = 'A <a href="https://example.org" onclick="x()">b</a><script>c</script><b style="color:red">d</b><!-- e -->'
    body = [{"type": "paragraph", "html": "Whole <em>and</em> well."}, {"type": "paragraph", "html": html}]
    path = f"/v1/editorial/articles/en-removed-{next(_numbers)}"
    told = [{"field": "body.1.html", "removed": ["a comment", "a onclick", "b style", "script"]}]
    assert said(ask("PUT", path, ARTICLE | {"body": body}, if_none_match="*"))["removed"] == told
    assert "removed" not in said(ask("PATCH", path, {"headline": "B"}, if_match='"1"'))
    assert said(ask("PATCH", path, {"body": body}, if_match='"2"'))["removed"] == told
    source = {"file": "a.json", "order": dt.datetime.now(dt.UTC).isoformat()}
    article = ARTICLE | {"id": f"en-removed-{next(_numbers)}", "body": body}
    assert said(ask("POST", "/v1/editorial/imports", {"source": source, "article": article}))["removed"] == told


def test_what_would_be_removed_is_refused_with_strict_and_nothing_is_saved(ask: Ask) -> None:
    path, draft = (f"/v1/editorial/{kind}/en-strict-{next(_numbers)}" for kind in ("articles", "drafts"))
    markup = ARTICLE | {"body": [{"type": "paragraph", "html": "A <b style='x'>bold</b> word<script>1</script>"}]}
    for name in (path, draft):
        for options in ({"if_none_match": "*"}, {"if_match": '"1"'}):
            refused = ask("PUT", f"{name}?strict=true", markup, **options)
            assert (refused["statusCode"], said(refused)["errors"][0]["field"]) == (400, "body.0.html")
            assert "has b style, script: take it out" in said(refused)["errors"][0]["detail"]
            if "if_none_match" in options:
                assert ask("GET", name)["statusCode"] == 404
                assert ask("PUT", f"{name}?strict=true", ARTICLE, **options)["statusCode"] == 201
        refused = ask("PATCH", f"{name}?strict=true", {"body": markup["body"]}, if_match='"1"')
        assert refused["statusCode"] == 400
    assert ask("POST", f"{path}/publish", if_match='"1"')["statusCode"] == 200
    edit = path.replace("articles", "drafts")
    assert ask("PATCH", f"{edit}?strict=true", {"body": markup["body"]}, if_match='"2"')["statusCode"] == 400
    assert ask("GET", edit)["statusCode"] == 404


@pytest.mark.parametrize("name", ["می\u200cخوانم", "a\u00adb", "\u202eabc", "\U0001f1fa\U0001f1e6 \u00a0"])
def test_a_cursor_that_was_given_is_taken_whatever_the_names_in_it_hold(name: str) -> None:
    key = ("NEWSLETTERS", f"fa#{name}")
    assert key_in("a", cursor_of("a", key)) == key


@pytest.mark.parametrize("key", [("", "a"), ("a", ""), ("a" * 2049, "a"), ("a", "ნ" * 342), ("\ud800", "a")])
def test_a_cursor_with_a_key_that_no_table_has_is_refused(key: tuple[str, str]) -> None:
    content = json.dumps(key).encode()
    for forged in (content, hashlib.sha256(b"a\0" + content).digest()[:6] + content):
        with pytest.raises(Invalid):
            key_in("a", base64.urlsafe_b64encode(forged).decode())


def test_a_cursor_of_another_question_or_an_altered_one_is_refused(ask: Ask) -> None:
    """DynamoDB refuses a key of another segment, which moto takes; and what is in between would be left out."""
    for _ in range(3):
        ask("PUT", f"/v1/editorial/articles/en-of-pages-{next(_numbers)}", ARTICLE, if_none_match="*")
    listed = said(ask("GET", "/v1/editorial/articles?limit=1"))["next"].partition("cursor=")[2]

    def verified(segment: int, segments: int, **members: Any) -> Any:
        asked = {"limit": 1, "segment": segment, "segments": segments, **members}
        return ask("POST", "/v1/editorial/verifications", asked)

    given = {part: said(verified(*part))["cursor"] for part in ((0, 1), (0, 2), (0, 3))}
    assert all(given.values())
    for part, cursor in given.items():
        assert verified(*part, cursor=cursor)["statusCode"] == 200
        refused = [verified(*other, cursor=cursor) for other in given if other != part]
        refused += [ask("GET", f"/v1/editorial/articles?cursor={cursor}"), verified(*part, cursor=listed)]
        altered = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")
        refused.append(verified(*part, cursor=altered))
        for answer in refused:
            assert answer["statusCode"] == 400
            (error,) = said(answer)["errors"]
            assert error["field"] == "cursor"
            assert "begin without one" in error["detail"]


@pytest.mark.parametrize("damage", ["status", "version", "version_key", "language", "digest"])
def test_editors_are_told_of_an_article_whose_item_is_damaged(ask: Ask, stack: Stack, damage: str) -> None:
    article_id = f"en-item-damaged-{next(_numbers)}"
    path = f"/v1/editorial/articles/{article_id}"
    ask("PUT", path, ARTICLE, if_none_match="*")
    dynamodb: Any = clients.dynamodb()
    key = {"pk": {"S": f"ARTICLE#{article_id}"}, "sk": {"S": "ARTICLE"}}
    item = dynamodb.get_item(TableName=stack.table, Key=key)["Item"]
    dynamodb.put_item(TableName=stack.table, Item={name: item[name] for name in item.keys() - {damage}})
    for answer in (
        ask("GET", path),
        ask("GET", f"{path}/versions"),
        ask("PUT", path, ARTICLE, if_match='"1"'),
        ask("POST", f"{path}/withdraw", {"reason": "Wrong."}, if_match='"1"'),
    ):
        assert answer["statusCode"] == 409
        assert "content-api verify --repair" in said(answer)["detail"]
    dynamodb.put_item(TableName=stack.table, Item=item)
    assert ask("GET", path)["statusCode"] == 200
