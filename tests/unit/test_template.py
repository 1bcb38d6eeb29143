"""What the template promises, read from template.yaml itself."""

import json
import re
from typing import Any

import pytest

from gateway import template
from imaging.serving.routes import ROUTES as MEDIA
from reading.routes import ROUTES, SURFACE
from searching.routes import ROUTES as SEARCHING
from syndication.routes import ROUTES as SYNDICATION

TEMPLATE: dict[str, Any] = template.load()
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]


def properties(name: str) -> dict[str, Any]:
    return RESOURCES[name]["Properties"]


def test_routes_are_those_that_the_reading_function_answers_and_the_one_for_404_and_405() -> None:
    keys = [route.key for route in template.routes(TEMPLATE) if route.function == "ReadingFunction"]
    assert sorted(keys) == sorted(
        ["$default", *(f"{method} {route.path}" for method in ("GET", "HEAD") for route in ROUTES)]
    )


def test_search_alone_may_have_a_bound_and_has_none_unless_stated() -> None:
    resources = template.load()["Resources"]
    reserved = {
        name for name, each in resources.items() if "ReservedConcurrentExecutions" in each.get("Properties", {})
    }
    assert reserved == {"SearchingFunction"}
    assert template.load()["Parameters"]["SearchesAtOnce"]["Default"] == 0


def test_no_route_ends_with_a_slash() -> None:
    """API Gateway refuses such a key, and SAM leaves the route out (its issue 1949)."""
    assert not [route.key for route in template.routes(template.load()) if route.key.endswith("/")]


def test_routes_of_the_syndication_function_are_those_that_it_answers() -> None:
    keys = [route.key for route in template.routes(TEMPLATE) if route.function == "SyndicationFunction"]
    assert sorted(keys) == sorted(f"{method} {route.path}" for method in ("GET", "HEAD") for route in SYNDICATION)


def test_routes_of_the_searching_function_are_those_that_it_answers() -> None:
    keys = [route.key for route in template.routes(TEMPLATE) if route.function == "SearchingFunction"]
    assert sorted(keys) == sorted(f"{method} {route.path}" for method in ("GET", "HEAD") for route in SEARCHING)


def test_routes_of_the_function_of_pictures_are_those_that_it_answers() -> None:
    keys = [route.key for route in template.routes(TEMPLATE) if route.function == "MediaFunction"]
    assert sorted(keys) == sorted(f"{method} {route.path}" for method in ("GET", "HEAD") for route in MEDIA)


def test_who_answers_404_and_405_knows_the_paths_of_all_functions() -> None:
    assert SURFACE.others == tuple(route.path for route in (*SYNDICATION, *SEARCHING, *MEDIA))


@pytest.mark.parametrize("function", ["ReadingFunction", "SyndicationFunction"])
def test_functions_for_readers_may_only_read_what_they_read(function: str) -> None:
    (policy,) = properties(function)["Policies"]
    table, bucket = policy["Statement"]
    assert table["Action"] == ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]
    assert table["Resource"] == {"Fn::GetAtt": ["ContentTable", "Arn"]}
    assert bucket["Action"] == "s3:GetObject"
    assert json.dumps(bucket["Resource"]).count("/documents/*") == 1
    assert all(statement["Effect"] == "Allow" for statement in policy["Statement"])


def test_all_functions_for_readers_learn_of_their_place_in_the_same_way() -> None:
    own = {"PUBLISHER_LOGO", "PUBLISHER_NAME", "PUBLISHER_URL", "WEBSUB_HUB", "FEED_ID_DOMAIN"}
    reading, syndication, searching, media = (
        {name: value for name, value in properties(each)["Environment"]["Variables"].items() if name not in own}
        for each in template.FOR_READERS
    )
    assert reading == syndication == searching == media


def test_access_logs_hold_nothing_about_the_reader() -> None:
    logged = set(re.findall(r"\$context\.[\w.]+", properties("HttpApi")["AccessLogSettings"]["Format"]))
    assert logged == {
        "$context.requestTimeEpoch",
        "$context.requestId",
        "$context.routeKey",
        "$context.status",
        "$context.responseLength",
        "$context.responseLatency",
        "$context.integrationLatency",
        "$context.integrationErrorMessage",
    }
    json.loads(properties("HttpApi")["AccessLogSettings"]["Format"])


def test_every_log_group_forgets() -> None:
    groups = {name: each for name, each in RESOURCES.items() if each["Type"] == "AWS::Logs::LogGroup"}
    functions = [each for each in RESOURCES.values() if each["Type"] == "AWS::Serverless::Function"]
    # A function that names none gets one of Lambda's, which keeps everything for ever.
    written = {each["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for each in functions}
    assert groups.keys() == written | {"AccessLogGroup", "EdgeLogGroup"}
    assert all("RetentionInDays" in group["Properties"] for group in groups.values())


def test_there_is_no_default_for_where_the_readers_location_comes_from() -> None:
    location = TEMPLATE["Parameters"]["ReaderLocation"]
    assert "Default" not in location
    assert location["AllowedValues"] == ["edge", "connection"]


def test_functions_run_on_arm64_unless_told_otherwise() -> None:
    assert TEMPLATE["Parameters"]["Architecture"]["Default"] == "arm64"


def test_the_table_can_be_restored_and_is_protected_from_deletion_by_make_deploy() -> None:
    table = properties("ContentTable")
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    # Deploying it switches that on: in the template it would make the rollback of a first deployment fail.
    assert "DeletionProtectionEnabled" not in table
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"


def test_content_outlives_the_stack_and_nothing_outlives_a_first_deployment_that_fails() -> None:
    """What is kept then would be in nobody's stack, and in the way of the next attempt where it has a name."""
    policies = {name: each.get("DeletionPolicy", "Delete") for name, each in RESOURCES.items()}
    kept = {name: policy for name, policy in policies.items() if policy != "Delete"}
    assert kept == {"ContentTable": "RetainExceptOnCreate", "ContentBucket": "RetainExceptOnCreate"}
    assert {RESOURCES[name]["UpdateReplacePolicy"] for name in kept} == {"Retain"}


def test_what_has_no_address_of_its_own_is_told_that_of_the_api_by_the_template_or_by_each_request() -> None:
    """HttpApi calls the first two, so that their environment cannot name it."""
    own = {"Fn::Sub": "https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
    addressed = {
        name: each["Properties"]["Environment"]["Variables"]["PUBLIC_URL"]
        for name, each in RESOURCES.items()
        if "PUBLIC_URL" in each.get("Properties", {}).get("Environment", {}).get("Variables", {})
    }
    asked_there = {route.function for route in template.routes(TEMPLATE) if route.function in addressed}
    asked_there -= {"PublishingFunction"}  # at the editorial API
    for name, stated in addressed.items():
        empty = {"Ref": "PublicUrl"}
        assert stated == (empty if name in asked_there else {"Fn::If": ["HasPublicUrl", {"Ref": "PublicUrl"}, own]})


def test_the_bucket_keeps_every_version_encrypted_and_to_itself() -> None:
    bucket = properties("ContentBucket")
    assert bucket["VersioningConfiguration"]["Status"] == "Enabled"
    assert bucket["BucketEncryption"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    statement, of_the_edge = properties("ContentBucketPolicy")["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
    condition, reads, nothing = of_the_edge["Fn::If"]
    assert (condition, nothing) == ("UsesEdge", {"Ref": "AWS::NoValue"})
    assert (reads["Action"], reads["Principal"]) == ("s3:GetObject", {"Service": "cloudfront.amazonaws.com"})
    assert reads["Resource"] == {"Fn::Sub": "${ContentBucket.Arn}/published/media/*"}
    assert "distribution/${Distribution}" in reads["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"]


def test_layers_are_built_for_the_architecture_they_are_deployed_to() -> None:
    layers = [each for each in RESOURCES.values() if each["Type"] == "AWS::Serverless::LayerVersion"]
    assert len(layers) == 7
    assert all(layer["Metadata"]["BuildArchitecture"] == {"Ref": "Architecture"} for layer in layers)


def test_readers_wait_for_our_own_code_alone() -> None:
    assert TEMPLATE["Globals"]["Function"]["Layers"] == [{"Ref": "ContentApiLayer"}]
    for name, each in RESOURCES.items():
        if each["Type"] == "AWS::Serverless::Function" and name not in template.FOR_READERS:
            own = {
                "ImagingFunction": "ImagingLayer",
                "IndexingFunction": "SearchLayer",
                "MirroringFunction": "MirroringLayer",
            }
            # The canary reads as a reader does; all others write.
            store = [] if name == "CanaryFunction" else ["StoreLayer"]
            expected = ["LibrariesLayer", *store, *([own[name]] if name in own else [])]
            assert each["Properties"]["Layers"] == [{"Ref": layer} for layer in expected], name
    # Pictures are made by libraries, for the first reader who asks; the others get them from S3.
    own_layers = {
        "SearchingFunction": ["SearchLayer"],
        "MediaFunction": ["LibrariesLayer", "StoreLayer", "ImagingLayer"],
    }
    # The databases of networks are for deployments without an edge.
    for name in template.FOR_READERS:
        *own, places = properties(name)["Layers"]
        assert own == [{"Ref": each} for each in own_layers.get(name, [])]
        assert places["Fn::If"] == ["UsesConnection", {"Ref": "PlacesLayer"}, {"Ref": "AWS::NoValue"}]
    assert RESOURCES["PlacesLayer"]["Condition"] == "UsesConnection"


def test_a_file_is_given_up_before_its_message_is_a_dead_letter() -> None:
    # intake.give_up has the last delivery for itself.
    for queue in ("IncomingQueue", "UploadQueue"):
        assert properties(queue)["RedrivePolicy"]["maxReceiveCount"] == 5
    # A message comes again only when the function that has it must have ended (Lambda's developer guide: six times).
    for queue, function in (
        ("IncomingQueue", "ImportingFunction"),
        ("UploadQueue", "ImagingFunction"),
        ("MirrorQueue", "MirroringFunction"),
        ("WebhookQueue", "DeliveringFunction"),
    ):
        assert properties(queue)["VisibilityTimeout"] >= 6 * properties(function)["Timeout"]
    assert properties("PurgeQueue")["VisibilityTimeout"] >= 6 * TEMPLATE["Globals"]["Function"]["Timeout"]


def test_every_queue_has_its_dead_letters() -> None:
    queues = {name for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"}
    # What schedules call has dead letters, and Lambda's own queue before them.
    assert queues == {"DueDeadLetters"} | {
        f"{name}{end}"
        for name in ("Incoming", "Upload", "Withdrawal", "Copy", "Index", "Mirror", "Purge", "Webhook")
        for end in ("Queue", "DeadLetters")
    }
    assert properties("DueFunction")["DeadLetterQueue"] == {
        "Type": "SQS",
        "TargetArn": {"Fn::GetAtt": ["DueDeadLetters", "Arn"]},
    }
    for name in queues:
        assert properties(name)["SqsManagedSseEnabled"] is True
        dead = properties(name).get("RedrivePolicy", {}).get("deadLetterTargetArn")
        assert dead == (
            {"Fn::GetAtt": [name.replace("Queue", "DeadLetters"), "Arn"]} if name.endswith("Queue") else None
        )


def test_records_that_fail_are_kept_whole_and_hold_up_the_others_only_so_long() -> None:
    for name in ("PropagationSource", "WithdrawingSource"):
        _holds_up_only_so_long(properties(name))


def _holds_up_only_so_long(source: dict[str, Any]) -> None:
    assert source["BisectBatchOnFunctionError"] is True
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["ContentBucket", "Arn"]}
    assert 0 < source["MaximumRetryAttempts"] <= 20
