"""What is said of a file that no article can be made of."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_MOST_NAMED = 10  # things that are wrong with an article
_HINT = "Look into the file at this place, correct it, and hand it in again."


class FileRefused(Exception):
    """Why, where in the file, and what to do; nothing of what it names has been imported."""

    def __init__(self, reason: str, *, place: str = "", hint: str = "") -> None:
        self.reason = reason
        self.place = place
        self.hint = hint or _HINT
        super().__init__(": ".join(part for part in (place, reason) if part) + f". {self.hint}")


def in_plain_words(error: ValidationError) -> str:
    """What is wrong with each member, as somebody says it who does not know the library that found it."""
    details = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{_place(each)} {_wrong(each)}" for each in details[:_MOST_NAMED])


def _place(detail: ErrorDetails) -> str:
    """`body.3.html`, without the names of the model's own alternatives."""
    return ".".join(str(each) for each in detail["loc"] if "[" not in str(each)) or "the article"


def _wrong(detail: ErrorDetails) -> str:
    bounds = detail.get("ctx", {})
    kind = detail["type"]
    told = {
        "missing": "is missing",
        "extra_forbidden": "is no member of an article",
        "string_too_long": f"is longer than {bounds.get('max_length')} characters",
        "string_too_short": "is empty",
        "too_long": f"has more than {bounds.get('max_length')} entries",
        "too_short": "is empty",
        "string_type": "is no text",
        "bool_type": "is neither true nor false",
        "string_pattern_mismatch": "takes small Latin letters, digits and hyphens, 96 at most",
        "literal_error": f"takes one of {bounds.get('expected')}",
        "union_tag_invalid": f"has an unknown type: it is one of {bounds.get('expected_tags')}",
        "union_tag_not_found": "does not say its type",
        "timezone_aware": "is an instant without its zone: write Z or +01:00 behind it",
        "model_type": "is no object",
        "model_attributes_type": "is no object",
        "dict_type": "is no object",
        "tuple_type": "is no list",
        "list_type": "is no list",
    }
    if kind in told:
        return told[kind]
    if kind.startswith(("datetime", "date")):
        return (
            "is no instant, such as 2024-05-06T07:08:09Z"
            if kind.startswith("datetime")
            else "is no day, such as 2024-05-06"
        )
    if kind.startswith(("int", "float", "greater", "less")):
        return "is no number that fits"
    if kind.startswith("url"):
        return "is no address that starts with https:// or http://"
    return f"does not fit: {detail['msg'].removeprefix('Value error, ')}"
