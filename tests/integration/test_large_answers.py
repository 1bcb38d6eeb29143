"""The largest articles that the store takes, in every form: an answer that Lambda can hand on, or a problem that says
what to do; and in the memory that the template gives the function.
"""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from content_api.content.article import Article
from content_api.content.document import ADDED, MAXIMUM_BYTES, ArticleTooLarge, public_document, public_fields
from content_api.law.law_file import load_law, places_told
from content_api.names.quotas import LARGEST_BODY
from gateway import template
from gateway.events import event
from gateway.stack import PATIENCE, Stack
from simulated_edge.requests import ROUTE_KEYS, ask

LAMBDAS_LIMIT = (
    6_291_556  # bytes of an answer ("Quotas" in its developer guide: 6 MB; it names this number when it refuses)
)
SECRET = "current-secret-of-the-edge-0123456789abcdef"
WHOLE = [
    "/v1/articles/{id}",
    "/v1/articles/{id}?body=html",
    "/v1/articles/{id}?body=text",
    "/v1/articles/{id}?format=jsonld",
    "/embed/articles/{id}",
    "/v1/oembed?url=https%3A%2F%2Fcontent.example.org%2Fembed%2Farticles%2F{id}",
]
ALL_AT_ONCE = "/v1/articles/{id}?fields=body,html,text"
# What takes the most room: two bytes a letter; markup whose quotation marks are escaped twice; what HTML escapes.
KINDS = {
    "cyrillic": "<p>" + "Текст, которого никто не должен пропустить. " * 200 + "</p>",
    "links": '<a href="https://example.org/">a</a> ' * 300,
    "quotations": '"&quot;" \\ ' * 800,
    "ampersands": "&amp; &lt; " * 900,
}


def largest(kind: str) -> Article:
    """As many paragraphs as the store takes."""

    def of(paragraphs: int) -> Article:
        body = [{"type": "paragraph", "html": KINDS[kind]}] * paragraphs
        return Article.model_validate(
            {"id": f"en-large-{kind}", "language": "en", "headline": "Large", "status": "published", "body": body}
        )

    # A document grows by the same bytes with each paragraph, so that two of them say how many fit.
    one, two = (_bytes(public_document(public_fields(of(number), 1))) for number in (1, 2))
    fits = min(
        1 + (most - there) // (more - there)
        for there, more, most in zip(one, two, (MAXIMUM_BYTES, LARGEST_BODY - ADDED), strict=True)
    )
    with pytest.raises(ArticleTooLarge):
        public_document(public_fields(of(fits + 1), 1))
    return of(fits)


def _bytes(document: bytes) -> tuple[int, int]:
    """Of the document, and of what an answer escapes of it."""
    return len(document), len(document) + document.count(b'"') + document.count(b"\\")


def handed_on(answered: dict[str, Any]) -> int:
    """The bytes of an answer as Lambda's runtime for Python 3.13 writes it (aws-lambda-python-runtime-interface-client,
    lambda_runtime_marshaller: JSON without ASCII escapes).
    """
    return len(json.dumps(answered, ensure_ascii=False).encode())


# One kind is tried in make test.
@pytest.fixture(
    scope="module",
    params=["links", *(pytest.param(kind, marks=pytest.mark.thorough) for kind in sorted(KINDS) if kind != "links")],
)
def large(request: pytest.FixtureRequest, own_stack: Stack) -> str:
    article = largest(request.param)
    own_stack.store().save(article, expected_version=0, at=dt.datetime(2025, 11, 20, 12, tzinfo=dt.UTC))
    return article.id


def test_the_largest_article_is_answered_whole_in_each_form_and_too_much_at_once_is_a_problem(
    large: str,
    own_stack: Stack,
    reading: Callable[..., Callable[[dict[str, Any]], dict[str, Any]]],
    syndication: Callable[..., Callable[[dict[str, Any]], dict[str, Any]]],
) -> None:
    stated = {
        "CONTENT_TABLE": own_stack.table,
        "CONTENT_BUCKET": own_stack.bucket,
        "READER_LOCATION": "edge",
        "ORIGIN_SECRET_CURRENT": SECRET,
    }
    apps, partners = reading(**stated), syndication(**stated)
    for each in WHOLE:
        answered = ask(
            apps if "/articles/{id}" in each and "embed" not in each else partners, each.format(id=large), "ru"
        )
        assert answered["statusCode"] == 200, each
        assert "ru-undesirable-organization" in answered["body"][:20_000], each
        assert handed_on(answered) <= LAMBDAS_LIMIT, each
    answered = ask(apps, ALL_AT_ONCE.format(id=large), "ru")
    assert handed_on(answered) <= LAMBDAS_LIMIT
    assert answered["statusCode"] in {200, 400}
    if answered["statusCode"] == 400:
        problem = json.loads(answered["body"])
        assert problem["code"] == "answer-too-large"
        assert "fields" in problem["detail"]


# A process of its own with no more address space than Lambda gives memory; what it had in memory at most is in KiB.
PROGRAM = """
import json, resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from reading.app import lambda_handler as apps
from syndication.app import lambda_handler as partners
statuses = []
for event in json.load(sys.stdin):
    handler = partners if "embed" in event["rawPath"] or "oembed" in event["rawPath"] else apps
    answered = handler(event, type("Context", (), {"aws_request_id": "1"}))
    statuses.append(answered["statusCode"])
status = open("/proc/self/status").read()
print(json.dumps({"statuses": statuses, "peak": int(status.partition("VmHWM:")[2].split()[0])}))
"""


@pytest.mark.thorough
def test_the_largest_article_fits_the_functions_memory(own_stack: Stack, large: str) -> None:
    memory = template.load()["Globals"]["Function"]["MemorySize"] * 1024 * 1024
    headers = {"X-Origin-Secret": SECRET, "X-Viewer-Jurisdiction": "ru"}
    targets = [each.format(id=large) for each in (*WHOLE, ALL_AT_ONCE)] * 2
    asked = [event("GET", each, headers, route_keys=ROUTE_KEYS) for each in targets]
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        **PATIENCE,
        "CONTENT_TABLE": own_stack.table,
        "CONTENT_BUCKET": own_stack.bucket,
        "PUBLIC_URL": "https://content.example.org",
        "MORE_INFORMATION_URL": "https://content.example.org/legal-notices/{id}",
        "READER_LOCATION": "edge",
        "EDGE_JURISDICTIONS": " ".join(places_told(load_law())),
        "ORIGIN_SECRET_CURRENT": SECRET,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path.endswith(("layers/content_api", "functions"))),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(memory)],
        input=json.dumps(asked),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout)
    assert set(answer["statuses"]) <= {200, 400}
    assert answer["statuses"][: len(WHOLE)] == [200] * len(WHOLE)
    assert answer["peak"] * 1024 < memory / 2
