"""`python -m building FOLDER`: removes from each built function the packages of the others.

SAM copies all of `functions/` into each function. Lambda downloads and unpacks all of that at a cold start, even what
the function never imports.
"""

import argparse
import shutil
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m building", description=__doc__)
    parser.add_argument("folder", type=Path, help="where sam build has built")
    folder: Path = parser.parse_args().folder
    for built, packages in packages_of(yaml_parse((folder / "template.yaml").read_text(encoding="utf-8"))).items():
        for path in (folder / built).iterdir():
            if path.name not in packages:
                shutil.rmtree(path)


def packages_of(built: dict[str, Any]) -> dict[str, set[str]]:
    """Maps each folder of code in a built template to the packages that its handlers are in."""
    found: dict[str, set[str]] = {}
    for resource in built["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            found.setdefault(properties["CodeUri"], set()).add(properties["Handler"].partition(".")[0])
    return found


if __name__ == "__main__":
    main()
