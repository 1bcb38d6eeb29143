"""An editor's act, and why it may be refused."""

import datetime as dt
from dataclasses import dataclass

from content_api.store.versions import Attribution


class NotPossibleNow(Exception):
    """The state of the article does not allow the act; the message says what to do first."""


class Invalid(Exception):
    """What the editor sent breaks a rule: `errors` holds a `field` and a `detail` for each fault."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(f"{len(errors)} fields")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, and on top of which version that they have read; 0 where there is no article yet."""

    by: str
    at: dt.datetime
    expected_version: int

    def attribution(self, action: str, reason: str | None = None) -> Attribution:
        return Attribution(self.by, action, reason)
