"""What a log says of an exception, and what counts it: by Lambda's own formatter and the template's filters."""

import ast
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from awslambdaric.lambda_runtime_log_utils import JsonFormatter  # pyright: ignore[reportMissingTypeStubs]
from botocore.exceptions import ClientError, ParamValidationError
from pydantic import BaseModel, ValidationError

from content_api.aws.batches import QUEUE, STREAM, each_of
from content_api.aws.failures import Failed, Tellable, described, failing_plainly, frames, log_failure
from gateway import template

ROOT = Path(__file__).parents[2]
PURGES = ROOT / "functions" / "propagation" / "purges.py"
RESOURCES: dict[str, Any] = template.load()["Resources"]
TEXT = "what an article says and no log may"


class OutOfTurn(Tellable):
    """One of ours, whose message may be told."""


def refusal(code: str, message: str = TEXT, **members: Any) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": message}, **members}
    return ClientError(response, "PutItem")


def of_the_model() -> ValidationError:
    class Article(BaseModel):
        headline: int

    with pytest.raises(ValidationError) as raised:
        Article.model_validate({"headline": TEXT})
    return raised.value


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refusal("ThrottlingException"), "ClientError PutItem ThrottlingException"),
        (
            refusal("AccessDenied", "User: a role is not authorized to perform: s3:GetObjectTagging"),
            "ClientError PutItem AccessDenied: User: a role is not authorized to perform: s3:GetObjectTagging",
        ),
        (
            refusal(
                "TransactionCanceledException", CancellationReasons=[{"Code": "None"}, {"Code": "ThrottlingError"}]
            ),
            "ClientError PutItem TransactionCanceledException (ThrottlingError)",
        ),
        (ParamValidationError(report=TEXT), "ParamValidationError"),
        (of_the_model(), "ValidationError"),
        (KeyError(TEXT), "KeyError"),
        (FileNotFoundError(2, TEXT, TEXT), "FileNotFoundError No such file or directory"),
        (UnicodeDecodeError("utf-8", TEXT.encode(), 0, 1, TEXT), "UnicodeDecodeError"),
        (OutOfTurn("en-a is at version 2"), "OutOfTurn: en-a is at version 2"),
    ],
)
def test_an_exception_is_told_without_what_it_quotes(error: Exception, expected: str) -> None:
    assert described(error) == expected
    assert TEXT not in described(error)


def test_what_caused_it_is_told_too() -> None:
    with pytest.raises(OutOfTurn) as raised:
        raise OutOfTurn("busy") from refusal("ThrottlingException")
    assert described(raised.value) == "OutOfTurn: busy < ClientError PutItem ThrottlingException"
    (frame,) = frames(raised.value)
    assert re.fullmatch(r"unit/test_failures\.py:\d+ test_what_caused_it_is_told_too", frame)


# ------------------------------------------------------------------------------------------------ Log lines


def lines_of(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """As Lambda's runtime writes them to the log group."""
    return [json.loads(JsonFormatter().format(each)) for each in caplog.records]


def matches(pattern: str, line: dict[str, Any]) -> bool:
    """CloudWatch Logs' pattern language, as much of it as the template uses."""
    terms = re.findall(r'\$\.(\w+) = "([^"]+)"', pattern)
    assert pattern == "{ " + " && ".join(f'$.{name} = "{value}"' for name, value in terms) + " }"
    return all(name in line and value in {"*", line[name]} for name, value in terms)


def counted(line: dict[str, Any]) -> set[str]:
    return {
        name
        for name in ("HandlingFailed", "PublishingProblems")
        if matches(RESOURCES[name]["Properties"]["FilterPattern"], line)
    }


def queued(number: int, body: str = "{}") -> dict[str, Any]:
    return {"messageId": f"message-{number}", "body": body, "eventSource": "aws:sqs", "attributes": {}}


def test_a_record_that_fails_leaves_a_line_that_names_it_and_that_an_alarm_counts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def done(record: Any) -> None:
        if record.message_id == "message-2":
            raise ValueError(TEXT)

    event = {"Records": [queued(number) for number in (1, 2, 3)]}
    answer = each_of(event, None, QUEUE, done, named=lambda record: f"incoming/en/{record.message_id}.txt")
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-2"}]}
    (line,) = lines_of(caplog)
    assert line["failed"] == "incoming/en/message-2.txt (message-2)"
    assert line["message"] == "incoming/en/message-2.txt (message-2): ValueError"
    assert any("test_failures.py" in frame for frame in line["frames"])
    assert TEXT not in json.dumps(line)
    assert counted(line) == {"HandlingFailed", "PublishingProblems"}


def test_a_record_of_the_stream_is_named_by_its_id_where_nothing_else_names_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def done(_: Any) -> None:
        raise refusal("ThrottlingException")

    keys = {"Keys": {"pk": {"S": "A"}, "sk": {"S": "B"}}, "SequenceNumber": "7"}
    record = {"eventID": "event-1", "eventSource": "aws:dynamodb", "dynamodb": keys}
    assert each_of({"Records": [record]}, None, STREAM, done)["batchItemFailures"]
    (line,) = lines_of(caplog)
    assert line["message"] == "event-1: ClientError PutItem ThrottlingException"


def test_a_message_that_nobody_can_read_fails_by_its_id(caplog: pytest.LogCaptureFixture) -> None:
    def done(record: Any) -> None:
        json.loads(record.body)

    def key(record: Any) -> str:
        return str(json.loads(record.body)["key"])

    assert each_of({"Records": [queued(1, "{")]}, None, QUEUE, done, named=key)["batchItemFailures"]
    assert [line["failed"] for line in lines_of(caplog)] == ["message-1"]


def test_what_needs_nobodys_help_is_a_warning_that_no_alarm_counts(caplog: pytest.LogCaptureFixture) -> None:
    def done(_: Any) -> None:
        raise OutOfTurn("partner.example: timeout")

    each_of({"Records": [queued(1)]}, None, QUEUE, done, expected=(OutOfTurn,))
    (line,) = lines_of(caplog)
    assert (line["level"], counted(line)) == ("WARNING", set[str]())


@pytest.mark.parametrize("error", [KeyError(TEXT), OutOfTurn("en-a"), refusal("ThrottlingException")])
def test_what_leaves_a_handler_is_logged_and_quotes_nothing(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    @failing_plainly
    def handler(_event: dict[str, Any], _context: object) -> None:
        raise error

    with pytest.raises(Tellable) as raised:
        handler({}, None)
    assert str(raised.value) == (str(error) if isinstance(error, OutOfTurn) else described(error))
    assert isinstance(raised.value, Failed) is not isinstance(error, OutOfTurn)
    (line,) = lines_of(caplog)
    assert described(error) in line["message"]
    assert "handler" in line["frames"][-1]
    assert "HandlingFailed" in counted(line)


# ------------------------------------------------------------------------------------------------ Alarms


def test_an_alarm_begins_at_the_first_failure() -> None:
    filtered = RESOURCES["HandlingFailed"]["Properties"]
    alarm = RESOURCES["HandlingFailedAlarm"]["Properties"]
    assert filtered["MetricTransformations"][0]["MetricName"] == alarm["MetricName"]
    assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Threshold"]) == (60, 1, 1)


def test_every_function_of_the_publishing_log_is_rolled_back_by_what_it_logs() -> None:
    # An editor's request, which never comes again by itself.
    answering = {route.function for route in template.routes(template.load())}
    for name, each in RESOURCES.items():
        stated = each.get("Properties", {})
        if each["Type"] == "AWS::Serverless::Function" and stated["LoggingConfig"]["LogGroup"] == {
            "Ref": "PublishingLogGroup"
        }:
            alarms = {alarm["Ref"] for alarm in stated["DeploymentPreference"]["Alarms"]}
            assert ("PublishingProblemsAlarm" if name in answering else "HandlingFailedAlarm") in alarms, name


def fed_by_a_queue_or_stream() -> set[str]:
    """The names of the functions."""
    return {
        each["Properties"]["FunctionName"]["Ref"].removesuffix(".Alias")
        for each in RESOURCES.values()
        if each["Type"] == "AWS::Lambda::EventSourceMapping"
    }


@pytest.mark.parametrize("name", sorted(fed_by_a_queue_or_stream()))
def test_every_function_that_a_queue_or_stream_feeds_names_what_failed_where_an_alarm_counts_it(name: str) -> None:
    """Its handler fails plainly, each record of a batch fails by its name, and its mappings are told which."""
    stated = RESOURCES[name]["Properties"]
    assert stated["LoggingConfig"]["LogGroup"] == RESOURCES["HandlingFailed"]["Properties"]["LogGroupName"]
    module = ROOT / "functions" / f"{stated['Handler'].rpartition('.')[0].replace('.', '/')}.py"
    tree = ast.parse(module.read_text(encoding="utf-8"))
    (handler,) = (each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "lambda_handler")
    assert "failing_plainly" in [ast.unparse(each) for each in handler.decorator_list]
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
    batches = [each for each in calls if ast.unparse(each.func) == "each_of"]
    for each in batches:
        # A purge is of many things, and has no name but its message's id.
        is_purge = "read(record.body)" in ast.unparse(each)
        assert is_purge or "named" in {keyword.arg for keyword in each.keywords}, ast.unparse(each)
    # Where one record's effects are many, each effect names the record that it cannot read.
    read_elsewhere = "read_all(event, context)" in ast.unparse(tree) and "each_of(" in PURGES.read_text("utf-8")
    # Where many records are one commit, its shard or its languages are named, or the message that names none.
    names_commit = "{shard}" in ast.unparse(tree) or "work.languages()" in ast.unparse(tree)
    are_one_commit = "log_failure(error, record['messageId'])" in ast.unparse(tree) and names_commit
    assert batches or read_elsewhere or are_one_commit or "named(record)" in ast.unparse(tree)
    for mapping in RESOURCES.values():
        if mapping["Type"] == "AWS::Lambda::EventSourceMapping" and name in str(mapping["Properties"]["FunctionName"]):
            assert mapping["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_nothing_is_logged_below_an_error_by_mistake(caplog: pytest.LogCaptureFixture) -> None:
    log_failure(ValueError(TEXT), "a file")
    assert caplog.records[0].levelno == logging.ERROR
