"""What samconfig.toml has for each environment: the name of the stack, its region, and the first values of its
parameters.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from deploying.parameters import CannotDeploy, stated

FILE = Path(__file__).parents[2] / "samconfig.toml"


@dataclass(frozen=True)
class Environment:
    name: str
    stack: str
    region: str
    parameters: dict[str, str]


def environment(name: str) -> Environment:
    """Raises CannotDeploy if samconfig.toml has no such environment."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known = [each for each, commands in tables.items() if isinstance(commands, dict) and "deploy" in commands]
    if name not in known:
        raise CannotDeploy(
            f"samconfig.toml has no environment {name!r}. Give one of these: ENVIRONMENT={' or '.join(known)}"
        )
    configured = tables[name]["deploy"]["parameters"]
    parameters = stated(" ".join(configured["parameter_overrides"]))
    return Environment(name, configured["stack_name"], configured["region"], parameters)
