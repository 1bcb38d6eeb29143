"""Runs the edge function in a JavaScript engine, with events in the form of CloudFront Functions."""

import datetime as dt
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulated_edge import njs, nodejs
from simulated_edge.runs import Event, Ran, Store

FUNCTION = Path(__file__).parents[2] / "functions" / "edge" / "viewer_request.js"
RESPONSE_FUNCTION = FUNCTION.with_name("viewer_response.js")
NODE, NJS = "node", "njs"
ENGINES = (NODE, NJS)
TODAY = "today"
ACCESS = "7922"  # Comcast, an access provider


class EdgeFunction:
    def __init__(self, run: Callable[[Store, Sequence[Event], float | None], Ran]) -> None:
        self._run = run
        self._store = Store()
        self.now: float | None = None  # seconds since 1970; None for the time of the clock

    def load_store(
        self,
        networks: Collection[str],
        *,
        built: str | None = TODAY,
        told: str = "ru:0 ua-occupied:0",
        is_broken: bool = False,
    ) -> None:
        """Fills the KeyValueStore with networks and autonomous systems, as zone.keyvalues writes them. `built` is the
        date that the store states; None for a store that is not completely loaded yet. `told` are the jurisdictions
        that the store states. The networks count as `ua-occupied`.
        """
        if built == TODAY:
            built = dt.datetime.now(dt.UTC).date().isoformat()
        values = {key: "ua-occupied" if "/" in key else "1" for key in networks}
        self.hold(values | ({"loaded": f"{built} {told}"} if built else {}), is_broken=is_broken)

    def hold(self, values: Mapping[str, str], *, is_broken: bool = False) -> None:
        """The KeyValueStore's keys and values, as they are."""
        self._store = Store(dict(values), is_broken)

    def run(self, events: Sequence[Event]) -> Sequence[dict[str, Any]]:
        """The requests that the function returns for viewer-request events, one for each; or the answers for
        viewer-response events. Raises FunctionFailed.
        """
        return self._run(self._store, events, self.now).requests

    def jurisdictions(
        self, viewers: Iterable[tuple[str | None, str | None, str]], *, system: str | None = ACCESS
    ) -> list[str]:
        """The jurisdiction that the function finds for each viewer, given as country, region and address. All are in
        one autonomous system.
        """
        events = [
            event("/", {}, {}, country=country, region=region, ip=ip, system=system) for country, region, ip in viewers
        ]
        return [each["headers"]["x-viewer-jurisdiction"]["value"] for each in self.run(events)]

    def keys_asked(self, ip: str) -> list[str]:
        """The keys that are looked up for a viewer in Ukraine whose region is not known."""
        ran = self._run(self._store, [event("/", {}, {}, country="UA", region=None, ip=ip)], self.now)
        return [key for key in ran.asked if "/" in key]


@contextmanager
def edge_function(path: Path = FUNCTION, engine: str = NODE) -> Generator[EdgeFunction]:
    """Starts the function of a file in one of ENGINES. Raises EngineMissing."""
    if engine == NJS:
        njs.version()
        source = path.read_text(encoding="utf-8")
        yield EdgeFunction(lambda store, events, now: njs.run(source, store, events, now=now))
    else:
        with nodejs.started(path) as run:
            yield EdgeFunction(run)


def event(  # noqa: PLR0913 - what an event of CloudFront Functions is made of
    path: str,
    query: dict[str, list[str]],
    headers: dict[str, str],
    *,
    country: str | None,
    region: str | None,
    ip: str,
    system: str | None = ACCESS,
    method: str = "GET",
) -> dict[str, Any]:
    """A viewer-request event (CloudFront's developer guide, "CloudFront Functions event structure"). CloudFront
    replaces headers of its own that the client sent, and sends none if it does not know the place. Names and values of
    the query stay percent-encoded, as the viewer wrote them.
    """
    sent = {name.lower(): value for name, value in headers.items() if not name.lower().startswith("cloudfront-")}
    if country is not None:
        sent["cloudfront-viewer-country"] = country
    if region is not None:
        sent["cloudfront-viewer-country-region"] = region
    if system is not None:
        sent["cloudfront-viewer-asn"] = system
    return {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": ip},
        "request": {
            "method": method,
            "uri": path,
            "headers": {name: {"value": value} for name, value in sent.items()},
            "querystring": {name: _values(values) for name, values in query.items()},
            "cookies": {},
        },
    }


def _values(values: list[str]) -> dict[str, Any]:
    first: dict[str, Any] = {"value": values[0]}
    return first if len(values) == 1 else first | {"multiValue": [{"value": value} for value in values]}
