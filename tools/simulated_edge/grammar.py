"""Finds code that CloudFront's runtime 2.0 is not documented to run: `faults(source)`.

CloudFront accepts code at a deployment that its engine cannot run, and Node can run it. So the code is parsed, and it
may use only what `grammar.json` lists: types of nodes, operators, globals and their members, and names of methods.
`make edge` runs the code in the engine itself. This module needs no engine, and its messages say what is wrong.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

_NUMBER = re.compile(r"0x[0-9a-f]+|\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)  # ES 5.1
_FLAGS = frozenset("gim")  # ES 5.1
_FUNCTIONS = {"function_declaration", "function_expression", "arrow_function"}
# The field of each type of node in which an identifier is declared.
_DECLARING = {
    "variable_declarator": "name",
    "function_declaration": "name",
    "function_expression": "name",
    "catch_clause": "parameter",
    "arrow_function": "parameter",
    "for_in_statement": "left",
}


def faults(source: str) -> list[str]:
    """A sentence, with the line, for each thing in the code that is not listed. Empty if there is none."""
    tree = Parser(Language(tree_sitter_javascript.language())).parse(source.encode())
    nodes = list(_nodes(tree.root_node))
    names = _declared(nodes)
    keys = {_text(each) for node in nodes if node.type == "pair" and (each := node.child_by_field_name("key"))}
    found = [
        (node.start_point.row + 1, fault)
        for node in nodes
        for fault in (*_of_syntax(node), *_of_names(node, names, keys))
    ]
    return [f"line {line}: {fault}" for line, fault in dict.fromkeys(found)]


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _of_syntax(node: Node) -> Iterator[str]:
    """Faults in the syntax: forms that the runtime does not have."""
    if node.is_error or node.is_missing:
        yield f"this is not JavaScript: {_shown(node)}"
    elif node.is_named and node.type not in _listed()["nodes"]:
        yield f"{node.type} is not in the runtime: {_shown(node)}"
    elif not node.is_named and _is_operator(node) and node.type not in _listed()["operators"]:
        yield f"the operator {node.type} is not in the runtime"
    if (rule := _RULES.get(node.type)) and rule[0](node):
        yield f"{rule[1]}: {_shown(node)}"


def _is_async_closure(node: Node) -> bool:
    return any(each.type == "async" for each in node.children)


def _is_nested_and_async(node: Node) -> bool:
    return _is_async_closure(node) and (node.parent is None or node.parent.type != "program")


def _awaits_within(node: Node) -> bool:
    return any(each.type == "await_expression" for each in _nodes(node))


_NO_CLOSURE = "an async function is declared at the top; async arguments and closures are not in the runtime"
# By type of node: forms of it that the runtime does not have, and the sentence about them.
_RULES: dict[str, tuple[Callable[[Node], object], str]] = {
    "for_in_statement": (
        lambda node: _field(node, "operator") != "in",
        "for…of is not in the runtime; use for with an index, or forEach",
    ),
    "catch_clause": (
        lambda node: not _field(node, "parameter"),
        "catch without a parameter is not in the runtime",
    ),
    "arguments": (_awaits_within, "await inside the arguments of a call is not in the runtime"),
    "await_expression": (lambda node: not _is_in_async_function(node), "await stands in async functions only"),
    "function_declaration": (_is_nested_and_async, _NO_CLOSURE),
    "function_expression": (_is_async_closure, _NO_CLOSURE),
    "arrow_function": (_is_async_closure, _NO_CLOSURE),
    "rest_pattern": (
        lambda node: node.parent is None or node.parent.type != "formal_parameters",
        "a rest pattern stands among parameters only",
    ),
    "number": (lambda node: not _NUMBER.fullmatch(_text(node)), "a number is written as in ES 5.1"),
    "regex_flags": (
        lambda node: not _FLAGS.issuperset(_text(node)),
        "regular expressions have the flags g, i and m",
    ),
    "regex_pattern": (
        lambda node: re.search(r"\(\?<[=!]|\\[pP]\{", _text(node)),
        "regular expressions do not look back, and know no classes of Unicode",
    ),
    "import_statement": (
        lambda node: _field(node, "source").strip("'\"") not in _listed()["modules"],
        "there is no such module",
    ),
}


def _of_names(node: Node, names: set[str], keys: set[str]) -> Iterator[str]:
    """Faults in names: globals and members that the runtime does not have."""
    globals_: dict[str, str] = _listed()["globals"]
    text = _text(node)
    if node.type == "identifier" and text not in names and text not in globals_:
        yield f"{text} is neither declared here nor a global of the runtime"
    called = node.parent.child_by_field_name("function") if node.parent else None
    if node.type == "subscript_expression" and called == node:
        yield f"a method is called by its name, so that it can be looked up: {text}"
    if node.type != "member_expression":
        return
    owner, member = _field(node, "object"), _field(node, "property")
    if owner in globals_ and owner not in names:
        if member not in globals_[owner].split() and not _is_prototype_of_functions(member):
            yield f"{owner}.{member} is not in the runtime"
    elif member not in _listed()["members"] and member not in keys:
        yield f"no object of the runtime has {member}: {_shown(node)}"


def _is_prototype_of_functions(member: str) -> bool:
    return member in {"apply", "bind", "call"}


def _declared(nodes: list[Node]) -> set[str]:
    """Every name that the code declares anywhere. Scopes do not matter, since only names that are declared nowhere are
    looked for.
    """
    found: set[str] = set()
    for node in nodes:
        if (field := _DECLARING.get(node.type)) and (name := node.child_by_field_name(field)):
            found.add(_text(name))
        elif node.type in {"formal_parameters", "import_clause", "rest_pattern"}:
            found |= {_text(each) for each in node.named_children if each.type == "identifier"}
    return found


def _is_in_async_function(node: Node) -> bool:
    above = node.parent
    while above and above.type not in _FUNCTIONS:
        above = above.parent
    return above is not None and any(each.type == "async" for each in above.children)


def _is_operator(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type.endswith("_expression") and not re.fullmatch(r"[\w()\[\]`]+", node.type)


def _field(node: Node, name: str) -> str:
    found = node.child_by_field_name(name)
    return _text(found) if found else ""


def _shown(node: Node) -> str:
    """The beginning of a node's text, by which a person can find it."""
    return next(iter(_text(node).splitlines()), "")[:60]


def _text(node: Node) -> str:
    return (node.text or b"").decode()


@cache
def _listed() -> dict[str, Any]:
    """The content of `grammar.json`, with its lists of words as sets."""
    listed = json.loads(Path(__file__).with_name("grammar.json").read_text(encoding="utf-8"))
    return {
        "nodes": {word for words in listed["nodes"].values() for word in words.split()},
        "operators": set(listed["operators"].split()),
        "modules": set(listed["modules"]),
        "globals": listed["globals"],
        "members": {word for words in listed["members"].values() for word in words.split()},
    }
