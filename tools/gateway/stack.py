"""Makes the resources of the deployment in moto, from template.yaml. moto answers HTTP in this process."""

import importlib
import io
import json
import logging
import os
import sys
import tempfile
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

# The WSGI application of moto's server has no types.
from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import make_server

from content_api.aws import clients
from content_store.articles import ArticleStore
from content_store.front_choices import FrontChoices
from content_store.subjects import Subjects
from gateway import template
from gateway.dynamodb_bounds import BoundedDynamoDB
from gateway.transport import KeptAlive, handed_over

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

    from gateway.server import LambdaHandler

_NAME = "content-api"
# moto does not check credentials, but boto3 needs some.
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "us-east-1"}
# moto answers one request after the other, on a machine that does other work too.
PATIENCE = {"READER_PATIENCE_SECONDS": "60"}


@dataclass(frozen=True)
class Function:
    """A function of the stack: its handler (such as `reading.app.lambda_handler`), and the environment from the
    template.
    """

    handler: str
    environment: dict[str, str]

    def load(self) -> "LambdaHandler":
        """Imports the module anew, and returns its handler. Each function has its own copy, as in Lambda, since a
        module reads its environment when it is imported. Afterwards the environment of this process is as it was, so
        that no function sees the variables of another.
        """
        module, _, name = self.handler.rpartition(".")
        sys.modules.pop(module, None)
        with _set(self.environment):
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

    def subjects(self) -> Subjects:
        return Subjects(clients.dynamodb(), table=self.table)


@contextmanager
def _set(variables: "Mapping[str, str]") -> "Generator[None]":
    """Sets these variables of the environment for a time. All others stay as they are: other threads read them."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def moto_server(address: str = "127.0.0.1") -> "Generator[str]":
    """Serves AWS at the given URL. Meanwhile, the environment of this process points at it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    Table.__deepcopy__ = _as_a_transaction_needs_it  # pyright: ignore[reportAttributeAccessIssue] - where there is none
    ShardIterator.stream_shard = property(_shard_as_it_is, _remember_table)  # pyright: ignore[reportAttributeAccessIssue] - an attribute there
    _remember_what_never_changes()
    application = BoundedDynamoDB(_OneAtATime(DomainDispatcherApplication(create_backend_app)))
    with make_server(address, 0, application, threaded=True, request_handler=KeptAlive) as server:
        serving = Thread(target=server.serve_forever, daemon=True)
        serving.start()
        url = f"http://{address}:{server.port}"
        variables = _CREDENTIALS | PATIENCE | {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": url}
        try:
            with _set(variables), handed_over(url, application), _shared_clients(), _own_disk():
                yield url
        finally:
            server.shutdown()
            serving.join()


@contextmanager
def _own_disk() -> "Generator[None]":
    """A folder for temporary files that no other process has, as each process of Lambda has a disk of its own. With a
    common one, copies of another moto's search index would be taken for copies of this one's.
    """
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as disk:
        tempfile.tempdir = disk
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def _shared_clients() -> "Generator[None]":
    """Makes each kind of client once, as long as moto runs. A client takes 20 ms, and the tests ask for thousands. Each
    address and each credentials have clients of their own.
    """
    made: dict[object, Any] = {}
    make = clients.client

    def shared(*stated: Any) -> Any:  # noqa: ANN401 - as there
        key = (*stated, *sorted(each for each in os.environ.items() if each[0].startswith("AWS_")))
        if key not in made:
            made[key] = make(*stated)
        return made[key]

    clients.client = shared
    try:
        yield
    finally:
        clients.client = make


@cache
def _remember_what_never_changes() -> None:
    """Caches what moto computes for every request and never changes: the folders of its package, and the methods of the
    class that answers. Without this, they take a sixth of the time of a request.
    """
    modules = list(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    responses.method_names_from_class = cache(method_names_from_class)  # pyright: ignore[reportPrivateImportUsage] - it is called there


def _as_a_transaction_needs_it(table: Table, _memo: dict[int, object]) -> Table:
    """Makes a cheap copy of a table. moto copies the table before each transaction, to restore it if one action fails.
    With a thousand items and their stream that takes half a second; a copy that shares the items takes almost no time.
    It is safe, since our transactions only put and delete items, and never change one in place.
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
    """The items of a table by partition. A copy of the table shares them until one of the two changes them."""

    def __init__(self, shared: "Mapping[object, dict[object, object]]") -> None:
        super().__init__(dict, shared)
        self._own: set[object] = set()

    def __getitem__(self, partition: object) -> dict[object, object]:
        found = super().__getitem__(partition)
        if partition not in self._own:
            self._own.add(partition)
            # A table without a sort key has no partitions. Then this is the item.
            found = found.copy() if isinstance(found, dict) else found  # pyright: ignore[reportUnnecessaryIsInstance] - as above
            self[partition] = found
        return found

    def __deepcopy__(self, _memo: dict[int, object]) -> "_Partitions":
        """For a table that is restored from this one, which must not change with it."""
        made = _Partitions(self)
        for partition in self:
            made[partition]  # this makes a copy
        return made


def _copied[Model: (Table, StreamShard)](model: Model) -> Model:
    """A copy, made without copy.copy: moto keeps each instance that is made in the usual way until the process ends."""
    made = object.__new__(type(model))
    vars(made).update(vars(model))
    return made


def _remember_table(iterator: ShardIterator, shard: StreamShard) -> None:
    vars(iterator).update(table=shard.table.name)


def _shard_as_it_is(iterator: ShardIterator) -> StreamShard | None:
    """The shard of an iterator in the current table. When a transaction fails, moto replaces the table, and the
    iterator still refers to the old one.
    """
    return iterator.streams_backend.dynamodb.get_table(vars(iterator)["table"]).stream_shard


class _OneAtATime:
    """Answers one request after the other. DynamoDB checks a condition and writes in one step, and moto does not. If a
    transaction fails, moto also restores the whole table, and loses what others wrote meanwhile.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._lock = Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        with self._lock:
            return self._application(environ, start_response)


def parameters(public_url: str, reader_location: str = "developer") -> dict[str, str]:
    """The parameters of the template for a developer's machine. By default, headers of a request say where the reader
    is.
    """
    return {
        "ReaderLocation": reader_location,
        "PublicUrl": public_url,
        "PublisherName": "Example News",
        "PublisherUrl": "https://news.example.org/",
        "PublisherLogo": "https://news.example.org/logo.png",
    }


def create(parameters: dict[str, str], name: str = _NAME) -> Stack:
    """Makes the table, the bucket and the functions of the template in the AWS that the environment points at."""
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
    # moto's CloudFormation has no schedule groups and no secrets.
    clients.client("scheduler").create_schedule_group(
        Name=functions["PublishingFunction"].environment["SCHEDULE_GROUP"]
    )
    clients.client("secretsmanager").create_secret(
        Name=functions["PropagationFunction"].environment["WEBHOOKS_SECRET"],
        SecretString=template.load()["Resources"]["WebhooksSecret"]["Properties"]["SecretString"],
    )
    clients.client("secretsmanager").create_secret(
        Name=functions["MirroringFunction"].environment["MIRROR_SECRET"], SecretString=token_urlsafe(48)
    )
    _make_preview_secret(functions["PublishingFunction"].environment["PREVIEW_SECRET"])
    # It does not read the versioning of a bucket, either.
    clients.s3().put_bucket_versioning(Bucket=made["ContentBucket"], VersioningConfiguration={"Status": "Enabled"})
    return Stack(functions, made["ContentTable"], made["ContentBucket"])


def _make_preview_secret(name: str) -> None:
    """Makes a secret for this machine. All stacks in one moto share it."""
    manager: SecretsManagerClient = clients.client("secretsmanager")
    secret = {"current": token_urlsafe(36), "previous": "unset"}
    with suppress(manager.exceptions.ResourceExistsException):
        manager.create_secret(Name=name, SecretString=json.dumps(secret))


def physical(stack: str) -> dict[str, str]:
    """The physical names of a stack's resources, by their names in the template. For a queue it is the URL."""
    cloudformation: CloudFormationClient = clients.client("cloudformation")
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    summaries = [each for page in pages for each in page["StackResourceSummaries"]]
    return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in summaries}


def _function(physical_name: str) -> Function:
    client: LambdaClient = clients.client("lambda")
    configuration = client.get_function_configuration(FunctionName=physical_name)
    return Function(configuration["Handler"], dict(configuration.get("Environment", {}).get("Variables", {})))


def _upload_empty_code() -> None:
    """CloudFormation needs code for a function. Here the handlers run from the working tree."""
    content = io.BytesIO()
    zipfile.ZipFile(content, "w").close()
    s3 = clients.s3()
    s3.create_bucket(Bucket="code")
    s3.put_object(Bucket="code", Key="empty.zip", Body=content.getvalue())
