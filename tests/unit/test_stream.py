"""What a record of the stream says, purely."""

import base64
import zlib
from typing import Any

import pytest

from content_store.stream import (
    change_of,
    copy_of,
    front_changed_by,
    purged_by,
    tombstone_of,
    withdrawn_by,
)


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


SHOWS_A = {"media": {"S": '{"a1":["original/320"]}'}}
SHOWS_B = {"media": {"S": '{"b1":["original/320"]}'}}
CARD = {"card": {"B": ""}}
LISTED = {"position": {"S": "2024#en-a"}, "facets": {"SS": ["section#c#", "tag#мост"]}, "breaking_position": {"S": "x"}}


@pytest.mark.parametrize(
    ("touched", "tags"),
    [
        # What is new nobody has yet, what is withdrawn has a way of its own.
        (record("ARTICLE#en-a", "ARTICLE", PUBLISHED), NONE),
        (record("ARTICLE#en-a", "ARTICLE", PUBLISHED, DRAFT), NONE),
        (record("ARTICLE#en-a", "ARTICLE", PUBLISHED, WITHDRAWN), NONE),
        (record("ARTICLE#en-a", "ARTICLE", WITHDRAWN, PUBLISHED), NONE),
        (record("ARTICLE#en-a", "ARTICLE", DRAFT, DRAFT), NONE),
        (record("ARTICLE#en-a", "ARTICLE", article("published", 2), PUBLISHED), {"article:en-a"}),
        # A picture that the correction drops.
        (
            record("ARTICLE#en-a", "ARTICLE", article("published", 2) | SHOWS_B, PUBLISHED | SHOWS_A),
            {"article:en-a", "media:a1"},
        ),
        # The same version: only what stands beside it was written.
        (record("ARTICLE#en-a", "ARTICLE", PUBLISHED | {"siblings": {"S": "uk-a"}}, PUBLISHED), NONE),
        # An address that led elsewhere: the article that it led to.
        (record("URL#example.org/a", "URL", {"id": {"S": "en-a"}}), NONE),
        (record("URL#example.org/a", "URL", {"id": {"S": "en-b"}}, {"id": {"S": "en-a"}}), {"article:en-a"}),
        (record("URL#example.org/a", "URL", {"id": {"S": "en-a"}}, {"id": {"S": "en-a"}}), NONE),
        (record("URL#example.org/a", "URL", None, {"id": {"S": "en-a"}}), {"article:en-a"}),
        # Lists, changes and catalogues end by themselves; what editors call breaking news, or put on a front, is told.
        (record("LIST#en#all", "2024#en-a", CARD), NONE),
        (record("LIST#sr-Latn#section#kultura", "2024#a", None, CARD), NONE),
        (record("LIST#en#breaking", "2024#en-a", CARD), {"list:en:breaking"}),
        (record("LIST#en#breaking", "2024#en-a", None, CARD), {"list:en:breaking"}),
        (record("LIST#en#breaking", "2024#en-a", CARD, CARD), NONE),
        (record("CHANGE#en", "000000000001", {"entry": {"S": "{}"}}), NONE),
        (record("FRONT#en", "FRONT", {"front": {"S": "{}"}}), {"front:en"}),
        (record("TOPICS", "libraries", {"entry": {"S": "{}"}}), NONE),
        (record("TOPICS", "libraries", {"entry": {"S": "{}"}}, {"entry": {"S": "[]"}}), {"topic:libraries"}),
        (record("AUTHORS", "mira", {"entry": {"S": "{}"}}, {"entry": {"S": "[]"}}), {"author:mira"}),
        (record("DRAFTS#en", "en-a", {"entry": {"S": "{}"}}), NONE),
        (record("SECTIONS", "en#a", {"entry": {"S": "{}"}}), NONE),
    ],
)
def test_what_would_be_wrong_for_minutes_is_purged_and_nothing_else(touched: dict[str, Any], tags: set[str]) -> None:
    assert purged_by(touched) == tags


@pytest.mark.parametrize("after", [WITHDRAWN, DRAFT, None])
def test_a_withdrawal_purges_every_answer_that_the_article_stood_in(after: dict[str, Any] | None) -> None:
    withdrawn = record("ARTICLE#en-a", "ARTICLE", after, PUBLISHED | LISTED | SHOWS_A)
    lists = {
        "list:en:all",
        "list:en:updated",
        "list:en:section:c%23",
        "list:en:tag:%D0%BC%D0%BE%D1%81%D1%82",
        "list:en:breaking",
    }
    assert withdrawn_by(withdrawn) == {"article:en-a", "front:en", "media:a1"} | lists
    assert purged_by(withdrawn) == NONE


@pytest.mark.parametrize(("before", "after"), [(None, PUBLISHED), (DRAFT, WITHDRAWN), (PUBLISHED, PUBLISHED)])
def test_what_readers_still_have_or_never_had_is_no_withdrawal(
    before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    assert withdrawn_by(record("ARTICLE#en-a", "ARTICLE", after, before)) == NONE


def test_readers_copies_hold_what_readers_got_and_no_draft() -> None:
    copy = copy_of("en-a", PUBLISHED)
    assert copy is not None
    assert (copy.article_id, copy.version, copy.status, copy.document) == ("en-a", 1, "published", b'{"id":"en-a"}')
    assert copy_of("en-a", PUBLISHED | {"document": {"B": zlib.compress(b"{}")}}) is not None  # as the table is read
    assert copy_of("en-a", DRAFT) is None
    gone = tombstone_of(record("ARTICLE#en-a", "ARTICLE", WITHDRAWN, PUBLISHED))
    assert gone is not None
    assert gone.status == "withdrawn"
    again = tombstone_of(record("ARTICLE#en-a", "ARTICLE", DRAFT, PUBLISHED))
    assert again is not None
    assert (again.status, again.document) == ("draft", b"{}")
    assert tombstone_of(record("ARTICLE#en-a", "ARTICLE", None, PUBLISHED)) is None


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
