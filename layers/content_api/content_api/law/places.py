"""From a place, as a location service names it, to a jurisdiction.

The rules are data, in `law.json`. Whatever is missing or malformed is `unknown`: only a whole, known
place can say that no notice is due.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote

from content_api.law import legal_notices
from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.law.legal_notices import Law

_LONGEST_NAME = 100  # characters; a longer one is no name of a region
_APOSTROPHES = str.maketrans("’ʼ`´′", "'''''")


class Rules:
    """Where the law's jurisdictions are, validated: countries are ISO 3166-1 alpha-2, regions the second part of
    ISO 3166-2.
    """

    def __init__(self, law: Law) -> None:
        """Raises ValueError."""
        assigned = frozenset(law["countries"]["assigned"].split())
        self.by_country = dict.fromkeys(assigned, ELSEWHERE)
        self.by_region: dict[str, dict[str, str]] = {}
        self.inside: dict[str, str] = {}
        for country, regions in law["regions_elsewhere"].items():
            self._add_regions(country, regions, ELSEWHERE)
        for jurisdiction, places in law["jurisdictions"].items():
            self.by_country |= dict.fromkeys(places.get("countries", ()), jurisdiction)
            for country, regions in places.get("regions", {}).items():
                self.inside[country] = jurisdiction
                self._add_regions(country, regions, jurisdiction)
        if unassigned := (self.by_country.keys() | self.by_region.keys()) - assigned:
            raise ValueError(f"law.json names countries that it does not list: {sorted(unassigned)}")

    def _add_regions(self, country: str, regions: dict[str, list[str]], jurisdiction: str) -> None:
        known = self.by_region.setdefault(country, {})
        for code, names in regions.items():
            for name in (code, code.lstrip("0"), f"{country}-{code}", *names):
                folded = _folded(name)
                if known.setdefault(folded, jurisdiction) != jurisdiction:
                    raise ValueError(f"law.json gives {name!r} to two jurisdictions")


@cache
def rules() -> Rules:
    return Rules(legal_notices.load_law())


def jurisdiction_of_place(country: str | None, region: str | None, *, in_zone: bool | None) -> str:
    """The jurisdiction of a country (ISO 3166-1 alpha-2), a region (ISO 3166-2, with or without its prefix or leading
    zero, or spelled out, percent-encoded or not), and of what the zone database says of the reader's network: None
    where it could not be asked.

    The database counts only where regions decide: it adds the networks whose region nobody states, or states wrongly.
    """
    code = (country or "").strip().upper()
    jurisdiction = rules().by_country.get(code, UNKNOWN)
    regions = rules().by_region.get(code)
    if jurisdiction != ELSEWHERE or regions is None:
        return jurisdiction
    stated = regions.get(_folded(region or ""), UNKNOWN if (region or "").strip() else ELSEWHERE)
    if stated not in {ELSEWHERE, UNKNOWN}:
        return stated
    if in_zone:
        return rules().inside[code]
    return stated if in_zone is False else UNKNOWN


def _folded(name: str) -> str:
    """A region's name as it is compared: decoded, one kind of apostrophe, single spaces, no case. Matched whole,
    since Kaluga contains `luga`.
    """
    if len(name) > _LONGEST_NAME * 9:  # percent-encoded Cyrillic takes six characters for one
        return ""
    decoded = unquote(name).translate(_APOSTROPHES).casefold()
    return re.sub(r"[\s_+]+", " ", decoded).strip()
