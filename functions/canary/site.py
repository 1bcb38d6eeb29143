"""What readers are answered, asked for as they ask: at the public address, through the edge where there is one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

import urllib3

_SECONDS = 10.0  # for one answer, in all: longer than the API itself may take
_USER_AGENT = "content-api-canary"
NOTHING_KEPT = "no-store"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was not as it should be, a sentence each."""

    failures: list[str] = field(default_factory=list[str])
    notices_missing: list[str] = field(default_factory=list[str])
    places_wrong: list[str] = field(default_factory=list[str])


class NotWhole(Exception):
    """An answer that is none, or that lacks something."""


class Site:
    def __init__(self, address: str, *, language: str, has_edge: bool, is_launched: bool = True) -> None:
        """`language` is that of the articles asked for; empty asks for none. `has_edge`: the edge must be told of our
        network. `is_launched`: there must be an article, and our own place must be unknown, since AWS's network hides
        who is behind it.
        """
        self._address = address
        self._language = language
        self._has_edge = has_edge
        self._is_launched = is_launched
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=_SECONDS), retries=False)

    def look(self) -> Seen:
        """One question after the other; what one of them finds keeps none of the others from being asked."""
        seen = Seen()
        for question in (self._our_place, self._an_article):
            try:
                question(seen)
            except NotWhole as error:
                seen.failures.append(str(error))
        return seen

    def _our_place(self, seen: Seen) -> None:
        """The notices due to us say what the edge made of our place."""
        headers, answer = self._answer("/v1/legal-notices")
        reasons = sorted({str(each.get("reason")) for each in answer["legal_notices"]})
        if reasons != ["unknown_location"] and (reasons or self._is_launched):
            seen.places_wrong.append(
                f"our own address is a server's, so the notice is due as to an unknown place; it is due by: {reasons}"
            )
        network = headers.get("x-viewer-network", "absent")
        if self._has_edge and network == "absent":
            seen.places_wrong.append("the edge is not told of viewers' networks: nobody's place is known")

    def _an_article(self, seen: Seen) -> None:
        """The newest, asked for with the notice: whoever gets it without has read it unwarned."""
        if not self._language:
            return
        listed = self._ask("/v1/articles", language=self._language, limit="1", fields="id")["articles"]
        if not listed and not self._is_launched:
            return
        if not listed:
            raise NotWhole(f"there is no article in {self._language}")
        path = f"/v1/articles/{listed[0]['id']}"
        article = self._ask(path, notice="always")
        for name in ("id", "version", "headline", "body"):
            if not article.get(name):
                raise NotWhole(f"{path} has no {name}")
        shown = [each for each in article["legal_notices"] if each.get("must_display") and each.get("text")]
        if not shown:
            seen.notices_missing.append(f"{path} came without the notice that was asked for")

    def _ask(self, path: str, **query: str) -> dict[str, Any]:
        return self._answer(path, **query)[1]

    def _answer(self, path: str, **query: str) -> tuple[Mapping[str, str], dict[str, Any]]:
        """The headers and the JSON object of a 200, with its notices. Raises NotWhole."""
        target = f"{self._address}{path}" + (f"?{urlencode(query)}" if query else "")
        try:
            answer = self._pool.request("GET", target, headers={"user-agent": _USER_AGENT}, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise NotWhole(f"{path} is not answered: {type(error).__name__}") from error
        if answer.status != 200:  # noqa: PLR2004 - HTTP's
            raise NotWhole(f"{path} is answered with status {answer.status}")
        content = _object(answer.data, path)
        notices: Any = content.get("legal_notices")
        if not isinstance(notices, list) or not all(isinstance(each, dict) for each in cast("list[Any]", notices)):
            raise NotWhole(f"{path} says nothing of legal notices")
        _check_headers(answer.headers, path, is_due=notices != [])
        return answer.headers, content


def _object(body: bytes, path: str) -> dict[str, Any]:
    try:
        content: Any = json.loads(body)
    except ValueError as error:
        raise NotWhole(f"{path} is not whole JSON") from error
    if not isinstance(content, dict):
        raise NotWhole(f"{path} is no JSON object")
    return content  # pyright: ignore[reportUnknownVariableType] - any JSON


def _check_headers(headers: Mapping[str, str], path: str, *, is_due: bool) -> None:
    """A copy on a device is evidence against its reader."""
    if is_due and NOTHING_KEPT not in headers.get("cache-control", ""):
        raise NotWhole(f"{path} may be kept by a device, with a notice due")
