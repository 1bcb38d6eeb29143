"""How a deployment is watched and changed, read from template.yaml and from what SAM makes of it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import pytest
from samtranslator.parser.parser import Parser  # pyright: ignore[reportMissingTypeStubs]
from samtranslator.translator.translator import Translator  # pyright: ignore[reportMissingTypeStubs]

from gateway import template

TEMPLATE: dict[str, Any] = template.load()
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
FUNCTIONS = [name for name, each in RESOURCES.items() if each["Type"] == "AWS::Serverless::Function"]
ALARMS = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
EDGE = {"ReaderLocation": "edge", "PublicUrl": "https://content.example.org"}
# A stack that is being made has an alarm before it has a canary.
ONCE_LAUNCHED = {"Fn::If": ["IsLaunched", "breaching", "notBreaching"]}


@cache
def transformed(layer: str = "a", **parameters: str) -> dict[str, Any]:
    """The resources that CloudFormation gets, as a deployment with an edge in us-east-1."""
    stack = template.load()
    stack["Globals"]["Function"]["CodeUri"] = "s3://code/functions.zip"
    for each in of_type("AWS::Serverless::LayerVersion", stack["Resources"]).values():
        each["ContentUri"] = f"s3://code/{layer}.zip"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        return Translator({}, Parser()).translate(stack, EDGE | parameters)["Resources"]  # pyright: ignore[reportUnknownMemberType]


def of_type(kind: str, resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == kind}


def metrics(alarm: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Namespace, name and dimensions of what an alarm watches."""
    stated = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each] or [alarm]
    for each in stated:
        yield each["Namespace"], each["MetricName"], {one["Name"]: one["Value"] for one in each.get("Dimensions", [])}


def watching(namespace: str, metric: str) -> dict[str, list[dict[str, Any]]]:
    """The alarms on a metric, with the dimensions that each watches."""
    found = {name: [d for n, m, d in metrics(alarm) if (n, m) == (namespace, metric)] for name, alarm in ALARMS.items()}
    return {name: dimensions for name, dimensions in found.items() if dimensions}


# ------------------------------------------------------------------------------------------------ Alarms


def test_every_alarm_tells_when_it_begins_and_when_it_is_over() -> None:
    for name, alarm in ALARMS.items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["AlarmDescription"], name
        assert alarm["TreatMissingData"] in ("notBreaching", "breaching", ONCE_LAUNCHED), name


def test_every_function_has_an_alarm_of_its_own_and_shares_one_of_throttles() -> None:
    # They share the account's quota, and so one alarm.
    assert watching("AWS/Lambda", "Throttles") == {"ThrottlesAlarm": [{}]}
    errors = watching("AWS/Lambda", "Errors")
    assert errors.keys() == {f"{name.removesuffix('Function')}ErrorsAlarm" for name in FUNCTIONS}
    for name in FUNCTIONS:
        (dimensions,) = errors[f"{name.removesuffix('Function')}ErrorsAlarm"]
        # The alias's: what a deployment is rolled back by.
        assert dimensions == {"FunctionName": {"Ref": name}, "Resource": {"Fn::Sub": f"${{{name}}}:live"}}


def test_every_dead_letter_is_noticed() -> None:
    (depths, *others) = zip(*watching("AWS/SQS", "ApproximateNumberOfMessagesVisible").values(), strict=True)
    assert not others
    watched = {each["QueueName"]["Fn::GetAtt"][0] for each in depths}
    assert watched == {name for name in RESOURCES if name.endswith("DeadLetters")}
    for name in watched:
        assert ALARMS[f"{name}Alarm"]["Threshold"] == ALARMS[f"{name}Alarm"]["EvaluationPeriods"] == 1


@pytest.mark.parametrize("metric", ["5xx", "Latency"])
def test_both_apis_are_watched(metric: str) -> None:
    watched = [each["ApiId"]["Ref"] for found in watching("AWS/ApiGateway", metric).values() for each in found]
    assert sorted(watched) == ["EditorialApi", "HttpApi"]
    if metric == "Latency":
        assert all(ALARMS[name]["ExtendedStatistic"] == "p99" for name in watching("AWS/ApiGateway", metric))


def test_what_a_write_leads_to_is_watched() -> None:
    assert watching("AWS/Lambda", "IteratorAge") == {
        "IteratorAgeAlarm": [{"FunctionName": {"Ref": "PropagationFunction"}}],
        "WithdrawalAgeAlarm": [{"FunctionName": {"Ref": "WithdrawingFunction"}}],
    }
    # A withdrawal is gone from the edge in seconds, or somebody hears of it in minutes.
    assert ALARMS["WithdrawalAgeAlarm"]["Threshold"] == ALARMS["IteratorAgeAlarm"]["Threshold"] == 60_000
    given_up = watching("AWS/Lambda", "OnFailureDestinationDeliveredEventCount")
    assert given_up == {
        "RecordsGivenUpAlarm": [{"EventSourceMappingUUID": {"Ref": "PropagationSource"}}],
        "WithdrawalsGivenUpAlarm": [{"EventSourceMappingUUID": {"Ref": "WithdrawingSource"}}],
    }
    # Lambda counts them where it is asked to.
    for source in ("PropagationSource", "WithdrawingSource"):
        assert RESOURCES[source]["Properties"]["MetricsConfig"] == {"Metrics": ["EventCount"]}


def test_two_mappings_read_the_stream_and_one_is_of_withdrawals_alone() -> None:
    """DynamoDB's developer guide: no more than two should read from a shard at once, or they are throttled."""
    reading = {
        name: each
        for name, each in of_type("AWS::Lambda::EventSourceMapping", RESOURCES).items()
        if each["EventSourceArn"] == {"Fn::GetAtt": ["ContentTable", "StreamArn"]}
    }
    assert {name: "FilterCriteria" in each for name, each in reading.items()} == {
        "PropagationSource": False,
        "WithdrawingSource": True,
    }


def test_schedules_and_rules_that_fail_are_watched() -> None:
    for metric in ("TargetErrorCount", "InvocationDroppedCount"):
        assert list(watching("AWS/Scheduler", metric).values()) == [[{"ScheduleGroup": {"Ref": "ScheduleGroup"}}]]
    assert watching("AWS/Events", "FailedInvocations")


@pytest.mark.parametrize(
    ("metric", "missing"),
    [("Failures", ONCE_LAUNCHED), ("NoticesMissing", "notBreaching"), ("PlacesWrong", ONCE_LAUNCHED)],
)
def test_the_canarys_counts_are_watched_and_once_readers_come_its_silence_too(metric: str, missing: Any) -> None:
    ((name, dimensions),) = watching("ContentApi", metric).items()
    assert dimensions == [{"service": {"Ref": "AWS::StackName"}}]
    assert ALARMS[name]["TreatMissingData"] == missing
    assert "Condition" not in RESOURCES[name]


def test_an_operator_hears_before_a_source_of_networks_is_too_old() -> None:
    ((name, _),) = watching("ContentApi", "NetworksDaysLeft").items()
    alarm = ALARMS[name]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Minimum", "LessThanThreshold", 60)


def test_the_topic_is_encrypted_with_a_key_that_alarms_may_use() -> None:
    assert RESOURCES["AlarmTopic"]["Properties"]["KmsMasterKeyId"] == {"Ref": "AlarmKey"}
    key = RESOURCES["AlarmKey"]["Properties"]
    assert key["EnableKeyRotation"] is True
    allowed = {json.dumps(each["Principal"]): each["Action"] for each in key["KeyPolicy"]["Statement"]}
    assert allowed['{"Service": "cloudwatch.amazonaws.com"}'] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert RESOURCES["AlarmSubscription"]["Condition"] == "HasAlarmEmail"


# ------------------------------------------------------------------------------------------------ Dashboard


def test_the_dashboard_shows_every_function_and_queue_and_no_logs() -> None:
    body, named = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    content = json.loads(body)
    assert {widget["type"] for widget in content["widgets"]} == {"metric"}
    for name in re.findall(r"\$\{(\w+)[.}]", body):
        assert name in RESOURCES or name in named, name
    for name in FUNCTIONS:
        assert f'"${{{name}}}"' in body
    for name in of_type("AWS::SQS::Queue", RESOURCES):
        assert f'"${{{name}.QueueName}}"' in body
    places = [(widget["x"], widget["y"]) for widget in content["widgets"]]
    assert len(set(places)) == len(places)


# ------------------------------------------------------------------------------------------------ Deployments


def test_every_function_is_called_by_its_alias_alone() -> None:
    """What called the function itself would go around a deployment, and around a roll-back."""
    resources = transformed()
    unqualified = set(FUNCTIONS)
    for kind, named in (
        ("AWS::Lambda::EventSourceMapping", "FunctionName"),
        ("AWS::Lambda::Permission", "FunctionName"),
    ):
        for name, each in of_type(kind, resources).items():
            assert each[named]["Ref"].endswith("Aliaslive"), name
    for name, rule in of_type("AWS::Events::Rule", resources).items():
        for target in rule["Targets"]:
            assert not unqualified & set(re.findall(r"\w+Function\b", json.dumps(target["Arn"]))), name
    for api in of_type("AWS::ApiGatewayV2::Api", resources).values():
        uris = re.findall(r"functions/\$\{(\w+)", json.dumps(api["Body"]))
        assert uris
        assert all(uri.endswith("Aliaslive") for uri in uris)
    publishing = resources["PublishingFunction"]["Properties"]["Environment"]["Variables"]
    assert publishing["DUE_FUNCTION"] == {"Ref": "DueFunctionAliaslive"}
    (statement,) = resources["SchedulerRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert {"Ref": "DueFunctionAliaslive"} in statement["Resource"]


def test_every_deployment_is_gradual_and_goes_back_on_an_alarm() -> None:
    resources = transformed()
    at_once = {"DueFunction", "CanaryFunction"}  # which are called too seldom for a tenth to show anything
    for name in FUNCTIONS:
        group = resources[f"{name}DeploymentGroup"]["Properties"]
        alarms = {each["Name"]["Ref"] for each in group["AlarmConfiguration"]["Alarms"]}
        assert {f"{name.removesuffix('Function')}ErrorsAlarm", "CanaryFailedAlarm", "NoticeMissingAlarm"} <= alarms
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        expected = "AllAtOnce" if name in at_once else "Canary10Percent5Minutes"
        assert group["DeploymentConfigName"]["Fn::Sub"][1] == {"ConfigName": expected}
        assert "CodeDeployLambdaAliasUpdate" in resources[f"{name}Aliaslive"]["UpdatePolicy"]
    # What readers are told is wrong is no error of Lambda's.
    reading = json.dumps(resources["ReadingFunctionDeploymentGroup"])
    assert "ReadingProblemsAlarm" in reading


def test_what_mends_the_cause_of_an_alarm_can_be_deployed_during_it() -> None:
    resources = transformed(GradualDeployment="false")
    assert not of_type("AWS::CodeDeploy::DeploymentGroup", resources)
    assert all("UpdatePolicy" not in resources[f"{name}Aliaslive"] for name in FUNCTIONS)


def _versions(resources: dict[str, Any]) -> dict[str, str]:
    """What makes a new version of each function where it changes."""
    return {
        each["FunctionName"]["Ref"]: f"{name} {json.dumps(each.get('Description'))}"
        for name, each in of_type("AWS::Lambda::Version", resources).items()
    }


def test_cloudformation_leaves_old_versions_for_us_to_delete() -> None:
    """So that an alias can go back during a gradual deployment (`operations.versions` deletes them after it)."""
    kept = {each.get("DeletionPolicy") for each in transformed().values() if each["Type"] == "AWS::Lambda::Version"}
    assert kept == {"Retain"}


def test_a_change_of_the_layer_alone_reaches_every_function() -> None:
    """Most code is in the layer, and SAM makes a version for it only where it is told to."""
    before, after = _versions(transformed()), _versions(transformed(layer="b"))
    assert before.keys() == after.keys() == set(FUNCTIONS)
    assert all(before[name] != after[name] for name in FUNCTIONS)


def _parameters_in(part: Any) -> set[str]:
    """The template's parameters that a part of it depends on, by way of conditions too."""
    found: set[str] = set()
    match part:
        case {"Fn::If": [str(condition), *rest]}:
            found |= _parameters_in(TEMPLATE["Conditions"][condition]) | _parameters_in(rest)
        case {"Condition": str(condition)}:
            found |= _parameters_in(TEMPLATE["Conditions"][condition])
        case {"Ref": str(name)}:
            found.add(name)
        case {"Fn::Sub": str(text)}:
            found |= set(re.findall(r"\$\{(\w+)\}", text))
        case dict():
            for each in cast("dict[str, Any]", part).values():
                found |= _parameters_in(each)
        case list():
            for each in cast("list[Any]", part):
                found |= _parameters_in(each)
        case _:
            pass
    return found & TEMPLATE["Parameters"].keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_parameter_that_an_environment_is_made_of_makes_a_version_when_it_changes(name: str) -> None:
    """Else the alias would go on with the old value: after a rotation, with a secret that the edge sends no more. And
    nothing else may: Lambda refuses a version in which nothing has changed.
    """
    stated = RESOURCES[name]["Properties"]
    assert stated["AutoPublishAliasAllProperties"] is True
    # Which version of a secret is read changes only with its revision (python -m origin_secret), and has no room there.
    made_of = _parameters_in(stated.get("Environment")) - {"OriginSecretVersion"}
    assert made_of == _parameters_in(stated.get("VersionDescription"))


def _longest(part: Any) -> int:
    """The length of the longest text that a part of the template can become."""
    match part:
        case {"Fn::If": [_, *rest]}:
            return max(map(_longest, rest))
        case {"Ref": str(name)}:
            stated = TEMPLATE["Parameters"][name]
            return int(stated.get("MaxLength", max(map(len, stated.get("AllowedValues", ["x" * 17])))))
        case {"Fn::Sub": str(text)}:
            references = re.findall(r"\$\{(\w+)\}", text)
            return len(re.sub(r"\$\{\w+\}", "", text)) + sum(_longest({"Ref": each}) for each in references)
        case {"Fn::Join": ["", {"Fn::Split": [str(removed), {"Ref": str(name)}]}]}:
            assert TEMPLATE["Parameters"][name]["AllowedPattern"].startswith(f"^({removed}")
            return _longest({"Ref": name}) - len(removed)
        case {"Fn::Join": [str(between), [*parts]]}:
            return len(between) * (len(parts) - 1) + sum(map(_longest, parts))
        case _:
            raise TypeError(part)


def test_what_describes_a_version_fits() -> None:
    described = [RESOURCES[name]["Properties"].get("VersionDescription") for name in FUNCTIONS]
    assert max(_longest(each) for each in described if each) <= 256  # Lambda's API reference, PublishVersion


def test_a_rotation_of_the_secret_makes_a_version_of_every_function_that_holds_it() -> None:
    resources = transformed()
    holders = {name for name in FUNCTIONS if "resolve:secretsmanager:${OriginSecret}" in json.dumps(RESOURCES[name])}
    assert "ReadingFunction" in holders
    for name, each in of_type("AWS::Lambda::Version", resources).items():
        if each["FunctionName"]["Ref"] in holders:
            assert "OriginSecretRevision" in _parameters_in(each["Description"]), name


# ------------------------------------------------------------------------------------------------ Tracing, and limits


def test_an_api_may_call_a_function_by_one_permission() -> None:
    """As Lambda writes a function's policy, which ends at 20 KB (Lambda's developer guide, "Quotas")."""
    statements: dict[str, list[dict[str, Any]]] = {name: [] for name in FUNCTIONS}
    for name, each in of_type("AWS::Lambda::Permission", transformed()).items():
        function = each["FunctionName"]["Ref"].removesuffix("Aliaslive")
        statements[function].append(
            {
                "Sid": f"{'a-stack-of-a-long-name-':<60}{name}-{'x' * 13}",
                "Effect": "Allow",
                "Principal": {"Service": each["Principal"]},
                "Action": each["Action"],
                "Resource": f"arn:aws:lambda:us-east-1:123456789012:function:{'x' * 64}:live",
                "Condition": {"ArnLike": {"AWS:SourceArn": each["SourceArn"]}},
            }
        )
    for name, each in statements.items():
        sources = [json.dumps(statement["Condition"]) for statement in each]
        assert len(sources) == len(set(sources)) <= 1, name
        assert len(json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": each})) < 1_000, name
    assert {route.function for route in template.routes(TEMPLATE)} <= {
        name for name, each in statements.items() if each
    }


def test_what_editors_call_is_signed() -> None:
    """Whatever SAM makes of the API: what is not named here is open to whoever knows the address."""
    body = transformed()["EditorialApi"]["Properties"]["Body"]
    unsigned = {
        f"{method.upper()} {path}"
        for path, operations in body["paths"].items()
        for method, operation in operations.items()
        if operation["security"] != [{"AWS_IAM": []}]
    }
    assert unsigned == {"GET /v1/previews/{token}"}
    # Who signs is told of a wrong path or method; API Gateway refuses everybody else, at no function's cost.
    assert body["paths"]["$default"]["x-amazon-apigateway-any-method"]["isDefaultRoute"] is True
    assert body["components"]["securitySchemes"]["AWS_IAM"]["x-amazon-apigateway-authtype"] == "awsSigv4"


def test_traces_are_lambdas_own() -> None:
    """They hold which function ran, when, how long and whether it failed. An API's own would hold addresses and paths
    (X-Ray's developer guide, "Segment documents"); HTTP APIs have none, and here nothing else makes any.
    """
    assert TEMPLATE["Globals"]["Function"]["Tracing"] == "Active"
    resources = transformed()
    assert not of_type("AWS::Serverless::Api", RESOURCES)
    assert not of_type("AWS::ApiGateway::Stage", resources)
    assert {each["TracingConfig"]["Mode"] for each in of_type("AWS::Lambda::Function", resources).values()} == {
        "Active"
    }


def test_the_template_is_one_that_cloudformation_takes() -> None:
    resources = transformed()
    assert len(resources) < 500  # CloudFormation's quotas
    assert template.PATH.stat().st_size < 1_000_000
    assert len(json.dumps(resources)) < 1_000_000
