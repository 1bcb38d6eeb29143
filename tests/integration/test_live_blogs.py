"""Live blogs: editors post, correct, pin and withdraw; readers get the newest, and pages that never change."""

import datetime as dt
import itertools
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import extruct  # pyright: ignore[reportMissingTypeStubs] - it has none
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract import editorial as contract
from typer.testing import CliRunner

from content_api.aws import clients
from content_api.aws.service import StoreUnavailable
from content_api.content.article import Article
from content_api.content.post import Post
from content_api.names.cache_tags import TAG_HEADER
from content_store.live_posts import MOST_PINNED
from content_store.stream import purged_by
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.local import handlers
from gateway.server import Gateway, LambdaContext, serving
from gateway.stack import Stack
from newsdesk.__main__ import app
from simulated_edge.requests import SECRET, ask, body
from thoroughness import examples

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type Edit = Callable[..., dict[str, Any]]

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
AT = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
PARAGRAPH = {"type": "paragraph", "html": "The river is at four metres."}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def edit(stack: Stack) -> Edit:
    handler = stack.functions["PublishingFunction"].load()

    def asked(method: str, path: str, content: Any = None, version: int | None = None, key: str = "") -> dict[str, Any]:
        headers = {"content-type": "application/json", "host": "desk.example.org"}
        if key:
            headers["idempotency-key"] = key
        if version is not None:
            headers |= {"if-match": f'"{version}"'} if version else {"if-none-match": "*"}
        sent = b"" if content is None else json.dumps(content).encode()
        made = event(method, f"/v1/editorial{path}", headers, route_keys=ROUTES, body=sent, principal=LOCAL_EDITOR)
        answer = handler(made, LambdaContext())
        contract.check(made["routeKey"], answer)
        return {"status": answer["statusCode"], "headers": answer["headers"], **json.loads(answer["body"])}

    return asked


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


@pytest.fixture
def blog(edit: Edit) -> str:
    article_id = f"en-2025-11-20-the-flood-{next(_numbers)}"
    stated = {"language": "en", "headline": "The flood", "status": "published", "type": "live", "body": [PARAGRAPH]}
    assert edit("PUT", f"/articles/{article_id}", stated, 0)["status"] == 201
    return article_id


def add(edit: Edit, blog: str, **members: Any) -> int:
    made = edit("POST", f"/articles/{blog}/posts", {"body": [PARAGRAPH], **members})
    assert made["status"] == 201, made
    return made["number"]


def numbers(posts: list[dict[str, Any]]) -> list[int]:
    return [each["number"] for each in posts]


def test_readers_get_the_newest_posts_and_what_stands_out(edit: Edit, api: Api, blog: str) -> None:
    assert body(ask(api, f"/v1/articles/{blog}/posts"))["count"] == 0
    add(edit, blog, headline="The dam holds", is_key_event=True, at="2025-11-20T08:00:00Z")
    add(edit, blog, is_pinned=True, byline=[{"name": "Mira Halvorsen"}])
    add(edit, blog)
    shown = body(ask(api, f"/v1/articles/{blog}/posts", "ru"))
    assert shown["legal_notices"]
    assert (shown["count"], numbers(shown["posts"]), numbers(shown["pinned"])) == (3, [3, 2, 1], [2])
    assert shown["key_events"] == [{"number": 1, "at": "2025-11-20T08:00:00Z", "headline": "The dam holds"}]
    assert shown["older"] is None
    assert shown["posts"][0]["body"] == [PARAGRAPH]
    assert numbers(body(ask(api, f"/v1/articles/{blog}/posts?after=2"))["posts"]) == [3]
    assert ask(api, f"/v1/articles/{blog}/posts?after=x")["statusCode"] == 400


def test_a_corrected_post_has_a_new_version_and_a_withdrawn_one_its_number(edit: Edit, api: Api, blog: str) -> None:
    first, second = add(edit, blog), add(edit, blog, is_pinned=True)
    path = f"/articles/{blog}/posts/{first}"
    before = edit("GET", path)
    assert (before["version"], before["headers"]["etag"]) == (1, '"1"')
    text = {"body": [{"type": "paragraph", "html": "Five <script>x</script>metres."}]}
    changed = edit("PUT", path, text, 1)
    assert (changed["version"], changed["removed"]) == (2, [{"field": "body.0.html", "removed": ["script"]}])
    assert edit("PUT", path, text, 1)["status"] == 412
    shown = body(ask(api, f"/v1/articles/{blog}/posts"))
    post = next(each for each in shown["posts"] if each["number"] == first)
    assert (post["version"], post["at"]) == (2, before["post"]["at"])
    assert post["updated_at"]
    assert edit("DELETE", f"/articles/{blog}/posts/{second}", None, 1)["version"] == 2
    shown = body(ask(api, f"/v1/articles/{blog}/posts"))
    assert (numbers(shown["posts"]), shown["withdrawn"], shown["pinned"], shown["count"]) == ([first], [second], [], 2)
    # It comes back by a correction.
    assert edit("PUT", f"/articles/{blog}/posts/{second}", text, 2)["version"] == 3
    assert numbers(body(ask(api, f"/v1/articles/{blog}/posts"))["posts"]) == [second, first]
    listed = edit("GET", f"/articles/{blog}/posts?limit=1")
    assert (numbers(listed["posts"]), edit("GET", listed["next"].removeprefix("/v1/editorial"))["next"]) == ([2], None)


@pytest.mark.parametrize(
    ("post", "said"),
    [
        ({}, "is missing"),
        ({"body": []}, "needs at least one entry"),
        ({"body": [PARAGRAPH], "is_key_event": True}, "key event without a headline"),
        ({"body": [{"type": "image", "media": "5" * 64, "alt": "A"}]}, "names media, which only articles do"),
        ({"body": [PARAGRAPH] * 1500}, "split it in two posts"),
        ({"body": [PARAGRAPH], "extra": 1}, "is unknown here"),
    ],
)
def test_what_is_no_post_is_refused(edit: Edit, blog: str, post: dict[str, Any], said: str) -> None:
    refused = edit("POST", f"/articles/{blog}/posts", post)
    assert refused["status"] == 400
    assert said in json.dumps(refused["errors"])


def test_only_a_live_blog_that_stands_takes_posts(edit: Edit, api: Api, blog: str) -> None:
    other = f"en-2025-11-20-no-blog-{next(_numbers)}"
    stated = {"language": "en", "headline": "A", "status": "published", "body": [PARAGRAPH]}
    edit("PUT", f"/articles/{other}", stated, 0)
    refused = edit("POST", f"/articles/{other}/posts", {"body": [PARAGRAPH]})
    assert (refused["status"], "make its type live" in refused["detail"]) == (409, True)
    assert edit("POST", "/articles/en-nothing/posts", {"body": [PARAGRAPH]})["status"] == 404
    number = add(edit, blog)
    assert edit("GET", f"/articles/{blog}/posts/99")["code"] == "posts-not-found"
    edit("POST", f"/articles/{blog}/withdraw", {"reason": "Wrong."}, 1)
    for path in (f"/v1/articles/{blog}/posts", f"/v1/articles/{blog}/posts/1"):
        gone = ask(api, path)
        assert (gone["statusCode"], f"article:{blog}" in gone["headers"][TAG_HEADER]) == (410, True)
    assert edit("POST", f"/articles/{blog}/posts", {"body": [PARAGRAPH]})["status"] == 409
    assert edit("PUT", f"/articles/{blog}/posts/{number}", {"body": [PARAGRAPH]}, 1)["status"] == 409
    assert ask(api, "/v1/articles/en-nothing/posts")["statusCode"] == 404


def test_no_more_is_pinned_than_readers_are_shown(edit: Edit, blog: str) -> None:
    for _ in range(MOST_PINNED):
        add(edit, blog, is_pinned=True)
    refused = edit("POST", f"/articles/{blog}/posts", {"body": [PARAGRAPH], "is_pinned": True})
    assert (refused["status"], "unpin one of" in refused["detail"]) == (409, True)


def test_a_post_that_is_sent_twice_is_added_once(edit: Edit, blog: str) -> None:
    made = [edit("POST", f"/articles/{blog}/posts", {"body": [PARAGRAPH]}, key=f"post-{blog}") for _ in range(2)]
    assert [each["number"] for each in made] == [1, 1]


def test_editors_who_post_at_once_get_different_numbers(stack: Stack, blog: str) -> None:
    store = stack.store()
    post = Post.model_validate({"body": [PARAGRAPH], "at": AT})
    with ThreadPoolExecutor(4) as editors:
        made = [editors.submit(store.posts.add, blog, post, by="x", at=AT) for _ in range(4)]
        assert sorted(each.result() for each in made) == [1, 2, 3, 4]


@pytest.mark.sampled
@settings(max_examples=examples(4, 30))
@given(count=st.sampled_from([0, 1, 19, 20, 21, 39, 40, 41, 60, 67]), changed=st.data())
def test_every_post_is_read_once_and_a_full_page_never_changes(
    stack: Stack, api: Api, count: int, changed: st.DataObject
) -> None:
    store = stack.store()
    blog = f"en-of-pages-{next(_numbers)}"
    text = {"id": blog, "language": "en", "headline": "A", "type": "live", "status": "published"}
    store.save(Article.model_validate(text | {"body": [PARAGRAPH], "published_at": AT}), expected_version=0, at=AT)
    post = Post.model_validate({"body": [PARAGRAPH], "at": AT})
    full: dict[str, bytes] = {}

    def walked() -> list[int]:
        page = body(ask(api, f"/v1/articles/{blog}/posts"))
        found = numbers(page["posts"])
        assert page["count"] < 20 or len(found) + len(page["withdrawn"]) >= 20
        while page["older"]:
            answer = ask(api, page["older"])
            assert full.setdefault(page["older"], answer["body"]) == answer["body"]
            page = body(answer)
            found += numbers(page["posts"])
        return found

    for number in range(1, count + 1):
        assert store.posts.add(blog, post, by="x", at=AT) == number
        if number % 7 == 0:
            assert walked() == [*range(number, 0, -1)]
    assert walked() == [*range(count, 0, -1)]
    for beyond in (count // 20 + 1, "0", "x", "01", "123456"):
        assert ask(api, f"/v1/articles/{blog}/posts/{beyond}")["statusCode"] == 404
    if count:
        one = changed.draw(st.integers(1, count))
        store.posts.replace(blog, one, None, expected_version=1, by="x", at=AT)
        full.clear()
        assert walked() == [each for each in range(count, 0, -1) if each != one]


def test_what_the_edge_has_is_purged_by_what_changed(stack: Stack, api: Api, blog: str) -> None:
    for _ in range(40):
        stack.store().posts.add(blog, Post.model_validate({"body": [PARAGRAPH], "at": AT}), by="x", at=AT)
    head, page = ask(api, f"/v1/articles/{blog}/posts"), ask(api, f"/v1/articles/{blog}/posts/1")
    assert head["headers"][TAG_HEADER] == f"article:{blog},live:{blog}"
    assert page["headers"][TAG_HEADER] == f"article:{blog},posts:{blog}:1"
    keys = {"pk": {"S": f"POSTS#{blog}"}, "sk": {"S": "000020"}}
    image = {**keys, "version": {"N": "1"}}
    change = {"Keys": keys, "OldImage": image, "NewImage": image | {"version": {"N": "2"}}}
    assert purged_by({"eventName": "MODIFY", "dynamodb": change}) == {f"live:{blog}", f"posts:{blog}:1"}
    new = {"Keys": keys | {"sk": {"S": "000041"}}, "NewImage": image}
    assert purged_by({"eventName": "INSERT", "dynamodb": new}) == {f"live:{blog}"}
    last = {"Keys": keys | {"sk": {"S": "LAST"}}, "NewImage": image}
    assert not purged_by({"eventName": "INSERT", "dynamodb": last})


def test_every_version_of_a_post_is_kept(stack: Stack, edit: Edit, blog: str) -> None:
    number = add(edit, blog)
    edit("DELETE", f"/articles/{blog}/posts/{number}", None, 1)
    listed = clients.s3().list_objects_v2(Bucket=stack.bucket, Prefix=f"posts/{blog}/000001/").get("Contents", [])
    kept = [
        json.loads(clients.s3().get_object(Bucket=stack.bucket, Key=each.get("Key", ""))["Body"].read())
        for each in listed
    ]
    assert [(each["version"], each["action"], each["post"] is None) for each in kept] == [
        (1, "add", False), (2, "withdraw", True),
    ]  # fmt: skip


def test_an_embed_and_json_ld_show_the_posts(edit: Edit, api: Api, syndication: Callable[..., Api], blog: str) -> None:
    add(edit, blog, headline="The dam <holds>", is_pinned=True)
    add(edit, blog, body=[{"type": "image", "alt": "A", "renditions": [
        {"url": "https://i.example.org/a.jpg", "media_type": "image/jpeg"}]}])  # fmt: skip
    page = ask(syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET), f"/embed/articles/{blog}", "ru")
    text = page["body"]
    notice, first, second = (text.index(each) for each in ("data-legal-notice", 'id="post-1"', 'id="post-2"'))
    assert notice < first < second  # the pinned one first
    assert "The dam &lt;holds&gt;" in text
    assert "img-src https://i.example.org" in page["headers"]["content-security-policy"]
    assert page["headers"][TAG_HEADER] == f"article:{blog},live:{blog}"
    answer = ask(api, f"/v1/articles/{blog}?format=jsonld")
    assert f"live:{blog}" in answer["headers"][TAG_HEADER]
    described = json.loads(answer["body"])
    assert (described["@type"], len(described["liveBlogUpdate"])) == ("LiveBlogPosting", 2)
    assert described["liveBlogUpdate"][1]["headline"] == "The dam <holds>"
    html = f'<html><script type="application/ld+json">{answer["body"]}</script></html>'
    (read,) = extruct.extract(html, syntaxes=["json-ld"])["json-ld"]
    assert read["liveBlogUpdate"][0]["@type"] == "BlogPosting"


def test_where_the_table_does_not_answer_it_is_a_503(reading: Callable[..., Api], blog: str) -> None:
    class Down:
        def get_item(self, *_: Any) -> Any:
            item = {"status": {"S": "published"}, "version": {"N": "1"}, "language": {"S": "en"}}
            return item | {"modified": {"S": "Thu, 20 Nov 2025 12:00:00 GMT"}, "document": {"B": b""}}

        def query(self, *_: Any, **__: Any) -> Any:
            raise StoreUnavailable("throttled")

    down: Any = Down()
    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, table=down)
    for path in (f"/v1/articles/{blog}/posts", f"/v1/articles/{blog}/posts/1"):
        assert ask(api, path)["statusCode"] == 503


def test_the_newsdesks_command_posts(stack: Stack, blog: str, tmp_path: Path) -> None:
    with serving(Gateway(handlers(stack))) as address:
        runner = CliRunner(env={"CONTENT_API_URL": address, "COLUMNS": "200"})

        def good(*words: str, given: str = "") -> str:
            result = runner.invoke(app, ["posts", *words], input=given)
            assert result.exit_code == 0, result.output
            return result.stdout

        assert good("add", blog, "Four metres.\n\nAnd rising.", "--headline", "Higher", "--key-event") == (
            f"post 1 of {blog} is at version 1\n"
        )
        assert "post 2" in good("add", blog, "-", given="From a pipe.")
        assert "version 2" in good("correct", blog, "1", "--pin")
        whole = tmp_path / "post.json"
        whole.write_text(json.dumps({"body": [PARAGRAPH]}))
        assert "post 3" in good("add", blog, "--post", str(whole))
        assert good("withdraw", blog, "3") == f"post 3 of {blog} is withdrawn\n"
        lines = good("list", blog).splitlines()
        assert [line.split()[0] for line in lines] == ["3", "2", "1"]
        assert lines[0].endswith("withdrawn")
        assert "key pinned Higher" in lines[2]
        assert runner.invoke(app, ["posts", "add", blog, " "]).exit_code == 2
