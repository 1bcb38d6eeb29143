"""The news sitemap: two days, a thousand articles, every language; as sitemaps.org's schema says."""

import datetime as dt
import itertools
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from content_api.aws.dynamodb import StoreUnavailable
from content_api.content.article import Article
from content_api.law.law_file import load_entries
from content_api.names.cache_tags import list_tag
from contract.languages import TAGS
from gateway.stack import Stack
from newsroom.loading import load
from simulated_edge.requests import SECRET, ask
from syndication.sitemap import google_language
from thoroughness import examples
from zone.packages import Package, fetched

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type Publish = Callable[..., list[Article]]

TESTS = Path(__file__).parents[1]
MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NAMES = {"map": MAP, "news": "http://www.google.com/schemas/sitemap-news/0.9"}
NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
_numbers = itertools.count(1)


@pytest.fixture
def publish(own_stack: Stack, an_article: Callable[..., Article]) -> Publish:
    """Into a table of this module's own; each article at an address of its own."""

    def published(*fields: dict[str, Any]) -> list[Article]:
        made = [an_article(**({"url": f"https://news.example.org/{next(_numbers)}"} | each)) for each in fields]
        load(made, table=own_stack.table, bucket=own_stack.bucket, at=NOW)
        return made

    return published


@pytest.fixture
def at(syndication: Callable[..., Api], own_stack: Stack) -> Callable[..., Api]:
    """The function on that table, at a moment."""

    def deployed(moment: dt.datetime, table: Any = None) -> Api:
        return syndication(
            READER_LOCATION="edge",
            ORIGIN_SECRET_CURRENT=SECRET,
            PUBLISHER_NAME="The <Example> & Co.",
            CONTENT_TABLE=own_stack.table,
            CONTENT_BUCKET=own_stack.bucket,
            clock=moment.timestamp,
            table=table,
        )

    return deployed


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    folder = tmp_path_factory.mktemp("schemas")
    pins = json.loads((TESTS / "readers" / "packages.json").read_text(encoding="utf-8"))
    pinned = next(each for each in pins if each["name"] == "sitemap")
    package = Package("sitemap", pinned["version"], "2026", pinned["integrity"], ("schema/sitemap.xsd",), {})
    cache = TESTS.parent / ".aws-sam" / "npm" / os.environ.get("PYTEST_XDIST_WORKER", "main")
    shutil.copyfile(fetched(package, cache)["schema/sitemap.xsd"], folder / "sitemap.xsd")
    for name in ("sitemap-news.xsd", "sitemap-with-news.xsd"):
        shutil.copyfile(TESTS / "schemas" / name, folder / name)
    return etree.XMLSchema(file=str(folder / "sitemap-with-news.xsd"))


def pages(answer: dict[str, Any]) -> list[Any]:
    assert answer["statusCode"] == 200, answer["body"]
    return etree.fromstring(answer["body"].encode()).findall("map:url", NAMES)


def said(page: Any, name: str) -> str:
    return page.findtext(f".//{name}", "", NAMES)


def test_an_article_says_who_published_it_in_which_language_and_when(
    at: Callable[..., Api], publish: Publish, schema: etree.XMLSchema
) -> None:
    moment = dt.datetime(2021, 3, 1, 12, 0, tzinfo=dt.UTC)
    publish(
        {
            "language": "fa-AF",
            "headline": "سرخط <1> & ۲",
            "url": "https://news.example.org/خبر ۱?a=1&b=2",
            "published_at": "2021-03-01T09:00:00+04:30",
            "updated_at": "2021-03-01T08:00:00Z",
        }
    )
    answer = ask(at(moment), "/sitemaps/news.xml")
    (page,) = pages(answer)
    assert said(page, "map:loc").startswith("https://news.example.org/%D8%AE")
    assert said(page, "map:loc").endswith("?a=1&b=2")
    assert said(page, "map:lastmod") == "2021-03-01T08:00:00Z"
    assert said(page, "news:name") == "The <Example> & Co."
    assert said(page, "news:language") == "fa"
    assert said(page, "news:publication_date") == "2021-03-01T04:30:00Z"
    assert said(page, "news:title") == "سرخط <1> & ۲"
    assert answer["headers"]["content-type"] == "application/xml; charset=utf-8"
    assert 'xmlns:news="' in answer["body"]
    schema.assertValid(etree.fromstring(answer["body"].encode()))


def test_two_days_are_in_it_and_neither_what_is_older_nor_what_lies_ahead(
    at: Callable[..., Api], publish: Publish
) -> None:
    moment = dt.datetime(2022, 5, 10, 12, 0, tzinfo=dt.UTC)
    times = {
        "older": "2022-05-08T11:59:59Z",
        "just": "2022-05-08T12:00:00Z",
        "with an offset": "2022-05-08T15:00:01+03:00",
        "now": "2022-05-10T12:00:00Z",
        "ahead": "2022-05-10T12:00:01Z",
    }
    publish(*({"headline": name, "published_at": when} for name, when in times.items()), {"published_at": None})
    found = [said(page, "news:title") for page in pages(ask(at(moment), "/sitemaps/news.xml"))]
    assert found == ["now", "with an offset", "just"]


def test_an_article_without_an_address_is_not_in_it_nor_one_whose_address_is_too_long(
    at: Callable[..., Api], publish: Publish
) -> None:
    moment = dt.datetime(2022, 7, 10, 12, 0, tzinfo=dt.UTC)
    day = "2022-07-10T08:00:00Z"
    publish(
        {"published_at": day, "url": None},
        {"published_at": day, "url": f"https://news.example.org/{'я' * 400}"},
        {"published_at": day, "headline": "Found"},
    )
    assert [said(page, "news:title") for page in pages(ask(at(moment), "/sitemaps/news.xml"))] == ["Found"]


def test_what_has_no_room_in_an_answer_is_left_out_oldest_first(
    at: Callable[..., Api], publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime(2023, 3, 10, 12, 0, tzinfo=dt.UTC)
    publish(*({"headline": f"{number}", "published_at": moment - dt.timedelta(minutes=number)} for number in range(40)))
    monkeypatch.setattr("syndication.sitemap.MOST_BYTES", 10_000)
    answer = ask(at(moment), "/sitemaps/news.xml")
    found = [said(page, "news:title") for page in pages(answer)]
    assert 10 < len(found) < 40
    assert found == [f"{number}" for number in range(len(found))]
    assert len(json.dumps(answer["body"])) < 10_000


def test_the_notice_stands_before_all_else(at: Callable[..., Api]) -> None:
    answer = ask(at(NOW), "/sitemaps/news.xml")
    text = load_entries()[0]["texts"]["en"]["text"]
    more = "https://content.example.org/legal-notices/ru-undesirable-organization"
    assert answer["body"].startswith(f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {text}\n{more} -->\n<urlset ')
    assert pages(answer) == []


class _Empty:
    def query(self, *_: object, **__: object) -> tuple[list[object], str]:
        return [], ""


@pytest.mark.sampled
@settings(max_examples=examples(5, 20))
@given(st.text(st.sampled_from("-a >"), min_size=1, max_size=12))
def test_whatever_a_notice_says_the_comment_is_one(at: Callable[..., Api], text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("syndication.sitemap.as_text", Mock(return_value=text))
        answer = ask(at(NOW, _Empty()), "/sitemaps/news.xml")
    (comment,) = etree.fromstring(answer["body"].encode()).getroottree().xpath("/comment()")
    assert comment.text.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("place", ["ru", "ua-occupied", "unknown", "elsewhere"])
def test_it_is_the_same_everywhere_and_confirmed_by_its_tag_alone(at: Callable[..., Api], place: str) -> None:
    api = at(NOW)
    answer = ask(api, "/sitemaps/news.xml", place)
    kept = "private, no-cache, stale-if-error=0" if place == "elsewhere" else "private, no-store, stale-if-error=0"
    assert answer["headers"]["cache-control"] == kept
    assert answer["body"] == ask(api, "/sitemaps/news.xml")["body"]
    again = ask(api, "/sitemaps/news.xml", place, if_none_match=answer["headers"]["etag"])
    assert (again["statusCode"], again["body"]) == (304, "")
    assert "last-modified" not in answer["headers"]
    head = ask(api, "/sitemaps/news.xml", place, method="HEAD")
    assert (head["statusCode"], head["body"], head["headers"]) == (200, "", answer["headers"])


def test_it_goes_when_any_languages_list_does(at: Callable[..., Api]) -> None:
    tags = ask(at(NOW), "/sitemaps/news.xml")["headers"]["x-amz-meta-cache-tags"].split(",")
    assert tags == [list_tag(language) for language in TAGS]
    assert len(tags) <= 50  # that CloudFront takes


def test_it_takes_no_parameters(at: Callable[..., Api]) -> None:
    assert ask(at(NOW), "/sitemaps/news.xml?language=en")["statusCode"] == 400


class _Failing:
    def query(self, *_: object, **__: object) -> None:
        raise StoreUnavailable("DynamoDB: InternalServerError")


def test_when_dynamodb_fails_the_answer_is_to_come_again(at: Callable[..., Api]) -> None:
    answer = ask(at(NOW, _Failing()), "/sitemaps/news.xml", "ru")
    assert answer["statusCode"] == 503
    assert json.loads(answer["body"])["code"] == "temporarily-unavailable"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"), ("pt-BR", "pt"), ("sr-Latn", "sr"), ("sr-ME", "sr"), ("crh", "crh"), ("zh", "zh-cn"),
        ("zh-CN", "zh-cn"), ("zh-Hans", "zh-cn"), ("zh-Hans-SG", "zh-cn"), ("zh-TW", "zh-tw"), ("zh-Hant", "zh-tw"),
        ("zh-Hant-HK", "zh-tw"), ("zh-HK", "zh-tw"), ("zh-MO", "zh-tw"),
    ],
)  # fmt: skip
def test_languages_are_named_as_google_has_them(tag: str, code: str) -> None:
    assert google_language(tag) == code


@pytest.mark.sampled
@settings(max_examples=examples(3, 10))  # each asks for 27 lists
@given(
    headline=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1),
    path=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\r\n#?/\\"), max_size=20),
    language=st.sampled_from(TAGS),
)
def test_any_article_makes_a_sound_sitemap(
    at: Callable[..., Api],
    publish: Publish,
    schema: etree.XMLSchema,
    headline: str,
    path: str,
    language: str,
) -> None:
    moment = dt.datetime(2001, 1, 1, 12, 0, tzinfo=dt.UTC) + dt.timedelta(days=3 * next(_numbers))
    fields = {"headline": f"x{headline}"[:500], "language": language, "published_at": moment}
    (article,) = publish(fields | {"url": f"https://news.example.org/{next(_numbers)}/{path}"})
    answer = ask(at(moment), "/sitemaps/news.xml")
    (page,) = pages(answer)
    schema.assertValid(etree.fromstring(answer["body"].encode()))
    assert urlsplit(said(page, "map:loc")).hostname == "news.example.org"
    assert said(page, "news:title") == article.headline


@pytest.mark.parametrize("most", [30, pytest.param(1000, marks=pytest.mark.thorough)])
def test_of_more_than_a_thousand_the_newest_of_all_languages_are_in_it(
    at: Callable[..., Api],
    publish: Publish,
    schema: etree.XMLSchema,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
) -> None:
    """The last test of the module: moto goes through all of them at each later query."""
    monkeypatch.setattr("syndication.sitemap.MOST_ENTRIES", most)
    moment = dt.datetime(2023 + most // 1000, 1, 10, 12, 0, tzinfo=dt.UTC)
    made = publish(
        *(
            {
                "language": language,
                "headline": f"{number}",
                "published_at": moment - dt.timedelta(minutes=number),
                "standfirst": "х" * 390,
            }
            for number, language in zip(range(most + 10), itertools.cycle(["uk", "en", "ka"]), strict=False)
        ),
        *(
            {"published_at": moment - dt.timedelta(minutes=number, seconds=30), "url": None, "language": "en"}
            for number in range(most // 10)
        ),
    )
    answer = ask(at(moment), "/sitemaps/news.xml")
    assert [said(page, "news:title") for page in pages(answer)] == [f"{number}" for number in range(most)]
    assert {said(page, "news:language") for page in pages(answer)} == {"uk", "en", "ka"}
    assert len(made) == most + 10 + most // 10
    schema.assertValid(etree.fromstring(answer["body"].encode()))
