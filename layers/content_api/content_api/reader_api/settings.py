"""The settings of the functions that readers reach. They are read and checked when a function starts.

Pydantic is not used here, since it would make each start 87 ms longer (median, measured).
"""

from __future__ import annotations

from content_api.aws.patience import SECONDS
from content_api.aws.settings import SettingsError, required
from content_api.law.legal_notices import page_of_notices
from content_api.law.reader_location import CONNECTION, DEVELOPER, EDGE, READER_LOCATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORTEST_SECRET = 32  # characters


class ReaderSettings:
    __slots__ = (
        "bucket",
        "feed_id_domain",
        "libraries",
        "more_information_url",
        "origin_secrets",
        "patience",
        "public_url",
        "publisher_logo",
        "publisher_name",
        "publisher_url",
        "reader_location",
        "table",
        "websub_hub",
        "zone_file",
    )

    def __init__(self, environment: Mapping[str, str], *, domain: str = "") -> None:
        """`domain` is the API's own. It is the public address of a deployment that has no PUBLIC_URL.

        Raises SettingsError if a variable is missing, or if its value could let a reader have an answer without a
        notice that is due.
        """
        self.table = required(environment, "CONTENT_TABLE")
        self.bucket = required(environment, "CONTENT_BUCKET")
        self.public_url = environment.get("PUBLIC_URL", "").strip() or (f"https://{domain}" if domain else "")
        self.publisher_name = environment.get("PUBLISHER_NAME", "").strip() or self.public_url.partition("://")[2]
        self.publisher_url = _address(environment, "PUBLISHER_URL", "of the publisher's site")
        self.publisher_logo = _address(environment, "PUBLISHER_LOGO", "of the publisher's logo")
        self.feed_id_domain = environment.get("FEED_ID_DOMAIN", "").strip()
        self.websub_hub = environment.get("WEBSUB_HUB", "").strip()
        stated = environment.get("MORE_INFORMATION_URL", "").strip()
        self.more_information_url = stated or page_of_notices(self.public_url)
        self.patience = _seconds(environment, "READER_PATIENCE_SECONDS", SECONDS)
        # The folders of Lambda's own libraries: all of the environment that a process gets which decodes pictures.
        self.libraries = environment.get("LD_LIBRARY_PATH", "")
        self.zone_file = environment.get("NOTICE_ZONE_FILE", "").strip()
        self.reader_location = required(environment, "READER_LOCATION")
        if self.reader_location not in READER_LOCATIONS:
            raise SettingsError(f"READER_LOCATION must be one of {', '.join(READER_LOCATIONS)}")
        if self.reader_location != CONNECTION:
            required(environment, "PUBLIC_URL")
        secrets = [_secret(environment, "ORIGIN_SECRET_CURRENT"), _secret(environment, "ORIGIN_SECRET_NEXT")]
        self.origin_secrets = tuple(secret.encode() for secret in secrets if secret)
        if self.reader_location == EDGE:
            _check_secrets(secrets)
        if self.reader_location == DEVELOPER:
            _check_this_is_no_deployment(environment, has_secret=bool(self.origin_secrets))


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    """A number of seconds. On a developer's machine it is larger than the default, since simulated AWS is slower."""
    stated = environment.get(name, "").strip()
    try:
        return float(stated or default)
    except ValueError:
        raise SettingsError(f"{name} is a number of seconds, such as {default}") from None


def _address(environment: Mapping[str, str], name: str, of_what: str) -> str:
    """An address, such as that of the publisher's site; empty where none is stated."""
    url = environment.get(name, "").strip()
    if url and not url.startswith(("https://", "http://")):
        raise SettingsError(f"{name} is the address {of_what}, such as https://news.example.org/")
    return url


def _secret(environment: Mapping[str, str], name: str) -> str:
    """A secret, or empty if there is none. Outside of a rotation the second one is `unset`."""
    value = environment.get(name, "")
    return "" if value == "unset" else value


def _check_secrets(secrets: list[str]) -> None:
    if not secrets[0]:
        raise SettingsError(
            "READER_LOCATION=edge needs ORIGIN_SECRET_CURRENT: without it anybody could pose as the edge"
        )
    if any(secret and len(secret) < _SHORTEST_SECRET for secret in secrets):
        raise SettingsError(f"ORIGIN_SECRET_CURRENT and ORIGIN_SECRET_NEXT need {_SHORTEST_SECRET} characters or more")


def _check_this_is_no_deployment(environment: Mapping[str, str], *, has_secret: bool) -> None:
    on_lambda = "AWS_LAMBDA_FUNCTION_NAME" in environment and environment.get("AWS_SAM_LOCAL") != "true"
    if has_secret or on_lambda:
        raise SettingsError(
            "With READER_LOCATION=developer any reader may claim to be in any country, so it is for a developer's "
            "machine only. Set READER_LOCATION to edge or connection."
        )
