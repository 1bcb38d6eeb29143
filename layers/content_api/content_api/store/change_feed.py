"""Checks that the changes of a language have no gap, and that the last change of each article agrees with its item."""

import json
from itertools import pairwise
from typing import TYPE_CHECKING

from content_api.names.keys import LAST_CHANGE, change_partition
from content_api.store.differences import Finding
from content_api.store.examination import UNREADABLE

if TYPE_CHECKING:
    from content_api.store.items import Items
    from content_api.store.records import ArticleRecords

_LATEST_CHANGES = 1000


def change_findings(records: "ArticleRecords", items: "Items", language: str) -> list[Finding]:
    """What is wrong with the newest thousand changes. Nothing can be put right, since a number cannot be given twice.
    Only what is found twice is reported: a write may have come in between.
    """
    found = _findings(records, items, language)
    return [each for each in _findings(records, items, language) if each in found] if found else []


def _findings(records: "ArticleRecords", items: "Items", language: str) -> list[Finding]:
    newest = items.newest(change_partition(language), _LATEST_CHANGES)
    last = next((int(each["number"]["N"]) for each in newest if each["sk"]["S"] == LAST_CHANGE), 0)
    changes = {int(each["sk"]["S"]): each for each in newest if "entry" in each}
    numbers = sorted(changes)
    found = [
        Finding(language, f"changes {one + 1} to {other - 1} are missing")
        for one, other in pairwise(numbers)
        # After an article was put back, numbers go on from the seconds since 1970 (`Transactions.raise_number`).
        if other != one + 1 and other - 1 != int(changes[other]["at"]["N"])
    ]
    if numbers and numbers[-1] != last:
        found.append(Finding(language, f"the last change is {numbers[-1]}, and {last} have been counted"))
    entries = [json.loads(changes[number]["entry"]["S"]) for number in numbers]
    for entry in {each["id"]: each for each in entries}.values():
        try:
            current = records.current(entry["id"])
        except UNREADABLE:
            continue
        says = ("upsert" if current.placement else "withdraw", current.version)
        if says != (entry["change"], entry["version"]):
            detail = f"the last change says {entry['change']} of version {entry['version']}"
            found.append(Finding(entry["id"], f"{detail}, and it is at {current.version}"))
    return found
