import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from gateway.own_process import local_server

_LONGEST = 120  # seconds until the search index is made


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """`make run` with a few of its stories, in a process of its own. Its search has its index."""
    with local_server(stories=6) as server:
        began = time.monotonic()
        while not _finds(f"{server.address}/v1/search?language=en&q=seeds"):
            assert time.monotonic() - began < _LONGEST
            time.sleep(0.5)
        yield server.address


def _finds(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30):
            return True
    except urllib.error.HTTPError:
        return False
