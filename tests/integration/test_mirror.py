"""The mirror in S3: what becomes of writes and withdrawals, what readers of it find at every moment, and how a copy is
told from one that was altered or is too old.
"""

import datetime as dt
import importlib
import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from content_api.aws import clients
from content_api.content.article import Article
from content_api.law.law_file import load_entries
from content_api.names.instants import printed
from content_api.names.mirror_paths import MANIFEST, MIRROR, article_path, mirror_key
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from mirroring import committing
from mirroring.signing import Signer
from newsdesk.__main__ import app
from newsdesk.mirrors import Folder, NoMirror, Wrong, export, manifest_of, verify
from thoroughness import examples

DAY = "2025-11-19T08:00:00Z"
SHELF = "en.2025-11"


@dataclass
class InS3:
    """The mirror as it is in the bucket."""

    bucket: str

    def read(self, path: str) -> bytes | None:
        try:
            return clients.s3().get_object(Bucket=self.bucket, Key=mirror_key(path))["Body"].read()
        except ClientError:
            return None

    def paths(self) -> list[str]:
        pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=MIRROR)
        return [each.get("Key", "").removeprefix(MIRROR) for page in pages for each in page.get("Contents", [])]

    def page(self, path: str) -> str:
        content = self.read(path)
        assert content is not None, path
        return content.decode()


@dataclass
class Newsroom:
    """Editors, and what the stream leads to in the mirror."""

    stack: Stack
    pump: Pump

    def __post_init__(self) -> None:
        self.site = InS3(self.stack.bucket)
        self.mirroring = self.stack.functions["MirroringFunction"].load()

    def save(self, article_id: str, *, version: int = 0, **fields: Any) -> None:
        stated = {"id": article_id, "language": "en", "headline": f"Headline of {article_id}", "published_at": DAY}
        body = [{"type": "paragraph", "html": f"Text of {article_id}."}]
        article = Article.model_validate(stated | {"body": body, "section": "Culture"} | fields)
        self.stack.store().save(article, expected_version=version, at=dt.datetime.now(dt.UTC))

    def withdraw(self, article_id: str, version: int) -> None:
        self.stack.store().withdraw(article_id, expected_version=version, at=dt.datetime.now(dt.UTC))

    def reinstate(self, article_id: str, version: int) -> None:
        self.stack.store().reinstate(article_id, expected_version=version, at=dt.datetime.now(dt.UTC))

    def messages(self) -> list[dict[str, Any]]:
        """What waits for the mirror, which then waits no more."""
        sqs, queue = clients.client("sqs"), self.stack.functions["PropagationFunction"].environment["MIRROR_QUEUE"]
        found: list[dict[str, Any]] = []
        while received := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            for each in received:
                found.append(json.loads(each["Body"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return found

    def mirror(self) -> None:
        """Hands on what was written, and empties the queue of the mirror."""
        self.pump.turns(3)

    def hand_over(self, *messages: dict[str, Any]) -> dict[str, Any]:
        records = [{"messageId": str(at), "body": json.dumps(each)} for at, each in enumerate(messages)]
        return self.mirroring({"Records": records}, LambdaContext())

    def check(self) -> None:
        """What holds at every moment."""
        verdict = verify(self.site, now=dt.datetime.now(dt.UTC))
        unlisted = {path for path, wrong in verdict.wrong.items() if wrong == Wrong.UNLISTED}
        left_over = {path for path in unlisted if path.startswith(("parts/", "bundles/"))}
        assert verdict.wrong.keys() == left_over
        for path in verdict.manifest.files:
            if path.endswith(".html") and not path.startswith("notices/") and (content := self.site.read(path)):
                assert content.index(b"data-legal-notice") < content.index(b"<main"), path


def without_time(site: InS3) -> dict[str, bytes | None]:
    """All files but those that say when they were made."""
    return {
        path: site.read(path)
        for path in site.paths()
        if path not in (MANIFEST, "about.html") and not path.startswith(("parts/", "bundles/"))
    }


@pytest.fixture
def newsroom(empty_stack: Stack, queues_of_its_own: Callable[[Stack], Stack]) -> Newsroom:
    made = queues_of_its_own(empty_stack)
    return Newsroom(made, Pump(made, is_mirroring=True))


def test_what_is_published_stands_in_the_mirror_and_what_is_withdrawn_says_so(newsroom: Newsroom) -> None:
    newsroom.save("one")
    newsroom.save("two", published_at="2025-11-20T08:00:00Z")
    newsroom.save("draft", status="draft")
    newsroom.mirror()
    newsroom.check()
    site = newsroom.site
    assert "Text of one." in site.page(article_path(SHELF, "one"))
    assert site.read(article_path(SHELF, "draft")) is None
    for path in ("en/index.html", f"{SHELF}/19.day.html", f"{SHELF}/culture.section.html", "en/culture.section.html"):
        assert "Headline of one" in site.page(path), path
    assert f'href="../{SHELF}/all.days.html"' in site.page("en/archive.html")
    assert 'href="19.day.html"' in site.page(f"{SHELF}/all.days.html")
    assert 'href="culture.section.html"' in site.page("en/sections.html")
    assert 'href="en/index.html"' in site.page("index.html")

    newsroom.withdraw("one", 1)
    newsroom.mirror()
    newsroom.check()
    assert "withdrawn" in site.page(article_path(SHELF, "one"))
    for path, content in without_time(site).items():
        assert content is not None
        assert b"Text of one." not in content, path
        assert b"Headline of one" not in content, path
    assert site.read(f"{SHELF}/19.day.html") is None
    assert "19.day.html" not in site.page(f"{SHELF}/all.days.html")

    newsroom.withdraw("two", 1)
    newsroom.mirror()
    newsroom.check()
    assert site.read(f"{SHELF}/all.days.html") is None
    assert SHELF not in site.page("en/archive.html")
    assert site.read("en/culture.section.html") is None


def test_every_link_of_the_mirror_leads_to_a_file_of_it(newsroom: Newsroom) -> None:
    for number in range(4):
        section = ("Culture", "Культура")[number % 2]
        date = f"2025-1{number % 2}-0{number + 1}T08:00:00Z" if number else None
        newsroom.save(f"a-{number}", section=section, language=("en", "ru")[number // 2], published_at=date)
    newsroom.save("gone")
    newsroom.mirror()
    newsroom.withdraw("gone", 1)
    newsroom.mirror()
    there = {*newsroom.site.paths()}
    for path in there:
        if path.endswith(".html"):
            for link in re.findall(r'(?:href|src)="([^"#]+)"', newsroom.site.page(path)):
                assert normpath(join(path.rpartition("/")[0], link)) in there, f"{path}: {link}"


def test_an_article_whose_date_or_language_changes_leaves_nothing_behind(newsroom: Newsroom) -> None:
    newsroom.save("moved")
    newsroom.mirror()
    newsroom.save("moved", version=1, published_at="2024-01-02T08:00:00Z")
    newsroom.mirror()
    newsroom.check()
    assert not [path for path in newsroom.site.paths() if path.startswith(SHELF)]
    assert "Text of moved." in newsroom.site.page(article_path("en.2024-01", "moved"))


def test_messages_that_come_again_in_any_order_change_nothing(newsroom: Newsroom) -> None:
    newsroom.save("one")
    newsroom.pump.propagation({"Records": []}, LambdaContext())
    newsroom.mirror()
    newsroom.save("one", version=1, headline="Second", section="Asia")
    newsroom.save("two")
    newsroom.mirror()
    newsroom.withdraw("two", 1)
    newsroom.mirror()
    before = without_time(newsroom.site)
    asked = [
        {"article": each, "shelf": SHELF, "days": ["19"], "sections": [section]}
        for each, section in (("two", "culture"), ("one", "culture"), ("one", "asia"), ("one", "culture"))
    ]
    for messages in itertools.permutations([*asked[:3], {"front": "en"}]):
        assert newsroom.hand_over(*messages) == {"batchItemFailures": []}
    assert without_time(newsroom.site) == before


def test_a_message_that_cannot_be_read_fails_alone(newsroom: Newsroom) -> None:
    newsroom.save("one")
    message = {"article": "one", "shelf": SHELF, "days": ["19"], "sections": ["culture"]}
    answer = newsroom.hand_over({"shelves": 1}, message)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert "Text of one." in newsroom.site.page(article_path(SHELF, "one"))


def test_a_damaged_article_fails_alone_and_keeps_its_page(newsroom: Newsroom) -> None:
    newsroom.save("damaged")
    newsroom.mirror()
    key = {"pk": {"S": "ARTICLE#damaged"}, "sk": {"S": "ARTICLE"}}
    clients.dynamodb().update_item(
        TableName=newsroom.stack.table, Key=key, UpdateExpression="SET document = :none",
        ExpressionAttributeValues={":none": {"B": b"-"}},
    )  # fmt: skip
    newsroom.save("whole")
    messages = [{"article": each, "shelf": SHELF} for each in ("damaged", "whole")]
    assert newsroom.hand_over(*messages) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert "Text of damaged." in newsroom.site.page(article_path(SHELF, "damaged"))
    assert "Text of whole." in newsroom.site.page(article_path(SHELF, "whole"))


# ------------------------------------------------------------------------------------------------ Faults


class Faulty:
    """S3, whose calls that change something fail from a number on, or after which something else happens."""

    def __init__(self, fails_at: int = -1, then: Callable[[], None] | None = None, then_at: int = -1) -> None:
        self._s3 = clients.s3()
        self.calls = 0
        self._fails_at, self._then, self._then_at = fails_at, then, then_at

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._s3, name)
        if name not in ("put_object", "delete_object"):
            return call

        def changed(**arguments: Any) -> Any:
            self.calls += 1
            if self.calls == self._then_at and self._then:
                self._then()
            if 0 <= self._fails_at < self.calls:
                raise ClientError({"Error": {"Code": "SlowDown"}}, name)
            return call(**arguments)

        return changed


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls to S3 come in an order."""
    monkeypatch.setattr(committing, "_AT_ONCE", 1)
    monkeypatch.setattr(committing, "_PAUSE", 0)


def faulty(monkeypatch: pytest.MonkeyPatch, s3: Faulty) -> None:
    module = importlib.import_module("mirroring.app")
    monkeypatch.setattr(vars(module)["_writer"], "_s3", s3)


@pytest.mark.sampled
@pytest.mark.usefixtures("one_by_one")
def test_wherever_it_is_cut_off_the_mirror_verifies_and_the_next_attempt_ends_it(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.save("one")
    newsroom.save("two")
    newsroom.mirror()
    newsroom.withdraw("one", 1)
    newsroom.save("two", version=1, headline="Second")
    newsroom.save("three")
    messages = [
        {"article": each, "shelf": SHELF, "days": ["19"], "sections": ["culture"]} for each in ("one", "two", "three")
    ]
    fails_at, step = -1, examples(5, 1)
    while True:
        fails_at += step
        s3 = Faulty(fails_at)
        faulty(monkeypatch, s3)
        if not newsroom.hand_over(*messages, {"front": "en"})["batchItemFailures"]:
            break
        newsroom.check()
        if fails_at > 3:  # a second fault after the first
            faulty(monkeypatch, Faulty(fails_at // 2))
            assert len(newsroom.hand_over(*messages, {"front": "en"})["batchItemFailures"]) == 4
            newsroom.check()
    assert fails_at > 10
    newsroom.check()
    assert "Text of one." not in newsroom.site.page(article_path(SHELF, "one"))
    assert "Second" in newsroom.site.page(article_path(SHELF, "two"))
    # Nothing is left to be confirmed, but for what a later attempt found confirmed.
    assert not [each for each in manifest_of(newsroom.site).files.values() if each.was]


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("then_at", range(1, 16, 2))
def test_a_writer_who_is_late_never_brings_back_what_was_withdrawn_meanwhile(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, then_at: int
) -> None:
    newsroom.save("one")
    newsroom.mirror()
    newsroom.save("one", version=1, headline="Second")
    message = {"article": "one", "shelf": SHELF, "days": ["19"], "sections": ["culture"]}
    module = importlib.import_module("mirroring.app")
    slow = vars(module)["_writer"]

    def meanwhile() -> None:
        monkeypatch.setattr(slow, "_s3", clients.s3())
        newsroom.withdraw("one", 2)
        other = newsroom.stack.functions["MirroringFunction"].load()
        records = [{"messageId": "1", "body": json.dumps(message)}, {"messageId": "2", "body": '{"front": "en"}'}]
        assert other({"Records": records}, LambdaContext()) == {"batchItemFailures": []}
        newsroom.check()

    s3 = Faulty(then=meanwhile, then_at=then_at)
    faulty(monkeypatch, s3)
    newsroom.hand_over(message, {"front": "en"})
    assert s3.calls >= then_at
    newsroom.check()
    for path, content in without_time(newsroom.site).items():
        assert b"Second" not in (content or b""), path
        assert b"Text of one" not in (content or b""), path


def test_a_manifest_that_somebody_altered_is_not_signed_again(newsroom: Newsroom) -> None:
    newsroom.save("one")
    newsroom.mirror()
    text = json.loads(newsroom.site.page(MANIFEST))["signed"]
    forged = Signer("of somebody else").signed(text)
    clients.s3().put_object(Bucket=newsroom.stack.bucket, Key=mirror_key(MANIFEST), Body=forged)
    assert newsroom.hand_over({"article": "one", "shelf": SHELF})["batchItemFailures"]
    assert newsroom.site.page(MANIFEST) == forged.decode()


# ------------------------------------------------------------------------------------------------ Notices and time


def test_when_a_notice_changes_everything_is_made_anew(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.save("one")
    newsroom.mirror()
    changed = json.loads(json.dumps(load_entries()))
    for each in changed:
        each["version"] += 1
        for text in each["texts"].values():
            text |= {"paragraphs": ["The new wording."], "text": "The new wording.", "html": "<p>The new wording.</p>"}
    monkeypatch.setattr("mirroring.notices.load_entries", lambda: changed)
    newsroom.mirroring({}, LambdaContext())
    newsroom.pump.turns(3)
    newsroom.check()
    for path in newsroom.site.paths():
        if path.endswith(".html") and not path.startswith("parts/"):
            assert "The new wording." in newsroom.site.page(path), path


def test_every_hour_the_mirror_says_anew_until_when_it_may_be_trusted(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.save("one")
    newsroom.mirror()
    first = manifest_of(newsroom.site)
    assert first.valid_until - first.made_at <= dt.timedelta(days=3, seconds=9)
    newsroom.mirroring({}, LambdaContext())
    assert manifest_of(newsroom.site).valid_until == first.valid_until
    monkeypatch.setattr("mirroring.refreshing._REFRESHED_AFTER", dt.timedelta(0))
    monkeypatch.setattr("mirroring.refreshing.TRUSTED_FOR", dt.timedelta(days=4))
    newsroom.mirroring({}, LambdaContext())
    later = manifest_of(newsroom.site)
    assert later.valid_until > first.valid_until
    until = printed(later.valid_until)
    assert f"{until[:10]} {until[11:16]} UTC" in newsroom.site.page("about.html")
    newsroom.check()


# ------------------------------------------------------------------------------------------------ Copies


@pytest.fixture
def copy(newsroom: Newsroom, tmp_path: Path) -> Iterator[Path]:
    newsroom.save("one")
    newsroom.save("two")
    newsroom.mirror()
    assert list(export(newsroom.site, tmp_path / "copy"))
    yield tmp_path / "copy"
    shutil.rmtree(tmp_path / "copy")


def found(folder: Path, key: str = "", **after: float) -> dict[str, Wrong]:
    return verify(Folder(folder), key=key, now=dt.datetime.now(dt.UTC) + dt.timedelta(**after)).wrong


def test_a_copy_is_whole_and_what_is_altered_missing_or_added_is_told(copy: Path) -> None:
    assert found(copy) == {}
    page = copy / article_path(SHELF, "one")
    page.write_text(page.read_text().replace("Text", "Lies"))
    (copy / "en" / "index.html").unlink()
    (copy / "en" / "added.html").write_text("-")
    assert found(copy) == {
        article_path(SHELF, "one"): Wrong.ALTERED,
        "en/index.html": Wrong.MISSING,
        "en/added.html": Wrong.UNLISTED,
    }


def test_a_copy_that_is_too_old_is_told(copy: Path) -> None:
    late = dt.datetime.now(dt.UTC) + dt.timedelta(days=3, seconds=9)
    assert not verify(Folder(copy), now=dt.datetime.now(dt.UTC)).is_expired
    assert verify(Folder(copy), now=late).is_expired


def test_a_manifest_or_a_part_that_is_altered_or_of_another_key_is_told(copy: Path) -> None:
    signed = json.loads((copy / MANIFEST).read_text())
    with pytest.raises(NoMirror, match="another key"):
        found(copy, key="ab" * 32)
    assert found(copy, key=signed["key"].upper()) == {}
    for altered, why in (
        ({"signed": signed["signed"].replace("2026", "2027").replace("en", "ru")}, "altered"),
        ({"signature": "00" * 64}, "altered"),
        ({"key": "zz"}, "no signed manifest"),
    ):
        (copy / MANIFEST).write_text(json.dumps(signed | altered))
        with pytest.raises(NoMirror, match=why):
            found(copy)
    (copy / MANIFEST).write_text(json.dumps(signed))
    part = next((copy / "parts").iterdir())
    part.write_bytes(part.read_bytes() + b" ")
    with pytest.raises(NoMirror, match="is altered"):
        found(copy)
    with pytest.raises(NoMirror, match="no mirror"):
        found(copy / "en")


def test_a_manifest_leads_out_of_no_folder(copy: Path, tmp_path: Path) -> None:
    signer = Signer("of whoever made the copy")
    files = {"../outside.html": {"sha256": "0" * 64, "bytes": 1}}
    said = json.loads(json.loads((copy / MANIFEST).read_text())["signed"]) | {"files": files, "parts": {}}
    (copy / MANIFEST).write_bytes(signer.signed(json.dumps(said)))
    with pytest.raises(NoMirror, match="no file of a mirror"):
        list(export(Folder(copy), tmp_path / "other"))
    assert not (tmp_path / "outside.html").exists()


def test_an_export_copies_only_what_changed_and_deletes_what_is_gone(newsroom: Newsroom, copy: Path) -> None:
    assert list(export(newsroom.site, copy)) == []
    newsroom.withdraw("one", 1)
    newsroom.mirror()
    copied = list(export(newsroom.site, copy))
    assert article_path(SHELF, "one") in copied
    assert article_path(SHELF, "two") not in copied
    assert found(copy) == {}
    newsroom.save("two", version=1, published_at="2024-01-02T08:00:00Z")
    newsroom.mirror()
    assert list(export(newsroom.site, copy))
    assert not (copy / article_path(SHELF, "two")).exists()
    assert found(copy) == {}


def test_an_export_that_ends_early_goes_on_later_and_has_nothing_of_what_was_withdrawn(
    newsroom: Newsroom, copy: Path
) -> None:
    newsroom.save("three", published_at="2024-01-02T08:00:00Z")
    newsroom.save("two", version=1, published_at="2024-01-03T08:00:00Z")
    newsroom.mirror()
    begun = export(newsroom.site, copy)
    first = next(begun)
    begun.close()
    assert not (copy / article_path(SHELF, "two")).exists()
    assert first not in list(export(newsroom.site, copy))
    assert found(copy) == {}


def test_an_export_begins_again_if_the_mirror_is_written_meanwhile(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.save("one")
    newsroom.mirror()

    class Changing(InS3):
        def read(self, path: str) -> bytes | None:
            if path == article_path(SHELF, "one") and not (tmp_path / "changed").exists():
                (tmp_path / "changed").touch()
                newsroom.withdraw("one", 1)
                newsroom.mirror()
            return super().read(path)

    assert list(export(Changing(newsroom.stack.bucket), tmp_path / "copy"))
    assert found(tmp_path / "copy") == {}
    assert "withdrawn" in (tmp_path / "copy" / article_path(SHELF, "one")).read_text()


def test_the_commands_tell_what_a_copy_is_worth(copy: Path, tmp_path: Path) -> None:
    run = CliRunner(env={"COLUMNS": "200"}).invoke
    key = json.loads((copy / MANIFEST).read_text())["key"]
    good = run(app, ["mirror", "verify", str(copy), "--key", key])
    assert good.exit_code == 0
    assert re.search(r"trusted  until \d{4}-\d\d-\d\d \d\d:\d\d UTC\n", good.stdout)
    assert good.stdout.endswith("files: all as signed\n")
    exported = run(app, ["mirror", "export", str(tmp_path / "again"), "--from", str(copy), "--key", key])
    assert re.search(r"\d+ files copied to", exported.stdout)
    (tmp_path / "again" / "en" / "index.html").write_text("-")
    bad = run(app, ["mirror", "verify", str(tmp_path / "again")])
    assert (bad.exit_code, "en/index.html: altered" in bad.stderr) == (1, True)
    other = run(app, ["mirror", "export", str(tmp_path), "--from", str(copy)])
    assert (other.exit_code, "has other files in it" in other.stderr) == (1, True)


def test_an_export_deletes_nothing_of_a_folder_that_is_somebody_elses(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.save("one")
    newsroom.mirror()
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(NoMirror, match="other files"):
        list(export(newsroom.site, tmp_path))
    assert (tmp_path / "mine.txt").read_text() == "mine"
