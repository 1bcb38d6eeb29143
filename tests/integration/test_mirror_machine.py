"""Editors write, move, withdraw and reinstate articles, while messages for the mirror are lost on the way and come
again, late, twice and in any order, S3 fails at any call, before its effect or after it, and another process writes the
mirror in between.

At every step the mirror verifies, and no page of it is without its notice. Once the messages about an article that was
withdrawn were handled, nothing of it comes back. Once all messages were handled, the mirror has what readers have, and
nothing else.
"""

import importlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.integration.test_mirror import Newsroom

from content_api.aws import clients
from content_api.names.mirror_paths import article_path
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from mirroring import committing
from newsdesk.mirrors import manifest_of
from thoroughness import examples

IDS = ["a", "b", "c"]
MONTHS = ["2025-10", "2025-11"]
SECTIONS = ["Culture", "Культура"]
KINDS = ["before", "after", "another"]
type Message = dict[str, Any]


class Failing:
    """S3, which fails at one call that changes something."""

    def __init__(self, at: int, kind: str, another: Callable[[], None]) -> None:
        self._s3, self._left, self._kind, self._another = clients.s3(), at, kind, another

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._s3, name)
        return partial(self._changed, call, name) if name in CHANGING else call

    def _changed(self, call: Callable[..., Any], name: str, **arguments: Any) -> Any:
        self._left -= 1
        if self._left != 0:
            return call(**arguments)
        if self._kind == "another":
            self._another()
            return call(**arguments)
        if self._kind == "before":
            raise ClientError({"Error": {"Code": "SlowDown"}}, name)
        call(**arguments)
        raise ReadTimeoutError(endpoint_url="s3")


CHANGING = ("put_object", "delete_object")


class Machine(RuleBasedStateMachine):
    # Makes a stack for an example; a list, since a function would be a method.
    stacks: ClassVar[list[Callable[[], Stack]]] = []

    @initialize()
    def begin(self) -> None:
        made = self.stacks[-1]()
        self.newsroom = Newsroom(made, Pump(made))
        self.waiting: list[Message] = []
        self.handled: list[Message] = []
        # By id: version, status, month and section.
        self.articles: dict[str, tuple[int, str, str, str]] = {}
        self.gone: set[str] = set()
        self.reinstated: set[str] = set()
        self.another = self.newsroom.stack.functions["MirroringFunction"].load()
        self.newsroom.mirroring = self.newsroom.stack.functions["MirroringFunction"].load()
        self.writer: Any = vars(importlib.import_module("mirroring.app"))["_writer"]

    @rule(article_id=st.sampled_from(IDS), month=st.sampled_from(MONTHS), section=st.sampled_from(SECTIONS))
    def write(self, article_id: str, month: str, section: str) -> None:
        version, status, *_ = self.articles.get(article_id, (0, "published", "", ""))
        if status == "withdrawn":
            return
        date = f"{month}-05T08:00:00Z"
        self.newsroom.save(article_id, version=version, headline=f"{article_id} {version}", published_at=date,
                           section=section)  # fmt: skip
        self.articles[article_id] = (version + 1, "published", month, section)
        self.reinstated.discard(article_id)
        self._hear()

    @rule(article_id=st.sampled_from(IDS))
    def withdraw_or_reinstate(self, article_id: str) -> None:
        if article_id not in self.articles:
            return
        version, status, *place = self.articles[article_id]
        if status == "published":
            self.newsroom.withdraw(article_id, version)
        else:
            self.newsroom.reinstate(article_id, version)
            self.gone.discard(article_id)
            self.reinstated.add(article_id)
        other = "withdrawn" if status == "published" else "published"
        self.articles[article_id] = (version + 1, other, place[0], place[1])
        self._hear()

    @rule(data=st.data(), kind=st.sampled_from(["", *KINDS]), at=st.integers(1, 30))
    def handle(self, data: st.DataObject, kind: str, at: int) -> None:
        """A batch: some that wait, and some that come once more."""
        chosen = data.draw(st.lists(st.sampled_from(self.waiting), max_size=4)) if self.waiting else []
        again = data.draw(st.lists(st.sampled_from(self.handled), max_size=2)) if self.handled else []
        self._hand_over([*again, *chosen], kind, at)

    @rule()
    def handle_all(self) -> None:
        self._hand_over(list(self.waiting), "", 0)
        self._check_whole()

    @rule()
    def an_hour_passes(self) -> None:
        self.newsroom.mirroring({}, LambdaContext())

    def _hear(self) -> None:
        """What the stream says of a write."""
        self.newsroom.pump.turn()
        self.waiting += self.newsroom.messages()

    def _hand_over(self, messages: list[Message], kind: str, at: int) -> None:
        def another() -> None:
            records = [{"messageId": "1", "body": json.dumps(each)} for each in messages]
            self.another({"Records": records}, LambdaContext())

        with pytest.MonkeyPatch.context() as patch:
            if kind:
                patch.setattr(self.writer, "_s3", Failing(at, kind, another))
            answer = self.newsroom.hand_over(*messages)
        if answer["batchItemFailures"]:
            return
        for each in messages:
            if each in self.waiting:
                self.waiting.remove(each)
                self.handled.append(each)
        waiting = {each.get("article") for each in self.waiting}
        self.gone |= {each for each, (_, status, *_) in self.articles.items() if status == "withdrawn"} - waiting

    def _check_whole(self) -> None:
        site = self.newsroom.site
        if not self.articles:
            return
        pages = {path: site.page(path) for path in site.paths() if path.endswith(".html")}
        for article_id, (version, status, month, _) in self.articles.items():
            showing = {path for path, page in pages.items() if f">{article_id} {version - 1}<" in page}
            own = article_path(f"en.{month}", article_id)
            if status == "withdrawn":
                assert not [path for path, page in pages.items() if f"Text of {article_id}." in page]
                assert "withdrawn" in pages[own]
            elif self._is_last_written(article_id):
                assert {own, f"en.{month}/05.day.html", "en/index.html"} <= showing
            else:
                assert f"Text of {article_id}." in pages[own]
        assert not [each for each in manifest_of(site).files.values() if each.was]

    def _is_last_written(self, article_id: str) -> bool:
        """Whether the headline is that of the last version: a reinstated article has an older one."""
        return article_id not in self.reinstated

    @invariant()
    def it_holds(self) -> None:
        if not self.newsroom.site.read("manifest.json"):
            return
        self.newsroom.check()
        for article_id in self.gone:
            for path in self.newsroom.site.paths():
                if "/" in path and not path.startswith("parts/") and path.endswith((".html", ".json")):
                    page = self.newsroom.site.page(path)
                    assert f"Text of {article_id}." not in page, path


@pytest.mark.sampled
def test_whatever_fails_the_mirror_never_lies(
    fresh_stacks: Callable[[], Stack], queues_of_its_own: Callable[[Stack], Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "_AT_ONCE", 1)
    monkeypatch.setattr(committing, "_PAUSE", 0)

    Machine.stacks.append(lambda: queues_of_its_own(fresh_stacks()))
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples(3, 60),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
