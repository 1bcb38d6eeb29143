"""Checks that the changes of a language have no gap, and that the last change of each article agrees with its item."""

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from content_api.names.keys import LAST_CHANGE, change_partition
from content_store.differences import Finding
from content_store.examination import UNREADABLE, is_recent

if TYPE_CHECKING:
    from content_store.items import Items
    from content_store.records import ArticleRecords

_LATEST_CHANGES = 1000


def change_findings(records: "ArticleRecords", items: "Items", language: str) -> list[Finding]:
    """What is wrong with the newest thousand changes. Nothing can be put right, since a number cannot be given twice.
    Only what is found twice is reported: a write may have come in between.
    """
    found = _findings(records, items, language)
    return [each for each in _findings(records, items, language) if each in found] if found else []


def has_recent_change(items: "Items", language: str) -> bool:
    """Whether propagation may still be at work on a change that readers see."""
    newest = items.newest(change_partition(language), 2)  # one of the two counts the changes
    return any(is_recent(int(each["at"]["N"])) for each in newest if "at" in each)


def _findings(records: "ArticleRecords", items: "Items", language: str) -> list[Finding]:
    newest = items.newest(change_partition(language), _LATEST_CHANGES)
    counted = next((each for each in newest if each["sk"]["S"] == LAST_CHANGE), None)
    try:
        last = int(counted["number"]["N"]) if counted else 0
    except UNREADABLE:
        return [Finding(language, "how many changes there are cannot be read: rebuild an article of the language")]
    changes = {int(each["sk"]["S"]): each for each in newest if each["sk"]["S"].isdecimal()}
    numbers = sorted(changes)
    found = [
        Finding(language, f"changes {one + 1} to {other - 1} are missing")
        for one, other in pairwise(numbers)
        # After an article was put back, numbers go on from the seconds since 1970 (`Transactions.raise_number`).
        if other != one + 1 and str(other - 1) != changes[other].get("at", {}).get("N")
    ]
    if numbers and numbers[-1] != last:
        found.append(Finding(language, f"the last change is {numbers[-1]}, and {last} have been counted"))
    entries: dict[str, Any] = {}
    for number in numbers:
        try:
            entry = json.loads(changes[number]["entry"]["S"])
            entries[entry["id"]] = {name: entry[name] for name in ("id", "change", "version")}
        except UNREADABLE:
            detail = f"change {number} cannot be read: delete it, and save the article again that it was of"
            found.append(Finding(language, detail))
    for entry in entries.values():
        try:
            current = records.current(entry["id"])
        except UNREADABLE:
            continue
        says = ("upsert" if current.placement else "withdraw", current.version)
        if says != (entry["change"], entry["version"]):
            detail = f"the last change says {entry['change']} of version {entry['version']}"
            found.append(Finding(entry["id"], f"{detail}, and it is at {current.version}"))
    return found
