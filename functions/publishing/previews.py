"""Links that show a draft to whoever has them, for a limited time. A link is signed, so nothing has to be stored about
it.
"""

import datetime as dt
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from itsdangerous import BadData, URLSafeSerializer

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

LONGEST = dt.timedelta(days=7)
_EDIT = "edit"
_SHORTEST_SECRET = 32  # characters
# The secret is not read more often than this. Otherwise, whoever sends links without a valid signature could make us
# read it each time.
_READ_AGAIN_AFTER = 60  # seconds


class NoPreview(Exception):
    """The token has no valid signature, or has expired."""


class PreviewSecret:
    """`{"current": …, "previous": …}` in Secrets Manager. The environment has its name and not its value: Lambda shows
    the environment to whoever may describe the function, and keeps it with every version.
    """

    def __init__(self, manager: "SecretsManagerClient", name: str) -> None:
        self._manager = manager
        self._name = name

    def values(self) -> tuple[str, ...]:
        """The values of the secret. The last one signs; the one before it is still accepted, during a rotation. Raises
        what Secrets Manager raises, and ValueError if the secret is missing or too short.
        """
        stated: Any = json.loads(self._manager.get_secret_value(SecretId=self._name)["SecretString"])
        found = tuple(
            str(each) for name in ("previous", "current") if (each := stated.get(name)) not in {None, "unset"}
        )
        if stated.get("current") not in found or any(len(each) < _SHORTEST_SECRET for each in found):
            raise ValueError(f"the previews' secret needs a current value of {_SHORTEST_SECRET} characters or more")
        return found


class Previews:
    def __init__(self, read: Callable[[], tuple[str, ...]], *, clock: Callable[[], float] = time.monotonic) -> None:
        """`read` gives the values of the secret, of which the last signs. It is called at the first preview, so that
        everything else works without the secret, and again if a token does not match, since the secret may have been
        rotated. `clock` gives seconds.
        """
        self._read = read
        self._clock = clock
        self._read_at = 0.0
        self._serializer: URLSafeSerializer | None = None

    def token(self, article_id: str, expires_at: dt.datetime, *, of_edit: bool = False) -> str:
        """A token for a link to the draft, or to the pending edit. Raises what `read` raises."""
        return self._signing().dumps([article_id, int(expires_at.timestamp()), *([_EDIT] if of_edit else [])])

    def opened(self, token: str, *, now: dt.datetime) -> tuple[str, bool]:
        """The id of the article in a token, and whether the link is to its pending edit. Raises NoPreview, and what
        `read` raises.
        """
        try:
            article_id, expires_at, *kind = self._content(token)
        except BadData as error:
            raise NoPreview from error
        if now.timestamp() >= expires_at:
            raise NoPreview
        return article_id, kind == [_EDIT]

    def _content(self, token: str) -> tuple[str, int, str] | tuple[str, int]:
        try:
            return self._signing().loads(token)
        except BadData:
            if self._clock() - self._read_at < _READ_AGAIN_AFTER:
                raise
            return self._signing(again=True).loads(token)

    def _signing(self, *, again: bool = False) -> URLSafeSerializer:
        if self._serializer is None or again:
            self._serializer = URLSafeSerializer(list(self._read()), salt="preview")
            self._read_at = self._clock()
        return self._serializer
