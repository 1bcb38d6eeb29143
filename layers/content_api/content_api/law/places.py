"""From a place, as a location service names it, to a jurisdiction.

The rules are data: `law.json`. Whatever is missing or malformed is `unknown`. Only a complete, known place can say that
no notice is due.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote

from content_api.law import law_file
from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from content_api.law.law_file import Law

_LONGEST_NAME = 100  # characters; a longer one is no name of a region
_APOSTROPHES = str.maketrans("’ʼ`´′", "'''''")


class Rules:
    """The places of the law's jurisdictions, validated. Countries are ISO 3166-1 alpha-2; regions are the second part
    of ISO 3166-2.
    """

    def __init__(self, law: Law) -> None:
        """Raises ValueError."""
        assigned = frozenset(law["countries"]["assigned"].split())
        self.by_country = dict.fromkeys(assigned, ELSEWHERE)
        self.by_region: dict[str, dict[str, str]] = {}
        self.inside: dict[str, tuple[str, ...]] = {}
        self.networks_of: dict[str, frozenset[str]] = {}
        for country, regions in law["regions_elsewhere"].items():
            self._add_regions(country, regions, ELSEWHERE)
        for jurisdiction, places in law["jurisdictions"].items():
            self.by_country |= dict.fromkeys(places.get("countries", ()), jurisdiction)
            for country, regions in places.get("regions", {}).items():
                self.inside[country] = (*self.inside.get(country, ()), jurisdiction)
                self.networks_of[jurisdiction] = frozenset((jurisdiction, *places.get("networks_of", ())))
                self._add_regions(country, regions, jurisdiction)
        if unassigned := (self.by_country.keys() | self.by_region.keys()) - assigned:
            raise ValueError(f"law.json names countries that it does not list: {sorted(unassigned)}")
        if idle := self.by_region.keys() - self.inside.keys():
            raise ValueError(f"law.json lists regions elsewhere in {sorted(idle)}, where no jurisdiction has a region")

    def counted_as(self, jurisdictions: Iterable[str]) -> str:
        """What a network in these jurisdictions counts as, if the request states the country that has regions of it.
        Several are separated by spaces.
        """
        names = frozenset(jurisdictions)
        return " ".join(name for name, networks in self.networks_of.items() if not networks.isdisjoint(names))

    def _add_regions(self, country: str, regions: dict[str, list[str]], jurisdiction: str) -> None:
        known = self.by_region.setdefault(country, {})
        for code, names in regions.items():
            for name in (code, code.lstrip("0"), f"{country}-{code}", *names):
                folded = _folded(name)
                if known.setdefault(folded, jurisdiction) != jurisdiction:
                    raise ValueError(f"law.json gives {name!r} to two jurisdictions")


@cache
def rules() -> Rules:
    return Rules(law_file.load_law())


def jurisdiction_of_place(country: str | None, region: str | None, *, in_zone: str | None) -> str:
    """The jurisdiction of a place. `country` is ISO 3166-1 alpha-2. `region` is ISO 3166-2, with or without its prefix
    or leading zero, or a name, percent-encoded or not. `in_zone` are the jurisdictions that the reader's network counts
    as in the zone database (`Rules.counted_as`); None if the database could not be used. The database matters only in a
    country with regions: it adds networks whose region nobody states, or states wrongly. Several jurisdictions are
    separated by spaces.
    """
    code = (country or "").strip().upper()
    jurisdiction = rules().by_country.get(code, UNKNOWN)
    regions = rules().by_region.get(code)
    if jurisdiction != ELSEWHERE or regions is None:
        return jurisdiction
    stated = regions.get(_folded(region or ""), UNKNOWN if (region or "").strip() else ELSEWHERE)
    if stated not in {ELSEWHERE, UNKNOWN}:
        return stated
    if in_zone is None:
        return UNKNOWN
    named = in_zone.split()
    return " ".join(name for name in rules().inside[code] if name in named) or stated


def _folded(name: str) -> str:
    """The name of a region in the form in which names are compared: decoded, with one kind of apostrophe, single spaces
    and no case. Names are compared whole, since Kaluga contains `luga`.
    """
    if len(name) > _LONGEST_NAME * 9:  # percent-encoded Cyrillic takes six characters for one
        return ""
    decoded = unquote(name).translate(_APOSTROPHES).casefold()
    return re.sub(r"[\s_+]+", " ", decoded).strip()
