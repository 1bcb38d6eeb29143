"""Whatever fails in a function leaves a line in its log that names what failed, and quotes nothing of it."""

import json
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from canary.settings import CanarySettings
from content_api.aws import clients
from content_api.aws.failures import Tellable
from content_api.aws.settings import SettingsError
from content_store.settings import StoreSettings
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.server import LambdaContext
from gateway.stack import Stack
from propagation.settings import DeliveringSettings, PurgingSettings, WithdrawingSettings
from publishing.settings import PublishingSettings

RESOURCES: dict[str, Any] = template.load()["Resources"]
ANSWERING = {*template.FOR_READERS, "PublishingFunction"}  # with a boundary of their own
CALLED = sorted(
    name for name, each in RESOURCES.items() if each["Type"] == "AWS::Serverless::Function" and name not in ANSWERING
)
TEXT = "what an article says and no log may"


def refusing(operation: str, code: str) -> Any:
    original: Any = getattr(BaseClient, "_make_api_call")  # noqa: B009 - where calls go out

    def call(client: Any, name: str, arguments: object) -> object:
        if name == operation:
            response: Any = {"Error": {"Code": code, "Message": TEXT}}
            raise ClientError(response, name)
        return original(client, name, arguments)

    return call


def test_a_file_that_fails_is_named_with_what_aws_calls_the_failure(
    own_stack: Stack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    handler = own_stack.functions["ImportingFunction"].load()
    content = f"A headline\n\n{TEXT}\n\nMore of it.".encode()
    put = clients.s3().put_object(Bucket=own_stack.bucket, Key="incoming/en/a.txt", Body=content)
    detail = {"object": {"key": "incoming/en/a.txt", "version-id": put["VersionId"], "sequencer": "1"}}
    record = {
        "messageId": "m-1",
        "eventSource": "aws:sqs",
        "attributes": {"ApproximateReceiveCount": "1"},
        "body": json.dumps({"detail": detail}),
    }
    monkeypatch.setattr(BaseClient, "_make_api_call", refusing("TransactWriteItems", "AccessDeniedExceptionOfSorts"))
    answer = handler({"Records": [record]}, LambdaContext())
    assert answer["batchItemFailures"] == [{"itemIdentifier": "m-1"}]
    (line,) = [each for each in caplog.records if hasattr(each, "failed")]
    assert line.getMessage().startswith("incoming/en/a.txt (m-1): ClientError TransactWriteItems AccessDeniedExc")
    assert TEXT not in caplog.text


def test_an_editor_who_is_told_to_try_again_leaves_the_code_in_the_log(
    own_stack: Stack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    handler = own_stack.functions["PublishingFunction"].load()
    monkeypatch.setattr(BaseClient, "_make_api_call", refusing("GetItem", "ThrottlingException"))
    routes = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
    headers = {"host": "desk.example.org"}
    asked = event("GET", "/v1/editorial/articles/en-a", headers, route_keys=routes, body=b"", principal=LOCAL_EDITOR)
    assert handler(asked, LambdaContext())["statusCode"] == 503
    assert "ClientError GetItem ThrottlingException" in caplog.text
    assert TEXT not in caplog.text


@pytest.mark.parametrize("name", CALLED)
def test_what_leaves_a_function_tells_lambda_nothing_that_its_log_may_not_keep(
    name: str, own_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lambda's runtime logs the message of what a handler raises."""
    handler = own_stack.functions[name].load()

    class Hostile(dict[str, Any]):
        def __contains__(self, _: object) -> bool:
            raise KeyError(TEXT)

        def __getitem__(self, key: str) -> Any:
            raise KeyError(TEXT)

        def get(self, *_: Any) -> Any:
            raise KeyError(TEXT)

    def check(_: object) -> None:
        raise KeyError(TEXT)

    monkeypatch.setattr("canary.site.Site.check", check)  # the canary reads nothing of its event
    with pytest.raises(Tellable) as raised:
        handler(Hostile(), LambdaContext())
    assert TEXT not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "settings", "may_be_empty"),
    [
        ("PublishingFunction", PublishingSettings, {"MORE_INFORMATION_URL", "LOCAL_EDITOR"}),
        ("DueFunction", StoreSettings, set[str]()),
        ("ImportingFunction", StoreSettings, set[str]()),
        ("CopyingFunction", StoreSettings, set[str]()),
        ("IndexingFunction", StoreSettings, set[str]()),
        ("PurgingFunction", PurgingSettings, {"DISTRIBUTION_ID", "CONTENT_TABLE", "CONTENT_BUCKET"}),
        ("WithdrawingFunction", WithdrawingSettings, {"DISTRIBUTION_ID", "CONTENT_TABLE"}),
        ("DeliveringFunction", DeliveringSettings, {"WEBSUB_HUB", "CONTENT_TABLE", "CONTENT_BUCKET"}),
        ("CanaryFunction", CanarySettings, {"CANARY_LANGUAGE", "EDGE_FUNCTION", "CONTENT_TABLE", "CONTENT_BUCKET"}),
    ],
)
def test_a_variable_that_is_missing_is_named_when_the_function_starts(
    name: str, settings: Any, may_be_empty: set[str], own_stack: Stack
) -> None:
    environment = own_stack.functions[name].environment
    assert settings.read(environment)
    for each in environment.keys() - may_be_empty:
        for missing in (environment | {each: " "}, {one: value for one, value in environment.items() if one != each}):
            with pytest.raises(SettingsError, match=f"^{each} is not set"):
                settings.read(missing)
