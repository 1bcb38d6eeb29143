"""What a deployment configures: variables of a function's environment, of which none may be missing in silence.

This module stands on the reading path, and imports nothing that costs time.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(Exception):
    """A deployment that must not start; the message names the variable and what to set it to."""


def required(environment: Mapping[str, str], name: str) -> str:
    """The variable's value. Raises SettingsError, which names it, where it is missing or empty."""
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set: template.yaml sets it for each function that needs it")
    return value


def optional(environment: Mapping[str, str], name: str) -> str:
    """The variable's value; empty where the template leaves it so, such as the hub that there need not be."""
    return environment.get(name, "").strip()
