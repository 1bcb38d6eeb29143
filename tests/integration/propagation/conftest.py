"""What follows from a write, through the real stream of the table, the real queues and the functions as deployed."""

import importlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from content_api.aws import clients
from gateway.pump import Pump
from gateway.stack import Stack
from propagation.purges import Edge
from simulated_edge.invalidations import Invalidations
from simulated_partner import Partner


@pytest.fixture
def pump(stack: Stack, queues_of_its_own: Callable[[Stack], Stack]) -> Pump:
    """From now on, with queues of its own."""
    return Pump(queues_of_its_own(stack))


@pytest.fixture
def cloudfront(pump: Pump, monkeypatch: pytest.MonkeyPatch) -> Invalidations:
    """Completes nothing while a test runs."""
    assert pump
    edge: Any = Invalidations(time.time, takes=3_600)
    monkeypatch.setattr("propagation.withdrawing.ONCE_MORE_AFTER", 0)
    for name in ("purging", "withdrawing"):
        monkeypatch.setattr(importlib.import_module(f"propagation.{name}"), "_edge", Edge(edge, "E1"))
    return edge


@pytest.fixture
def copy_of(stack: Stack) -> Callable[[str], tuple[dict[str, Any], dict[str, str]]]:
    """The copy of an article that S3 has for readers, and the metadata beside it."""

    def found(article_id: str) -> tuple[dict[str, Any], dict[str, str]]:
        there = clients.s3().get_object(Bucket=stack.bucket, Key=f"current/{article_id}.json")
        return json.loads(there["Body"].read()), there["Metadata"]

    return found


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[Partner]:
    server = Partner(tmp_path)
    yield server
    server.close()
