"""What a deployment configures for the canary, checked whole when the function starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.aws.settings import optional, required


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
        """Raises SettingsError."""
        return cls(
            stack_name=required(environment, "STACK_NAME"),
            site_url=required(environment, "SITE_URL"),
            language=optional(environment, "CANARY_LANGUAGE"),
            edge_function=optional(environment, "EDGE_FUNCTION"),
            is_launched=required(environment, "LAUNCHED") == "true",
        )
