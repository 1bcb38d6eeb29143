"""The posts of a live blog for readers: the newest ones, which change often, and the pages before them, which do
not.
"""

from __future__ import annotations

import json

from content_api.content.pictures import own_addresses
from content_api.names.keys import LAST_POST, POSTS_OF_A_PAGE, post_key, posts_partition
from content_api.reader_api.damage import left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.aws.dynamodb import Item, Table

    type Json = dict[str, Any]

LIVE = "live"
_ATTRIBUTES = "sk post number entry"


class Head:
    """The newest posts, at least a page of them if there are so many. `pages` counts the full pages that are not among
    them. `posts` are the newest first, without those that were withdrawn, whose numbers are in `withdrawn`.
    """

    __slots__ = ("count", "key_events", "pages", "pinned", "posts", "withdrawn")

    def __init__(self, table: Table, article_id: str, public_url: str) -> None:
        """Raises StoreUnavailable."""
        items, _ = table.query(
            posts_partition(article_id), attributes=_ATTRIBUTES, limit=2 * POSTS_OF_A_PAGE, newest_first=True
        )
        last = items[0] if items and items[0]["sk"]["S"] == LAST_POST else None
        self.count = int(last["number"]["N"]) if last else 0
        entry: Json = json.loads(last["entry"]["S"]) if last else {"pinned": [], "key_events": []}
        self.pages = max(0, self.count // POSTS_OF_A_PAGE - 1)
        own = [
            each
            for each in items
            if each["sk"]["S"] != LAST_POST and int(each["sk"]["S"]) > self.pages * POSTS_OF_A_PAGE
        ]
        self.posts, self.withdrawn = posts_in(own, public_url)
        self.key_events: list[Json] = entry["key_events"]
        shown = {each["number"]: each for each in self.posts}
        missing = [each for each in entry["pinned"] if each not in shown]
        keys = [post_key(article_id, each) for each in missing]
        others, _ = posts_in(table.get_items(keys, _ATTRIBUTES) if keys else [], public_url)
        shown |= {each["number"]: each for each in others}
        self.pinned = [shown[each] for each in reversed(entry["pinned"]) if each in shown]


def full_page(table: Table, article_id: str, number: int, public_url: str) -> tuple[list[Json], list[int]] | None:
    """The posts of a page, counted from 1, the newest first, and the numbers of those that were withdrawn. None if the
    page is not full, or if the newest posts are still shown with it. Raises StoreUnavailable.
    """
    first, last = (number - 1) * POSTS_OF_A_PAGE + 1, number * POSTS_OF_A_PAGE
    items, _ = table.query(
        posts_partition(article_id),
        attributes=_ATTRIBUTES,
        limit=POSTS_OF_A_PAGE,
        lowest=post_key(article_id, first)["sk"],
        highest=post_key(article_id, last)["sk"],
        newest_first=True,
    )
    return posts_in(items, public_url) if len(items) == POSTS_OF_A_PAGE else None


def posts_in(items: list[Item], public_url: str) -> tuple[list[Json], list[int]]:
    """The posts, and the numbers of those that were withdrawn. What is damaged is left out."""
    posts: list[Json] = []
    withdrawn: list[int] = []
    for item in items:
        try:
            if "post" in item:
                posts.append(json.loads(own_addresses(item["post"]["S"], public_url)))
            else:
                withdrawn.append(int(item["sk"]["S"]))
        except (KeyError, TypeError, ValueError):
            left_out("a post")
    return posts, withdrawn
