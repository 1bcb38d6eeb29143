import re
from pathlib import Path

import pytest

from content_api.aws.settings import SettingsError
from content_api.reader_api.settings import ReaderSettings

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-edge-0123456789-abcdefghij"
WHOLE = {
    "CONTENT_TABLE": "table",
    "CONTENT_BUCKET": "bucket",
    "PUBLIC_URL": "https://content.example.org",
    "READER_LOCATION": "edge",
    "ORIGIN_SECRET_CURRENT": SECRET,
    "ORIGIN_SECRET_NEXT": "unset",
}


def test_outside_a_rotation_there_is_one_secret() -> None:
    assert ReaderSettings(WHOLE).origin_secrets == (SECRET.encode(),)


def test_during_a_rotation_there_are_two() -> None:
    settings = ReaderSettings(WHOLE | {"ORIGIN_SECRET_NEXT": SECRET[::-1]})
    assert settings.origin_secrets == (SECRET.encode(), SECRET[::-1].encode())


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"ORIGIN_SECRET_NEXT"}))
@pytest.mark.parametrize("value", [None, "", " "])
def test_a_missing_variable_stops_the_start_and_is_named(name: str, value: str | None) -> None:
    environment = {key: other for key, other in WHOLE.items() if key != name}
    if value is not None:
        environment[name] = value
    with pytest.raises(SettingsError, match=name):
        ReaderSettings(environment)


def test_notices_are_explained_by_the_api_itself_unless_another_page_is_named() -> None:
    assert ReaderSettings(WHOLE).more_information_url == "https://content.example.org/legal-notices/{id}"
    other = "https://www.example.org/why?{id}"
    assert ReaderSettings(WHOLE | {"MORE_INFORMATION_URL": other}).more_information_url == other


def test_only_what_is_asked_at_its_own_address_needs_no_other() -> None:
    """Behind an edge, that address is one that readers never ask."""
    connection = {key: value for key, value in WHOLE.items() if "SECRET" not in key} | {"READER_LOCATION": "connection"}
    assert ReaderSettings(connection | {"PUBLIC_URL": ""}).public_url == ""
    own = ReaderSettings(connection | {"PUBLIC_URL": ""}, domain="abc.execute-api.us-east-1.amazonaws.com")
    assert own.public_url == "https://abc.execute-api.us-east-1.amazonaws.com"
    assert own.publisher_name == "abc.execute-api.us-east-1.amazonaws.com"
    assert own.more_information_url.startswith("https://abc.execute-api.us-east-1.amazonaws.com/legal-notices/")
    stated = ReaderSettings(connection, domain="abc.execute-api.us-east-1.amazonaws.com")
    assert stated.public_url == "https://content.example.org"


@pytest.mark.parametrize("name", ["ORIGIN_SECRET_CURRENT", "ORIGIN_SECRET_NEXT"])
def test_a_secret_that_could_be_guessed_stops_the_start(name: str) -> None:
    with pytest.raises(SettingsError, match="32 characters"):
        ReaderSettings(WHOLE | {name: "short"})


def test_there_is_no_default_place_to_learn_the_readers_location_from() -> None:
    with pytest.raises(SettingsError, match="edge, connection, developer"):
        ReaderSettings(WHOLE | {"READER_LOCATION": "Edge"})


DEVELOPER = {key: value for key, value in WHOLE.items() if "SECRET" not in key} | {"READER_LOCATION": "developer"}


@pytest.mark.parametrize(
    "deployment",
    [
        {"ORIGIN_SECRET_CURRENT": SECRET},
        {"ORIGIN_SECRET_NEXT": SECRET},
        {"AWS_LAMBDA_FUNCTION_NAME": "reading"},
        {"AWS_LAMBDA_FUNCTION_NAME": "reading", "AWS_SAM_LOCAL": "false"},
    ],
)
def test_developer_mode_refuses_to_start_in_a_deployment(deployment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="developer's machine"):
        ReaderSettings(DEVELOPER | deployment)


@pytest.mark.parametrize("machine", [{}, {"AWS_LAMBDA_FUNCTION_NAME": "reading", "AWS_SAM_LOCAL": "true"}])
def test_developer_mode_starts_on_a_developers_machine(machine: dict[str, str]) -> None:
    assert ReaderSettings(DEVELOPER | machine).reader_location == "developer"


def test_the_environment_is_read_where_an_absence_is_named_and_nowhere_else() -> None:
    """`os.environ["NAME"]` fails with the name alone, and `os.environ.get("NAME", "")` not at all."""
    read = re.compile(r"os\.environ(?:\[|\.get\()|os\.getenv\(")
    found = [
        str(path.relative_to(ROOT))
        for folder in ("functions", "layers")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name != "settings.py" and read.search(path.read_text(encoding="utf-8"))
    ]
    assert not found
