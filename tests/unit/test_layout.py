"""Who imports whom, read from the imports of every module: packages know what is below them, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What each package of content_api may know beside itself (docs/architecture.md).
MAY_KNOW = {
    "names": set[str](),
    "aws": {"names"},
    "law": {"names"},
    "http": {"names"},
    "content": {"names"},
    "reader_api": {"http", "content", "law", "aws", "names"},
}
TOOLS = {path.name for path in (ROOT / "tools").iterdir() if path.is_dir()}


def modules(folder: Path) -> dict[str, Path]:
    """By dotted name, as they are imported."""
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"): path
        for path in folder.rglob("*.py")
    }


LAYER = modules(ROOT / "layers" / "content_api")
STORE = modules(ROOT / "layers" / "store")
SEARCH = modules(ROOT / "layers" / "search")
FUNCTIONS = modules(ROOT / "functions")


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports anywhere in it, for its types too: of `from a import b` both a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "import_module":
            # What is imported by a text is a text here: handlers in routes, formats of feeds.
            yield from (
                each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def test_every_package_is_named() -> None:
    assert {name.split(".")[1] for name in LAYER if "." in name} == MAY_KNOW.keys()


def test_packages_of_content_api_know_only_what_is_below_them() -> None:
    for name, path in LAYER.items():
        own = [*name.split("."), ""][1]
        known = {each.split(".")[1] for each in imports(path) if each.startswith("content_api.")}
        assert known <= MAY_KNOW.get(own, set()) | {own}, f"{name} imports {sorted(known)}"


def test_content_api_knows_no_function_and_no_tool_nor_the_store() -> None:
    functions = {name.split(".")[0] for name in FUNCTIONS}
    for name, path in LAYER.items():
        assert not {each.split(".")[0] for each in imports(path)} & (functions | TOOLS | {"content_store"}), name


def test_the_store_makes_what_readers_get_and_knows_nothing_of_how_it_is_answered() -> None:
    for name, path in STORE.items():
        ours = {each.split(".")[0] for each in imports(path)} & ({name.split(".")[0] for name in FUNCTIONS} | TOOLS)
        assert not ours, f"{name} imports {sorted(ours)}"
        known = {each.split(".")[1] for each in imports(path) if each.startswith("content_api.")}
        assert known <= {"content", "aws", "names"}, f"{name} imports {sorted(known)}"


def test_what_searches_knows_content_api_and_its_analysis_knows_nothing() -> None:
    for name, path in SEARCH.items():
        ours = {each.split(".")[0] for each in imports(path)} & ({name.split(".")[0] for name in FUNCTIONS} | TOOLS)
        assert not ours, f"{name} imports {sorted(ours)}"
        if name.startswith("content_search.analysis"):
            known = {each for each in imports(path) if each.startswith(("content_api", "content_search", "tantivy"))}
            assert all(each.startswith("content_search.analysis") for each in known), f"{name} imports {sorted(known)}"


def test_functions_know_content_api_and_never_each_other_or_a_tool() -> None:
    functions = {name.split(".")[0] for name in FUNCTIONS}
    for name, path in FUNCTIONS.items():
        others = functions - {name.split(".")[0]}
        assert not {each.split(".")[0] for each in imports(path)} & (others | TOOLS), name


def test_no_module_imports_itself_by_way_of_others() -> None:
    everything = LAYER | STORE | FUNCTIONS
    known = {name: {each for each in imports(path) if each in everything} - {name} for name, path in everything.items()}
    # Modules that nothing in a circle is left of: those that import no module that is left.
    while leaves := {name for name, others in known.items() if not others & known.keys()}:
        known = {name: others for name, others in known.items() if name not in leaves}
    assert not known, f"in a circle, or on the way to one: {sorted(known)}"
