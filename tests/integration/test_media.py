"""The way of a picture, a recording or captions from an editor's folder to the files that readers get: announced,
uploaded, ready or rejected.
"""

import base64
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3
from PIL import Image
from tests.unit.imaging.files import SECRET, as_file, drawn, exif_of
from tests.unit.imaging.sounds import recorded
from typer.testing import CliRunner

from content_api.aws import clients
from content_api.names.media import MEDIA_TYPES
from content_store.media import MediaRecords
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.local import handlers
from gateway.pump import Pump
from gateway.server import Gateway, LambdaContext, serving
from gateway.stack import Stack
from imaging.intake import Intake, Uploaded
from newsdesk.__main__ import app

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
PHOTOGRAPH = as_file("jpeg", drawn(900, 600), exif=exif_of())
ID = sha256(PHOTOGRAPH).hexdigest()
AT = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)

type Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def pump(own_stack: Stack) -> Pump:
    return Pump(own_stack)


@pytest.fixture(scope="module")
def ask(own_stack: Stack) -> Ask:
    """Status and body of the editorial API's answer."""
    handler = own_stack.functions["PublishingFunction"].load()

    def asked(method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        stated = {"content-type": "application/json", "host": "desk.example.org"}
        content = b"" if body is None else json.dumps(body).encode()
        answer = handler(
            event(method, path, stated, route_keys=ROUTES, body=content, principal=LOCAL_EDITOR), LambdaContext()
        )
        return answer["statusCode"], json.loads(answer["body"])

    return asked


@pytest.fixture
def records(own_stack: Stack) -> MediaRecords:
    return MediaRecords(clients.dynamodb(), table=own_stack.table)


@pytest.fixture
def intake(own_stack: Stack, records: MediaRecords) -> Intake:
    return Intake(records, clients.s3(), bucket=own_stack.bucket)


def announced(content: bytes, **members: Any) -> dict[str, Any]:
    digest = sha256(content).hexdigest()
    return {"file_name": "a.jpg", "media_type": "image/jpeg", "bytes": len(content), "sha256": digest, **members}


def put(upload: dict[str, Any], content: bytes) -> int:
    return urllib3.request("PUT", upload["url"], body=content, headers=upload["headers"]).status


def keys(stack: Stack, prefix: str) -> set[str]:
    listed = clients.s3().list_objects_v2(Bucket=stack.bucket, Prefix=prefix)
    return {each.get("Key", "") for each in listed.get("Contents", [])}


def test_a_picture_is_announced_uploaded_and_ready(ask: Ask, pump: Pump, own_stack: Stack) -> None:
    status, made = ask("POST", "/v1/editorial/media", announced(PHOTOGRAPH, file_name="Bridge.JPG"))
    assert (status, made["id"], made["state"]) == (201, ID, "awaiting_upload")
    assert ask("GET", f"/v1/editorial/media/{ID}")[1]["state"] == "awaiting_upload"
    assert put(made["upload"], PHOTOGRAPH) == 200
    pump.turn()
    status, found = ask("GET", f"/v1/editorial/media/{ID}")
    assert (status, found["state"], found["file_name"], found["by"]) == (200, "ready", "Bridge.JPG", LOCAL_EDITOR)
    assert (found["media_type"], found["bytes"]) == ("image/jpeg", len(PHOTOGRAPH))
    assert (found["width"], found["height"], len(found["placeholder"])) == (900, 600, 28)
    assert [(each["width"], each["height"]) for each in found["files"]] == [(320, 213)] * 3 + [(640, 427)] * 3
    # What is made lies under its name, as readers get it; the original stays as it was, apart.
    names = {f"media/{ID}/original/{width}.{kind}" for width in (320, 640) for kind in MEDIA_TYPES}
    assert keys(own_stack, f"media/{ID}/") == names
    s3 = clients.s3()
    for name in names:
        served = s3.get_object(Bucket=own_stack.bucket, Key=name)
        content = served["Body"].read()
        assert served["ContentType"] == MEDIA_TYPES[name.rpartition(".")[2]]
        assert served["CacheControl"] == "private, no-store"
        assert SECRET not in content
        assert Image.open(io.BytesIO(content)).size in {(320, 213), (640, 427)}
    original = s3.get_object(Bucket=own_stack.bucket, Key=f"originals/{ID}")["Body"].read()
    assert original == PHOTOGRAPH


@pytest.mark.parametrize("media_type", ["audio/mpeg", "video/mp4", "text/vtt"])
def test_a_recording_is_announced_uploaded_and_ready(media_type: str, ask: Ask, pump: Pump, own_stack: Stack) -> None:
    captions = b"WEBVTT - by Anna\n\n00:01.000 --> 00:04.000\nGood evening.\n"
    content = captions if media_type == "text/vtt" else recorded(media_type)
    status, made = ask("POST", "/v1/editorial/media", announced(content, media_type=media_type, file_name="News.mp3"))
    assert (status, made["state"]) == (201, "awaiting_upload")
    assert put(made["upload"], content) == 200
    pump.turn()
    found = ask("GET", f"/v1/editorial/media/{made['id']}")[1]
    assert (found["state"], found["media_type"], found["bytes"]) == ("ready", media_type, len(content))
    assert found["duration_seconds"] == (4 if media_type == "text/vtt" else 1)
    (file,) = found["files"]
    served = clients.s3().get_object(Bucket=own_stack.bucket, Key=f"media/{made['id']}/{file['name']}")
    clean = served["Body"].read()
    assert (served["ContentType"], served["CacheControl"]) == (media_type, "private, no-store")
    assert file["bytes"] == len(clean)
    assert b"Anna" in content
    assert b"Anna" not in clean
    assert keys(own_stack, f"media/{made['id']}/") == {f"media/{made['id']}/{file['name']}"}
    again = ask("POST", "/v1/editorial/media", announced(content, media_type=media_type))
    assert (again[0], again[1]["state"], "upload" in again[1]) == (200, "ready", False)


def test_a_recording_that_readers_cannot_play_is_rejected(ask: Ask, pump: Pump) -> None:
    content = b"RIFF\x24\0\0\0WAVEfmt " + bytes(28)
    _, made = ask("POST", "/v1/editorial/media", announced(content, media_type="audio/mpeg"))
    assert put(made["upload"], content) == 200
    pump.turn()
    found = ask("GET", f"/v1/editorial/media/{made['id']}")[1]
    assert found["state"] == "rejected"
    assert "WAV" in found["reason"]
    assert "MP3" in found["hint"]


def test_the_same_picture_twice_is_one_and_is_not_uploaded_again(ask: Ask, pump: Pump) -> None:
    _, made = ask("POST", "/v1/editorial/media", announced(PHOTOGRAPH))
    if "upload" in made:  # alone, this test makes it itself
        put(made["upload"], PHOTOGRAPH)
        pump.turn()
    status, again = ask("POST", "/v1/editorial/media", announced(PHOTOGRAPH, file_name="another.jpg"))
    assert (status, again["state"]) == (200, "ready")
    assert "upload" not in again
    assert again == ask("GET", f"/v1/editorial/media/{ID}")[1]


def test_the_address_takes_this_file_alone_for_a_quarter_of_an_hour(ask: Ask) -> None:
    content = as_file("png", drawn(201, 200))
    _, made = ask("POST", "/v1/editorial/media", announced(content, media_type="image/png"))
    address, headers = urlsplit(str(made["upload"]["url"])), made["upload"]["headers"]
    signed = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert address.path.endswith(f"/originals/{sha256(content).hexdigest()}")
    assert signed["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert signed["X-Amz-Expires"] == "900"
    assert {*signed["X-Amz-SignedHeaders"].split(";")} == {*headers, "host"}
    assert headers["content-length"] == str(len(content))
    assert base64.b64decode(headers["x-amz-checksum-sha256"]) == sha256(content).digest()


def test_what_is_no_picture_is_rejected_with_the_reason_and_kept(ask: Ask, pump: Pump, own_stack: Stack) -> None:
    content = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    media_id = sha256(content).hexdigest()
    _, made = ask("POST", "/v1/editorial/media", announced(content, media_type="image/png"))
    assert put(made["upload"], content) == 200
    pump.turn()
    _, found = ask("GET", f"/v1/editorial/media/{media_id}")
    assert found["state"] == "rejected"
    assert "SVG" in found["reason"]
    assert "PNG" in found["hint"]
    assert keys(own_stack, f"media/{media_id}/") == set()
    assert keys(own_stack, f"originals/{media_id}") == {f"originals/{media_id}"}
    # A later release may read it.
    assert "upload" in ask("POST", "/v1/editorial/media", announced(content, media_type="image/png"))[1]


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"sha256": "A" * 64}, "sha256"),
        ({"sha256": "../../articles"}, "sha256"),
        ({"media_type": "image/svg+xml"}, "media_type"),
        ({"bytes": 0}, "bytes"),
        ({"bytes": 100_000_001}, "bytes"),
        ({"media_type": "audio/mpeg", "bytes": 500_000_001}, "bytes"),
        ({"media_type": "text/vtt", "bytes": 2_000_001}, "bytes"),
        ({"media_type": "audio/wav"}, "media_type"),
        ({"file_name": ""}, "file_name"),
        ({"alt": "A bridge"}, "alt"),
    ],
)
def test_what_cannot_be_uploaded_is_said_before(ask: Ask, members: dict[str, Any], field: str) -> None:
    status, problem = ask("POST", "/v1/editorial/media", announced(PHOTOGRAPH, **members))
    assert status == 400
    assert [each["field"] for each in problem["errors"]] == [field]


def test_a_picture_that_nobody_announced_is_a_404(ask: Ask) -> None:
    status, problem = ask("GET", f"/v1/editorial/media/{'0' * 64}")
    assert (status, problem["code"]) == (404, "media-not-found")
    assert ask("GET", "/v1/editorial/media/of-no-digest")[0] == 404


def test_a_file_that_is_not_what_its_key_says_is_rejected(
    intake: Intake, records: MediaRecords, own_stack: Stack
) -> None:
    media_id = "1" * 64
    version = clients.s3().put_object(Bucket=own_stack.bucket, Key=f"originals/{media_id}", Body=PHOTOGRAPH)
    intake.take(Uploaded(f"originals/{media_id}", version["VersionId"]))
    found = records.find(media_id)
    assert found is not None
    assert (found.state, found.file_name) == ("rejected", "")
    assert ID in found.reason


def test_an_upload_that_was_interrupted_comes_again_and_nothing_is_lost(
    intake: Intake, records: MediaRecords, own_stack: Stack, breaking: Callable[[str, str], Any]
) -> None:
    for number, (operation, moment) in enumerate(
        (operation, moment) for operation in ("UpdateItem", "GetObject", "PutObject") for moment in ("before", "after")
    ):
        content = as_file("png", drawn(330 + number, 200))
        media_id = sha256(content).hexdigest()
        version = clients.s3().put_object(Bucket=own_stack.bucket, Key=f"originals/{media_id}", Body=content)
        uploaded = Uploaded(f"originals/{media_id}", version["VersionId"])
        with breaking(operation, moment) as broken, pytest.raises(Exception, match="InternalError"):
            intake.take(uploaded)
        assert broken
        intake.take(uploaded)
        found = records.find(media_id)
        assert found is not None
        assert found.state == "ready"
        assert {f"media/{media_id}/{each['name']}" for each in found.about["files"]} == keys(
            own_stack, f"media/{media_id}/"
        )


def test_what_is_ready_stays_so_whatever_comes_late(records: MediaRecords) -> None:
    media_id = "2" * 64
    assert records.announce(media_id, "a.jpg", by="an editor", at=AT)
    records.begin(media_id, at=AT)
    records.reject(media_id, "damaged", "Mend it.", at=AT)
    records.begin(media_id, at=AT)
    records.finish(media_id, {"width": 320}, at=AT)
    records.reject(media_id, "it was not finished", "Again.", at=AT)
    records.begin(media_id, at=AT)
    assert not records.announce(media_id, "b.jpg", by="another", at=AT)
    found = records.find(media_id)
    assert found is not None
    assert (found.state, found.reason, found.about, found.file_name) == ("ready", "", {"width": 320}, "a.jpg")


def test_what_nobody_uploads_is_forgotten_after_a_week_and_nothing_else_is(
    records: MediaRecords, own_stack: Stack
) -> None:
    media_id = "3" * 64
    records.announce(media_id, "a.jpg", by="an editor", at=AT)

    def expires() -> Any:
        key = {"pk": {"S": f"MEDIA#{media_id}"}, "sk": {"S": "MEDIA"}}
        found: Any = clients.dynamodb().get_item(TableName=own_stack.table, Key=cast("Any", key))
        return found["Item"].get("expires")

    for days, kept_until in ((0, 7), (6, 13), (3, 13)):  # announced again, it is kept longer
        records.announce(media_id, "a.jpg", by="an editor", at=AT + dt.timedelta(days=days))
        assert expires() == {"N": str(int((AT + dt.timedelta(days=kept_until)).timestamp()))}
    records.begin(media_id, at=AT)
    records.announce(media_id, "a.jpg", by="an editor", at=AT)
    assert expires() is None


def test_an_upload_that_no_attempt_finishes_is_rejected(own_stack: Stack, records: MediaRecords) -> None:
    handler = own_stack.functions["ImagingFunction"].load()
    body = json.dumps({"detail": {"object": {"key": f"originals/{'4' * 64}", "version-id": "1"}}})
    record = {"messageId": "1", "eventSource": "aws:sqs", "body": body, "attributes": {"ApproximateReceiveCount": "5"}}
    assert handler({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}
    found = records.find("4" * 64)
    assert found is not None
    assert (found.state, found.reason) == ("rejected", "it was not finished in 4 attempts")


# ------------------------------------------------------------------------------------------------ content-api upload


@pytest.fixture(scope="module")
def address(own_stack: Stack) -> Iterator[str]:
    with serving(Gateway(handlers(own_stack))) as address:
        yield address


def test_pictures_are_uploaded_by_the_newsdesks_command(address: str, pump: Pump, tmp_path: Path) -> None:
    good, bad, cut = tmp_path / "bridge.png", tmp_path / "logo.svg", tmp_path / "cut.jpg"
    sound = tmp_path / "news.m4a"
    sound.write_bytes(recorded("audio/mp4"))
    good.write_bytes(as_file("png", drawn(700, 500)))
    bad.write_text("<svg></svg>")
    cut.write_bytes(as_file("jpeg", Image.effect_noise((400, 300), 90))[:5000])
    runner = CliRunner(env={"CONTENT_API_URL": address, "COLUMNS": "200"})
    stop = Event()
    pumping = Thread(target=pump.run, args=[stop])
    pumping.start()
    try:
        result = runner.invoke(app, ["upload", str(good), str(bad), str(cut), str(sound), "--alt", "Élan"])
    finally:
        stop.set()
        pumping.join()
    assert result.exit_code == 1
    digest = sha256(good.read_bytes()).hexdigest()
    digest_of_sound = sha256(sound.read_bytes()).hexdigest()
    named = f'{{"media": "{digest}", "alt": "Élan"}}'
    block = f'{{"type": "audio", "media": "{digest_of_sound}"}}'
    of_picture, of_sound = (
        f"ready {digest}  700 × 500  {good}\n{named}",
        f"ready {digest_of_sound}  0:01  {sound}\n{block}",
    )
    assert result.stdout == f"{of_picture}\n{of_sound}\n"
    assert "logo.svg: this is an SVG" in result.stderr
    assert "cut.jpg: this picture is damaged or incomplete" in result.stderr
    again = runner.invoke(app, ["upload", str(good), str(sound), "--alt", "Élan"])
    assert (again.exit_code, again.stdout) == (0, result.stdout)
    wrong = runner.invoke(app, ["upload", str(good), "--focal", "2,0"])
    assert (wrong.exit_code, "two numbers from 0 to 1" in wrong.stderr) == (2, True)
