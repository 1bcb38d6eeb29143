"""What a page states in its head and in attributes of elements: Open Graph, Dublin Core, microdata and the like."""

from collections.abc import Iterator

from importing.html.parsing import Element, found_in, name_of, text_of_element

_MICRODATA = "itemprop"
_LONGEST = 10_000  # characters of a statement


class Statements:
    """The statements by name, in small letters, in the order of the page."""

    def __init__(self, root: Element) -> None:
        self._meta: dict[str, list[str]] = {}
        for each in root.iter("meta"):
            content = " ".join((each.get("content") or each.get("value") or "").split())[:_LONGEST]
            if not content:
                continue
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                for name in (each.get(attribute) or "").lower().split():
                    self._meta.setdefault(name, []).append(content)

    def of(self, *names: str) -> list[str]:
        """All values of the first name, then those of the second, and so on."""
        return [value for name in names for value in self._meta.get(name, [])]

    def first(self, *names: str) -> str:
        """The first value. Empty if there is none."""
        return next(iter(self.of(*names)), "")


def microdata(root: Element, name: str) -> Iterator[Element]:
    """The elements with schema.org's property of this name, except those in comments of readers."""
    for each in found_in(root, f"//*[contains(@{_MICRODATA}, $name)]", name=name):
        if name in (each.get(_MICRODATA) or "").split() and name_of(each) != "meta" and not _is_of_a_comment(each):
            yield each


def value_of(element: Element) -> str:
    """The value of the element: an attribute for machines, or its text."""
    stated = (
        element.get("content") or element.get("datetime") or element.get("title") if name_of(element) != "a" else None
    )
    return " ".join(stated.split()) if stated else text_of_element(element)


def _is_of_a_comment(element: Element) -> bool:
    return any("comment" in (each.get("itemtype") or "").lower() for each in element.iterancestors())
