"""The command `content-api`, as an editor types it, against the API over HTTP."""

import datetime as dt
import importlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import click
import pytest
from moto.s3.models import FakeKey
from typer.testing import CliRunner, Result

from content_api.aws import clients
from content_api.content.article import Article
from content_store.articles import ArticleStore
from gateway import local
from gateway.local import handlers
from gateway.pump import Pump
from gateway.server import Gateway, serving
from gateway.stack import Stack
from newsdesk.__main__ import app
from newsdesk.bulk import Bulk, Outcome

type Command = Callable[..., Result]

TEXT = "The bridge was opened on Monday after eleven years.\n\nThousands of people walked across it in the rain.\n"


@pytest.fixture(scope="module")
def address(own_stack: Stack) -> Iterator[str]:
    with serving(Gateway(handlers(own_stack))) as address:
        yield address


@pytest.fixture(scope="module")
def pump(own_stack: Stack) -> Pump:
    return Pump(own_stack)


@pytest.fixture
def store(own_stack: Stack) -> ArticleStore:
    return own_stack.store()


@pytest.fixture
def command(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env={"CONTENT_API_URL": address, "COLUMNS": "200"})
    return lambda *arguments: runner.invoke(app, [str(each) for each in arguments])


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def created(result: Result) -> str:
    """The id of the article that an import made: of an undated page it ends in a hash of the text."""
    found = re.search(r"^created (\S+)", good(result), re.MULTILINE)
    assert found, result.output
    return found[1]


def refused(result: Result) -> str:
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.stderr


def test_make_run_remembers_nothing_while_nothing_happens(pump: Pump, store: ArticleStore, now: dt.datetime) -> None:
    """Of itself moto keeps whatever it ever made: 12 MB a second, of a server that is left alone."""
    paragraph = {"type": "paragraph", "html": TEXT}
    article = {"id": "en-left-alone", "language": "en", "headline": "Alone", "body": [paragraph]}
    store.save(Article.model_validate(article), expected_version=0, at=now)
    pump.turn()
    made = cast("list[object]", cast("Any", FakeKey).instances_tracked)
    before = len(made)
    for _ in range(3):
        pump.turn()
    assert len(made) == before


def test_a_page_goes_from_the_archive_to_readers_and_back(
    command: Command, tmp_path: Path, pump: Pump, store: ArticleStore
) -> None:
    page = tmp_path / "bridge.txt"
    page.write_text(f"The bridge opens at last\n\n3 May 2004\n\n{TEXT}", encoding="utf-8")
    article = "en-2004-05-03-the-bridge-opens-at-last"
    assert f"created {article}" in good(command("import", page, "--draft"))
    assert f"unchanged {article}" in good(command("import", page, "--draft"))
    assert json.loads(good(command("show", article)))["status"] == "draft"
    assert good(command("patch", article, '{"headline": "The bridge is open"}')).strip() == f"{article} is at version 2"
    assert "version 3" in good(command("publish", article))
    assert store.records.current(article).status == "published"
    assert "version 4" in good(command("withdraw", article, "--reason", "An error", "--note", "Wrong"))
    assert "version 5" in good(command("reinstate", article))
    listed = good(command("history", article))
    assert [word for word in ("import", "patch", "publish", "withdraw", "reinstate") if word in listed]
    pump.turn()
    assert "all agree" in good(command("verify"))


def test_a_draft_is_begun_edited_compared_previewed_scheduled_and_published(
    command: Command, tmp_path: Path, store: ArticleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    begun = good(command("new", "en", "A Bridge & Its Toll", "--text", text))
    article = begun.split()[0]
    assert re.fullmatch(r"en-\d{4}-\d\d-\d\d-a-bridge-its-toll is at version 1\n", begun)
    assert "is there already" in refused(command("new", "en", "Another", "--text", text, "--id", article))
    edits(monkeypatch, lambda _: " \n")
    assert "needs some text" in refused(command("new", "en", "Another"))
    assert f"draft  {article}  A Bridge & Its Toll" in good(command("drafts", "en"))
    (line,) = [each for each in good(command("list", "toll", "--language", "en")).splitlines() if article in each]
    assert line.startswith("draft ")
    assert line.endswith("A Bridge & Its Toll")
    assert [json.loads(line)["id"] for line in good(command("--json", "drafts", "en")).splitlines()] == [article]

    edits(monkeypatch, lambda text: text.replace("eleven years", "eleven long years"))
    assert good(command("edit", article)) == f"{article} is at version 2\n"
    edits(monkeypatch, lambda text: text)
    assert good(command("edit", article)) == f"{article} is as it was\n"
    changed = good(command("diff", article, "--since", "1"))
    assert re.search(r"^-.*eleven years.*^\+.*eleven long years", changed, re.MULTILINE | re.DOTALL)

    link, _, until = good(command("preview", article, "--hours", "1")).partition("  ")
    assert "/v1/previews/" in link
    assert re.fullmatch(r"until \d{4}-\d\d-\d\d \d\d:\d\d \w+ \(\d\d:\d\d UTC\)\n", until)
    moment = r"to be published at 2099-01-01 10:00 \w+ \(\d\d:\d\d UTC\)"
    assert re.search(moment, good(command("schedule", article, "2099-01-01 10:00")))
    assert re.search(moment, good(command("publish", article, "--at", "2099-01-01 10:00")))
    assert "to be published at 2099" in good(command("drafts", "en"))
    assert re.search(rf"^2099-01-01 10:00 \w+ \(\d\d:\d\d UTC\)  en  {article}  A Bridge", good(command("scheduled")))
    good(command("unschedule", article))
    assert good(command("scheduled")) == "nothing is scheduled\n"
    good(command("publish", article))
    assert store.records.current(article).status == "published"


def test_a_published_article_is_edited_aside_marked_chosen_and_restored(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    article = good(command("new", "ga", "Droichead", "--text", text, "--id", "ga-droichead")).split()[0]
    good(command("publish", article))

    edits(monkeypatch, lambda text: text.replace("Droichead", "An droichead"))
    assert good(command("edit", article)) == f"{article} has a pending edit of version 2\n"
    assert json.loads(good(command("show", article)))["article"]["headline"] == "Droichead"
    assert '+  "headline": "An droichead",' in good(command("diff", article))
    assert f"edit   {article}  An droichead" in good(command("drafts", "ga"))
    assert "/v1/previews/" in good(command("preview", article))
    good(command("discard", article))
    assert "no pending edit" in refused(command("discard", article))
    good(command("edit", article))
    assert good(command("publish", article, "--minor")) == f"{article} is at version 3\n"
    assert json.loads(good(command("show", article)))["article"]["updated_at"] is None

    edits(monkeypatch, lambda text: text + "}")
    assert f"What you wrote is in {article}.unsaved.json" in refused(command("edit", article))
    assert (tmp_path / f"{article}.unsaved.json").read_text(encoding="utf-8").endswith("}\n}")
    edits(monkeypatch, lambda text: text.replace("An droichead", ""))
    assert f"What you wrote is in {article}.unsaved.json" in refused(command("edit", article))

    assert "breaking until" in good(command("breaking", article, "--hours", "1"))
    good(command("breaking", article, "--end"))
    assert good(command("front", "ga")) == ""
    assert good(command("front", "ga", article)) == "the front of ga is at version 1\n"
    assert good(command("front", "ga")) == f"top  {article}\n"
    assert json.loads(good(command("--json", "restore", article, "1")))["version"] > 3
    assert json.loads(good(command("show", article)))["article"]["headline"] == "Droichead"
    assert "--status" in command("list", "--status", "lost").stderr


def test_one_change_is_made_to_many_articles_tried_first_stopped_and_resumed(
    command: Command, tmp_path: Path, store: ArticleStore, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    paragraph = {"type": "paragraph", "html": TEXT}
    ids = [f"cy-bulk-{number}" for number in range(12)]
    for each in ids:
        article = {"id": each, "language": "cy", "headline": "Pont", "status": "published", "body": [paragraph]}
        store.save(Article.model_validate(article | {"published_at": now}), expected_version=0, at=now)
    listed = tmp_path / "ids.txt"
    listed.write_text("\n".join([*ids, "", ids[0], "cy-nothing"]), encoding="utf-8")
    change = ("bulk", listed, "--patch", '{"section": "Newyddion"}')
    tried = command(*change, "--dry-run")
    assert (tried.exit_code, "would change  12" in tried.stdout, "refused cy-nothing" in tried.stderr) == (
        1,
        True,
        True,
    )
    assert store.records.current(ids[0]).version == 1
    assert not (tmp_path / "bulk.jsonl").exists()

    made: list[str] = []
    one = Bulk._one  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - stopped in the middle of it

    def until_stopped(job: Bulk, article_id: str) -> Outcome:
        if len(made) == 5:
            raise KeyboardInterrupt
        made.append(article_id)
        return one(job, article_id)

    with monkeypatch.context() as patch:
        patch.setattr(Bulk, "_one", until_stopped)
        assert command(*change).exit_code in {1, 130}
    versions = [store.records.current(each).version for each in ids]
    assert 0 < versions.count(2) < 12
    with (tmp_path / "bulk.jsonl").open("a", encoding="utf-8") as torn:
        torn.write('{"article": "cy-bu')
    done = command(*change)
    assert re.search(r"changed  \d+\ndone before  \d+\nrefused  1\n", done.stdout), done.output
    assert [store.records.current(each).version for each in ids] == [2] * 12
    assert "done before  12" in command(*change).stdout
    assert "is no report of this change" in refused(command("bulk", listed, "--publish"))
    again = command(*change, "--report", "another.jsonl")
    assert "unchanged  12" in again.stdout

    found = tmp_path / "found.jsonl"
    found.write_text(good(command("--json", "list", "--language", "cy")), encoding="utf-8")
    assert "changed  12" in good(command("bulk", found, "--withdraw", "A test.", "--report", "gone.jsonl"))
    assert store.records.current(ids[7]).status == "withdrawn"
    assert "changed  12" in good(command("bulk", found, "--reinstate", "--report", "back.jsonl"))
    assert store.records.current(ids[7]).status == "published"
    assert "Name one of" in command("bulk", found, "--publish", "--reinstate").stderr
    assert "not JSON" in refused(command("bulk", found, "--patch", "{"))
    assert "JSON object" in refused(command("bulk", found, "--patch", "[]"))


def edits(monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    """An editor at their editor."""

    def edit(text: str = "", *, extension: str = ".txt", require_save: bool = True) -> str:
        assert (extension == ".json") == require_save == bool(text)
        return change(text)

    monkeypatch.setattr(click, "edit", edit)


def test_topics_are_made_renamed_merged_listed_and_exported_as_the_guide_says(command: Command, tmp_path: Path) -> None:
    samples = Path(local.__file__).parent / "samples" / "subjects"
    assert good(command("topics", "put", "libraries", samples / "libraries.json")) == "libraries is at version 1\n"
    assert good(command("topics", "put", "seeds", samples / "seeds.json")) == "seeds is at version 1\n"
    assert good(command("topics", "put", "seeds", samples / "seeds.json")) == "seeds is at version 2\n"
    assert good(command("topics", "merge", "seeds", "libraries")) == "seeds leads to libraries\n"
    assert "seeds → libraries  en: Seeds\n" in good(command("topics", "list"))
    assert "into itself" in refused(command("topics", "merge", "libraries", "libraries"))
    assert "There is no author nobody" in refused(command("authors", "merge", "nobody", "libraries"))
    good(command("authors", "put", "mira-halvorsen", samples / "mira-halvorsen.json"))
    good(command("export", tmp_path / "all"))
    kept = json.loads((tmp_path / "all" / "topics" / "libraries.json").read_text(encoding="utf-8"))
    assert (kept["subject"]["names"][1]["name"], kept["replaces"]) == ("Бібліотеки", ["seeds"])
    assert (tmp_path / "all" / "authors" / "mira-halvorsen.json").exists()


def test_publishing_at_a_time(
    command: Command, tmp_path: Path, store: ArticleStore, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "later.txt"
    page.write_text(f"The bridge opens some day\n\n3 May 2004\n\n{TEXT}", encoding="utf-8")
    good(command("import", page, "--draft"))
    article = "en-2004-05-03-the-bridge-opens-some-day"
    good(command("publish", article, "--at", "2099-01-01 10:00"))
    waiting = store.records.current(article)
    assert waiting.status == "draft"
    assert waiting.publish_at
    assert "minute" in refused(command("publish", article, "--at", "2099-01-01T10:00:30"))
    pump.turn(now=waiting.publish_at - dt.timedelta(seconds=1))
    assert store.records.current(article).status == "draft"
    # The function waits for its time by its own clock, too: here it believes that it has come.
    due = importlib.import_module("publishing.due")
    monkeypatch.setattr(due, "_LONGEST_EARLY", 1e12)
    monkeypatch.setattr(due.time, "sleep", abs)
    pump.turn(now=waiting.publish_at)
    assert store.records.current(article).status == "published"


def test_an_archive_is_taken_file_by_file_and_what_is_refused_is_reported(command: Command, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    (archive / "deep").mkdir(parents=True)
    for number in range(12):
        (archive / "deep" / f"{number}.txt").write_text(f"The bridge number {number} opens\n\n{TEXT}", encoding="utf-8")
    (archive / "scan.pdf").write_bytes(b"%PDF-1.7")
    (archive / ".hidden").write_bytes(b"%PDF-1.7")
    (archive / "empty.txt").write_bytes(b"")
    dry = command("import", archive, "--dry-run")
    assert dry.exit_code == 1
    assert "would import" in dry.stdout
    result = command("import", archive, "--report", "why.jsonl")
    assert "2 refused: why.jsonl says why" in refused(result)
    assert "12" in result.stdout
    report = [json.loads(line) for line in (tmp_path / "why.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {(Path(each["file"]).name, each["reason"].partition(".")[0]) for each in report} == {
        ("scan.pdf", "this is a PDF"),
        ("empty.txt", "the file is empty"),
    }
    again = command("import", archive)
    assert "unchanged" in again.stdout
    assert "created" not in again.stdout


def test_what_an_article_is_taken_in_without_is_reported(command: Command, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    lost = "<iframe src='https://:0/map'></iframe>"
    page.write_text(f"<html lang=en><h1>The bridge with a map</h1><p>{TEXT}</p>{lost}<p>{TEXT}</p>", encoding="utf-8")
    result = command("import", page, "--report", "why.jsonl")
    assert result.exit_code == 0, result.output
    assert "1 pictures, recordings or embeds left out of 1 articles: why.jsonl says which" in result.stderr
    (line,) = (tmp_path / "why.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["left_out"] == ["an embed whose address cannot be shown: https://:0/map"]


def test_what_sanitising_took_out_of_a_file_is_said(command: Command, tmp_path: Path) -> None:
    marked = [{"type": "paragraph", "html": "It <b onclick='a()'>opened</b>.<script>b()</script>"}]
    page = tmp_path / "marked.json"
    page.write_text(
        json.dumps({"id": "en-marked", "language": "en", "headline": "A", "body": marked}), encoding="utf-8"
    )
    for dry_run in (["--dry-run"], []):
        result = command("import", page, *dry_run)
        assert result.exit_code == 0
        assert "marked.json: body.0.html: taken out: b onclick, script" in result.stderr


def test_everything_can_be_taken_away(command: Command, tmp_path: Path, store: ArticleStore) -> None:
    page = tmp_path / "taken.txt"
    page.write_text(f"The bridge is taken away\n\n3 May 2004\n\n{TEXT}", encoding="utf-8")
    good(command("import", page))
    article = "en-2004-05-03-the-bridge-is-taken-away"
    good(command("patch", article, '{"headline": "Corrected"}'))
    for _ in range(2):
        good(command("export", tmp_path / "out"))
    folder = tmp_path / "out" / "articles" / article
    first, second = (json.loads(each.read_text(encoding="utf-8")) for each in sorted(folder.iterdir()))
    assert (first["version"], first["action"], second["action"]) == (1, "import", "patch")
    assert second["article"]["headline"] == "Corrected"
    assert first["article"]["body"] == second["article"]["body"]
    everything = sorted(each.name for each in (tmp_path / "out" / "articles").iterdir())
    assert article in everything
    assert all(store.records.current(each).version for each in everything)


def test_what_does_not_agree_is_said_and_repaired(
    command: Command, tmp_path: Path, own_stack: Stack, pump: Pump
) -> None:
    page = tmp_path / "stray.txt"
    page.write_text(f"The bridge goes astray\n\n3 May 2004\n\n{TEXT}", encoding="utf-8")
    good(command("import", page))
    pump.turn()
    clients.dynamodb().put_item(
        TableName=own_stack.table, Item={"pk": {"S": "DRAFTS#en"}, "sk": {"S": "en-2004-05-03-the-bridge-goes-astray"}}
    )
    said = command("verify")
    assert said.exit_code == 1
    assert "DRAFTS#en en-2004-05-03-the-bridge-goes-astray should not be there" in said.stdout
    assert "--repair" in said.stdout
    assert "repaired: " in good(command("verify", "--repair"))
    assert "all agree" in good(command("verify"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "en-nobody"], "There is no article en-nobody."),
        (["patch", "en-nobody", "{"], "That is not JSON"),
        (["publish", "en-nobody"], "There is no article en-nobody."),
        (["--url", "ftp://x", "show", "a"], "ftp://x is no address"),
        (["--url", "http://127.0.0.1:1", "show", "a"], "does not answer"),
    ],
)
def test_errors_are_sentences(command: Command, arguments: list[str], sentence: str) -> None:
    assert sentence in refused(command(*arguments))


def test_where_nothing_listens_on_this_machine_that_is_said_at_once(command: Command) -> None:
    """Further attempts took five seconds to say it."""
    slept: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("urllib3.util.retry.time.sleep", slept.append)
        said = refused(command("--url", "http://127.0.0.1:1", "show", "a"))
        assert refused(command("--url", "http://127.0.0.1:1", "verify")).count("does not answer") == 1
    assert slept == []
    assert "(it refuses the connection)" in said
    assert "make run" in said


def test_a_byte_that_a_file_could_not_tell_is_shown_in_its_article(command: Command, tmp_path: Path) -> None:
    """The API takes U+FFFD for a body that is no UTF-8, unless it is escaped."""
    page = tmp_path / "2004-05-03-one-byte.txt"
    page.write_text(f"One Byte\n\nPrague, 3 May 2004 (RFE/RL) -- One \ufffd byte.\n\n{TEXT}", encoding="utf-8")
    made = created(command("import", page, "--language", "en"))
    assert "\ufffd" in good(command("show", made))


def test_verifying_shows_that_it_has_begun(command: Command) -> None:
    """Where nobody sees a progress bar turn, too."""
    assert command("verify").stderr.startswith("verifying")


def test_an_editor_is_told_what_sanitising_took_out(command: Command, store: ArticleStore) -> None:
    body = [{"type": "paragraph", "html": "Text."}]
    fields: dict[str, Any] = {"id": "en-taken-out", "language": "en", "headline": "H", "body": body}
    store.save(Article.model_validate(fields), expected_version=0, at=dt.datetime.now(dt.UTC))
    html = "<b>Text</b> <script>x()</script>"
    result = command("patch", "en-taken-out", json.dumps({"body": [{"type": "paragraph", "html": html}]}))
    assert "en-taken-out is at version 2" in good(result)
    assert "body.0.html: taken out: script" in result.stderr
