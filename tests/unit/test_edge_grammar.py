"""The edge function is written in what CloudFront's runtime 2.0 is documented to have; all else is refused by name."""

import re
from pathlib import Path

import pytest

from simulated_edge.engine import FUNCTION, NJS, RESPONSE_FUNCTION, edge_function, event
from simulated_edge.grammar import faults
from simulated_edge.runs import FunctionFailed

OPENING = "import cf from 'cloudfront';\n"
# What stands in a handler, what is said of it, and whether njs 0.7.9 refuses it too. What it takes is not documented.
REFUSED = [
    ("for (const a of [1]) f(a);", "for…of", True),
    ("const { a } = f(1);", "object_pattern", True),
    ("const [a] = [1];", "array_pattern", True),
    ("f(event?.request);", "optional_chain", True),
    ("f([...[1]]);", "spread_element", True),
    ("const a = { ...event };", "spread_element", True),
    ("f(...[1]);", "spread_element", True),
    ("const g = function (a = 1) { return a; };", "assignment_pattern", True),
    ("try { f(1); } catch { f(2); }", "catch without a parameter", True),
    ("const a = await f(await f(1));", "await inside the arguments", True),
    ("const a = 'a'.replaceAll('a', 'b');", "replaceAll", True),
    ("const a = new Map();", "Map is neither", True),
    ("const a = new Set([1]);", "Set is neither", True),
    ("class A {}", "class_declaration", True),
    ("const g = function* () { yield 1; };", "generator_function", True),
    ("let a; a ??= 1;", r"operator \?\?=", True),
    ("const a = [1].at(0);", "has at", True),
    ("const a = [[1]].flat();", "has flat", True),
    ("const a = Object.fromEntries([]);", "Object.fromEntries", True),
    ("const a = 'a'.matchAll(/a/g);", "has matchAll", True),
    ("const a = /(?<=a)b/u.test('ab');", "flags g, i and m", True),
    ("const a = 10n;", "as in ES 5.1", True),
    ("const a = event ?? 1;", r"operator \?\?", False),
    ("const g = async () => 1;", "async arguments and closures", False),
    ("const a = { event };", "shorthand_property_identifier", False),
    ("const a = { g() { return 1; } };", "method_definition", False),
    ("const a = { ['b']: 1 };", "computed_property_name", False),
    ("const a = 0b1;", "as in ES 5.1", False),
    ("const a = 'a'['trim']();", "called by its name", False),
    ("setTimeout(f, 1);", "setTimeout is neither", True),
    ("const a = process.env;", "process is neither", False),
    ("const a = eval('1');", "eval is neither", True),
    ("const a = Promise.all([]);", "Promise.all", False),
]


def handler(statement: str) -> str:
    return (
        f"{OPENING}async function f(a) {{ return a; }}\n"
        f"async function handler(event) {{\n  {statement}\n  return event.request;\n}}\n"
    )


@pytest.mark.parametrize("function", [FUNCTION, RESPONSE_FUNCTION])
def test_the_edge_functions_are_written_in_what_the_runtime_has(function: Path) -> None:
    assert faults(function.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("statement", "said", "_in_njs"), REFUSED)
def test_what_the_runtime_is_not_documented_to_have_is_refused(statement: str, said: str, *, _in_njs: bool) -> None:
    assert any(re.search(rf"^line 4: .*{said}", each) for each in faults(handler(statement)))


def test_a_module_that_is_not_there_is_refused() -> None:
    assert faults("import fs from 'fs';\n") == ["line 1: there is no such module: import fs from 'fs';"]


def test_what_is_no_javascript_is_refused() -> None:
    assert faults(handler("const a = ;"))


# Each statement that the documentation lists, and what else the function is made of.
TAKEN = """
  var a = 0; let b = [1, 2]; const c = { d: 'e', 'f-g': 2, };
  again: for (let at = 0; at < b.length; at++) { if (at === 1) { continue again; } else if (at > 2) break; a += b[at]; }
  for (const key in c) { a = key + `${a} and ${c[key]}`; }
  while (false) { a = 1; } do { a = 1; } while (!a);
  switch (a) { case 1: a = 2 ** 3; break; default: a = void 0; }
  try { if (!b) throw new TypeError('no'); } catch (error) { a = error.message; } finally { a = typeof a; }
  const g = function (first, ...rest) { return rest.length ? first : rest; };
  const h = await f(g(1, 2)); const k = b.map((each) => each * 2).filter((each) => each & 1).join();
  a = [/^a(b)?$/gi.test('ab'), Object.keys(c), Math.max(0x1f, 1.5e3), Date.now(), encodeURIComponent('&'), (h, k)];
"""


def test_what_the_documentation_lists_is_taken() -> None:
    assert faults(handler(TAKEN)) == []


def is_taken(folder: Path, statement: str, engine: str) -> bool:
    path = folder / "viewer_request.js"
    path.write_text(handler(statement), encoding="utf-8")
    with edge_function(path, engine) as edge:
        try:
            edge.run([event("/", {}, {}, country=None, region=None, ip="8.8.8.8")])
        except FunctionFailed:
            return False
        return True


def test_the_engine_takes_what_the_documentation_lists(edge_engine: str, tmp_path: Path) -> None:
    assert is_taken(tmp_path, TAKEN, edge_engine)


@pytest.mark.parametrize(("statement", "_said", "in_njs"), REFUSED)
def test_what_is_refused_by_name_is_what_the_engine_refuses(
    edge_engine: str, tmp_path: Path, statement: str, _said: str, *, in_njs: bool
) -> None:
    """Node takes nearly all of it, which is why this is looked for."""
    needs_node_alone = {"setTimeout(f, 1);", "const a = process.env;"}  # no part of the language
    expected = not in_njs if edge_engine == NJS else statement not in needs_node_alone
    assert is_taken(tmp_path, statement, edge_engine) == expected
