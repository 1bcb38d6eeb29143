"""make sam-invoke finds the function of an event, and says what is missing."""

import json
from pathlib import Path

import pytest

from gateway import template
from gateway.events import event, names_of_saved
from gateway.sam_invoke import NoEvent, invoke
from gateway.sam_local import stand_at_one_address

EVENTS = Path(__file__).parents[2] / "events"


@pytest.mark.parametrize("name", names_of_saved())
def test_each_saved_event_has_a_function(name: str) -> None:
    command = invoke(["sam"], EVENTS / f"{name}.json")
    assert command[:3] == ["sam", "local", "invoke"]
    syndication = ("embed", "feed", "sitemap", "oembed", "digest")
    expected = "SyndicationFunction" if any(word in name for word in syndication) else "ReadingFunction"
    expected = "SearchingFunction" if name.startswith(("search_", "suggest_", "get_related_")) else expected
    expected = "MediaFunction" if name.startswith(("picture_", "recording_")) else expected
    assert command[3] == expected


@pytest.mark.parametrize(
    ("path", "function"),
    [("/v1/nothing", "ReadingFunction"), ("/v1/editorial/nothing", "PublishingFunction")],
)
def test_what_fits_no_route_goes_to_the_function_of_its_api(path: str, function: str, tmp_path: Path) -> None:
    saved = tmp_path / "event.json"
    saved.write_text(json.dumps(event("POST", path, route_keys=[])))
    assert invoke(["sam"], saved)[3] == function


def test_at_the_one_address_of_sam_local_readers_have_their_default_route_and_editors_have_theirs() -> None:
    resources = template.load()["Resources"]
    paths = resources["EditorialApi"]["Properties"]["DefinitionBody"]["paths"]
    function = paths["$default"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]
    stand_at_one_address(paths)
    assert "$default" not in paths
    for path in ("/v1/editorial/{proxy+}", "/v1/previews/{proxy+}"):
        assert paths[path] == {
            "x-amazon-apigateway-any-method": {"responses": {}, "x-amazon-apigateway-integration": function}
        }


@pytest.mark.parametrize(
    "content", [None, "{", "[]", "{}", '{"routeKey": "GET /a"}', '{"routeKey": "GET /a", "rawPath": "/a"}']
)
def test_what_is_no_event_is_said_to_be_none(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(NoEvent, match=r"event\.json"):
        invoke(["sam"], path)
