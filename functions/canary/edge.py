"""The edge function, asked about readers there are not: what it says shows whether it works, and whether the zone's
networks are loaded, which only readers in Ukraine would notice.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_cloudfront.client import CloudFrontClient

# Public, as the address of a reader elsewhere must be, but no reader's (it answers for private networks' reverse DNS:
# RFC 7535), and in no zone.
NOBODY = "192.31.196.1"
# Numbers of autonomous systems: the first two connect readers, the last one hides them.
KYIVSTAR, COMCAST, AMAZON = "15895", "7922", "16509"
# Parts of the store: networks of the last year, without which nobody in Ukraine is elsewhere; systems that hide them.
ZONE, SYSTEMS = "zone", "systems"


@dataclass(frozen=True, slots=True)
class Place:
    """`system` is the number of an autonomous system. `needs` is what of the store decides, ZONE or SYSTEMS, and
    `unloaded` what the place is while that is not loaded.
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
        """Where these of the store's parts are not loaded."""
        return self.unloaded if self.needs in missing else self.jurisdiction


# A deployment asks a candidate function about the same.
PLACES = (
    Place("RU", None, COMCAST, "ru"),
    Place("UA", "43", KYIVSTAR, "ua-occupied"),
    Place("UA", "46", KYIVSTAR, "elsewhere", ZONE, unloaded="unknown"),
    Place("US", None, COMCAST, "elsewhere"),
    Place("NL", None, AMAZON, "unknown", SYSTEMS, unloaded="elsewhere"),
    Place("NL", None, None, "unknown"),
    Place(None, None, COMCAST, "unknown"),
)


class EdgeFunction:
    def __init__(self, cloudfront: "CloudFrontClient", name: str) -> None:
        self._cloudfront = cloudfront
        self._name = name

    def places_wrong(self, *, is_loaded: bool = True) -> list[str]:
        """A sentence for each place that it takes for another. Raises what CloudFront raises.

        `is_loaded` is false where the store may not be loaded yet: what it decides may come out as without it.
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
    """The jurisdiction in the request that the function made; what went wrong, where it made none."""
    try:
        return json.loads(result["FunctionOutput"])["request"]["headers"]["x-viewer-jurisdiction"]["value"]
    except (KeyError, TypeError, ValueError):
        return result.get("FunctionErrorMessage") or "nothing"
