"""Every key that this API makes can be read back: what reads keys would call it a stranger's, or leave it out."""

import inspect
from typing import Any

import pytest

from content_api.names import keys
from content_api.names.parsing import key_of
from content_api.names.subjects import TOPIC

GIVEN: dict[str, Any] = {
    "article_id": "en-a",
    "partition": keys.SECTIONS,
    "number": 7,
    "media_id": "0" * 64,
    "kind": TOPIC,
}


def made() -> list[tuple[str, dict[str, str]]]:
    functions = inspect.getmembers(keys, inspect.isfunction)
    return [
        (name, function(*(GIVEN.get(each, "en") for each in inspect.signature(function).parameters)))
        for name, function in functions
        if name.endswith("_key")
    ]


@pytest.mark.parametrize(("name", "key"), made())
def test_a_key_is_read_back(name: str, key: dict[str, str]) -> None:
    named = key_of(key["pk"], key["sk"])
    assert named.kind == key["pk"].partition("#")[0], name
    assert named.article_id == ("en-a" if "en-a" in key.values() or key["pk"].endswith("#en-a") else "")
