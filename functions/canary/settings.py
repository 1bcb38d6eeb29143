"""What a deployment configures for the canary. All of it is checked when the function starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.aws.settings import optional, required


@dataclass(frozen=True, slots=True)
class CanarySettings:
    """`edge_function` is empty if there is no edge. `language` is empty if no article is asked for."""

    stack_name: str
    site_url: str
    language: str
    edge_function: str
    is_launched: bool

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "CanarySettings":
        """Raises SettingsError."""
        return cls(
            stack_name=required(environment, "STACK_NAME"),
            site_url=required(environment, "SITE_URL"),
            language=optional(environment, "CANARY_LANGUAGE"),
            edge_function=optional(environment, "EDGE_FUNCTION"),
            is_launched=required(environment, "LAUNCHED") == "true",
        )
