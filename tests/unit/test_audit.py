"""Nothing is let pass in silence: neither a finding about the template, nor a library that nobody could look up."""

import json
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audit.__main__ import UNKNOWN, VULNERABLE, read, sentences
from gateway import template

ROOT = Path(__file__).parents[2]
GOOD: dict[str, Any] = {"name": "good", "version": "1", "vulns": []}
BAD: dict[str, Any] = {"name": "bad", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2", "3"]}]}
UNSEEN: dict[str, Any] = {"name": "unseen", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def report(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("packages", "code"),
    [
        ((GOOD, GOOD), 0),
        ((GOOD, BAD), VULNERABLE),
        ((UNSEEN, BAD), VULNERABLE),
        ((GOOD, UNSEEN), UNKNOWN),
        ((UNSEEN,), UNKNOWN),
        ((), UNKNOWN),
    ],
)
def test_only_what_was_looked_up_counts_as_good(packages: tuple[dict[str, Any], ...], code: int) -> None:
    assert read(report(*packages)).code == code


@pytest.mark.parametrize("nonsense", ["", "No known vulnerabilities found", "[]", '{"dependencies": null}'])
def test_no_report_is_no_good_one(nonsense: str) -> None:
    audit = read(nonsense)
    assert audit.code == UNKNOWN
    assert sentences(audit)[0].startswith("NOT AUDITED")


def test_what_is_known_is_said_with_what_mends_it() -> None:
    said = sentences(read(report(GOOD, BAD, UNSEEN)))
    assert said[0] == "bad 1: PYSEC-1, mended in 2, 3"
    assert said[1].startswith("NOT AUDITED: 1 packages (unseen)")
    assert said[2] == "2 packages looked up, 1 known vulnerabilities"


def test_the_command_fails_where_pip_audit_looked_nothing_up_and_said_that_nothing_is_known(tmp_path: Path) -> None:
    """As pip-audit 2.10 does before an index without vulnerability data (measured)."""
    pip_audit = tmp_path / "pip-audit"
    pip_audit.write_text(f"#!/bin/sh\necho 'No known vulnerabilities found' >&2\ncat <<'END'\n{report(UNSEEN)}\nEND\n")
    pip_audit.chmod(pip_audit.stat().st_mode | stat.S_IXUSR)
    done = subprocess.run(
        [sys.executable, "-m", "audit", "requirements.txt", "--", str(pip_audit)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == UNKNOWN
    assert "NOT AUDITED: 1 packages (unseen)" in done.stderr
    assert "No known" not in done.stdout + done.stderr


def test_every_rule_that_is_not_kept_has_its_reason() -> None:
    lines = (ROOT / ".checkov.yaml").read_text(encoding="utf-8").splitlines()
    skipped = [number for number, line in enumerate(lines) if re.fullmatch(r" +- CKV_AWS_\d+", line)]
    assert skipped
    above = re.compile(r" +# .*\.$")
    for number in skipped:
        # The reason stands above it, or above the ones before it that it is counted with.
        before = lines[number - 1]
        assert above.match(before) or number - 1 in skipped, lines[number]
    for name, resource in template.load()["Resources"].items():
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
            assert len(skip["comment"]) > 15, name


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """The layers' requirements and their bill of materials, as make has them made."""
    bill = tmp_path_factory.mktemp("sbom") / "sbom.json"
    asked = [str(shutil.which("make")), "-s", "requirements", "sbom", f"SBOM={bill}"]
    subprocess.run(asked, cwd=ROOT, check=True, capture_output=True)
    layers = [
        ROOT / "layers" / name / "requirements.txt"
        for name in ("libraries", "places", "imaging", "mirroring", "search")
    ]
    return "".join(layer.read_text(encoding="utf-8") for layer in layers), json.loads(bill.read_text(encoding="utf-8"))


def test_every_library_of_the_layers_is_pinned_with_the_hashes_that_pip_holds_it_to(
    exported: tuple[str, dict[str, Any]],
) -> None:
    requirements, _ = exported
    stated = re.findall(r"^(\S+==\S+)[^\\\n]*((?: \\\n    --hash=sha256:[0-9a-f]{64})*)$", requirements, re.MULTILINE)
    lines = [line for line in requirements.splitlines() if line and not line.startswith(("#", " "))]
    assert len(stated) == len(lines) > 20
    assert all(hashes for _, hashes in stated)


def test_the_bill_of_materials_names_what_the_layers_are_made_of(exported: tuple[str, dict[str, Any]]) -> None:
    requirements, bill = exported
    assert bill["bomFormat"] == "CycloneDX"
    listed = {each["name"]: each["version"] for each in bill["components"]}
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", requirements, re.MULTILINE))
    assert pinned.items() <= listed.items()
    for each in bill["components"]:
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        hashes = [one for reference in each["externalReferences"] for one in reference["hashes"]]
        assert {one["content"] for one in hashes} <= set(re.findall(r"sha256:([0-9a-f]{64})", requirements))


def test_nothing_in_the_layers_makes_traces(exported: tuple[str, dict[str, Any]]) -> None:
    """X-Ray's SDK, or OpenTelemetry's, could put a path or an address into one."""
    requirements, _ = exported
    assert not re.findall(r"^(?:aws-xray-sdk|opentelemetry|wrapt|aws-otel)\S*", requirements, re.MULTILINE)
