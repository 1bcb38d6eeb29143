"""What a deployment configures for the function that keeps the mirror."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.aws.settings import optional, required


@dataclass(frozen=True, slots=True)
class MirroringSettings:
    """`secret` is the name of the secret that the key is made of. `next_mirrors` are addresses of other mirrors."""

    table: str
    bucket: str
    queue: str
    secret: str
    next_mirrors: tuple[str, ...]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "MirroringSettings":
        """Raises SettingsError, which names the variable."""
        return cls(
            table=required(environment, "CONTENT_TABLE"),
            bucket=required(environment, "CONTENT_BUCKET"),
            queue=required(environment, "MIRROR_QUEUE"),
            secret=required(environment, "MIRROR_SECRET"),
            next_mirrors=tuple(optional(environment, "NEXT_MIRRORS").split()),
        )
