"""The edge function in a JavaScript engine, fed with events as CloudFront Functions get them."""

import datetime as dt
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulated_edge import njs, nodejs
from simulated_edge.runs import Event, Ran, Store

FUNCTION = Path(__file__).parents[2] / "functions" / "edge" / "viewer_request.js"
NODE, NJS = "node", "njs"
ENGINES = (NODE, NJS)
TODAY = "today"
ACCESS = "7922"  # Comcast, which connects readers


class EdgeFunction:
    def __init__(self, run: Callable[[Store, Sequence[Event], float | None], Ran]) -> None:
        self._run = run
        self._store = Store()
        self.now: float | None = None  # seconds since 1970; None is the clock's

    def load_store(self, networks: Collection[str], *, built: str | None = TODAY, is_broken: bool = False) -> None:
        """The KeyValueStore's networks and systems, and the day from which it says that they are, as zone.keyvalues
        writes it; None for a store of which the last key is not there yet.
        """
        if built == TODAY:
            built = dt.datetime.now(dt.UTC).date().isoformat()
        self._store = Store(dict.fromkeys(networks, "1") | ({"loaded": built} if built else {}), is_broken)

    def run(self, events: Sequence[Event]) -> Sequence[dict[str, Any]]:
        """The requests that the function makes of viewer-request events, one for each. Raises FunctionFailed."""
        return self._run(self._store, events, self.now).requests

    def jurisdictions(
        self, viewers: Iterable[tuple[str | None, str | None, str]], *, system: str | None = ACCESS
    ) -> list[str]:
        """What it says of viewers: country, region, address; all of one autonomous system."""
        events = [
            event("/", {}, {}, country=country, region=region, ip=ip, system=system) for country, region, ip in viewers
        ]
        return [each["headers"]["x-viewer-jurisdiction"]["value"] for each in self.run(events)]

    def keys_asked(self, ip: str) -> list[str]:
        """The networks that are looked up for a Ukrainian viewer of no stated region."""
        ran = self._run(self._store, [event("/", {}, {}, country="UA", region=None, ip=ip)], self.now)
        return [key for key in ran.asked if "/" in key]


@contextmanager
def edge_function(path: Path = FUNCTION, engine: str = NODE) -> Generator[EdgeFunction]:
    """A function's file in one of ENGINES. Raises EngineMissing."""
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
    """A viewer-request event ("CloudFront Functions event structure" in CloudFront's developer guide). CloudFront sets
    its own headers over whatever the client sent; where it knows no place it sends none. Names and values of the query
    are as the viewer wrote them, percent-encoded.
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
