"""make sam-invoke finds the function of an event, and says what is missing."""

from pathlib import Path

import pytest

from gateway.events import names_of_saved
from gateway.sam_invoke import NoEvent, invoke

EVENTS = Path(__file__).parents[2] / "events"


@pytest.mark.parametrize("name", names_of_saved())
def test_each_saved_event_has_a_function(name: str) -> None:
    command = invoke(["sam"], EVENTS / f"{name}.json")
    assert command[:3] == ["sam", "local", "invoke"]
    syndication = ("embed", "feed", "sitemap", "oembed")
    expected = "SyndicationFunction" if any(word in name for word in syndication) else "ReadingFunction"
    assert command[3] == expected


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"routeKey": "GET /nowhere"}'])
def test_what_is_no_event_is_said_to_be_none(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(NoEvent, match=r"event\.json"):
        invoke(["sam"], path)
