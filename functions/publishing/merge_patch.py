"""JSON Merge Patch (RFC 7396, section 2)."""

from typing import Any, cast


def merged(target: object, patch: object) -> Any:  # noqa: ANN401 - JSON is any of its types
    """The target with the patch applied: a member that is null is removed, objects are merged, and anything else is
    replaced.
    """
    if not isinstance(patch, dict):
        return patch
    members: dict[str, Any] = dict(cast("dict[str, Any]", target)) if isinstance(target, dict) else {}
    for name, value in cast("dict[str, Any]", patch).items():
        if value is None:
            members.pop(name, None)
        else:
            members[name] = merged(members.get(name), value)
    return members
