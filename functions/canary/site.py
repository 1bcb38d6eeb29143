"""Checks what readers get, by asking as a reader does: at the public address, and so through the edge if there is
one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

import urllib3

_SECONDS = 10.0  # for one whole answer; longer than the API itself may take
_USER_AGENT = "content-api-canary"
NOTHING_KEPT = "no-store"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was wrong: a sentence for each fault."""

    failures: list[str] = field(default_factory=list[str])
    notices_missing: list[str] = field(default_factory=list[str])
    places_wrong: list[str] = field(default_factory=list[str])


class NotWhole(Exception):
    """There was no answer, or a part of it is missing."""


class Site:
    def __init__(self, address: str, *, language: str, has_edge: bool, is_launched: bool = True) -> None:
        """`language` is that of the articles to ask for; if it is empty, none is asked for. `has_edge`: the edge must
        know our network. `is_launched`: there must be an article, and our own place must be unknown, since AWS's
        network hides who is behind it.
        """
        self._address = address
        self._language = language
        self._has_edge = has_edge
        self._is_launched = is_launched
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=_SECONDS), retries=False)

    def check(self) -> Findings:
        """Asks one question after the other. A fault in one does not prevent the others."""
        findings = Findings()
        for question in (self._check_place, self._check_article):
            try:
                question(findings)
            except NotWhole as error:
                findings.failures.append(str(error))
        return findings

    def _check_place(self, findings: Findings) -> None:
        """The notices in the answer show which place the edge found for us."""
        headers, answer = self._answer("/v1/legal-notices")
        reasons = sorted({str(each.get("reason")) for each in answer["legal_notices"]})
        if reasons != ["unknown_location"] and (reasons or self._is_launched):
            findings.places_wrong.append(
                f"our own address is a server's, so the notice's reason must be unknown_location, and it is: {reasons}"
            )
        network = headers.get("x-viewer-network", "absent")
        if self._has_edge and network == "absent":
            findings.places_wrong.append(
                "CloudFront does not tell the edge function the networks of viewers, so nobody's place is known"
            )

    def _check_article(self, findings: Findings) -> None:
        """The newest article, requested with the notice. If the notice is missing, readers have read it without being
        warned.
        """
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
            findings.notices_missing.append(f"{path} came without the notice that was asked for")

    def _ask(self, path: str, **query: str) -> dict[str, Any]:
        return self._answer(path, **query)[1]

    def _answer(self, path: str, **query: str) -> tuple[Mapping[str, str], dict[str, Any]]:
        """The headers and the JSON object of an answer with status 200, which has the notices. Raises NotWhole."""
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
    """Checks that no device may keep an answer with a notice: a copy on a device is evidence against its reader."""
    if is_due and NOTHING_KEPT not in headers.get("cache-control", ""):
        raise NotWhole(f"{path} may be kept by a device, with a notice due")
