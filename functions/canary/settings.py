"""What a deployment configures for the canary, checked whole when the function starts."""

from collections.abc import Mapping
from dataclasses import dataclass


class NotConfigured(Exception):
    """A variable is missing; the message names it."""


@dataclass(frozen=True, slots=True)
class CanarySettings:
    """`edge_function` and `language` are empty where there is no edge, and where no article is to be asked for."""

    stack_name: str
    site_url: str
    language: str
    edge_function: str
    is_launched: bool

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "CanarySettings":
        """Raises NotConfigured."""
        return cls(
            stack_name=_required(environment, "STACK_NAME"),
            site_url=_required(environment, "SITE_URL"),
            language=environment.get("CANARY_LANGUAGE", "").strip(),
            edge_function=environment.get("EDGE_FUNCTION", "").strip(),
            is_launched=_required(environment, "LAUNCHED") == "true",
        )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise NotConfigured(f"{name} is not set: the template sets it for the canary")
    return value
