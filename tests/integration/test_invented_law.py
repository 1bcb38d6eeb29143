"""A law that is invented as a JSON file is seen everywhere, without a line of code: `invented_law.json`."""

import datetime as dt
import html
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from canary.edge import NOBODY, places
from content_api.content.article import Article, Paragraph
from content_api.law import law_file
from content_api.law.law_file import load_entries, load_law, places_told
from content_api.law.legal_notices import LegalNotices
from content_api.law.places import jurisdiction_of_place, rules
from content_api.law.zone import Zone
from content_api.reader_api.api import started
from gateway.events import event
from gateway.server import LambdaContext
from gateway.stack import PATIENCE, Stack
from importing.html.html_page import parse_html_page
from importing.text.text_page import parse_text_page
from importing.words import warnings
from law.__main__ import TEMPLATE, files, outdated
from reading.routes import SURFACE as READING
from simulated_edge.engine import EdgeFunction, edge_function
from simulated_edge.requests import ROUTE_KEYS, SECRET
from syndication.routes import SURFACE as SYNDICATION
from zone import build
from zone.keyvalues import wanted
from zone.measure import networks_of

FILE = Path(__file__).with_name("invented_law.json")
LAW: Any = json.loads(FILE.read_text(encoding="utf-8"))
NOTICE, PRESS = LAW["notices"][:2]
ID = NOTICE["id"]
IN_FORCE = [NOTICE, PRESS]
WORDS = {language: wording["paragraphs"][0] for language, wording in NOTICE["texts"].items()}
TODAY = dt.datetime.now(dt.UTC).date()


class Place(NamedTuple):
    """Where networks that connect readers are by the sources of the invented zone, and the jurisdiction of that."""

    country: str
    region: str
    name: str
    network: str
    jurisdiction: str

    @property
    def address(self) -> str:
        return self.network.replace("0.0/16", "10.1")


PLACES = [
    Place("BY", "BR", "Brest", "178.124.0.0/16", "by-west"),
    Place("BY", "HR", "Grodno", "93.84.0.0/16", "by-west"),
    Place("BY", "HM", "Minsk City", "86.57.0.0/16", "by-minsk"),
    Place("KZ", "75", "Almaty", "2.132.0.0/16", "kz"),
    Place("BY", "VI", "Vitebsk", "37.17.0.0/16", "elsewhere"),
    Place("RU", "MOW", "Moscow", "95.56.0.0/16", "elsewhere"),
    Place("AR", "C", "Buenos Aires", "186.0.0.0/16", "ar-capital"),
    Place("AR", "X", "Cordoba", "190.7.0.0/16", "elsewhere"),
    Place("US", "VA", "Virginia", "73.0.0.0/16", "elsewhere"),
]
# By one source in Minsk, by another one in Brest.
DISPUTED = Place("BY", "", "Disputed", "37.212.0.0/16", "by-west by-minsk")
DUE = [place for place in PLACES if place.jurisdiction in NOTICE["jurisdictions"]]
BY_NAME = pytest.mark.parametrize("place", PLACES, ids=[place.name for place in PLACES])

# The answer of a path to a reader, whom a mode of deployment finds in a place.
type Asks = Callable[[Place, str], dict[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def invented() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(law_file, "LAW", str(FILE))
        for cached in (rules, warnings._notices):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it forgets
            cached.cache_clear()
        yield
    rules.cache_clear()
    warnings._notices.cache_clear()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as above


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory, invented: None) -> Iterator[Path]:  # noqa: ARG001 - of that law
    """The zone database, as `zone.build` makes it of two sources."""
    folder = tmp_path_factory.mktemp("zone")
    sources: dict[str, Path] = {}
    for source, disputed in (("source", "Minsk"), ("other", "Brest")):
        writer = MMDBWriter(ip_version=4, database_type=source)
        for place in (*PLACES, DISPUTED._replace(name=disputed)):
            writer.insert_network(IPSet([place.network]), {"country_code": place.country, "state1": place.name})
        sources[f"{source}-ipv4"] = folder / f"{source}-ipv4.mmdb"
        writer.to_db_file(str(sources[f"{source}-ipv4"]))
    zones = {version: build.zone_of(version, sources) for version in (4, 6)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "DATABASE", folder / "zone.mmdb")
        build.write(zones, build.DATABASE, TODAY)
        build.DATABASE.with_suffix(".json").write_text(json.dumps(build.manifest(zones, [], TODAY)), encoding="utf-8")
        yield build.DATABASE


@pytest.fixture(scope="module")
def edge(zone: Path, edge_engine: str) -> Iterator[EdgeFunction]:
    """The function that `make law` writes, and the store that `zone.keyvalues` fills."""
    path = zone.with_suffix(".js")
    path.write_text(files(load_law())["functions/edge/viewer_request.js"], encoding="utf-8")
    with edge_function(path, edge_engine) as running:
        told = places_told(load_law())
        running.hold(wanted(networks_of(zone), {"16509"}, TODAY, TODAY, told=told))
        yield running


@pytest.fixture(scope="module")
def article(own_stack: Stack, an_article: Callable[..., Article], now: dt.datetime) -> Article:
    saved = an_article(url="https://news.example.org/an-article")
    own_stack.store().save(saved, expected_version=0, at=now)
    return saved


@pytest.fixture(scope="module", params=["edge", "connection", "developer"])
def asks(request: pytest.FixtureRequest, own_stack: Stack, zone: Path, article: Article, edge: EdgeFunction) -> Asks:
    variables = {
        **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        **PATIENCE,
        "CONTENT_TABLE": own_stack.table,
        "CONTENT_BUCKET": own_stack.bucket,
        "PUBLIC_URL": "https://content.example.org",
        "READER_LOCATION": request.param,
    }
    if request.param == "edge":
        found = re.search(r"EDGE_JURISDICTIONS: (.*)", files(load_law())[TEMPLATE])
        variables |= {"ORIGIN_SECRET_CURRENT": SECRET, "EDGE_JURISDICTIONS": found[1] if found else ""}
    if request.param == "connection":
        variables["NOTICE_ZONE_FILE"] = str(zone)
    apis = {surface: started(surface, variables) for surface in (READING, SYNDICATION)}

    def answer(place: Place, path: str) -> dict[str, Any]:
        headers = {"CloudFront-Viewer-Country": place.country, "CloudFront-Viewer-Country-Region": place.region}
        if request.param == "edge":
            (jurisdiction,) = edge.jurisdictions([(place.country, place.region, place.address)])
            headers = {"X-Origin-Secret": SECRET, "X-Viewer-Jurisdiction": jurisdiction}
        if request.param == "connection":
            headers = {}
        asked = event("GET", path.format(id=article.id), headers, route_keys=ROUTE_KEYS, source_ip=place.address)
        of_partners = path.startswith(("/embed", "/feeds", "/v1/oembed"))
        answered = apis[SYNDICATION if of_partners else READING].lambda_handler(asked, LambdaContext())
        assert answered["statusCode"] == 200, answered["body"]
        return dict(answered)

    return answer


@BY_NAME
@pytest.mark.parametrize("path", ["/v1/articles/{id}", "/v1/articles?language=en&fields=id", "/v1/legal-notices"])
def test_json_has_the_notice_where_it_is_due(asks: Asks, place: Place, path: str) -> None:
    notices = json.loads(asks(place, path)["body"])["legal_notices"]
    due = [each["id"] for each in IN_FORCE if place.jurisdiction in each["jurisdictions"]]
    assert [(each["id"], each["reason"]) for each in notices] == [(each, "jurisdiction") for each in due]
    for notice in notices:
        stated = next(each for each in IN_FORCE if each["id"] == notice["id"])
        assert notice["version"] == stated["version"]
        assert notice["restricted_actions"] == stated["restricted_actions"]
    if place in DUE:
        assert notices[0]["text"] == f"{WORDS['en']}\n\nRead what the law says first."


def test_a_reader_whose_place_is_unknown_gets_the_notices_for_it(asks: Asks) -> None:
    nowhere = Place("ZZ", "", "Nowhere", "10.0.0.0/16", "unknown")
    notices = json.loads(asks(nowhere, "/v1/articles/{id}")["body"])["legal_notices"]
    assert [(each["id"], each["reason"]) for each in notices] == [(ID, "unknown_location")]


def test_two_notices_each_stand_beside_their_second_language(asks: Asks) -> None:
    minsk = next(place for place in PLACES if place.jurisdiction == "by-minsk")
    page = asks(minsk, "/embed/articles/{id}")["body"]
    stated = re.findall(r'lang="([\w-]+)" dir="(\w+)" data-legal-notice="([\w-]+)"', page)
    assert stated == [
        ("en", "ltr", ID),
        ("be", "ltr", ID),
        ("en", "ltr", PRESS["id"]),
        ("fa", "rtl", PRESS["id"]),
    ]
    assert "Whoever prints &lt;us&gt;" in page


@BY_NAME
def test_an_embed_has_it_in_its_second_language_too(asks: Asks, place: Place) -> None:
    page = html.unescape(asks(place, "/embed/articles/{id}")["body"])
    assert [words in page for words in WORDS.values()] == [place in DUE] * 2
    assert (f"https://content.example.org/legal-notices/{ID}" in page) == (place in DUE)


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_a_feed_has_it_in_both_languages(asks: Asks, extension: str) -> None:
    feed = asks(PLACES[-1], f"/feeds/en.{extension}")["body"]
    assert all(words in feed for words in WORDS.values())
    assert PRESS["texts"]["fa"]["paragraphs"][0] in feed
    assert "Nobody is told" not in feed


def test_oembed_has_it_in_both_languages(asks: Asks, article: Article) -> None:
    embedded = json.loads(asks(PLACES[-1], f"/v1/oembed?url={quote(str(article.url), safe='')}")["body"])
    assert all(words in html.unescape(embedded["html"]) for words in WORDS.values())
    assert PRESS["texts"]["fa"]["paragraphs"][0] in embedded["html"]
    assert "Nobody is told" not in embedded["html"]


def test_the_notices_page_has_all_its_words_and_places(asks: Asks) -> None:
    page = html.unescape(asks(PLACES[-1], f"/legal-notices/{ID}")["body"])
    for said in (*WORDS.values(), *NOTICE["title"].values(), "The west of Belarus", "Minsk", "Kazakhstan"):
        assert said in page
    assert "Russia" not in page


def test_the_page_says_until_when_a_notice_is_shown(asks: Asks) -> None:
    page = html.unescape(asks(PLACES[-1], f"/legal-notices/{PRESS['id']}")["body"])
    english, persian = page.split("<section ")[1:]
    assert '>January 1, 2025</time> – <time datetime="2999-12-31">December 31, 2999</time>' in english
    for said in ("یک فرمان", "بوئنوس آیرس", "۱۲ دی ۱۴۰۳"):
        assert said in persian


@BY_NAME
def test_the_edge_knows_readers_whose_region_is_not_stated_by_their_network(edge: EdgeFunction, place: Place) -> None:
    assert edge.jurisdictions([(place.country, None, place.address)]) == [place.jurisdiction]
    assert edge.jurisdictions([("BY", "QQ", NOBODY), ("AR", "0C", NOBODY), ("AR", "AR-C", NOBODY)]) == [
        "unknown",
        "unknown",
        "ar-capital",
    ]


def test_in_a_network_of_two_jurisdictions_the_notices_of_both_are_due(edge: EdgeFunction, zone: Path) -> None:
    assert edge.jurisdictions([("BY", None, DISPUTED.address)]) == [DISPUTED.jurisdiction]
    told = Zone(zone, today=TODAY).value(DISPUTED.address) or ""
    assert sorted(told.split()) == sorted(DISPUTED.jurisdiction.split())
    assert jurisdiction_of_place("BY", None, in_zone=told) == DISPUTED.jurisdiction
    due = LegalNotices(load_entries(), "").due(DISPUTED.jurisdiction, "en", on=TODAY.isoformat()).notices
    assert [each["id"] for each in due] == [ID, PRESS["id"]]


def test_the_canary_asks_about_its_places_and_the_edge_knows_them(edge: EdgeFunction) -> None:
    asked = places()
    assert {place.jurisdiction for place in asked} == {
        "by-west",
        "by-minsk",
        "kz",
        "ar-capital",
        "elsewhere",
        "unknown",
    }
    for place in asked:
        assert edge.jurisdictions([(place.country, place.region, NOBODY)], system=place.system) == [place.jurisdiction]


SAID = [(notice, language) for notice in IN_FORCE for language in notice["texts"]]


@pytest.mark.parametrize(("notice", "language"), SAID, ids=[f"{notice['id']}-{tag}" for notice, tag in SAID])
def test_the_import_takes_it_out_of_a_text_with_its_link(notice: Any, language: str) -> None:
    stated = notice["texts"][language]
    link = stated.get("link", "").replace("[", "").replace("]", "")
    told = [stated["paragraphs"][0], *filter(None, [link])]
    story = ["The mill at Venn turns again after twelve years.", "Its owner says that the river has come back to it."]
    text = "\n\n".join(["A headline", *story[:1], *told, *story[1:]])
    of_text = parse_text_page(text, language="en").article
    markup = "".join(f"<p>{html.escape(each)}</p>" for each in [*story[:1], *told, *story[1:]])
    of_html = parse_html_page(f"<html><body><article><h1>A headline</h1>{markup}</article></body></html>")
    for found in (of_text, of_html):
        said = html.unescape(" ".join(block.html for block in found.body if isinstance(block, Paragraph)))
        assert not [each for each in told if each in said]
        assert story[1] in said


def test_what_was_made_from_another_law_is_seen() -> None:
    """`make build` builds nothing then."""
    assert set(outdated(load_law())) >= {"functions/edge/viewer_request.js", "template.yaml"}
