"""Completes the addresses on a page. An address that nobody could follow becomes empty."""

from mimetypes import guess_file_type
from urllib.parse import urljoin, urlsplit

from pydantic import TypeAdapter, ValidationError

from content_api.content.values import HttpUrl

_FOLLOWED = frozenset({"http", "https"})
_WRITTEN_TO = frozenset({"mailto", "tel"})
_HTTP = TypeAdapter[str](HttpUrl)


def completed(stated: str | None, base: str) -> str:
    """The absolute address, if the model accepts it. Empty for a missing one, for one that is too long, and for
    scripts.
    """
    address = (stated or "").strip()
    if not address or address.startswith("#"):
        return ""
    try:
        # A page may name a host without a scheme, and state no address of its own.
        whole = urljoin(base, address) if base or not address.startswith("//") else f"https:{address}"
        if urlsplit(whole).scheme not in _FOLLOWED:
            return ""
        return _HTTP.validate_python(whole)
    except (ValueError, ValidationError):
        return ""


def completed_link(stated: str | None, base: str) -> str:
    """As `completed`, but addresses for mail and telephone calls are accepted too."""
    address = (stated or "").strip()
    return address if address.partition(":")[0].lower() in _WRITTEN_TO else completed(address, base)


def media_type_of(address: str, default: str = "image/jpeg") -> str:
    """The media type by the end of an address, such as `image/webp`."""
    try:
        return guess_file_type(urlsplit(address).path)[0] or default
    except ValueError:
        return default
