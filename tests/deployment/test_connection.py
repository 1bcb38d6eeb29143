"""A newsroom's day with a small deployment without CloudFront, through the addresses that came out of it."""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from standardwebhooks import Webhook

from canary.edge import NOBODY
from content_api.aws import clients
from content_api.law.zone import OWN
from content_api.names.feed_addresses import feed_address
from content_api.names.keys import facet
from emulated_aws import released, stacks
from emulated_aws.newsroom import Newsroom, eventually, run
from newsdesk.roles import ROLES
from zone.measure import networks_of


@pytest.fixture(scope="module", autouse=True)
def scheduled(connection: Newsroom) -> str:
    """The id of a draft that is to be published at the next minute but one at the latest, while the others run."""
    connection.done("import", str(connection.article("an-evening-programme")), "--draft")
    now = dt.datetime.now().astimezone()
    minute = (now + dt.timedelta(seconds=75)).strftime("%Y-%m-%d %H:%M")
    connection.done("publish", "en-2026-11-20-an-evening-programme", "--at", minute)
    assert _schedules(connection)
    return "en-2026-11-20-an-evening-programme"


def test_every_resource_of_the_template_came_up_and_no_other(connection: Newsroom) -> None:
    assert connection.deployed.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    assert connection.deployed.types == stacks.expected_types(connection.deployed)


def test_every_route_of_the_template_came_up_and_no_other(connection: Newsroom) -> None:
    for api in ("HttpApi", "EditorialApi"):
        assert stacks.routes(connection.deployed, api) == stacks.expected_routes(connection.deployed, api) != set()


@pytest.mark.skipif(not released.is_there(), reason="a shallow clone: git fetch --unshallow")
def test_articles_of_the_last_release_are_read_after_the_update(connection: Newsroom) -> None:
    read = connection.get("/v1/articles/en-2026-11-20-before-the-update")
    assert read.status == 200
    now, earlier = json.loads(read.body), json.loads((connection.folder / "read-before.json").read_text())
    assert earlier["headline"] == "Before The Update"
    assert {name: now.get(name) for name in earlier if name != "legal_notices"} == {
        name: value for name, value in earlier.items() if name != "legal_notices"
    }
    assert "en-2026-11-20-before-the-update" in _listed(connection)
    assert connection.get("/v1/articles/en-2026-11-20-withdrawn-before").status == 410
    connection.done("patch", "en-2026-11-20-before-the-update", '{"headline": "After the update"}')
    corrected = json.loads(connection.get("/v1/articles/en-2026-11-20-before-the-update").body)
    assert (corrected["headline"], corrected["version"]) == ("After the update", 2)


def test_an_article_is_imported_read_listed_withdrawn_and_reinstated(connection: Newsroom) -> None:
    article = "en-2026-11-20-the-bridge-opens"
    assert f"created {article}" in connection.done("import", str(connection.article("the-bridge-opens")))
    read = connection.get(f"/v1/articles/{article}")
    assert read.status == 200
    content = json.loads(read.body)
    assert content["headline"] == "The Bridge Opens"
    assert article in _listed(connection)

    connection.done("withdraw", article, "--reason", "A wrong date.")
    assert connection.get(f"/v1/articles/{article}").status == 410
    assert article not in _listed(connection)
    assert "withdrawn" in connection.get("/v1/changes?language=en").body.decode()

    connection.done("reinstate", article)
    assert connection.get(f"/v1/articles/{article}").status == 200
    assert article in _listed(connection)


def test_the_address_of_the_connection_decides(connection: Newsroom) -> None:
    (network, *_) = next(iter(networks_of(OWN).values()))
    reasons = {NOBODY: [], str(network[1]): ["jurisdiction"]}
    # This machine, and one of Amazon's, whose network says nothing of a reader.
    reasons |= {"127.0.0.1": ["unknown_location"], "3.80.0.1": ["unknown_location"]}
    article = "/v1/articles/en-2026-11-20-before-the-update"
    for address, expected in reasons.items():
        read = connection.get(article, {"x-emulated-address": address})
        assert [each["reason"] for each in json.loads(read.body)["legal_notices"]] == expected
        assert read.headers["cache-control"] == (f"private, {'no-store' if expected else 'no-cache'}, stale-if-error=0")
        hidden = connection.get(article, {"x-emulated-address": address, "x-forwarded-for": "198.51.100.7"})
        assert [each["reason"] for each in json.loads(hidden.body)["legal_notices"]] == ["unknown_location"]


def test_without_a_domain_addresses_are_the_deployments_own(connection: Newsroom) -> None:
    assert connection.deployed.parameters["PublicUrl"] == ""
    (notice,) = json.loads(connection.get("/v1/articles/en-2026-11-20-before-the-update").body)["legal_notices"]
    page = urlsplit(str(notice["more_information_url"]))
    assert page.hostname == urlsplit(connection.deployed.outputs["ApiUrl"]).hostname
    assert connection.get(page.path).status == 200


def test_feeds_and_embeds_come_from_the_other_function(connection: Newsroom) -> None:
    article = "en-2026-11-20-the-harbour-freezes"
    connection.done("import", str(connection.article("the-harbour-freezes")))
    assert article in connection.get("/feeds/en.rss").body.decode()
    embed = connection.get(f"/embed/articles/{article}")
    assert (embed.status, "undesirable organization" in embed.body.decode()) == (200, True)
    assert connection.get("/v1/nothing-here").status == 404


def test_a_section_has_a_feed_whatever_its_name_is(connection: Newsroom) -> None:
    """HTTP APIs decode a path, and cut it at a question mark."""
    for number, name in enumerate(("Art/Life", "Why?", "100%")):
        connection.done("import", str(connection.article(f"of-section-{number}", section=name)))
        asked = feed_address(connection.readers, "en", facet("section", name), "rss")
        read = connection.get(asked.removeprefix(connection.readers))
        assert (read.status, f"en-2026-11-20-of-section-{number}" in read.body.decode()) == (200, True), name


def test_a_write_is_copied_beside_the_table(connection: Newsroom) -> None:
    connection.done("import", str(connection.article("the-ferry-is-late")))
    copy = "current/en-2026-11-20-the-ferry-is-late.json"
    assert connection.objects("articles/en-2026-11-20-the-ferry-is-late/")
    assert eventually(lambda: copy in connection.objects("current/"))


def test_a_dropped_file_becomes_an_article_and_is_put_away(connection: Newsroom) -> None:
    text = "The library lends seeds\n\nNovember 20, 2026\n\nFifty kinds of seeds may be borrowed from Monday on.\n"
    connection.drop("incoming/en/library.txt", text.encode())
    eventually(lambda: connection.objects("imported/") and not connection.objects("incoming/"))
    assert "The library lends seeds" in connection.get("/v1/articles?language=en").body.decode()


def test_a_dropped_file_that_a_scanner_tagged_is_put_away_too(connection: Newsroom) -> None:
    text = "The museum is warm again\n\nNovember 20, 2026\n\nThe stove, out since March, burns again.\n"
    connection.drop("incoming/en/museum.txt", text.encode(), Tagging="GuardDutyMalwareScanStatus=NO_THREATS_FOUND")
    eventually(lambda: "The museum is warm again" in connection.get("/v1/articles?language=en").body.decode())
    eventually(lambda: not connection.objects("incoming/"))


def test_what_fails_leaves_a_line_that_says_which_class_and_no_content(connection: Newsroom) -> None:
    unreadable = {"detail": {"object": {"key": "incoming/en/never.txt"}}, "who": "a reader's own words"}
    sqs: Any = clients.client("sqs")
    sqs.send_message(QueueUrl=connection.deployed.physical["IncomingQueue"], MessageBody=json.dumps(unreadable))

    def lines() -> list[str]:
        return [line for line in connection.log_lines("PublishingLogGroup") if "KeyError" in line]

    assert not [line for line in eventually(lines) if "own words" in line]


def test_a_dropped_file_that_is_none_is_set_aside_with_the_reason(connection: Newsroom) -> None:
    content = bytes(range(256)) * 8
    connection.drop("incoming/en/picture.bin", content)
    eventually(lambda: connection.objects("rejected/") and not connection.objects("incoming/"))
    s3, bucket = clients.s3(), connection.deployed.outputs["ContentBucket"]
    kept = [s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in connection.objects("rejected/")]
    assert content in kept
    assert any(b'"reason"' in each for each in kept)


def test_a_partner_is_told_of_a_change_and_never_what_it_says(connection: Newsroom) -> None:
    connection.done("import", str(connection.article("the-tram-returns")))

    def messages() -> list[Any]:
        return [each for each in connection.partner.told if b"the-tram-returns" in each.body]

    (told, *_) = eventually(messages)
    Webhook(connection.partner.secret).verify(told.body, told.headers)
    assert b"which nobody may miss" not in told.body


def test_whoever_does_not_sign_or_may_not_call_is_no_editor(connection: Newsroom) -> None:
    api = connection.deployed.outputs["EditorialApiUrl"]
    assert connection.aws.ask("GET", f"{api}/v1/editorial/articles").status == 403
    stranger = _user("a-stranger", None)
    assert connection.command("export", str(connection.folder / "x"), environment=stranger).returncode == 1
    may_call = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    editor = _user("an-editor", {"Version": "2012-10-17", "Statement": [may_call]})
    drafted = connection.command("import", str(connection.article("by-an-editor")), "--draft", environment=editor)
    assert drafted.returncode == 0, drafted.stderr


def test_each_role_may_do_what_its_policy_says_and_is_told_what_is_missing(connection: Newsroom) -> None:
    article = "en-2026-11-20-of-the-roles"
    connection.done("import", str(connection.article("of-the-roles")))
    text = connection.folder / "text.txt"
    text.write_text("By a writer.", encoding="utf-8")
    acts = {
        "reader": ("show", article),
        "writer": ("new", "en", "By a writer", "--text", str(text), "--id", "en-2026-11-20-by-a-writer"),
        "editor": ("withdraw", article, "--reason", "A test."),
        "administrator": ("verify",),
    }
    order = list(ROLES)
    for role in order:
        person = _user(f"a-{role}", None, policy=connection.deployed.outputs[ROLES[role][0]])
        for least in order[order.index(role) :]:
            done = connection.command(*acts[least], environment=person)
            is_refused = f"It takes the role {least}: ask for the policy" in done.stderr
            assert is_refused == (least != role), (role, least, done.stdout, done.stderr)


def test_a_draft_is_published_when_its_schedule_says(connection: Newsroom, scheduled: str) -> None:
    connection.status_becomes(f"/v1/articles/{scheduled}", 200)
    assert not _schedules(connection)


def _schedules(connection: Newsroom) -> list[Any]:
    """What the scheduler is to do and has not done; a schedule deletes itself before its article is published."""
    scheduler: Any = clients.client("scheduler")
    return scheduler.list_schedules(GroupName=f"{connection.deployed.name}-publishing")["Schedules"]


def _user(name: str, stated: dict[str, Any] | None, *, policy: str = "") -> dict[str, str]:
    """The environment of somebody who may do what is stated, or what the policy with that ARN says; nothing without."""
    iam: Any = clients.client("iam")
    iam.create_user(UserName=name)
    if stated:
        iam.put_user_policy(UserName=name, PolicyName="all-of-it", PolicyDocument=json.dumps(stated))
    if policy:
        iam.attach_user_policy(UserName=name, PolicyArn=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def _listed(connection: Newsroom) -> list[str]:
    page = json.loads(connection.get("/v1/articles?language=en&limit=50").body)
    return [each["id"] for each in page["articles"]]


def test_one_parameter_is_changed_and_no_code(connection: Newsroom) -> None:
    def code() -> dict[str, str]:
        functions: Any = clients.client("lambda")
        names = [name for name, kind in connection.deployed.types.items() if kind == "AWS::Lambda::Function"]
        asked = {name: connection.deployed.physical[name] for name in names}
        return {
            name: functions.get_function(FunctionName=each)["Configuration"]["CodeSha256"]
            for name, each in asked.items()
        }

    before = code()
    changed = run("deploying", "set-parameters", "--environment", "staging", "--parameters", "LogRetentionDays=14")
    assert changed.returncode == 0, changed.stdout + changed.stderr
    after = stacks.describe(connection.deployed.name)
    assert after.parameters == connection.deployed.parameters | {"LogRetentionDays": "14"}
    assert after.types == stacks.expected_types(after)
    logs: Any = clients.client("logs")
    groups = [after.physical[name] for name, kind in after.types.items() if kind == "AWS::Logs::LogGroup"]
    kept = {each["logGroupName"]: each["retentionInDays"] for each in logs.describe_log_groups()["logGroups"]}
    assert {kept[group] for group in groups} == {14}
    assert code() == before
    assert connection.get("/v1/articles/en-2026-11-20-before-the-update").status == 200
