"""Whether a published article shows a file."""

from __future__ import annotations

from content_api.names.keys import used_partition
from content_store.uses import is_gone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Literal

    from content_api.aws.dynamodb import Table

    type State = Literal["shown", "gone", "unknown"]

_USES_AT_ONCE = 100


def state_of(table: Table, media_id: str, is_shown: Callable[[Mapping[str, Any]], bool]) -> State:
    """Whether an article shows the file, as `is_shown` says of the item of each use; whether one did; or neither."""
    was_shown, after = False, ""
    while True:
        uses, after = table.query(
            used_partition(media_id), attributes="files is_gone", limit=_USES_AT_ONCE, after=after
        )
        if any(map(is_shown, uses)):
            return "shown"
        was_shown = was_shown or any(map(is_gone, uses))
        if not after:
            return "gone" if was_shown else "unknown"
