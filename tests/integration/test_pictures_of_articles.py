"""Articles that name uploaded pictures: what editors must say of them, and what readers get."""

import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.names.keys import used_key
from content_store.articles import ArticleStore
from content_store.media import MediaRecords
from content_store.verification import Verification
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.server import LambdaContext
from gateway.stack import Stack
from simulated_edge.requests import ask, body

type Ask = Callable[..., tuple[int, dict[str, Any]]]
type Read = Callable[[str], dict[str, Any]]

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
AT = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
WAITING = "b3" * 32
KNOWN: dict[str, Any] = {"width": 2000, "height": 1500, "placeholder": "LEHV6nWB2yk8pyo0adR*.7kCMdnj", "files": []}
FOREIGN: dict[str, Any] = {"renditions": [{"url": "https://i.example/a.jpg", "media_type": "image/jpeg"}]}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def desk(own_stack: Stack) -> Ask:
    """Status and body of the editorial API's answer."""
    handler = own_stack.functions["PublishingFunction"].load()

    def asked(method: str, path: str, stated: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        sent = {"content-type": "application/json", "host": "desk.example.org"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if stated is None else json.dumps(stated).encode()
        answer = handler(
            event(method, path, sent, route_keys=ROUTES, body=content, principal=LOCAL_EDITOR), LambdaContext()
        )
        return answer["statusCode"], json.loads(answer["body"])

    return asked


@pytest.fixture(scope="module")
def records(own_stack: Stack) -> MediaRecords:
    return MediaRecords(clients.dynamodb(), table=own_stack.table)


@pytest.fixture
def picture(records: MediaRecords) -> str:
    """The id of a picture that was uploaded, and that no other test has."""
    media_id = f"{next(_numbers):064x}"
    records.finish(media_id, KNOWN, at=AT)
    return media_id


@pytest.fixture
def own_store(own_stack: Stack) -> ArticleStore:
    return own_stack.store()


@pytest.fixture
def read(own_stack: Stack, reading: Callable[..., Any]) -> Read:
    api = reading(READER_LOCATION="developer", CONTENT_TABLE=own_stack.table, CONTENT_BUCKET=own_stack.bucket)
    return lambda target: ask(api, target, cloudfront_viewer_country="US")


def article(**members: Any) -> dict[str, Any]:
    text = [{"type": "paragraph", "html": "The bridge opened."}]
    return {"language": "en", "headline": "A Bridge Opens", "status": "published", "body": text, **members}


def path() -> str:
    return f"/v1/editorial/articles/en-2025-11-20-picture-{next(_numbers)}"


def at_fault(answer: tuple[int, dict[str, Any]]) -> list[str]:
    status, problem = answer
    assert status == 400, problem
    return [each["field"] for each in problem["errors"]]


def test_an_article_names_a_picture_and_readers_get_its_files_with_our_own_host(
    desk: Ask, read: Read, picture: str
) -> None:
    at = path()
    named = {"media": picture, "alt": "The bridge", "focal_point": {"x": 0.3, "y": 0.7}, "credit": "Mira Lindqvist"}
    assert desk("PUT", at, article(lead_image=named), if_none_match="*")[0] == 201
    public = at.replace("/editorial", "")
    shown = body(read(public))["lead_image"]
    assert {name: shown[name] for name in ("media", "alt", "credit", "width", "height", "placeholder")} == {
        "media": picture, "alt": "The bridge", "credit": "Mira Lindqvist",
        "width": 2000, "height": 1500, "placeholder": KNOWN["placeholder"],
    }  # fmt: skip
    host = "https://content.example.org"
    addresses = [each["url"] for each in shown["renditions"]]
    assert addresses[0] == f"{host}/media/{picture}/original/160.avif"
    assert f"{host}/media/{picture}/16x9-30-70/1600.jpg" in addresses
    assert all(each.startswith(f"{host}/media/{picture}/") for each in addresses)
    # What was read can be sent again, and says the same.
    status, found = desk("GET", at)
    assert (status, found["article"]["lead_image"]["renditions"]) == (200, [])
    assert desk("PUT", at, found["article"], if_match='"1"')[0] == 200
    listed = body(read("/v1/articles?language=en"))["articles"]
    card = next(each for each in listed if each["id"] == public.rpartition("/")[2])
    assert {each["url"].partition(picture)[0] for each in card["lead_image"]["renditions"]} == {f"{host}/media/"}
    described = json.loads(read(f"{public}?format=jsonld")["body"])
    assert next(each["url"] for each in described["image"]) == f"{host}/media/{picture}/original/1600.jpg"


@pytest.mark.parametrize("asked", ["body=html", "fields=html", "format=jsonld"])
def test_uploaded_pictures_have_our_host_in_each_form_of_an_article(
    desk: Ask, read: Read, picture: str, asked: str
) -> None:
    shown = {"media": picture, "alt": "The bridge"}
    film = {"type": "video", "renditions": [{"url": "https://v.example/a.mp4", "media_type": "video/mp4"}]}
    at = path()
    stated = article(lead_image=shown, body=[{"type": "image", **shown}, {**film, "poster": shown}])
    assert desk("PUT", at, stated, if_none_match="*")[0] == 201
    answer = read(f"{at.replace('/editorial', '')}?{asked}")["body"]
    named = answer.count(f"/media/{picture}/")
    assert named > 2
    assert answer.count(f"https://content.example.org/media/{picture}/") == named


def _named_at(field: str, picture: dict[str, Any]) -> dict[str, Any]:
    """The members of an article that names a picture in one place."""
    match field:
        case "lead_image":
            return {field: picture}
        case "images.0":
            return {"images": [picture]}
        case "body.0":
            return {"body": [{"type": "image", **picture}]}
        case _:
            return {"body": [{"type": "video", "renditions": FOREIGN["renditions"], "poster": picture}]}


@pytest.mark.parametrize("field", ["lead_image", "images.0", "body.0", "body.0.poster"])
def test_a_picture_that_nobody_uploaded_is_a_400_wherever_it_is_named(
    desk: Ask, records: MediaRecords, field: str
) -> None:
    records.announce(WAITING, "a.jpg", by="an editor", at=AT)
    for media in ("f" * 64, WAITING):
        stated = article(**_named_at(field, {"media": media, "alt": "A"}), status="draft")
        assert at_fault(desk("PUT", path(), stated, if_none_match="*")) == [f"{field}.media"]


@pytest.mark.parametrize("kind", ["uploaded", "foreign"])
def test_nothing_is_published_that_nobody_has_described(desk: Ask, picture: str, kind: str) -> None:
    named: dict[str, Any] = {"media": picture} if kind == "uploaded" else FOREIGN
    at = path()
    assert at_fault(desk("PUT", at, article(lead_image=named), if_none_match="*")) == ["lead_image.alt"]
    assert at_fault(desk("PUT", at, article(lead_image=named | {"alt": " "}), if_none_match="*")) == ["lead_image.alt"]
    assert desk("PUT", at, article(lead_image=named, status="draft"), if_none_match="*")[0] == 201
    assert at_fault(desk("POST", f"{at}/publish", if_match='"1"')) == ["lead_image.alt"]
    later = {"publish_at": "2999-01-01T00:00:00Z"}
    assert at_fault(desk("PUT", f"{at}/schedule", later, if_match='"1"')) == ["lead_image.alt"]
    assert desk("PATCH", at, {"lead_image": {"decorative": True}}, if_match='"1"')[0] == 200
    assert desk("POST", f"{at}/publish", if_match='"2"')[0] == 200
    # Of what is published, no description is taken away.
    taken_away = {"lead_image": {"decorative": False}}
    assert at_fault(desk("PATCH", at, taken_away, if_match='"3"')) == ["lead_image.alt"]


def test_an_imported_article_is_mended_without_describing_its_pictures(desk: Ask, own_store: ArticleStore) -> None:
    at = path()
    imported = Article.model_validate(article(id=at.rpartition("/")[2], lead_image=FOREIGN))
    own_store.save(imported, expected_version=0, at=AT)
    assert desk("PATCH", at, {"headline": "A Bridge"}, if_match='"1"')[0] == 200
    other = {"renditions": [{"url": "https://i.example/b.jpg", "media_type": "image/jpeg"}]}
    assert at_fault(desk("PATCH", at, {"images": [FOREIGN, other]}, if_match='"2"')) == ["images.1.alt"]


def test_who_shows_a_picture_is_written_with_the_article(
    desk: Ask, own_stack: Stack, own_store: ArticleStore, picture: str
) -> None:
    at = path()
    article_id = at.rpartition("/")[2]

    def use() -> Any:
        return _item(own_stack, used_key(picture, article_id))

    named = {"media": picture, "alt": "The bridge"}
    assert desk("PUT", at, article(lead_image=named, status="draft"), if_none_match="*")[0] == 201
    assert use() is None
    assert desk("POST", f"{at}/publish", if_match='"1"')[0] == 200
    assert use()["files"]["S"] == "original/1600 16x9/1600 1x1/1080"
    assert desk("PATCH", at, {"lead_image": None}, if_match='"2"')[0] == 200
    assert use()["is_gone"] == {"BOOL": True}
    assert desk("PATCH", at, {"images": [named]}, if_match='"3"')[0] == 200
    assert "is_gone" not in use()
    assert desk("POST", f"{at}/withdraw", {"reason": "A person is to be seen."}, if_match='"4"')[0] == 200
    assert use()["is_gone"] == {"BOOL": True}
    assert desk("POST", f"{at}/reinstate", if_match='"5"')[0] == 200
    assert "is_gone" not in use()
    assert list(_findings(own_stack, own_store, article_id)) == []


def test_verify_finds_a_use_that_is_missing_or_that_should_not_be(
    desk: Ask, own_stack: Stack, own_store: ArticleStore, picture: str
) -> None:
    at = path()
    article_id = at.rpartition("/")[2]
    desk("PUT", at, article(images=[{"media": picture, "alt": "The bridge"}]), if_none_match="*")
    dynamodb = clients.dynamodb()
    key: Any = {name: {"S": value} for name, value in used_key(picture, article_id).items()}
    dynamodb.delete_item(TableName=own_stack.table, Key=key)
    other: Any = {name: {"S": value} for name, value in used_key("e" * 64, article_id).items()}
    dynamodb.put_item(TableName=own_stack.table, Item=other | {"files": {"S": "original/320"}})
    found = {each.detail for each in _findings(own_stack, own_store, article_id, repair=True)}
    assert found == {
        f"USED#{picture} {article_id} is missing",
        f"USED#{'e' * 64} {article_id} says that it is shown, and it is not",
    }
    assert list(_findings(own_stack, own_store, article_id)) == []


def test_more_pictures_than_a_transaction_has_room_for_are_refused(desk: Ask, records: MediaRecords) -> None:
    ids = [f"{1000 + number:064x}" for number in range(90)]
    for media_id in ids:
        records.finish(media_id, KNOWN, at=AT)
    at = path()
    many = [{"media": each, "alt": "A"} for each in ids]
    assert at_fault(desk("PUT", at, article(images=many), if_none_match="*")) == ["body"]
    assert desk("PUT", at, article(images=many[:70]), if_none_match="*")[0] == 201


def _item(made: Stack, key: dict[str, str]) -> Any:
    typed: Any = {name: {"S": value} for name, value in key.items()}
    return clients.dynamodb().get_item(TableName=made.table, Key=typed).get("Item")


def _findings(made: Stack, store: ArticleStore, article_id: str, *, repair: bool = False) -> Iterator[Any]:
    verification = Verification(store, clients.dynamodb(), clients.s3(), table=made.table, bucket=made.bucket)
    found = verification.page(after=None, limit=1000, repair=repair)
    yield from (each for each in found.findings if each.id == article_id and "copy for readers" not in each.detail)
