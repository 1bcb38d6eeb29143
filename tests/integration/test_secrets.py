"""Secrets stand where they are read, and not in what Lambda keeps of a function."""

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from content_api.aws import clients
from gateway import template
from gateway.stack import Stack
from operations.versions import ALIAS, KEPT, delete_old, old
from publishing.previews import NoPreview, Previews, PreviewSecret

NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
OLD, NEW, NEWER = (f"a-secret-of-previews-number-{number}-of-the-tests" for number in (1, 2, 3))


def test_no_environment_holds_a_secret_but_readers_whose_start_is_measured() -> None:
    for name, each in template.load()["Resources"].items():
        if each["Type"] == "AWS::Serverless::Function" and name not in template.FOR_READERS:
            assert "resolve:secretsmanager" not in json.dumps(each), name


class Kept:
    """What Secrets Manager holds, how often it was asked, and the time."""

    def __init__(self, *values: str) -> None:
        self.values = values
        self.asked = 0
        self.seconds = 0.0

    def read(self) -> tuple[str, ...]:
        self.asked += 1
        return self.values

    def previews(self) -> Previews:
        return Previews(self.read, clock=lambda: self.seconds)


def test_a_link_signed_after_a_rotation_opens_in_a_process_that_began_before_it() -> None:
    kept = Kept(OLD)
    before = kept.previews()
    link = before.token("en-a", LATER)
    kept.values = (OLD, NEW)
    kept.seconds = 61
    after = kept.previews()
    assert before.opened(after.token("en-b", LATER), now=NOW) == ("en-b", False)
    assert after.opened(link, now=NOW) == ("en-a", False)
    kept.values = (NEW, NEWER)  # and the one before is believed no more
    with pytest.raises(NoPreview):
        kept.previews().opened(link, now=NOW)


def test_links_that_nobody_signed_do_not_make_us_ask_each_time() -> None:
    kept = Kept(NEW)
    previews = kept.previews()
    for _ in range(100):
        with pytest.raises(NoPreview):
            previews.opened("nobody.signed-this", now=NOW)
        kept.seconds += 1
    assert kept.asked == 2


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ({"current": NEW, "previous": "unset"}, (NEW,)),
        ({"current": NEW, "previous": OLD}, (OLD, NEW)),
        ({"current": NEW}, (NEW,)),
        ({"current": "short"}, None),
        ({"current": "unset", "previous": OLD}, None),
        ({"previous": OLD}, None),
    ],
)
def test_the_secret_is_read_as_it_is_kept(
    stack: Stack, content: dict[str, str], values: tuple[str, ...] | None, request: pytest.FixtureRequest
) -> None:
    assert stack
    manager = clients.client("secretsmanager")
    manager.create_secret(Name=request.node.name, SecretString=json.dumps(content))
    secret = PreviewSecret(manager, request.node.name)
    if values is not None:
        assert secret.values() == values
        return
    with pytest.raises(ValueError, match="32 characters") as raised:
        secret.values()
    assert OLD not in str(raised.value)


# ------------------------------------------------------------------------------------------------ Old versions


@given(st.sets(st.integers(1, 60)), st.integers(0, KEPT), st.data())
def test_what_the_alias_serves_stays_and_so_do_some_to_go_back_to(
    versions: set[int], kept: int, data: st.DataObject
) -> None:
    served = set(data.draw(st.lists(st.sampled_from(sorted(versions)), max_size=2)) if versions else [])
    deleted = old(versions, served, kept)
    left = versions - set(deleted)
    assert served <= left
    assert len(left) == min(len(versions), len(served) + kept)
    assert all(gone < each for gone in deleted for each in left - served)


def test_old_versions_of_a_function_are_deleted(stack: Stack) -> None:
    assert stack
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.py", "")
    iam, client = clients.client("iam"), clients.client("lambda")
    role = iam.create_role(RoleName="of-versions", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    name = "with-versions"
    client.create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="a.b", Code={"ZipFile": content.getvalue()}
    )
    for number in range(7):
        client.update_function_configuration(FunctionName=name, Description=str(number))
        client.publish_version(FunctionName=name)
    client.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="2")
    assert list(delete_old(client, name)) == [1, 3, 4]
    listed: Any = client.list_versions_by_function(FunctionName=name)["Versions"]
    assert [each["Version"] for each in listed] == ["$LATEST", "2", "5", "6", "7"]
    with pytest.raises(ClientError):
        client.get_function(FunctionName=name, Qualifier="3")
    assert list(delete_old(client, name)) == []
    # After a rotation there is none to go back to.
    assert list(delete_old(client, name, kept=0)) == [5, 6, 7]
