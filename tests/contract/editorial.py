"""Holds the answers of the editorial API to its contract. Tests that ask it as editors do check every answer."""

import json
from functools import cache
from typing import Any

import jsonschema

from contract.editorial_openapi import document

CONTRACT = document()


def check(route: str, answer: dict[str, Any]) -> None:
    """Raises AssertionError if the contract does not have this answer. `route` is API Gateway's key."""
    method, _, path = route.partition(" ")
    if route == "$default" or method == "HEAD":
        return
    declared = CONTRACT["paths"][path][method.lower()]["responses"]
    status = str(answer["statusCode"])
    assert status in declared, f"{route} answers {status}: {answer['body'][:300]}"
    stated = declared[status]
    if "$ref" in stated:
        stated = CONTRACT["components"]["responses"][stated["$ref"].rpartition("/")[2]]
    sent = {name.lower(): value for name, value in answer["headers"].items()}
    for name in stated.get("headers", {}):
        assert name.lower() in sent, f"{route} {status} lacks {name}"
    media_type = sent["content-type"].partition(";")[0]
    assert media_type in stated["content"], f"{route} answers {media_type}"
    schema = stated["content"][media_type].get("schema")
    if schema:
        faults = [error.message[:300] for error in _validator(schema["$ref"]).iter_errors(json.loads(answer["body"]))]
        assert not faults, f"{route} {status}: {faults[:3]}"
    if media_type == "application/problem+json":
        code = json.loads(answer["body"])["code"]
        told = stated["content"][media_type].get("example", {}).get("code")
        assert told == code or f"`{code}`" in stated["description"], f"{route} {status} does not name {code}"


@cache
def _validator(reference: str) -> Any:
    return jsonschema.Draft202012Validator({"$ref": reference, "components": CONTRACT["components"]})
