"""How long the databases of networks are still believed: `believed_until.json` has a date for each.

`make law` writes the file. Canary and databases are of one deployment, so the dates are those of what is deployed.
"""

import datetime as dt
import json
from pathlib import Path

FILE = Path(__file__).with_name("believed_until.json")


def days_left(today: dt.date) -> int:
    """The days until the first of the dates. Below 0 once it is over."""
    dates = json.loads(FILE.read_text(encoding="utf-8")).values()
    return (min(map(dt.date.fromisoformat, dates)) - today).days
