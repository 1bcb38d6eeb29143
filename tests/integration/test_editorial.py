"""The editorial API as editors use it: signed events through `lambda_handler`, moto behind it, readers beside it."""

import datetime as dt
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.contract.editorial import check

from content_api.aws import clients
from content_api.aws.settings import SettingsError
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotices
from content_store.articles import ArticleStore
from content_store.media import MediaRecords
from content_store.verification import Verification
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.server import LambdaContext
from gateway.stack import Stack
from publishing.api import EditorialApi
from publishing.desk import Desk
from publishing.embargoes import publish_due
from publishing.idempotency import Idempotency
from publishing.previews import Previews
from publishing.schedules import Schedules
from publishing.settings import PublishingSettings
from publishing.uploads import Uploads
from simulated_edge.requests import ask

type Api = Callable[[dict[str, Any]], dict[str, Any]]

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
ARTICLE = {
    "language": "en",
    "headline": "A Bridge Opens",
    "section": "Local",
    "body": [{"type": "paragraph", "html": "The bridge opened on Monday."}],
}
_numbers = itertools.count(1)


@dataclass
class Newsdesk:
    """An editor's client, with a clock of its own."""

    handler: Callable[..., dict[str, Any]]
    store: ArticleStore
    now: dt.datetime = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
    made: list[str] = field(default_factory=list[str])

    def ask(
        self, method: str, path: str, body: Any = None, *, by: str = LOCAL_EDITOR, **headers: str
    ) -> dict[str, Any]:
        stated = {"content-type": "application/json", "host": "desk.example.org", "x-forwarded-proto": "https"}
        stated |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        asked = event(method, path, stated, route_keys=ROUTES, body=content, principal=by)
        answer = self.handler(asked, LambdaContext())
        check(asked["routeKey"], answer)
        return answer

    def new(self, **fields: Any) -> str:
        """An article of its own, as a draft unless `status` says otherwise; its path."""
        path = f"/v1/editorial/articles/en-2025-11-20-bridge-{next(_numbers)}"
        answer = self.ask("PUT", path, ARTICLE | fields, if_none_match="*")
        assert answer["statusCode"] == 201, answer["body"]
        assert answer["headers"]["etag"] == '"1"'
        return path


def said(answer: dict[str, Any]) -> dict[str, Any]:
    return json.loads(answer["body"])


def id_of(path: str) -> str:
    return path.split("/")[4]


@pytest.fixture
def desk(stack: Stack, store: ArticleStore) -> Newsdesk:
    environment = stack.functions["PublishingFunction"].environment
    schedules = Schedules(
        clients.client("scheduler"),
        group=environment["SCHEDULE_GROUP"],
        target=environment["DUE_FUNCTION"],
        role=environment["SCHEDULER_ROLE"],
    )
    verification = Verification(store, clients.dynamodb(), clients.s3(), table=stack.table, bucket=stack.bucket)
    uploads = Uploads(
        MediaRecords(clients.dynamodb(), table=stack.table), clients.s3_signing_headers(), bucket=stack.bucket
    )
    idempotency = Idempotency(clients.dynamodb(), environment["IDEMPOTENCY_TABLE"])
    found: list[Newsdesk] = []
    api = EditorialApi(
        Desk(store, stack.fronts(), stack.subjects(), schedules, verification, uploads),
        Previews(lambda: ("an-older-secret-of-the-tests-previews", "a-secret-of-the-tests-and-their-previews")),
        LegalNotices(load_entries(), "https://content.example.org/legal-notices/{id}"),
        public_url="https://content.example.org",
        idempotency=idempotency,
        clock=lambda: found[0].now,
    )
    found.append(Newsdesk(api.lambda_handler, store))
    return found[0]


@pytest.fixture
def reader(reading: Callable[..., Api]) -> Callable[[str], dict[str, Any]]:
    api = reading(READER_LOCATION="developer")
    return lambda path: ask(api, path, cloudfront_viewer_country="US")


def test_an_article_is_made_read_replaced_and_published(desk: Newsdesk, reader: Callable[[str], Any]) -> None:
    path = desk.new()
    public = f"/v1/articles/{id_of(path)}"
    assert reader(public)["statusCode"] == 404
    read = desk.ask("GET", path)
    assert read["headers"]["etag"] == '"1"'
    assert said(read)["by"] == LOCAL_EDITOR
    article = said(read)["article"]
    assert article["status"] == "draft"
    replaced = desk.ask("PUT", path, article | {"headline": "The Bridge Opens"}, if_match='"1"')
    assert (replaced["statusCode"], replaced["headers"]["etag"]) == (200, '"2"')
    assert desk.ask("POST", f"{path}/publish", if_match='"2"')["statusCode"] == 200
    shown = said(reader(public))
    assert shown["headline"] == "The Bridge Opens"
    assert shown["published_at"] == "2025-11-20T12:00:00Z"


def test_whoever_has_not_seen_the_last_version_changes_nothing(desk: Newsdesk) -> None:
    path = desk.new()
    first = desk.ask("PATCH", path, {"headline": "First"}, if_match='"1"')
    assert first["statusCode"] == 200
    second = desk.ask("PATCH", path, {"headline": "Second"}, if_match='"1"')
    assert (second["statusCode"], second["headers"]["etag"]) == (412, '"2"')
    assert said(second)["current_version"] == 2
    assert desk.ask("PUT", path, ARTICLE, if_none_match="*")["statusCode"] == 412
    assert said(desk.ask("GET", path))["article"]["headline"] == "First"


@pytest.mark.parametrize(
    "headers",
    [{}, {"if_match": "*"}, {"if_match": "3"}, {"if_match": 'W/"1"'}, {"if_none_match": '"1"'}],
)
def test_a_change_says_what_it_is_made_on(desk: Newsdesk, headers: dict[str, str]) -> None:
    answer = desk.ask("PATCH", desk.new(), {"headline": "Changed"}, **headers)
    assert answer["statusCode"] == 428
    assert "If-Match" in said(answer)["detail"]


def test_nobody_without_a_name_edits(desk: Newsdesk) -> None:
    path = desk.new()
    answer = desk.ask("PATCH", path, {"headline": "Changed"}, if_match='"1"', by="")
    assert answer["statusCode"] == 403


@pytest.mark.parametrize(
    ("body", "field_"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b'{"headline": NaN}', "body"),
        (b"[" * 100_000, "body"),
        (ARTICLE | {"headlin": "A"}, "headlin"),
        (ARTICLE | {"body": []}, "body"),
        (ARTICLE | {"id": "another"}, "id"),
        (ARTICLE | {"url": "https://"}, "url"),
        (ARTICLE | {"headline": "\ud800"}, "headline"),
        (ARTICLE | {"status": "published", "published_at": "2025-12-01T00:00:00Z"}, "published_at"),
    ],
)
def test_what_is_not_an_article_is_refused_by_its_field(desk: Newsdesk, body: Any, field_: str) -> None:
    path = "/v1/editorial/articles/en-2025-11-20-refused"
    answer = desk.ask("PUT", path, body, if_none_match="*")
    assert answer["statusCode"] == 400
    assert [each["field"] for each in said(answer)["errors"]] == [field_]
    assert desk.ask("GET", path)["statusCode"] == 404


def test_a_merge_patch_removes_by_null_and_keeps_the_rest(desk: Newsdesk) -> None:
    path = desk.new(standfirst="Soon.", tags=["a"])
    patch = {"standfirst": None, "tags": ["b"], "dateline": {"place": "Pula"}}
    answer = desk.ask("PATCH", path, patch, if_match='"1"', content_type="application/merge-patch+json")
    assert answer["statusCode"] == 200
    article = said(desk.ask("GET", path))["article"]
    assert (article["standfirst"], article["tags"], article["section"]) == (None, ["b"], "Local")
    assert article["dateline"]["place"] == "Pula"


def test_history_names_who_did_what_and_any_version_is_read_compared_and_restored(desk: Newsdesk) -> None:
    path = desk.new()
    anna = "arn:aws:sts::123456789012:assumed-role/Editor/anna"
    desk.ask("PATCH", path, {"headline": "Changed"}, if_match='"1"', by=anna)
    desk.ask("POST", f"{path}/publish", if_match='"2"')
    restored = desk.ask("POST", f"{path}/versions/1/restore", if_match='"3"')
    assert restored["statusCode"] == 200
    listed = said(desk.ask("GET", f"{path}/versions"))["versions"]
    assert [(each["version"], each["action"]) for each in listed] == [
        (4, "restore"), (3, "publish"), (2, "patch"), (1, "create"),
    ]  # fmt: skip
    assert listed[2]["by"] == anna
    assert said(desk.ask("GET", f"{path}/versions/2"))["article"]["headline"] == "Changed"
    patch = said(desk.ask("GET", f"{path}/versions/2/changes?since=1"))["patch"]
    assert patch == [{"op": "replace", "path": "/headline", "value": "Changed"}]
    now = said(desk.ask("GET", path))["article"]
    assert (now["headline"], now["status"]) == ("A Bridge Opens", "published")
    assert desk.ask("GET", f"{path}/versions/9")["statusCode"] == 404
    page = said(desk.ask("GET", f"{path}/versions?limit=2"))
    rest = said(desk.ask("GET", page["next"]))
    assert [each["version"] for each in page["versions"] + rest["versions"]] == [4, 3, 2, 1]


def test_what_is_withdrawn_is_gone_and_comes_back_whole(desk: Newsdesk, reader: Callable[[str], Any]) -> None:
    path = desk.new(status="published", url=f"https://news.example.org/bridge-{next(_numbers)}", section="Bridges")
    article = said(desk.ask("GET", path))["article"]
    public = f"/v1/articles/{id_of(path)}"
    answer = desk.ask("POST", f"{path}/withdraw", {"reason": "A court", "note": "Withdrawn."}, if_match='"1"')
    assert answer["statusCode"] == 200
    gone = reader(public)
    assert gone["statusCode"] == 410
    assert (said(gone)["note"], said(gone)["recall"]) == ("Withdrawn.", True)
    assert "court" not in gone["body"]
    assert said(reader("/v1/articles?language=en&section=Bridges"))["articles"] == []
    assert reader(f"/v1/resolve?url={article['url']}")["statusCode"] == 410
    assert desk.ask("PATCH", path, {"headline": "No"}, if_match='"2"')["statusCode"] == 409
    assert desk.ask("POST", f"{path}/withdraw", {"reason": "Again"}, if_match='"2"')["statusCode"] == 409
    assert said(desk.ask("GET", f"{path}/versions"))["versions"][0]["reason"] == "A court"
    assert desk.ask("POST", f"{path}/reinstate", if_match='"2"')["statusCode"] == 200
    assert said(reader(public))["version"] == 3
    listed = said(reader("/v1/articles?language=en&section=Bridges"))["articles"]
    assert [each["id"] for each in listed] == [id_of(path)]
    assert desk.ask("POST", f"{path}/reinstate", if_match='"3"')["statusCode"] == 409


def test_a_published_article_never_becomes_a_draft_again_and_a_correction_says_when(desk: Newsdesk) -> None:
    path = desk.new(status="published")
    answer = desk.ask("PATCH", path, {"status": "draft"}, if_match='"1"')
    assert answer["statusCode"] == 409
    assert "withdraw" in said(answer)["detail"]
    desk.now += dt.timedelta(hours=1)
    desk.ask("PATCH", path, {"headline": "Corrected"}, if_match='"1"')
    assert said(desk.ask("GET", path))["article"]["updated_at"] == "2025-11-20T13:00:00Z"


def test_an_embargo_ends_to_the_minute_with_the_draft_as_it_is_then(
    stack: Stack, desk: Newsdesk, reader: Callable[[str], Any]
) -> None:
    path = desk.new()
    public = f"/v1/articles/{id_of(path)}"
    answer = desk.ask("PUT", f"{path}/schedule", {"publish_at": "2025-11-20T15:00:00+01:00"}, if_match='"1"')
    assert answer["statusCode"] == 200, answer["body"]
    assert said(desk.ask("GET", path))["publish_at"] == "2025-11-20T14:00:00Z"
    desk.ask("PATCH", path, {"headline": "As it is then"}, if_match='"2"')
    assert reader(public)["statusCode"] == 404
    group = stack.functions["PublishingFunction"].environment["SCHEDULE_GROUP"]
    scheduler = clients.client("scheduler")
    found = [scheduler.get_schedule(GroupName=group, Name=each["Name"])
             for each in scheduler.list_schedules(GroupName=group)["Schedules"]]  # fmt: skip
    (schedule,) = [each for each in found if id_of(path) in each["Target"]["Input"]]
    assert schedule["ScheduleExpression"] == "at(2025-11-20T14:00:00)"
    due = json.loads(schedule["Target"]["Input"])
    desk.now = dt.datetime(2025, 11, 20, 14, 0, tzinfo=dt.UTC)
    for published in (True, False):  # a schedule may call more than once
        at = dt.datetime.fromisoformat(due["publish_at"])
        assert publish_due(desk.store, due["article_id"], at, now=desk.now) is published
    shown = said(reader(public))
    assert (shown["headline"], shown["published_at"]) == ("As it is then", "2025-11-20T14:00:00Z")


def test_a_schedule_that_nobody_waits_for_any_more_does_nothing(desk: Newsdesk) -> None:
    path = desk.new()
    first, second = "2025-11-20T14:00:00Z", "2025-11-20T16:00:00Z"
    desk.ask("PUT", f"{path}/schedule", {"publish_at": first}, if_match='"1"')
    desk.ask("PUT", f"{path}/schedule", {"publish_at": second}, if_match='"2"')
    assert not publish_due(desk.store, id_of(path), dt.datetime.fromisoformat(first), now=desk.now)
    assert desk.ask("DELETE", f"{path}/schedule", if_match='"3"')["statusCode"] == 200
    assert not publish_due(desk.store, id_of(path), dt.datetime.fromisoformat(second), now=desk.now)
    assert said(desk.ask("GET", path))["status"] == "draft"


@pytest.mark.parametrize(
    "publish_at", ["2025-11-20T11:00:00Z", "2025-11-20T14:00:30Z", "2025-11-20T14:00:00", "tomorrow"]
)
def test_a_time_that_no_schedule_can_keep_is_refused(desk: Newsdesk, publish_at: str) -> None:
    answer = desk.ask("PUT", f"{desk.new()}/schedule", {"publish_at": publish_at}, if_match='"1"')
    assert answer["statusCode"] == 400
    assert [each["field"] for each in said(answer)["errors"]] == ["publish_at"]


def test_drafts_are_listed_until_they_are_published(desk: Newsdesk) -> None:
    path = desk.new(language="sr-ME")
    listed = said(desk.ask("GET", "/v1/editorial/drafts?language=sr-ME"))["drafts"]
    assert [(each["id"], each["headline"]) for each in listed] == [(id_of(path), "A Bridge Opens")]
    desk.ask("POST", f"{path}/publish", if_match='"1"')
    assert said(desk.ask("GET", "/v1/editorial/drafts?language=sr-ME"))["drafts"] == []


def test_breaking_news_ends_by_itself(desk: Newsdesk) -> None:
    path = desk.new(status="published")
    assert desk.ask("PUT", f"{path}/breaking", {"until": "2025-11-20T14:00:00Z"}, if_match='"1"')["statusCode"] == 200
    assert said(desk.ask("GET", path))["article"]["breaking_until"] == "2025-11-20T14:00:00Z"
    assert desk.ask("PUT", f"{path}/breaking", {"until": "2025-11-20T11:00:00Z"}, if_match='"2"')["statusCode"] == 400
    assert desk.ask("DELETE", f"{path}/breaking", if_match='"2"')["statusCode"] == 200
    assert said(desk.ask("GET", path))["article"]["breaking_until"] is None


@pytest.mark.parametrize("what", ["breaking", "schedule"])
def test_to_end_what_never_began_changes_nothing_and_says_so(desk: Newsdesk, what: str) -> None:
    path = desk.new()
    refused = desk.ask("DELETE", f"{path}/{what}", if_match='"1"')
    assert (refused["statusCode"], said(refused)["code"]) == (409, "not-possible-now")
    assert said(desk.ask("GET", path))["version"] == 1
    # Whoever read an older version is told that first.
    assert said(desk.ask("DELETE", f"{path}/{what}", if_match='"7"'))["code"] == "version-conflict"


def test_a_preview_shows_a_draft_with_the_notice_until_it_is_over(desk: Newsdesk) -> None:
    path = desk.new()
    made = desk.ask("POST", f"{path}/previews", {"expires_in_seconds": 3600})
    assert made["statusCode"] == 201
    url = said(made)["url"]
    assert url.startswith("https://desk.example.org/v1/previews/")
    target = url.removeprefix("https://desk.example.org")
    for shown in (desk.ask("GET", target, by="", accept="application/json"), desk.ask("GET", target, by="")):
        assert shown["headers"]["cache-control"] == "private, no-store, stale-if-error=0"
        assert (shown["headers"]["vary"], shown["headers"]["x-robots-tag"]) == ("accept", "noindex")
    opened = said(desk.ask("GET", target, by="", accept="application/json"))
    assert opened["headline"] == "A Bridge Opens"
    assert opened["legal_notices"][0]["reason"] == "unknown_location"
    for accept in ({}, {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}):
        page = desk.ask("GET", target, by="", **accept)
        assert page["headers"]["content-type"] == "text/html; charset=utf-8"
        assert "frame-ancestors 'none'" in page["headers"]["content-security-policy"]
        places = [page["body"].index(each) for each in ("Preview. Not published.", "data-legal-notice", "<h1>A Bridge")]
        assert places == sorted(places)
        assert page["body"].count("data-legal-notice") == 2  # in English and in Russian
        assert "/embed/" not in page["body"]
    assert desk.ask("GET", target[:-1], by="")["statusCode"] == 403
    desk.now += dt.timedelta(hours=1)
    assert desk.ask("GET", target, by="")["statusCode"] == 403


def test_a_request_with_a_key_is_carried_out_once(desk: Newsdesk) -> None:
    path = "/v1/editorial/articles/en-2025-11-20-once"
    key = {"idempotency_key": "one", "if_none_match": "*"}
    first = desk.ask("PUT", path, ARTICLE, **key)
    again = desk.ask("PUT", path, ARTICLE, **key)
    assert (first["statusCode"], again["statusCode"]) == (201, 201)
    assert again["body"] == first["body"]
    other = desk.ask("PUT", path, ARTICLE | {"headline": "Other"}, **key)
    assert other["statusCode"] == 422
    refused = desk.ask("PATCH", path, {"headline": ""}, idempotency_key="two", if_match='"1"')
    assert refused["statusCode"] == 400
    assert desk.ask("PATCH", path, {"headline": ""}, idempotency_key="two", if_match='"1"')["statusCode"] == 400
    assert said(desk.ask("GET", path))["version"] == 1


def test_a_front_names_articles_that_there_are(desk: Newsdesk) -> None:
    path = desk.new(status="published", language="ka")
    front = "/v1/editorial/fronts/ka"
    assert desk.ask("GET", front)["statusCode"] == 404
    made = desk.ask("PUT", front, {"top": [id_of(path)]}, if_none_match="*")
    assert (made["statusCode"], made["headers"]["etag"]) == (201, '"1"')
    assert said(desk.ask("GET", front))["front"]["top"] == [id_of(path)]
    assert desk.ask("PUT", front, {"top": []}, if_none_match="*")["statusCode"] == 412
    misspelt = desk.ask("PUT", front, {"top": ["no-such-article"]}, if_match='"1"')
    assert misspelt["statusCode"] == 400
    assert "no-such-article" in said(misspelt)["detail"]


def test_every_route_of_the_template_is_answered(desk: Newsdesk) -> None:
    values = {"id": "no-such-article", "number": "1", "language": "xx-none", "token": "none"}
    for key in set(ROUTES) - {"$default"}:
        method, _, path = key.partition(" ")
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", value)
        body: dict[str, Any] | None = None if method in {"GET", "DELETE"} else {}
        answer = desk.ask(method, path, body, if_match='"1"')
        assert '"code":"no-such-path"' not in answer["body"], key
        assert answer["statusCode"] < 500, key


def test_whoever_asks_is_an_editor_only_with_sam_local(stack: Stack) -> None:
    environment = stack.functions["PublishingFunction"].environment | {"LOCAL_EDITOR": LOCAL_EDITOR}
    assert PublishingSettings.read(environment | {"AWS_SAM_LOCAL": "true"}).local_editor == LOCAL_EDITOR
    with pytest.raises(SettingsError, match="LOCAL_EDITOR"):
        PublishingSettings.read(environment)


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ({"segment": 2, "segments": 2}, "segment"),
        ({"cursor": "no cursor"}, "cursor"),
        ({"cursor": "WzEsMl0"}, "cursor"),
        ({"limit": 0}, "limit"),
    ],
)
def test_a_step_of_a_verification_that_cannot_be_made_is_refused(
    desk: Newsdesk, step: dict[str, Any], field: str
) -> None:
    answer = desk.ask("POST", "/v1/editorial/verifications", step)
    assert answer["statusCode"] == 400
    assert [each["field"] for each in said(answer)["errors"]] == [field]


def test_articles_are_listed_whatever_they_are_and_a_cursor_is_one_that_was_given(desk: Newsdesk) -> None:
    path = desk.new()
    found: list[str] = []
    following: str | None = "/v1/editorial/articles?limit=50"
    while following:
        page = said(desk.ask("GET", following))
        found += page["articles"]
        following = page["next"]
    assert id_of(path) in found
    assert len(found) == len(set(found))
    assert desk.ask("GET", "/v1/editorial/articles?cursor=nothing")["statusCode"] == 400


# ------------------------------------------------------------------------------- What readers were told of stays


def test_a_restored_version_brings_its_text_back_and_nothing_that_readers_were_told_goes(
    desk: Newsdesk, reader: Callable[[str], Any]
) -> None:
    path = desk.new(status="published", published_at="2025-11-20T08:00:00Z")
    desk.now += dt.timedelta(hours=1)
    correction = {"at": "2025-11-20T13:00:00Z", "text": "It was Monday."}
    until = "2025-11-20T18:00:00Z"
    desk.ask("PATCH", path, {"headline": "Corrected", "corrections": [correction]}, if_match='"1"')
    desk.ask("PUT", f"{path}/breaking", {"until": until}, if_match='"2"')
    desk.now += dt.timedelta(hours=1)
    assert desk.ask("POST", f"{path}/versions/1/restore", {}, if_match='"3"')["statusCode"] == 200
    shown = said(reader(f"/v1/articles/{id_of(path)}"))
    assert shown["headline"] == ARTICLE["headline"]
    assert shown["corrections"] == [correction]
    assert shown["breaking_until"] == until
    assert shown["published_at"] == "2025-11-20T08:00:00Z"
    assert shown["updated_at"] == "2025-11-20T14:00:00Z"


def test_a_replacement_that_states_no_dates_keeps_when_it_was_published_and_says_when_it_changed(
    desk: Newsdesk, reader: Callable[[str], Any]
) -> None:
    path = desk.new(status="published", published_at="2025-11-20T08:00:00Z", updated_at="2025-11-20T09:00:00Z")
    desk.now += dt.timedelta(hours=1)
    assert desk.ask("PUT", path, ARTICLE | {"headline": "Replaced"}, if_match='"1"')["statusCode"] == 200
    shown = said(reader(f"/v1/articles/{id_of(path)}"))
    assert (shown["published_at"], shown["updated_at"]) == ("2025-11-20T08:00:00Z", "2025-11-20T13:00:00Z")


@pytest.mark.parametrize("by", ["an editor", "a schedule"])
@pytest.mark.parametrize(
    ("stated", "published_at"),
    [
        ("2005-03-01T12:00:00Z", "2005-03-01T12:00:00Z"),
        (None, "2025-11-20T14:00:00Z"),
        ("2026-01-01T00:00:00Z", "2025-11-20T14:00:00Z"),
    ],
)
def test_a_draft_gets_the_same_date_whoever_publishes_it(
    desk: Newsdesk, reader: Callable[[str], Any], by: str, stated: str | None, published_at: str
) -> None:
    path = desk.new(published_at=stated)
    due = dt.datetime(2025, 11, 20, 14, 0, tzinfo=dt.UTC)
    if by == "a schedule":
        desk.ask("PUT", f"{path}/schedule", {"publish_at": due.isoformat()}, if_match='"1"')
        assert publish_due(desk.store, id_of(path), due, now=due)
    else:
        desk.now = due
        assert desk.ask("POST", f"{path}/publish", {}, if_match='"1"')["statusCode"] == 200
    assert said(reader(f"/v1/articles/{id_of(path)}"))["published_at"] == published_at


def test_a_draft_that_no_reader_had_is_withdrawn_without_a_word_to_them(
    desk: Newsdesk, reader: Callable[[str], Any], stack: Stack
) -> None:
    path, public = desk.new(), ""
    public = f"/v1/articles/{id_of(path)}"
    assert (
        desk.ask("POST", f"{path}/withdraw", {"reason": "No story.", "note": "Never."}, if_match='"1"')["statusCode"]
        == 200
    )
    assert reader(public)["statusCode"] == 404
    assert "Never." not in reader(public)["body"]
    listed = clients.s3().list_objects_v2(Bucket=stack.bucket, Prefix=f"current/{id_of(path)}")
    assert listed.get("KeyCount") == 0
    # It comes back as the draft that it was, and once it has been public, its withdrawal is told.
    assert desk.ask("POST", f"{path}/reinstate", {}, if_match='"2"')["statusCode"] == 200
    assert reader(public)["statusCode"] == 404
    desk.ask("POST", f"{path}/publish", {}, if_match='"3"')
    desk.ask("POST", f"{path}/withdraw", {"reason": "Wrong.", "note": "It was wrong."}, if_match='"4"')
    assert (reader(public)["statusCode"], said(reader(public))["note"]) == (410, "It was wrong.")


# ------------------------------------------------------------------------------------------------ Minor edits


def listed(reader: Callable[[str], Any], order: str) -> list[str]:
    return [each["id"] for each in said(reader(f"/v1/articles?language=sw&order={order}"))["articles"]]


def test_a_minor_edit_changes_the_text_and_nothing_that_says_when(desk: Newsdesk, reader: Callable[[str], Any]) -> None:
    first = desk.new(language="sw", status="published", published_at="2025-11-20T08:00:00Z")
    second = desk.new(language="sw", status="published", published_at="2025-11-20T09:00:00Z")
    before = {order: listed(reader, order) for order in ("-published", "-updated")}
    desk.now += dt.timedelta(hours=1)
    assert desk.ask("PATCH", f"{first}?minor=true", {"headline": "A Bridge"}, if_match='"1"')["statusCode"] == 200
    replaced = desk.ask("PUT", f"{first}?minor=true", ARTICLE | {"language": "sw", "section": "City"}, if_match='"2"')
    assert replaced["statusCode"] == 200
    shown = said(reader(f"/v1/articles/{id_of(first)}"))
    assert (shown["version"], shown["section"], shown["updated_at"]) == (3, "City", None)
    assert {order: listed(reader, order) for order in ("-published", "-updated")} == before
    # Whoever keeps copies gets it, under its version.
    changes = said(reader("/v1/changes?language=sw"))["changes"]
    assert (changes[-1]["id"], changes[-1]["version"]) == (id_of(first), 3)
    assert desk.ask("PATCH", first, {"headline": "Opened"}, if_match='"3"')["statusCode"] == 200
    assert listed(reader, "-updated") == [id_of(first), id_of(second)]


@pytest.mark.parametrize(
    ("change", "at_fault"),
    [
        ({"updated_at": "2025-11-20T11:30:00Z"}, ["updated_at"]),
        ({"published_at": "2025-11-20T09:00:00Z"}, ["published_at"]),
        ({"corrections": [{"at": "2025-11-20T11:30:00Z", "text": "It was Monday."}]}, ["corrections"]),
    ],
)
def test_what_readers_were_told_is_no_minor_matter(desk: Newsdesk, change: dict[str, Any], at_fault: list[str]) -> None:
    path = desk.new(status="published", published_at="2025-11-20T08:00:00Z")
    refused = desk.ask("PATCH", f"{path}?minor=true", change, if_match='"1"')
    assert (refused["statusCode"], [each["field"] for each in said(refused)["errors"]]) == (400, at_fault)
    assert said(desk.ask("GET", path))["version"] == 1
