"""`fields`: the members that a client asks for, by dotted path; lists are gone through."""

from __future__ import annotations

import json
import os.path

from content_api.problems import BadParameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    type Tree = dict[str, Tree]

# The paths that there are, by what is asked for: `article`, `card`. Made from the models, with the contract.
_PATHS = "fields.json"


def tree_of(paths: tuple[str, ...], kind: str) -> Tree:
    """The paths as a tree; a path that stops early means all below it. Raises BadParameters for paths of no member."""
    with open(os.path.join(os.path.dirname(__file__), _PATHS), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123 - pathlib costs start-up
        known = json.load(file)[kind]
    if unknown := [path for path in paths if path not in known]:
        names = ", ".join(path for path in known if "." not in path)
        raise BadParameters(
            [
                {
                    "parameter": "fields",
                    "detail": f"fields knows no {', '.join(unknown)}: there are {names}, and paths below",
                }
            ]
        )
    tree: Tree = {}
    for path in sorted(paths):  # what is shorter first, so that all of a member wins over a part of it
        branch = tree
        *ways, last = path.split(".")
        if any(_is_whole(tree, ways[: depth + 1]) for depth in range(len(ways))):
            continue
        for way in ways:
            branch = branch.setdefault(way, {})
        branch[last] = {}
    return tree


def _is_whole(tree: Tree, ways: list[str]) -> bool:
    """Whether all below these ways is asked for already."""
    for way in ways:
        if way not in tree:
            return False
        tree = tree[way]
    return not tree


def selected(value: Any, tree: Tree) -> Any:  # noqa: ANN401 - JSON is any of its types
    """The parts of a JSON value that the tree names; in their own order."""
    if not tree:
        return value
    if isinstance(value, list):
        return [selected(each, tree) for each in value]  # pyright: ignore[reportUnknownVariableType] - JSON
    if isinstance(value, dict):
        members: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType] - as above
        return {name: selected(member, tree[name]) for name, member in members.items() if name in tree}
    return value
