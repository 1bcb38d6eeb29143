"""What a deployment configures for the functions of propagation. Each reads its settings once, when it starts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from content_api.aws.settings import optional, required


@dataclass(frozen=True, slots=True)
class PropagationSettings:
    """`queues` are the URLs of the effects' queues, by the variables that name them. `hub` is empty if there is no
    WebSub hub.
    """

    public_url: str
    hub: str
    webhooks_secret: str
    queues: dict[str, str]

    @classmethod
    def read(cls, environment: Mapping[str, str], queues: Iterable[str]) -> "PropagationSettings":
        """Raises SettingsError, which names the variable."""
        return cls(
            public_url=required(environment, "PUBLIC_URL"),
            hub=optional(environment, "WEBSUB_HUB"),
            webhooks_secret=required(environment, "WEBHOOKS_SECRET"),
            queues={each: required(environment, each) for each in queues},
        )


@dataclass(frozen=True, slots=True)
class PurgingSettings:
    """`distribution` is empty if there is no CloudFront."""

    queue: str
    distribution: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "PurgingSettings":
        """Raises SettingsError, which names the variable."""
        return cls(required(environment, "PURGE_QUEUE"), optional(environment, "DISTRIBUTION_ID"))


@dataclass(frozen=True, slots=True)
class WithdrawingSettings:
    """`distribution` is empty if there is no CloudFront. `copy_queue` is that of copies for readers, `index_queue` that
    of the search index, and `mirror_queue` that of the mirror.
    """

    queue: str
    copy_queue: str
    index_queue: str
    mirror_queue: str
    distribution: str
    table: str
    bucket: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "WithdrawingSettings":
        """Raises SettingsError, which names the variable."""
        return cls(
            queue=required(environment, "WITHDRAWAL_QUEUE"),
            copy_queue=required(environment, "COPY_QUEUE"),
            index_queue=required(environment, "INDEX_QUEUE"),
            mirror_queue=required(environment, "MIRROR_QUEUE"),
            distribution=optional(environment, "DISTRIBUTION_ID"),
            table=required(environment, "CONTENT_TABLE"),
            bucket=required(environment, "CONTENT_BUCKET"),
        )


@dataclass(frozen=True, slots=True)
class DeliveringSettings:
    """`hub` is empty if there is no WebSub hub."""

    queue: str
    hub: str
    webhooks_secret: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "DeliveringSettings":
        """Raises SettingsError, which names the variable."""
        return cls(
            queue=required(environment, "WEBHOOK_QUEUE"),
            hub=optional(environment, "WEBSUB_HUB"),
            webhooks_secret=required(environment, "WEBHOOKS_SECRET"),
        )
