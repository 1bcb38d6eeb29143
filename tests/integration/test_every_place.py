"""Every place there is, on every route, by every way of trust: who gets which notice, from the viewer to the answer."""

import itertools
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import parse_qs

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.built_index import BuiltIndex

from content_api.content.article import Article
from content_api.content.cards import packed
from content_api.content.document import public_fields
from content_api.law.places import jurisdiction_of_place
from content_api.names.keys import article_key
from gateway import template
from gateway.events import event
from gateway.reader_api import reader_api
from gateway.server import LambdaContext
from imaging.serving.routes import SURFACE as MEDIA
from reading.catalogue import contents
from reading.routes import SURFACE as READING
from searching.routes import SURFACE as SEARCHING
from simulated_edge.cdn import Cdn, Handler, Viewer
from simulated_edge.engine import EdgeFunction, edge_function
from syndication.routes import SURFACE as SYNDICATION
from thoroughness import IS_THOROUGH, examples

TEMPLATE = template.load()
FUNCTIONS = template.functions_for_readers(TEMPLATE)
ROUTES = list(FUNCTIONS)
# Each GET route of the template with what may be asked there, but for what is no content: a page that carries all
# notices, a redirect, the contract.
PATHS = {
    "GET /v1/articles": "/v1/articles?language=en",
    "GET /v1/articles/{id}": "/v1/articles/a",
    "GET /v1/fronts/{language}": "/v1/fronts/en",
    "GET /v1/breaking": "/v1/breaking?language=en",
    "GET /v1/changes": "/v1/changes?language=en",
    "GET /v1/sections": "/v1/sections",
    "GET /v1/languages": "/v1/languages",
    "GET /v1/newsletters": "/v1/newsletters",
    "GET /v1/search": "/v1/search?language=en&q=headline",
    "GET /v1/suggest": "/v1/suggest?language=en&q=head",
    "GET /v1/articles/{id}/related": "/v1/articles/a/related",
    "GET /v1/topics": "/v1/topics",
    "GET /v1/topics/{id}": "/v1/topics/a",
    "GET /v1/authors": "/v1/authors?language=en",
    "GET /v1/authors/{id}": "/v1/authors/a",
    "GET /v1/shows": "/v1/shows",
    "GET /v1/shows/{id}": "/v1/shows/a",
    "GET /v1/articles/{id}/chapters": "/v1/articles/a/chapters",
    "GET /v1/articles/{id}/posts": "/v1/articles/a/posts",
    "GET /v1/articles/{id}/posts/{page}": "/v1/articles/a/posts/1",
    "GET /v1/legal-notices": "/v1/legal-notices",
    "GET /v1/legal-notices/{id}": "/v1/legal-notices/ru-undesirable-organization",
}
NO_CONTENT = {
    "GET /legal-notices/{id}", "GET /v1/resolve", "GET /v1/openapi.json", "GET /v1/docs", "GET /embed.js",
    # Whatever the place: test_mirror_pages.py.
    "GET /v1/bundles/{language}/{span}", "GET /mirror", "GET /mirror/{file}", "GET /mirror/{folder}/{file}",
}  # fmt: skip
# A picture carries no notice: the article does that shows it. What a device may keep of it depends on the place.
PICTURES = {"GET /media/{id}/{crop}/{file}", "GET /media/{id}/{file}"}
PICTURE = f"/media/{'5' * 64}/original/320.avif"
# Pages are asked for by readers themselves, as JSON is; what follows by partners' servers, and has the notice always.
EMBED = "/embed/articles/a"
OEMBED = "/v1/oembed?url=https%3A%2F%2Fcontent.example.org%2Fembed%2Farticles%2Fa"
FOR_PARTNERS = {
    "GET /v1/oembed",
    "GET /v1/newsletters/{id}/digest",
    "GET /feeds/{file}",
    "GET /feeds/{language}/{file}",
    "GET /feeds/{language}/shows/{file}",
    "GET /sitemaps/news.xml",
    "GET /sitemaps/index.xml",
    "GET /sitemaps/{language}/{file}",
}
SECRET = "current-secret-of-the-edge-0123456789abcdef"
NOW = 1_763_640_000.0  # 2025-11-20
INSIDE, OUTSIDE, NOWHERE = "5.59.32.7", "8.8.8.8", "not an address"
IN_ZONE = {INSIDE: "ua-occupied", OUTSIDE: "", NOWHERE: None}
BY_CONNECTION = {INSIDE: "ru", OUTSIDE: "elsewhere", NOWHERE: "unknown"}


ARTICLE = Article.model_validate(
    {
        "id": "a",
        "language": "en",
        "headline": "A headline",
        "url": "https://news.example.org/a",
        "body": [
            {"type": "heading", "level": 2, "text": "The text."},
            {
                "type": "audio",
                "renditions": [{"url": "https://m.example.org/a.mp3", "media_type": "audio/mpeg"}],
                "chapters": [{"starts_at": 0, "title": "The text."}],
            },
        ],
    }
)
DOCUMENT = public_fields(ARTICLE, 1)
CARD = {"id": "a", "language": "en", "section": "Culture", "headline": "The text.", "standfirst": None}


class OneArticle:
    """A table with one article, on every list."""

    def get_item(self, key: dict[str, str], _attributes: str = "") -> Any:
        document = json.dumps(DOCUMENT)
        return {
            "status": {"S": "published"},
            "version": {"N": "1"},
            "language": {"S": "en"},
            "modified": {"S": "Thu, 20 Nov 2025 12:00:00 GMT"},
            "document": {"B": zlib.compress(document.encode())},
        } if key == article_key("a") else None  # fmt: skip

    def query(self, partition: str, **_asked: Any) -> tuple[list[Any], str]:
        if partition.startswith("POSTS#"):
            posts = {number: json.dumps({"number": number, "headline": "The text."}) for number in range(1, 21)}
            return [{"sk": {"S": f"{number:06d}"}, "post": {"S": post}} for number, post in posts.items()], ""
        item = {
            "sk": {"S": "2025-11-20T08:00:00.000000Z#a"},
            "card": {"B": packed(json.dumps(CARD))},
            "entry": {"S": json.dumps(CARD | {"change": "upsert", "version": 1})},
            "at": {"N": "0"},
        }
        return [item], ""

    def get_items(self, keys: Any, _attributes: str) -> list[Any]:
        card = {"card": {"B": packed(json.dumps(CARD))}, "status": {"S": "published"}, "language": {"S": "en"}}
        subjects = [each for each in keys if each["pk"] in {"TOPICS", "AUTHORS", "SHOWS"}]
        entry = {"entry": {"S": json.dumps({"id": "a", "names": [{"language": "en", "name": "The text."}]})}}
        topics = [{"sk": {"S": each["sk"]}, **entry, "lists": {"SS": ["topic#a"]}} for each in subjects]
        return topics or [card for key in keys if key == article_key("a")]


INDEX = BuiltIndex(ARTICLE)


def api(reader_location: str) -> Handler:
    """The functions that readers reach, each for its routes."""
    environment = {"READER_LOCATION": reader_location}
    secret = {"ORIGIN_SECRET_CURRENT": SECRET} if reader_location == "edge" else {}
    functions = {
        name: reader_api(
            surface,
            environment | secret,
            table=OneArticle(),
            bucket=INDEX,
            of_address=BY_CONNECTION.__getitem__,
            clock=lambda: NOW,
        )
        for name, surface in zip(template.FOR_READERS, (READING, SYNDICATION, SEARCHING, MEDIA), strict=True)
    }

    def handler(asked: dict[str, Any], context: Any) -> Any:
        return functions[FUNCTIONS.get(asked["routeKey"], "ReadingFunction")].lambda_handler(asked, context)

    return handler


@pytest.fixture(scope="module")
def edge(edge_engine: str) -> Iterator[EdgeFunction]:
    with edge_function(engine=edge_engine) as started:
        started.load_store(["053b2000/20"])
        yield started


def every_place() -> list[tuple[str | None, str | None]]:
    """Every country of ISO 3166-1 without a region and with each of its own of ISO 3166-2, and what is no place."""
    places: list[tuple[str | None, str | None]] = [(None, None), ("", ""), ("XX", None), ("T1", None), ("A1", "43")]
    iso = cast("Any", pycountry)  # without types
    for country in iso.countries:
        regions = iso.subdivisions.get(country_code=country.alpha_2) or ()
        places += [(country.alpha_2, None), *((country.alpha_2, each.code.partition("-")[2]) for each in regions)]
    return places


def reasons(response: Any) -> list[str]:
    assert response["statusCode"] == 200
    return [each["reason"] for each in json.loads(response["body"])["legal_notices"]]


def expected(jurisdiction: str) -> list[str]:
    return {"elsewhere": [], "unknown": ["unknown_location"]}.get(jurisdiction, ["jurisdiction"])


def is_told(page: str) -> bool:
    """Whether a page says what the reader risks, before all else; and does not tempt them if so."""
    notice, content = page.find('data-legal-notice="ru-undesirable-organization"'), page.index("<main")
    assert ("mailto:" in page) == (notice < 0)
    assert notice < content
    return notice >= 0


def test_the_paths_asked_are_all_there_are() -> None:
    known = {*PATHS, *NO_CONTENT, *PICTURES, *FOR_PARTNERS, "GET /embed/articles/{id}"}
    assert {key for key in ROUTES if key.startswith("GET ")} == known


@pytest.mark.sampled
def test_every_place_gets_its_notice_on_every_route_by_every_way_of_trust(
    edge: EdgeFunction, capsys: pytest.CaptureFixture[str]
) -> None:
    places = every_place()
    assert len(places) > 5_000
    states: Counter[str] = Counter()
    for address, in_zone in IN_ZONE.items():
        said = edge.jurisdictions((country, region, address) for country, region in places)
        for (country, region), jurisdiction in zip(places, said, strict=True):
            place = jurisdiction_of_place(country, region, in_zone=in_zone)
            # Where an address is that is not public, nobody can say; what the place adds, it adds.
            assert jurisdiction == ("unknown" if place == "elsewhere" and in_zone is None else place)
            states["edge"] += 1
    through_edge = api("edge")
    for jurisdiction, path in itertools.product(["ru", "ua-occupied", "unknown", "elsewhere"], PATHS.values()):
        headers = {"X-Origin-Secret": SECRET, "X-Viewer-Jurisdiction": jurisdiction}
        answered = through_edge(event("GET", path, headers, route_keys=ROUTES), LambdaContext())
        assert reasons(answered) == expected(jurisdiction)
        states["edge"] += 1
    on_own_machine = api("developer")
    # Each place on each route; in make test each place on one, and each route with hundreds of places.
    asked_for = (
        itertools.product(places, PATHS.values()) if IS_THOROUGH else zip(places, itertools.cycle(PATHS.values()))
    )
    for (country, region), path in asked_for:
        headers = {"CloudFront-Viewer-Country": country or "", "CloudFront-Viewer-Country-Region": region or ""}
        answered = on_own_machine(event("GET", path, headers, route_keys=ROUTES), LambdaContext())
        place = jurisdiction_of_place(country, region, in_zone="" if region else None)
        assert reasons(answered) == expected(place)
        states["developer"] += 1
    by_connection = api("connection")
    for (address, said_of), path in itertools.product(BY_CONNECTION.items(), PATHS.values()):
        asked = event("GET", path, {}, route_keys=ROUTES, source_ip=address)
        assert reasons(by_connection(asked, LambdaContext())) == expected(said_of)
        states["connection"] += 1
    with capsys.disabled():
        print(f"\n{states.total():,} states: " + ", ".join(f"{name} {number:,}" for name, number in states.items()))


def test_every_place_gets_its_notice_in_embeds_by_every_way_of_trust(capsys: pytest.CaptureFixture[str]) -> None:
    states: Counter[str] = Counter()

    def check(handler: Handler, headers: dict[str, str], place: str, source_ip: str = "127.0.0.1") -> None:
        page = handler(event("GET", EMBED, headers, route_keys=ROUTES, source_ip=source_ip), LambdaContext())
        assert page["statusCode"] == 200
        due = bool(expected(place))
        assert is_told(page["body"]) == due
        assert page["headers"]["cache-control"] == (
            "private, no-store, stale-if-error=0" if due else "private, no-cache, stale-if-error=0"
        )
        oembed = handler(event("GET", OEMBED, headers, route_keys=ROUTES, source_ip=source_ip), LambdaContext())
        assert reasons(oembed) == ["always"]
        assert 'data-legal-notice="ru-undesirable-organization"' in json.loads(oembed["body"])["html"]
        states[place] += 1

    through_edge, on_own_machine, by_connection = api("edge"), api("developer"), api("connection")
    for jurisdiction in ("ru", "ua-occupied", "unknown", "elsewhere"):
        check(through_edge, {"X-Origin-Secret": SECRET, "X-Viewer-Jurisdiction": jurisdiction}, jurisdiction)
    for country, region in every_place():
        headers = {"CloudFront-Viewer-Country": country or "", "CloudFront-Viewer-Country-Region": region or ""}
        place = jurisdiction_of_place(country, region, in_zone="" if region else None)
        check(on_own_machine, headers, place)
    for address, said_of in BY_CONNECTION.items():
        check(by_connection, {}, said_of, source_ip=address)
    with capsys.disabled():
        print(f"\n{states.total():,} embeds: " + ", ".join(f"{name} {number:,}" for name, number in states.items()))


# What proxies, networks and the curious have been seen to send, and what this API itself uses.
NAMES = st.sampled_from(
    "x-viewer-jurisdiction X-Viewer-Jurisdiction x-origin-secret cloudfront-viewer-country cloudfront-viewer-address "
    "cloudfront-viewer-country-region cloudfront-is-mobile-viewer x-forwarded-for x-real-ip forwarded via "
    "true-client-ip cf-ipcountry x-country-code x-geo-country x-appengine-country x-original-url x-rewrite-url "
    "x-http-method-override x-forwarded-host host accept-language cookie origin referer range if-modified-since "
    "cache-control pragma x-amz-cf-id x-amzn-trace-id authorization content-type transfer-encoding".split()
) | st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)
VALUES = st.sampled_from(["elsewhere", "US", "46", "unset", "", "*", "8.8.8.8", "for=8.8.8.8", "RU", "ru"]) | st.text(
    st.characters(codec="ascii", min_codepoint=32), max_size=40
)
HEADERS = st.dictionaries(NAMES, VALUES, max_size=8)


@pytest.mark.sampled
@settings(max_examples=examples(40, 300))
@given(
    headers=HEADERS,
    country=st.sampled_from(["RU", None, "XX"]),
    path=st.sampled_from([*sorted(PATHS.values()), EMBED, OEMBED]),
)
def test_through_the_edge_no_header_of_a_client_takes_the_notice_away(
    edge: EdgeFunction, headers: dict[str, str], country: str | None, path: str
) -> None:
    cdn = Cdn(TEMPLATE, edge, api("edge"), ROUTES, {"x-origin-secret": SECRET})
    path, _, query = path.partition("?")
    parameters = parse_qs(query)
    cdn.get(path, Viewer("US", "CA", OUTSIDE), parameters, headers)
    answer = cdn.get(path, Viewer(country, None, OUTSIDE), parameters, headers)
    if answer.status == 200:
        assert is_told(answer.body) if path == EMBED else json.loads(answer.body)["legal_notices"]
    else:
        assert answer.status == 304


@pytest.mark.sampled
@settings(max_examples=examples(40, 300))
@given(headers=HEADERS, path=st.sampled_from([*sorted(PATHS.values()), EMBED, OEMBED, "/feeds/en.rss", "/embed.js"]))
def test_around_the_edge_no_header_of_a_client_gets_an_answer(headers: dict[str, str], path: str) -> None:
    assert api("edge")(event("GET", path, headers, route_keys=ROUTES), LambdaContext())["statusCode"] == 403


FIELDS: dict[str, list[str]] = json.loads(contents("fields.json"))


@pytest.mark.sampled
@settings(max_examples=examples(40, 200))
@given(
    kind=st.sampled_from(["article", "card"]),
    place=st.sampled_from(["ru", "ua-occupied", "unknown", "elsewhere", "xx"]),
    form=st.sampled_from(["", "&body=html", "&body=text"]),
    data=st.data(),
)
def test_whatever_fields_choose_the_notices_come_with_them(
    kind: str, place: str, form: str, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(FIELDS[kind]), min_size=1, max_size=20))
    target = f"/v1/articles/a?fields={','.join(chosen)}{form}"
    if kind == "card":
        target = f"/v1/articles?language=en&fields={','.join(chosen)}"
    headers = {"X-Origin-Secret": SECRET, "X-Viewer-Jurisdiction": place}
    answered = api("edge")(event("GET", target, headers, route_keys=ROUTES), LambdaContext())
    assert reasons(answered) == expected("unknown" if place == "xx" else place)
