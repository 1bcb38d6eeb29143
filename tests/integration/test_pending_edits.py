"""Drafts and pending edits, as writers make them and editors publish them. Readers see nothing of one until then."""

import datetime as dt
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from tests.integration.test_editorial import ARTICLE, Newsdesk, id_of, said
from tests.integration.test_editorial import desk as desk  # noqa: PLC0414 - a fixture
from tests.integration.test_editorial import reader as reader  # noqa: PLC0414 - a fixture

from content_api.aws import clients
from content_api.aws.attributes import pair_of
from content_api.names.keys import edits_partition
from content_store import stream
from gateway.stack import Stack
from propagation.deployed import Deployed
from propagation.effects import log
from propagation.webhooks import Endpoints

type Reader = Callable[[str], dict[str, Any]]


def draft_of(path: str) -> str:
    return path.replace("/articles/", "/drafts/")


def edited(desk: Newsdesk, path: str, change: dict[str, Any]) -> str:
    """Begins a pending edit of an article at version 1. Returns its ETag."""
    answer = desk.ask("PATCH", draft_of(path), change, if_match='"1"')
    assert answer["statusCode"] == 200, answer["body"]
    assert said(answer)["is_pending_edit"]
    return answer["headers"]["etag"]


def everything_that_readers_get(reader: Reader, path: str) -> list[str]:
    asked = (
        f"/v1/articles/{id_of(path)}",
        "/v1/articles?language=st",
        "/v1/changes?language=st",
        "/v1/sections?language=st",
    )
    return [reader(each)["body"] for each in asked]


def test_a_pending_edit_is_saved_compared_previewed_and_published_and_no_reader_sees_it_before(
    desk: Newsdesk, reader: Reader
) -> None:
    path = desk.new(language="st", status="published", published_at="2025-11-20T08:00:00Z")
    before = everything_that_readers_get(reader, path)
    assert desk.ask("GET", draft_of(path))["statusCode"] == 404
    tag = edited(desk, path, {"headline": "Opened At Last", "section": "City"})
    tag = desk.ask("PATCH", draft_of(path), {"standfirst": "After years."}, if_match=tag)["headers"]["etag"]
    read = desk.ask("GET", draft_of(path))
    assert read["headers"]["etag"] == tag
    assert (said(read)["version"], said(read)["is_pending_edit"]) == (1, True)
    assert said(read)["article"]["headline"] == "Opened At Last"
    changes = said(desk.ask("GET", f"{draft_of(path)}/changes"))
    assert {each["path"] for each in changes["patch"]} == {"/headline", "/section", "/standfirst"}
    assert changes["since"] == 1
    link = said(desk.ask("POST", f"{draft_of(path)}/previews", {}))["url"].partition("example.org")[2]
    assert said(desk.ask("GET", link, by="", accept="application/json"))["headline"] == "Opened At Last"
    (listed,) = said(desk.ask("GET", "/v1/editorial/edits?language=st"))["edits"]
    assert (listed["id"], listed["headline"], listed["on_version"]) == (id_of(path), "Opened At Last", 1)
    assert everything_that_readers_get(reader, path) == before
    assert said(desk.ask("GET", path))["version"] == 1

    desk.now += dt.timedelta(hours=1)
    published = desk.ask("POST", f"{path}/publish", if_match=tag)
    assert (published["statusCode"], said(published)["version"]) == (200, 2)
    shown = said(reader(f"/v1/articles/{id_of(path)}"))
    assert (shown["version"], shown["headline"], shown["section"]) == (2, "Opened At Last", "City")
    assert (shown["published_at"], shown["updated_at"]) == ("2025-11-20T08:00:00Z", "2025-11-20T13:00:00Z")
    assert desk.ask("GET", draft_of(path))["statusCode"] == 404
    assert said(desk.ask("GET", "/v1/editorial/edits?language=st"))["edits"] == []
    assert desk.ask("GET", link, by="")["statusCode"] == 403
    latest = said(desk.ask("GET", path))
    assert (latest["action"], LOCAL in latest["reason"]) == ("edit", True)
    assert desk.ask("POST", f"{path}/publish", if_match=tag)["statusCode"] == 404


LOCAL = "local-editor"


def test_a_minor_pending_edit_says_nothing_of_when(desk: Newsdesk, reader: Reader) -> None:
    path = desk.new(status="published", published_at="2025-11-20T08:00:00Z")
    tag = edited(desk, path, {"headline": "A Bridge Opened"})
    assert desk.ask("POST", f"{path}/publish?minor=true", if_match=tag)["statusCode"] == 200
    shown = said(reader(f"/v1/articles/{id_of(path)}"))
    assert (shown["headline"], shown["updated_at"]) == ("A Bridge Opened", None)


def test_the_stream_hands_nothing_of_a_pending_edit_to_any_effect(desk: Newsdesk, stack: Stack) -> None:
    """Records as Lambda gets them: the edit is begun, saved again and discarded."""
    path = desk.new(language="st", status="published")
    images: list[dict[str, Any]] = []
    tag = edited(desk, path, {"headline": "Of No Concern"})
    images.append(item_of(stack, path))
    tag = desk.ask("PATCH", draft_of(path), {"section": "City"}, if_match=tag)["headers"]["etag"]
    images.append(item_of(stack, path))
    first, second = images
    keys = {name: first[name] for name in ("pk", "sk")}
    records = [
        {"eventID": "1", "eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": first}},
        {"eventID": "2", "eventName": "MODIFY", "dynamodb": {"Keys": keys, "OldImage": first, "NewImage": second}},
        {"eventID": "3", "eventName": "REMOVE", "dynamodb": {"Keys": keys, "OldImage": second}},
    ]
    for record in records:
        assert not stream.purged_by(record)
        assert not stream.withdrawn_by(record)
        assert stream.change_of(record) is None
        assert stream.article_changed_by(record) is None
        assert stream.front_changed_by(record) is None
        assert stream.feed_list_of(record) is None
    stack.functions["PropagationFunction"].load()
    propagation: Any = sys.modules["propagation.app"]
    deployed = Deployed("https://news.example.org", "https://hub.example.org", Endpoints(""))
    # The log is for editors alone.
    for effect in set(propagation.EFFECTS) - {log}:
        assert not effect.messages(records, deployed), effect


def item_of(stack: Stack, path: str) -> dict[str, Any]:
    key = {"pk": {"S": edits_partition("st")}, "sk": {"S": id_of(path)}}
    item: Any = clients.dynamodb().get_item(TableName=stack.table, Key=key, ConsistentRead=True).get("Item")
    assert pair_of(item) == (edits_partition("st"), id_of(path))
    return item


def test_whoever_has_not_read_the_last_edit_changes_nothing(desk: Newsdesk) -> None:
    path = desk.new(status="published")
    first = edited(desk, path, {"headline": "First"})
    second = desk.ask("PATCH", draft_of(path), {"headline": "Second"}, if_match=first)["headers"]["etag"]
    assert first != second
    for method, where, tag in (
        ("PATCH", draft_of(path), first),
        ("PATCH", draft_of(path), '"1"'),
        ("PUT", draft_of(path), first),
        ("DELETE", draft_of(path), first),
        ("POST", f"{path}/publish", first),
    ):
        body = {"PATCH": {"headline": "Third"}, "PUT": ARTICLE}.get(method)
        assert desk.ask(method, where, body, if_match=tag)["statusCode"] == 412, (method, where)
    assert desk.ask("POST", f"{path}/publish", if_match='"1"')["statusCode"] == 409
    assert desk.ask("PATCH", path, {"headline": "Third"}, if_match=second)["statusCode"] == 428
    assert said(desk.ask("GET", draft_of(path)))["article"]["headline"] == "Second"
    assert desk.ask("PUT", draft_of(path), ARTICLE, if_none_match="*")["statusCode"] == 412


def test_what_editors_corrected_meanwhile_stays_and_what_both_changed_is_decided_by_a_person(
    desk: Newsdesk, reader: Reader
) -> None:
    path = desk.new(status="published")
    tag = edited(desk, path, {"headline": "Of The Writer", "tags": ["bridges"]})
    assert desk.ask("PATCH", path, {"section": "Corrected"}, if_match='"1"')["statusCode"] == 200
    assert desk.ask("PATCH", path, {"headline": "Of The Editor"}, if_match='"2"')["statusCode"] == 200
    refused = desk.ask("POST", f"{path}/publish", if_match=tag)
    assert (refused["statusCode"], said(refused)["code"]) == (409, "not-possible-now")
    assert "headline changed" in said(refused)["detail"]
    assert "?onto=3" in said(refused)["detail"]
    stale = desk.ask("PATCH", f"{draft_of(path)}?onto=2", {}, if_match=tag)
    assert (stale["statusCode"], said(stale)["errors"][0]["field"]) == (400, "onto")
    whole = said(desk.ask("GET", path))["article"] | {"headline": "Of Both", "tags": ["bridges"]}
    whole.pop("status")
    tag = desk.ask("PUT", f"{draft_of(path)}?onto=3", whole, if_match=tag)["headers"]["etag"]
    assert tag.startswith('"3-')
    desk.ask("PUT", f"{path}/breaking", {"until": "2025-11-20T18:00:00Z"}, if_match='"3"')
    assert desk.ask("POST", f"{path}/publish", if_match=tag)["statusCode"] == 200
    shown = said(reader(f"/v1/articles/{id_of(path)}"))
    assert (shown["headline"], shown["section"], shown["tags"]) == ("Of Both", "Corrected", ["bridges"])
    assert (shown["version"], shown["breaking_until"]) == (5, "2025-11-20T18:00:00Z")


def test_a_pending_edit_is_discarded_and_what_was_saved_stays_in_s3(
    desk: Newsdesk, reader: Reader, stack: Stack
) -> None:
    path = desk.new(status="published")
    tag = edited(desk, path, {"headline": "Never Mind"})
    answer = desk.ask("DELETE", draft_of(path), if_match=tag)
    assert (answer["statusCode"], said(answer)["version"]) == (200, 1)
    assert desk.ask("GET", draft_of(path))["statusCode"] == 404
    assert said(reader(f"/v1/articles/{id_of(path)}"))["headline"] == ARTICLE["headline"]
    listed = clients.s3().list_objects_v2(Bucket=stack.bucket, Prefix=f"edits/{id_of(path)}/")
    (kept,) = listed.get("Contents", [])
    content = clients.s3().get_object(Bucket=stack.bucket, Key=kept.get("Key", ""))["Body"].read()
    assert json.loads(content)["article"]["headline"] == "Never Mind"
    assert desk.ask("DELETE", draft_of(path), if_match=tag)["statusCode"] == 404


def test_a_draft_is_made_changed_and_discarded_under_a_path_of_its_own(desk: Newsdesk, reader: Reader) -> None:
    path = "/v1/editorial/drafts/en-2025-11-20-of-a-writer"
    public = f"/v1/articles/{id_of(path)}"
    made = desk.ask("PUT", path, ARTICLE, if_none_match="*")
    assert (made["statusCode"], made["headers"]["etag"], made["headers"]["location"]) == (201, '"1"', path)
    assert desk.ask("PATCH", path, {"headline": "Another"}, if_match='"1"')["headers"]["etag"] == '"2"'
    for method, body in (("PATCH", {"status": "published"}), ("PUT", ARTICLE | {"status": "published"})):
        refused = desk.ask(method, path, body, if_match='"2"')
        assert (refused["statusCode"], said(refused)["errors"][0]["field"]) == (400, "status")
    assert desk.ask("GET", f"{path}/changes")["statusCode"] == 409
    assert desk.ask("DELETE", path, if_match='"1"')["statusCode"] == 412
    assert desk.ask("DELETE", path, if_match='"2"')["statusCode"] == 200
    assert reader(public)["statusCode"] == 404
    assert desk.ask("GET", path)["statusCode"] == 409
    assert desk.ask("DELETE", path, if_match='"3"')["statusCode"] == 409
    article = path.replace("/drafts/", "/articles/")
    history = said(desk.ask("GET", f"{article}/versions"))["versions"]
    assert [each["action"] for each in history] == ["discard", "patch", "create"]
    assert desk.ask("POST", f"{article}/reinstate", if_match='"3"')["statusCode"] == 200
    assert said(desk.ask("GET", path))["article"]["headline"] == "Another"


def test_what_could_not_be_published_is_refused_when_it_is_saved(desk: Newsdesk) -> None:
    path = desk.new(status="published")
    for change, field in (
        ({"language": "uk"}, "language"),
        ({"url": "https://[news"}, "url"),
        ({"headline": ""}, "headline"),
        ({"id": "en-another"}, "id"),
    ):
        answer = desk.ask("PATCH", draft_of(path), change, if_match='"1"')
        assert answer["statusCode"] in {400, 409}, field
    assert desk.ask("GET", draft_of(path))["statusCode"] == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_of_an_article_that_there_is_not_or_that_is_withdrawn_nothing_is_edited(desk: Newsdesk, method: str) -> None:
    body = {"PUT": ARTICLE, "PATCH": {"headline": "A"}}.get(method)
    missing = desk.ask(method, "/v1/editorial/drafts/en-no-such-draft", body, if_match='"1"')
    assert missing["statusCode"] in {404, 412}
    path = desk.new(status="published")
    edited(desk, path, {"headline": "Too Late"})
    desk.ask("POST", f"{path}/withdraw", {"reason": "Wrong."}, if_match='"1"')
    assert desk.ask(method, draft_of(path), body, if_match='"2"')["statusCode"] == 409


def test_a_pending_edit_outlives_a_withdrawal(desk: Newsdesk, reader: Reader) -> None:
    path = desk.new(status="published")
    tag = edited(desk, path, {"headline": "Corrected"})
    desk.ask("POST", f"{path}/withdraw", {"reason": "Wrong."}, if_match='"1"')
    assert desk.ask("POST", f"{path}/publish", if_match=tag)["statusCode"] == 409
    desk.ask("POST", f"{path}/reinstate", if_match='"2"')
    assert desk.ask("POST", f"{path}/publish", if_match=tag)["statusCode"] == 200
    assert said(reader(f"/v1/articles/{id_of(path)}"))["headline"] == "Corrected"
