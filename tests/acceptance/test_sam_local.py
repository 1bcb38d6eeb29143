"""`sam local` runs what `make build` built, in containers, and answers as `make run` does."""

import json
import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gateway.events import names_of_saved, saved
from gateway.sam_invoke import TEMPLATE, invoke

if TYPE_CHECKING:
    from conftest import BothServers

ROOT = Path(__file__).parents[2]
# Names of events that are refused.
REFUSED = re.compile("missing|withdrawn|unknown_(parameter|path)|at_fault|post_|oembed_in_xml")
NAMED_HEADERS = [
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "allow",
    "cache-control",
    "content-language",
    "content-type",
    "etag",
    "last-modified",
    "link",
    "location",
    "retry-after",
    "x-amz-meta-cache-tags",
    "x-content-type-options",
]


@pytest.mark.parametrize("name", names_of_saved())
def test_start_api_answers_as_make_run_does(both_servers: "BothServers", name: str) -> None:
    event = both_servers.saved(name)
    expected = both_servers.make_run(event)
    answered = both_servers.sam_local(event)
    assert (expected.status >= HTTPStatus.BAD_REQUEST) == bool(REFUSED.search(name)), expected.status
    assert expected.status not in {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
    assert answered.status == expected.status
    assert answered.body == expected.body
    # SAM's own server invents a content type for answers that have none.
    named = [header for header in NAMED_HEADERS if header != "content-type" or "content-type" in expected.headers]
    assert {header: answered.headers.get(header) for header in named} == {
        header: expected.headers.get(header) for header in named
    }


def test_a_copy_that_is_still_good_is_not_sent_again(both_servers: "BothServers") -> None:
    event = saved("get_article_from_russia")
    event["headers"]["if-none-match"] = both_servers.make_run(event).headers["etag"]
    answered = both_servers.sam_local(event)
    assert (answered.status, answered.body) == (304, b"")


# Not all of them: SAM builds the image anew at each invocation.
@pytest.mark.parametrize("name", ["get_article_from_russia", "get_article_from_lviv", "get_withdrawn_article"])
def test_invoke_answers_a_saved_event(both_servers: "BothServers", name: str) -> None:
    event = saved(name)
    assert both_servers.template == TEMPLATE
    command = invoke(both_servers.sam, ROOT / "events" / f"{name}.json")
    invoked = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    answer = json.loads(invoked.stdout)
    expected = both_servers.make_run(event)
    assert answer["statusCode"] == expected.status
    assert answer.get("body", "").encode() == expected.body


def test_an_article_is_imported_corrected_published_and_withdrawn_in_containers(
    both_servers: "BothServers", tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{both_servers.sam_port}"
    page = tmp_path / "bridge.txt"
    text = "The bridge was opened on Monday after eleven years.\n\nThousands walked across it.\n"
    page.write_text(f"The bridge opens at last\n\n3 May 2004\n\n{text}", encoding="utf-8")
    article = "en-2004-05-03-the-bridge-opens-at-last"

    def command(*arguments: str) -> str:
        asked = [sys.executable, "-m", "newsdesk", "--url", address, *arguments]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert f"created {article}" in command("import", str(page), "--draft")
    assert both_servers.sam_get(f"/v1/articles/{article}").status == 404
    command("patch", article, '{"headline": "The bridge is open"}')
    command("publish", article)
    read = both_servers.sam_get(f"/v1/articles/{article}")
    assert read.status == 200
    assert json.loads(read.body)["headline"] == "The bridge is open"
    command("withdraw", article, "--reason", "An error.")
    assert both_servers.sam_get(f"/v1/articles/{article}").status == 410
    command("reinstate", article)
    assert both_servers.sam_get(f"/v1/articles/{article}").status == 200
