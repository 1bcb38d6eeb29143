"""The deployment's resources in moto, made from template.yaml; moto itself answers HTTP in this process."""

import importlib
import io
import json
import logging
import os
import sys
import zipfile
from collections import defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from secrets import token_urlsafe
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, cast

from moto import backends
from moto.core import responses
from moto.core.utils import method_names_from_class
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodbstreams.models import ShardIterator

# The WSGI application behind moto's own server comes without types.
from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from content_api.aws import clients
from content_api.store.articles import ArticleStore
from content_api.store.front_choices import FrontChoices
from gateway import template
from gateway.dynamodb_bounds import BoundedDynamoDB

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

    from gateway.server import LambdaHandler

_NAME = "content-api"
# moto checks no credentials; boto3 wants some.
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "us-east-1"}
# moto answers one request after the other, on a machine that has more to do.
PATIENCE = {"READER_PATIENCE_SECONDS": "60"}


@dataclass(frozen=True)
class Function:
    """A function of the stack: its handler (`reading.app.lambda_handler`) and the environment the template gives it."""

    handler: str
    environment: dict[str, str]

    def load(self) -> "LambdaHandler":
        """A copy of its own, as each function is one in Lambda: the module reads its environment when it starts."""
        os.environ.update(self.environment)
        module, _, name = self.handler.rpartition(".")
        sys.modules.pop(module, None)
        return getattr(importlib.import_module(module), name)


@dataclass(frozen=True)
class Stack:
    functions: dict[str, Function]
    table: str
    bucket: str

    def store(self) -> ArticleStore:
        return ArticleStore(clients.dynamodb(), clients.s3(), table=self.table, bucket=self.bucket)

    def fronts(self) -> FrontChoices:
        return FrontChoices(clients.dynamodb(), table=self.table)


@contextmanager
def moto_server(address: str = "127.0.0.1") -> "Generator[str]":
    """Serves AWS at the URL given, and points this process's environment at it while it runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    Table.__deepcopy__ = _as_a_transaction_needs_it  # pyright: ignore[reportAttributeAccessIssue] - where there is none
    ShardIterator.stream_shard = property(_shard_as_it_is, _remember_table)  # pyright: ignore[reportAttributeAccessIssue] - an attribute there
    _remember_what_never_changes()
    application = BoundedDynamoDB(_OneAtATime(DomainDispatcherApplication(create_backend_app)))
    before = dict(os.environ)
    with make_server(address, 0, application, threaded=True, request_handler=_AtOnce) as server:
        serving = Thread(target=server.serve_forever, daemon=True)
        serving.start()
        os.environ.update(
            _CREDENTIALS | PATIENCE, AWS_DEFAULT_REGION="us-east-1", AWS_ENDPOINT_URL=f"http://{address}:{server.port}"
        )
        try:
            yield os.environ["AWS_ENDPOINT_URL"]
        finally:
            server.shutdown()
            serving.join()
            os.environ.clear()
            os.environ.update(before)


@cache
def _remember_what_never_changes() -> None:
    """For each request moto lists the folders of its own package, and the methods of the class that answers. It takes a
    sixth of a request's time.
    """
    modules = list(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    responses.method_names_from_class = cache(method_names_from_class)  # pyright: ignore[reportPrivateImportUsage] - it is called there


def _as_a_transaction_needs_it(table: Table, _memo: dict[int, object]) -> Table:
    """A transaction of moto's copies the table first, to put it back where one fails: with a thousand items and their
    stream that takes half a second, without their contents next to nothing. Items are replaced, never changed, by the
    puts and deletes that our transactions are made of.
    """
    kept = _copied(table)
    partitions = _Partitions(cast("Any", table.items))  # pyright: ignore[reportUnknownMemberType] - loosely typed there
    table.items, kept.items = cast("Any", partitions), cast("Any", _Partitions(partitions))
    if table.stream_shard:
        kept.stream_shard = _copied(table.stream_shard)
        kept.stream_shard.items = list(table.stream_shard.items)
        kept.stream_shard.table = kept
    return kept


class _Partitions(defaultdict[object, dict[object, object]]):
    """A table's items by partition, shared with a copy of the table until one of the two is about to change them."""

    def __init__(self, shared: "Mapping[object, dict[object, object]]") -> None:
        super().__init__(dict, shared)
        self._own: set[object] = set()

    def __getitem__(self, partition: object) -> dict[object, object]:
        found = super().__getitem__(partition)
        if partition not in self._own:
            self._own.add(partition)
            # Without a sort key there are no partitions, and this is the item.
            found = found.copy() if isinstance(found, dict) else found  # pyright: ignore[reportUnnecessaryIsInstance] - as above
            self[partition] = found
        return found

    def __deepcopy__(self, _memo: dict[int, object]) -> "_Partitions":
        """For a table restored from this one, which must not change with it."""
        made = _Partitions(self)
        for partition in self:
            made[partition]  # takes a copy of its own
        return made


def _copied[Model: (Table, StreamShard)](model: Model) -> Model:
    """Not by copy.copy: moto remembers each instance that is made the usual way, for as long as the process lasts."""
    made = object.__new__(type(model))
    vars(made).update(vars(model))
    return made


def _remember_table(iterator: ShardIterator, shard: StreamShard) -> None:
    vars(iterator).update(table=shard.table.name)


def _shard_as_it_is(iterator: ShardIterator) -> StreamShard | None:
    """Where a transaction fails, moto puts another table in the place of the one that an iterator has hold of."""
    return iterator.streams_backend.dynamodb.get_table(vars(iterator)["table"]).stream_shard


class _AtOnce(MotoRequestHandler):
    """Head and body of an answer are two writes: on a kept connection the second would wait for the client to
    acknowledge the first, which it does after 40 ms (RFC 1122, section 4.2.3.2; RFC 896).
    """

    disable_nagle_algorithm = True


class _OneAtATime:
    """DynamoDB checks and writes in one step. moto takes two; and where a transaction fails it puts the whole table
    back as it was, with what others wrote meanwhile lost.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._lock = Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        with self._lock:
            return self._application(environ, start_response)


def parameters(public_url: str, reader_location: str = "developer") -> dict[str, str]:
    """The template's parameters on a developer's machine, where by default a reader is where the request says."""
    return {"ReaderLocation": reader_location, "PublicUrl": public_url, "PublisherName": "Example News"}


def create(parameters: dict[str, str], name: str = _NAME) -> Stack:
    """Makes the template's table, bucket and functions in the AWS that the environment points at."""
    _upload_empty_code()
    stack = template.local_stack(template.load(), parameters, "s3://code/empty.zip")
    cloudformation: CloudFormationClient = clients.client("cloudformation")
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps(stack),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    made = physical(name)
    functions = {
        logical: _function(made[logical])
        for logical, resource in stack["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    # moto's CloudFormation knows neither schedule groups nor secrets.
    clients.client("scheduler").create_schedule_group(
        Name=functions["PublishingFunction"].environment["SCHEDULE_GROUP"]
    )
    clients.client("secretsmanager").create_secret(
        Name=functions["PropagationFunction"].environment["WEBHOOKS_SECRET"],
        SecretString=template.load()["Resources"]["WebhooksSecret"]["Properties"]["SecretString"],
    )
    _make_preview_secret(functions["PublishingFunction"].environment["PREVIEW_SECRET"])
    # Nor does it read a bucket's versioning.
    clients.s3().put_bucket_versioning(Bucket=made["ContentBucket"], VersioningConfiguration={"Status": "Enabled"})
    return Stack(functions, made["ContentTable"], made["ContentBucket"])


def _make_preview_secret(name: str) -> None:
    """Of this machine's own; stacks of one moto share it."""
    manager: SecretsManagerClient = clients.client("secretsmanager")
    secret = {"current": token_urlsafe(36), "previous": "unset"}
    with suppress(manager.exceptions.ResourceExistsException):
        manager.create_secret(Name=name, SecretString=json.dumps(secret))


def physical(stack: str) -> dict[str, str]:
    """What AWS calls the resources of a stack, by their names in the template; a queue's is its URL."""
    cloudformation: CloudFormationClient = clients.client("cloudformation")
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    summaries = [each for page in pages for each in page["StackResourceSummaries"]]
    return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in summaries}


def _function(physical_name: str) -> Function:
    client: LambdaClient = clients.client("lambda")
    configuration = client.get_function_configuration(FunctionName=physical_name)
    return Function(configuration["Handler"], dict(configuration.get("Environment", {}).get("Variables", {})))


def _upload_empty_code() -> None:
    """CloudFormation wants code for a function; here the handlers run from the checkout."""
    content = io.BytesIO()
    zipfile.ZipFile(content, "w").close()
    s3 = clients.s3()
    s3.create_bucket(Bucket="code")
    s3.put_object(Bucket="code", Key="empty.zip", Body=content.getvalue())
