"""What whoever sends a newsletter by mail gets of it."""

import datetime as dt
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest

from content_api.content.article import Article
from content_store.articles import ArticleStore
from simulated_edge.requests import ask
from syndication import digest

type Api = Callable[[dict[str, Any]], dict[str, Any]]

NAME = "The Sunday Letter & more"
PATH = f"/v1/newsletters/{quote(NAME, safe='')}/digest?language="


@pytest.fixture(scope="module")
def api(syndication: Callable[..., Api]) -> Api:
    return syndication(READER_LOCATION="developer")


@pytest.fixture
def letters(store: ArticleStore, language: str, now: dt.datetime) -> Callable[..., str]:
    def publish(number: int, name: str = NAME) -> str:
        article_id = f"{language}-letter-{number}"
        offer = {"type": "promotion", "kind": "newsletter", "name": name}
        stated = {
            "id": article_id, "language": language, "headline": f"Letter <{number}>", "standfirst": "What <it> says",
            "published_at": f"2025-11-{number:02}T08:00:00Z", "body": [{"type": "paragraph", "html": "Text."}, offer],
        }  # fmt: skip
        store.save(Article.model_validate(stated), expected_version=0, at=now)
        return article_id

    return publish


def test_every_notice_is_first_wherever_whoever_asks_is(api: Api, letters: Callable[..., str], language: str) -> None:
    letters(1)
    for country in ("US", "RU"):
        html = ask(api, f"{PATH}{language}&since=2025-11-01", cloudfront_viewer_country=country)
        assert (html["statusCode"], html["headers"]["content-type"]) == (200, "text/html; charset=utf-8")
        assert html["body"].index("data-legal-notice=") < html["body"].index("<h1>The Sunday Letter &amp; more</h1>")
        assert "Letter &lt;1&gt;" in html["body"]
        assert not re.search(r"<(img|script|link|iframe)|(src|srcset)=", html["body"])
        HTMLParser().feed(html["body"])
        text = ask(api, f"{PATH}{language}&since=2025-11-01&as=text", cloudfront_viewer_country=country)
        assert text["headers"]["content-type"] == "text/plain; charset=utf-8"
        assert text["body"].startswith('RFE/RL has been declared an "undesirable organization"')
        assert f"{NAME}\n\nLetter <1>\nWhat <it> says\n" in text["body"]
        assert "no-store" in text["headers"]["cache-control"]


def test_it_has_what_came_since_and_nothing_withdrawn(
    api: Api, letters: Callable[..., str], language: str, store: ArticleStore, now: dt.datetime
) -> None:
    _, second, _ = [letters(number) for number in (1, 2, 3)]
    letters(4, "Another")

    def shown(since: str) -> list[str]:
        body = ask(api, f"{PATH}{language}&since={quote(since)}&as=text")["body"]
        return re.findall(r"Letter <(\d)>", body)

    assert shown("2025-11-01") == ["3", "2", "1"]
    assert shown("2025-11-02T08:00:00Z") == ["3", "2"]
    assert shown("2025-11-02T10:00:01+02:00") == ["3"]
    store.withdraw(second, expected_version=1, at=now)
    assert shown("2025-11-01") == ["3", "1"]
    assert shown("2025-11-20") == []


@pytest.mark.parametrize("form", ["html", "text"])
def test_what_is_long_goes_on_at_its_link_and_no_part_is_too_long(
    api: Api, letters: Callable[..., str], language: str, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    for number in range(1, 7):
        letters(number)
    target, found, parts = f"{PATH}{language}&since=2025-11-01&as={form}", list[str](), 0
    whole = len(ask(api, target)["body"].encode())
    monkeypatch.setattr(digest, "_FOR_THE_END", 30)
    monkeypatch.setattr(digest, "MOST_BYTES", whole - 100)
    while target:
        answer = ask(api, target)
        assert len(answer["body"].encode()) <= whole - 100
        found += re.findall(r"Letter (?:<|&lt;)(\d)", answer["body"])
        link = answer["headers"].get("link", "")
        target = link.partition("<")[2].partition(">")[0]
        parts += 1
    assert found == list("654321")
    assert parts > 1


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v1/newsletters/None/digest?language=en&since=2025-11-01", 404),
        ("/v1/newsletters/None/digest?language=en", 400),
        ("/v1/newsletters/None/digest?since=2025-11-01", 400),
        ("/v1/newsletters/None/digest?language=en&since=yesterday", 400),
        ("/v1/newsletters/None/digest?language=en&since=2025-11-01T08:00:00", 400),
        ("/v1/newsletters/None/digest?language=en&since=2025-11-01&as=pdf", 400),
    ],
)
def test_what_is_asked_for_wrongly_is_told(api: Api, target: str, status: int) -> None:
    answer = ask(api, target)
    assert answer["statusCode"] == status
    assert json.loads(answer["body"])["detail"]
