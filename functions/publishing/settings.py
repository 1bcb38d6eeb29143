"""What a deployment configures for publishing. All of it is checked when the function starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.aws.settings import SettingsError, optional, required
from content_api.law.legal_notices import page_of_notices


@dataclass(frozen=True, slots=True)
class PublishingSettings:
    table: str
    bucket: str
    idempotency_table: str
    public_url: str
    more_information_url: str
    schedule_group: str
    due_function: str
    scheduler_role: str
    preview_secret: str
    # The editor of every request with sam local, which checks no signatures. Empty everywhere else.
    local_editor: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "PublishingSettings":
        """Raises SettingsError, which names the variable."""
        public_url = required(environment, "PUBLIC_URL")
        return cls(
            table=required(environment, "CONTENT_TABLE"),
            bucket=required(environment, "CONTENT_BUCKET"),
            idempotency_table=required(environment, "IDEMPOTENCY_TABLE"),
            public_url=public_url,
            more_information_url=optional(environment, "MORE_INFORMATION_URL") or page_of_notices(public_url),
            schedule_group=required(environment, "SCHEDULE_GROUP"),
            due_function=required(environment, "DUE_FUNCTION"),
            scheduler_role=required(environment, "SCHEDULER_ROLE"),
            preview_secret=required(environment, "PREVIEW_SECRET"),
            local_editor=_local_editor(environment),
        )


def _local_editor(environment: Mapping[str, str]) -> str:
    editor = environment.get("LOCAL_EDITOR", "")
    if editor and environment.get("AWS_SAM_LOCAL") != "true":
        raise SettingsError("LOCAL_EDITOR lets anybody edit: it is for sam local only. Unset it.")
    return editor
