"""Lists what sanitising removed from the markup of an article, for whoever sent it: nothing is removed in silence."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any, cast


def removals(handed_in: object, kept: object, field: str = "") -> list[dict[str, Any]]:
    """For each field with markup, the elements and attributes that were removed, each once, such as `script` or `a
    onclick`. `handed_in` and `kept` are the same JSON before and after.
    """
    match handed_in, kept:
        case dict(), dict():
            before, after = cast("dict[str, object]", handed_in), cast("dict[str, object]", kept)
            pairs = [(name, before[name], after[name]) for name in before if name in after]
        case ((list() | tuple()), (list() | tuple())):
            both = zip(cast("list[object]", handed_in), cast("list[object]", kept), strict=False)
            pairs = [(str(at), old, new) for at, (old, new) in enumerate(both)]
        case _:
            return []
    found: list[dict[str, Any]] = []
    for name, old, new in pairs:
        where = f"{field}.{name}" if field else name
        if name == "html" and isinstance(old, str) and isinstance(new, str):
            if gone := sorted(_marks(old) - _marks(new)):
                found.append({"field": where, "removed": gone})
        else:
            found += removals(old, new, where)
    return found


class _Marks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += 1
        self.found.update(f"{tag} {name}" for name, _ in attrs)

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - the parser's own
        self.found["a comment"] += 1


def _marks(html: str) -> Counter[str]:
    parser = _Marks()
    parser.feed(html)
    parser.close()
    return parser.found
