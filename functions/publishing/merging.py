"""Puts a pending edit on a version that is newer than the one it was made on. Pure."""

from typing import Any

# Every new version gets its own, so it is no change of the edit's.
_ANEW = "updated_at"


class BothChanged(Exception):
    """The pending edit and the published article have changed the same members of the version that both began with. The
    message names the members.
    """

    def __init__(self, members: list[str]) -> None:
        super().__init__(", ".join(members))


def merged_edit(base: dict[str, Any], edit: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
    """The current article with what the edit has changed of its base, by whole members such as `headline` or `body`.
    Each argument is an article in JSON. Raises BothChanged.
    """
    changed = {name for name in base.keys() | edit.keys() if base.get(name) != edit.get(name)} - {_ANEW}
    both = [name for name in changed if current.get(name) not in (base.get(name), edit.get(name))]
    if both:
        raise BothChanged(sorted(both))
    kept = {name: value for name, value in current.items() if name not in changed}
    return kept | {name: edit[name] for name in changed if name in edit}
