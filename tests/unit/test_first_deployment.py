"""docs/first-deployment.md: every command in it is one that make, our tools and AWS have, and every doubt has one."""

import re
import shlex
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import typer.main

from deploying.parameters import stated
from gateway import template
from newsdesk.__main__ import app as newsdesk
from operations.__main__ import app as operations

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "first-deployment.md").read_text(encoding="utf-8")
TEMPLATE: dict[str, Any] = template.load()
COMMANDS = re.findall(r"^ {4,}\$ (.*)$", TEXT, re.MULTILINE)
# The aws command's own, which no service has.
OF_THE_COMMAND = {("s3", "ls"), ("logs", "tail")}


def parts(command: str) -> list[list[str]]:
    """The commands in a line, those in $(…) too, as words."""
    inner = re.findall(r"\$\(([^()]*)\)", command)
    body = re.search(r"\{ (.*); \}$", command)
    found = [body[1]] if body else [re.sub(r"\$\([^()]*\)", "VALUE", command)]
    words = [shlex.split(each) for each in [*found, *inner]]
    return [each[1:] if each[0] == "time" else each for each in words if each]


EVERY = [words for command in COMMANDS for words in parts(command)]


def of(program: str) -> list[list[str]]:
    return [words for words in EVERY if words[0] == program]


def test_every_command_is_of_a_known_program() -> None:
    known = {
        "aws",
        "make",
        "output",
        "named",
        ".venv/bin/python",
        ".venv/bin/content-api",
        "curl",
        "sleep",
        "date",
        "export",
    }
    assert {words[0] for words in EVERY if "=" not in words[0]} == known


@pytest.mark.parametrize("words", of("aws"), ids=" ".join)
def test_aws_has_the_operation_and_its_arguments(words: list[str]) -> None:
    _, service, operation, *arguments = words
    if (service, operation) in OF_THE_COMMAND:
        return
    session = botocore.session.get_session()
    model = session.get_service_model(service)
    names = {re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower(): name for name in model.operation_names}
    if operation == "wait":
        waiters = session.get_waiter_model(service)
        awaited = "".join(part.title() for part in arguments.pop(0).split("-"))
        operation = next(each for each, name in names.items() if name == waiters.get_waiter(awaited).operation)
    members = model.operation_model(names[operation]).input_shape.members  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
    taken = {re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower().replace("u-u-i-d", "uuid") for name in members}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    given = {each.removeprefix("--") for each in arguments if each.startswith("--")}
    assert given - {"region", "query", "output"} <= taken


@pytest.mark.parametrize("words", of("make"), ids=" ".join)
def test_make_has_the_target_and_the_template_the_parameters(words: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    _, target, *given = words
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    for name, _, value in (each.partition("=") for each in given):
        assert re.search(rf"^{name} \?=", makefile, re.MULTILINE)
        assert name != "PARAMETERS" or stated(value).keys() <= TEMPLATE["Parameters"].keys()


def test_outputs_and_resources_are_the_templates() -> None:
    assert {words[1] for words in of("output")} <= TEMPLATE["Outputs"].keys()
    assert {words[1] for words in of("named")} <= TEMPLATE["Resources"].keys()
    assert of("output")
    assert of("named")


@pytest.mark.parametrize("words", of(".venv/bin/content-api") + of(".venv/bin/python"), ids=" ".join)
def test_our_commands_take_what_they_are_given(words: list[str]) -> None:
    if words[0].endswith("python"):
        assert words[1] == "-m"
        assert (ROOT / "tools" / words[2].replace(".", "/")).with_suffix(".py").exists() or words[2] == "operations"
        if words[2] != "operations":
            return
        command, given = operations, words[3:]
    else:
        command, given = newsdesk, words[1:]
    made: Any = typer.main.get_command(command)
    for word in given:
        assert "/" not in word or word == "archive/" or (ROOT / word).exists()
    subcommand = made.commands[given[0]]
    # Whether files are there is asked above.
    subcommand.parse_args(subcommand.make_context(given[0], [], resilient_parsing=True), _without_files(given[1:]))


def _without_files(words: list[str]) -> list[str]:
    return [
        str(ROOT / "README.md") if "/" in word else "2026-11-25T10:00:00" if word == "VALUE" else word for word in words
    ]


DOUBTS = {
    "x-cache: Hit on what no device may keep": "x-cache: Hit from cloudfront",
    "a path with a slash at its end": "example.org/mirror/",
    "a purged copy while the API fails": "operations purge-all",
    "a client's own place": "CloudFront-Viewer-Country: DE",
    "tags after a 304": "RefreshHit",
    "HEAD's length": "content-length: 0",
    "the time that loading the zone takes": "time .venv/bin/python -m zone.keyvalues",
    "a schedule for a minute that has begun": "+5 seconds",
    "records that were given up": "/aws/lambda/",
    "a secret whose reference stays as it is": "resolve:secretsmanager",
    "the number of the reader's network": "CloudFront-Viewer-ASN",
}


def test_each_doubt_has_a_command_and_what_is_expected_of_it() -> None:
    section = TEXT[TEXT.index("## What only an account can tell") :]
    questions = re.findall(r"^\*\*.*?\?\*\*.*?(?=^\*\*|\Z)", section, re.DOTALL | re.MULTILINE)
    assert len(questions) == len(DOUBTS)
    for doubt, mark in DOUBTS.items():
        (question,) = [each for each in questions if mark in each]
        assert re.search(r"^ {4}\$ ", question, re.MULTILINE), doubt
        assert "Expected" in question, doubt
