"""What the functions for readers load: nothing that has not earned its milliseconds, and no library at all."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from content_api.aws import clients
from content_api.aws.settings import SettingsError
from content_api.content.article import Article
from content_api.law.law_file import load_law, places_told
from content_store.articles import ArticleStore
from gateway import local, template
from gateway.events import event, names_of_saved, saved
from gateway.stack import PATIENCE, Stack
from simulated_edge.requests import ROUTE_KEYS

# A process of its own, edge mode, one article asked for; what stands in sys.modules then is what Lambda loads.
PROGRAM = """
import json, sys
from reading.app import lambda_handler
response = lambda_handler(json.load(sys.stdin), None)
print(json.dumps({"status": response["statusCode"], "modules": sorted(sys.modules)}))
"""
TOO_SLOW = set("boto3 botocore pydantic aws_lambda_powertools http.client email urllib.request typing pathlib".split())
ONLY_FOR_HTTPS = {"ssl"}
# Every event of a list, by the function that template.yaml names for it.
ALL_EVENTS = """
import json, sys
import reading.app, syndication.app
handlers = {"ReadingFunction": reading.app.lambda_handler, "SyndicationFunction": syndication.app.lambda_handler}
class Context: aws_request_id = "1"
answers = [handlers[function](event, Context())["statusCode"] for function, event in json.load(sys.stdin)]
files = [each.__file__ for each in sys.modules.values() if getattr(each, "__file__", None)]
print(json.dumps({"statuses": answers, "files": files}))
"""


@pytest.mark.parametrize(
    "target",
    [
        "/v1/articles/{id}",
        "/v1/articles/{id}?body=html&fields=html,headline",
        "/v1/articles?language=en&section=Culture&from=2025-01-01&fields=id",
        "/v1/fronts/en",
        "/v1/breaking?language=en",
        "/v1/changes?language=en",
        "/v1/languages",
        "/v1/sections",
        "/v1/openapi.json",
    ],
)
def test_an_ordinary_answer_loads_neither_the_store_nor_boto3_nor_pydantic(
    stack: Stack, store: ArticleStore, an_article: Callable[..., Article], now: dt.datetime, target: str
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    secret = "a-secret-of-the-edge-that-is-long-enough"
    asked = event(
        "GET",
        target.format(id=article.id),
        {"X-Origin-Secret": secret, "X-Viewer-Jurisdiction": "ru"},
        route_keys=ROUTE_KEYS,
    )
    at_the_edge = {"READER_LOCATION": "edge", "EDGE_JURISDICTIONS": " ".join(places_told(load_law()))}
    answer = alone(PROGRAM, asked, stack, ORIGIN_SECRET_CURRENT=secret, **at_the_edge)
    assert answer["status"] == 200
    assert not set(answer["modules"]) & (TOO_SLOW | ONLY_FOR_HTTPS)
    assert not [name for name in answer["modules"] if name.startswith("content_store")]
    assert "content_api.aws.dynamodb" in answer["modules"]


def test_no_answer_to_a_reader_but_search_and_a_picture_needs_a_library(own_stack: Stack, now: dt.datetime) -> None:
    """Their layer holds our own code alone, so that its package is small. Search and pictures have their engines."""
    store = own_stack.store()
    for path in sorted(Path(local.__file__).with_name("samples").glob("*.json")):
        article = Article.model_validate_json(path.read_text(encoding="utf-8"))
        store.save(article, expected_version=0, at=now)
    store.withdraw("en-2025-11-03-quiz-night-cancelled", expected_version=1, at=now, note="Published by mistake.")
    functions = {route.key: route.function for route in template.routes(template.load()) if route.api == "HttpApi"}
    engines = {functions["GET /v1/search"], functions["GET /media/{id}/{crop}/{file}"]}
    events = [each for each in map(saved, names_of_saved()) if functions.get(each["routeKey"]) not in engines]
    # What has a library's counterpart in the house: addresses that nobody wrote for us.
    strange = quote("https://www.пример.example:443/a/../ö%2f?utm_source=x&b=&a=%e4", safe="")
    events += [
        event("GET", path + strange, {}, route_keys=functions) for path in ("/v1/resolve?url=", "/v1/oembed?url=")
    ]
    asked = [[functions[each["routeKey"]], each] for each in events]
    answered = alone(ALL_EVENTS, asked, own_stack, READER_LOCATION="developer")
    # oEmbed says with 501 that it has no XML.
    assert [status for status in answered["statuses"] if status >= 500 and status != 501] == []
    assert answered["statuses"].count(200) > 30
    assert not [file for file in answered["files"] if "site-packages" in file or "/content_store/" in file]


def test_no_function_makes_a_session_of_boto3_beside_the_shared_one(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session takes 60 ms of a start."""
    assert clients.client("secretsmanager")
    monkeypatch.setattr("boto3.session.Session.__init__", None)
    for function in stack.functions.values():
        assert function.load()


def test_loading_a_function_leaves_the_environment_as_it_was(stack: Stack) -> None:
    """Otherwise a test passes or fails by which functions others have loaded before."""
    before = dict(os.environ)
    assert stack.functions["SyndicationFunction"].environment.keys() - before.keys()
    stack.functions["SyndicationFunction"].load()
    assert dict(os.environ) == before
    with pytest.raises(SettingsError):
        replace(stack.functions["ReadingFunction"], environment={"AWS_REGION": "eu-west-1", "NEW": "1"}).load()
    assert dict(os.environ) == before


def alone(program: str, asked: Any, stack: Stack, **variables: str) -> Any:
    """What a program prints that gets what Lambda has: the functions, the layer of our own code, Python."""
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        **PATIENCE,
        "CONTENT_TABLE": stack.table,
        "CONTENT_BUCKET": stack.bucket,
        "PUBLIC_URL": "https://content.example.org",
        "MORE_INFORMATION_URL": "https://content.example.org/legal-notices/{id}",
        **variables,
    }
    # -S: the editable install's own .pth machinery loads pathlib and more, Lambda has none of it.
    paths = os.pathsep.join(path for path in sys.path if path.endswith(("layers/content_api", "functions")))
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        input=json.dumps(asked),
        env=environment | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
