"""Tests the edge function with places in which no real reader asks. The answers show whether the function works, and
whether the networks in its store are loaded, which otherwise only readers in Ukraine would notice.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN
from content_api.law.law_file import load_law
from content_api.law.places import rules

if TYPE_CHECKING:
    from mypy_boto3_cloudfront.client import CloudFrontClient

# A public address, as that of a reader elsewhere must be. No reader has it (it answers for the reverse DNS of private
# networks: RFC 7535), and it is in no zone.
NOBODY = "192.31.196.1"
# Numbers of autonomous systems: the first one connects readers (Comcast), the second one hides them.
ACCESS, AMAZON = "7922", "16509"
# Parts of the store: networks of at most a year ago, without which nobody in Ukraine is elsewhere, and systems that
# hide readers.
ZONE, SYSTEMS = "zone", "systems"


@dataclass(frozen=True, slots=True)
class Place:
    """A place to ask about. `system` is the number of an autonomous system. `needs` is the part of the store that
    decides (ZONE or SYSTEMS), and `unloaded` is the answer while that part is not loaded.
    """

    country: str | None
    region: str | None
    system: str | None
    jurisdiction: str
    needs: str = ""
    unloaded: str = ""

    def __str__(self) -> str:
        said = [f"country {self.country or 'not stated'}", f"region {self.region or 'not stated'}"]
        return ", ".join([*said, f"autonomous system {self.system or 'not stated'}"])

    def expected(self, missing: Collection[str] = ()) -> str:
        """The expected answer if these parts of the store are not loaded."""
        return self.unloaded if self.needs in missing else self.jurisdiction


def places() -> tuple[Place, ...]:
    """The places that are asked about, by the law's file: each country that is a jurisdiction as a whole; in each
    country with regions, one region of each jurisdiction and one of none; and countries that no law concerns, once for
    each kind of network. A deployment asks its candidate of the edge function about the same places.
    """
    law, known = load_law(), rules()
    whole = [(country, name) for country, name in known.by_country.items() if name != ELSEWHERE]
    outside = {country for country, name in known.by_country.items() if name == ELSEWHERE} - known.by_region.keys()
    # The United States and the Netherlands, unless a law concerns them.
    others = sorted(outside, key=lambda country: (country != "US", country != "NL", country))[:2]
    found = [Place(country, None, ACCESS, name) for country, name in sorted(whole)]
    for country, names in known.inside.items():
        regions = [(name, *law["jurisdictions"][name].get("regions", {})[country]) for name in names]
        found += [Place(country, region, ACCESS, name) for name, region, *_ in regions]
        outside_all = list(law["regions_elsewhere"].get(country, ()))[:1]
        found += [Place(country, region, ACCESS, ELSEWHERE, ZONE, unloaded=UNKNOWN) for region in outside_all]
    found += [Place(country, None, ACCESS, ELSEWHERE) for country in others[:1]]
    for country in others[-1:]:
        found += [
            Place(country, None, AMAZON, UNKNOWN, SYSTEMS, unloaded=ELSEWHERE),
            Place(country, None, None, UNKNOWN),
        ]
    return (*found, Place(None, None, ACCESS, UNKNOWN))


PLACES = places()


class EdgeFunction:
    def __init__(self, cloudfront: "CloudFrontClient", name: str) -> None:
        self._cloudfront = cloudfront
        self._name = name

    def places_wrong(self, *, is_loaded: bool = True) -> list[str]:
        """A sentence for each place with a wrong answer. If `is_loaded` is false, the store may not be loaded yet, and
        the answers without its parts are right too. Raises what CloudFront raises.
        """
        etag = self._cloudfront.describe_function(Name=self._name, Stage="LIVE")["ETag"]
        found: list[str] = []
        for place in PLACES:
            tested = self._cloudfront.test_function(
                Name=self._name, IfMatch=etag, Stage="LIVE", EventObject=viewer_event(place)
            )
            said = jurisdiction_said(tested.get("TestResult", {}))
            if said != place.jurisdiction and (is_loaded or said != place.expected((ZONE, SYSTEMS))):
                found.append(f"the edge takes a viewer in {place} for {said}, not {place.jurisdiction}")
        return found


def viewer_event(place: Place) -> bytes:
    """A viewer-request event (CloudFront's developer guide, "CloudFront Functions event structure")."""
    stated = {
        "cloudfront-viewer-country": place.country,
        "cloudfront-viewer-country-region": place.region,
        "cloudfront-viewer-asn": place.system,
    }
    request = {
        "method": "GET",
        "uri": "/v1/legal-notices",
        "headers": {name: {"value": value} for name, value in stated.items() if value},
        "querystring": {"language": {"value": "en"}},
        "cookies": {},
    }
    event: dict[str, Any] = {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": NOBODY},
        "request": request,
    }
    return json.dumps(event).encode()


def jurisdiction_said(result: Any) -> str:  # noqa: ANN401 - TestFunction's answer
    """The jurisdiction in the request that the function returned, or what went wrong."""
    try:
        return json.loads(result["FunctionOutput"])["request"]["headers"]["x-viewer-jurisdiction"]["value"]
    except (KeyError, TypeError, ValueError):
        return result.get("FunctionErrorMessage") or "nothing"
