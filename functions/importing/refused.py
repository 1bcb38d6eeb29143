"""Why a file cannot become an article."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from content_api.content.complaints import sentence

_MOST_NAMED = 10  # things that are wrong with an article
_HINT = "Look into the file at this place, correct it, and hand it in again."


class FileRefused(Exception):
    """Says why, where in the file, and what to do. Nothing of this place was imported."""

    def __init__(self, reason: str, *, place: str = "", hint: str = "") -> None:
        self.reason = reason
        self.place = place
        self.hint = hint or _HINT
        super().__init__(": ".join(part for part in (place, reason) if part) + f". {self.hint}")


def in_plain_words(error: ValidationError) -> str:
    """What is wrong with each member, in sentences for people who do not know the validator."""
    details = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{_place(each)} {sentence(each)}" for each in details[:_MOST_NAMED])


def _place(detail: ErrorDetails) -> str:
    """The place without the names of the model's alternatives, such as `body.3.html`."""
    return ".".join(str(each) for each in detail["loc"] if "[" not in str(each)) or "the article"
