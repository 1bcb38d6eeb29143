"""The files of pictures that readers get: which there are, who makes them, and what a device may keep."""

import base64
import datetime as dt
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
from PIL import Image
from tests.integration.test_every_place import every_place

from content_api.aws import clients
from content_api.content.article import Article
from content_api.http.response import KEPT_FOR_GOOD, NOTHING_KEPT
from content_api.law.places import jurisdiction_of_place
from content_api.names.cache_tags import TAG_HEADER
from content_api.names.media import Crop, Rendition
from content_api.names.object_keys import original_key
from content_store.articles import ArticleStore
from content_store.makers import Makers
from content_store.media import MediaRecords
from gateway import template
from gateway.stack import Stack
from imaging.apart import make_apart
from simulated_edge.cdn import Cdn, Viewer
from simulated_edge.engine import RESPONSE_FUNCTION, edge_function
from simulated_edge.requests import ROUTE_KEYS, SECRET, ask

type Api = Callable[[dict[str, Any]], dict[str, Any]]

AT = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
UNKNOWN = "c3" * 32
FORMATS = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}


@pytest.fixture(scope="module")
def picture(own_stack: Stack) -> str:
    """The id of a picture of 700 × 600 pixels that was uploaded, and of which no file was made yet."""
    content = io.BytesIO()
    Image.effect_noise((700, 600), 60).convert("RGB").save(content, "JPEG")
    media_id = sha256(content.getvalue()).hexdigest()
    clients.s3().put_object(Bucket=own_stack.bucket, Key=original_key(media_id), Body=content.getvalue())
    about = {"width": 700, "height": 600, "placeholder": "LEHV6nWB2yk8pyo0adR*.7kCMdnj"}
    MediaRecords(clients.dynamodb(), table=own_stack.table).finish(media_id, about, at=AT)
    return media_id


def _article(article_id: str, media_id: str) -> Article:
    shown = {"media": media_id, "alt": "Noise", "focal_point": {"x": 0.2, "y": 0.5}}
    body = [{"type": "paragraph", "html": "Noise."}]
    return Article.model_validate(
        {"id": article_id, "language": "en", "headline": "Noise", "body": body, "lead_image": shown}
    )


@pytest.fixture(scope="module")
def own_store(own_stack: Stack, picture: str) -> ArticleStore:
    store = own_stack.store()
    store.save(_article("en-noise", picture), expected_version=0, at=AT)
    return store


@pytest.fixture
def api(own_stack: Stack, own_store: ArticleStore, serving_media: Callable[..., Api]) -> Api:
    assert own_store
    return serving_media(READER_LOCATION="developer", CONTENT_TABLE=own_stack.table, CONTENT_BUCKET=own_stack.bucket)


@pytest.fixture
def makings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Has one entry for each time that a picture was decoded."""
    counted: list[int] = []
    make = make_apart

    def counting(*given: Any, **named: Any) -> Any:
        counted.append(1)
        return make(*given, **named)

    monkeypatch.setattr("imaging.serving.making.make_apart", counting)
    return counted


def test_a_file_is_made_for_the_first_who_asks_and_is_in_s3_from_then_on(
    api: Api, picture: str, makings: list[int], own_stack: Stack
) -> None:
    for crop, width, size in (
        ("original", 640, (640, 549)),
        ("16x9-20-50", 320, (320, 180)),
        ("1x1-20-50", 160, (160,) * 2),
    ):
        before = len(makings)
        for each, kind in FORMATS.items():
            answer = ask(api, f"/media/{picture}/{crop}/{width}.{each}")
            assert answer["statusCode"] == 200, answer
            shown = Image.open(io.BytesIO(base64.b64decode(answer["body"])))
            assert (shown.format, shown.size) == (kind, size)
            assert not shown.getexif()
            assert answer["headers"][TAG_HEADER] == f"media:{picture}"
        assert len(makings) == before + 1  # all formats at once
    kept = clients.s3().head_object(Bucket=own_stack.bucket, Key=f"media/{picture}/1x1-20-50/160.avif")
    assert (kept["ContentType"], kept["CacheControl"]) == ("image/avif", "private, no-store")
    assert kept["Metadata"] == {"cache-tags": f"media:{picture}"}
    head = ask(api, f"/media/{picture}/original/640.avif", method="HEAD")
    assert (head["statusCode"], head["body"], head["headers"]["content-type"]) == (200, "", "image/avif")


def test_twenty_who_ask_at_once_cost_one(api: Api, picture: str, makings: list[int]) -> None:
    together = threading.Barrier(20)

    def asked(_: int) -> int:
        together.wait()
        return ask(api, f"/media/{picture}/original/160.webp")["statusCode"]

    with ThreadPoolExecutor(20) as readers:
        assert set(readers.map(asked, range(20))) == {200}
    assert len(makings) == 1


def test_a_maker_that_ended_early_is_followed_by_another(api: Api, own_stack: Stack, picture: str) -> None:
    makers = Makers(clients.dynamodb(), table=own_stack.table)
    rendition = Rendition(Crop("16x9", 20, 50), 640, "jpg")
    now = dt.datetime.now(dt.UTC)
    assert makers.begin(picture, rendition, at=now - dt.timedelta(seconds=31))
    assert ask(api, f"/media/{picture}/{rendition.name}")["statusCode"] == 200
    assert makers.begin(picture, rendition, at=now)
    assert not makers.begin(picture, rendition, at=now)


@pytest.mark.parametrize(
    "path",
    [
        "x/original/320.avif", "{id}/original/321.avif", "{id}/original/320.gif", "{id}/original/0320.avif",
        "{id}/16x9-50-50/320.avif", "{id}/4x3/320.avif", "{id}/original/320.AVIF", "{id}/original/320",
        "{id}/../320.jpg",
    ],
)  # fmt: skip
def test_what_is_no_name_of_a_file_is_a_404_without_work(
    serving_media: Callable[..., Api], path: str, picture: str
) -> None:
    nothing: Any = object()
    api = serving_media(READER_LOCATION="developer", table=nothing, bucket=nothing)
    assert ask(api, f"/media/{path.format(id=picture)}")["statusCode"] == 404


def test_only_what_an_article_shows_can_be_asked_for(api: Api, picture: str, makings: list[int]) -> None:
    for path in (
        f"{UNKNOWN}/original/320.avif",
        f"{picture}/original/1080.avif",  # larger than the picture
        f"{picture}/16x9-21-50/320.avif",  # another focal point
        f"{picture}/16x9/320.avif",
    ):
        answer = ask(api, f"/media/{path}")
        assert answer["statusCode"] == 404, path
        assert answer["headers"]["cache-control"] == NOTHING_KEPT
    assert not makings


def test_a_picture_of_withdrawn_articles_is_gone_until_another_shows_it(
    api: Api, own_store: ArticleStore, picture: str
) -> None:
    path = f"/media/{picture}/original/320.jpg"
    other = own_store.save(_article("en-noise-again", picture), expected_version=0, at=AT)
    own_store.withdraw("en-noise", expected_version=1, at=AT)
    assert ask(api, path)["statusCode"] == 200
    own_store.withdraw("en-noise-again", expected_version=other, at=AT)
    answer = ask(api, path)
    assert (answer["statusCode"], answer["headers"][TAG_HEADER]) == (410, f"media:{picture}")
    own_store.reinstate("en-noise", expected_version=2, at=AT)
    assert ask(api, path)["statusCode"] == 200


def test_a_device_keeps_a_picture_only_where_no_notice_is_due(
    own_stack: Stack, own_store: ArticleStore, serving_media: Callable[..., Api], picture: str
) -> None:
    assert own_store
    at = {"CONTENT_TABLE": own_stack.table, "CONTENT_BUCKET": own_stack.bucket}
    path = f"/media/{picture}/original/640.jpg"
    edge = serving_media(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, **at)
    # The edge keeps one copy for everybody, and so tells devices itself.
    for place in ("elsewhere", "ru", "unknown"):
        assert ask(edge, path, place)["headers"]["cache-control"] == NOTHING_KEPT
    developer = serving_media(READER_LOCATION="developer", **at)
    for country, region in every_place()[::97]:
        place = jurisdiction_of_place(country, region, in_zone="" if region else None)
        said = ask(
            developer, path, cloudfront_viewer_country=country or "", cloudfront_viewer_country_region=region or ""
        )
        assert said["headers"]["cache-control"] == (KEPT_FOR_GOOD if place == "elsewhere" else NOTHING_KEPT)


def test_the_edge_keeps_one_copy_for_whoever_asks_until_the_picture_is_withdrawn(
    own_stack: Stack, own_store: ArticleStore, serving_media: Callable[..., Api], picture: str
) -> None:
    at = {"CONTENT_TABLE": own_stack.table, "CONTENT_BUCKET": own_stack.bucket}
    api = serving_media(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, **at)
    shown = own_store.save(_article("en-at-the-edge", picture), expected_version=0, at=AT)
    number = own_store.records.current("en-noise").version
    own_store.withdraw("en-noise", expected_version=number, at=AT)
    path = f"/media/{picture}/16x9-20-50/640.avif"
    with edge_function() as requests, edge_function(RESPONSE_FUNCTION) as answers:
        answers.load_store([])
        cdn = Cdn(
            template.load(), requests, lambda asked, _: api(asked), ROUTE_KEYS, {"x-origin-secret": SECRET}, answers
        )
        viewers = [Viewer("RU", None, "8.8.8.8"), Viewer("US", "CA", "8.8.8.8"), Viewer(None, None, "8.8.8.8")]
        told = [cdn.get(path, each, {"utm_source": ["x"]}, {"accept": "image/webp"}) for each in viewers]
        assert [each.status for each in told] == [200, 200, 200]
        assert [each.came_from for each in told] == ["origin", "cache", "cache"]
        kept = [each.headers["cache-control"] for each in told]
        assert kept == ["private, no-store", KEPT_FOR_GOOD, "private, no-store"]
        assert told[0].body.encode("latin-1")[4:12] == b"ftypavif"
        cdn.clock += 364 * 86_400
        own_store.withdraw("en-at-the-edge", expected_version=shown, at=AT)
        assert cdn.get(path, viewers[1]).came_from == "cache"
        cdn.purge(f"media:{picture}")
        assert cdn.get(path, viewers[1]).status == 410
        own_store.reinstate("en-noise", expected_version=number + 1, at=AT)
        assert cdn.get(path, viewers[1]).status == 200
