"""Links that show a draft to whoever has them, for a while: signed, so that nothing is kept about them."""

import datetime as dt

from itsdangerous import BadData, URLSafeSerializer

LONGEST = dt.timedelta(days=7)


class NoPreview(Exception):
    """A token that we did not sign, or whose time is over."""


class Previews:
    def __init__(self, secrets: tuple[str, ...]) -> None:
        """The last secret signs; those before it are still believed, during a rotation."""
        self._serializer = URLSafeSerializer(list(secrets), salt="preview")

    def token(self, article_id: str, expires_at: dt.datetime) -> str:
        return self._serializer.dumps([article_id, int(expires_at.timestamp())])

    def article_id(self, token: str, *, now: dt.datetime) -> str:
        """Raises NoPreview."""
        try:
            article_id, expires_at = self._serializer.loads(token)
        except BadData as error:
            raise NoPreview from error
        if now.timestamp() >= expires_at:
            raise NoPreview
        return str(article_id)
