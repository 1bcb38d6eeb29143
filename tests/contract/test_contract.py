"""The contract is what is served: as strangers' tools see it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from urllib.request import Request, urlopen

import jsonschema
import pytest
from openapi_spec_validator import validate

import reading
from content_api.http.problems import PROBLEMS
from contract.__main__ import ROOT, files
from gateway import template
from imaging.serving.routes import ROUTES as MEDIA
from reading.routes import ROUTES as READING
from searching.routes import ROUTES as SEARCHING
from syndication.routes import ROUTES as SYNDICATION
from thoroughness import IS_THOROUGH, examples

HERE = Path(__file__).parent
CONTRACT: dict[str, Any] = json.loads(Path(reading.__path__[0], "openapi.json").read_text(encoding="utf-8"))
ARTICLE = "en-2025-10-14-the-librarians-who-lend-seeds"
SCRIPTS = Path(sys.executable).parent


def test_what_is_served_is_what_the_models_and_routes_make() -> None:
    for name, text in files().items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, "run make contract"


def test_the_contract_is_openapi() -> None:
    assert CONTRACT["openapi"] == "3.1.0"
    validate(CONTRACT)


def test_routes_deployed_dispatched_and_documented_are_the_same() -> None:
    routes = template.routes(template.load())
    deployed = {route.key for route in routes if route.function in template.FOR_READERS} - {"$default"}
    dispatched = {
        f"{method} {route.path}" for route in (*READING, *SYNDICATION, *SEARCHING, *MEDIA) for method in ("GET", "HEAD")
    }
    assert deployed == dispatched
    # HEAD answers as GET does, so the contract says each once: two operations a path are two methods of a client.
    documented = {f"{method.upper()} {path}" for path, methods in CONTRACT["paths"].items() for method in methods}
    assert documented == {each for each in dispatched if each.startswith("GET ")}


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of the contract's answers, the members' too, with the name of the component that it is part of."""

    def within(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            yield cast("dict[str, Any]", value)
            for each in cast("dict[str, Any]", value).values():
                yield from within(each)
        elif isinstance(value, list):
            for each in cast("list[Any]", value):
                yield from within(each)

    for name, component in CONTRACT["components"]["schemas"].items():
        for schema in within(component):
            yield name, schema


def test_makers_of_typed_clients_find_nothing_that_they_stumble_over() -> None:
    contents = [
        content
        for methods in CONTRACT["paths"].values()
        for response in methods["get"]["responses"].values()
        for content in response.get("content", {}).values()
    ]
    assert not [each for each in contents if {"anyOf", "oneOf", "allOf"} & {*each.get("schema", {})}]
    for name, schema in schemas():
        members = schema.get("properties")
        assert "default" not in schema or isinstance(members, dict), name
        for each in schema.get("anyOf", []):
            assert set(each) == {"$ref"} or each == {"type": "null"}, name  # the others are types, of which one is null
    assert {"List", "Text", "Image", "Section", "Card", "Picture"}.isdisjoint(CONTRACT["components"]["schemas"])
    assert CONTRACT["components"]["schemas"]["ProblemDetails"]["properties"]["code"]["enum"] == [*PROBLEMS]
    for path, methods in CONTRACT["paths"].items():
        assert {"429", "503"} <= set(methods["get"]["responses"]), path
    for code in ("too-many-requests", "temporarily-unavailable"):
        assert "Retry-After" in CONTRACT["components"]["responses"][code]["headers"]


def test_every_example_is_as_its_schema_says() -> None:
    examples = 0
    for path, methods in CONTRACT["paths"].items():
        for content in methods["get"]["responses"].get("200", {}).get("content", {}).values():
            if "example" in content:
                jsonschema.validate(content["example"], _whole(content["schema"]))
                examples += 1
                assert content["example"]["legal_notices"] == [], path
    assert examples >= 7


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"/v1/articles/{ARTICLE}", "PublicArticle"),
        ("/v1/articles/fa-2025-11-19-lviv-a-bakery-pays-in-flour-0?body=html", "PublicArticle"),
        ("/v1/articles?language=uk", "ArticleList"),
        ("/v1/fronts/en", "FrontPage"),
        ("/v1/breaking?language=ru", "BreakingNews"),
        ("/v1/changes?language=en", "ChangeFeed"),
        ("/v1/sections", "Sections"),
        ("/v1/languages", "Languages"),
        ("/v1/newsletters", "Newsletters"),
        ("/v1/legal-notices/ru-undesirable-organization", "NoticeAsData"),
        (f"/v1/articles/{ARTICLE}?format=jsonld", "NewsArticle"),
    ],
)
@pytest.mark.parametrize("country", ["US", "RU"])
def test_answers_without_fields_are_of_the_strict_shape(address: str, path: str, name: str, country: str) -> None:
    request = Request(address + path, headers={"CloudFront-Viewer-Country": country})
    with urlopen(request, timeout=30) as response:
        answer = json.load(response)
    jsonschema.validate(answer, _whole({"$ref": f"#/components/schemas/{name}"}))
    assert bool(answer["legal_notices"]) == (country == "RU")
    # `fields` may leave members out. Here it does not, so every one is there, but for those of other circumstances.
    stated = {*CONTRACT["components"]["schemas"][name]["properties"]} - {"stale", "body", "html", "text"}
    assert stated <= {*answer}
    cards = [*answer.get("articles", []), *answer.get("top", [])]
    assert all({*card} == {*CONTRACT["components"]["schemas"]["ArticleCard"]["properties"]} for card in cards)


@pytest.mark.parametrize("country", ["US", "RU"])
def test_oembed_is_of_the_strict_shape_and_has_the_notices_for_whoever_asks(address: str, country: str) -> None:
    page = quote("https://news.example.org/a/the-librarians-who-lend-seeds", safe="")
    asked = Request(f"{address}/v1/oembed?url={page}", headers={"CloudFront-Viewer-Country": country})
    with urlopen(asked, timeout=30) as response:
        answer = json.load(response)
    jsonschema.validate(answer, _whole({"$ref": "#/components/schemas/OEmbed"}))
    assert [each["reason"] for each in answer["legal_notices"]] == ["always"]


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "components": CONTRACT["components"]}


@pytest.mark.sampled
def test_schemathesis_finds_nothing(address: str, tmp_path: Path) -> None:
    """All its checks. In make test on the contract's examples and a few requests of its own; in make thorough in all
    its phases: examples, coverage, fuzzing, stateful.
    """
    command = [str(SCRIPTS / "schemathesis"), "--no-color", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", f"{address}/v1/openapi.json", "--checks", "all", "--seed", "1"]
    command += ["--max-examples", str(examples(2, 25)), *([] if IS_THOROUGH else ["--phases", "examples,fuzzing"])]
    command += ["--generation-database", "none", "-H", "CloudFront-Viewer-Country: US"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


# What an app's developer would write against the generated client.
PROGRAM = """
import sys
from content_api_client import Client
from content_api_client.api.default import get_article, list_articles
from content_api_client.models import ArticleList, ProblemDetails, PublicArticle

client = Client(base_url=sys.argv[1], headers={"CloudFront-Viewer-Country": "RU"})
article = get_article.sync(sys.argv[2], client=client)
assert isinstance(article, PublicArticle), article
assert article.legal_notices[0].must_display
page = list_articles.sync(client=client, language="fa", limit=3)
assert isinstance(page, ArticleList), page
assert len(page.articles) == 3 and page.next_cursor
missing = get_article.sync("no-such-article", client=client)
assert isinstance(missing, ProblemDetails) and missing.code == "article-not-found", missing
print(article.headline)
"""


@pytest.mark.thorough
def test_a_client_that_a_public_generator_makes_fetches_an_article(address: str, tmp_path: Path) -> None:
    contract = Path(reading.__path__[0], "openapi.json")
    command = [str(SCRIPTS / "openapi-python-client"), "generate", "--path", str(contract), "--fail-on-warning"]
    command += ["--config", str(HERE / "client.yaml")]
    environment = {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}  # it formats with ruff
    generated = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=300, cwd=tmp_path, env=environment
    )
    assert generated.returncode == 0, generated.stdout + generated.stderr
    asked = subprocess.run(
        [sys.executable, "-c", PROGRAM, address, ARTICLE],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "content-api-client")},
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout == "The Librarians Who Lend Seeds\n"
