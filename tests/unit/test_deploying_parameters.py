"""Which value a deployment has of each parameter, and what is said of one that is missing or wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploying import built, environments
from deploying.parameters import CannotDeploy, choose, faults, stated
from gateway import template

ROOT = Path(__file__).parents[2]
TEMPLATE: dict[str, Any] = template.load()
NAMES = sorted(TEMPLATE["Parameters"])
EDGE = {"ReaderLocation": "edge", "PublicUrl": "https://content.example.org", "CertificateArn": ""}

values = st.dictionaries(st.sampled_from(NAMES), st.text("ab", max_size=2))


@given(values, values, values)
def test_what_is_given_counts_then_what_is_deployed_then_samconfig(
    now: dict[str, str], deployed: dict[str, str], configured: dict[str, str]
) -> None:
    choice = choose(TEMPLATE, given=now, deployed=deployed, configured=configured)
    for name, declared in TEMPLATE["Parameters"].items():
        expected = [each[name] for each in (now, deployed, configured) if name in each]
        expected += [str(declared["Default"])] if "Default" in declared else []
        assert choice.values.get(name) == (expected[0] if expected else None)
    # Nothing of samconfig.toml's is left out without a word.
    silent = {name for name in configured if choice.values[name] != configured[name] and name not in now}
    assert {sentence.partition(" ")[0] for sentence in choice.kept} == silent


def test_a_value_that_is_kept_says_how_to_change_it() -> None:
    (sentence,) = choose(
        TEMPLATE, given={}, deployed={"LogRetentionDays": "14"}, configured={"LogRetentionDays": "30"}
    ).kept
    assert "LogRetentionDays stays 14" in sentence
    assert 'PARAMETERS="LogRetentionDays=30"' in sentence


@given(st.dictionaries(st.sampled_from(NAMES), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=9)))
def test_any_text_can_be_given_as_a_shell_quotes_it(chosen: dict[str, str]) -> None:
    import shlex  # noqa: PLC0415 - what the test is about

    assert stated(" ".join(f"{name}={shlex.quote(value)}" for name, value in chosen.items())) == chosen


@pytest.mark.parametrize("text", ["LogRetentionDays", "=14", 'PublisherName="Example', "A=1 A=2"])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(CannotDeploy, match="PARAMETERS"):
        stated(text)


def test_what_is_missing_is_named_with_how_to_give_it() -> None:
    whole = choose(TEMPLATE, given={}, deployed={}, configured={}).values
    (sentence,) = [each for each in faults(TEMPLATE, whole, region="us-east-1") if each.startswith("ReaderLocation")]
    assert 'PARAMETERS="ReaderLocation=edge|connection"' in sentence
    (sentence,) = faults(TEMPLATE, whole | EDGE, region="us-east-1")
    assert sentence.startswith("ReaderLocation=edge needs CertificateArn")
    assert 'PARAMETERS="CertificateArn=' in sentence


def test_a_name_that_is_none_is_refused_with_those_that_are() -> None:
    (sentence, *_) = faults(TEMPLATE, {"RequestsPerAdress": "1"}, region="us-east-1")
    assert sentence.startswith("RequestsPerAdress is no parameter")
    assert all(name in sentence for name in NAMES)


def test_an_environment_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(CannotDeploy, match="staging or production"):
        environments.environment("prod")
    with pytest.raises(CannotDeploy, match="staging or production"):
        environments.environment("local")  # sam local's, which nobody deploys


@pytest.mark.parametrize(("machine", "architecture"), [(b"\x3e\x00", "x86_64"), (b"\xb7\x00", "arm64")])
def test_a_build_for_another_architecture_is_not_deployed(machine: bytes, architecture: str, tmp_path: Path) -> None:
    with pytest.raises(CannotDeploy, match="Nothing is built"):
        built.check(tmp_path, architecture)
    (tmp_path / "template.yaml").write_text("")
    library = tmp_path / "LibrariesLayer" / "python" / "native.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"\x7fELF" + bytes(14) + machine + bytes(40))
    assert built.check(tmp_path, architecture) == tmp_path / "template.yaml"
    for other in {"x86_64", "arm64"} - {architecture}:
        with pytest.raises(CannotDeploy, match=f"ARCHITECTURE={other}"):
            built.check(tmp_path, other)


def documents() -> dict[str, str]:
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def commands(text: str) -> list[str]:
    """What a document prints to be typed: indented lines, lines of blocks, and code in a line that has arguments."""
    lines = re.findall(r"^ {4,}(?:\$ )?(\S.*)$", text, re.MULTILINE) + re.findall(r"^\$ (.*)$", text, re.MULTILINE)
    return lines + [each for each in re.findall(r"`([^`\n]+)`", text) if " -" in each or "make " in each]


def test_nothing_that_is_printed_deploys_what_is_not_built() -> None:
    """`sam deploy` takes the source where nothing is built: functions without their layers, for everybody at once."""
    printed = [(name, each) for name, text in documents().items() for each in commands(text)]
    assert any(each.startswith("make deploy") for _, each in printed)
    assert [(name, each) for name, each in printed if re.search(r"\bsam (deploy|sync|package)\b", each)] == []
    assert [(name, each) for name, each in printed if "cloudformation deploy" in each or "--guided" in each] == []


def test_make_deploys_what_it_has_just_built() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--guided" not in makefile
    recipes = re.findall(r"^[\w-]+:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    (deploying,) = [recipe for recipe in recipes if "$(DEPLOYING) deploy" in recipe]
    assert deploying.index("$(DEPLOYING) check") < deploying.index("build ARCHITECTURE=$$architecture")
    assert deploying.index("build ARCHITECTURE=$$architecture") < deploying.index("$(DEPLOYING) deploy")
    assert "deploy --architecture $$architecture" in deploying


def test_every_parameter_that_documents_give_is_one_of_the_template() -> None:
    given_ones = [each for text in documents().values() for each in re.findall(r'PARAMETERS="([^"…]+)"', text)]
    assert given_ones
    for each in given_ones:
        named = stated(each)
        others = choose(TEMPLATE, given=EDGE | named, deployed={}, configured={}).values
        refused = faults(TEMPLATE, named | others, region="us-east-1")
        assert [sentence for sentence in refused if any(sentence.startswith(name) for name in named)] == []
