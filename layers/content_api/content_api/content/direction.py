"""The direction in which a language is read. The data are from CLDR and in right_to_left.json, which `python -m
contract` makes, since functions for readers carry no library.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SCRIPT = 4  # letters (RFC 5646, section 2.1)


def direction(tag: str) -> str:
    """`rtl` or `ltr`. A BCP 47 tag decides by its script, or else by the language's script in that region, or else by
    the language's usual script.
    """
    language, *rest = tag.split("-")
    known = _known()
    if rest and len(rest[0]) == _SCRIPT:
        return "rtl" if rest[0].title() in known["scripts"] else "ltr"
    if rest and (in_region := f"{language.lower()}-{rest[0].upper()}") in known["in_regions"]:
        return known["in_regions"][in_region]
    return "rtl" if language.lower() in known["languages"] else "ltr"


@cache
def _known() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("right_to_left.json").read_text(encoding="utf-8"))
