"""What a deployment configures for imaging. All of it is checked when the function starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.aws.settings import optional, required


@dataclass(frozen=True, slots=True)
class ImagingSettings:
    table: str
    bucket: str
    # The folders of Lambda's own libraries, such as Python's. It is all of the environment that the process which
    # decodes gets.
    libraries: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "ImagingSettings":
        """Raises SettingsError, which names the variable."""
        return cls(
            table=required(environment, "CONTENT_TABLE"),
            bucket=required(environment, "CONTENT_BUCKET"),
            libraries=optional(environment, "LD_LIBRARY_PATH"),
        )
