"""The languages that the publisher publishes in, named by CLDR (through Babel)."""

from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError

from content_api.content.direction import direction
from content_api.content.language import script_of

# The 27 languages that Radio Free Europe/Radio Liberty publishes in (https://about.rferl.org), as BCP 47 tags.
TAGS = "az ba be bg bs ce crh en fa fa-AF hu hy ka kk ky mk ps ro ru sq sr sr-ME tg tk tt uk uz".split()
# Languages that CLDR (as Babel ships it) does not name in the language itself, or names after a related language:
# Montenegrin is `sr-ME` here, and CLDR has `cnr` as an alias of that.
_NAMES = {"sr-ME": ("crnogorski", "Montenegrin"), "crh": ("qırımtatarca", "Crimean Tatar"), "fa-AF": ("دری", "Dari")}


def languages() -> list[dict[str, Any]]:
    """Each language, sorted by tag: its name in the language itself and in English, its direction, and its script (ISO
    15924).
    """
    found: list[dict[str, Any]] = []
    for tag in TAGS:
        name, english = _NAMES.get(tag) or _named(tag)
        found.append(
            {
                "language": tag,
                "name": name,
                "english_name": english,
                "direction": direction(tag),
                "script": script_of(tag),
            }
        )
    return found


def _named(tag: str) -> tuple[str, str]:
    try:
        locale = Locale.parse(tag, sep="-")
    except UnknownLocaleError as error:
        raise LookupError(f"CLDR does not name {tag}: name it in _NAMES") from error
    own, english = locale.get_display_name(), locale.get_display_name("en")
    if own is None or english is None:
        raise LookupError(f"CLDR does not name {tag}: name it in _NAMES")
    return own, english
