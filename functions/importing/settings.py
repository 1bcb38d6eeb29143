"""What a deployment configures for importing, read once when the function starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.aws.settings import required


@dataclass(frozen=True, slots=True)
class ImportingSettings:
    table: str
    bucket: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "ImportingSettings":
        """Raises SettingsError, which names the variable."""
        return cls(table=required(environment, "CONTENT_TABLE"), bucket=required(environment, "CONTENT_BUCKET"))
