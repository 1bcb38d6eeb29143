"""Links that show a draft to whoever has them, for a while: signed, so that nothing is kept about them."""

import datetime as dt
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from itsdangerous import BadData, URLSafeSerializer

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

LONGEST = dt.timedelta(days=7)
_SHORTEST_SECRET = 32  # characters
# A secret is read again at most so often, or whoever sends links that nobody signed would make us ask each time.
_READ_AGAIN_AFTER = 60  # seconds


class NoPreview(Exception):
    """A token that we did not sign, or whose time is over."""


class PreviewSecret:
    """`{"current": …, "previous": …}` in Secrets Manager. The environment names it and does not hold it: Lambda shows
    an environment to whoever may describe the function, and keeps it with every version.
    """

    def __init__(self, manager: "SecretsManagerClient", name: str) -> None:
        self._manager = manager
        self._name = name

    def values(self) -> tuple[str, ...]:
        """Asks for them. The last one signs; the one before it is still believed, during a rotation.

        Raises what Secrets Manager raises, and ValueError where the secret is too short or is none.
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
        """`read` gives the secrets, the last of which signs. It is asked at the first preview, so that all else works
        without it, and again where a token does not match, since the secret may have been rotated. `clock` is in
        seconds.
        """
        self._read = read
        self._clock = clock
        self._read_at = 0.0
        self._serializer: URLSafeSerializer | None = None

    def token(self, article_id: str, expires_at: dt.datetime) -> str:
        """Raises what `read` raises."""
        return self._signing().dumps([article_id, int(expires_at.timestamp())])

    def article_id(self, token: str, *, now: dt.datetime) -> str:
        """Raises NoPreview, and what `read` raises."""
        try:
            article_id, expires_at = self._opened(token)
        except BadData as error:
            raise NoPreview from error
        if now.timestamp() >= expires_at:
            raise NoPreview
        return str(article_id)

    def _opened(self, token: str) -> tuple[str, int]:
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
