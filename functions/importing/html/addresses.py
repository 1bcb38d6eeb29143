"""Addresses on a page, completed, and refused where nobody could follow them."""

from mimetypes import guess_file_type
from urllib.parse import urljoin, urlsplit

from pydantic import TypeAdapter, ValidationError

from content_api.content.article import HttpUrl

_FOLLOWED = frozenset({"http", "https"})
_WRITTEN_TO = frozenset({"mailto", "tel"})
_HTTP = TypeAdapter[str](HttpUrl)


def completed(stated: str | None, base: str) -> str:
    """The absolute address that the model takes; empty for none, for one that is too long, and for scripts."""
    address = (stated or "").strip()
    if not address or address.startswith("#"):
        return ""
    try:
        whole = urljoin(base, address)
        if urlsplit(whole).scheme not in _FOLLOWED:
            return ""
        return _HTTP.validate_python(whole)
    except (ValueError, ValidationError):
        return ""


def completed_link(stated: str | None, base: str) -> str:
    """Likewise, and addresses to write to or to call."""
    address = (stated or "").strip()
    return address if address.partition(":")[0].lower() in _WRITTEN_TO else completed(address, base)


def media_type_of(address: str, default: str = "image/jpeg") -> str:
    """The media type that an address ends in, such as `image/webp`."""
    try:
        return guess_file_type(urlsplit(address).path)[0] or default
    except ValueError:
        return default
