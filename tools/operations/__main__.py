"""`python -m operations`: the commands of docs/runbook.md for a deployment. They use the AWS credentials of whoever
runs them.
"""

import datetime as dt
import json
import re
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError, WaiterError
from tqdm import tqdm

from content_api.aws import clients
from content_api.aws.service import StoreUnavailable
from content_search.committing import Outrun
from content_store.errors import StoreError
from operations import replaying, versions
from operations.deployment import CannotDo, Deployment
from operations.rebuilding import Rebuilding
from operations.reindexing import Reindexing
from reading.catalogue import contents

if TYPE_CHECKING:
    from mypy_boto3_cloudfront.client import CloudFrontClient

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_show_locals=False)

Stack = Annotated[str, typer.Argument(help="The stack's name.", metavar="STACK")]
_MINUTES = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class GivenUp(StrEnum):
    INCOMING = "incoming"
    WITHDRAWAL = "withdrawal"
    COPY = "copy"
    INDEX = "index"
    MIRROR = "mirror"
    PURGE = "purge"
    WEBHOOK = "webhook"
    DUE = "due"
    RECORDS = "records"


@app.command()
def purge_all(stack: Stack) -> None:
    """Make the edge forget everything. The next requests of readers all go to the API."""
    with _saying_why_not():
        cloudfront: CloudFrontClient = clients.client("cloudfront")
        asked = cloudfront.create_invalidation(
            DistributionId=Deployment(stack).distribution(),
            InvalidationBatch={
                "Paths": {"Quantity": 1, "Items": ["/*"]},
                "CallerReference": f"purge all {time.time_ns()}",
            },
        )
        typer.echo(f"the edge forgets everything: invalidation {asked['Invalidation']['Id']}")


@app.command()
def replay(stack: Stack, what: GivenUp) -> None:
    """Try again what failed for good: dead letters of a queue or of schedules, or records of the stream."""
    with _saying_why_not():
        deployed = Deployment(stack)
        match what:
            case GivenUp.DUE:
                steps: Iterator[None] = replaying.due(deployed)
            case GivenUp.RECORDS:
                steps = replaying.records(deployed)
            case _:
                steps = replaying.messages(deployed, what.value.capitalize())
        done = 0
        for _ in tqdm(steps, unit=" messages", disable=None):
            done += 1
        typer.echo(f"{done:,} tried again")


@app.command()
def restore(
    stack: Stack,
    at: Annotated[dt.datetime, typer.Option(formats=_MINUTES, help="In this machine's time zone.")],
) -> None:
    """Restore the table as it was at a time, to a new table. Readers see nothing of it."""
    with _saying_why_not():
        source, moment = Deployment(stack).resource("ContentTable"), at.astimezone()
        target = f"{source}-{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        dynamodb = clients.dynamodb()
        dynamodb.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=target, RestoreDateTime=moment)
        typer.echo(f"restoring to {target}: that takes some minutes, whatever there is of it", err=True)
        dynamodb.get_waiter("table_exists").wait(TableName=target, WaiterConfig={"Delay": 20, "MaxAttempts": 720})
        typer.echo(target)


@app.command()
def drop_restored(
    stack: Stack, restored: Annotated[str, typer.Argument(help="What restore printed.", metavar="TABLE")]
) -> None:
    """Delete a table that restore made. Refuses any other table."""
    with _saying_why_not():
        source = Deployment(stack).resource("ContentTable")
        if not re.fullmatch(rf"{re.escape(source)}-\d{{8}}T\d{{6}}Z", restored):
            raise CannotDo(f"{restored} is no table that restore made of {source}: it is left alone.")
        clients.dynamodb().delete_table(TableName=restored)
        typer.echo(f"{restored} is deleted")


@app.command()
def rebuild(
    stack: Stack,
    restored: Annotated[
        str,
        typer.Option("--from", help="A restored table, for fronts, sections, newsletters and pictures that are lost."),
    ] = "",
) -> None:
    """Put back every article that the table has lost, or has an older version of, from S3. A repeated run goes on where
    the last one ended.
    """
    with _saying_why_not():
        deployed, now = Deployment(stack), dt.datetime.now(dt.UTC)
        table, bucket = deployed.resource("ContentTable"), deployed.resource("ContentBucket")
        rebuilding = Rebuilding(clients.dynamodb(), clients.s3(), table=table, bucket=bucket)
        if restored:
            typer.echo(f"{rebuilding.bring_back(restored):,} fronts, sections, newsletters and pictures are back")
        done, left = 0, 0
        for article_id in tqdm(rebuilding.behind(), unit=" articles", disable=None):
            try:
                result = rebuilding.rebuild(article_id, at=now)
            except StoreError as error:
                typer.echo(f"{article_id}: {error}", err=True)
                left += 1
                continue
            done += result.is_put_back
            left += not result.version
            if not result.version:
                typer.echo(f"{article_id}: none of its {result.newer} versions was ever current", err=True)
            elif result.newer:
                said = f"{article_id} is at version {result.version}: {result.newer} newer in S3 were not taken"
                typer.echo(said, err=True)
        typer.echo(f"{done:,} articles are back, {left:,} are not")
        if left:
            raise typer.Exit(1)


@app.command()
def reindex(
    stack: Stack,
    languages: Annotated[
        list[str] | None, typer.Argument(help="Such as en. All languages, unless stated.", metavar="[LANGUAGE]...")
    ] = None,
) -> None:
    """Build the index of search anew from the table. Readers search the old one until the new one takes its place."""
    with _saying_why_not():
        deployed = Deployment(stack)
        all_languages = [each["language"] for each in json.loads(contents("languages.json"))]
        if unknown := set(languages or []) - set(all_languages):
            raise CannotDo(
                f"No language of the API is {', '.join(sorted(unknown))}: it has {', '.join(all_languages)}."
            )
        reindexing = Reindexing(table=deployed.resource("ContentTable"), bucket=deployed.resource("ContentBucket"))
        total = 0
        for language in languages or all_languages:
            for shard in reindexing.shards(language):
                number = reindexing.rebuild(language, shard)
                typer.echo(f"{language}/{shard}: {number:,} articles", err=True)
                total += number
        typer.echo(f"{total:,} articles are in new indexes")


@app.command()
def forget_versions(stack: Stack) -> None:
    """Delete old versions of the functions, with the secrets in their environments. Keeps those that are served, and
    three more.
    """
    with _saying_why_not():
        Deployment(stack)
        gone = versions.delete_old_of_stack(clients.client("cloudformation"), clients.client("lambda"), stack)
        typer.echo(f"{gone:,} old versions are deleted")


@contextmanager
def _saying_why_not() -> Generator[None]:
    try:
        yield
    except (CannotDo, Outrun, StoreUnavailable, BotoCoreError, ClientError, WaiterError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    app()
