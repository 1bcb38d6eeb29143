import datetime as dt
import itertools
import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings

from content_api.aws import clients
from content_api.aws.dynamodb import Table
from content_api.content.article import Article
from content_api.law.zone import OWN, Connections, ReaderNetworks, Zone
from content_api.reader_api.surface import Surface
from content_store.articles import ArticleStore
from gateway import stack as local_stack
from gateway import template
from gateway.reader_api import reader_api
from gateway.server import LambdaContext
from imaging.serving.routes import SURFACE as MEDIA
from reading.routes import SURFACE as READING
from searching.routes import SURFACE as SEARCHING
from simulated_edge.engine import ENGINES, NODE
from syndication.routes import SURFACE as SYNDICATION

# The shipped zone database, on the day of its own data: tests don't age.
ZONE_BUILT = dt.date.fromisoformat(
    json.loads(OWN.with_suffix(".json").read_text(encoding="utf-8"))["database"]["built"]
)

type Api = Callable[[dict[str, Any]], dict[str, Any]]

# Fixtures of a whole session are shared by the examples of a property on purpose. On a developer's machine each run
# tries new examples; in CI the same ones, so that what turns red there is the change.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def stack() -> Iterator[local_stack.Stack]:
    """The template's table and bucket in a moto of this worker's own."""
    with local_stack.moto_server():
        yield local_stack.create(local_stack.parameters("http://127.0.0.1:8000"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--edge-engine",
        action="append",
        choices=ENGINES,
        help="run the edge function in this JavaScript engine: node, unless stated; njs is CloudFront's own",
    )


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: for a quarter of its time the suite waits, such as for a silent server."""
    return (os.cpu_count() or 1) + 1


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`edge_engine`: the engine that runs the edge function, by its name for simulated_edge.engine."""
    if "edge_engine" in metafunc.fixturenames:
        metafunc.parametrize("edge_engine", metafunc.config.getoption("edge_engine") or [NODE], scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m edge` (make edge): every test that runs the edge function in the engines asked for."""
    for item in items:
        if "edge_engine" in getattr(item, "fixturenames", ()):
            item.add_marker("edge")


_stacks = itertools.count(1)


@pytest.fixture(scope="module")
def own_stack(stack: local_stack.Stack) -> local_stack.Stack:
    """The same functions on a table and a bucket that no other module's tests write to."""
    return _with_own_store(stack)


@pytest.fixture
def empty_stack(stack: local_stack.Stack) -> local_stack.Stack:
    """The same functions on a table and a bucket that no other test writes to."""
    return _with_own_store(stack)


@pytest.fixture
def fresh_stacks(stack: local_stack.Stack) -> Callable[[], local_stack.Stack]:
    """Makes such stacks, for each example of a property."""
    return partial(_with_own_store, stack)


def _with_own_store(stack: local_stack.Stack) -> local_stack.Stack:
    name = f"own-{next(_stacks)}"
    dynamodb, s3 = clients.dynamodb(), clients.s3()
    table = template.load()["Resources"]["ContentTable"]["Properties"]
    dynamodb.create_table(
        TableName=name,
        **{
            each: table[each] for each in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        },
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    environment = {"CONTENT_TABLE": name, "CONTENT_BUCKET": name}
    functions = {
        each: replace(function, environment=function.environment | environment)
        for each, function in stack.functions.items()
    }
    return local_stack.Stack(functions, name, name)


@pytest.fixture
def store(stack: local_stack.Stack) -> ArticleStore:
    return stack.store()


@pytest.fixture(scope="session")
def now() -> dt.datetime:
    return dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def an_article() -> Callable[..., Article]:
    """Makes an article with an id that no other test has."""

    def make(**fields: object) -> Article:
        return Article.model_validate(
            {
                "id": f"en-2025-11-20-an-article-{next(_numbers)}",
                "language": "en",
                "headline": "An Article",
                "published_at": "2025-11-20T08:00:00Z",
                "body": [{"type": "paragraph", "html": "The text, which nobody may miss."}],
                **fields,
            }
        )

    return make


@pytest.fixture(scope="session")
def reading(stack: local_stack.Stack) -> Callable[..., Api]:
    """The reading function as a deployment configures it: `reading(READER_LOCATION="developer")` answers events."""
    return _deploying(READING, stack)


@pytest.fixture(scope="session")
def syndication(stack: local_stack.Stack) -> Callable[..., Api]:
    """As `reading`, the syndication function."""
    return _deploying(SYNDICATION, stack)


@pytest.fixture(scope="session")
def searching(stack: local_stack.Stack) -> Callable[..., Api]:
    """As `reading`, the searching function."""
    return _deploying(SEARCHING, stack)


@pytest.fixture(scope="session")
def serving_media(stack: local_stack.Stack) -> Callable[..., Api]:
    """As `reading`, the function of pictures."""
    return _deploying(MEDIA, stack)


def _deploying(surface: Surface, stack: local_stack.Stack) -> Callable[..., Api]:
    def deployed(
        *,
        today: str = "2025-11-20",
        clock: Callable[[], float] | None = None,
        table: Table | None = None,
        bucket: Any = None,
        aws: Mapping[str, str] = os.environ,
        **environment: str,
    ) -> Api:
        """`aws`: the variables by which AWS is found and asked."""
        api = reader_api(
            surface,
            {"CONTENT_TABLE": stack.table, "CONTENT_BUCKET": stack.bucket, **local_stack.PATIENCE, **environment},
            aws=aws,
            table=table,
            bucket=bucket,
            of_address=Connections(Zone(today=ZONE_BUILT), ReaderNetworks()).jurisdiction_of,
            clock=clock or dt.datetime.fromisoformat(f"{today}T12:00:00Z").timestamp,
        )
        return lambda event: dict(api.lambda_handler(event, LambdaContext()))

    return deployed


@pytest.fixture
def breaking() -> Callable[[str, str], AbstractContextManager[list[str]]]:
    """The first call of an operation fails, `before` or `after` it took effect; what is yielded is empty until then."""

    @contextmanager
    def broken(operation: str, moment: str) -> Generator[list[str]]:
        made: list[str] = []
        original = cast("Callable[..., Any]", getattr(BaseClient, "_make_api_call"))  # noqa: B009 - where calls go out

        def call(client: object, name: str, arguments: object) -> object:
            if name != operation or made:
                return original(client, name, arguments)
            made.append(name)
            if moment == "after":
                original(client, name, arguments)
            raise ClientError({"Error": {"Code": "InternalError"}}, name)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BaseClient, "_make_api_call", call)
            yield made

    return broken
