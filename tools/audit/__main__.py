"""`python -m audit REQUIREMENTS -- PIP-AUDIT…`: runs pip-audit, and fails if it looked up nothing.

Where the package index has no vulnerability data, pip-audit skips every package, says that it found nothing, and exits
with 0. Here that is a failure:

    0   every package was looked up, and none has a known vulnerability
    1   at least one package has a known vulnerability
    3   at least one package could not be looked up
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

VULNERABLE, UNKNOWN = 1, 3
_FEW = 3  # packages, which are named one by one


@dataclass(frozen=True, slots=True)
class Audit:
    """`vulnerable` has a sentence for each vulnerability. `unknown` has the names of packages that were not looked
    up.
    """

    looked_up: int = 0
    vulnerable: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])

    @property
    def code(self) -> int:
        if self.vulnerable:
            return VULNERABLE
        return UNKNOWN if self.unknown or not self.looked_up else 0


def read(report: str) -> Audit:
    """Reads pip-audit's report, which is JSON. A text that is not JSON counts as a report about no package."""
    try:
        packages: list[dict[str, Any]] = list(json.loads(report)["dependencies"])
    except (ValueError, KeyError, TypeError):
        return Audit()
    unknown = [each["name"] for each in packages if "vulns" not in each]
    vulnerable = [
        f"{each['name']} {each['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'no version'}"
        for each in packages
        for found in each.get("vulns", [])
    ]
    return Audit(len(packages) - len(unknown), vulnerable, unknown)


def sentences(audit: Audit) -> list[str]:
    if not audit.looked_up and not audit.unknown:
        return ["NOT AUDITED: pip-audit gave no report. Its own words are above."]
    said = [*audit.vulnerable]
    if audit.unknown:
        some = ", ".join(audit.unknown[:_FEW]) + (", …" if len(audit.unknown) > _FEW else "")
        said.append(
            f"NOT AUDITED: {len(audit.unknown)} packages ({some}): the package index here has no vulnerability data of "
            "them. Run make audit where one has."
        )
    return [*said, f"{audit.looked_up} packages looked up, {len(audit.vulnerable)} known vulnerabilities"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    parser.add_argument("requirements", help="a file of pinned and hashed requirements")
    parser.add_argument("pip_audit", nargs="+", help="the command that runs pip-audit")
    arguments = parser.parse_args()
    asked = ["--requirement", arguments.requirements, "--require-hashes", "--disable-pip"]
    asked += ["--format", "json", "--progress-spinner", "off"]
    # pip-audit exits with 1 if it finds something. The report says what.
    done = subprocess.run([*arguments.pip_audit, *asked], check=False, capture_output=True, text=True)
    audit = read(done.stdout)
    if not audit.looked_up and not audit.unknown:
        print(done.stderr, file=sys.stderr)
    print("\n".join(sentences(audit)), file=sys.stderr if audit.code else sys.stdout, flush=True)
    sys.exit(audit.code)


if __name__ == "__main__":
    main()
