"""A deployment without PublicUrl: one deployment is enough, and every address that it gives is the API's own."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from content_api.aws.settings import SettingsError
from content_api.content.article import Article
from content_api.law.law_file import load_law, places_told
from content_api.law.zone import OWN as OWN_ZONE
from content_api.reader_api.api import started
from content_api.reader_api.surface import Surface
from gateway import events, template
from gateway.server import LambdaContext
from gateway.stack import Stack
from reading.routes import SURFACE as READING
from syndication.routes import SURFACE as SYNDICATION

OWN = "abc.execute-api.us-east-1.amazonaws.com"
KEYS = [route.key for route in template.routes(template.load())]

type Asked = Callable[..., Any]


@pytest.fixture(scope="module")
def asked(own_stack: Stack, an_article: Callable[..., Article], now: dt.datetime) -> Asked:
    article = an_article(url="https://news.example.org/a/an-article")
    own_stack.store().save(article, expected_version=0, at=now)
    environment = {"READER_LOCATION": "connection", "PUBLIC_URL": "", "MORE_INFORMATION_URL": ""}
    own = {"CONTENT_TABLE": own_stack.table, "CONTENT_BUCKET": own_stack.bucket}
    configured = {**os.environ, **own, **environment}
    apis = {surface: started(surface, configured) for surface in (READING, SYNDICATION)}

    def ask(surface: Surface, path: str, domain: str = OWN) -> str:
        """As API Gateway asks on behalf of a client that names another host wherever a client can."""
        headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
        event = events.event("GET", path.format(id=article.id), headers, route_keys=KEYS)
        event["requestContext"]["domainName"] = domain
        answer = apis[surface].lambda_handler(event, LambdaContext())
        return answer["body"]

    return ask


@pytest.mark.parametrize(
    ("surface", "path"),
    [
        (READING, "/v1/articles/{id}"),  # with the notice: this machine's address is no reader's
        (READING, "/v1/legal-notices"),
        (READING, "/v1/articles?language=english"),  # a problem
        (SYNDICATION, "/embed/articles/{id}"),
        (SYNDICATION, "/v1/oembed?url=https%3A%2F%2Fnews.example.org%2Fa%2Fan-article"),
        (SYNDICATION, "/feeds/en.rss"),
        (SYNDICATION, "/feeds/en.atom"),
        (SYNDICATION, "/feeds/en.json"),
    ],
)
def test_addresses_are_those_of_the_api_that_was_asked(asked: Asked, surface: Surface, path: str) -> None:
    for domain in (OWN, "content.example.org", OWN):  # an API may have a second name
        body = asked(surface, path, domain)
        assert f"https://{domain}/" in body
        assert "evil.example" not in body
        assert "https:///" not in body
        assert ("content.example.org" in body) == (domain == "content.example.org")


def test_an_embed_is_known_by_the_address_that_it_was_given(asked: Asked) -> None:
    own = f"https%3A%2F%2F{OWN}%2Fembed%2Farticles%2F{{id}}"
    assert json.loads(asked(SYNDICATION, f"/v1/oembed?url={own}"))["type"] == "rich"


def test_what_an_edge_stands_before_is_never_its_own_address(stack: Stack) -> None:
    secret = {"ORIGIN_SECRET_CURRENT": "a-secret-of-the-edge-0123456789-abcdefghij"}
    environment = {"CONTENT_TABLE": stack.table, "CONTENT_BUCKET": stack.bucket, "READER_LOCATION": "edge"} | secret
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        started(READING, {**os.environ, **environment, "PUBLIC_URL": ""})


AT_THE_EDGE = {"READER_LOCATION": "edge", "ORIGIN_SECRET_CURRENT": "a-secret-of-the-edge-0123456789-abcdefghij"}


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        (None, "ru, ua-occupied"),
        ("ru:00000000 ua-occupied:00000000", "ru, ua-occupied"),
        (places_told(load_law())[0], "ua-occupied"),
    ],
)
@pytest.mark.parametrize("surface", [READING, SYNDICATION])
def test_an_edge_that_cannot_tell_a_notices_jurisdiction_starts_nothing(
    stack: Stack, surface: Surface, told: str | None, missing: str
) -> None:
    own = {"CONTENT_TABLE": stack.table, "CONTENT_BUCKET": stack.bucket, "PUBLIC_URL": f"https://{OWN}"}
    environment = {**os.environ, **own, **AT_THE_EDGE, **({} if told is None else {"EDGE_JURISDICTIONS": told})}
    with pytest.raises(SettingsError, match=rf"^The edge function cannot tell who is in {missing}, .*\(make law\)"):
        started(surface, environment)
    started(surface, environment | {"EDGE_JURISDICTIONS": " ".join(places_told(load_law()))})


def test_a_zone_of_another_law_starts_nothing(stack: Stack, tmp_path: Path) -> None:
    own = {"CONTENT_TABLE": stack.table, "CONTENT_BUCKET": stack.bucket, "READER_LOCATION": "connection"}
    zone = tmp_path / "zone.mmdb"
    shutil.copy(OWN_ZONE, zone)
    manifest = json.loads(OWN_ZONE.with_suffix(".json").read_text(encoding="utf-8"))
    manifest["database"]["built"] = dt.datetime.now(dt.UTC).date().isoformat()
    manifest["database"]["jurisdictions"][0] = "ru:00000000"
    zone.with_suffix(".json").write_text(json.dumps(manifest), encoding="utf-8")
    refused = r"^The zone database cannot tell who is in ru, .* \(python -m zone\.build\), .*make build"
    with pytest.raises(SettingsError, match=refused):
        started(READING, {**os.environ, **own, "NOTICE_ZONE_FILE": str(zone)})
