"""What the edge tells a device about keeping a picture, run in a real JavaScript engine."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.test_edge_function import INSIDE, KEYS, OUTSIDE, every_place, expected_of

from content_api.http.response import KEPT_FOR_GOOD
from simulated_edge.engine import ACCESS, RESPONSE_FUNCTION, EdgeFunction, edge_function, event

NOWHERE = "private, no-store"
HIDING = "16509"


@pytest.fixture(scope="module")
def edge(edge_engine: str) -> Iterator[EdgeFunction]:
    with edge_function(RESPONSE_FUNCTION, engine=edge_engine) as started:
        started.load_store([*KEYS, f"as{HIDING}"])
        yield started


def answered(
    country: str | None,
    region: str | None,
    ip: str,
    *,
    system: str | None = ACCESS,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A viewer-response event. It has the request as the viewer sent it."""
    made = event("/media/x", {}, headers or {}, country=country, region=region, ip=ip, system=system)
    kept = {"cache-control": {"value": "private, no-store"}, "content-type": {"value": "image/avif"}}
    return made | {
        "context": {"eventType": "viewer-response"},
        "response": {"statusCode": status, "statusDescription": "OK", "headers": kept},
    }


def told(edge: EdgeFunction, *events: dict[str, Any]) -> list[str]:
    return [each["headers"]["cache-control"]["value"] for each in edge.run(events)]


@pytest.mark.parametrize(("address", "in_zone"), [(INSIDE, "ua-occupied"), (OUTSIDE, "")])
def test_a_device_keeps_a_picture_only_where_the_place_is_elsewhere(
    edge: EdgeFunction, address: str, *, in_zone: str
) -> None:
    places = every_place()[::5]
    said = told(edge, *(answered(country, region, address) for country, region in places))
    expected = [
        KEPT_FOR_GOOD if expected_of(country, region, address, in_zone=in_zone) == "elsewhere" else NOWHERE
        for country, region in places
    ]
    assert said == expected
    assert set(expected) == {KEPT_FOR_GOOD, NOWHERE}


def test_no_claim_of_a_viewer_is_believed(edge: EdgeFunction) -> None:
    claims = [{"x-viewer-jurisdiction": "elsewhere"}, {"x-viewer-network": "other"}, {"x-forwarded-for": OUTSIDE}]
    for claim in claims:
        events = [
            answered("RU", None, OUTSIDE, headers=claim),
            answered(None, None, OUTSIDE, headers=claim),
            answered("US", "CA", OUTSIDE, system=HIDING, headers=claim),
            answered("US", "CA", OUTSIDE, system=None, headers=claim),
        ]
        assert told(edge, *events) == [NOWHERE] * 4


def test_whatever_fails_leaves_no_copy(edge_engine: str) -> None:
    with edge_function(RESPONSE_FUNCTION, engine=edge_engine) as broken:
        broken.load_store([], is_broken=True)
        twice = answered("US", "CA", OUTSIDE)
        twice["request"]["headers"]["cloudfront-viewer-country"]["multiValue"] = [{"value": "US"}, {"value": "RU"}]
        unheard = answered("US", "CA", OUTSIDE)
        del unheard["viewer"]
        assert told(broken, answered("US", "CA", OUTSIDE), twice, unheard) == [NOWHERE] * 3


@pytest.mark.parametrize(
    ("status", "said"), [(200, KEPT_FOR_GOOD), (206, KEPT_FOR_GOOD), (304, KEPT_FOR_GOOD), (302, NOWHERE)]
)
def test_only_a_picture_is_kept(edge: EdgeFunction, status: int, said: str) -> None:
    assert told(edge, answered("US", "CA", OUTSIDE, status=status)) == [said]
    (answer,) = edge.run([answered("US", "CA", OUTSIDE, status=status)])
    assert answer["headers"]["content-type"] == {"value": "image/avif"}
