"""Uploaded recordings in articles: what editors must say, what readers get, in whole and in parts, and for how long."""

import base64
import datetime as dt
import itertools
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from content_api.aws import clients
from content_api.content.article import Article
from content_api.content.document import digest
from content_api.http.response import KEPT_FOR_GOOD, NOTHING_KEPT
from content_api.names.cache_tags import TAG_HEADER
from content_store.media import MediaRecords
from content_store.published_recordings import PublishedRecordings
from content_store.verification import Verification
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from imaging.serving import parts, recordings
from simulated_edge.requests import SECRET, ask, body

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type Desk = Callable[..., tuple[int, dict[str, Any]]]

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
AT = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
SOUND = bytes(range(250)) * 4
_numbers = itertools.count(1)


def upload(stack: Stack, media_type: str, name: str, content: bytes, **about: Any) -> str:
    """The id of a file as imaging leaves it behind."""
    content += str(next(_numbers)).encode()
    media_id = sha256(content).hexdigest()
    clients.s3().put_object(
        Bucket=stack.bucket,
        Key=f"media/{media_id}/{name}",
        Body=content,
        ContentType=media_type,
        CacheControl="private, no-store",
        Metadata={"cache-tags": f"media:{media_id}"},
    )
    clients.s3().put_object(Bucket=stack.bucket, Key=f"originals/{media_id}", Body=content)
    stated = {
        "media_type": media_type,
        "bytes": len(content),
        "files": [{"name": name, "bytes": len(content)}],
        **about,
    }
    MediaRecords(clients.dynamodb(), table=stack.table).finish(media_id, stated, at=AT)
    return media_id


@pytest.fixture
def sound(own_stack: Stack) -> str:
    return upload(own_stack, "audio/mpeg", "recording.mp3", SOUND, duration_seconds=61, bitrate=128_000)


@pytest.fixture
def film(own_stack: Stack) -> str:
    return upload(own_stack, "video/mp4", "recording.mp4", SOUND, duration_seconds=9, width=640, height=360)


@pytest.fixture
def captions(own_stack: Stack) -> str:
    return upload(
        own_stack, "text/vtt", "captions.vtt", b"WEBVTT\n\n00:01.000 --> 00:04.000\nHello\n", duration_seconds=4
    )


@pytest.fixture(scope="module")
def desk(own_stack: Stack) -> Desk:
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


@pytest.fixture
def deployed(own_stack: Stack) -> dict[str, str]:
    return {"READER_LOCATION": "developer", "CONTENT_TABLE": own_stack.table, "CONTENT_BUCKET": own_stack.bucket}


@pytest.fixture
def media(serving_media: Callable[..., Api], deployed: dict[str, str]) -> Api:
    return serving_media(**deployed)


@pytest.fixture
def read(reading: Callable[..., Api], deployed: dict[str, str]) -> Api:
    return reading(**deployed)


def published(desk: Desk, *blocks: dict[str, Any]) -> str:
    """The id of an article with these blocks."""
    article_id = f"en-2025-11-20-recorded-{next(_numbers)}"
    text = [{"type": "paragraph", "html": "Listen."}, *blocks]
    stated = {"language": "en", "headline": "Recorded", "status": "published", "body": text}
    status, answer = desk("PUT", f"/v1/editorial/articles/{article_id}", stated, if_none_match="*")
    assert status == 201, answer
    return article_id


def test_readers_get_what_an_uploaded_recording_is(desk: Desk, read: Api, sound: str, film: str, captions: str) -> None:
    audio = {"type": "audio", "title": "The bridge", "media": sound, "transcript": "Hello."}
    video = {"type": "video", "media": film, "captions": [{"media": captions, "language": "en"}]}
    article_id = published(desk, audio, video)
    host = "https://content.example.org"
    _, heard, seen = body(ask(read, f"/v1/articles/{article_id}"))["body"]
    file = {"media_type": "audio/mpeg", "width": None, "height": None}
    assert heard["renditions"] == [{"url": f"{host}/media/{sound}/recording.mp3", **file}]
    assert heard["bytes"] > len(SOUND)
    assert (heard["duration_seconds"], heard["transcript"]) == (61, "Hello.")
    assert [each["url"] for each in seen["renditions"]] == [f"{host}/media/{film}/recording.mp4"]
    assert (seen["width"], seen["height"], seen["duration_seconds"]) == (640, 360, 9)
    assert seen["captions"] == [{"media": captions, "language": "en", "url": f"{host}/media/{captions}/captions.vtt"}]
    # What was read can be sent again, and says the same.
    path = f"/v1/editorial/articles/{article_id}"
    assert desk("PUT", path, desk("GET", path)[1]["article"], if_match='"1"')[0] == 200
    card = next(each for each in body(ask(read, "/v1/articles?language=en"))["articles"] if each["id"] == article_id)
    assert card["recording"] == {
        "type": "audio", "duration_seconds": 61, "bytes": heard["bytes"],
        "url": f"{host}/media/{sound}/recording.mp3", "media_type": "audio/mpeg",
    }  # fmt: skip
    described = json.loads(ask(read, f"/v1/articles/{article_id}?format=jsonld")["body"])
    assert (described["audio"][0]["contentSize"], described["audio"][0]["transcript"]) == (
        str(heard["bytes"]),
        "Hello.",
    )
    assert described["video"][0]["caption"][0]["contentUrl"].endswith(f"{captions}/captions.vtt")


@pytest.mark.parametrize(
    ("block", "field", "said"),
    [
        ({"type": "audio"}, "body.1", "has no file"),
        ({"type": "audio", "media": "{film}"}, "body.1.media", "is a video, and a sound belongs here"),
        ({"type": "video", "media": "{sound}"}, "body.1.media", "is a sound, and a video belongs here"),
        ({"type": "image", "media": "{sound}", "alt": "x"}, "body.1.media", "name it in a block of type audio"),
        ({"type": "audio", "media": "0" * 64}, "body.1.media", "is no sound that was uploaded"),
        ({"type": "audio", "media": "x"}, "body.1.audio.media", ""),
        ({"type": "video", "media": "{film}", "captions": [{"media": "{sound}", "language": "en"}]},
         "body.1.captions.0.media", "a file of captions belongs here"),
        ({"type": "audio", "media": "{sound}", "renditions": [{"url": "https://a.example/a.mp3", "media_type": "x"}]},
         "body.1", "leave renditions out"),
        ({"type": "video", "media": "{film}", "captions": [{"media": "{film}", "language": "en", "url": "https://a.de"}]},
         "body.1.video.captions.0", "leave url out"),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_refused_with_what_to_do(
    desk: Desk, sound: str, film: str, block: dict[str, Any], field: str, said: str
) -> None:
    text = json.dumps(block).replace("{film}", film).replace("{sound}", sound)
    stated = {"language": "en", "headline": "A", "body": [{"type": "paragraph", "html": "A"}, json.loads(text)]}
    path = f"/v1/editorial/articles/en-2025-11-20-refused-{next(_numbers)}"
    status, problem = desk("PUT", path, stated, if_none_match="*")
    assert status == 400, problem
    (error,) = problem["errors"]
    assert error["field"].startswith(field)
    assert said in error["detail"]


def test_one_that_is_not_ready_is_refused(desk: Desk, own_stack: Stack) -> None:
    records = MediaRecords(clients.dynamodb(), table=own_stack.table)
    records.begin("d" * 64, at=AT)
    stated = {"language": "en", "headline": "A", "body": [{"type": "audio", "media": "d" * 64}]}
    status, problem = desk("PUT", "/v1/editorial/articles/en-2025-11-20-early", stated, if_none_match="*")
    assert (status, problem["errors"][0]["field"]) == (400, "body.0.media")
    assert "not ready (processing)" in problem["errors"][0]["detail"]


def _content(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["body"])


def _whole(stack: Stack, media_id: str) -> bytes:
    found = clients.s3().get_object(Bucket=stack.bucket, Key=f"media/{media_id}/recording.mp3")
    return found["Body"].read()


def test_a_small_file_is_given_whole_and_in_the_parts_asked_for(
    desk: Desk, media: Api, sound: str, own_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(desk, {"type": "audio", "media": sound})
    path, whole = f"/media/{sound}/recording.mp3", _whole(own_stack, sound)
    answer = ask(media, path)
    assert (answer["statusCode"], _content(answer)) == (200, whole)
    headers = answer["headers"]
    assert (headers["content-type"], headers["accept-ranges"]) == ("audio/mpeg", "bytes")
    assert (headers[TAG_HEADER], headers["cache-control"]) == (f"media:{sound}", NOTHING_KEPT)
    assert ask(media, path, method="HEAD")["statusCode"] == 200
    half = ask(media, path, range="bytes=10-19", if_range=headers["etag"])
    assert (half["statusCode"], half["headers"]["content-range"]) == (206, f"bytes 10-19/{len(whole)}")
    assert ask(media, path, range="bytes=10-19", if_range='"another"')["statusCode"] == 200
    for no_range in ("bytes=5-2", "bytes=1-2,4-5", "lines=1-2", "bytes=-", "bytes=a-b"):
        assert ask(media, path, range=no_range)["statusCode"] == 200, no_range
    behind = ask(media, path, range="bytes=5000-")
    assert (behind["statusCode"], behind["headers"]["content-range"]) == (416, f"bytes */{len(whole)}")
    monkeypatch.setattr(recordings, "MOST_AT_ONCE", 100)
    refused = ask(media, path)
    assert (refused["statusCode"], body_of(refused)["code"]) == (400, "range-required")
    assert ask(media, path, method="HEAD")["statusCode"] == 200
    first = ask(media, path, range="bytes=0-")
    assert (first["headers"]["content-range"], _content(first)) == (f"bytes 0-99/{len(whole)}", whole[:100])


def body_of(answer: dict[str, Any]) -> dict[str, Any]:
    return json.loads(answer["body"])


_NUMBERS = st.integers(0, 1200)


@given(st.one_of(st.tuples(_NUMBERS, _NUMBERS), st.tuples(_NUMBERS, st.none()), st.tuples(st.none(), _NUMBERS)))
def test_a_part_is_what_the_standard_says(asked: tuple[int | None, int | None]) -> None:
    """RFC 9110, section 14.1.2; S3 itself reads what is handed on."""
    first, last = asked
    stated = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    wanted = recordings._wanted(stated)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the rule itself
    if first is not None and last is not None and last < first:
        assert wanted is None
    elif first is None or last is not None:
        assert wanted == stated
    else:
        assert wanted == f"bytes={first}-{first + recordings.MOST_AT_ONCE - 1}"


def test_only_recordings_of_published_articles_are_played_and_withdrawn_ones_are_gone(
    desk: Desk, media: Api, sound: str, captions: str
) -> None:
    path = f"/media/{sound}/recording.mp3"
    assert ask(media, path)["statusCode"] == 404
    block = {"type": "audio", "media": sound, "captions": [{"media": captions, "language": "en"}]}
    article_id = published(desk, block)
    assert ask(media, path)["statusCode"] == 200
    shown = ask(media, f"/media/{captions}/captions.vtt")
    assert (shown["headers"]["content-type"], _content(shown)[:6]) == ("text/vtt", b"WEBVTT")
    assert ask(media, f"/media/{sound}/recording.ogg")["statusCode"] == 404
    assert ask(media, f"/media/{sound}/original/320.jpg")["statusCode"] == 404
    editorial = f"/v1/editorial/articles/{article_id}"
    assert desk("POST", f"{editorial}/withdraw", {"reason": "Wrong."}, if_match='"1"')[0] == 200
    for each in (path, f"/media/{captions}/captions.vtt"):
        gone = ask(media, each)
        assert (gone["statusCode"], body_of(gone)["code"]) == (410, "recording-withdrawn")
        assert gone["headers"][TAG_HEADER].startswith("media:")


@pytest.mark.parametrize("name", ["x/recording.mp3", "{id}/recording.exe", "{id}/320.avif", "{id}/originals"])
def test_what_is_no_name_of_a_file_is_a_404_without_work(serving_media: Callable[..., Api], name: str) -> None:
    nothing: Any = object()
    api = serving_media(READER_LOCATION="developer", table=nothing, bucket=nothing)
    assert ask(api, f"/media/{name.format(id='8' * 64)}")["statusCode"] == 404


def test_a_device_keeps_a_recording_only_where_no_notice_is_due(
    desk: Desk, serving_media: Callable[..., Api], deployed: dict[str, str], sound: str
) -> None:
    published(desk, {"type": "audio", "media": sound})
    path = f"/media/{sound}/recording.mp3"
    developer = serving_media(**deployed)
    for country, kept in (("US", KEPT_FOR_GOOD), ("RU", NOTHING_KEPT), ("", NOTHING_KEPT)):
        said = ask(developer, path, cloudfront_viewer_country=country, range="bytes=0-9")
        assert (said["statusCode"], said["headers"]["cache-control"]) == (206, kept)
    edge = serving_media(**deployed | {"READER_LOCATION": "edge"}, ORIGIN_SECRET_CURRENT=SECRET)
    assert ask(edge, path)["headers"]["cache-control"] == NOTHING_KEPT


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ClientError({"Error": {"Code": "SlowDown"}}, "GetObject"), 503),
        (ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject"), 404),
        (EndpointConnectionError(endpoint_url="https://s3.example"), 503),
    ],
)
def test_s3_may_fail(
    desk: Desk, media: Api, sound: str, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    published(desk, {"type": "audio", "media": sound})

    class Failing:
        def get_object(self, **_: Any) -> Any:
            raise error

    monkeypatch.setattr(parts, "_s3", Failing)
    assert ask(media, f"/media/{sound}/recording.mp3")["statusCode"] == status


# ---------------------------------------------------------------------------------- what S3 itself gives to the edge


def _is_published(stack: Stack, media_id: str, name: str = "recording.mp3") -> bool:
    listed = clients.s3().list_objects_v2(Bucket=stack.bucket, Prefix=f"published/media/{media_id}/{name}")
    return listed["KeyCount"] > 0


@pytest.fixture(scope="module")
def pump(own_stack: Stack, queues_of_its_own: Callable[[Stack], Stack]) -> Pump:
    return Pump(queues_of_its_own(own_stack))


def test_s3_has_a_recording_for_the_edge_while_a_published_article_has_it(
    desk: Desk, own_stack: Stack, pump: Pump, sound: str
) -> None:
    first = published(desk, {"type": "audio", "media": sound})
    pump.settle()
    kept = clients.s3().head_object(Bucket=own_stack.bucket, Key=f"published/media/{sound}/recording.mp3")
    assert (kept["ContentType"], kept["CacheControl"]) == ("audio/mpeg", "private, no-store")
    assert kept["Metadata"] == {"cache-tags": f"media:{sound}"}
    second = published(desk, {"type": "audio", "media": sound})
    desk("POST", f"/v1/editorial/articles/{first}/withdraw", {"reason": "Wrong."}, if_match='"1"')
    pump.settle()
    assert _is_published(own_stack, sound)
    # The other article drops it.
    text = {"body": [{"type": "paragraph", "html": "Read."}]}
    assert desk("PATCH", f"/v1/editorial/articles/{second}", text, if_match='"1"')[0] == 200
    pump.settle()
    assert not _is_published(own_stack, sound)
    desk("POST", f"/v1/editorial/articles/{first}/reinstate", {}, if_match='"2"')
    pump.settle()
    assert _is_published(own_stack, sound)


def test_whatever_the_order_of_messages_s3_ends_as_the_table_says(
    desk: Desk, own_stack: Stack, sound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = PublishedRecordings(clients.dynamodb(), clients.s3(), table=own_stack.table, bucket=own_stack.bucket)
    files.settle(sound, "recording.mp3")
    assert not _is_published(own_stack, sound)
    article_id = published(desk, {"type": "audio", "media": sound})
    for _ in range(2):
        files.settle(sound, "recording.mp3")
        assert _is_published(own_stack, sound)
        files.withhold(sound, "recording.mp3")
        assert _is_published(own_stack, sound)
    # It is withdrawn while it is copied.
    copy = PublishedRecordings._copy  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the moment in between

    def withdrawn_meanwhile(self: PublishedRecordings, media_id: str, name: str) -> None:
        desk("POST", f"/v1/editorial/articles/{article_id}/withdraw", {"reason": "Wrong."}, if_match='"1"')
        copy(self, media_id, name)

    monkeypatch.setattr(PublishedRecordings, "_copy", withdrawn_meanwhile)
    files.settle(sound, "recording.mp3")
    assert not _is_published(own_stack, sound)


def test_verify_finds_and_mends_what_s3_gives_though_no_article_has_it_or_lacks(
    desk: Desk, own_stack: Stack, sound: str
) -> None:
    published(desk, {"type": "audio", "media": sound})
    verification = Verification(
        own_stack.store(), clients.dynamodb(), clients.s3(), table=own_stack.table, bucket=own_stack.bucket
    )

    def found(*, repair: bool = False) -> list[str]:
        page = verification.page(after=None, limit=5000, repair=repair)
        return [each.detail for each in page.findings if each.id == sound]

    (detail,) = found(repair=True)
    assert "its copy for the edge" in detail
    assert _is_published(own_stack, sound)
    assert found() == []


def test_an_article_from_before_recordings_could_be_uploaded_has_the_hash_that_it_always_had() -> None:
    """An importer that brings the same article again must not make a version of it."""
    file = {"url": "https://m.example.org/a.mp4", "media_type": "video/mp4", "width": None, "height": None}
    block = {"type": "video", "title": None, "duration_seconds": 9, "renditions": [file]}
    article = Article.model_validate({"id": "en-a", "language": "en", "headline": "A", "body": [block]})
    assert digest(article) == "032b488897a9a6f15e79e49724e8b76ff65d685f4ff3b7514b89397526c8184b"


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_feeds_name_the_recording_with_its_size(
    desk: Desk, syndication: Callable[..., Api], deployed: dict[str, str], sound: str, form: str
) -> None:
    published(desk, {"type": "audio", "media": sound})
    api = syndication(**deployed | {"READER_LOCATION": "edge"}, ORIGIN_SECRET_CURRENT=SECRET)
    answer = ask(api, f"/feeds/en.{form}")
    url, size = f"https://content.example.org/media/{sound}/recording.mp3", len(SOUND)
    if form == "json":
        (file,) = [
            each for item in body_of(answer)["items"] for each in item.get("attachments", []) if each["url"] == url
        ]
        assert (file["mime_type"], file["duration_in_seconds"]) == ("audio/mpeg", 61)
        assert file["size_in_bytes"] > size
        return
    named = [each.attrib for each in ET.fromstring(answer["body"]).iter() if url in each.attrib.values()]  # noqa: S314 - our own
    (file,) = [each for each in named if int(each.get("length", 0)) > size]
    assert file["type"] == "audio/mpeg"


def test_a_page_plays_it_with_captions_and_from_this_host_alone(
    desk: Desk, syndication: Callable[..., Api], deployed: dict[str, str], film: str, captions: str
) -> None:
    article_id = published(desk, {"type": "video", "media": film, "captions": [{"media": captions, "language": "en"}]})
    api = syndication(**deployed | {"READER_LOCATION": "edge"}, ORIGIN_SECRET_CURRENT=SECRET)
    answer = ask(api, f"/embed/articles/{article_id}")
    host = "https://content.example.org/media"
    assert f'<source src="{host}/{film}/recording.mp4" type="video/mp4">' in answer["body"]
    assert f'<track kind="captions" src="{host}/{captions}/captions.vtt" srclang="en">' in answer["body"]
    assert "media-src https://content.example.org" in answer["headers"]["content-security-policy"]
