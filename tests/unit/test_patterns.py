"""No pattern that meets what others wrote takes more than its length asks: a doubled text takes about twice the time.

Every pattern in `functions/` and `layers/` is found, whether it is compiled in a module or handed to `re` in a call,
and is given texts made of its own parts, repeated. What cannot be found so must be named here.
"""

import ast
import importlib
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from content_api.law.law_file import load_entries
from importing.words import datelines, furniture

# How Python takes a pattern apart: nothing public says it.
constants: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")
ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "functions", ROOT / "layers" / "content_api", ROOT / "layers" / "store"]
CALLS = frozenset("compile search match fullmatch split sub findall finditer".split())
# A pattern that is made while the program runs, by where it is made, and the patterns that come of it.
MADE: dict[str, Callable[[], list[re.Pattern[str]]]] = {
    "importing.words.datelines": lambda: [
        *datelines._datelines(),  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - made once from CLDR's months
        *datelines._line_patterns().values(),  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    ],
    "importing.words.furniture": lambda: list(map(re.compile, furniture_patterns())),
    "importing.words.warnings": lambda: list(map(re.compile, warning_patterns())),
    "reading.cursors": list,  # places in lists: what a cursor holds, and a cursor has a pattern and a length of its own
}
# What meets only what we wrote ourselves.
OURS = frozenset({"syndication.embeds.element"})  # embed.js
# Where the text is cut before the pattern meets it, and at how many characters.
BOUNDED = {"importing.words.datelines": 600, "importing.words.furniture": 700}
LONGEST = 4000  # characters
END = "\x01"  # which no pattern expects
MOST_GROWTH = 3.2  # when the text doubles, over two doublings on the mean: a square takes 4
NEGLIGIBLE = 0.001  # seconds for the longest text, which no growth can be told of
PATIENCE = 20  # seconds, after which a pattern has no end


def furniture_patterns() -> Iterator[str]:
    data = furniture._data()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the wordings as data
    for name in ("patterns", "references", "portraits", "promotions", "invitations", "notices"):
        yield from data[name]


def warning_patterns() -> Iterator[str]:
    for entry in load_entries():
        known = entry.get("recognition")
        if known:
            groups = [known["subject"], *known["threats"], known["openings"], known["links"]]
            yield from (pattern for group in groups for pattern in group)


def modules() -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
            yield name, path


def found() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    """Each pattern by where it stands, with the ways in which it is used: `match` alone begins at the beginning."""
    patterns: dict[str, tuple[re.Pattern[str], frozenset[str]]] = {}
    for name, path in modules():
        source = path.read_text(encoding="utf-8")
        if name in OURS or "re." not in source or "import re" not in source:
            continue
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
                continue
            where = f"{name}:{node.lineno}"
            compiled = evaluated(name, node)
            if compiled is None:
                assert name in MADE, f"{where}: this pattern cannot be found: name it in MADE"
                continue
            patterns[where] = (compiled, uses(tree, node))
    for name, make in MADE.items():
        for at, each in enumerate(make()):
            patterns[f"{name} made {at}"] = (each, frozenset({"match"}))
    return patterns


def evaluated(name: str, node: ast.Call) -> re.Pattern[str] | None:
    """None where the pattern depends on what only a running function knows."""
    module = importlib.import_module(name) if not name.endswith(".app") else None
    call = ast.Call(ast.Attribute(ast.Name("re", ast.Load()), "compile", ast.Load()), node.args[:1], [])
    if cast("ast.Attribute", node.func).attr == "compile":
        call.args, call.keywords = node.args, node.keywords
    expression = ast.fix_missing_locations(ast.Expression(call))
    try:
        made = eval(compile(expression, name, "eval"), dict(vars(module)) if module else {"re": re})  # noqa: S307 - our own code
    except NameError:
        return None
    return (
        cast("re.Pattern[str]", made) if isinstance(made.pattern, str) else re.compile(made.pattern.decode("latin-1"))
    )


def uses(tree: ast.Module, node: ast.Call) -> frozenset[str]:
    """The methods that are called of the name the pattern is given to; all of them where it has none."""
    attribute = cast("ast.Attribute", node.func).attr
    if attribute != "compile":
        return frozenset({"match" if attribute in {"match", "fullmatch"} else "search"})
    names = {
        target.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign) and each.value is node
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    called = {
        each.attr
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in names
    } & CALLS
    searches = called - {"match", "fullmatch"}
    return frozenset({"match"} if called and not searches else {"match", "search"})


def samples(pattern: re.Pattern[str]) -> list[str]:  # noqa: C901 - a case for each part of a pattern
    """Short texts of which parts of the pattern can be: to be repeated, they nearly match again and again."""
    pieces: list[str] = []

    def shortest(parsed: Any) -> str:
        text = ""
        for kind, value in parsed:
            text += one(kind, value)
        return text

    def one(kind: Any, value: Any) -> str:  # noqa: PLR0911 - as above
        match kind:
            case constants.LITERAL:
                return chr(value)
            case constants.NOT_LITERAL | constants.ANY:
                return "a" if value != ord("a") else "b"
            case constants.IN:
                return member(value)
            case constants.BRANCH:
                options = [shortest(each) for each in value[1]]
                pieces.extend(each for each in options if each)
                return options[0]
            case constants.SUBPATTERN:
                return shortest(value[-1])
            case constants.ATOMIC_GROUP:
                return shortest(value)
            case constants.MAX_REPEAT | constants.MIN_REPEAT | constants.POSSESSIVE_REPEAT:
                text = shortest(value[2])
                pieces.extend([text, text * 2])
                return text * max(1, min(int(value[0]), 5))
            case _:
                return ""

    def member(value: Any) -> str:
        if value and value[0][0] is constants.NEGATE:
            return "a"
        letters = {constants.CATEGORY_DIGIT: "1", constants.CATEGORY_SPACE: " ", constants.CATEGORY_WORD: "A"}
        for kind, inner in value:
            if kind is constants.LITERAL:
                pieces.append(chr(inner))
            elif kind is constants.RANGE:
                pieces.append(chr(inner[0]))
            elif kind is constants.CATEGORY and inner in letters:
                pieces.append(letters[inner])
        return pieces[-1] if pieces else "a"

    whole = shortest(parser.parse(pattern.pattern, pattern.flags))
    return list(dict.fromkeys(each for each in [*pieces, whole, *GENERAL] if each))[:25]


GENERAL = ["a", "A", " ", "\n", "-", "<", "(", ".", "A-", "A ", "<!--", "<p ", "&", "1", "a,"]


def hostile(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What is repeated, and what stands before it so that the pattern begins at all."""
    pieces = samples(pattern)
    for each in pieces:
        yield "", each
    for each in pieces[:6]:
        for start in pieces[:6]:
            if start != each:
                yield start, each


def seconds(use: Callable[[str], object], text: str) -> float:
    best = float("inf")
    for _ in range(2):
        began = time.thread_time()
        use(text)
        best = min(best, time.thread_time() - began)
    return best


def growth(use: Callable[[str], object], start: str, piece: str, longest: int) -> float:
    """How much longer a text of twice the length takes; 0 where nothing can be told."""
    whole = (start + piece * (longest // len(piece) + 1))[:longest]
    if seconds(use, whole[: longest // 16] + END) < NEGLIGIBLE / 300 and seconds(use, whole + END) < NEGLIGIBLE:
        return 0
    short, long = (seconds(use, whole[:size] + END) for size in (longest // 4, longest))
    return (long / max(short, 1e-6)) ** 0.5 if long > NEGLIGIBLE else 0


def out_of_patience(*_: object) -> None:
    raise TimeoutError


FOUND = found()


@pytest.mark.parametrize("where", sorted(FOUND))
def test_a_text_of_twice_the_length_takes_about_twice_the_time(where: str) -> None:
    pattern, used = FOUND[where]
    longest = BOUNDED.get(re.split("[: ]", where)[0], LONGEST)
    before = signal.signal(signal.SIGALRM, out_of_patience)
    signal.alarm(PATIENCE)
    try:
        for way in used:
            use: Callable[[str], object] = pattern.match if way == "match" else pattern.findall
            for start, piece in hostile(pattern):
                grown = growth(use, start, piece, longest)
                if grown > MOST_GROWTH:  # once more: another program may have had the processor
                    grown = min(grown, growth(use, start, piece, longest))
                assert grown <= MOST_GROWTH, f"{where}: {start[:40]!r}, then {piece[:40]!r} again and again"
    except TimeoutError:
        pytest.fail(f"{where}: no end was seen")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
