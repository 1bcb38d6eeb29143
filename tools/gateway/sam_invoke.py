"""`make sam-invoke`: sends one event to the function that its route leads to. The function is built and runs in a
container, as in Lambda. `make sam-local`, which has the table and the bucket, must be running.
"""

import argparse
import json
import shlex
import sys
from functools import cache
from pathlib import Path

from gateway import template
from gateway.containers import heed_termination, run_sam
from gateway.sam_local import BUILD, has_base_image, why_no_containers

TEMPLATE = BUILD / "local.yaml"


class NoEvent(Exception):
    """The message is a sentence that says what is wrong with the file."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make sam-invoke", description=__doc__)
    parser.add_argument("--event", required=True, help="a file of events/")
    parser.add_argument("sam", nargs="+", help="the command that runs SAM")
    arguments = parser.parse_args()
    if not arguments.event:
        sys.exit(f"Say which event: make sam-invoke EVENT={_EXAMPLE}")
    try:
        command = invoke(arguments.sam, Path(arguments.event))
    except NoEvent as error:
        sys.exit(str(error))
    if not TEMPLATE.exists():
        sys.exit("Start make sam-local first, and leave it running: it makes the table that the function reads.")
    if complaint := why_no_containers():
        sys.exit(complaint)
    print(shlex.join(command), file=sys.stderr, flush=True)
    heed_termination()
    try:
        sys.exit(run_sam(command))
    except KeyboardInterrupt:
        sys.exit("stopped")


def invoke(sam: list[str], event: Path) -> list[str]:
    """The command that invokes the function. Raises NoEvent."""
    try:
        asked = json.loads(event.read_text(encoding="utf-8"))
        route = (template.api_of(asked["rawPath"]), asked["routeKey"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoEvent(
            f"{event} is no event of an HTTP API: give EVENT= a file of events/, such as {_EXAMPLE}"
        ) from error
    if route not in _functions():
        raise NoEvent(f"{event} has the route {route[1]!r}, which template.yaml has not.")
    command = [*sam, "local", "invoke", _functions()[route], "--template", str(TEMPLATE), "--event", str(event)]
    command += ["--region", "us-east-1"]
    return command + (["--skip-pull-image"] if has_base_image() else [])


@cache
def _functions() -> dict[tuple[str, str], str]:
    """The function for each API and route. Each API has a `$default`."""
    return {(each.api, each.key): each.function for each in template.routes(template.load())}


_EXAMPLE = "events/get_article_from_russia.json"


if __name__ == "__main__":
    main()
