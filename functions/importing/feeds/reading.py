"""Reads RSS and Atom as entries. Elements are found by their local names, since feeds mix many namespaces."""

import base64
import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from lxml import etree

from importing.html.addresses import completed
from importing.refused import FileRefused
from importing.words.languages import stated_language

type Node = etree._Element  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - lxml names its class so

MEDIA_RSS = "search.yahoo.com/mrss"
WORDPRESS = "wordpress.org/export"
_MOST_ITEMS = 1000
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARATION = re.compile(r"\s*<\?xml[^<>]*\?>")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Feed:
    language: str | None
    base: str
    entries: tuple[Node, ...]
    is_wordpress: bool
    channel: Node


def feed_in(text: str) -> Feed:
    """The feed in a text. Raises FileRefused."""
    root = _parsed(text)
    kind = local_name(root)
    if kind not in {"rss", "feed", "RDF"}:
        raise FileRefused("this is XML, and no feed", hint="Hand in RSS, Atom, HTML, JSON or plain text.")
    channel = next((each for each in root.iter() if local_name(each) == "channel"), root)
    entries = tuple(
        each for each in root.iter() if local_name(each) in {"item", "entry"} and not _is_inside_an_entry(each)
    )
    if not entries:
        raise FileRefused("a feed without items", hint="Hand in the feed with its items, each with its whole text.")
    if len(entries) > _MOST_ITEMS:
        reason = f"{len(entries):,} items are more than the {_MOST_ITEMS:,} that are read of one file"
        raise FileRefused(reason, hint="Split it.")
    stated = root.get(_LANGUAGE) or text_of(channel, "language")
    address = root.get(_BASE) or channel.get(_BASE) or _link(channel)
    is_wordpress = any(WORDPRESS in namespace_of(each) for each in channel)
    return Feed(stated_language(stated), address, entries, is_wordpress, channel)


def local_name(node: Node) -> str:
    """The name of an element without its namespace. Empty for comments and the like."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def namespace_of(node: Node) -> str:
    return node.tag.partition("}")[0].removeprefix("{") if isinstance(node.tag, str) else ""


def children(node: Node, *names: str, namespace: str = "") -> Iterator[Node]:
    """The direct children with one of these names, in any namespace that contains the text `namespace`."""
    for each in node:
        if local_name(each) in names and namespace in namespace_of(each):
            yield each


def text_of(node: Node, *names: str, namespace: str = "") -> str:
    """The text of the first child with one of these names that has any text."""
    return next((text for each in children(node, *names, namespace=namespace) if (text := all_text(each))), "")


def all_text(node: Node) -> str:
    return "".join(map(str, node.itertext())).strip()


def markup_of(node: Node) -> str:
    """The content of an element as HTML. It may be escaped, XHTML, or base64."""
    kind = node.get("type") or ""
    if kind == "xhtml" or (len(node) and kind != "html"):
        inside = "".join(etree.tostring(each, encoding="unicode") for each in node)
        return (node.text or "") + re.sub(r"(</?)[A-Za-z]\w{0,20}:", r"\1", inside)
    if kind in {"text", "text/plain"}:
        return f"<p>{entities.escape(all_text(node), quote=False)}</p>"
    if node.get("mode") == "base64" or kind.startswith("application/octet"):
        try:
            return base64.b64decode(all_text(node), validate=False).decode(errors="replace")
        except ValueError:
            return ""
    return all_text(node)


def address_of(entry: Node, base: str) -> str:
    """The address of the article in an entry. A relative one is completed. Empty if the entry names none."""
    stated = _link(entry)
    if not stated:
        guid = next(children(entry, "guid", "id"), None)
        told = all_text(guid) if guid is not None and guid.get("isPermaLink") != "false" else ""
        stated = told if told.startswith(("https://", "http://")) else ""
    return completed(stated, entry.get(_BASE) or base)


def _link(node: Node) -> str:
    for each in children(node, "link", "origLink"):
        stated = each.get("href") if each.get("rel", "alternate") == "alternate" else ""
        if found := (stated or (all_text(each) if not each.get("href") else "")):
            return found
    return ""


def _parsed(text: str) -> Node:
    """The root element. Entities of HTML, which XML does not know, are replaced. No other entity is resolved, so
    nothing can read a file of this machine.
    """
    known = _ENTITY.sub(lambda match: match[0] if match[1] in _XML_OWN else entities.unescape(match[0]), text)
    if declared := _DECLARATION.match(known):
        known = known[declared.end() :]
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = cast("Node | None", etree.fromstring(known.strip().encode(errors="replace"), parser))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused(
            f"this is XML that cannot be read ({error})", hint="Let a validator of feeds read it."
        ) from error
    if root is None:  # lxml gives None if it recovered nothing
        raise FileRefused("this is XML without an element, and no feed", hint="Let a validator of feeds read it.")
    return root


def _is_inside_an_entry(node: Node) -> bool:
    return any(local_name(each) in {"item", "entry"} for each in node.iterancestors())
