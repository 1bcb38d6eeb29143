"""Reads the environment variables of a function. A missing variable is an error that names it.

The reading functions import this when they start, so it imports nothing that takes time.
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
    """The value of the variable. Empty if the template leaves it so, such as the address of a hub that a deployment may
    lack.
    """
    return environment.get(name, "").strip()
