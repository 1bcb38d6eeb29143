"""Every section and language has feeds, found by any spelling of its name; each feed states its own address."""

import itertools
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from content_api.content.article import Article
from content_api.http.request import Request
from content_api.names.feed_addresses import feed_address
from content_api.names.keys import facet
from feed_reader import FORMATS, NAMES, PUBLIC_URL, address, items, root_of, title
from gateway.events import event
from simulated_edge.requests import ROUTE_KEYS, SECRET, ask
from syndication.feeds.topics import topic
from syndication.routes import SURFACE as SYNDICATION

type Api = Callable[[dict[str, Any]], dict[str, Any]]


_numbers = itertools.count(1)


@pytest.mark.parametrize(
    "name",
    [
        "U.S. Politics", "“Quotes” & 'marks'", "Культура и искусство", "فرهنگ", "a.rss", "100% true", "C++ / C#",
        "日本。", "<b>", "ünïcode", "semi;colon,comma", "question?mark",
    ],
)  # fmt: skip
def test_a_section_is_found_by_its_name_however_it_is_written(
    api: Api, publish: Callable[..., Article], name: str
) -> None:
    publish(section=name, headline=f"In {name}")
    for asked in (name, name.upper(), f" {name} "):
        for extension in FORMATS:
            answer = ask(api, f"/feeds/en.{extension}?section={quote(asked, safe='')}")
            if not {"/", "?"} & set(name):  # which no path can hold
                assert ask(api, address(asked, extension)) == answer
            assert f"In {name}" in {title(item) for item in items(answer)}
            stated = answer["headers"]["link"].partition(">")[0].removeprefix("<")
            assert stated.isascii()
            again = ask(api, stated.removeprefix(PUBLIC_URL))
            assert again["headers"]["etag"] == answer["headers"]["etag"]


def test_the_feeds_of_a_language_hold_all_its_sections(api: Api, publish: Callable[..., Article], section: str) -> None:
    publish(language="tg", headline="Якум", published_at="2025-11-20T09:00:00Z")
    publish(language="tg", headline="Дуюм", section=f"{section} too", published_at="2025-11-20T10:00:00Z")
    answer = ask(api, "/feeds/TG.rss")
    assert [title(item) for item in items(answer)][:2] == ["Дуюм", "Якум"]
    assert answer["headers"]["content-language"] == "tg"
    assert answer["headers"]["x-amz-meta-cache-tags"] == "list:tg:all,changes:tg"
    assert answer["headers"]["link"] == f'<{PUBLIC_URL}/feeds/tg.rss>; rel="self"'


def test_the_feed_of_a_section_goes_when_its_list_or_a_withdrawal_does(
    api: Api, publish: Callable[..., Article], section: str
) -> None:
    publish()
    tags = ask(api, address(section, "atom"))["headers"]["x-amz-meta-cache-tags"]
    assert tags == f"list:en:section:{quote(section.lower())},changes:en"


def test_with_a_hub_every_feed_names_it(
    syndication: Callable[..., Api], publish: Callable[..., Article], section: str
) -> None:
    publish()
    hub = "https://hub.example.org/"
    api = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, WEBSUB_HUB=hub)
    stated = {extension: ask(api, address(section, extension)) for extension in FORMATS}
    for answer in stated.values():
        assert answer["headers"]["link"].endswith(f', <{hub}>; rel="hub"')
    assert json.loads(stated["json"]["body"])["hubs"] == [{"type": "WebSub", "url": hub}]
    for extension in ("rss", "atom"):
        links = {
            each.get("rel"): each.get("href") for each in root_of(stated[extension]).iter(f"{{{NAMES['atom']}}}link")
        }
        assert links["hub"] == hub
        assert links["self"] == f"{PUBLIC_URL}{address(section.lower(), extension)}"


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/feeds/en.rss?section=", "section"),
        (f"/feeds/en.atom?section={'x' * 501}", "section"),
        (f"/feeds/en.atom?section={quote('ა' * 400)}", "section"),  # 1,200 bytes, which no name has
        ("/feeds/en/Culture.rss?section=Culture", "section"),
        ("/feeds/en.rss?section=a&section=b", "section"),
        ("/feeds/en.rss?content=all", "content"),
        ("/feeds/en.rss?limit=5", "limit"),
        ("/feeds/en.rss?content=full&content=summary", "content"),
    ],
)
def test_a_feed_asked_for_wrongly_is_a_400_that_says_what_to_do(api: Api, path: str, parameter: str) -> None:
    answer = ask(api, path, "ru")
    assert answer["statusCode"] == 400
    (error,) = json.loads(answer["body"])["errors"]
    assert error["parameter"] == parameter
    assert len(error["detail"]) > 20


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/zu.rss",
        "/feeds/en/Nothing.json",
        "/feeds/en.json?section=Nothing%2FAtAll",
        f"/feeds/en/{quote('ა' * 400)}.atom",
        "/feeds/en.pdf",
        "/feeds/en",
        "/feeds/en/Culture",
        "/feeds/en/Culture.RSS",
        "/feeds/.rss",
        "/feeds/e_n.rss",
        "/feeds/english.rss",
        "/feeds/e_n/Culture.atom",
        "/feeds/en/.atom",
        f"/feeds/en/{'x' * 501}.atom",
    ],
)
def test_a_path_that_no_feed_has_is_not_found(api: Api, publish: Callable[..., Article], path: str) -> None:
    publish()
    answer = ask(api, path)
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["code"] == "feed-not-found"


@pytest.mark.parametrize("extension", FORMATS)
def test_a_language_published_in_without_articles_has_an_empty_feed(api: Api, extension: str) -> None:
    assert items(ask(api, f"/feeds/tk.{extension}")) == []


# Names as editors give them, and signs that HTTP, URLs and file names read otherwise than as a character of a name.
SECTION_NAMES = st.lists(
    st.sampled_from(
        [
            "Art",
            "life",
            " ",
            "/",
            "?",
            "#",
            "%",
            "%2F",
            "&",
            "=",
            "+",
            ";",
            "\\",
            "..",
            ".",
            "~",
            "Є",
            "ნ",
            "İ",
            "\u0085",
        ]
    )
    | st.text(st.characters(codec="utf-8"), max_size=4),
    max_size=6,
).map("".join)


@given(name=SECTION_NAMES, extension=st.sampled_from(FORMATS), content=st.sampled_from(["full", "summary"]))
@example(name="Art/Life", extension="rss", content="full")
@example(name="Why?", extension="atom", content="summary")
@example(name="100%", extension="json", content="full")
def test_the_address_that_a_feed_states_leads_to_it_whatever_its_sections_name_is(
    name: str, extension: str, content: str
) -> None:
    listed = facet("section", name)
    assume(listed != "section#")
    stated = feed_address(PUBLIC_URL, "en", listed, extension, content)
    asked = event("GET", stated.removeprefix(PUBLIC_URL), route_keys=ROUTE_KEYS)
    request = Request(asked)
    route = next(each for each in SYNDICATION.routes if request.route == f"GET {each.path}")
    exchange: Any = SimpleNamespace(
        request=request,
        parameters=SYNDICATION.vocabulary.read(request, route),
        settings=SimpleNamespace(public_url=PUBLIC_URL),
    )
    found = topic(exchange)
    assert (found.language, found.facet, found.extension, found.content) == ("en", listed, extension, content)
    assert found.address == stated


@pytest.mark.parametrize("name", ["Art/Life", "Why?", "100%", "C#", "A;B", "~a", "..", "A\\B"])
@pytest.mark.parametrize("extension", FORMATS)
def test_a_section_of_any_name_has_a_feed_that_says_where_it_is(
    api: Api, publish: Callable[..., Article], extension: str, name: str
) -> None:
    name = f"{name} {next(_numbers)}"
    publish(section=name)
    stated = feed_address(PUBLIC_URL, "en", facet("section", name), extension)
    answer = ask(api, stated.removeprefix(PUBLIC_URL))
    assert len(items(answer)) == 1
    assert f'<{stated}>; rel="self"' in answer["headers"]["link"]
    assert stated.replace("&", "&amp;") in answer["body"]


def test_addresses_of_ordinary_names_stay_as_they_are() -> None:
    assert (
        feed_address(PUBLIC_URL, "en", "section#war in ukraine", "rss")
        == f"{PUBLIC_URL}/feeds/en/war%20in%20ukraine.rss"
    )
    assert feed_address(PUBLIC_URL, "fa", "all", "json", "summary") == f"{PUBLIC_URL}/feeds/fa.json?content=summary"
