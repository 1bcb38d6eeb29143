"""The editorial API's contract is that of its routes. That its answers are as it says is checked where they are asked
for: `tests.contract.editorial`.
"""

import json
from pathlib import Path
from typing import Any

from openapi_spec_validator import validate
from tests.contract.editorial import CONTRACT

import publishing
from contract.editorial import OPERATIONS
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.server import LambdaContext
from gateway.stack import Stack

ROUTES = {route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"}


def test_the_contract_is_openapi_with_an_operation_of_each_name() -> None:
    validate(CONTRACT)
    names = [operation.id for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)


def test_routes_deployed_dispatched_and_documented_are_the_same(stack: Stack) -> None:
    api: Any = stack.functions["PublishingFunction"].load()
    answered_by = {key: answered.__func__ for key, answered in api.__self__.answered_by.items()}
    assert {key: operation.answered_by for key, operation in OPERATIONS.items()} == answered_by
    assert ROUTES - {"$default"} == answered_by.keys()


def test_each_body_that_is_taken_is_in_the_contract_and_no_other_has_one() -> None:
    for path, methods in CONTRACT["paths"].items():
        for method, operation in methods.items():
            assert ("requestBody" in operation) == bool(OPERATIONS[f"{method.upper()} {path}"].body)
            required = {each["name"] for each in operation["parameters"] if each.get("required")}
            assert required >= {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_both_are_served_as_they_are_made(stack: Stack) -> None:
    handler = stack.functions["PublishingFunction"].load()
    folder = Path(publishing.__path__[0])
    for path, name, media_type in (
        ("/v1/editorial/openapi.json", "openapi.json", "application/json"),
        ("/v1/editorial/docs", "docs.html", "text/html; charset=utf-8"),
    ):
        asked = event("GET", path, {"host": "desk.example.org"}, route_keys=ROUTES, principal=LOCAL_EDITOR)
        answer = handler(asked, LambdaContext())
        sent = {header.lower(): value for header, value in answer["headers"].items()}
        assert (answer["statusCode"], sent["content-type"]) == (200, media_type)
        assert answer["body"] == folder.joinpath(name).read_text(encoding="utf-8")
    assert json.loads(folder.joinpath("openapi.json").read_text(encoding="utf-8")) == CONTRACT


def test_a_method_that_a_path_does_not_take_is_told_those_that_it_takes(stack: Stack) -> None:
    handler = stack.functions["PublishingFunction"].load()
    for path, methods in CONTRACT["paths"].items():
        takes = {each.upper() for each in methods}
        real = path.replace("{number}", "1").replace("{language}", "en").replace("{id}", "a").replace("{token}", "a")
        for method in {"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS"} - takes:
            asked = event(method, real, {"host": "desk.example.org"}, route_keys=ROUTES, principal=LOCAL_EDITOR)
            answer = handler(asked, LambdaContext())
            assert answer["statusCode"] == 405, (method, path)
            assert set(answer["headers"]["allow"].split(", ")) == takes
    asked = event("GET", "/v1/editorial/artikles", {"host": "d"}, route_keys=ROUTES, principal=LOCAL_EDITOR)
    answer = handler(asked, LambdaContext())
    assert answer["statusCode"] == 404
    assert all(path in answer["body"] for path in CONTRACT["paths"])
