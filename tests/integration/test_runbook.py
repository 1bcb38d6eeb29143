"""Every command of docs/runbook.md, read from it and run as it stands there against the local stack."""

import datetime as dt
import io
import itertools
import json
import re
import secrets
import shlex
import string
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from content_api.aws import clients
from content_api.content.article import Article
from content_api.content.front import Front
from content_store.articles import ArticleStore
from content_store.errors import VersionConflict
from content_store.versions import Attribution, Source
from gateway import stack as local_stack
from gateway import template
from gateway.events import event
from gateway.local import handlers
from gateway.pump import Pump
from gateway.server import Gateway, LambdaContext, serving
from gateway.stack import Stack
from newsdesk.__main__ import app as newsdesk
from operations.__main__ import app as operations
from origin_secret import __main__ as origin_secret
from searching.current import _shards_in  # pyright: ignore[reportPrivateUsage] - what a new process does not have

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")
STACK = "runbook"
AT = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)

type Run = Callable[..., list[str]]


def commands(section: str) -> list[str]:
    (found,) = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", RUNBOOK, re.DOTALL | re.MULTILINE)
    return re.findall(r"^    \$ (.*?)(?:\s+#.*)?$", found, re.MULTILINE)


RUN_BY_TESTS = [
    "Withdraw now",
    "Purge all",
    "Rotate the origin secret",
    "Forget old versions",
    "Replay what was given up",
    "Lists, addresses or copies are wrong",
    "Search finds the wrong articles, or none",
    "Restore the table",
]


def test_no_command_of_the_runbook_is_left_untried() -> None:
    sections = re.findall(r"^## (.*)$", RUNBOOK, re.MULTILINE)
    assert [section for section in sections if commands(section)] == RUN_BY_TESTS
    assert all(f'"{section}"' in Path(__file__).read_text(encoding="utf-8") for section in RUN_BY_TESTS)


def test_the_runbook_says_what_to_do_about_every_alarm() -> None:
    alarms = {n for n, each in template.load()["Resources"].items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    (table,) = re.findall(r"^\| alarm \|.*?\n\n", RUNBOOK, re.DOTALL | re.MULTILINE)
    listed = [name for row in table.strip().splitlines()[2:] for name in row.split("|")[1].strip().split(", ")]
    assert sorted(listed) == sorted(alarms)
    assert set(re.findall(r"\w+Alarm\b", RUNBOOK)) == alarms


# ------------------------------------------------------------------------------------------------ A deployment


@pytest.fixture(scope="module")
def made(stack: Stack) -> Stack:
    """A stack of this module's own, in the same moto."""
    assert stack
    return local_stack.create(local_stack.parameters("http://127.0.0.1:8000"), STACK)


@pytest.fixture(scope="module")
def address(made: Stack) -> Iterator[str]:
    with serving(Gateway(handlers(made))) as address:
        yield address


@pytest.fixture(scope="module")
def pump(made: Stack) -> Pump:
    return Pump(made)


@pytest.fixture
def store(made: Stack) -> ArticleStore:
    return made.store()


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands of a section, all or those from one to another, with what stands for its variables."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env={"CONTENT_API_URL": address, "COLUMNS": "300"})

    def invoked(line: str, variables: dict[str, str]) -> str:
        match shlex.split(string.Template(line).substitute({"STACK": STACK} | variables)):
            case [".venv/bin/content-api", *arguments]:
                return good(runner.invoke(newsdesk, arguments))
            case [".venv/bin/python", "-m", "operations", *arguments]:
                return good(runner.invoke(operations, arguments))
            case [".venv/bin/python", "-m", "origin_secret", *arguments]:
                monkeypatch.setattr(sys, "argv", ["origin_secret", *arguments])
                said = io.StringIO()
                with redirect_stdout(said):
                    origin_secret.main()
                return said.getvalue()
            case other:
                raise AssertionError(f"no test knows how to run {other}")

    def ran(section: str, start: int = 0, end: int | None = None, **variables: str) -> list[str]:
        return [invoked(line, variables) for line in commands(section)[start:end]]

    return ran


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


_numbers = itertools.count(1)


def published(store: ArticleStore, **fields: Any) -> str:
    article_id = f"en-runbook-{next(_numbers)}"
    body = [{"type": "paragraph", "html": "Text."}]
    article = {"id": article_id, "language": "en", "headline": "H", "body": body, "published_at": AT, **fields}
    store.save(Article.model_validate(article), expected_version=0, at=AT)
    return article_id


def lambda_as_moto_has_none(made: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handlers themselves: moto would call them in containers."""
    names = {local_stack.physical(STACK)[name]: function for name, function in made.functions.items()}
    original = clients.client

    class Lambda:
        def invoke(self, *, FunctionName: str, Qualifier: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - AWS's
            assert Qualifier == "live"
            try:
                answer = names[FunctionName].load()(json.loads(Payload), LambdaContext())
            except Exception as error:  # noqa: BLE001 - as Lambda does
                failed = json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)}).encode()
                return {"FunctionError": "Unhandled", "Payload": io.BytesIO(failed)}
            return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    def client(service: str, *rest: Any) -> Any:
        return Lambda() if service == "lambda" else original(service, *rest)

    monkeypatch.setattr(clients, "client", client)


# ------------------------------------------------------------------------------------------------ What it promises


def test_withdraw_now(run: Run, store: ArticleStore) -> None:
    article = published(store)
    _, history = run("Withdraw now", ARTICLE=article)
    assert store.records.current(article).status == "withdrawn"
    assert "withdraw" in history


@pytest.fixture
def edge(stack: Stack) -> Iterator[dict[str, str]]:
    """What moto's CloudFormation cannot make: a stack whose outputs name a distribution and the origin secret."""
    assert stack
    cloudfront, manager = clients.client("cloudfront"), clients.client("secretsmanager")
    ports = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    origin = {"Id": "api", "DomainName": "api.example.org", "CustomOriginConfig": ports}
    configuration = {
        "CallerReference": str(uuid.uuid4()),
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "api", "ViewerProtocolPolicy": "https-only"},
        "Comment": "",
        "Enabled": True,
    }
    distribution = cloudfront.create_distribution(DistributionConfig=configuration)["Distribution"]["Id"]
    secret = manager.create_secret(
        Name=str(uuid.uuid4()), SecretString=json.dumps({"current": "the-old-one", "next": "unset"})
    )["ARN"]
    outputs = {"DistributionId": distribution, "OriginSecretArn": secret}
    body = {
        "Parameters": {"OriginSecretRevision": {"Type": "String", "Default": "0"}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    name = f"edge-{uuid.uuid4().hex[:8]}"
    clients.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(body))
    yield outputs | {"STACK": name}
    clients.client("cloudformation").delete_stack(StackName=name)


def test_purge_all(run: Run, edge: dict[str, str]) -> None:
    (said,) = run("Purge all", STACK=edge["STACK"])
    cloudfront = clients.client("cloudfront")
    (listed,) = cloudfront.list_invalidations(DistributionId=edge["DistributionId"])["InvalidationList"]["Items"]
    assert listed["Id"] in said
    made = cloudfront.get_invalidation(DistributionId=edge["DistributionId"], Id=listed["Id"])["Invalidation"]
    assert made["InvalidationBatch"]["Paths"]["Items"] == ["/*"]


def test_where_there_is_no_edge_a_purge_says_so(run: Run, made: Stack) -> None:
    assert made
    with pytest.raises(AssertionError, match="has no edge"):
        run("Purge all")


def test_rotate_the_origin_secret(run: Run, edge: dict[str, str]) -> None:
    (said,) = run("Rotate the origin secret", STACK=edge["STACK"])
    assert [line[:6] for line in said.splitlines()] == ["step 1", "step 2", "step 3", "done: "]
    kept = clients.client("secretsmanager").get_secret_value(SecretId=edge["OriginSecretArn"])["SecretString"]
    assert "the-old-one" not in kept
    described = clients.client("cloudformation").describe_stacks(StackName=edge["STACK"])["Stacks"][0]
    assert described["Parameters"][0]["ParameterValue"] == "3"


def _waiting(queue: str) -> list[str]:
    sqs = clients.client("sqs")
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for each in messages:
            found.append(each["Body"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
    return sorted(found)


def test_replay_what_was_given_up(
    run: Run, made: Stack, store: ArticleStore, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs, s3 = clients.client("sqs"), clients.s3()
    queue = {
        name: local_stack.physical(STACK)[name] for name in template.load()["Resources"] if name.endswith("DeadLetters")
    }
    expected = [f"message {number:02}" for number in range(25)]
    for name in ("Incoming", "Withdrawal", "Copy", "Index", "Mirror", "Purge", "Webhook"):
        for body in expected:
            sqs.send_message(QueueUrl=queue[f"{name}DeadLetters"], MessageBody=body)
    draft = published(store, status="draft", published_at=None)
    store.schedule(draft, AT, expected_version=1, at=AT)
    asked = json.dumps({"article_id": draft, "publish_at": AT.isoformat()})
    sqs.send_message(QueueUrl=queue["DueDeadLetters"], MessageBody=asked)
    article = published(store)
    given_up: list[Any] = []

    def give_up(event: Any, _context: object) -> dict[str, list[Any]]:
        given_up.append(event)
        return {"batchItemFailures": []}

    monkeypatch.setattr(pump, "propagation", give_up)
    pump.turn()
    for number, each in enumerate(given_up):
        kept = {"requestContext": {"condition": "RetryAttemptsExhausted"}, "payload": json.dumps(each)}
        s3.put_object(Bucket=made.bucket, Key=f"aws/lambda/id/shard/{number}", Body=json.dumps(kept).encode())
    lambda_as_moto_has_none(made, monkeypatch)

    assert len(commands("Replay what was given up")) == 9
    said = run("Replay what was given up")

    assert said == ["25 tried again\n"] * 7 + ["1 tried again\n", f"{len(given_up)} tried again\n"]
    for name in ("Incoming", "Webhook"):
        assert _waiting(local_stack.physical(STACK)[f"{name}Queue"]) == expected
    for name in ("Withdrawal", "Purge"):
        assert _waiting(local_stack.physical(STACK)[f"{name}Queue"]) == expected
    copied = set(_waiting(local_stack.physical(STACK)["CopyQueue"]))
    assert {*expected, json.dumps({"article": article})} <= copied
    assert not [body for each in queue.values() for body in _waiting(each)]
    assert store.records.current(draft).status == "published"
    assert "Contents" not in s3.list_objects_v2(Bucket=made.bucket, Prefix="aws/lambda/")
    # Again is safe: nothing is there.
    assert run("Replay what was given up") == ["0 tried again\n"] * 9


def test_what_fails_again_stays_where_it_is(run: Run, made: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = local_stack.physical(STACK)["DueDeadLetters"]
    clients.client("sqs").send_message(QueueUrl=dead, MessageBody='{"article_id": "en-a"}')
    lambda_as_moto_has_none(made, monkeypatch)
    with pytest.raises(AssertionError, match=r"fails again \(KeyError\)"):
        run("Replay what was given up", 7, 8)
    counts = clients.client("sqs").get_queue_attributes(QueueUrl=dead, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "1"  # and visible again in two minutes
    clients.client("sqs").purge_queue(QueueUrl=dead)


def _lose(made: Stack, chosen: Callable[[str, str], bool]) -> None:
    for item in clients.dynamodb().scan(TableName=made.table)["Items"]:
        key: Any = {name: item[name] for name in ("pk", "sk")}
        if chosen(key["pk"]["S"], key["sk"]["S"]):
            clients.dynamodb().delete_item(TableName=made.table, Key=key)


def _everything(made: Stack) -> dict[tuple[str, str], dict[str, Any]]:
    items = clients.dynamodb().scan(TableName=made.table)["Items"]
    return {(str(each["pk"].get("S")), str(each["sk"].get("S"))): dict(each) for each in items}


def test_lists_are_rebuilt_from_s3(run: Run, made: Stack, store: ArticleStore, pump: Pump) -> None:
    published(store, section="Europe", url="https://example.org/lists")
    pump.turn()
    run("Lists, addresses or copies are wrong", 1)
    before = _everything(made)
    _lose(made, lambda pk, _sk: pk.startswith(("LIST#", "URL#")))
    assert before != _everything(made)
    verified, repaired = commands("Lists, addresses or copies are wrong")
    with pytest.raises(AssertionError, match="findings: --repair"):
        run("Lists, addresses or copies are wrong", 0, 1)
    assert verified + " --repair" == repaired
    run("Lists, addresses or copies are wrong", 1)
    assert _everything(made) == before
    assert "all agree" in run("Lists, addresses or copies are wrong", 0, 1)[0]


def test_search_is_built_anew_whatever_became_of_its_index(run: Run, made: Stack, store: ArticleStore) -> None:
    long = [{"type": "paragraph", "html": secrets.token_hex(20_000)} for _ in range(30)]
    found, large = published(store, headline="Walruses come ashore"), published(store, headline="Walruses", body=long)
    gone = published(store, headline="Walruses leave")
    older = published(store, headline="Walruses of old", published_at=dt.datetime(1994, 5, 1, tzinfo=dt.UTC))
    section = "Search finds the wrong articles, or none"
    assert "articles are in new indexes" in run(section, 0, 1)[0]
    store.withdraw(gone, expected_version=1, at=AT)
    s3 = clients.s3()
    for key in ("search/en/2025/meta.json", "search/en/shards.json"):
        s3.put_object(Bucket=made.bucket, Key=key, Body=b"damaged")
    run(section)
    _shards_in.cache_clear()
    searching = made.functions["SearchingFunction"].load()
    keys = [each.key for each in template.routes(template.load()) if each.function == "SearchingFunction"]
    answer = searching(event("GET", "/v1/search?language=en&q=walruses", {}, route_keys=keys), LambdaContext())
    assert {each["id"] for each in json.loads(answer["body"])["articles"]} == {found, large, older}
    with pytest.raises(AssertionError, match="No language of the API is xx"):
        run(section, 0, 1, STACK=f"{STACK} xx")


def test_the_table_is_restored(run: Run, made: Stack, store: ArticleStore, pump: Pump) -> None:
    """All of it is lost after the backup, with articles changed and withdrawn in between."""
    editor = Attribution("an editor", "patch")
    plain = published(store, section="Europe", url="https://example.org/plain")
    withdrawn = published(store, section="Asia")
    changed = published(store)
    large = published(store, body=[{"type": "paragraph", "html": secrets.token_hex(20_000)} for _ in range(30)])
    draft = published(store, status="draft", published_at=None)
    source = Source("incoming/a.json", "2025-11-20 1")
    body = [{"type": "paragraph", "html": "Text."}]
    dropped = Article.model_validate({"id": "en-dropped", "language": "en", "headline": "D", "body": body})
    store.take_in(dropped.model_copy(update={"status": "draft"}), source, by="importing", at=AT)
    store.save(dropped, expected_version=1, at=AT, attribution=editor)
    made.fronts().choose(Front(language="en", top=(plain,)), expected_version=0)
    pump.turn()

    (restored,) = (line.strip() for line in run("Restore the table", 0, 1, TIME="2025-11-20 12:00"))
    store.withdraw(withdrawn, expected_version=1, at=AT)
    again = store.records.recorded(store.records.current(changed).version_key).article
    assert again
    store.save(again.model_copy(update={"headline": "Later"}), expected_version=1, at=AT, attribution=editor)
    pump.turn()
    # A writer that dies between S3 and the table leaves a version that never was.
    with pytest.raises(VersionConflict):
        store.save(again.model_copy(update={"headline": "Never"}), expected_version=1, at=AT)
    before = _everything(made)
    last = int(before["CHANGE#en", "LAST"]["number"]["N"])

    _lose(made, lambda _pk, _sk: True)
    assert store.records.unknown([plain, withdrawn]) == [plain, withdrawn]
    said, _ = run("Restore the table", 1, 3, RESTORED=restored)

    after = _everything(made)
    assert "0 are not" in said
    assert {key for key in before if key not in after and not key[0].startswith(("CHANGE#", "LOG#"))} == set()
    for key, item in after.items():
        if not key[0].startswith("CHANGE#"):
            assert item == before[key], key
    # Who had read all changes is told of everything, and the withdrawal is among it.
    entries = [json.loads(each["entry"]["S"]) for (pk, sk), each in after.items() if pk == "CHANGE#en" and sk != "LAST"]
    assert min(int(sk) for pk, sk in after if pk == "CHANGE#en" and sk != "LAST") > last
    told = {each["id"]: each["change"] for each in entries}
    assert told[withdrawn] == "withdraw"
    assert (told[plain], told[changed], told[large]) == ("upsert", "upsert", "upsert")
    assert draft not in told
    pump.turn()
    assert "all agree" in run("Lists, addresses or copies are wrong", 0, 1)[0]

    with pytest.raises(AssertionError, match="is left alone"):
        run("Restore the table", 3, RESTORED=made.table)
    run("Restore the table", 3, RESTORED=restored)
    assert restored not in clients.dynamodb().list_tables()["TableNames"]


def test_a_version_that_was_never_current_is_not_put_back_and_is_named(
    run: Run, made: Stack, store: ArticleStore, pump: Pump
) -> None:
    article = published(store, headline="Read")
    pump.turn()
    current = store.records.current(article)
    record = json.loads(clients.s3().get_object(Bucket=made.bucket, Key=current.version_key)["Body"].read())
    record["article"]["headline"] = "Never"
    for version, previous in ((1, None), (2, current.version_key)):
        content = json.dumps(record | {"version": version, "previous": previous}).encode()
        clients.s3().put_object(Bucket=made.bucket, Key=f"articles/{article}/00000{version}-0.json", Body=content)
    _lose(made, lambda pk, _sk: pk == f"ARTICLE#{article}")
    run("Restore the table", 1, 2, RESTORED=made.table)
    assert store.records.latest(article).article == store.records.recorded(current.version_key).article
    assert store.records.current(article).version_key == current.version_key
