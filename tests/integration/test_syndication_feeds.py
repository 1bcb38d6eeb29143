"""Feeds as a partner's server gets them: the notice in every item whoever asks, what is new, changed and gone."""

import base64
import datetime as dt
import gzip
import itertools
import json
import os
import secrets
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from lxml import etree

from content_api.aws import clients
from content_api.aws.dynamodb import StoreUnavailable, Table
from content_api.content.article import Article
from content_api.content.cards import unpacked
from content_api.http.request import Request
from content_api.law.legal_notices import load_entries
from content_api.names.feed_addresses import feed_address
from content_api.names.keys import facet
from content_api.store.articles import ArticleStore
from gateway.events import event
from gateway.stack import Stack
from simulated_edge.requests import ROUTE_KEYS, SECRET, ask
from syndication.feeds.topics import topic
from syndication.routes import SURFACE as SYNDICATION

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type AnArticle = Callable[..., Article]

PUBLIC_URL = "https://content.example.org"
PLACES = ["ru", "ua-occupied", "unknown", "elsewhere"]
FORMATS = ["rss", "atom", "json"]
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "notice": "urn:content-api:legal-notices:1",
}
ENGLISH = load_entries()[0]["texts"]["en"]["text"].splitlines()[0]
RUSSIAN = load_entries()[0]["texts"]["ru"]["text"].splitlines()[0]
PICTURE = {
    "alt": "A jar of seeds",
    "caption": "Seeds, lent & returned",
    "credit": "A. Photographer",
    "renditions": [
        {"url": "https://media.example.org/480.webp", "media_type": "image/webp", "width": 480, "height": 320},
        {"url": "https://media.example.org/1080.webp", "media_type": "image/webp", "width": 1080},
    ],
}
_numbers = itertools.count(1)


@pytest.fixture
def api(syndication: Callable[..., Api]) -> Api:
    return syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, PUBLISHER_NAME="The Example")


@pytest.fixture
def section() -> str:
    """One that no other test publishes in."""
    return f"Section {next(_numbers)}"


@pytest.fixture
def publish(store: ArticleStore, an_article: AnArticle, now: dt.datetime, section: str) -> Callable[..., Article]:
    def published(**fields: object) -> Article:
        article = an_article(**({"section": section} | fields))
        store.save(article, expected_version=0, at=now)
        return article

    return published


def address(section: str, extension: str, query: str = "", language: str = "en") -> str:
    return f"/feeds/{language}/{quote(section, safe='')}.{extension}{query}"


def parsed(answer: dict[str, Any]) -> Any:
    """A document's root element."""
    return etree.fromstring(answer["body"].encode())


def items(answer: dict[str, Any]) -> list[Any]:
    """The items of a feed, in whatever format: elements, or JSON objects."""
    assert answer["statusCode"] == 200, answer["body"]
    if "json" in answer["headers"]["content-type"]:
        return json.loads(answer["body"])["items"]
    root = parsed(answer)
    return root.findall("channel/item") or root.findall("atom:entry", NAMES)


def shown(item: Any) -> dict[str, str]:
    """Each part of an item that a reader may be shown."""
    if isinstance(item, dict):
        stated = cast("dict[str, Any]", item)
        return {name: stated[name] for name in ("content_html", "summary")}
    names = ("description", "content:encoded", "atom:summary", "atom:content")
    return {name: found.text or "" for name in names if (found := item.find(name, NAMES)) is not None}


def title(item: Any) -> str:
    if isinstance(item, dict):
        return str(cast("dict[str, Any]", item)["title"])
    return item.findtext("title") or item.findtext("atom:title", "", NAMES)


def identifier(item: Any) -> str:
    if isinstance(item, dict):
        return str(cast("dict[str, Any]", item)["id"])
    return item.findtext("guid") or item.findtext("atom:id", "", NAMES)


def gone(answer: dict[str, Any]) -> list[str]:
    """The identifiers of what a feed says was withdrawn."""
    if "json" in answer["headers"]["content-type"]:
        withdrawn = json.loads(answer["body"]).get("_withdrawn", {"articles": []})
        return [each["id"] for each in withdrawn["articles"]]
    return [each.get("ref", "") for each in parsed(answer).iter(f"{{{NAMES['at']}}}deleted-entry")]


# ------------------------------------------------------------------------------------------------ The notice


@pytest.mark.parametrize("content", ["", "?content=full", "?content=summary", "?notice=always"])
@pytest.mark.parametrize("extension", FORMATS)
def test_the_notice_stands_first_in_every_part_of_every_item_wherever_whoever_asks_is(
    api: Api, publish: Callable[..., Article], section: str, extension: str, content: str
) -> None:
    for _ in range(3):
        publish(standfirst="What it is about.", lead_image=PICTURE)
    for place in PLACES:
        found = items(ask(api, address(section, extension, content), place))
        assert len(found) == 3
        for item in found:
            assert title(item) == "An Article"
            for name, text in shown(item).items():
                assert text.startswith((ENGLISH, '<div role="note"')), name
                assert ENGLISH in text
                assert RUSSIAN in text
                assert text.index(RUSSIAN) < text.index("What it is about." if "about" in text else "The text")


def test_the_notice_comes_as_an_extension_too(api: Api, publish: Callable[..., Article], section: str) -> None:
    publish()
    for extension in ("rss", "atom"):
        answer = ask(api, address(section, extension), "elsewhere")
        root = parsed(answer)
        feed = root if extension == "atom" else root.find("channel")
        assert feed is not None
        for holder in (feed, items(answer)[0]):
            english, russian = holder.findall("notice:notice", NAMES)
            assert (english.get("language"), russian.get("language")) == ("en", "ru")
            assert english.text == load_entries()[0]["texts"]["en"]["text"]
            assert english.attrib == {
                "id": "ru-undesirable-organization",
                "version": "1",
                "language": "en",
                "must-display": "true",
                "restricted-actions": "share like comment save contact",
                "href": f"{PUBLIC_URL}/legal-notices/ru-undesirable-organization",
            }
    feed = json.loads(ask(api, address(section, "json"))["body"])
    for holder in (feed, feed["items"][0]):
        assert [each["language"] for each in holder["_legal_notices"]["notices"]] == ["en", "ru"]
        assert {each["reason"] for each in holder["_legal_notices"]["notices"]} == {"always"}


@pytest.mark.parametrize("place", PLACES)
def test_a_copy_on_the_device_is_kept_only_where_no_notice_is_due(
    api: Api, publish: Callable[..., Article], section: str, place: str
) -> None:
    publish()
    kept = ask(api, address(section, "rss"), place)["headers"]["cache-control"]
    assert kept == (
        "private, no-cache, stale-if-error=0" if place == "elsewhere" else "private, no-store, stale-if-error=0"
    )


def test_before_the_notice_is_in_effect_there_is_none(
    syndication: Callable[..., Api], publish: Callable[..., Article], section: str
) -> None:
    publish()
    early = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, today="2024-02-01")
    (item,) = items(ask(early, address(section, "atom")))
    assert not item.findall("notice:notice", NAMES)
    assert shown(item)["atom:content"] == "<p>The text, which nobody may miss.</p>"


# ------------------------------------------------------------------------------------------------ What a feed says


def test_an_item_of_rss_says_all_that_there_is_to_say(api: Api, publish: Callable[..., Article], section: str) -> None:
    article = publish(
        headline="Seeds <b>& Co.</b>",
        url="https://news.example.org/seeds",
        standfirst="A < B & C",
        byline=[{"name": "Mira Halvorsen"}, {"name": "Ana Kovač"}],
        tags=["libraries", "seeds"],
        updated_at="2025-11-20T10:30:00+02:00",
        lead_image=PICTURE,
        rights="All rights reserved.",
    )
    answer = ask(api, address(section, "rss"))
    assert answer["headers"]["content-type"] == "application/rss+xml; charset=utf-8"
    channel = parsed(answer).find("channel")
    assert channel is not None
    assert channel.findtext("title") == f"The Example: {section}"
    assert channel.findtext("language") == "en"
    # The newest of the article's update and of what other tests withdrew.
    built = parsedate_to_datetime(channel.findtext("lastBuildDate", ""))
    withdrawn = [each.get("when", "") for each in channel.iterfind("at:deleted-entry", NAMES)]
    assert built == max(map(dt.datetime.fromisoformat, ["2025-11-20T10:30:00+02:00", *withdrawn]))
    (item,) = items(answer)
    assert item.findtext("title") == "Seeds <b>& Co.</b>"
    assert item.findtext("link") == "https://news.example.org/seeds"
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    assert item.findtext("guid") == f"tag:content.example.org,2025:articles/{article.id}"
    assert item.findtext("pubDate") == "Thu, 20 Nov 2025 08:00:00 +0000"
    assert item.findtext("atom:updated", "", NAMES) == "2025-11-20T08:30:00Z"
    assert [each.text for each in item.findall("dc:creator", NAMES)] == ["Mira Halvorsen", "Ana Kovač"]
    assert [each.text for each in item.findall("category")] == [section, "libraries", "seeds"]
    assert item.findtext("dc:rights", "", NAMES) == "All rights reserved."
    assert shown(item)["description"].endswith("<p>A &lt; B &amp; C</p>")
    assert '<figure><img src="https://media.example.org/1080.webp"' in shown(item)["content:encoded"]
    first = {"url": "https://media.example.org/480.webp", "type": "image/webp"}
    assert item.find("enclosure").attrib == first | {"length": "0"}
    media = item.find("media:content", NAMES)
    assert media.attrib == first | {"medium": "image", "width": "480", "height": "320"}
    assert media.findtext("media:description", "", NAMES) == "A jar of seeds"
    assert media.findtext("media:title", "", NAMES) == "Seeds, lent & returned"
    assert media.findtext("media:credit", "", NAMES) == "A. Photographer"


def test_an_article_without_an_address_leads_to_its_embed_in_all_formats(
    api: Api, publish: Callable[..., Article], section: str
) -> None:
    article = publish()
    embed = f"{PUBLIC_URL}/embed/articles/{article.id}"
    assert items(ask(api, address(section, "rss")))[0].findtext("link") == embed
    assert items(ask(api, address(section, "atom")))[0].find("atom:link", NAMES).get("href") == embed
    assert items(ask(api, address(section, "json")))[0]["url"] == embed


def test_a_summary_has_the_standfirst_and_not_the_text(api: Api, publish: Callable[..., Article], section: str) -> None:
    publish(standfirst="What it is about.")
    for extension in FORMATS:
        answer = ask(api, address(section, extension, "?content=summary"))
        assert "The text, which nobody may miss." not in answer["body"]
        assert all("What it is about." in text for text in shown(items(answer)[0]).values())
        assert f'{address(section.lower(), extension)}?content=summary>; rel="self"' in answer["headers"]["link"]


def test_right_to_left_content_says_so_and_the_notice_keeps_its_own_direction(
    api: Api, publish: Callable[..., Article], section: str
) -> None:
    publish(language="fa", standfirst="خلاصه", body=[{"type": "paragraph", "html": "متن"}])
    for extension in FORMATS:
        (item,) = items(ask(api, address(section, extension, language="fa")))
        for name, text in shown(item).items():
            if name != "summary":
                assert text.startswith('<div role="note" lang="en" dir="auto"')
                assert '</div><div dir="rtl" lang="fa"><p>' in text
    root = parsed(ask(api, address(section, "atom", language="fa")))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fa"


def test_the_newest_thirty_come_newest_first(
    api: Api, publish: Callable[..., Article], section: str, now: dt.datetime
) -> None:
    made = [publish(published_at=f"2025-11-{day:02}T08:00:00Z", headline=f"Day {day}") for day in range(1, 21)]
    made += [publish(published_at=f"2025-10-{day:02}T08:00:00Z", headline=f"Earlier {day}") for day in range(1, 21)]
    made.sort(key=lambda article: article.published_at or now, reverse=True)
    for extension in FORMATS:
        found = [title(item) for item in items(ask(api, address(section, extension)))]
        assert found == [article.headline for article in made[:30]]


def test_an_article_of_unknown_date_is_dated_by_when_it_was_written_in_both_forms(
    api: Api, publish: Callable[..., Article], section: str
) -> None:
    publish(published_at=None)
    for content in ("", "?content=summary"):
        (entry,) = items(ask(api, address(section, "atom", content)))
        assert entry.findtext("atom:updated", "", NAMES) == "2025-11-20T12:00:00Z"
        assert entry.find("atom:published", NAMES) is None


# ------------------------------------------------------------------------------------------------ Change


def test_an_identifier_is_the_same_in_every_format_and_version(
    api: Api, publish: Callable[..., Article], store: ArticleStore, section: str, now: dt.datetime
) -> None:
    article = publish()
    seen: set[str] = set()
    for version in range(1, 4):
        for extension in FORMATS:
            (item,) = items(ask(api, address(section, extension)))
            seen.add(identifier(item))
        changed = {"headline": f"Version {version}", "url": f"https://news.example.org/{article.id}/{version}"}
        store.save(article.model_copy(update=changed), expected_version=version, at=now)
    assert seen == {f"tag:content.example.org,2025:articles/{article.id}"}
    assert title(items(ask(api, address(section, "json")))[0]) == "Version 3"


@pytest.mark.parametrize("extension", FORMATS)
def test_what_is_withdrawn_leaves_a_tombstone_until_it_is_reinstated(
    api: Api, publish: Callable[..., Article], store: ArticleStore, section: str, now: dt.datetime, extension: str
) -> None:
    kept, withdrawn = publish(headline="Kept"), publish(headline="Withdrawn")
    tag = f"tag:content.example.org,2025:articles/{withdrawn.id}"
    before = ask(api, address(section, extension))
    assert {title(item) for item in items(before)} == {"Kept", "Withdrawn"}
    assert tag not in gone(before)

    store.withdraw(withdrawn.id, expected_version=1, at=now + dt.timedelta(minutes=1))
    after = ask(api, address(section, extension))
    assert [title(item) for item in items(after)] == ["Kept"]
    assert tag in gone(after)
    assert after["headers"]["etag"] != before["headers"]["etag"]

    store.withdraw(kept.id, expected_version=1, at=now)
    empty = ask(api, address(section, extension))
    assert items(empty) == []
    assert tag in gone(empty)

    store.reinstate(withdrawn.id, expected_version=2, at=now)
    again = ask(api, address(section, extension))
    assert [title(item) for item in items(again)] == ["Withdrawn"]
    assert tag not in gone(again)


def test_what_is_withdrawn_while_the_feed_is_made_is_not_in_it(
    syndication: Callable[..., Api],
    publish: Callable[..., Article],
    store: ArticleStore,
    section: str,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article = publish()
    original = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)

    def withdrawn_then(cards: list[bytes]) -> str:
        if cards and store.records.current(article.id).status == "published":
            store.withdraw(article.id, expected_version=1, at=now)
        return unpacked(cards)

    monkeypatch.setattr("syndication.feeds.entries.unpacked", withdrawn_then)
    assert items(ask(original, address(section, "rss"))) == []


@pytest.mark.parametrize("extension", FORMATS)
def test_a_copy_that_is_still_good_is_not_sent_again_and_no_other_is_confirmed(
    api: Api, publish: Callable[..., Article], store: ArticleStore, section: str, now: dt.datetime, extension: str
) -> None:
    article = publish()
    first = ask(api, address(section, extension))
    tag = first["headers"]["etag"]
    assert not tag.startswith("W/")
    assert "last-modified" not in first["headers"]
    for place in PLACES:
        confirmed = ask(api, address(section, extension), place, if_none_match=tag)
        assert (confirmed["statusCode"], confirmed["body"]) == (304, "")
        assert confirmed["headers"]["etag"] == tag
    # A date says nothing of notices.
    dated = ask(api, address(section, extension), if_modified_since="Fri, 20 Nov 2099 12:00:00 GMT")
    assert dated["statusCode"] == 200
    anything = ask(api, address(section, extension), "ru", if_none_match="*")
    assert anything["statusCode"] == 200
    store.save(article.model_copy(update={"headline": "Changed"}), expected_version=1, at=now)
    assert ask(api, address(section, extension), if_none_match=tag)["statusCode"] == 200


def test_the_same_content_is_the_same_bytes_whenever_it_is_asked_for(
    syndication: Callable[..., Api], publish: Callable[..., Article], section: str
) -> None:
    publish()
    for extension in FORMATS:
        bodies = {
            ask(
                syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, today=day),
                address(section, extension),
            )["body"]
            for day in ("2025-11-20", "2026-03-01")
        }
        assert len(bodies) == 1


# ------------------------------------------------------------------------------------------------ Addresses


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
    assert answer["headers"]["x-cache-tags"] == "list:tg:all,changes:tg"
    assert answer["headers"]["link"] == f'<{PUBLIC_URL}/feeds/tg.rss>; rel="self"'


def test_the_feed_of_a_section_goes_when_its_list_or_a_withdrawal_does(
    api: Api, publish: Callable[..., Article], section: str
) -> None:
    publish()
    tags = ask(api, address(section, "atom"))["headers"]["x-cache-tags"]
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
            each.get("rel"): each.get("href") for each in parsed(stated[extension]).iter(f"{{{NAMES['atom']}}}link")
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
    assert items(ask(api, f"/feeds/crh.{extension}")) == []


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


# ------------------------------------------------------------------------------------------------ Compression


def unzipped(answer: dict[str, Any]) -> str:
    assert answer["headers"]["content-encoding"] == "gzip"
    assert answer["isBase64Encoded"] is True
    return gzip.decompress(base64.b64decode(answer["body"])).decode()


@pytest.mark.parametrize("extension", FORMATS)
def test_a_feed_that_cloudfront_does_not_compress_comes_gzipped_to_those_who_accept_it(
    api: Api, publish: Callable[..., Article], section: str, extension: str
) -> None:
    publish()
    path = address(section, extension)
    plain, packed = ask(api, path), ask(api, path, accept_encoding="br,gzip")
    if extension == "rss":  # CloudFront's own part
        assert packed == plain
        return
    assert unzipped(packed) == plain["body"]
    assert plain["headers"]["vary"] == packed["headers"]["vary"] == "accept-encoding"
    tags = {"identity": plain["headers"]["etag"], "gzip": packed["headers"]["etag"]}
    assert tags["identity"] != tags["gzip"]
    for coding, tag in tags.items():
        for other in tags:
            again = ask(api, path, accept_encoding=other, if_none_match=tag)
            assert (again["statusCode"], again["headers"]["vary"]) == (
                304 if coding == other else 200,
                "accept-encoding",
            )
            if coding == other:
                assert (again["body"], again["headers"]["etag"]) == ("", tag)
                assert "content-encoding" not in again["headers"]
    head = ask(api, path, method="HEAD", accept_encoding="gzip")
    assert (head["body"], head["headers"]) == ("", packed["headers"])
    assert "isBase64Encoded" not in head


def test_a_problem_comes_gzipped_too(api: Api) -> None:
    plain, packed = ask(api, "/feeds/en.rss?colour=blue"), ask(api, "/feeds/en.rss?colour=blue", accept_encoding="gzip")
    assert unzipped(packed) == plain["body"]
    assert plain["headers"]["vary"] == "accept-encoding"


def test_a_draft_alone_makes_no_feed(
    api: Api, store: ArticleStore, an_article: AnArticle, now: dt.datetime, section: str
) -> None:
    store.save(an_article(status="draft", section=section), expected_version=0, at=now)
    assert ask(api, address(section, "rss"))["statusCode"] == 404


@pytest.mark.parametrize("extension", FORMATS)
def test_a_language_whose_articles_are_all_gone_has_an_empty_feed_even_when_the_changes_are_forgotten(
    api: Api, publish: Callable[..., Article], store: ArticleStore, now: dt.datetime, extension: str, stack: Stack
) -> None:
    language = {"rss": "mt", "atom": "cy", "json": "ga"}[extension]
    article = publish(language=language, section=None)
    store.withdraw(article.id, expected_version=1, at=now)
    answer = ask(api, f"/feeds/{language}.{extension}")
    assert items(answer) == []
    assert len(gone(answer)) == 1
    for number in (1, 2):
        key = {"pk": {"S": f"CHANGE#{language}"}, "sk": {"S": f"{number:012}"}}
        clients.dynamodb().delete_item(TableName=stack.table, Key=key)
    answer = ask(api, f"/feeds/{language}.{extension}")
    assert items(answer) == []
    assert gone(answer) == []


@pytest.mark.parametrize("extension", FORMATS)
def test_head_is_get_without_its_body_and_header_names_may_be_in_any_case(
    api: Api, syndication: Callable[..., Api], publish: Callable[..., Article], section: str, extension: str
) -> None:
    publish()
    got = ask(api, address(section, extension), "ru")
    head = ask(api, address(section, extension), "ru", method="HEAD")
    assert (head["statusCode"], head["body"], head["headers"]) == (200, "", got["headers"])
    # sam local hands header names over in canonical case.
    asked = event("GET", address(section, extension), route_keys=ROUTE_KEYS)
    asked["headers"] = {"Cloudfront-Viewer-Country": "RU", "If-None-Match": got["headers"]["etag"]}
    local = syndication(READER_LOCATION="developer", PUBLISHER_NAME="The Example")(asked)
    assert local["statusCode"] == 304
    assert local["headers"]["cache-control"] == "private, no-store, stale-if-error=0"


# ------------------------------------------------------------------------------------------------ Size


def _large(characters: int) -> list[dict[str, str]]:
    return [
        {"type": "paragraph", "html": f"<b>{secrets.token_hex(20_000)}</b>&amp;"} for _ in range(characters // 40_000)
    ]


@pytest.mark.parametrize("extension", FORMATS)
def test_what_has_no_room_in_an_answer_is_left_out_oldest_first(
    api: Api, publish: Callable[..., Article], section: str, extension: str
) -> None:
    for hour in range(8):
        publish(published_at=f"2025-11-20T{hour:02}:00:00Z", headline=f"Hour {hour}", body=_large(1_200_000))
    answer = ask(api, address(section, extension))
    found = [title(item) for item in items(answer)]
    assert found == ["Hour 7", "Hour 6", "Hour 5", "Hour 4"]
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < 6_000_000


@pytest.mark.parametrize("extension", FORMATS)
def test_an_article_too_large_for_any_answer_is_given_by_its_summary(
    api: Api, publish: Callable[..., Article], section: str, extension: str
) -> None:
    escaped = [{"type": "html", "html": "<p>&lt;&gt;</p>" * 13_000} for _ in range(20)]
    publish(published_at="2025-11-20T10:00:00Z", headline="Large", standfirst="In short.", body=escaped)
    publish(published_at="2025-11-20T09:00:00Z", headline="Small")
    large, small = items(ask(api, address(section, extension)))
    assert (title(large), title(small)) == ("Large", "Small")
    for text in shown(large).values():
        assert "In short." in text
        assert RUSSIAN in text
        assert len(text) < 10_000
    assert any("The text, which nobody may miss." in text for text in shown(small).values())


def test_what_items_say_beside_their_content_counts_too(
    api: Api, publish: Callable[..., Article], section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(9):
        publish(published_at=f"2025-11-20T0{hour}:00:00Z", headline="&" * 500, rights="&" * 10_000)
    for extension in ("rss", "atom"):
        monkeypatch.setattr("syndication.feeds.serving.MOST_BYTES", 200_000)
        answer = ask(api, address(section, extension))
        assert 0 < len(items(answer)) < 9
        assert len(json.dumps(answer["body"], ensure_ascii=False).encode()) <= 200_000


# ------------------------------------------------------------------------------------------------ Faults


class _Failing:
    """A table that fails at one of its calls."""

    def __init__(self, table: Any, method: str) -> None:
        self._table = table
        self._method = method

    def __getattr__(self, name: str) -> Any:
        def fails(*_: object, **__: object) -> None:
            raise StoreUnavailable("DynamoDB: InternalServerError")

        return fails if name == self._method else getattr(self._table, name)


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("method", ["query", "get_item", "get_items"])
def test_when_dynamodb_fails_the_answer_is_to_come_again_and_never_a_feed_that_lacks_something(
    syndication: Callable[..., Api],
    publish: Callable[..., Article],
    section: str,
    stack: Stack,
    method: str,
    extension: str,
) -> None:
    publish()
    table: Any = _Failing(Table(stack.table, os.environ), method)
    api = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, table=table)
    answer = ask(api, address(section, extension), "ru")
    assert answer["statusCode"] == 503
    assert answer["headers"]["retry-after"] == "1"
    assert json.loads(answer["body"])["code"] == "temporarily-unavailable"


def test_when_s3_does_not_give_a_large_document_the_answer_is_to_come_again(
    api: Api, publish: Callable[..., Article], section: str, stack: Stack
) -> None:
    article = publish(body=_large(1_200_000))
    s3 = clients.s3()
    (kept,) = s3.list_objects_v2(Bucket=stack.bucket, Prefix=f"documents/{article.id}/").get("Contents", [])
    s3.delete_object(Bucket=stack.bucket, Key=kept.get("Key", ""))
    assert ask(api, address(section, "rss"))["statusCode"] == 503
    # Cards are enough for summaries.
    assert ask(api, address(section, "rss", "?content=summary"))["statusCode"] == 200
