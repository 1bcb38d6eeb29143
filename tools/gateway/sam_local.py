"""`make sam-local`: the built functions in containers, as in Lambda, with moto on this machine for AWS."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import yaml
from samtranslator.yaml_helper import yaml_parse  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from gateway import stack
from gateway.containers import heed_termination, run_sam
from gateway.events import LOCAL_EDITOR
from gateway.local import import_all, pumping
from gateway.pump import Pump
from gateway.template import EDITORIAL

_ROOT = Path(__file__).parents[2]
BUILD = _ROOT / ".aws-sam" / "local"
_MACHINES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make sam-local", description=__doc__)
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--import", dest="pages", type=Path, help="a page of text, or a folder of them")
    parser.add_argument("sam", nargs="+", help="the command that runs SAM")
    arguments = parser.parse_args()
    if arguments.pages and not arguments.pages.exists():
        sys.exit(f"There is no file or folder {arguments.pages}: give IMPORT= a path that exists.")
    if complaint := why_no_containers():
        sys.exit(complaint)
    heed_termination()
    try:
        with prepared(stack.parameters(f"http://127.0.0.1:{arguments.port}")) as (made, template):
            pump = Pump(made, is_indexing=True, is_mirroring=True)
            for article in import_all(made, arguments.pages):
                print(f"imported {article.id}  {article.headline}", flush=True)
            print("one event at a time: make sam-invoke EVENT=events/get_article_from_russia.json\n", flush=True)
            with pumping(pump):
                sys.exit(run_sam(start_api(arguments.sam, template, arguments.port)))
    except KeyboardInterrupt:
        print("\nstopped", flush=True)


@contextmanager
def prepared(template_parameters: dict[str, str]) -> Generator[tuple[stack.Stack, Path]]:
    """Starts moto where containers reach it, makes the stack in it, and writes a copy of the built template that points
    at both.
    """
    with stack.moto_server(_address_for_containers()) as endpoint:
        made = stack.create(template_parameters)
        template = yaml_parse((BUILD / "template.yaml").read_text(encoding="utf-8"))
        template["Parameters"]["Architecture"]["Default"] = architecture()
        del template["Globals"]["Function"]["Environment"]
        for name, function in made.functions.items():
            variables = function.environment | stack.PATIENCE | {"AWS_ENDPOINT_URL": _as_containers_see(endpoint)}
            if name == "PublishingFunction":
                variables["LOCAL_EDITOR"] = LOCAL_EDITOR
            template["Resources"][name]["Properties"]["Environment"] = {"Variables": variables}
        stand_at_one_address(template["Resources"]["EditorialApi"]["Properties"]["DefinitionBody"]["paths"])
        path = BUILD / "local.yaml"
        # sam local knows an alias only in an event that SAM itself turns into a route.
        text = yaml.safe_dump(template, sort_keys=False, width=1000).replace(".Alias}/invocations", ".Arn}/invocations")
        path.write_text(text, encoding="utf-8")
        yield made, path


def stand_at_one_address(paths: dict[str, Any]) -> None:
    """Adds paths for the editorial function. sam local serves both APIs at one address, and only one `$default` can be
    there: that of readers. Requests that the editorial API has no route for reach its function by these paths.
    """
    unknown: dict[str, Any] = paths.pop("$default")
    del unknown["x-amazon-apigateway-any-method"]["isDefaultRoute"]
    paths.update({f"{folder}{{proxy+}}": unknown for folder in EDITORIAL})


def start_api(sam: list[str], template: Path, port: int) -> list[str]:
    command = [*sam, "local", "start-api", "--template", str(template), "--port", str(port), "--host", "127.0.0.1"]
    command += ["--region", os.environ["AWS_REGION"], "--warm-containers", "EAGER"]
    return command + (["--skip-pull-image"] if has_base_image() else [])


def why_no_containers() -> str | None:
    """Why SAM cannot run containers, as a sentence. None if it can."""
    try:
        asked = subprocess.run(["docker", "version"], check=False, capture_output=True)
    except FileNotFoundError:
        return "sam local needs Docker, and there is no docker command. make run needs none."
    return None if asked.returncode == 0 else "sam local needs Docker, and no engine answers. make run needs none."


def architecture() -> str:
    return _MACHINES[platform.machine()]


def has_base_image() -> bool:
    image = f"public.ecr.aws/lambda/python:3.13-{architecture()}"
    try:
        return subprocess.run(["docker", "image", "inspect", image], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def _address_for_containers() -> str:
    """The address of this machine as containers see it. On Linux it is the gateway of the bridge. Docker Desktop lets
    containers use the loopback of the host.
    """
    if sys.platform != "linux":
        return "127.0.0.1"
    asked = subprocess.run(
        ["docker", "network", "inspect", "bridge", "--format", "{{json (index .IPAM.Config 0)}}"],
        check=True,
        capture_output=True,
        text=True,
    )
    bridge = json.loads(asked.stdout)
    # An engine that has just made its bridge does not state the gateway, which is the first address of the network.
    return bridge.get("Gateway") or str(ip_network(bridge["Subnet"])[1])


def _as_containers_see(endpoint: str) -> str:
    return endpoint.replace("127.0.0.1", "host.docker.internal")


if __name__ == "__main__":
    main()
