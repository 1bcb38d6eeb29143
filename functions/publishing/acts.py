"""What an editor does, and why it may be refused."""

import datetime as dt
from dataclasses import dataclass

from content_store.versions import Attribution


class NotPossibleNow(Exception):
    """The article is in a state that does not allow this. The message says what to do first."""


class Invalid(Exception):
    """The content that the editor sent breaks a rule. `errors` has a `field` and a `detail` for each fault."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(f"{len(errors)} fields")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, and the version that they have read; 0 if the article does not exist yet. `expected_digest` is
    that of the pending edit that they have read, which is made on the version. `is_strict`: markup that is not allowed
    is refused, and not taken out.
    """

    by: str
    at: dt.datetime
    expected_version: int
    expected_digest: str = ""
    is_strict: bool = False

    def attribution(self, action: str, reason: str | None = None) -> Attribution:
        return Attribution(self.by, action, reason)
