"""What a deployment configures for publishing, checked whole when the function starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.law.legal_notices import page_of_notices
from content_api.reader_api.settings import SettingsError


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
    # Who everyone is where no request is signed: with sam local, and nowhere else.
    local_editor: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "PublishingSettings":
        """Raises SettingsError, which names the variable."""
        public_url = _required(environment, "PUBLIC_URL")
        return cls(
            table=_required(environment, "CONTENT_TABLE"),
            bucket=_required(environment, "CONTENT_BUCKET"),
            idempotency_table=_required(environment, "IDEMPOTENCY_TABLE"),
            public_url=public_url,
            more_information_url=environment.get("MORE_INFORMATION_URL", "").strip() or page_of_notices(public_url),
            schedule_group=_required(environment, "SCHEDULE_GROUP"),
            due_function=_required(environment, "DUE_FUNCTION"),
            scheduler_role=_required(environment, "SCHEDULER_ROLE"),
            preview_secret=_required(environment, "PREVIEW_SECRET"),
            local_editor=_local_editor(environment),
        )


def _local_editor(environment: Mapping[str, str]) -> str:
    editor = environment.get("LOCAL_EDITOR", "")
    if editor and environment.get("AWS_SAM_LOCAL") != "true":
        raise SettingsError("LOCAL_EDITOR lets anybody edit: it is for sam local only. Unset it.")
    return editor


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set: the template sets it for publishing")
    return value
