"""How each language writes a date, from CLDR as Node's ICU has it: Babel knows no calendar but the Gregorian one. It is
written to a file, since Node takes long to start.
"""

import json
import subprocess
from typing import Any

from contract.languages import TAGS
from simulated_edge.nodejs import NODE

# What CLDR lacks. Unreviewed, as the words in content/words.json are.
_OWN = {"crh": "yanvar fevral mart aprel mayıs iyün iyül avgust sentâbr oktâbr noyabr dekabr".split()}

# For each tag that CLDR has dates of: its calendar, its digits, and the long form of a day in each month. The era is
# left out: CLDR writes it in Pashto, since it has no form of the Persian calendar there, and nobody says it.
_SCRIPT = """
const made = {};
for (const tag of JSON.parse(process.argv[1])) {
  const format = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' });
  const { locale, calendar, numberingSystem } = format.resolvedOptions();
  if (locale !== tag) continue;
  const digits = new Intl.NumberFormat(tag, { numberingSystem, useGrouping: false });
  const months = {};
  const number = new Intl.DateTimeFormat(`en-u-ca-${calendar}`, { month: 'numeric', timeZone: 'UTC' });
  for (let day = 0; day < 366; day += 7) {
    const at = new Date(Date.UTC(2026, 0, 4 + day));
    months[number.format(at) - 1] = format.formatToParts(at)
      .filter(({ type }) => type !== 'era')
      .map(({ type, value }) => (type === 'day' || type === 'year' ? `{${type}}` : value)).join('').trim();
  }
  made[tag] = { calendar, digits: [...'0123456789'].map((each) => digits.format(Number(each))).join(''),
    months: Object.keys(months).map((each) => months[each]) };
}
console.log(JSON.stringify(made));
"""


def dates() -> dict[str, dict[str, Any]]:
    """By language the long form of a day in each month, with `{day}` and `{year}` in their places, and the calendar and
    the ten digits where they are not the usual ones.
    """
    done = subprocess.run([NODE, "-e", _SCRIPT, json.dumps(TAGS)], check=True, capture_output=True, text=True)
    found: dict[str, dict[str, Any]] = {}
    for tag, made in json.loads(done.stdout).items():
        months: list[str] = made["months"]
        if len(months) != 12 or any(each.count("{year}") != 1 or each.count("{day}") != 1 for each in months):  # noqa: PLR2004 - months
            raise LookupError(f"CLDR's dates in {tag} have another form than dates() reads: {months}")
        found[tag] = {"months": months}
        if made["calendar"] != "gregory":
            found[tag]["calendar"] = made["calendar"]
        if made["digits"] != "0123456789":
            found[tag]["digits"] = made["digits"]
    for tag, own in _OWN.items():
        if tag in found:
            raise LookupError(f"CLDR has dates in {tag} by now: drop those of _OWN")
        found[tag] = {"months": [f"{{day}} {month} {{year}}" for month in own]}
    return dict(sorted(found.items()))
