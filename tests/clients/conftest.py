from collections.abc import Iterator

import pytest

from gateway.own_process import local_server


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """`make run` with a few of its stories, in a process of its own."""
    with local_server(stories=6) as server:
        yield server.address
