"""`fields`: selects members of an answer by dotted paths, through lists too.

fields.json has the paths of an `article` and of a `card`. It is made from the models, with the contract.
"""

from __future__ import annotations

import json

from reading.catalogue import contents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    type Tree = dict[str, Tree]


def tree_of(paths: tuple[str, ...], kind: str) -> Tree:
    """The dotted paths as a tree. A path to an object selects all of its members. Raises ValueError if a path names no
    member.
    """
    known = json.loads(contents("fields.json"))[kind]
    if unknown := [path for path in paths if path not in known]:
        names = ", ".join(path for path in known if "." not in path)
        raise ValueError(f"has no {', '.join(unknown)[:200]}: there are {names}, and paths below them")
    tree: Tree = {}
    for path in sorted(paths):  # shorter paths first, so that a whole member wins over a part of it
        branch = tree
        *ways, last = path.split(".")
        if any(_is_whole(tree, ways[: depth + 1]) for depth in range(len(ways))):
            continue
        for way in ways:
            branch = branch.setdefault(way, {})
        branch[last] = {}
    return tree


def _is_whole(tree: Tree, ways: list[str]) -> bool:
    """Whether a shorter path selects all of this member already."""
    for way in ways:
        if way not in tree:
            return False
        tree = tree[way]
    return not tree


def selected(value: Any, tree: Tree) -> Any:  # noqa: ANN401 - JSON is any of its types
    """The parts of a JSON value that the tree selects, in their own order."""
    if not tree:
        return value
    if isinstance(value, list):
        return [selected(each, tree) for each in value]  # pyright: ignore[reportUnknownVariableType] - JSON
    if isinstance(value, dict):
        members: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType] - as above
        return {name: selected(member, tree[name]) for name, member in members.items() if name in tree}
    return value
