"""The steps of a rotation. Each is decided from the secret alone, so a rotation that was stopped can be finished.

The functions accept both members of the secret, and the edge sends `current`. At every moment, the functions accept
every value that an edge may still send:

    stage       current  next   edges send   functions accept
    (none)      old      unset  old          old
    accepting   old      new    old          old, and by its end new
    sending     new      old    old, new     both
    retiring    new      unset  new          new, and until its end old

A stage ends when the stack was updated and the edge has deployed. Only then has everybody read the secret.
"""

import json
import secrets
from dataclasses import dataclass
from enum import StrEnum

UNSET = "unset"


class Stage(StrEnum):
    ACCEPTING = "accepting"
    SENDING = "sending"
    RETIRING = "retiring"


class NoSecret(ValueError):
    """The value in Secrets Manager is not an origin secret."""


@dataclass(frozen=True)
class OriginSecret:
    """Its repr shows no secret."""

    current: str
    next: str
    stage: Stage | None = None

    def __repr__(self) -> str:
        return f"OriginSecret(stage={self.stage})"

    @staticmethod
    def parsed(text: str) -> "OriginSecret":
        """Raises NoSecret."""
        try:
            parts = json.loads(text)
            return OriginSecret(parts["current"], parts["next"], Stage(parts["stage"]) if "stage" in parts else None)
        except (ValueError, LookupError, TypeError) as error:
            raise NoSecret("the secret is no JSON object of current and next") from error

    def text(self) -> str:
        return json.dumps({"current": self.current, "next": self.next} | ({"stage": self.stage} if self.stage else {}))


def started(secret: OriginSecret, new: str) -> OriginSecret:
    """The first state of a rotation to a new value."""
    return OriginSecret(secret.current, new, Stage.ACCEPTING)


def after(secret: OriginSecret) -> OriginSecret:
    """The next state, once everybody has read this one."""
    match secret.stage:
        case Stage.ACCEPTING:
            return OriginSecret(secret.next, secret.current, Stage.SENDING)
        case Stage.SENDING:
            return OriginSecret(secret.current, UNSET, Stage.RETIRING)
        case _:
            return OriginSecret(secret.current, secret.next)


def new_value() -> str:
    """48 characters that need no escaping in JSON, a header or CloudFormation (RFC 4648, section 5)."""
    return secrets.token_urlsafe(36)
