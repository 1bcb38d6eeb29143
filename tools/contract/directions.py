"""What is written from right to left, from CLDR (through Babel), which is slow to start and which readers' functions do
not carry.
"""

from typing import Any

from babel.core import get_global

# Scripts written from right to left that are in use for news (ISO 15924 codes; UAX #9 gives their
# characters the bidirectional class R or AL).
_RIGHT_TO_LEFT = "Adlm Arab Hebr Mand Nkoo Rohg Samr Syrc Thaa".split()


def directions() -> dict[str, Any]:
    """The scripts, the languages whose usual script is one of them, and where a region has another usage than its
    language.
    """
    likely: dict[str, str] = dict(get_global("likely_subtags"))
    written = {tag: full.split("_")[1] in _RIGHT_TO_LEFT for tag, full in likely.items() if not tag.startswith("und")}
    languages = sorted(tag for tag, is_right in written.items() if is_right and "_" not in tag)
    in_regions = {
        tag.replace("_", "-"): "rtl" if is_right else "ltr"
        for tag, is_right in sorted(written.items())
        if _names_a_region(tag) and is_right != (tag.partition("_")[0] in languages)
    }
    return {"scripts": _RIGHT_TO_LEFT, "languages": languages, "in_regions": in_regions}


def _names_a_region(tag: str) -> bool:
    """A language and a region alone: `pa_PK`, not `pa_Arab`."""
    _, _, second = tag.partition("_")
    return bool(second) and "_" not in second and len(second) < len("Arab")
