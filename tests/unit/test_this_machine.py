"""A page that is open in a developer's browser changes nothing here, and learns nothing that is not public."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from werkzeug.test import Client

from content_api.http.problems import Problem
from content_api.http.this_machine import refusal
from gateway.events import event
from gateway.server import Gateway
from publishing.requests import Requests

HERE = [{}, {"host": "localhost:8000"}, {"host": "127.0.0.1"}, {"host": "[::1]:8000"}, {"host": "partner.localhost:1"}]
ELSEWHERE = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "evil.example:8000",
    "[::2]",
    "[",
    "10.0.0.1",
]


@pytest.mark.parametrize("headers", HERE)
def test_programs_of_this_machine_may_ask(headers: dict[str, str]) -> None:
    assert refusal(headers, may_change=True) == ""
    assert refusal(headers | {"origin": "http://localhost:3000"}, may_change=True) == ""


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_name_that_was_made_to_lead_here_is_no_name_of_this_machine(host: str) -> None:
    for may_change in (True, False):
        assert host in refusal({"host": host}, may_change=may_change)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example", "file://"])
def test_a_foreign_page_may_read_what_is_public_and_change_nothing(origin: str) -> None:
    assert refusal({"host": "localhost", "origin": origin}, may_change=True)
    assert refusal({"host": "localhost", "origin": origin}, may_change=False) == ""


@pytest.fixture
def asked() -> Callable[..., tuple[int, str]]:
    """Asks a gateway whose functions answer everything that reaches them."""

    def function(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
        return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": "{}"}

    client = Client(Gateway({api: {"$default": function} for api in ("HttpApi", "EditorialApi")}))

    def ask(method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        answer = client.open(path, method=method, data=body, headers=headers)
        return answer.status_code, json.loads(answer.text).get("detail", "")

    return ask


def test_make_run_takes_nothing_of_a_foreign_page(asked: Callable[..., tuple[int, str]]) -> None:
    article = "/v1/editorial/articles/en-a"
    foreign = {"Origin": "https://evil.example"}
    assert asked("POST", f"{article}/publish", **foreign)[0] == 403
    assert asked("GET", article, **foreign)[0] == 403
    assert asked("GET", "/v1/articles", **foreign)[0] == 200
    assert asked("GET", "/v1/articles", Host="evil.example")[0] == 403
    assert asked("GET", article, Host="evil.example")[0] == 403
    # What a form or a script may send anywhere unasked has one of these types, or none.
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        status, detail = asked("PUT", article, "{}", **{"Content-Type": media_type})
        assert status == 415
        assert "application/json" in detail
    assert asked("PUT", article, "{}", **{"Content-Type": "application/json; charset=utf-8"})[0] == 200
    assert asked("PUT", article, "{}", **{"Content-Type": "application/merge-patch+json"})[0] == 200
    assert asked("POST", f"{article}/publish")[0] == 200


def test_sam_locals_editor_is_nobody_for_a_foreign_page() -> None:
    """In containers nothing of the gateway stands before the function."""
    app = APIGatewayHttpResolver()
    requests = Requests(app, clock=lambda: dt.datetime.now(dt.UTC), local_editor="arn:aws:iam::1:user/local-editor")
    asked = event("POST", "/v1/editorial/articles/en-a/publish", {"Host": "localhost:3000"}, route_keys=[])
    for headers, is_refused in (
        ({"Host": "localhost:3000"}, False),
        ({"Host": "localhost:3000", "Origin": "https://evil.example"}, True),
        ({"Host": "evil.example"}, True),
    ):
        app.current_event = APIGatewayProxyEventV2(asked | {"headers": headers})
        if is_refused:
            with pytest.raises(Problem):
                requests.principal()
        else:
            assert requests.principal().endswith("local-editor")
