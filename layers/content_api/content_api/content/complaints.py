"""Sentences about what is wrong with content that somebody sent. They are for people who know articles, and not this
code.

The messages of pydantic are for programmers ("Tuple should have at least 1 item after validation, not 0"). Each of its
types of error has a sentence here. The sentence follows the name of a field. It says what is wrong, and what to write
instead.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from content_api.content.values import EMAIL_PATTERN, GUID_PATTERN, ID_PATTERN
from content_api.names.media import DIGEST_PATTERN

_INSTANT = "must be a time with its offset from UTC, such as 2026-11-25T10:19:00Z"
_DATE = "must be a date, such as 2026-11-25"
_ADDRESS = "must be a web address, such as https://news.example.org/a"
_PATTERNS = {
    ID_PATTERN: "must be small letters, digits and hyphens, 96 at most, and not begin with a hyphen",
    GUID_PATTERN: "must be a UUID in small letters, such as 9b024349-ccf0-5f69-a609-6b82873eab3c",
    EMAIL_PATTERN: "must be an address for mail, such as radio@news.example.org",
    DIGEST_PATTERN: "must be 64 hexadecimal digits in small letters: the SHA-256 of the file",
}

# By pydantic's type of error. Words in braces come from the context of the error.
_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is unknown here: look at how it is written, or leave it out",
    "string_type": "must be a text",
    "string_unicode": "is no text in UTF-8",
    "string_too_long": "has more than {max_length} characters: shorten it",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number that has an end",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "union_tag_invalid": "has a type that is none of {expected_tags}",
    "union_tag_not_found": "needs a member type, which says what it is",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "frozen_set_type": "must be a list",
    "set_type": "must be a list",
    "too_long": "has more than {max_length} entries",
    "none_required": "must be null or left out",
    "timezone_aware": _INSTANT,
}
_BY_BEGINNING = {"datetime_": _INSTANT, "date_": _DATE, "url_": _ADDRESS}


def complaints(error: ValidationError) -> list[dict[str, str]]:
    """The `field` and `detail` of each error. The field is `article` if the error is about the whole article."""
    found = error.errors(include_url=False, include_input=False)
    # Pydantic counts only the entries of a list that are right, so it says too that a list of wrong ones is empty.
    around = {each["loc"][:depth] for each in found for depth in range(len(each["loc"]))}
    return [
        {"field": field_of(each["loc"]) or "article", "detail": sentence(each)}
        for each in found
        if each["type"] != "too_short" or each["loc"] not in around
    ]


def field_of(location: Iterable[int | str]) -> str:
    """The path to a field, such as `body.3.html`, with positions counted from 0. Empty for the whole."""
    return ".".join(str(part) for part in location)


def sentence(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors as a sentence, which follows the name of a field."""
    kind, context = str(error["type"]), dict(error.get("ctx") or {})
    match kind:
        case "value_error":
            cause = context.get("error")
            # Our own validators raise their own sentences. If the cause is a validation error of another model, it is
            # that of an address.
            return _ADDRESS if isinstance(cause, ValidationError) else str(cause)
        case "string_too_short":
            least = context["min_length"]
            return "must not be empty" if least == 1 else f"needs {least} characters or more"
        case "too_short":
            least = context["min_length"]
            return "needs at least one entry" if least == 1 else f"needs {least} entries or more"
        case "string_pattern_mismatch":
            return _PATTERNS.get(str(context.get("pattern")), "is not written as it must be")
        case _:
            pass
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**context)
    return next((said for begins, said in _BY_BEGINNING.items() if kind.startswith(begins)), "is not as it must be")
