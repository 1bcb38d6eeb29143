"""The edge in template.yaml: what must hold for the notice to arrive, and that breaking any of it is seen."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from gateway import template

TEMPLATE: dict[str, Any] = template.load()
FUNCTION = {"Fn::GetAtt": ["ViewerRequestFunction", "FunctionARN"]}
PICTURES = "/media/*"
RECORDINGS = "/media/*/recording.*"
UNCACHED = ("/v1/legal-notices*", "/mirror/*")
SHORTEST_SECONDS = {
    "/v1/articles/*/related": 30, "/v1/articles/*/posts": 5, "/v1/articles/*": 300, "/embed/articles/*": 300, "*": 30,
    **dict.fromkeys(UNCACHED, 0),
}  # fmt: skip
FORBIDDEN_FIELDS = {
    "c-ip", "cs(User-Agent)", "cs(Referer)", "x-forwarded-for", "cs-uri-query", "c-country", "x-edge-location",
    "cs(Cookie)", "cs-uri-stem", "c-port", "asn", "cs-headers", "x-edge-request-id", "cs-accept-encoding",
}  # fmt: skip


def properties(stack: dict[str, Any], name: str) -> dict[str, Any]:
    return stack["Resources"][name]["Properties"]


def distribution(stack: dict[str, Any]) -> dict[str, Any]:
    return properties(stack, "Distribution")["DistributionConfig"]


def behaviours(stack: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {each["PathPattern"]: each for each in distribution(stack)["CacheBehaviors"]}
    return found | {"*": distribution(stack)["DefaultCacheBehavior"]}


def flaws(stack: dict[str, Any]) -> set[str]:
    """What of the edge's configuration would lose the notice, or keep a reader's data."""
    found: set[str] = set()
    shown = behaviours(stack)
    found |= _flaws_of_media(stack, PICTURES, shown.pop(PICTURES))
    found |= _flaws_of_media(stack, RECORDINGS, shown.pop(RECORDINGS))
    for pattern, behaviour in shown.items():
        associations = behaviour.get("FunctionAssociations", [])
        if [(each["EventType"], each["FunctionARN"]) for each in associations] != [("viewer-request", FUNCTION)]:
            found.add(f"{pattern}: function")
        policy = properties(stack, behaviour["CachePolicyId"]["Ref"])["CachePolicyConfig"]
        key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
        # The second is for the canary, at an address of which nothing is kept.
        names = ["x-viewer-jurisdiction", *(["x-viewer-network"] if pattern in UNCACHED else [])]
        if key["HeadersConfig"] != {"HeaderBehavior": "whitelist", "Headers": names}:
            found.add(f"{pattern}: headers of the key")
        if key["QueryStringsConfig"] != {"QueryStringBehavior": "all"}:
            found.add(f"{pattern}: query of the key")
        if key["CookiesConfig"] != {"CookieBehavior": "none"}:
            found.add(f"{pattern}: cookies")
        if policy["MinTTL"] != SHORTEST_SECONDS.get(pattern):
            found.add(f"{pattern}: minimum TTL")
        request = properties(stack, behaviour["OriginRequestPolicyId"]["Ref"])["OriginRequestPolicyConfig"]
        named = request["HeadersConfig"]
        if named != {
            "HeaderBehavior": "whitelist",
            "Headers": ["CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Region", "CloudFront-Viewer-ASN"],
        }:
            found.add(f"{pattern}: headers for the origin")
    if set(properties(stack, "EdgeLogDelivery")["RecordFields"]) & FORBIDDEN_FIELDS:
        found.add("log fields")
    visible = [properties(stack, "Firewall")["VisibilityConfig"]]
    visible += [rule["VisibilityConfig"] for rule in properties(stack, "Firewall")["Rules"]]
    if any(each["SampledRequestsEnabled"] for each in visible):
        found.add("samples of requests")
    return found


def _flaws_of_media(stack: dict[str, Any], pattern: str, behaviour: dict[str, Any]) -> set[str]:
    """A picture or recording has no notice: one copy serves every place, and the function tells each device whether to
    keep it.
    """
    found: set[str] = set()
    told = {"Fn::GetAtt": ["ViewerResponseFunction", "FunctionARN"]}
    if behaviour.get("FunctionAssociations") != [{"EventType": "viewer-response", "FunctionARN": told}]:
        found.add(f"{pattern}: function")
    policy = properties(stack, behaviour["CachePolicyId"]["Ref"])["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    if key != {
        "EnableAcceptEncodingBrotli": False,
        "EnableAcceptEncodingGzip": False,
        "HeadersConfig": {"HeaderBehavior": "none"},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
    }:
        found.add(f"{pattern}: key")
    if {policy[each] for each in ("MinTTL", "DefaultTTL", "MaxTTL")} != {365 * 86_400}:
        found.add(f"{pattern}: minimum TTL")
    # Without it, CloudFront would not say where the viewer is.
    if behaviour["OriginRequestPolicyId"] != {"Ref": "OriginRequestPolicy"}:
        found.add(f"{pattern}: headers for the function")
    return found


def test_the_edge_has_no_flaw() -> None:
    assert flaws(TEMPLATE) == set()


def test_all_names_of_the_distribution_share_what_the_edge_keeps() -> None:
    """So a purge is for all of them, whoever asked by which name."""
    host = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "PublicUrl"}]}]}
    assert distribution(TEMPLATE)["Aliases"] == {
        "Fn::If": [
            "HasOtherHosts",
            {"Fn::Split": [",", {"Fn::Sub": ["${Host},${OtherHosts}", {"Host": host}]}]},
            [host],
        ]
    }
    for policy in ("ArticleCachePolicy", "ListCachePolicy", "LiveCachePolicy", "MediaCachePolicy", "UncachedPolicy"):
        headers = _key(TEMPLATE, policy)["HeadersConfig"].get("Headers", [])
        assert "host" not in map(str.lower, headers)
    forwarded = properties(TEMPLATE, "OriginRequestPolicy")["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]
    assert "host" not in map(str.lower, forwarded)


@pytest.mark.parametrize(
    ("stated", "is_taken"),
    [
        ("", True),
        ("news.example.net", True),
        ("news.example.net,m.example.com", True),
        ("https://news.example.net", False),
        ("news.example.net, m.example.com", False),
        ("localhost", False),
    ],
)
def test_other_hosts_are_names_and_nothing_else(stated: str, is_taken: bool) -> None:  # noqa: FBT001 - a case
    pattern = TEMPLATE["Parameters"]["OtherHosts"]["AllowedPattern"]
    assert (re.fullmatch(pattern, stated) is not None) == is_taken


def _key(stack: dict[str, Any], policy: str) -> dict[str, Any]:
    return properties(stack, policy)["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]


def _drop_header(stack: dict[str, Any]) -> None:
    _key(stack, "ArticleCachePolicy")["HeadersConfig"] = {"HeaderBehavior": "none"}


def _drop_query(stack: dict[str, Any]) -> None:
    _key(stack, "ListCachePolicy")["QueryStringsConfig"] = {"QueryStringBehavior": "none"}


def _add_behaviour_without_function(stack: dict[str, Any]) -> None:
    added = deepcopy(distribution(stack)["DefaultCacheBehavior"]) | {"PathPattern": "/feeds/*"}
    del added["FunctionAssociations"]
    distribution(stack)["CacheBehaviors"].append(added)


def _take_function_from_default(stack: dict[str, Any]) -> None:
    distribution(stack)["DefaultCacheBehavior"]["FunctionAssociations"] = []


def _take_function_from_embeds(stack: dict[str, Any]) -> None:
    del behaviours(stack)["/embed/articles/*"]["FunctionAssociations"]


def _name_another_header(stack: dict[str, Any]) -> None:
    named = properties(stack, "OriginRequestPolicy")["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]
    named.append("CloudFront-Viewer-Address")


def _let_articles_expire_at_once(stack: dict[str, Any]) -> None:
    properties(stack, "ArticleCachePolicy")["CachePolicyConfig"]["MinTTL"] = 0


def _keep_notices_due(stack: dict[str, Any]) -> None:
    behaviours(stack)["/v1/legal-notices*"]["CachePolicyId"] = {"Ref": "ListCachePolicy"}


def _take_function_from_pictures(stack: dict[str, Any]) -> None:
    del behaviours(stack)[PICTURES]["FunctionAssociations"]


def _keep_pictures_apart(stack: dict[str, Any]) -> None:
    _key(stack, "MediaCachePolicy")["HeadersConfig"] = {"HeaderBehavior": "whitelist", "Headers": ["accept"]}


def _log_addresses(stack: dict[str, Any]) -> None:
    properties(stack, "EdgeLogDelivery")["RecordFields"].append("c-ip")


def _sample_requests(stack: dict[str, Any]) -> None:
    properties(stack, "Firewall")["Rules"][0]["VisibilityConfig"]["SampledRequestsEnabled"] = True


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        (_drop_header, "/v1/articles/*: headers of the key"),
        (_drop_query, "*: query of the key"),
        (_add_behaviour_without_function, "/feeds/*: function"),
        (_take_function_from_default, "*: function"),
        (_take_function_from_embeds, "/embed/articles/*: function"),
        (_name_another_header, "*: headers for the origin"),
        (_let_articles_expire_at_once, "/v1/articles/*: minimum TTL"),
        (_keep_notices_due, "/v1/legal-notices*: minimum TTL"),
        (_take_function_from_pictures, "/media/*: function"),
        (_keep_pictures_apart, "/media/*: key"),
        (_log_addresses, "log fields"),
        (_sample_requests, "samples of requests"),
    ],
)
def test_a_change_that_could_lose_the_notice_or_keep_a_reader_is_seen(
    change: Callable[[dict[str, Any]], None], flaw: str
) -> None:
    changed = deepcopy(TEMPLATE)
    change(changed)
    assert flaw in flaws(changed)


def test_only_the_origin_secret_reaches_the_origin_and_only_by_reference() -> None:
    (origin,) = (each for each in distribution(TEMPLATE)["Origins"] if "OriginCustomHeaders" in each)
    (header,) = origin["OriginCustomHeaders"]
    reference = "{{resolve:secretsmanager:${OriginSecret}:SecretString:%s::${OriginSecretVersion}}}"
    assert header == {"HeaderName": "x-origin-secret", "HeaderValue": {"Fn::Sub": reference % "current"}}
    for function in template.FOR_READERS:
        variables = properties(TEMPLATE, function)["Environment"]["Variables"]
        for half in ("current", "next"):
            assert variables[f"ORIGIN_SECRET_{half.upper()}"]["Fn::If"][1] == {"Fn::Sub": reference % half}


def test_s3_gives_published_recordings_to_this_distribution_and_the_api_says_of_others_why() -> None:
    origin = next(each for each in distribution(TEMPLATE)["Origins"] if each["Id"] == "Recordings")
    assert origin["OriginPath"] == "/published"
    access = properties(TEMPLATE, "RecordingsAccess")["OriginAccessControlConfig"]
    assert (access["SigningBehavior"], access["SigningProtocol"]) == ("always", "sigv4")
    (group,) = distribution(TEMPLATE)["OriginGroups"]["Items"]
    assert [each["OriginId"] for each in group["Members"]["Items"]] == ["Recordings", "Api"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [403, 404]
    shown = behaviours(TEMPLATE)
    assert shown[RECORDINGS]["TargetOriginId"] == group["Id"]
    assert [*shown].index(RECORDINGS) < [*shown].index(PICTURES)
    assert {shown[each]["TargetOriginId"] for each in shown if each != RECORDINGS} == {"Api"}


def test_transport_is_modern_and_encrypted() -> None:
    configuration = distribution(TEMPLATE)
    assert configuration["HttpVersion"] == "http2and3"
    assert configuration["IPV6Enabled"] is True
    assert configuration["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert configuration["Origins"][0]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    for pattern, behaviour in behaviours(TEMPLATE).items():
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert behaviour["Compress"] is (pattern != RECORDINGS)
        assert behaviour["AllowedMethods"] == ["GET", "HEAD", "OPTIONS"]
    security = properties(TEMPLATE, "ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert security.keys() == {
        "StrictTransportSecurity",
        "ContentTypeOptions",
        "ReferrerPolicy",
        "ContentSecurityPolicy",
    }


def test_what_the_edge_refuses_or_cannot_get_is_not_remembered() -> None:
    kept = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in distribution(TEMPLATE)["CustomErrorResponses"]}
    # The codes whose caching CloudFront lets one set, less 416, which it never keeps.
    assert kept.keys() == {400, 403, 404, 405, 414, 500, 501, 502, 503, 504}
    assert all(seconds == 0 for code, seconds in kept.items() if code == 403 or code >= 500)


def test_a_reader_waits_for_one_attempt_to_reach_the_origin() -> None:
    """CloudFront's own default is three attempts of ten seconds."""
    origins = {each["Id"]: each for each in distribution(TEMPLATE)["Origins"]}
    assert {(each["ConnectionAttempts"], each["ConnectionTimeout"]) for each in origins.values()} == {(1, 5)}
    origin = origins["Api"]
    assert origin["ConnectionTimeout"] + origin["CustomOriginConfig"]["OriginReadTimeout"] < 30


def test_every_cache_policy_keeps_compressed_copies_apart() -> None:
    policies = [
        each
        for name, each in TEMPLATE["Resources"].items()
        if each["Type"] == "AWS::CloudFront::CachePolicy" and name != "MediaCachePolicy"  # pictures are compressed
    ]
    for policy in policies:
        key = policy["Properties"]["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
        assert key["EnableAcceptEncodingGzip"] is True
        assert "accept-encoding" not in {name.lower() for name in key["HeadersConfig"]["Headers"]}
    assert len(policies) == 4


def test_without_an_edge_there_is_nothing_of_it() -> None:
    parts = ["AWS::CloudFront::", "AWS::WAFv2::", "AWS::Logs::Delivery"]
    for name, resource in TEMPLATE["Resources"].items():
        if name == "OriginSecret" or any(resource["Type"].startswith(part) for part in parts):
            assert resource["Condition"] in {"UsesEdge", "HasFirewall", "HasEdgeLogs"}, name


def test_a_rotation_reaches_every_resource_that_holds_the_secret() -> None:
    for name, resource in TEMPLATE["Resources"].items():
        if "resolve:secretsmanager:${OriginSecret}" in json.dumps(resource):
            assert "OriginSecretRevision" in json.dumps(resource), name
