"""What a run of the edge function takes and gives, whichever engine runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type Event = Mapping[str, Any]


@dataclass(frozen=True)
class Store:
    """What the KeyValueStore holds. A broken one throws at every call."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    is_broken: bool = False


@dataclass(frozen=True)
class Ran:
    """The requests that the function made of the events, one for each, and the keys that it asked the store for."""

    requests: Sequence[dict[str, Any]]
    asked: Sequence[str]


class FunctionFailed(Exception):
    """The engine does not take the function's code, or the function threw: CloudFront would answer 503."""


class EngineMissing(Exception):
    """The engine is not installed on this machine."""
