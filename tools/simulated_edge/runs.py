"""The input and the result of a run of the edge function, for any engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type Event = Mapping[str, Any]


@dataclass(frozen=True)
class Store:
    """The content of the KeyValueStore. A broken one throws at every call."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    is_broken: bool = False


@dataclass(frozen=True)
class Ran:
    """The requests that the function returned, one for each event, and the keys that it looked up."""

    requests: Sequence[dict[str, Any]]
    asked: Sequence[str]


class FunctionFailed(Exception):
    """The engine does not accept the function's code, or the function threw. CloudFront would answer 503."""


class EngineMissing(Exception):
    """The engine is not installed on this machine."""
