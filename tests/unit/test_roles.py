"""Who may do what at the editorial API: the policies of the template, by IAM's own rules of matching."""

import fnmatch
import re
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import cast

import pytest
import urllib3
from urllib3 import HTTPResponse

from gateway import template
from newsdesk.client import EditorialClient, Refused
from newsdesk.roles import ROLES, role_for

_TEMPLATE = template.load()
_ORDER = ["reader", "writer", "editor", "administrator"]
_ARN = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${EditorialApi}/$default/"
_LEAST = {
    "GET *": "reader",
    "PUT /v1/editorial/drafts/{id}": "writer",
    "PATCH /v1/editorial/drafts/{id}": "writer",
    "DELETE /v1/editorial/drafts/{id}": "writer",
    "POST /v1/editorial/drafts/{id}/previews": "writer",
    "POST /v1/editorial/media": "writer",
    "PUT /v1/editorial/articles/{id}": "editor",
    "PATCH /v1/editorial/articles/{id}": "editor",
    "POST /v1/editorial/articles/{id}/versions/{number}/restore": "editor",
    "POST /v1/editorial/articles/{id}/publish": "editor",
    "PUT /v1/editorial/articles/{id}/schedule": "editor",
    "DELETE /v1/editorial/articles/{id}/schedule": "editor",
    "PUT /v1/editorial/articles/{id}/breaking": "editor",
    "DELETE /v1/editorial/articles/{id}/breaking": "editor",
    "POST /v1/editorial/articles/{id}/withdraw": "editor",
    "POST /v1/editorial/articles/{id}/reinstate": "editor",
    "POST /v1/editorial/articles/{id}/previews": "editor",
    "PUT /v1/editorial/fronts/{language}": "editor",
    "PUT /v1/editorial/topics/{id}": "editor",
    "PUT /v1/editorial/authors/{id}": "editor",
    "PUT /v1/editorial/shows/{id}": "editor",
    "POST /v1/editorial/articles/{id}/posts": "editor",
    "PUT /v1/editorial/articles/{id}/posts/{number}": "editor",
    "DELETE /v1/editorial/articles/{id}/posts/{number}": "editor",
    "POST /v1/editorial/topics/{id}/merge": "administrator",
    "POST /v1/editorial/authors/{id}/merge": "administrator",
    "POST /v1/editorial/shows/{id}/merge": "administrator",
    "POST /v1/editorial/imports": "administrator",
    "POST /v1/editorial/verifications": "administrator",
}
_ROUTES = [
    route.key for route in template.routes(_TEMPLATE) if route.api == "EditorialApi" and "/v1/editorial/" in route.key
]


def allowed(role: str) -> list[str]:
    """The patterns of method and path that a role's policy allows."""
    policy = _TEMPLATE["Resources"][f"Editorial{role.capitalize()}Policy"]
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    stated = statement["Resource"]
    listed = cast("list[dict[str, str]]", stated if isinstance(stated, list) else [stated])
    found = [each["Fn::Sub"] for each in listed]
    assert all(each.startswith(_ARN) for each in found)
    return [each.removeprefix(_ARN) for each in found]


def may(role: str, key: str) -> bool:
    asked = re.sub(r"\{\w+\}", "en-a-bridge", key).replace(" ", "", 1)
    return any(fnmatch.fnmatchcase(asked, pattern) for pattern in allowed(role))


@pytest.mark.parametrize("key", _ROUTES)
def test_each_role_may_do_what_it_is_for_and_no_more(key: str) -> None:
    least = _LEAST.get(key) or (_LEAST["GET *"] if key.startswith("GET ") else "")
    assert least, f"{key}: who may do this? Say so here, in the template and in newsdesk.roles"
    assert {role: may(role, key) for role in _ORDER} == {
        role: _ORDER.index(role) >= _ORDER.index(least) for role in _ORDER
    }
    method, _, path = re.sub(r"\{\w+\}", "en-a-bridge", key).partition(" ")
    assert role_for(method, path) == least


def test_the_table_of_the_command_is_that_of_the_template() -> None:
    so_far: set[str] = set()
    for role, (output, statements) in ROLES.items():
        so_far |= {f"{method}{path}" for method, path in statements}
        if role == "administrator":
            so_far = {"*/v1/editorial/*"}
        assert set(allowed(role)) == so_far
        assert _TEMPLATE["Outputs"][output]["Value"] == {"Ref": output.removesuffix("Arn")}
    assert list(ROLES) == _ORDER


def test_no_role_reaches_another_path() -> None:
    for role in _ORDER:
        for key in ("GET /v1/previews/x", "POST /v1/articles", "GET /v1/editorial"):
            assert not may(role, key)
    assert not role_for("GET", "/v1/previews/x")


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("a1b2c3.execute-api.eu-central-1.amazonaws.com", "eu-central-1"),
        ("a1b2c3.execute-api.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("a1b2c3.execute-api.localhost", "il-central-1"),
        ("desk.example.org", "il-central-1"),
    ],
)
def test_requests_are_signed_for_the_region_that_the_address_names(
    host: str, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "il-central-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "of-a-test")
    signed: list[str] = []

    def sent(_method: str, _url: str, headers: dict[str, str], **_: object) -> HTTPResponse:
        signed.append(headers["Authorization"])
        return HTTPResponse(b"{}", status=200)

    monkeypatch.setattr(urllib3.PoolManager, "request", lambda _, *asked, **more: sent(*asked, **more))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] - as it is there
    EditorialClient(f"https://{host}").ask("GET", "/v1/editorial/articles")
    assert f"/{region}/execute-api/aws4_request" in signed[0]


class Forbidding(BaseHTTPRequestHandler):
    """Answers as API Gateway does to whoever IAM does not let in."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(403)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"message":"Forbidden"}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass


def test_who_is_refused_is_told_which_policy_to_ask_for() -> None:
    with HTTPServer(("127.0.0.1", 0), Forbidding) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        editorial = EditorialClient(f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(Refused, match=r"may not POST .*/withdraw.* role editor: .* EditorialEditorPolicyArn"):
            editorial.ask("POST", "/v1/editorial/articles/en-a-bridge/withdraw?x=1", {}, version=1)
        with pytest.raises(Refused, match="another path"):
            editorial.ask("POST", "/v1/elsewhere", {})
        server.shutdown()
