"""`python -m deploying`: the commands behind make deploy, make set-parameters and make launched. They use the AWS
credentials of whoever runs them. Each may be stopped at any point and run again.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, WaiterError

from content_api.aws import clients
from deploying import built, candidate, environments, launching
from deploying.parameters import OF_ROTATION, CannotDeploy, Choice, choose, faults, stated
from deploying.stack import Stack, State
from gateway import template
from operations import versions

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_show_locals=False)

Name = Annotated[str, typer.Option("--environment", envvar="ENVIRONMENT", help="One of samconfig.toml's environments.")]
Given = Annotated[str, typer.Option("--parameters", envvar="PARAMETERS", help='Such as "LogRetentionDays=14".')]
Architecture = Annotated[
    str, typer.Option(help="arm64 or x86_64; empty is what is deployed, else the template's default.")
]


@app.command()
def check(environment: Name, parameters: Given = "", architecture: Architecture = "") -> None:
    """Find what a deployment lacks before anything is built, and print the architecture to build for."""
    with _saying_why_not():
        _, choice = _chosen(*_at(environment), parameters, architecture)
        typer.echo(choice.values["Architecture"])


@app.command()
def deploy(
    environment: Name,
    sam: Annotated[str, typer.Option(help="The command sam.")],
    parameters: Given = "",
    architecture: Architecture = "",
    build: Annotated[Path, typer.Option(help="What make build made.")] = built.FOLDER,
) -> None:
    """Deploy what is built."""
    with _saying_why_not():
        chosen, stack = _at(environment)
        before, choice = _chosen(chosen, stack, parameters, architecture)
        for sentence in choice.kept:
            typer.echo(sentence)
        values = {name: value for name, value in choice.values.items() if not before or name not in OF_ROTATION}
        built_template = built.check(build, choice.values["Architecture"])
        if choice.values["ReaderLocation"] == "edge":
            for sentence in candidate.check(_template(), stack.name):
                typer.echo(sentence)
        _sam_deploy(shlex.split(sam), environment, built_template, values)
        _protect(stack)
        _forget_versions(stack)
        if choice.values["Launched"] != "true":
            typer.echo("Readers are not expected yet: docs/first-deployment.md says what comes before make launched.")


@app.command()
def set_parameters(environment: Name, parameters: Given = "") -> None:
    """Change parameters of a deployed stack. No code is built or deployed."""
    with _saying_why_not():
        changes = stated(parameters)
        if not changes:
            raise CannotDeploy('Say what to change: PARAMETERS="LogRetentionDays=14"')
        chosen, stack = _at(environment)
        is_changed = stack.set_parameters(changes)
        said = ", ".join(f"{name}={value}" for name, value in changes.items())
        typer.echo(f"{chosen.stack} has {said} now" if is_changed else f"{chosen.stack} had {said} already")
        _protect(stack)
        _forget_versions(stack)


@app.command()
def launched(environment: Name) -> None:
    """Say that readers come, if everything is there for them. From now on, the canary treats what is missing as a
    fault.
    """
    with _saying_why_not():
        chosen, stack = _at(environment)
        is_new = launching.launch(stack)
        typer.echo(f"{chosen.stack} is watched as one that readers use" + ("." if is_new else ", as it was."))
        _protect(stack)
        _forget_versions(stack)


def _at(name: str) -> tuple[environments.Environment, Stack]:
    """The environment and its stack. All AWS clients that are made later use the environment's region. Raises
    CannotDeploy.
    """
    chosen = environments.environment(name)
    os.environ["AWS_DEFAULT_REGION"] = chosen.region
    return chosen, Stack(chosen.stack, chosen.region)


def _chosen(
    environment: environments.Environment, stack: Stack, parameters: str, architecture: str
) -> tuple[State | None, Choice]:
    """The state of the stack, and the parameters to deploy. Raises CannotDeploy with a sentence for each parameter that
    is missing or wrong.
    """
    given = stated(parameters)
    if architecture and given.setdefault("Architecture", architecture) != architecture:
        raise CannotDeploy(f"ARCHITECTURE is {architecture}, and PARAMETERS says Architecture={given['Architecture']}.")
    state, declared = stack.ready(), _template()
    deployed = state.parameters if state else {}
    choice = choose(declared, given=given, deployed=deployed, configured=environment.parameters)
    wrong = {name: value for source in (environment.parameters, given) for name, value in source.items()}
    if found := faults(declared, wrong | choice.values, region=environment.region):
        raise CannotDeploy("\n".join(found))
    return state, choice


@cache
def _template() -> dict[str, Any]:
    """The template as it is in the sources. The built template has the same parameters and rules."""
    return template.load()


def _sam_deploy(sam: list[str], environment: str, built_template: Path, values: dict[str, str]) -> None:
    """Runs sam deploy. It gets a value for every parameter, so that no value in samconfig.toml replaces a deployed one.
    Raises CannotDeploy.
    """
    command = [*sam, "deploy", "--config-file", str(environments.FILE), "--config-env", environment]
    command += ["--template-file", str(built_template), "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    command += ["--parameter-overrides", *(f"{name}={_quoted(value)}" for name, value in values.items())]
    if subprocess.run(command, check=False).returncode:
        raise CannotDeploy(
            "sam deploy failed; what it printed says why. Run the same command again once that is mended."
        )


def _quoted(value: str) -> str:
    """A value in the form that sam's --parameter-overrides takes, even with spaces or empty. Raises CannotDeploy for a
    value with a backslash: sam reads a backslash as an escape.
    """
    if "\\" in value:
        raise CannotDeploy(f"{value!r} has a backslash, which sam deploy does not pass on as it is. Write it without.")
    escaped = value.replace('"', '\\"')
    return f'"{escaped}"'


def _protect(stack: Stack) -> None:
    if stack.protect():
        typer.echo("The content's table is protected from deletion now.")


def _forget_versions(stack: Stack) -> None:
    """Deletes old versions of the functions. Each keeps the environment of its time, and every change of a parameter in
    an environment makes a version. If they cannot be deleted, the command says so and goes on.
    """
    config = Config(region_name=stack.region)
    try:
        gone = versions.delete_old_of_stack(
            clients.client("cloudformation", config), clients.client("lambda", config), stack.name
        )
    except (BotoCoreError, ClientError) as error:
        typer.echo(f"Old versions of the functions are still there: {error}", err=True)
    else:
        if gone:
            typer.echo(f"{gone} old versions of the functions are deleted.")


@contextmanager
def _saying_why_not() -> Generator[None]:
    try:
        yield
    except NoCredentialsError as error:
        typer.echo("There are no AWS credentials: set AWS_PROFILE to a profile of yours, or log in.", err=True)
        raise typer.Exit(1) from error
    except (CannotDeploy, BotoCoreError, ClientError, WaiterError) as error:
        sys.stdout.flush()
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    app()
