"""A deployment's candidate of the edge function: what is wrong in it is found before the stack is touched, and it is
removed, whatever fails.

moto makes, describes and deletes functions and KeyValueStores. It has neither TestFunction nor a store's keys: here the
first runs the code that moto was given in an engine, on the keys that the second were given.
"""

import datetime as dt
import itertools
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError

from canary.edge import PLACES
from content_api.aws import clients
from content_api.law.law_file import load_law, places_told
from deploying import candidate
from deploying.parameters import CannotDeploy
from gateway import template
from gateway.stack import Stack
from simulated_edge.engine import EdgeFunction, edge_function
from simulated_edge.runs import FunctionFailed

TEMPLATE = template.load()
STACK = "content-api-candidates"
STORE = f"{STACK}-notice-zone"
TODAY = dt.datetime.now(dt.UTC).date()
TOLD = " ".join(places_told(load_law()))
LOADED = f"{TODAY} {TOLD}"


class CloudFront:
    """What moto lacks. `stores`: keys and values by ARN. `seen`: what was called, in order."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.stores: dict[str, dict[str, str]] = {}
        self.seen: list[str] = []
        self.result: dict[str, Any] = {}  # what TestFunction says beside
        self.is_late = 0  # answers of TestFunction before a store's keys have arrived
        self._folder = folder
        self._engine = engine
        self._engines = ExitStack()
        self._running: dict[bytes, EdgeFunction] = {}
        self._made: dict[str, Any] = {}

    def close(self) -> None:
        self._engines.close()

    def answer(self, original: Callable[..., Any], client: BaseClient, operation: str, asked: dict[str, Any]) -> Any:
        self.seen.append(operation)
        if operation == "TestFunction":
            return self._test(asked)
        if operation == "GetKey":
            held = self.stores.get(asked["KvsARN"], {})
            if asked["Key"] not in held:
                raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, operation)
            return {"Key": asked["Key"], "Value": held[asked["Key"]]}
        if operation == "UpdateKeys":
            self.stores.setdefault(asked["KvsARN"], {}).update({each["Key"]: each["Value"] for each in asked["Puts"]})
            return {"ETag": "2"}
        if operation == "DescribeKeyValueStore" and "KvsARN" in asked:
            return {"ETag": "1"}
        if operation == "CreateFunction":
            self._made = asked
        return original(client, operation, asked)

    def _test(self, asked: dict[str, Any]) -> dict[str, Any]:
        described = clients.client("cloudfront").describe_function(Name=asked["Name"], Stage=asked["Stage"])
        assert asked["IfMatch"] == described["ETag"]
        (store,) = self._made["FunctionConfig"]["KeyValueStoreAssociations"]["Items"]
        held = dict(self.stores.get(store["KeyValueStoreARN"], {}))
        if self.is_late:
            self.is_late -= 1
            held.clear()
        edge = self._running_with(self._made["FunctionCode"])
        edge.hold(held)
        try:
            (request,) = edge.run([json.loads(asked["EventObject"])])
        except FunctionFailed as error:
            return {"TestResult": {"FunctionErrorMessage": str(error), "ComputeUtilization": "0"} | self.result}
        output = json.dumps({"request": request})
        return {"TestResult": {"FunctionOutput": output, "ComputeUtilization": "21"} | self.result}

    def _running_with(self, code: bytes) -> EdgeFunction:
        if code not in self._running:
            path = self._folder / f"viewer_request_{len(self._running)}.js"
            path.write_bytes(code)
            self._running[code] = self._engines.enter_context(edge_function(path, self._engine))
        return self._running[code]


@pytest.fixture
def cloudfront(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edge_engine: str) -> Iterator[CloudFront]:
    assert stack  # moto is there
    simulated = CloudFront(tmp_path, edge_engine)
    original = cast("Callable[..., Any]", getattr(BaseClient, "_make_api_call"))  # noqa: B009 - where calls go out

    def call(client: BaseClient, operation: str, asked: dict[str, Any]) -> Any:
        return simulated.answer(original, client, operation, asked)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    yield simulated
    monkeypatch.setattr(BaseClient, "_make_api_call", original)
    simulated.close()
    assert left() == ([], [])


@pytest.fixture
def deployed(cloudfront: CloudFront) -> Generator[dict[str, str]]:
    """A stack's store, loaded today."""
    api = clients.client("cloudfront")
    arn = api.create_key_value_store(Name=STORE, Comment="")["KeyValueStore"]["ARN"]
    cloudfront.stores[arn] = {"053b2000/20": "ua-occupied", "as16509": "1", "loaded": LOADED}
    cloudfront.seen.clear()
    yield cloudfront.stores[arn]
    etag = api.describe_key_value_store(Name=STORE)["ETag"]
    api.delete_key_value_store(Name=STORE, IfMatch=etag)


def left() -> tuple[list[str], list[str]]:
    """The functions and stores that are there, but for the deployed store."""
    api = clients.client("cloudfront")
    functions = api.list_functions().get("FunctionList", {}).get("Items", [])
    stores = api.list_key_value_stores().get("KeyValueStoreList", {}).get("Items", [])
    return [each["Name"] for each in functions], [each["Name"] for each in stores if each["Name"] != STORE]


def check(code: str | None = None) -> list[str]:
    function = TEMPLATE["Resources"]["ViewerRequestFunction"]
    properties = function["Properties"] | ({"FunctionCode": code} if code else {})
    return candidate.check({"Resources": {"ViewerRequestFunction": {"Properties": properties}}}, STACK, pause=0)


@pytest.mark.usefixtures("deployed")
def test_the_templates_function_passes_on_the_deployed_store(cloudfront: CloudFront) -> None:
    assert check() == ["The edge function's candidate knew 7 places in at most 21 % of its time."]
    assert cloudfront.seen.count("TestFunction") == len(PLACES)
    assert "CreateKeyValueStore" not in cloudfront.seen
    assert "PublishFunction" not in cloudfront.seen
    assert left() == ([], [])


def test_before_the_first_deployment_it_has_a_store_of_its_own(cloudfront: CloudFront) -> None:
    assert check() == ["The edge function's candidate knew 7 places in at most 21 % of its time."]
    assert cloudfront.seen.count("CreateKeyValueStore") == 1
    assert list(cloudfront.stores.values()) == [{"as16509": "1", "loaded": LOADED}]


@pytest.mark.usefixtures("deployed", "cloudfront")
def test_code_that_the_engine_cannot_run_stops_the_deployment() -> None:
    code = TEMPLATE["Resources"]["ViewerRequestFunction"]["Properties"]["FunctionCode"]
    with pytest.raises(CannotDeploy, match=r"(?s)is not deployed.*country RU.*expected ru, came .*SyntaxError"):
        check(code + "\nconst broken = ;\n")


@pytest.mark.usefixtures("deployed", "cloudfront")
def test_each_place_that_comes_out_wrong_is_named_with_what_was_expected_and_what_came() -> None:
    code = TEMPLATE["Resources"]["ViewerRequestFunction"]["Properties"]["FunctionCode"]
    assert "BY_COUNTRY = { RU: 'ru' }" in code
    with pytest.raises(CannotDeploy) as refused:
        check(code.replace("BY_COUNTRY = { RU: 'ru' }", "BY_COUNTRY = { US: 'ru' }"))
    assert str(refused.value).splitlines()[1:] == [
        f"A viewer in country {country}, region not stated, autonomous system 7922: expected {expected}, came {came}. "
        "It took 21 % of its time."
        for country, expected, came in (("RU", "ru", "elsewhere"), ("US", "elsewhere", "ru"))
    ]


@pytest.mark.usefixtures("deployed")
def test_what_the_function_logs_is_said(cloudfront: CloudFront) -> None:
    cloudfront.result = {"FunctionErrorMessage": "it threw", "FunctionExecutionLogs": ["first", "second"]}
    with pytest.raises(CannotDeploy, match=r"It took 21 % of its time and logged: first second\."):
        check()


@pytest.mark.usefixtures("deployed")
def test_keys_that_arrive_late_are_waited_for(cloudfront: CloudFront) -> None:
    cloudfront.is_late = 7
    assert len(check()) == 1
    assert cloudfront.seen.count("TestFunction") > len(PLACES)


@pytest.mark.parametrize("built", [None, "1", (TODAY - dt.timedelta(days=400)).isoformat()])
def test_a_deployed_store_without_networks_of_the_last_year_is_said_and_stops_nothing(
    deployed: dict[str, str], built: str | None
) -> None:
    """The function is right to know no place in Ukraine then; the canary's alarm is about it."""
    deployed.pop("loaded")
    if built:
        deployed["loaded"] = built
    warning, _ = check()
    assert "missing or too old" in warning
    assert "zone.keyvalues --store arn:aws:cloudfront" in warning


def test_a_deployed_store_of_another_law_stops_the_deployment(deployed: dict[str, str]) -> None:
    deployed["loaded"] = f"{TODAY} ru:00000000 {TOLD.split()[1]}"
    with pytest.raises(CannotDeploy, match=r"cannot tell who is in ru, .* zone\.keyvalues --store arn:aws:cloudfront"):
        check()


@pytest.mark.usefixtures("deployed")
def test_what_an_interrupted_run_left_is_replaced(cloudfront: CloudFront) -> None:
    api = clients.client("cloudfront")
    api.create_function(
        Name=f"{STACK}-candidate",
        FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=b"import cf from 'cloudfront';",
    )
    api.create_key_value_store(Name=f"{STACK}-candidate", Comment="")
    assert len(check()) == 1
    assert cloudfront.seen.count("TestFunction") == len(PLACES)


FAULTS = [
    # The first question of either kind is whether something is there, and the answer is an error anyway.
    ("DescribeFunction", "before"),
    ("DescribeKeyValueStore", "before"),
    *itertools.product(
        ("CreateKeyValueStore", "UpdateKeys", "CreateFunction", "GetKey", "TestFunction"), ("before", "after")
    ),
]


@pytest.mark.parametrize(("operation", "moment"), FAULTS)
@pytest.mark.usefixtures("cloudfront")
def test_whatever_call_fails_the_deployment_is_stopped_and_nothing_is_left(
    operation: str, moment: str, breaking: Callable[[str, str], AbstractContextManager[list[str]]]
) -> None:
    with breaking(operation, moment) as made, pytest.raises(CannotDeploy, match=f"could not be tested.*{operation}"):
        check()
    assert made
    assert left() == ([], [])


@pytest.mark.parametrize("operation", ["DeleteFunction", "DeleteKeyValueStore"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.usefixtures("cloudfront")
def test_a_removal_that_fails_is_tried_again(
    operation: str, moment: str, breaking: Callable[[str, str], AbstractContextManager[list[str]]]
) -> None:
    with breaking(operation, moment) as made:
        assert len(check()) == 1
    assert made
    assert left() == ([], [])


@pytest.mark.usefixtures("deployed")
def test_a_candidate_that_cannot_be_removed_is_said_and_stops_no_deployment(
    cloudfront: CloudFront, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call = cast("Callable[..., Any]", getattr(BaseClient, "_make_api_call"))  # noqa: B009 - as above

    def refusing(client: BaseClient, operation: str, asked: dict[str, Any]) -> Any:
        if operation == "DeleteFunction":
            raise EndpointConnectionError(endpoint_url="https://cloudfront.amazonaws.com")
        return call(client, operation, asked)

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", refusing)
        _, sentence = check()
    assert sentence.startswith(f"{STACK}-candidate could not be removed: ")
    assert sentence in capsys.readouterr().err
    assert len(check()) == 1  # the next removes it
    assert cloudfront.seen
