"""What the documents show on a command line is what make run answers."""

import re
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/api.md")
_INDEXED_WITHIN = 120  # seconds that make run has until search has an index
GIVEN = "B=http://127.0.0.1:8000 US='CloudFront-Viewer-Country: US'"


def examples(document: str) -> list[tuple[str, str]]:
    """Each command of a document's `console` blocks, and what it is said to print."""
    text = (ROOT / document).read_text(encoding="utf-8")
    found: list[tuple[str, str]] = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.replace("\\\n", " ").partition("\n")
            found.append((command, printed))
    return found


def is_shown(printed: str, shown: str) -> bool:
    """Whether a text is what a document shows, where `...` stands for anything and white space for nothing."""
    pieces = ["".join(piece.split()) for piece in shown.split("...")]
    pattern = ".*?".join(re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, "".join(printed.split()), re.DOTALL) is not None


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_has_examples(document: str) -> None:
    assert len(examples(document)) > 1


@pytest.mark.parametrize(("command", "shown"), [each for document in DOCUMENTS for each in examples(document)])
def test_an_example_prints_what_stands_below_it(address: str, command: str, shown: str) -> None:
    script = f"{GIVEN}\n{command}".replace("http://127.0.0.1:8000", address)
    program = ["bash", "-euo", "pipefail", "-c", script]
    run = subprocess.run(program, capture_output=True, text=True, check=True)
    deadline = time.monotonic() + _INDEXED_WITHIN
    while '"code":"temporarily-unavailable"' in run.stdout and time.monotonic() < deadline:
        time.sleep(0.5)
        run = subprocess.run(program, capture_output=True, text=True, check=True)
    assert is_shown(run.stdout, shown.replace("http://127.0.0.1:8000", address)), run.stdout[:2000]


@pytest.mark.parametrize(
    ("printed", "shown", "expected"),
    [("{1, 2}", "{1,\n2}", True), ("{1, 2}", "{1...}", True), ("{1, 2}", "{1}", False), ("{1, 2}", "1...", False)],
)
def test_what_is_not_shown_does_not_pass(printed: str, shown: str, *, expected: bool) -> None:
    assert is_shown(printed, shown) == expected
