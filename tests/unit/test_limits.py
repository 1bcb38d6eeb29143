"""docs/limits.md says what template.yaml and the code have, and they add up."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from content_api.aws import clients, patience
from content_api.law.hiding import hiding_systems
from content_api.law.law_file import load_law, places_told
from content_api.law.zone import OWN
from content_api.names.quotas import INVALIDATIONS_IN_PROGRESS, STORE_BYTES, STORE_KEYS_AT_ONCE
from gateway import template
from newsdesk import client as newsdesk_client
from propagation import posting, purges
from simulated_edge.engine import FUNCTION, RESPONSE_FUNCTION
from zone import keyvalues
from zone.measure import networks_of

FIRST_DEPLOYMENT = Path(__file__).parents[2] / "docs" / "first-deployment.md"
DOCUMENT = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")
TEMPLATE: dict[str, Any] = template.load()
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
GATEWAY_SECONDS = 30  # HTTP APIs' quota of integrations, which nobody can raise
LONGEST_PAUSE = 1  # seconds before boto3's second attempt: a random part of 2^0 (botocore, retries.standard)


def rows(heading: str) -> list[list[str]]:
    (section,) = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", DOCUMENT, re.DOTALL | re.MULTILINE)
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def timeout(function: str) -> int:
    return int(RESOURCES[function]["Properties"].get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"]))


def reached_by_readers() -> set[str]:
    """The functions behind the public API."""
    return {route.function for route in template.routes(TEMPLATE) if route.api == "HttpApi"}


def seconds_of(value: Any) -> float:
    assert isinstance(value, int | float)
    return value


def test_a_reader_has_an_answer_before_anything_around_it_gives_up() -> None:
    stated = {row[0]: row[1] for row in rows("A reader waits")}
    functions = {name: int(seconds) for name, seconds in stated.items() if name.endswith("Function")}
    of_dynamodb, together, attempt, both_attempts, *_, edge, gateway = stated.values()
    patience_began = patience.Patience(clock=lambda: 0.0)
    assert float(of_dynamodb) == pytest.approx(patience_began.for_dynamodb())
    assert float(together) == patience.SECONDS == patience_began.for_s3()
    waiting: Any = clients.WHILE_A_READER_WAITS
    assert attempt == f"{waiting.connect_timeout} + {waiting.read_timeout}"
    attempts = waiting.retries["total_max_attempts"]
    assert waiting.retries["mode"] == "standard"
    longest = attempts * (waiting.connect_timeout + waiting.read_timeout) + LONGEST_PAUSE
    assert float(both_attempts) == pytest.approx(longest)
    assert float(together) < 1  # seconds: what is promised where everything is gone
    assert functions == {name: timeout(name) for name in reached_by_readers()}
    origins = RESOURCES["Distribution"]["Properties"]["DistributionConfig"]["Origins"]
    (origin,) = (each for each in origins if each["Id"] == "Api")
    assert int(edge) == origin["CustomOriginConfig"]["OriginReadTimeout"]
    assert int(gateway) == GATEWAY_SECONDS
    for seconds in functions.values():
        assert float(together) + longest < seconds < int(edge) < int(gateway)


def test_the_second_purge_comes_after_the_last_answer_from_before_the_write() -> None:
    again = purges.ONCE_MORE_AFTER
    assert f"purged again after {again} seconds" in DOCUMENT
    origins = RESOURCES["Distribution"]["Properties"]["DistributionConfig"]["Origins"]
    (origin,) = (each for each in origins if each["Id"] == "Api")
    slowest = max(map(timeout, reached_by_readers()))
    assert slowest < origin["CustomOriginConfig"]["OriginReadTimeout"] <= again


def test_the_edge_function_and_its_store_keep_to_cloudfronts_quotas() -> None:
    """Most keys' and values' sizes are those of the database in this tree."""
    stated = {row[0]: row[1:3] for row in rows("The edge function")}
    code = stated["bytes of `viewer_request.js` and of `viewer_response.js`, comments and all"]
    for function in (FUNCTION, RESPONSE_FUNCTION):
        assert len(function.read_bytes()) < int(code[0].replace(",", ""))
    assert stated["bytes of a store"] == ["5 MB", f"{keyvalues.MAXIMUM_BYTES:,} at most"]
    assert keyvalues.MAXIMUM_BYTES < STORE_BYTES
    today = dt.date(2026, 11, 25)
    told = places_told(load_law())
    values = keyvalues.wanted(networks_of(OWN), hiding_systems(), today, today, told=told)
    for part, sizes in (("key", map(len, values)), ("value", map(len, values.values()))):
        quota, ours = stated[f"bytes of a {part}"]
        assert max(sizes) == int(ours.split()[0]) < int(quota.replace(",", ""))
    quota, ours = stated["keys in one UpdateKeys"]
    assert int(quota) == int(ours) == STORE_KEYS_AT_ONCE
    calls = -(-len(values) // STORE_KEYS_AT_ONCE)
    assert f"some {calls:,} calls load the zone" in DOCUMENT
    assert f"Some {calls:,} calls of `UpdateKeys`" in FIRST_DEPLOYMENT.read_text(encoding="utf-8")
    reads = max(map(len, keyvalues.LENGTHS.values())) + 3
    assert stated["reads of the store for a request"][1].startswith(f"{reads} at most")
    associated = RESOURCES["ViewerRequestFunction"]["Properties"]["FunctionConfig"]["KeyValueStoreAssociations"]
    assert stated["stores of a function"] == ["1", str(len(associated))]


def test_ordinary_purges_leave_withdrawals_most_of_the_edge() -> None:
    tags, at_once, many, pause = (int(row[1].replace(",", "")) for row in rows("What the edge is asked to forget"))
    assert tags == purges.MOST_ORDINARY * purges.MOST_TAGS <= INVALIDATIONS_IN_PROGRESS / 3
    assert at_once == purges.AT_ONCE == RESOURCES["PurgingSource"]["Properties"]["ScalingConfig"]["MaximumConcurrency"]
    assert (many, pause) == (purges.MANY, purges.ONCE_IN)


def test_an_editor_has_an_answer_before_anything_around_it_gives_up() -> None:
    function, command, gateway, again = (row[1] for row in rows("Editors wait"))
    given = newsdesk_client.TIMEOUT
    retries = newsdesk_client.RETRIES
    assert int(function) == timeout("PublishingFunction")
    assert int(command) == seconds_of(given.read_timeout)
    assert int(gateway) == GATEWAY_SECONDS
    assert again == f"{retries.total} times"
    assert int(function) < int(command) <= int(gateway)


@pytest.mark.parametrize("name", ["Incoming", "Upload", "Withdrawal", "Copy", "Index", "Mirror", "Purge", "Webhook"])
def test_a_message_comes_again_only_when_nobody_can_have_it_any_more(name: str) -> None:
    (row,) = (row for row in rows("Work that comes again") if row[0] == f"{name}Queue")
    _, function, seconds, visibility, batch, at_once, attempts, then = row
    queue = RESOURCES[f"{name}Queue"]["Properties"]
    (source,) = (
        each["Properties"]
        for each in RESOURCES.values()
        if each["Type"] == "AWS::Lambda::EventSourceMapping"
        and each["Properties"]["EventSourceArn"] == {"Fn::GetAtt": [f"{name}Queue", "Arn"]}
    )
    assert source["FunctionName"] == {"Ref": f"{function}.Alias"}
    assert int(seconds) == timeout(function)
    assert int(visibility) == queue["VisibilityTimeout"]
    assert int(batch) == source["BatchSize"]
    assert int(at_once) == source["ScalingConfig"]["MaximumConcurrency"]
    assert int(attempts) == queue["RedrivePolicy"]["maxReceiveCount"]
    assert {"Fn::GetAtt": [then, "Arn"]} == queue["RedrivePolicy"]["deadLetterTargetArn"]
    assert int(visibility) >= 6 * int(seconds)


def test_what_else_comes_again_is_as_it_says() -> None:
    *streams, due, canary = (row for row in rows("Work that comes again") if not row[0].endswith("Queue"))
    assert len(streams) == 2
    for stream, name in zip(streams, ("Propagation", "Withdrawing"), strict=True):
        source = RESOURCES[f"{name}Source"]["Properties"]
        assert stream[1:3] == [f"{name}Function", str(timeout(f"{name}Function"))]
        assert int(stream[4]) == source["BatchSize"]
        assert "ParallelizationFactor" not in source  # one at once for each shard, in order
        assert int(stream[6]) == 1 + source["MaximumRetryAttempts"]
    assert due[1:3] == ["DueFunction", str(timeout("DueFunction"))]
    assert canary[1:3] == ["CanaryFunction", str(timeout("CanaryFunction"))]
    for function in ("DueFunction", "CanaryFunction"):
        assert "EventInvokeConfig" not in RESOURCES[function]["Properties"]  # Lambda's own: three attempts
    assert timeout("CanaryFunction") < 120


def test_every_function_stands_in_a_table() -> None:
    named = {cell for heading in ("A reader waits", "Editors wait") for row in rows(heading) for cell in row[:1]}
    named |= {row[1] for row in rows("Work that comes again")}
    functions = {name for name, each in RESOURCES.items() if each["Type"] == "AWS::Serverless::Function"}
    assert {name for name in named if name.endswith("Function")} == functions


def test_a_partner_is_given_up_before_the_function_is() -> None:
    given = posting.TIMEOUT
    connecting, answering = seconds_of(given.connect_timeout), seconds_of(given.read_timeout)
    assert f"has {connecting} seconds to take a connection and {answering} to answer" in DOCUMENT
    assert connecting + answering < timeout("DeliveringFunction")


def test_the_canary_is_no_flood_for_its_own_firewall() -> None:
    """WAF takes no limit below 10 requests in five minutes."""
    times = -(-5 // 2)  # at most, of every two minutes in five
    assert f"The canary makes {times * 3} at most" in DOCUMENT
    schedule = RESOURCES["CanaryFunction"]["Properties"]["Events"]["EveryTwoMinutes"]["Properties"]["Schedule"]
    assert schedule == "rate(2 minutes)"
    assert times * 3 < 10
    assert f"{purges.MOST_TAGS} tags" in DOCUMENT
