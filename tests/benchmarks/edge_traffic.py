"""How much of its traffic the edge keeps from the origin, by what its cache key tells apart: simulated readers before a
simulated CloudFront (`simulated_edge`) and the real `reading`, whose store gives one article under every id. And what
readers behind a VPN see and cost, by whether the edge asks for their network.
"""

import importlib
import itertools
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import canned
import pycountry
from variants import environment

from content_api.law.jurisdiction import ELSEWHERE
from content_api.law.places import jurisdiction_of_place
from gateway import template
from simulated_edge.cdn import Cdn, Handler, Viewer
from simulated_edge.engine import ACCESS, EdgeFunction, edge_function

KEYS = {
    "jurisdiction": ["x-viewer-jurisdiction"],
    "country": ["cloudfront-viewer-country"],
    "country and region": ["cloudfront-viewer-country", "cloudfront-viewer-country-region"],
}
_READERS: dict[str, Any] = json.loads(Path(__file__).with_name("readers.json").read_text(encoding="utf-8"))
_ARTICLES = 2_500  # of a language
_LISTS = 0.2
_ZIPF = 0.8
_A_SECOND = 100
_WARM_UP = 300  # seconds, the longest that an article is kept
_NOT_IN_ZONE = "91.198.36.14"
_SEED = 20_251_120

# The edge's question about the network of readers behind a VPN: not asked, their server's network counts as one that
# connects readers; asked, it hides them.
NETWORKS = {"the country alone": ACCESS, "the network too": "16509"}


@dataclass(frozen=True)
class Reader:
    """`viewer` is what CloudFront sees; `is_due` says whether the notice is due where the reader really is."""

    viewer: Viewer
    is_due: bool


type Asked = tuple[str, dict[str, list[str]], Reader]


def measured(*, seconds: int, step: Callable[[int], None]) -> dict[str, Any]:
    """Hits by key, of the same requests. `step` is called with how many have been made."""
    found: dict[str, dict[str, float]] = {}
    with canned.dynamodb() as port, mock.patch.dict(os.environ, environment(port)), edge_function() as edge:
        edge.load_store(["053b2000/20", "as16509"])
        origin = _reading()
        for name, headers in KEYS.items():
            found[name] = _hits(_cdn(edge, origin, headers), seconds, step)
        hiding = {
            name: _hits(_cdn(edge, origin, KEYS["jurisdiction"]), seconds, step, servers=system)
            for name, system in NETWORKS.items()
        }
    return {"keys": found, "traffic": _about(seconds), "hiding": {"networks": hiding, "about": _about_hiding()}}


def requests(seconds: int) -> int:
    return (len(KEYS) + len(NETWORKS)) * (seconds + _WARM_UP) * _A_SECOND


def _reading() -> Handler:
    """Under the template's name of it, its settings read now."""
    loaded = template.load()["Resources"]["ReadingFunction"]["Properties"]["Handler"]
    module, _, name = loaded.rpartition(".")
    return getattr(importlib.import_module(module), name)


def _cdn(edge: EdgeFunction, origin: Handler, headers: list[str]) -> Cdn:
    stack = deepcopy(template.load())
    for policy in ("ArticleCachePolicy", "ListCachePolicy"):
        configuration = stack["Resources"][policy]["Properties"]["CachePolicyConfig"]
        configuration["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"] = headers
    routes = [route.key for route in template.routes(stack) if route.function == "ReadingFunction"]
    secret = {"x-origin-secret": os.environ["ORIGIN_SECRET_CURRENT"]}
    return Cdn(stack, edge, origin, [key for key in routes if key != "$default"], secret)


def _hits(cdn: Cdn, seconds: int, step: Callable[[int], None], *, servers: str | None = None) -> dict[str, float]:
    """`servers` is the autonomous system of the servers that readers hide behind; None if none hides."""
    chance = random.Random(_SEED)
    before = (0, 0)
    seen: Counter[tuple[bool, bool]] = Counter()  # of whether the notice was due, and shown
    for number, (path, query, reader) in enumerate(_traffic(chance, (seconds + _WARM_UP) * _A_SECOND, servers)):
        if number == _WARM_UP * _A_SECOND:
            before = (cdn.hits, cdn.asked)
            seen.clear()
        cdn.clock += chance.expovariate(_A_SECOND)
        answer = cdn.get(path, reader.viewer, query)
        assert answer.status == 200, answer
        seen[reader.is_due, '"must_display":true' in answer.body] += 1
        if not number % 1000:
            step(1000)
    share = (cdn.hits - before[0]) / (cdn.asked - before[1])
    found = {"hit_ratio": share, "origin_per_million": (1 - share) * 1_000_000}
    if servers:
        found["shown_where_due"] = seen[True, True] / (seen[True, True] + seen[True, False])
        found["shown_elsewhere"] = seen[False, True] / (seen[False, True] + seen[False, False])
    return found


def _traffic(chance: random.Random, count: int, servers: str | None) -> Iterator[Asked]:
    languages = list(_READERS["languages"])
    places = {language: _places(chance, _READERS["languages"][language], servers) for language in languages}
    popularity = [1 / rank**_ZIPF for rank in range(1, _ARTICLES + 1)]
    ranks = chance.choices(range(_ARTICLES), popularity, k=count)
    for rank in ranks:
        language = chance.choice(languages)
        readers, weights = places[language]
        reader = chance.choices(readers, cum_weights=weights)[0]
        if chance.random() < _LISTS:
            yield "/v1/articles", {"language": [language]}, reader
        else:
            yield f"/v1/articles/{language}-{rank}", {}, reader


def _places(chance: random.Random, shares: dict[str, float], servers: str | None) -> tuple[list[Reader], list[float]]:
    """Readers at each region of each country, with cumulated weights. Of a country's readers each region has the share
    that Zipf's law gives it (1 / rank), in some order; `other` is spread over all countries that are not named. With
    `servers`, a share of each country's readers is seen in the countries of servers, in equal parts.
    """
    unnamed = [each.alpha_2 for each in pycountry.countries if each.alpha_2 not in shares]
    spread = {country: shares["other"] / len(unnamed) for country in unnamed}
    readers: list[Reader] = []
    weights: list[float] = []
    hiding = _READERS["hiding"]
    for country, share in {**shares, **spread}.items():
        if country == "other":
            continue
        regions = _regions(country)
        chance.shuffle(regions)
        whole = sum(1 / rank for rank in range(1, len(regions) + 1))
        hidden = hiding["shares"].get(country, hiding["shares"]["other"]) if servers else 0
        for rank, region in enumerate(regions, 1):
            weight = share / rank / whole
            is_due = jurisdiction_of_place(country, region, in_zone="") != ELSEWHERE
            readers.append(Reader(Viewer(country, region, _NOT_IN_ZONE), is_due))
            weights.append(weight * (1 - hidden))
            for seen_in in hiding["servers"] if hidden else ():
                readers.append(Reader(Viewer(seen_in, None, _NOT_IN_ZONE, servers), is_due))
                weights.append(weight * hidden / len(hiding["servers"]))
    return readers, list(itertools.accumulate(weights))


def _regions(country: str) -> list[str | None]:
    """As CloudFront states them: what ISO 3166-2 has behind the country. Sorted, since pycountry's order, and with it
    the shares of the regions, would differ from run to run.
    """
    subdivisions: Any = pycountry.subdivisions
    return sorted(each.code.partition("-")[2] for each in subdivisions.get(country_code=country) or ()) or [None]


def _about_hiding() -> str:
    hiding = _READERS["hiding"]
    return (
        f"{hiding['shares']['RU']:.0%} of the readers in Russia and {hiding['shares']['other']:.0%} of all others come "
        f"through a VPN, and CloudFront sees them in {', '.join(hiding['servers'])}. {hiding['source']}. Otherwise the "
        "same requests, with the template's cache key."
    )


def _about(seconds: int) -> str:
    return (
        f"Simulated: {_A_SECOND} requests a second at one cache, with the behaviours, TTLs and edge function of "
        f"template.yaml (an article is kept for 300 s, a list for 30), counted for {seconds} s after {_WARM_UP} s of "
        f"warming up. {1 - _LISTS:.0%} ask for one of {4 * _ARTICLES:,} articles in four languages, the n-th most "
        f"popular with a weight of n^-{_ZIPF} (within the 0.64 to 0.83 that Breslau et al. found, INFOCOM 1999), the "
        f"others for a language's newest. Where readers of a language are: {_READERS['source']}. Regions are those of "
        "ISO 3166-2, with shares of 1 / rank. The languages have equal parts. Nothing is written meanwhile, so nothing "
        "is purged."
    )
