"""Has the editorial API check its table, in several parts at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from newsdesk.client import EditorialClient

_AT_ONCE = 8


def verify(client: EditorialClient, *, repair: bool) -> Iterator[dict[str, Any]]:
    """Yields the API's pages, with the number of items that were checked and the findings. Raises Refused: if several
    parts fail, the first error.
    """
    parts: list[_Part] = [_Part(client, segment, repair=repair) for segment in range(_AT_ONCE)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while parts:
            for done in as_completed([pool.submit(part.step) for part in parts]):
                yield done.result()
            parts = [part for part in parts if part.cursor]


class _Part:
    """A part of the table."""

    def __init__(self, client: EditorialClient, segment: int, *, repair: bool) -> None:
        self.cursor: str | None = None
        self._client = client
        self._asked = {"repair": repair, "segment": segment, "segments": _AT_ONCE}

    def step(self) -> dict[str, Any]:
        """Checks the next page. Raises Refused."""
        asked = self._asked | {"cursor": self.cursor}
        page: dict[str, Any] = self._client.ask("POST", "/v1/editorial/verifications", asked).content
        self.cursor = page["cursor"]
        return page
