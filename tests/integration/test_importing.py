"""Files dropped under `incoming/`: each is taken in or set aside, and its bytes are kept, whatever happens."""

import hashlib
import importlib
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from content_api.aws import clients
from content_store.articles import ArticleStore
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from importing.files import LARGEST_FILE, articles_in
from importing.intake import Dropped, Intake
from newsroom.archive import damaged_files, good_files
from newsroom.dropped import Account, account, put
from newsroom.dropped import event as archive_event

type Breaking = Callable[[str, str], AbstractContextManager[list[str]]]

PAGES = [
    *sorted((Path(__file__).parents[1] / "unit" / "importing" / "pages").glob("*.txt")),
    *sorted((Path(__file__).parents[3] / "shared" / "samples").glob("*.txt")),
]


@pytest.fixture(scope="module")
def pump(stack: Stack) -> Pump:
    return Pump(stack)


@pytest.fixture(autouse=True)
def _nothing_is_left(stack: Stack) -> Iterator[None]:
    yield
    assert not under(stack, "incoming/")


def under(stack: Stack, prefix: str) -> dict[str, bytes]:
    s3 = clients.s3()
    listed = s3.list_objects_v2(Bucket=stack.bucket, Prefix=prefix).get("Contents", [])
    return {
        key: s3.get_object(Bucket=stack.bucket, Key=key)["Body"].read() for each in listed if (key := each.get("Key"))
    }


def drop(stack: Stack, name: str, content: bytes) -> Dropped:
    key = f"incoming/{name}"
    put = clients.s3().put_object(Bucket=stack.bucket, Key=key, Body=content)
    return Dropped(key, put["VersionId"], f"{put['VersionId'].replace('-', '')[:16]}")


def put_away(folder: str, name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{folder}/{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{suffix}"


def page(headline: str, *paragraphs: str) -> bytes:
    text = paragraphs or ("The bridge was opened on Monday after eleven years.", "Thousands walked across it in rain.")
    return "\n\n".join([headline, *text]).encode()


def article_json(article_id: str, **fields: Any) -> bytes:
    stated = {"id": article_id, "language": "en", "headline": "A", "body": [{"type": "paragraph", "html": "Text."}]}
    return json.dumps(stated | fields).encode()


def test_whatever_a_key_is_called_its_file_leaves(stack: Stack, pump: Pump) -> None:
    """What is left under `incoming/`, and any failure, would come again with every turn."""
    names = [
        "<x>/",
        ".",
        "..",
        "",
        "/",
        "en/",
        "en/.",
        "en/..",
        "en//a",
        "en/\x01.txt",
        "en/a?b#c&d+e %2F",
        "en/\n",
        "<x>/a",
    ]
    for at, name in enumerate(names):
        with suppress(ClientError):  # moto takes no key with a line in it
            drop(stack, name, b"%d" % at)
    pump.take_in()
    pump.take_in()
    assert not under(stack, "incoming/")
    kept = {*under(stack, "rejected/").values(), *under(stack, "imported/").values()}
    assert len(kept & {b"%d" % at for at in range(len(names))}) >= len(names) - 1


def test_a_page_becomes_an_article_and_its_bytes_are_put_away(stack: Stack, pump: Pump, store: ArticleStore) -> None:
    content = page("The river rises once more")
    drop(stack, "en/2024/river.txt", content)
    pump.take_in()
    (article,) = articles_in(content).articles
    assert article.id.startswith("en-undated-the-river-rises-once-more-")
    latest = store.records.latest(article.id)
    assert latest.article
    assert (latest.article.status, latest.by, latest.action) == ("published", "content-api/importing", "import")
    assert latest.source
    assert latest.source.file == "incoming/en/2024/river.txt"
    assert under(stack, put_away("imported", "en/2024/river.txt", content)) == {
        put_away("imported", "en/2024/river.txt", content): content
    }


def test_pages_of_an_archive_are_imported(stack: Stack, pump: Pump) -> None:
    """Ours, and the archive's where it is at hand."""
    for path in PAGES:
        drop(stack, path.name, path.read_bytes())
    pump.take_in()
    for path in PAGES:
        assert under(stack, put_away("imported", path.name, path.read_bytes()))


def test_a_file_that_a_scanner_has_tagged_is_put_away_without_its_tags(stack: Stack, pump: Pump) -> None:
    """Its role may neither read tags nor set them; test_least_privilege knows what a copy with tags would need."""
    content = page("The ferry comes back")
    dropped = drop(stack, "en/ferry.txt", content)
    verdict: Any = {"TagSet": [{"Key": "GuardDutyMalwareScanStatus", "Value": "NO_THREATS_FOUND"}]}
    s3 = clients.s3()
    s3.put_object_tagging(Bucket=stack.bucket, Key=dropped.key, VersionId=dropped.version_id, Tagging=verdict)
    pump.take_in()
    key = put_away("imported", "en/ferry.txt", content)
    assert under(stack, key) == {key: content}
    assert s3.get_object_tagging(Bucket=stack.bucket, Key=key)["TagSet"] == []


def test_what_cannot_be_read_is_set_aside_with_the_reason(stack: Stack, pump: Pump) -> None:
    content = b"%PDF-1.7 and so on"
    drop(stack, "en/report.pdf", content)
    pump.take_in()
    key = put_away("rejected", "en/report.pdf", content)
    kept = under(stack, key)
    assert kept[key] == content
    report = json.loads(kept[f"{key}.json"])
    assert report["file"] == "incoming/en/report.pdf"
    assert report["imported"] == []
    (refused,) = report["refused"]
    assert refused == {
        "reason": "this is a PDF",
        "place": "",
        "hint": "Hand in JSON, JSON Feed, HTML, RSS, Atom, a WordPress export or plain text.",
        "article": "",
    }


def test_a_page_that_is_taken_in_without_an_embed_says_which(stack: Stack, pump: Pump) -> None:
    text = "<p>The bridge was opened on Monday after eleven years.</p><iframe src='https://:0/map'></iframe>" * 2
    content = f"<html lang=en><h1>The bridge with a map</h1><article>{text}</article></html>".encode()
    drop(stack, "en/map.html", content)
    pump.take_in()
    key = put_away("imported", "en/map.html", content)
    report = json.loads(under(stack, key)[f"{key}.json"])
    assert (report["refused"], len(report["left_out"])) == ([], 2)
    said = "an embed whose address cannot be shown: https://:0/map"
    assert report["left_out"][0] == {"article": report["imported"][0], "what": said}


def test_a_file_of_a_hundred_megabytes_is_set_aside_without_being_read(
    stack: Stack, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"x" * (LARGEST_FILE + 1)
    drop(stack, "en/huge.txt", content)
    monkeypatch.setattr("importing.intake.articles_in", None)
    pump.take_in()
    (report,) = [json.loads(each) for key, each in under(stack, "rejected/en/huge.").items() if key.endswith(".json")]
    assert "are more than" in report["refused"][0]["reason"]
    assert max(map(len, under(stack, "rejected/en/huge.").values())) == len(content)


def test_a_folder_that_is_no_language_is_said_so(stack: Stack, pump: Pump) -> None:
    content = page("The wrong folder for this page")
    drop(stack, "inbox-2/page.txt", content)
    pump.take_in()
    report = json.loads(under(stack, f"{put_away('rejected', 'inbox-2/page.txt', content)}.json").popitem()[1])
    assert report["refused"][0]["place"] == "folder inbox-2"
    assert "incoming/en/" in report["refused"][0]["hint"]


def test_without_a_folder_the_text_tells_its_language(stack: Stack, pump: Pump, store: ArticleStore) -> None:
    headline = "Мост через реку снова открыт"
    content = page(headline, "Мост открыли в понедельник после одиннадцати лет.", "Шёл дождь, и люди шли.")
    drop(stack, "page.txt", content)
    pump.take_in()
    (article,) = articles_in(content).articles
    assert article.id.startswith("ru-undated-most-cherez-reku-snova-otkryt-")
    assert store.records.latest(article.id).article


def test_of_several_articles_each_is_taken_or_refused(stack: Stack, pump: Pump, store: ArticleStore) -> None:
    one, two = (json.loads(article_json(f"en-list-{number}")) for number in (1, 2))
    content = json.dumps([one, two | {"headline": ""}, two]).encode()
    drop(stack, "en/list.json", content)
    pump.take_in()
    report = json.loads(under(stack, f"{put_away('rejected', 'en/list.json', content)}.json").popitem()[1])
    assert report["imported"] == ["en-list-1", "en-list-2"]
    assert [each["place"] for each in report["refused"]] == ["article 2"]
    assert store.records.latest("en-list-2").version == 1


def test_what_editors_wrote_stays_and_the_file_is_set_aside(
    stack: Stack, pump: Pump, store: ArticleStore, now: Any
) -> None:
    drop(stack, "en/kept.json", article_json("en-kept"))
    pump.take_in()
    edited = store.records.latest("en-kept").article
    assert edited
    store.save(edited.model_copy(update={"headline": "An editor's"}), expected_version=1, at=now)
    content = article_json("en-kept", headline="A file's")
    drop(stack, "en/kept.json", content)
    pump.take_in()
    assert store.records.latest("en-kept").version == 2
    report = json.loads(under(stack, f"{put_away('rejected', 'en/kept.json', content)}.json").popitem()[1])
    assert report["refused"][0]["article"] == "en-kept"
    assert "An editor has changed" in report["refused"][0]["reason"]


def test_a_withdrawn_article_is_not_brought_back_by_a_file(
    stack: Stack, pump: Pump, store: ArticleStore, now: Any
) -> None:
    drop(stack, "en/gone.json", article_json("en-gone"))
    pump.take_in()
    store.withdraw("en-gone", expected_version=1, at=now)
    drop(stack, "en/gone.json", article_json("en-gone", headline="Again"))
    pump.take_in()
    assert store.records.current("en-gone").status == "withdrawn"


def test_the_last_of_two_files_counts_whatever_comes_first(stack: Stack, store: ArticleStore) -> None:
    intake = Intake(store, clients.s3(), bucket=stack.bucket)
    for name, turned in (("en-order-1", False), ("en-order-2", True)):
        s3 = clients.s3()
        files = [Dropped(f"incoming/en/{name}.json", "", sequencer) for sequencer in ("0A", "00FF")]
        dropped: list[Dropped] = []
        for number, each in enumerate(files):
            content = article_json(name, headline=f"Version {number}")
            put = s3.put_object(Bucket=stack.bucket, Key=each.key, Body=content)
            dropped.append(Dropped(each.key, put["VersionId"], each.sequencer))
        for each in [*(reversed(dropped) if turned else dropped), *dropped]:
            intake.take(each)
        latest = store.records.latest(name).article
        assert latest
        assert latest.headline == "Version 1"


def test_of_an_archive_dropped_in_any_order_and_twice_none_is_lost(stack: Stack, pump: Pump) -> None:
    assert pump
    handler = importlib.import_module("importing.app").lambda_handler
    files = [*good_files(40), *damaged_files(24)]
    s3 = clients.s3()
    dropped = [put(s3, stack.bucket, file) for file in files]
    Random(1).shuffle(dropped)
    for start in range(0, len(dropped), 5):
        batch = dropped[start : start + 5]
        assert handler(archive_event([*batch, *batch[:1]]), LambdaContext()) == {"batchItemFailures": []}
    assert account(s3, stack.bucket, files) == Account(imported=40, rejected=24)


def event(dropped: Dropped, received: int = 1) -> dict[str, Any]:
    stated = {"key": dropped.key, "version-id": dropped.version_id, "sequencer": dropped.sequencer}
    body = json.dumps({"detail": {"object": stated}})
    return {
        "Records": [
            {
                "messageId": "1",
                "body": body,
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": str(received)},
            }
        ]
    }


def test_a_file_that_never_comes_to_an_end_is_set_aside_unread(
    stack: Stack, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pump
    app = importlib.import_module("importing.app")
    dropped = drop(stack, "en/endless.html", b"<p>endless")

    def gone(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("importing.intake.articles_in", gone)
    for received in range(1, 5):
        assert app.lambda_handler(event(dropped, received), LambdaContext())["batchItemFailures"]
    assert app.lambda_handler(event(dropped, 5), LambdaContext()) == {"batchItemFailures": []}
    kept = under(stack, "rejected/en/endless.")
    (report,) = [json.loads(content) for key, content in kept.items() if key.endswith(".json")]
    assert report["refused"][0]["reason"] == "importing it was not finished in 4 attempts"
    assert b"<p>endless" in kept.values()


OPERATIONS = ["HeadObject", "GetObject", "PutObject", "CopyObject", "DeleteObject", "GetItem", "TransactWriteItems"]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", ["good", "bad"])
def test_interrupted_anywhere_it_is_done_when_it_comes_again(
    stack: Stack, pump: Pump, store: ArticleStore, operation: str, breaking: Breaking, moment: str, kind: str
) -> None:
    assert pump  # which has imported the function with its environment
    app = importlib.import_module("importing.app")
    name = f"en-fault-{operation}-{moment}-{kind}".lower()
    # A file with an article, and one in which another is refused.
    good = json.loads(article_json(name))
    content = json.dumps([good] if kind == "good" else [good, {"id": "A"}]).encode()
    dropped = drop(stack, f"en/{name}.json", content)
    with breaking(operation, moment) as broken:
        answer = app.lambda_handler(event(dropped), LambdaContext())
    assert bool(answer["batchItemFailures"]) == bool(broken)
    for _ in range(2):
        assert app.lambda_handler(event(dropped), LambdaContext()) == {"batchItemFailures": []}
    folder = "imported" if kind == "good" else "rejected"
    assert (
        under(stack, put_away(folder, f"en/{name}.json", content))[put_away(folder, f"en/{name}.json", content)]
        == content
    )
    assert store.records.latest(name).version == 1


@pytest.mark.parametrize("name", ["en/", ".", "..", "en/."])
def test_what_no_file_is_called_is_set_aside_as_well(stack: Stack, pump: Pump, name: str) -> None:
    before = under(stack, "rejected/").keys()
    drop(stack, name, b"")
    pump.take_in()
    said = json.dumps(f"incoming/{name}").encode()  # other rejected files are JSON too, and some are hostile
    reports = [
        json.loads(each)
        for key, each in under(stack, "rejected/").items()
        if key not in before and key.endswith(".json") and said in each
    ]
    (report,) = [each for each in reports if each["file"] == f"incoming/{name}"]
    assert all(each["reason"] and each["hint"] for each in report["refused"])


def html_at(address: str, headline: str) -> bytes:
    text = (
        f"<h1>{headline}</h1>" + "<p>The bridge was opened on Monday after eleven years, and thousands walked.</p>" * 3
    )
    return f'<html lang="en"><link rel="canonical" href="{address}"><body>{text}</body></html>'.encode()


def test_an_address_that_is_held_keeps_the_id_that_it_has(stack: Stack, pump: Pump, store: ArticleStore) -> None:
    """Ids of addresses had no hash where another address would have made the same one."""
    address = "https://example.org/held/a/b"
    drop(stack, "en/held.json", article_json("en-example-org-held-a-b", url=address))
    pump.take_in()
    drop(stack, "en/held.html", html_at(address, "The bridge, corrected"))
    drop(stack, "en/other.html", html_at("https://example.org/held/a-b", "Another bridge"))
    pump.take_in()
    held = store.records.latest("en-example-org-held-a-b").article
    assert held
    assert held.headline == "The bridge, corrected"
    (other,) = articles_in(html_at("https://example.org/held/a-b", "Another bridge")).articles
    assert other.id != "en-example-org-held-a-b"
    kept = store.records.latest(other.id).article
    assert kept
    assert kept.headline == "Another bridge"


def test_the_log_says_what_was_refused_and_what_was_taken_out(
    stack: Stack, pump: Pump, caplog: pytest.LogCaptureFixture
) -> None:
    marked = [{"type": "paragraph", "html": "It <b onclick='a()'>opened</b>.<script>b()</script>"}]
    content = article_json("en-of-the-log", body=marked)
    with caplog.at_level("INFO", logger="importing.intake"):
        drop(stack, "en/of-the-log.json", content)
        drop(stack, "en/of-the-log.pdf", b"%PDF-1.4")
        pump.take_in()
    told = [record.getMessage() for record in caplog.records if record.name == "importing.intake"]
    assert "incoming/en/of-the-log.json: 1 articles imported, 0 refused" in told
    assert "incoming/en/of-the-log.json: en-of-the-log: body.0.html: taken out: b onclick, script" in told
    (refused,) = (each for each in told if each.startswith("incoming/en/of-the-log.pdf: refused: "))
    assert "PDF" in refused
    assert refused.count(". ") >= 1  # what to do about it
    (report,) = under(stack, put_away("imported", "en/of-the-log.json", content) + ".json").values()
    assert json.loads(report)["removed"] == {
        "en-of-the-log": [{"field": "body.0.html", "removed": ["b onclick", "script"]}]
    }


def of_title(kind: str, text: str) -> tuple[str, bytes]:
    """A file with an article that says neither its id nor its address."""
    match kind:
        case "dated text":
            return ".txt", page("The ferry stops", "November 3, 2005 -- The ferry stops for the winter.", text)
        case "undated text":
            return ".txt", page("The ferry stops", "The ferry stops for the winter. " * 20, text)
        case "dated HTML":
            said = '<meta property="article:published_time" content="2005-11-03T08:00:00Z">'
            body = f"<article><h1>The ferry stops</h1><p>{text}</p></article>"
            return ".html", f'<html lang="en"><head><title>The ferry stops</title>{said}</head>{body}</html>'.encode()
        case _:
            stated = {"language": "en", "headline": "The ferry stops", "published_at": "2005-11-03T08:00:00Z"}
            return ".json", json.dumps(stated | {"body": [{"type": "paragraph", "html": text}]}).encode()


TITLED = ["dated text", "undated text", "dated HTML", "our JSON"]
FIRST = "It will come back in spring, says the captain, who has sailed it for thirty years, if the ice is gone."
OTHER = "The town of Haapsalu has bought another ship meanwhile, which breaks the ice and sails in any weather."


@pytest.mark.parametrize("kind", TITLED)
@pytest.mark.parametrize("is_first_read_last", [False, True])
def test_two_files_with_one_title_are_two_articles_or_one_is_refused_with_both_named(
    stack: Stack, store: ArticleStore, kind: str, *, is_first_read_last: bool
) -> None:
    """Also where the one that was handed in first is read last, as after a failure."""
    suffix, content = of_title(kind, f"{FIRST} {kind} {is_first_read_last}")
    _, other = of_title(kind, f"{OTHER} {kind} {is_first_read_last}")
    folder = f"en/titles-{TITLED.index(kind)}-{is_first_read_last}"
    headline = f"The ferry stops {folder}".encode()
    content, other = (each.replace(b"The ferry stops", headline, 2) for each in (content, other))
    orders = itertools.count(1)

    def dropped_after(name: str, said: bytes) -> Dropped:
        """Files of one second are told apart by S3's sequencer."""
        return replace(drop(stack, f"{folder}/{name}{suffix}", said), sequencer=f"{next(orders):x}")

    dropped = [dropped_after(name, each) for name, each in (("a", content), ("b", other))]
    intake = Intake(store, clients.s3(), bucket=stack.bucket)
    for each in reversed(dropped) if is_first_read_last else dropped:
        intake.take(each)
    kept, refused = (other, content) if is_first_read_last else (content, other)
    names = ("b", "a") if is_first_read_last else ("a", "b")
    (article,) = articles_in(kept, language="en").articles
    latest = store.records.latest(article.id)
    assert latest.version == 1
    assert latest.article
    assert latest.article.body == article.body
    report = under(stack, put_away("rejected", f"{folder}/{names[1]}{suffix}", refused) + ".json")
    (said,) = (json.loads(each)["refused"][0] for each in report.values())
    assert all(f"{folder}/{name}{suffix}" in said["reason"] for name in "ab")
    assert said["hint"]
    # The same words under another name are the same article, and the same file may be corrected.
    intake.take(dropped_after("c", kept))
    corrected = kept.replace(b"the ice", b"all ice")
    intake.take(dropped_after(names[0], corrected))
    assert store.records.latest(article.id).version == 2


@pytest.mark.parametrize("stated", [{"id": "en-the-daily-line"}, {"url": "https://example.org/the-daily-line"}])
def test_what_says_its_id_or_its_address_is_the_same_article_in_any_file(
    stack: Stack, pump: Pump, store: ArticleStore, stated: dict[str, str]
) -> None:
    said = {"language": "en", "headline": "The daily line", **stated}
    for day, text in enumerate(("First.", "Second.")):
        content = json.dumps(said | {"body": [{"type": "paragraph", "html": text}]}).encode()
        drop(stack, f"en/daily/{len(stated)}-{day}.json", content)
        pump.take_in()
    (article,) = articles_in(json.dumps(said | {"body": [{"type": "paragraph", "html": "A."}]}).encode()).articles
    latest = store.records.latest(article.id)
    assert latest.version == 2
