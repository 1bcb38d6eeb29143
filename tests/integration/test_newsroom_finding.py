"""What editors find, whatever its status and its language, the newest change first; and what the newsroom did."""

import datetime as dt
import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract import editorial as contract

from content_api.aws import clients
from content_api.content.article import Article
from content_store.newsroom import Newsroom, Wanted, words_of
from content_store.verification import Verification
from content_store.versions import Attribution
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from thoroughness import examples

type Edit = Callable[..., dict[str, Any]]

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
AT = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def edit(own_stack: Stack) -> Edit:
    handler = own_stack.functions["PublishingFunction"].load()

    def asked(method: str, path: str, content: Any = None, version: int | None = None) -> dict[str, Any]:
        headers = {"content-type": "application/json", "host": "desk.example.org"}
        if version is not None:
            headers |= {"if-match": f'"{version}"'} if version else {"if-none-match": "*"}
        sent = b"" if content is None else json.dumps(content).encode()
        made = event(method, f"/v1/editorial{path}", headers, route_keys=ROUTES, body=sent, principal=LOCAL_EDITOR)
        answer = handler(made, LambdaContext())
        contract.check(made["routeKey"], answer)
        return {"status": answer["statusCode"], **json.loads(answer["body"])}

    return asked


def written(edit: Edit, language: str = "cy", **members: Any) -> str:
    article_id = f"{language}-found-{next(_numbers)}"
    text = {"language": language, "headline": "Pont", "body": [{"type": "paragraph", "html": "A"}]}
    made = edit("PUT", f"/articles/{article_id}", text | members, 0)
    assert made["status"] == 201, made
    return article_id


def found(edit: Edit, **asked: Any) -> list[dict[str, Any]]:
    """All pages."""
    cards: list[dict[str, Any]] = []
    path: str | None = f"/search?{urlencode(asked)}"
    while path:
        page = edit("GET", path)
        assert page["status"] == 200, page
        cards += page["articles"]
        path = page["next"] and page["next"].removeprefix("/v1/editorial")
    return cards


def ids(cards: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in cards]


def test_articles_of_every_status_are_found_as_cards_the_newest_change_first(edit: Edit) -> None:
    tag = f"taith {next(_numbers)}"
    draft = written(
        edit, tags=[tag], standfirst="Hen bont.", byline=[{"name": "Mira Halvorsen"}], section="Trafnidiaeth"
    )
    published = written(edit, "ga", tags=[tag], status="published", type="audio", body=[
        {"type": "audio", "renditions": [{"url": "https://m.example.org/a.mp3", "media_type": "audio/mpeg"}]}
    ])  # fmt: skip
    gone = written(edit, "cy", tags=[tag], status="published", headline="Camgymeriad")
    edit("POST", f"/articles/{gone}/withdraw", {"reason": "Wrong."}, 1)
    due = written(edit, tags=[tag])
    edit("PUT", f"/articles/{due}/schedule", {"publish_at": "2099-01-01T00:00:00Z"}, 1)
    asked = {"q": tag, "language": "cy,ga"}
    cards = found(edit, **asked)
    assert ids(cards) == [due, gone, published, draft]
    assert [each["status"] for each in cards] == ["draft", "withdrawn", "published", "draft"]
    assert [each["action"] for each in cards] == ["schedule", "withdraw", "create", "create"]
    assert (cards[1]["headline"], cards[0]["publish_at"]) == ("Camgymeriad", "2099-01-01T00:00:00Z")
    assert cards[3]["byline"] == [{"name": "Mira Halvorsen", "id": None}]
    assert ids(found(edit, **asked, status="draft")) == [due, draft]
    assert ids(found(edit, **asked, status="scheduled")) == [due]
    assert ids(found(edit, **asked, status="withdrawn")) == [gone]
    assert ids(found(edit, **asked, type="audio")) == [published]
    assert ids(found(edit, **asked, section="TRAFNIDIAETH")) == [draft]
    assert ids(found(edit, **asked, author="mira halvorsen")) == [draft]
    assert ids(found(edit, **asked | {"language": "ga"})) == [published]
    # A change puts it first. Words may be begun only.
    edit("PATCH", f"/articles/{draft}", {"standfirst": "Hen bont."}, 1)
    assert ids(found(edit, q=f"{tag} hen bo", language="cy")) == [draft]
    assert ids(found(edit, **asked))[0] == draft
    edit("DELETE", f"/articles/{due}/schedule", None, 2)
    assert found(edit, **asked, status="scheduled") == []


def test_without_a_language_those_of_the_publisher_are_looked_through(edit: Edit) -> None:
    tag = f"everywhere {next(_numbers)}"
    made = [written(edit, language, tags=[tag]) for language in ("uk", "fa", "en")]
    assert ids(found(edit, q=tag)) == made[::-1]


def test_pages_follow_each_other_without_a_gap(edit: Edit) -> None:
    tag = f"pages {next(_numbers)}"
    made = [written(edit, language, tags=[tag]) for language in ("lv", "lt") * 4]
    assert ids(found(edit, q=tag, language="lv,lt", limit=3)) == made[::-1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("language=xx_yy", "language"),
        ("status=lost", "status"),
        ("limit=0", "limit"),
        ("cursor=abc", "cursor"),
        (f"section={'x' * 501}", "section"),
        (f"language={','.join(['en'] * 61)}", "language"),
        ("unknown=1", "unknown"),
    ],
)
def test_what_is_asked_wrongly_is_said(edit: Edit, query: str, field: str) -> None:
    answer = edit("GET", f"/search?{query}")
    assert answer["status"] == 400
    assert field in json.dumps(answer["errors"])


def test_a_cursor_belongs_to_its_question(edit: Edit) -> None:
    for _ in range(3):
        written(edit, "sk", tags=["otazka"])
    following = edit("GET", "/search?language=sk&limit=2")["next"]
    other = following.removeprefix("/v1/editorial").replace("language=sk", "language=cs")
    assert edit("GET", other)["status"] == 400


class _Archive:
    """Articles of some languages, in the index of a table of their own, in a page size of its own."""

    def __init__(self, newsroom: Newsroom, languages: list[str]) -> None:
        self.newsroom = newsroom
        self.languages = languages

    def walked(self, wanted: Wanted, limit: int) -> list[str]:
        walked: list[str] = []
        after = ""
        for _ in range(100):
            entries, after = self.newsroom.articles(self.languages, wanted, after=after, limit=limit)
            walked += [each["id"] for each in entries]
            if not after:
                return walked
        raise AssertionError("no end")


@pytest.mark.sampled
@settings(max_examples=examples(5, 40))
@given(
    made=st.lists(st.tuples(st.sampled_from(["ka", "hy", "az"]), st.booleans()), max_size=12),
    limit=st.integers(1, 5),
)
def test_whatever_there_is_each_is_found_once_and_in_order(
    fresh_stacks: Callable[[], Stack], made: list[tuple[str, bool]], limit: int
) -> None:
    stack = fresh_stacks()
    store = stack.store()
    expected: list[str] = []
    for number, (language, is_short) in enumerate(made):
        article_id = f"{language}-{number}"
        text: dict[str, Any] = {
            "headline": "Short" if is_short else "Long",
            "body": [{"type": "paragraph", "html": "A"}],
        }
        article = Article.model_validate({"id": article_id, "language": language, **text})
        # Some were written at the same moment.
        store.save(article, expected_version=0, at=AT + dt.timedelta(seconds=number // 3))
        expected.append(article_id)
    archive = _Archive(store.newsroom, ["ka", "hy", "az"])
    by_time = sorted(expected, key=lambda each: (int(each.partition("-")[2]) // 3, each), reverse=True)
    assert archive.walked(Wanted(), limit) == by_time
    short = [each for each in by_time if made[int(each.partition("-")[2])][1]]
    assert archive.walked(Wanted(words=words_of("sho")), limit) == short


def test_verify_finds_nothing_amiss_and_puts_back_what_is_lost(own_stack: Stack, edit: Edit) -> None:
    article_id = written(edit, "sq", status="published", headline="Ura")
    edit("POST", f"/articles/{article_id}/withdraw", {"reason": "Wrong."}, 1)
    table = clients.dynamodb()
    verification = Verification(own_stack.store(), table, clients.s3(), table=own_stack.table, bucket=own_stack.bucket)
    page = verification.page(after=None, limit=5000, repair=False)
    assert [each for each in page.findings if each.id == article_id] == []
    other = written(edit, "sq", headline="Lumi")
    table.update_item(
        TableName=own_stack.table,
        Key={"pk": {"S": f"ARTICLE#{other}"}, "sk": {"S": "ARTICLE"}},
        UpdateExpression="REMOVE desk, desk_card",
    )
    assert other not in ids(found(edit, language="sq"))
    page = verification.page(after=None, limit=5000, repair=True)
    assert [each.is_repaired for each in page.findings if each.id == other] == [True]
    card = next(each for each in found(edit, language="sq") if each["id"] == other)
    assert (card["headline"], card["action"]) == ("Lumi", "create")


# ------------------------------------------------------------------------------------------------ the log


@pytest.fixture(scope="module")
def pump(own_stack: Stack, queues_of_its_own: Callable[[Stack], Stack]) -> Pump:
    return Pump(queues_of_its_own(own_stack))


def test_the_log_says_who_did_what_and_when(edit: Edit, pump: Pump) -> None:
    article_id = written(edit, "bg", headline="Мост")
    edit("POST", f"/articles/{article_id}/publish", {}, 1)
    edit("PATCH", f"/drafts/{article_id}", {"headline": "Мостът"}, 2)
    edit("PUT", "/fronts/bg", {"top": [article_id]}, 0)
    topic = f"bridges-{next(_numbers)}"
    edit("PUT", f"/topics/{topic}", {"names": [{"language": "bg", "name": "Мостове"}]}, 0)
    pump.settle()
    day = dt.datetime.now(dt.UTC).date().isoformat()
    done = edit("GET", f"/log?day={day}&limit=100")
    assert done["day"] == day
    own = [each for each in done["done"] if each["id"] in {article_id, topic, "bg"}]
    assert [(each["what"], each["action"]) for each in own] == [
        ("topic", "create"), ("front", "choose"), ("edit", "save-edit"), ("article", "publish"), ("article", "create"),
    ]  # fmt: skip
    assert {each["by"] for each in own} == {LOCAL_EDITOR}
    assert (own[3]["headline"], own[3]["version"], own[3]["status"]) == ("Мост", 2, "published")
    assert [each["at"] for each in own] == sorted((each["at"] for each in own), reverse=True)
    # The same records once more change nothing.
    again = edit("GET", f"/log?day={day}&limit=100")
    assert again["done"] == done["done"]


def test_the_log_of_a_day_has_pages_and_an_empty_one_is_no_error(own_stack: Stack, edit: Edit) -> None:
    newsroom = own_stack.store().newsroom
    for number in range(7):
        done = {"at": f"2025-01-02T03:04:0{number}.000000Z", "what": "article", "id": f"en-{number}", "by": "x"}
        newsroom.note(done | {"action": "create"})
    seen: list[str] = []
    path = "/log?day=2025-01-02&limit=3"
    while path:
        page = edit("GET", path)
        seen += ids(page["done"])
        path = (page["next"] or "").removeprefix("/v1/editorial")
    assert seen == [f"en-{number}" for number in range(6, -1, -1)]
    assert edit("GET", "/log?day=1999-01-01")["done"] == []
    assert edit("GET", "/log?day=yesterday")["status"] == 400


def test_what_the_table_itself_refuses_is_a_503(edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "Query")

    monkeypatch.setattr(Newsroom, "articles", refused)
    monkeypatch.setattr(Newsroom, "log", refused)
    for path in ("/search", "/log"):
        assert edit("GET", path)["status"] == 503


def test_attribution_is_that_of_whoever_wrote_last(own_stack: Stack) -> None:
    store = own_stack.store()
    article = Article.model_validate(
        {"id": f"mk-{next(_numbers)}", "language": "mk", "headline": "A", "body": [{"type": "paragraph", "html": "A"}]}
    )
    store.save(article, expected_version=0, at=AT, attribution=Attribution("arn:aws:iam::1:user/ana", "create"))
    (card, *_), _ = store.newsroom.articles(["mk"], Wanted())
    assert (card["by"], card["action"], card["changed_at"]) == (
        "arn:aws:iam::1:user/ana", "create", "2025-11-20T12:00:00.000000Z",
    )  # fmt: skip
