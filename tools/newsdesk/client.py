"""A client for the editorial API. It signs requests for AWS, and does not for an API on this machine."""

import io
import ipaddress
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from newsdesk.roles import ROLES, role_for

TIMEOUT = urllib3.Timeout(connect=5, read=30)
# A request names the version that it changes, so repeating it does no harm.
RETRIES = urllib3.Retry(
    total=4, backoff_factor=0.3, status_forcelist=(429, 502, 503, 504), allowed_methods=None, raise_on_status=False
)


_OK = 200
_REGION_IN_HOST = re.compile(r"\.execute-api\.([a-z]+(?:-[a-z]+)+-\d+)\.")
_HOW = "make run starts one on this machine; --url or CONTENT_API_URL says where another is."


class Refused(Exception):
    """The API did not answer, or not with 2xx. The message is a sentence. `code` is that of the problem document, if
    there is one.
    """

    def __init__(self, message: str, *, code: str = "", members: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.members = members or {}


@dataclass(frozen=True, slots=True)
class Answer:
    """`etag` names what was answered, in quotes: a version, or a pending edit of it. Empty if there is none."""

    version: int
    content: dict[str, Any]
    etag: str = ""


class EditorialClient:
    def __init__(self, url: str, *, profile: str | None = None) -> None:
        """Raises Refused if there are no credentials to sign with."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused(f"{url} is no address: give --url such as https://abc.execute-api.eu-central-1.amazonaws.com")
        self._url = url.rstrip("/")
        is_here = _is_this_machine(parts.hostname)
        # If nothing listens on this machine now, trying again at once does not help.
        retries = RETRIES.new(connect=0) if is_here else RETRIES
        self._pool = urllib3.PoolManager(timeout=TIMEOUT, retries=retries, maxsize=16)
        self._signer = None if is_here else _signer(parts.hostname, profile)

    def ask(
        self,
        method: str,
        path: str,
        content: object = None,
        *,
        version: int | None = None,
        etag: str = "",
        media_type: str = "",
    ) -> Answer:
        """Sends a request. `version` is the version that the change is made to; 0 if the article must not exist yet.
        `etag` names it instead, where it may be a pending edit. Raises Refused.
        """
        headers = {"content-type": media_type or "application/json"}
        if etag:
            headers["if-match"] = etag
        elif version is not None:
            headers |= {"if-match": f'"{version}"'} if version else {"if-none-match": "*"}
        # A U+FFFD that somebody means is sent as an escape. As a character, the API takes it for a byte that could not
        # be decoded.
        body = b"" if content is None else json.dumps(content, ensure_ascii=False).replace("\ufffd", "\\ufffd").encode()
        request = AWSRequest(method, self._url + path, headers=headers, data=body)
        if self._signer:
            self._signer.add_auth(request)
        try:
            response = self._pool.request(method, self._url + path, body=body, headers=dict(request.headers.items()))
        except urllib3.exceptions.HTTPError as error:
            raise Refused(f"{self._url} does not answer ({_cause(error)}): is it running? {_HOW}") from error
        try:
            answered = json.loads(response.data)
        except ValueError as error:
            raise Refused(f"{self._url} answered {response.status}, and not as an editorial API does.") from error
        if not 200 <= response.status < 300:  # noqa: PLR2004 - 2xx, as HTTP has it
            message = answered.get("detail") or answered.get("message") or f"status {response.status}"
            if (
                response.status == HTTPStatus.FORBIDDEN and "detail" not in answered
            ):  # API Gateway's, which IAM asked for
                message = _what_is_missing(method, path.partition("?")[0])
            raise Refused(str(message), code=str(answered.get("code", "")), members=answered)
        tag = response.headers.get("etag", "")
        return Answer(int(tag.strip('"').partition("-")[0] or 0), answered, tag)


def _what_is_missing(method: str, path: str) -> str:
    role = role_for(method, path)
    who = f"the role {role}: ask for the policy in the stack's output {ROLES[role][0]}" if role else "another path"
    return f"The credentials that signed this may not {method} {path}. It takes {who}."


def put_file(url: str, content: bytes, headers: dict[str, str], sent: Callable[[int], None]) -> None:
    """PUTs a file to the address that the API gave. `sent` is called with the number of bytes sent. Raises Refused."""
    body = _ReportingFile(content, sent)
    try:
        # No retry: a body that was read cannot be sent again.
        response = urllib3.PoolManager(timeout=TIMEOUT, retries=False).request("PUT", url, body=body, headers=headers)
    except urllib3.exceptions.HTTPError as error:
        raise Refused(f"The upload broke off ({type(error).__name__}): try again.") from error
    if response.status != _OK:
        raise Refused(f"The upload was refused with status {response.status}: try again.")


class _ReportingFile(io.BytesIO):
    """A file that reports how far it has been read."""

    def __init__(self, content: bytes, report: Callable[[int], None]) -> None:
        super().__init__(content)
        self._report = report

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self._report(self.tell())
        return piece


def removed(content: dict[str, Any]) -> list[str]:
    """A sentence for each text from which sanitising removed something."""
    return [f"{each['field']}: taken out: {', '.join(each['removed'])}" for each in content.get("removed", [])]


def article_path(article_id: str) -> str:
    return f"/v1/editorial/articles/{article_id}"


def _cause(error: urllib3.exceptions.HTTPError) -> str:
    """The last cause of an error, without the retries around it."""
    while isinstance(error, urllib3.exceptions.MaxRetryError) and isinstance(
        error.reason, urllib3.exceptions.HTTPError
    ):
        error = error.reason
    match error:
        case urllib3.exceptions.NameResolutionError():
            return "its name leads to no address"
        case urllib3.exceptions.NewConnectionError():
            return "it refuses the connection"
        case urllib3.exceptions.TimeoutError():
            return "it took too long"
        case _:
            return type(error).__name__


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _signer(host: str, profile: str | None) -> SigV4Auth:
    """Signs for the region in `<api>.execute-api.<region>.…`, or for the profile's region if the API has a domain of
    its own.
    """
    try:
        session = Session(profile=profile)
        credentials = session.get_credentials()
        named = _REGION_IN_HOST.search(host)
        region = named[1] if named else session.get_config_variable("region")
    except BotoCoreError as error:
        raise Refused(f"{error}.") from error
    if credentials is None or not region:
        raise Refused("There are no AWS credentials, or no region, to sign with: name a --profile that has both.")
    return SigV4Auth(credentials, "execute-api", str(region))
