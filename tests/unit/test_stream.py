"""What a record of the stream says, purely."""

import base64
import zlib
from typing import Any

import pytest

from content_api.store.stream import change_of, copy_of, front_changed_by, tags_of


def record(pk: str, sk: str, new: dict[str, Any] | None = None, old: dict[str, Any] | None = None) -> dict[str, Any]:
    changed: dict[str, Any] = {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}, "SequenceNumber": "1"}
    changed |= {name: image for name, image in (("NewImage", new), ("OldImage", old)) if image}
    return {"eventName": "MODIFY" if new and old else "INSERT" if new else "REMOVE", "dynamodb": changed}


def article(status: str, version: int = 1) -> dict[str, Any]:
    document = base64.b64encode(zlib.compress(b'{"id":"en-a"}')).decode()
    return {
        "status": {"S": status},
        "version": {"N": str(version)},
        "language": {"S": "en"},
        "modified": {"S": "Mon, 06 May 2024 07:08:09 GMT"},
        "document": {"B": document},
    }


PUBLISHED, DRAFT, WITHDRAWN = article("published"), article("draft"), article("withdrawn")


NONE: set[str] = set()


@pytest.mark.parametrize(
    ("touched", "tags"),
    [
        (record("ARTICLE#en-a", "ARTICLE", PUBLISHED), {"article:en-a"}),
        (record("ARTICLE#en-a", "ARTICLE", PUBLISHED, DRAFT), {"article:en-a"}),
        (record("ARTICLE#en-a", "ARTICLE", WITHDRAWN, PUBLISHED), {"article:en-a"}),
        (record("ARTICLE#en-a", "ARTICLE", DRAFT, DRAFT), NONE),
        (record("ARTICLE#en-a", "ARTICLE", DRAFT), NONE),
        (record("URL#example.org/a", "URL", {"id": {"S": "en-a"}}), {"article:en-a"}),
        (record("LIST#en#all", "2024#en-a", {"card": {"B": ""}}), {"list:en:all"}),
        (record("LIST#sr-Latn#section#kultura", "2024#a", None, {"card": {"B": ""}}), {"list:sr-Latn:section:kultura"}),
        (record("LIST#ru#tag#мост", "2024#a", {"card": {"B": ""}}), {"list:ru:tag:%D0%BC%D0%BE%D1%81%D1%82"}),
        (record("LIST#en#tag#c#", "2024#a", {"card": {"B": ""}}), {"list:en:tag:c%23"}),
        (record("CHANGE#en", "000000000001", {"entry": {"S": "{}"}}), {"changes:en"}),
        (record("CHANGE#en", "000000000001", None, {"entry": {"S": "{}"}}), NONE),
        (record("FRONT#en", "FRONT", {"front": {"S": "{}"}}), {"front:en"}),
        (record("DRAFTS#en", "en-a", {"entry": {"S": "{}"}}), NONE),
        (record("SECTIONS", "en#a", {"entry": {"S": "{}"}}), {"sections"}),
        (record("NEWSLETTERS", "en#a", {"entry": {"S": "{}"}}), {"newsletters"}),
    ],
)
def test_exactly_the_answers_that_hold_what_was_written_are_purged(touched: dict[str, Any], tags: set[str]) -> None:
    assert tags_of(touched) == tags


def test_readers_copies_hold_what_readers_got_and_no_draft() -> None:
    copy = copy_of(record("ARTICLE#en-a", "ARTICLE", PUBLISHED))
    assert copy
    assert (copy.article_id, copy.version, copy.status, copy.document) == ("en-a", 1, "published", b'{"id":"en-a"}')
    assert copy_of(record("ARTICLE#en-a", "ARTICLE", DRAFT)) is None
    assert copy_of(record("ARTICLE#en-a", "ARTICLE", DRAFT, DRAFT)) is None
    again = copy_of(record("ARTICLE#en-a", "ARTICLE", DRAFT, WITHDRAWN))
    assert again
    assert (again.status, again.document) == ("draft", b"{}")
    assert copy_of(record("ARTICLE#en-a", "ARTICLE", None, PUBLISHED)) is None
    assert copy_of(record("LIST#en#all", "1#en-a", {"card": {"B": ""}})) is None


def test_a_change_is_an_entry_and_not_the_counter() -> None:
    change = change_of(record("CHANGE#en", "000000000012", {"entry": {"S": '{"id":"en-a"}'}}))
    assert change
    assert (change.language, change.number, change.entry) == ("en", 12, {"id": "en-a"})
    assert change_of(record("CHANGE#en", "LAST", {"number": {"N": "12"}})) is None
    assert change_of(record("ARTICLE#en-a", "ARTICLE", PUBLISHED)) is None


@pytest.mark.parametrize(
    ("pk", "language"),
    [
        ("LIST#sr-Latn#all", "sr-Latn"),
        ("LIST#en#breaking", "en"),
        ("FRONT#en", "en"),
        ("LIST#en#section#all", None),
        ("ARTICLE#en-a", None),
        ("CHANGE#en", None),
        ("SECTIONS", None),
    ],
)
def test_fronts_change_with_what_is_listed_and_what_editors_choose(pk: str, language: str | None) -> None:
    assert front_changed_by(record(pk, "x", {"card": {"B": ""}})) == language
    assert front_changed_by(record(pk, "x", old={"card": {"B": ""}})) == language
