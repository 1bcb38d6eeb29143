"""The table, the originals and the files of pictures: what does not agree is found, and made again or left to a person.
Each divergence is made by hand, behind the back of the API.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
import urllib3
from tests.unit.imaging.files import as_file, drawn

from content_api.aws import clients
from content_api.aws.attributes import typed
from content_api.names.keys import media_key
from content_store import pictures
from content_store.differences import Finding
from content_store.media import MediaRecords
from content_store.picture_files import NO_ORIGINAL
from content_store.verification import Verification
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.server import LambdaContext
from gateway.stack import Stack
from imaging.intake import Intake, Uploaded

ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
PHOTOGRAPH = as_file("png", drawn(330, 220))
ID = sha256(PHOTOGRAPH).hexdigest()
FILE = f"media/{ID}/original/320.webp"
AT = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
UNREADABLE = (
    "what the table says of this picture cannot be read: its original is read again; if that is lost, upload the file "
    "again"
)

type Find = Callable[..., list[Finding]]


class World:
    """A picture that is ready, and what may go wrong with it."""

    def __init__(self, own_stack: Stack) -> None:
        self.bucket, self.table = own_stack.bucket, own_stack.table
        self.s3, self.dynamodb = clients.s3(), clients.dynamodb()
        self.records = MediaRecords(self.dynamodb, table=self.table)
        self._publishing = own_stack.functions["PublishingFunction"].load()
        self._intake = Intake(self.records, self.s3, bucket=self.bucket)
        self._read: set[str] = set()

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        stated = {"content-type": "application/json", "host": "desk.example.org"}
        content = b"" if body is None else json.dumps(body).encode()
        asked = event(method, path, stated, route_keys=ROUTES, body=content, principal=LOCAL_EDITOR)
        answer = self._publishing(asked, LambdaContext())
        return answer["statusCode"], json.loads(answer["body"])

    def announce(self) -> dict[str, Any]:
        body = {"file_name": "bridge.png", "media_type": "image/png", "bytes": len(PHOTOGRAPH), "sha256": ID}
        return self.ask("POST", "/v1/editorial/media", body)[1]

    def upload(self) -> None:
        """As an editor's program does, if there is anything to upload."""
        if "upload" in (answer := self.announce()):
            upload = answer["upload"]
            assert urllib3.request("PUT", upload["url"], body=PHOTOGRAPH, headers=upload["headers"]).status == 200
        self.take_in()

    def take_in(self) -> None:
        """What S3's event brings about: each version of the original is read once."""
        listed = self.s3.list_object_versions(Bucket=self.bucket, Prefix=f"originals/{ID}")
        for each in listed.get("Versions", []):
            if (version := str(each.get("VersionId"))) not in self._read:
                self._read.add(version)
                self._intake.take(Uploaded(f"originals/{ID}", version))

    def state(self) -> str:
        found = self.records.find(ID)
        return found.state if found else ""

    def set(self, **attributes: Any) -> None:
        """Sets attributes of the picture's item; None removes one."""
        key: Any = {"TableName": self.table, "Key": typed(media_key(ID))}
        there: Any = self.dynamodb.get_item(**key).get("Item", typed(media_key(ID)))
        item = {name: value for name, value in (there | attributes).items() if value is not None}
        self.dynamodb.put_item(TableName=self.table, Item=item)

    def forget(self) -> None:
        self.dynamodb.delete_item(TableName=self.table, Key=typed(media_key(ID)))

    def delete(self, *keys: str) -> None:
        for key in keys:
            self.s3.delete_object(Bucket=self.bucket, Key=key)

    def files(self) -> dict[str, int]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=f"media/{ID}/").get("Contents", [])
        return {each.get("Key", ""): each.get("Size", 0) for each in listed}


@pytest.fixture(scope="module")
def world(own_stack: Stack) -> World:
    return World(own_stack)


@pytest.fixture(scope="module")
def find(own_stack: Stack) -> Find:
    """All findings of a pass."""
    dynamodb, s3, store = clients.dynamodb(), clients.s3(), own_stack.store()
    verification = Verification(store, dynamodb, s3, table=own_stack.table, bucket=own_stack.bucket)

    def found(*, repair: bool = False) -> list[Finding]:
        findings: list[Finding] = []
        after = None
        while True:
            page = verification.page(after=after, limit=2, repair=repair)
            findings += page.findings
            if (after := page.cursor) is None:
                return findings

    return found


@pytest.fixture(autouse=True)
def whole(world: World, find: Find) -> Iterator[None]:
    """The picture is ready and whole before each test, and after it."""
    world.upload()
    assert world.state() == "ready"
    assert find() == []
    before = world.files()
    yield
    assert (world.state(), world.files()) == ("ready", before)
    assert find() == []


def check_repair(world: World, find: Find, *details: str) -> None:
    assert find() == [Finding(ID, each) for each in details]
    assert find(repair=True) == [Finding(ID, each, is_repaired=True) for each in details]
    world.take_in()


def test_a_file_that_is_missing_is_made_again(world: World, find: Find) -> None:
    world.delete(FILE)
    check_repair(world, find, "its file original/320.webp is not in S3")
    about = world.s3.head_object(Bucket=world.bucket, Key=f"originals/{ID}")
    assert about["ContentType"] == "image/png"


def test_all_files_that_are_missing_are_made_again(world: World, find: Find) -> None:
    world.delete(*world.files())
    check_repair(world, find, *(f"its file original/320.{kind} is not in S3" for kind in ("avif", "webp", "jpg")))


def test_a_file_of_another_size_is_made_again(world: World, find: Find) -> None:
    size = world.files()[FILE]
    world.s3.put_object(Bucket=world.bucket, Key=FILE, Body=b"cut")
    check_repair(world, find, f"its file original/320.webp has 3 bytes, not {size}")


def test_whoever_uploads_a_picture_again_that_lacks_a_file_makes_it_whole(world: World) -> None:
    world.delete(FILE)
    answer = world.announce()
    assert (answer["state"], "upload" in answer) == ("ready", True)
    world.upload()
    assert "upload" not in world.announce()


def test_a_picture_without_its_original_is_left_to_a_person_who_uploads_it_again(world: World, find: Find) -> None:
    world.delete(f"originals/{ID}")
    for repair in (False, True):
        assert find(repair=repair) == [Finding(ID, NO_ORIGINAL)]
    world.delete(FILE)
    assert find(repair=True) == [
        Finding(ID, NO_ORIGINAL),
        Finding(ID, "its file original/320.webp is not in S3"),
    ]
    world.upload()


@pytest.mark.parametrize("state", ["awaiting_upload", "rejected"])
def test_a_table_from_before_the_picture_was_ready_is_brought_up(world: World, find: Find, state: str) -> None:
    world.set(state={"S": state})
    check_repair(world, find, f"the table says {state}, and S3 has files of it")


def test_a_picture_that_the_table_has_forgotten_is_read_again(world: World, find: Find) -> None:
    world.forget()
    check_repair(world, find, "the table has lost this picture, and S3 has its original")


@pytest.mark.parametrize("state", ["awaiting_upload", "processing"])
def test_an_upload_that_nobody_read_is_read_after_an_hour_and_not_before(
    world: World, find: Find, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.delete(*world.files())
    world.set(state={"S": state}, about=None)
    assert find(repair=True) == []
    monkeypatch.setattr(pictures, "_READING_TAKES", dt.timedelta(seconds=-1))
    (finding,) = find()
    assert finding.detail.startswith(f"the table says {state}, and its original has been there since 20")
    check_repair(world, find, finding.detail)


@pytest.mark.parametrize("state", ["processing", "rejected"])
def test_a_picture_that_is_not_ready_and_has_no_original_is_left_to_a_person(
    world: World, find: Find, state: str
) -> None:
    world.set(state={"S": state})
    world.delete(f"originals/{ID}")
    assert find(repair=True) == [Finding(ID, NO_ORIGINAL)]
    world.upload()


DAMAGES: list[dict[str, Any]] = [
    {"state": None},
    {"state": {"S": "lost"}},
    {"created_at": {"N": "1"}},
    {"about": None},
    {"about": {"S": "{"}},
    {"about": {"S": '{"files":[{}]}'}},
    {"about": {"S": '{"files":[{"name":"a","bytes":"many"}]}'}},
]


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_an_item_that_cannot_be_read_is_named_and_the_picture_is_read_again(
    world: World, find: Find, damage: dict[str, Any]
) -> None:
    world.set(**damage)
    assert world.ask("GET", f"/v1/editorial/media/{ID}")[0] in {200, 409}
    check_repair(world, find, UNREADABLE)


@pytest.mark.parametrize("damage", DAMAGES[::4], ids=str)
def test_whoever_uploads_a_picture_again_whose_item_cannot_be_read_makes_it_whole(
    world: World, damage: dict[str, Any]
) -> None:
    world.set(**damage)
    world.upload()


def test_an_item_that_cannot_be_read_stays_while_there_is_no_original(world: World, find: Find) -> None:
    world.set(state={"S": "lost"})
    world.delete(f"originals/{ID}")
    for repair in (False, True):
        assert find(repair=repair) == [Finding(ID, UNREADABLE)]
    world.upload()


def test_keys_that_no_picture_has_are_named(world: World, find: Find) -> None:
    files = "S3 has files of this picture, and not its original: upload the file again, or delete them"
    stray = "no picture has such a key: look who put it there, and delete it"
    item = "no part of this API makes such an item: look who did, and delete it"
    keys = ("originals/bridge.png", f"media/{'7' * 64}/original/320.webp", "media/stray.jpg", "media/of/stray.jpg")
    put = {key: world.s3.put_object(Bucket=world.bucket, Key=key, Body=b"")["VersionId"] for key in keys}
    world.dynamodb.put_item(TableName=world.table, Item=typed(media_key("bridge")))
    assert {(each.id, each.detail, each.is_repaired) for each in find(repair=True)} == {
        ("originals/bridge.png", stray, False),
        ("7" * 64, files, False),
        ("media/stray.jpg", stray, False),
        ("media/of/", stray, False),
        ("MEDIA#bridge MEDIA", item, False),
    }
    for key, version in put.items():
        world.s3.delete_object(Bucket=world.bucket, Key=key, VersionId=version)
    world.dynamodb.delete_item(TableName=world.table, Key=typed(media_key("bridge")))


def test_what_is_only_announced_is_no_finding(world: World, find: Find) -> None:
    assert world.records.announce("a" * 64, "bridge.jpg", by="desk", at=AT)
    assert find(repair=True) == []
