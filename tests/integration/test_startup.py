"""What the reading function loads before its first answer: nothing that has not earned its milliseconds."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from content_api.content.article import Article
from content_api.store.articles import ArticleStore
from gateway.events import event
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
def test_an_ordinary_answer_loads_neither_boto3_nor_pydantic(
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
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        **PATIENCE,
        "CONTENT_TABLE": stack.table,
        "CONTENT_BUCKET": stack.bucket,
        "PUBLIC_URL": "https://content.example.org",
        "MORE_INFORMATION_URL": "https://content.example.org/legal-notices/{id}",
        "READER_LOCATION": "edge",
        "ORIGIN_SECRET_CURRENT": secret,
    }
    # -S: the editable install's own .pth machinery loads pathlib and more, Lambda has none of it.
    paths = os.pathsep.join(path for path in sys.path if path.endswith(("layers/content_api", "functions")))
    done = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM],
        input=json.dumps(asked),
        env=environment | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert answer["status"] == 200
    assert not set(answer["modules"]) & (TOO_SLOW | ONLY_FOR_HTTPS)
    assert "content_api.aws.dynamodb" in answer["modules"]
