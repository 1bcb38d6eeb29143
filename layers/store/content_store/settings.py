"""Where the store is: what a deployment configures for every function that writes articles."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.aws.settings import required


@dataclass(frozen=True, slots=True)
class StoreSettings:
    table: str
    bucket: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "StoreSettings":
        """Raises SettingsError, which names the variable that is missing."""
        return cls(table=required(environment, "CONTENT_TABLE"), bucket=required(environment, "CONTENT_BUCKET"))
