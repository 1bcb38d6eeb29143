"""What editors see of an article in a list, whatever its status. It is an attribute of the article's own item, and
comes with it into the index `NEWSROOM`.

A withdrawn article keeps the one that it had, since its tombstone does not say what it was.
"""

from typing import Any

DESK_CARD = "desk_card"
_MEMBERS = ("headline", "standfirst", "section", "type", "published_at", "updated_at", "tags")


def desk_card(fields: dict[str, Any]) -> dict[str, Any]:
    """Of the members of an article as readers get them."""
    return {name: fields[name] for name in _MEMBERS} | {
        "byline": [{"name": each["name"], "id": each["id"]} for each in fields["byline"]]
    }
