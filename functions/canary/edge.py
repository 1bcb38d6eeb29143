"""The edge function, asked about readers there are not: what it says shows whether it works, and whether the zone's
networks are loaded, which only readers in Ukraine would notice.
"""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_cloudfront.client import CloudFrontClient

# Country, region, and what the law there makes of them. The address is public, as that of a reader elsewhere must be,
# but no reader's (it answers for private networks' reverse DNS: RFC 7535), and in no zone. Lviv is elsewhere only where
# a store says so that is loaded with networks of the last year. A deployment asks a candidate function the same.
NOBODY = "192.31.196.1"
_BY_THE_STORE = ("UA", "46")
PLACES: tuple[tuple[str | None, str | None, str], ...] = (
    ("RU", None, "ru"),
    ("UA", "43", "ua-occupied"),
    ("UA", "46", "elsewhere"),
    ("US", None, "elsewhere"),
    (None, None, "unknown"),
)


class EdgeFunction:
    def __init__(self, cloudfront: "CloudFrontClient", name: str) -> None:
        self._cloudfront = cloudfront
        self._name = name

    def places_wrong(self, *, is_loaded: bool = True) -> list[str]:
        """A sentence for each place that it takes for another. Raises what CloudFront raises.

        `is_loaded` is false where the zone's networks may not be in the store yet: what they decide may be unknown.
        """
        etag = self._cloudfront.describe_function(Name=self._name, Stage="LIVE")["ETag"]
        found: list[str] = []
        for country, region, expected in PLACES:
            tested = self._cloudfront.test_function(
                Name=self._name, IfMatch=etag, Stage="LIVE", EventObject=viewer_event(country, region)
            )
            said = jurisdiction_said(tested.get("TestResult", {}))
            if said != expected and (is_loaded or (country, region, said) != (*_BY_THE_STORE, "unknown")):
                found.append(f"the edge takes {country or 'no country'} {region or ''} for {said}, not {expected}")
        return found


def viewer_event(country: str | None, region: str | None) -> bytes:
    """A viewer-request event (CloudFront's developer guide, "CloudFront Functions event structure")."""
    stated = {"cloudfront-viewer-country": country, "cloudfront-viewer-country-region": region}
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
