"""What is written from right to left, from CLDR (through Babel). Functions for readers do not carry Babel, so it is
written to a file.
"""

from typing import Any

from babel.core import get_global

# Scripts that are used for news and are written from right to left (ISO 15924 codes). Their characters have the
# bidirectional class R or AL (UAX #9).
_RIGHT_TO_LEFT = "Adlm Arab Hebr Mand Nkoo Rohg Samr Syrc Thaa".split()


def directions() -> dict[str, Any]:
    """The scripts that are written from right to left, the languages that usually use one of them, and the tags of
    language and region whose direction differs from that of the language.
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
    """Whether a locale has a language and a region and nothing else: `pa_PK` does, `pa_Arab` does not."""
    _, _, second = tag.partition("_")
    return bool(second) and "_" not in second and len(second) < len("Arab")
