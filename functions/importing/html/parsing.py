"""Parses a text into a tree of HTML, which is limited in size and depth. Elements that have no text are removed."""

import re
from collections.abc import Iterator
from typing import Any, cast

from lxml import etree, html

from importing.refused import FileRefused

type Element = html.HtmlElement

_DEEPEST = 200  # levels of elements
_MOST_ELEMENTS = 50_000  # a long article has some thousands
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u00ad]")  # and soft hyphens
_LONGEST_TAG = 10_000  # characters; a longer tag is checked
_MOST_ATTRIBUTES = 5000
# A quote begins a value only where the syntax allows a value (HTML, sections 13.2.5.32 to 13.2.5.39). Elsewhere it is a
# part of a name.
_ATTRIBUTE = re.compile(r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>]*+))?+")
_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:[\s/]++|{_ATTRIBUTE.pattern})*+")
_REFERENCE = re.compile(r"&#([xX]?[0-9a-fA-F]{1,12})|&shy")  # can name a character that no text can have
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_REST = "Send the article alone, without the page around it."


def parsed(text: str) -> Element:
    """The root element. Raises FileRefused if there is nothing to read, or more than any article has."""
    _check_attributes(text)
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    clean = without_control_characters(text)
    if declared := _DECLARATION.match(
        clean
    ):  # the text is decoded already, so an encoding that it states does not count
        clean = clean[declared.end() :]
    try:
        root = html.document_fromstring(clean, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused(
            f"this cannot be read as HTML ({error})", hint="Open it in a browser and save it anew."
        ) from error
    says_any = _NO_TEXT.search(_unescaped(set(_REFERENCE.findall(clean)))) is not None
    for count, element in enumerate(root.iter()):
        if count >= _MOST_ELEMENTS:
            raise FileRefused(f"more than {_MOST_ELEMENTS:,} elements, which no article has", hint=_REST)
        if says_any:
            _clean(element)
    _check_depth(root)
    return root


def without_control_characters(text: str) -> str:
    """The text without control characters. A form feed is white space in HTML, but XML cannot have it."""
    return _NO_TEXT.sub("", text.replace("\f", " "))


def name_of(element: Element) -> str:
    """The name of the element, which the parser has in small letters. Empty for comments and the like."""
    tag = element.tag
    return tag if isinstance(tag, str) else ""


def found_in(root: Element, path: str, **named: str) -> list[Element]:
    """The elements that an XPath selects, in the order of the page. This is far faster than a walk over all
    elements.
    """
    return cast("list[Element]", cast("Any", root).xpath(path, **named))


def text_of_element(element: Element) -> str:
    """All text in an element, with every run of white space as one space."""
    return " ".join(str(element.text_content()).split())


def text_of_markup(markup: str) -> str:
    """The text that a reader sees of a piece of markup, such as a title in a feed."""
    if "<" not in markup and "&" not in markup:
        return " ".join(without_control_characters(markup).split())
    return text_of_element(parsed(f"<p>{markup}</p>"))


def names_in(element: Element) -> str:
    """The names that an author gave the element: its classes and its id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _check_attributes(text: str) -> None:
    """Refuses an element with too many attributes. libxml2 compares each with all before it: 80,000 took 15 seconds."""
    if _has_endless_tag(text) and _has_endless_tag(_without_scripts(text)):
        raise FileRefused(f"an element has more than {_MOST_ATTRIBUTES:,} attributes, which no page needs", hint=_REST)


def _has_endless_tag(text: str) -> bool:
    long = (tag[0] for tag in _TAG.finditer(text) if tag.end() - tag.start() > _LONGEST_TAG)
    return any(sum(1 for _ in _ATTRIBUTE.finditer(tag)) > _MOST_ATTRIBUTES for tag in long)


def _without_scripts(text: str) -> str:
    """The text without scripts, in which a `<` does not begin a tag."""
    lower = text.lower()
    kept: list[str] = []
    at = 0
    while (start := lower.find("<script", at)) >= 0:
        tag = _TAG.match(text, start)
        opened = tag.end() if tag else start
        closed = lower.find("</script", opened)
        kept.append(text[at:opened])
        at = closed if closed >= 0 else len(text)
    return "".join([*kept, text[at:]])


def _check_depth(root: Element) -> None:
    """Refuses a tree that is too deep for the functions that walk it recursively."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            reason = f"elements stand within each other more than {_DEEPEST} deep, which no page needs"
            raise FileRefused(reason, hint=_REST)


def _unescaped(numbers: set[str]) -> str:
    """The characters of numeric references. An empty name stands for a soft hyphen."""
    found: list[str] = []
    for each in numbers:
        digits = each.lstrip("xX")
        try:
            found.append(chr(int(digits, 16 if digits != each else 10)) if each else "\u00ad")
        except (ValueError, OverflowError):
            continue
    return "".join(found)


def _clean(element: Element) -> None:
    if element.text and _NO_TEXT.search(element.text):
        element.text = without_control_characters(element.text)
    if element.tail and _NO_TEXT.search(element.tail):
        element.tail = without_control_characters(element.tail)
    for name, value in element.items():
        if _NO_TEXT.search(value):
            element.set(name, without_control_characters(value))


def around(element: Element) -> Iterator[Element]:
    """The element, and each element around it, up to the one with the whole article."""
    yield element
    for each in element.iterancestors():
        if name_of(each) in {"body", "html", "main", "article"}:
            return
        yield each
