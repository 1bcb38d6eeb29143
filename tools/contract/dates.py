"""How the languages write a day, from CLDR (through Babel), which is slow to start and so not asked by readers."""

import datetime as dt

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date

from contract.languages import TAGS

# In the languages, the texts of any date of the month differ in these two alone.
_YEAR, _DAY = "2222", "17"


def dates() -> dict[str, list[str]]:
    """By language the long form of a day in each month, with `{day}` and `{year}` in their places; none for languages
    that CLDR has no dates of.
    """
    found: dict[str, list[str]] = {}
    for tag in TAGS:
        try:
            locale = Locale.parse(tag, sep="-")
        except UnknownLocaleError:
            continue
        days = [dt.date(int(_YEAR), month, int(_DAY)) for month in range(1, 13)]
        shown = [format_date(day, "long", locale).replace(_YEAR, "{year}").replace(_DAY, "{day}") for day in days]
        # CLDR's root, which languages without months of their own have, says M01.
        if "M01" not in shown[0] and all(each.count("{year}") == each.count("{day}") == 1 for each in shown):
            found[tag] = shown
    return found
