"""Topics and authors: editors make, rename and merge them, and readers' lists follow without a write to any article."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.contract import editorial as contract

from content_api.aws import clients
from content_api.aws.service import StoreUnavailable
from content_api.names.cache_tags import TAG_HEADER
from content_api.names.subjects import AUTHOR, KINDS, MOST_LISTS, TOPIC
from content_api.reader_api.damage import Damaged
from content_store.verification import Verification
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.server import LambdaContext
from gateway.stack import Stack
from simulated_edge.requests import SECRET, ask, body

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type Edit = Callable[..., dict[str, Any]]

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
_numbers = itertools.count(1)
PICTURE = {
    "alt": "A reading room",
    "renditions": [{"url": "https://media.example.org/a.jpg", "media_type": "image/jpeg"}],
}


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


@pytest.fixture(scope="module")
def partners(syndication: Callable[..., Api]) -> Api:
    return syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, PUBLIC_URL="https://content.example.org")


@pytest.fixture(scope="module")
def edit(stack: Stack) -> Edit:
    """What editors send; the answer's status, its version, and its JSON."""
    handler = stack.functions["PublishingFunction"].load()

    def asked(method: str, path: str, content: Any = None, version: int | None = None) -> dict[str, Any]:
        headers = {"content-type": "application/json", "host": "desk.example.org"}
        if version is not None:
            headers |= {"if-match": f'"{version}"'} if version else {"if-none-match": "*"}
        sent = b"" if content is None else json.dumps(content).encode()
        made = event(method, f"/v1/editorial{path}", headers, route_keys=ROUTES, body=sent, principal=LOCAL_EDITOR)
        answer = handler(made, LambdaContext())
        contract.check(made["routeKey"], answer)
        return {"status": answer["statusCode"], "headers": answer["headers"], **json.loads(answer["body"])}

    return asked


def names(**of: str) -> dict[str, Any]:
    return {"names": [{"language": language, "name": name} for language, name in of.items()]}


def new(edit: Edit, kind: str = "topics", **members: Any) -> str:
    """A topic or an author of its own; its id."""
    named = f"{kind[:-1]}-{next(_numbers)}"
    made = edit("PUT", f"/{kind}/{named}", names(en="Libraries") | members, 0)
    assert (made["status"], made["version"]) == (201, 1), made
    return named


def article(edit: Edit, **members: Any) -> str:
    """A published article of its own; its id."""
    named = f"en-of-subjects-{next(_numbers)}"
    stated = {"language": "en", "headline": "Seeds", "body": [{"type": "paragraph", "html": "Text."}]}
    made = edit("PUT", f"/articles/{named}", stated | {"status": "published"} | members, 0)
    assert made["status"] == 201, made
    return named


def changed(api: Api) -> Iterator[dict[str, Any]]:
    """All changes of English articles: those that the other tests made, too."""
    cursor = ""
    while True:
        page = body(ask(api, f"/v1/changes?language=en{cursor}"))
        yield from page["changes"]
        if not page["changes"]:
            return
        cursor = f"&cursor={page['next_cursor']}"


def listed(api: Api, query: str) -> list[str]:
    return [each["id"] for each in body(ask(api, f"/v1/articles?language=en&{query}"))["articles"]]


# ------------------------------------------------------------------------------------------------ Readers


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_readers_get_what_editors_made_in_every_language(edit: Edit, api: Api, kind: Any) -> None:
    named = new(
        edit,
        kind.plural,
        names=[
            {"language": "en", "name": "Libraries", "description": "Reading rooms.", "url": "https://n.example/t"},
            {"language": "fa", "name": "کتابخانه‌ها"},
        ],
        picture=PICTURE,
        aliases=["Library"],
    )
    shown = body(ask(api, f"/v1/{kind.plural}/{named}", "ru"))
    assert shown["legal_notices"]
    assert shown["names"] == [
        {
            "language": "en",
            "direction": "ltr",
            "name": "Libraries",
            "description": "Reading rooms.",
            "url": "https://n.example/t",
        },
        {"language": "fa", "direction": "rtl", "name": "کتابخانه‌ها", "description": None, "url": None},
    ]
    assert shown["picture"]["alt"] == "A reading room"
    assert (shown["id"], shown["aliases"], shown["replaces"]) == (named, ["Library"], [])
    del shown["legal_notices"]
    for language, is_there in (("fa", True), ("hu", False)):
        page = body(ask(api, f"/v1/{kind.plural}?language={language}"))
        assert (shown in page[kind.plural]) == is_there


def test_a_long_list_of_topics_has_pages(edit: Edit, api: Api) -> None:
    made = {new(edit, names=[{"language": "mt", "name": f"Topic {number}"}]) for number in range(3)}
    for number in range(100):
        new(edit, names=[{"language": "cy", "name": f"Topic {number}"}])
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = body(ask(api, f"/v1/topics?language=mt{f'&cursor={cursor}' if cursor else ''}"))
        found += [each["id"] for each in page["topics"]]
        cursor = page["next_cursor"]
    assert sorted(found) == sorted(made)
    refused = ask(api, "/v1/topics?cursor=AAAA")
    assert (refused["statusCode"], json.loads(refused["body"])["code"]) == (400, "invalid-parameters")


@pytest.mark.parametrize("path", ["/v1/topics/nobody-made-it", "/v1/authors/No%20Id", "/v1/authors/Mira"])
def test_what_nobody_made_is_not_found(api: Api, path: str) -> None:
    answer = ask(api, path)
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "subject-not-found")


# ------------------------------------------------------------------------------------------------ Lists


def test_a_topic_lists_the_articles_that_name_it_and_those_that_have_its_tags(edit: Edit, api: Api) -> None:
    topic = new(edit, aliases=["Lending seeds"])
    by_id = article(edit, topics=[topic], published_at="2025-11-03T08:00:00Z")
    by_tag = article(edit, tags=["lending  Seeds"], published_at="2025-11-02T08:00:00Z")
    both = article(edit, topics=[topic], tags=["lending seeds"], published_at="2025-11-01T08:00:00Z")
    article(edit, tags=["libraries"])
    assert listed(api, f"topic={topic}") == [by_id, by_tag, both]
    assert listed(api, f"topic={topic}&order=published&tag=lending+seeds") == [both, by_tag]
    page = body(ask(api, f"/v1/articles?language=en&topic={topic}"))
    assert [each["topics"] for each in page["articles"]] == [[topic], [], [topic]]
    assert body(ask(api, f"/v1/articles/{by_id}"))["topics"] == [topic]
    changes = list(changed(api))
    assert next(each["topics"] for each in changes if each["id"] == by_id) == [topic]
    following = body(ask(api, f"/v1/articles?language=en&topic={topic}&limit=2"))["next_cursor"]
    assert listed(api, f"topic={topic}&limit=2&cursor={following}") == [both]


def test_an_author_is_tied_by_id_and_by_the_names_in_bylines(edit: Edit, api: Api) -> None:
    mira = new(edit, "authors", names=[{"language": "en", "name": "Mira Halvorsen"}], aliases=["M. Halvorsen"])
    other = new(edit, "authors", names=[{"language": "en", "name": "Mira Halvorsen"}])
    tied = article(edit, byline=[{"name": "Mira Halvorsen", "id": mira}], published_at="2025-11-03T08:00:00Z")
    archived = article(edit, byline=[{"name": "M. Halvorsen"}], published_at="1998-11-02T08:00:00Z")
    namesake = article(edit, byline=[{"name": "Mira Halvorsen", "id": other}], published_at="2025-11-01T08:00:00Z")
    assert listed(api, f"author={mira}") == [tied, archived]
    assert listed(api, f"author={other}") == [namesake]
    assert listed(api, "author=mira+halvorsen") == [tied, namesake]  # by name, as before
    assert body(ask(api, f"/v1/articles/{tied}"))["byline"] == [{"name": "Mira Halvorsen", "url": None, "id": mira}]


def test_a_list_of_more_lists_than_are_read_at_once_is_filtered(edit: Edit, api: Api) -> None:
    topics = [new(edit, aliases=[f"Tag {number} {each}" for each in range(16)]) for number in range(2)]
    by_id = article(edit, topics=topics[:1])
    by_tag = article(edit, tags=["Tag 1 15"])
    assert {*listed(api, f"topic={','.join(topics)}&limit=50")} == {by_id, by_tag}


# ------------------------------------------------------------------------------------------------ Feeds


def test_a_feed_of_a_topic_has_its_name_and_the_articles_of_all_that_it_stands_for(edit: Edit, partners: Api) -> None:
    gone, topic = new(edit), new(edit, **names(en="Seeds", uk="Насіння"), aliases=["Sowing"])
    old = [article(edit, topics=[gone], published_at=f"2025-10-{day:02}T08:00:00Z") for day in range(20, 0, -1)]
    tagged = [article(edit, tags=["sowing"], published_at=f"2025-11-{day:02}T08:00:00Z") for day in range(15, 0, -1)]
    assert edit("POST", f"/topics/{gone}/merge", {"into": topic}, 1)["status"] == 200
    answer = ask(partners, f"/feeds/en.json?topic={topic}&content=summary")
    feed = json.loads(answer["body"])
    ids = [each["id"].rpartition("/")[2] for each in feed["items"]]
    assert ids == (tagged + old)[:30]
    assert feed["title"].endswith(": Seeds")
    assert json.loads(ask(partners, f"/feeds/uk.json?topic={topic}")["body"])["title"].endswith(": Насіння")
    following = json.loads(ask(partners, feed["next_url"].removeprefix("https://content.example.org"))["body"])
    assert [each["id"].rpartition("/")[2] for each in following["items"]] == (tagged + old)[30:]
    assert f"topic:{topic}" in answer["headers"][TAG_HEADER].split(",")
    moved = ask(partners, f"/feeds/en.rss?topic={gone}&notice=always")
    assert (moved["statusCode"], moved["headers"]["location"]) == (308, f"/feeds/en.rss?topic={topic}&notice=always")
    for unknown in ("/feeds/en.rss?topic=nobody-made-it", "/feeds/en.rss?topic=No+Id"):
        assert ask(partners, unknown)["statusCode"] in {400, 404}


def test_a_feed_of_an_author_is_by_id_or_by_name(edit: Edit, partners: Api) -> None:
    author = new(edit, "authors", **names(en="Ada Byron"), aliases=["A. Byron"])
    tied = article(edit, byline=[{"name": "Ada Lovelace", "id": author}], published_at="2025-11-03T08:00:00Z")
    archived = article(edit, byline=[{"name": "A. Byron"}], published_at="2025-11-02T08:00:00Z")
    for query, ids in ((f"author={author}", [tied, archived]), ("author=Ada+Lovelace", [tied])):
        feed = json.loads(ask(partners, f"/feeds/en.json?{query}")["body"])
        assert [each["id"].rpartition("/")[2] for each in feed["items"]] == ids
    assert json.loads(ask(partners, f"/feeds/en.json?author={author}")["body"])["title"].endswith(": Ada Byron")


# ------------------------------------------------------------------------------------------------ Editors


def test_a_renamed_topic_is_one_write_and_is_purged(edit: Edit, api: Api) -> None:
    topic = new(edit)
    named = article(edit, topics=[topic])
    before = edit("GET", f"/articles/{named}")["version"]
    answer = edit("PUT", f"/topics/{topic}", names(en="Seed libraries"), 1)
    assert (answer["status"], answer["version"]) == (200, 2)
    assert body(ask(api, f"/v1/topics/{topic}"))["names"][0]["name"] == "Seed libraries"
    assert edit("GET", f"/articles/{named}")["version"] == before
    assert ask(api, f"/v1/topics/{topic}")["headers"][TAG_HEADER] == f"topic:{topic}"
    stale = edit("PUT", f"/topics/{topic}", names(en="Libraries"), 1)
    assert (stale["status"], stale["code"], stale["current_version"]) == (412, "version-conflict", 2)
    again = edit("PUT", f"/topics/{topic}", names(en="Libraries"), 0)
    assert (again["status"], again["current_version"]) == (412, 2)


def test_json_ld_says_what_an_article_is_about(edit: Edit, api: Api) -> None:
    gone, into = new(edit), new(edit, names=names(en="Seed Libraries", fr="Grainothèques")["names"])
    named = article(edit, topics=[gone])
    assert body(ask(api, f"/v1/articles/{named}?format=jsonld"))["about"][0]["name"] == "Libraries"
    assert edit("POST", f"/topics/{gone}/merge", {"into": into}, 1)["status"] == 200
    answer = ask(api, f"/v1/articles/{named}?format=jsonld")
    (about,) = body(answer)["about"]
    assert (about["@type"], about["identifier"], about["name"]) == ("Thing", into, "Seed Libraries")
    assert about["url"].endswith(f"/v1/topics/{into}")
    assert set(answer["headers"][TAG_HEADER].split(",")) == {f"article:{named}", f"topic:{into}"}
    assert "last-modified" not in answer["headers"]
    assert "about" not in body(ask(api, f"/v1/articles/{article(edit)}?format=jsonld"))


@pytest.mark.parametrize("fault", [StoreUnavailable("silent"), Damaged("a subject")])
def test_json_ld_does_without_topics_that_cannot_be_read(
    edit: Edit, api: Api, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    topic = new(edit)
    named = article(edit, topics=[topic])

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr("content_api.reader_api.subjects.standing", fail)
    answer = ask(api, f"/v1/articles/{named}?format=jsonld")
    assert (answer["statusCode"], "about" in body(answer)) == (200, False)
    assert set(answer["headers"][TAG_HEADER].split(",")) == {f"article:{named}", f"topic:{topic}"}


def test_a_merged_topic_leads_to_the_one_that_stands_for_it(edit: Edit, api: Api) -> None:
    first, second, third = (new(edit, aliases=[f"{number} alias {next(_numbers)}"]) for number in range(3))
    alias = edit("GET", f"/topics/{first}")["subject"]["aliases"][0]
    of_first = article(edit, topics=[first], published_at="2025-11-03T08:00:00Z")
    of_alias = article(edit, tags=[alias], published_at="2025-11-02T08:00:00Z")
    of_third = article(edit, topics=[third], published_at="2025-11-01T08:00:00Z")
    merged = edit("POST", f"/topics/{first}/merge", {"into": second}, 1)
    assert (merged["status"], merged["merged_into"], merged["version"]) == (200, second, 2)
    assert edit("POST", f"/topics/{second}/merge", {"into": third}, 2)["status"] == 200
    for each in (first, second):
        moved = ask(api, f"/v1/topics/{each}?language=en&notice=always")
        assert (moved["statusCode"], moved["headers"]["location"]) == (
            308,
            f"/v1/topics/{third}?language=en&notice=always",
        )
        assert moved["headers"][TAG_HEADER] == f"topic:{each},topic:{third}"
    for each in (first, second, third):
        assert listed(api, f"topic={each}") == [of_first, of_alias, of_third]
    shown = body(ask(api, f"/v1/topics/{third}"))
    assert shown["replaces"] == [second, first]
    ids = [each["id"] for each in body(ask(api, "/v1/topics?language=en"))["topics"]]
    assert first not in ids
    # What the survivor is renamed to, and what is saved from now on, goes by the survivor alone.
    assert edit("PUT", f"/topics/{third}", names(en="All of them"), 2)["status"] == 200
    assert listed(api, f"topic={first}") == [of_first, of_alias, of_third]
    assert edit("GET", f"/articles/{article(edit, topics=[first, third])}")["article"]["topics"] == [third]
    for path, content in ((f"/topics/{first}", names(en="Again")), (f"/topics/{second}", names(en="Again"))):
        refused = edit("PUT", path, content, edit("GET", path)["version"])
        assert (refused["status"], refused["code"]) == (409, "not-possible-now")
        assert third in refused["detail"]


@pytest.mark.parametrize("kind", ["topics", "authors"])
def test_a_merge_that_cannot_be_says_why(edit: Edit, kind: str) -> None:
    first, second = new(edit, kind), new(edit, kind)
    for into, status, said in (
        (first, 409, "itself"),
        ("nobody-made-it", 404, "nobody-made-it"),
        ("No Id", 400, "into"),
        (7, 400, "into"),
    ):
        refused = edit("POST", f"/{kind}/{first}/merge", {"into": into}, 1)
        assert (refused["status"], said in refused["detail"]) == (status, True), refused
    assert edit("POST", f"/{kind}/{first}/merge", {"into": second}, 2)["status"] == 412
    assert edit("POST", f"/{kind}/{first}/merge", {"into": second})["status"] == 428
    assert edit("GET", f"/{kind}/{first}")["merged_into"] is None


def test_a_topic_stands_for_a_bounded_number_of_lists_which_a_request_can_name(edit: Edit, api: Api) -> None:
    aliases = [f"An alias of {number}" for number in range(19)]
    survivor, other = new(edit, aliases=aliases), new(edit, aliases=[f"{each} more" for each in aliases])
    last = new(edit, aliases=aliases[:1])
    named = article(edit, topics=[other])
    assert edit("POST", f"/topics/{other}/merge", {"into": survivor}, 1)["status"] == 200  # 40 lists
    refused = edit("POST", f"/topics/{last}/merge", {"into": survivor}, 1)
    assert (refused["status"], str(MOST_LISTS) in refused["detail"]) == (409, True)
    assert listed(api, f"topic={survivor}&{'&'.join(f'tag=Tag+{number}' for number in range(30))}") == []
    assert listed(api, f"topic={survivor}&section=A&type=article,video&limit=50") == []
    assert listed(api, f"topic={survivor}&order=-updated") == [named]
    answer = ask(api, f"/v1/articles?language=en&topic={survivor},{last}")
    assert (answer["statusCode"], json.loads(answer["body"])["errors"][0]["parameter"]) == (400, "topic")
    wider = {"aliases": [*aliases, "One more"]}
    assert edit("PUT", f"/topics/{survivor}", names(en="Libraries") | wider, 2)["status"] == 409


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"names": []}, "names"),
        (names(en="A", de="B") | {"names": [*names(en="A")["names"], *names(en="B")["names"]]}, "en"),
        ({"names": [{"language": "xx-nope", "name": "A"}]}, "names"),
        (names(en="A") | {"aliases": ["a"] * 21}, "aliases"),
        (names(en="A") | {"id": "another"}, "id"),
        (names(en="A") | {"colour": "red"}, "colour"),
        (names(en="A") | {"picture": PICTURE | {"alt": ""}}, "picture.alt"),
        (names(en="A") | {"picture": {"alt": "A", "media": "0" * 64}}, "renditions"),
        (names(en="A") | {"picture": PICTURE | {"renditions": [PICTURE["renditions"][0]] * 3000}}, "150,000"),
    ],
)
def test_what_a_topic_cannot_be_is_said(edit: Edit, members: dict[str, Any], field: str) -> None:
    refused = edit("PUT", f"/topics/topic-{next(_numbers)}", members, 0)
    assert (refused["status"], refused["code"]) == (400, "invalid-article")
    assert field in refused["detail"]


def test_an_article_cannot_name_what_nobody_made(edit: Edit) -> None:
    topic = new(edit)
    stated = {"language": "en", "headline": "Seeds", "body": [{"type": "paragraph", "html": "Text."}]}
    faulty = stated | {"topics": [topic, "no-topic"], "byline": [{"name": "A"}, {"name": "B", "id": "no-author"}]}
    refused = edit("PUT", f"/articles/en-of-subjects-{next(_numbers)}", faulty, 0)
    assert refused["status"] == 400
    assert [each["field"] for each in refused["errors"]] == ["topics.1", "byline.1.id"]
    assert "PUT /v1/editorial/topics/no-topic" in refused["errors"][0]["detail"]


def test_editors_page_through_topics(edit: Edit) -> None:
    made = [new(edit, "authors") for _ in range(3)]
    found: list[str] = []
    path: str | None = "/authors?limit=2"
    while path:
        page = edit("GET", path)
        found += [each["subject"]["id"] for each in page["subjects"]]
        path = page["next"] and page["next"].removeprefix("/v1/editorial")
    assert {*made} <= {*found}
    assert len(found) == len({*found})


# ------------------------------------------------------------------------------------------------ Damage


def test_what_is_damaged_is_left_out_and_found(edit: Edit, api: Api, stack: Stack) -> None:
    topic, lost = new(edit, names=[{"language": "ga", "name": "A"}]), new(edit)
    gone = new(edit)
    assert edit("POST", f"/topics/{gone}/merge", {"into": lost}, 1)["status"] == 200
    table = clients.dynamodb()
    table.delete_item(TableName=stack.table, Key={"pk": {"S": TOPIC.partition}, "sk": {"S": lost}})
    key: Any = {"pk": {"S": TOPIC.partition}, "sk": {"S": topic}}
    read: Any = table.get_item(TableName=stack.table, Key=key)
    item: Any = read["Item"]
    try:
        table.put_item(TableName=stack.table, Item=item | {"entry": {"S": "{"}, "subject": {"S": "{"}})
        assert body(ask(api, "/v1/topics?language=ga"))["topics"] == []
        table.put_item(TableName=stack.table, Item={name: item[name] for name in ("pk", "sk", "version", "subject")})
        assert ask(api, f"/v1/topics/{topic}")["statusCode"] == 503
        table.put_item(TableName=stack.table, Item=item | {"subject": {"S": "{"}})
        verification = Verification(stack.store(), table, clients.s3(), table=stack.table, bucket=stack.bucket)
        said: dict[str, str] = {}
        for found in (topic, gone):  # whatever else the tests of this table left is not looked at
            before: Any = (TOPIC.partition, found[:-1])
            while found not in said:
                page = verification.page(after=before, limit=1, repair=False)
                said |= {each.id: each.detail for each in page.findings}
                before = page.cursor
        assert "cannot be read" in said[topic]
        assert "is not there" in said[gone]
        assert AUTHOR.partition not in str(said)
    finally:
        table.put_item(TableName=stack.table, Item=item)
        for each in (gone,):
            table.delete_item(TableName=stack.table, Key={"pk": {"S": TOPIC.partition}, "sk": {"S": each}})
    assert ask(api, f"/v1/topics/{gone}")["statusCode"] == 404
