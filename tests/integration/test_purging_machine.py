"""An archive is imported over one that readers have, thousands of corrections at once, while editors withdraw and
CloudFront refuses, throttles or dawdles: a withdrawal never waits for an import, nothing that waits is ever given up,
and everything that was corrected or withdrawn is forgotten in the end.

The two functions that ask CloudFront are those that are deployed. Queues and CloudFront are simulated, so that hours
pass in a moment.
"""

import importlib
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from content_api.content.article import Article
from content_store.editions import edition_of_version
from content_store.versions import Version
from gateway import template
from gateway.pump import filter_of
from gateway.server import LambdaContext
from gateway.stack import Stack
from propagation.effects import edge_purges
from propagation.purges import Edge
from simulated_edge.invalidations import Invalidations
from thoroughness import examples

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

RESOURCES: dict[str, Any] = template.load()["Resources"]
IS_WITHDRAWAL = filter_of(RESOURCES["WithdrawingSource"]["Properties"])
TEN_MINUTES = 600
EVERYTHING = "/*"
_OF_ORDINARY = 1_000  # of the 3,000 paths that CloudFront takes at once
_OF_WITHDRAWALS = 1_900  # and of those, what is left of withdrawals' own part once their front and lists are counted
_numbers = itertools.count(1)


@dataclass
class Message:
    body: str
    visible: float
    received: int = 0


@dataclass
class Queue:
    """A queue of the template, emptied by its function as the template's mapping has it. Seconds."""

    name: str
    source: str
    handler: Handler
    messages: list[Message] = field(default_factory=list[Message])
    dead: list[Message] = field(default_factory=list[Message])

    def __post_init__(self) -> None:
        stated = RESOURCES[self.name]["Properties"]
        mapping = RESOURCES[self.source]["Properties"]
        self._hidden = stated["VisibilityTimeout"]
        self._most = stated["RedrivePolicy"]["maxReceiveCount"]
        self._batch = mapping["BatchSize"]
        self._at_once = mapping["ScalingConfig"]["MaximumConcurrency"]

    def turn(self, now: float) -> bool:
        """One batch for each of the processes; False where nothing is to be had."""
        received = [self._receive(now) for _ in range(self._at_once)]
        return any(received)

    def _receive(self, now: float) -> bool:
        found = [each for each in self.messages if each.visible <= now][: self._batch]
        if not found:
            return False
        for each in found:
            each.received += 1
            each.visible = now + self._hidden
        records = [{"messageId": str(at), "body": each.body, "eventSource": "aws:sqs"} for at, each in enumerate(found)]
        try:
            failed = {
                each["itemIdentifier"]
                for each in self.handler({"Records": records}, LambdaContext())["batchItemFailures"]
            }
        except Exception:  # noqa: BLE001 - what Lambda does with any: all of it comes again
            failed = {record["messageId"] for record in records}
        done = [each for at, each in enumerate(found) if str(at) not in failed]
        given_up = [each for each in found if each not in done and each.received >= self._most]
        self.dead += given_up
        gone = {id(each) for each in (*done, *given_up)}
        self.messages = [each for each in self.messages if id(each) not in gone]
        return True


class Sqs:
    """Of boto3's client what the two functions call; a queue's address is its name."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.queues: dict[str, Queue] = {}

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int = 0) -> None:  # noqa: N803 - AWS's names
        assert 0 <= DelaySeconds <= 900, "SQS delays no message for longer"
        self.queues[QueueUrl].messages.append(Message(MessageBody, self._clock() + DelaySeconds))

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - as above
        assert any(each in QueueUrl.lower() for each in ("index", "mirror")), "purges wait one by one"
        assert len(Entries) <= 10, "SQS takes no more at once"
        return {}

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803 - as above
        assert AttributeNames == ["ApproximateNumberOfMessages"]
        visible = sum(each.visible <= self._clock() for each in self.queues[QueueUrl].messages)
        return {"Attributes": {"ApproximateNumberOfMessages": str(visible)}}


class NoCopies:
    """Copies are another test's."""

    def keep(self, _copy: object) -> bool:
        return True


def item_of(status: str, version: int) -> dict[str, Any]:
    """An article's, as the store makes it; what it says is not needed."""
    article = Article.model_validate(
        {
            "id": "en-any",
            "language": "en",
            "headline": "A Headline",
            "section": "Europe",
            "status": status,
            "published_at": "2025-11-20T08:00:00Z",
            "body": [{"type": "paragraph", "html": "Text."}],
        }
    )
    at = "2025-11-20T12:00:00+00:00"
    made = Version(article.id, version, article.status, at, "", "save", None, None, article, None, None)
    items = edition_of_version(made, "en").items("articles/en-any/000001.json")
    (item,) = [each for each in items if each["sk"]["S"] == "ARTICLE"]
    return {name: value for name, value in item.items() if "B" not in value}


def record_of(article_id: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    number = str(next(_numbers))
    keys = {"pk": {"S": f"ARTICLE#{article_id}"}, "sk": {"S": "ARTICLE"}}
    changed = {"Keys": keys, "OldImage": before | keys, "NewImage": after | keys, "SequenceNumber": number}
    return {"eventID": number, "eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": changed}


PUBLISHED, CORRECTED, DRAFT = (item_of(*each) for each in (("published", 1), ("published", 2), ("draft", 3)))


class Newsroom(RuleBasedStateMachine):
    patch: pytest.MonkeyPatch
    withdrawing: Any
    purging: Any
    deployed: Any = None  # it says what other effects need

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_763_640_000.0
        self.random = Random(0)
        self.cloudfront = Invalidations(lambda: self.now, forget=self.forget)
        self.sqs = Sqs(lambda: self.now)
        self.sqs.queues = {
            "withdrawals": Queue("WithdrawalQueue", "WithdrawalSource", self.withdrawing.lambda_handler),
            "purges": Queue("PurgeQueue", "PurgingSource", self.purging.lambda_handler),
        }
        edge: Any = self.cloudfront
        for module, queue in ((self.withdrawing, "withdrawals"), (self.purging, "purges")):
            self.patch.setattr(module, "_edge", Edge(edge, "E1"))
            self.patch.setattr(module, "_sqs", self.sqs)
            deployed = replace(module._settings, queue=queue)  # noqa: SLF001 - what its variables say, but for the queue
            self.patch.setattr(module, "_settings", deployed)
        for module in (self.withdrawing, self.purging, edge_purges):
            self.patch.setattr(module, "time", SimpleNamespace(time=lambda: self.now))
        self.patch.setattr(self.withdrawing, "_copies", NoCopies())
        self.corrected: dict[str, float] = {}  # tags, and when they were last touched
        self.withdrawn: dict[str, float] = {}  # likewise
        self.forgotten: dict[str, float] = {}  # items, and when the edge last forgot them
        self.asking = ""  # for whom CloudFront is asked right now
        self.asked_by: dict[str, str] = {}  # by reference
        self.most_ordinary = 0  # paths of ordinary purges that were ever in progress at once
        self.numbers = itertools.count()

    @initialize(seed=st.integers(0, 2**32), fill=st.sampled_from([1, 12, 100]))
    def an_archive_is_imported(self, seed: int, fill: int) -> None:
        self.random = Random(seed)
        self.articles_are_corrected(articles=self.random.choice([450, 2_000]), fill=fill)

    def forget(self, item: str) -> None:
        self.forgotten[item] = self.now
        self.asked_by[self.cloudfront.taken[-1].reference] = self.asking
        self.most_ordinary = max(self.most_ordinary, self.in_progress("purges"))

    # ------------------------------------------------------------------------------------ What happens

    @rule(articles=st.sampled_from([1, 3, 40, 600, 4_000]), fill=st.sampled_from([1, 12, 100]))
    def articles_are_corrected(self, articles: int, fill: int) -> None:
        """By an editor, or by an import over what is there. Of the 100 records that the stream gives at once, `fill`
        are of articles; the others are of their lists and changes.
        """
        for ids in itertools.batched(self.new_ids(articles), fill, strict=False):
            records = [record_of(each, PUBLISHED, CORRECTED) for each in ids]
            for message in edge_purges.messages(records, self.deployed):
                self.sqs.send_message(QueueUrl="purges", MessageBody=json.dumps(message))
            self.corrected |= {f"article:{each}": self.now for each in ids}

    @rule(articles=st.sampled_from([1, 1, 2, 30, 120]))
    def articles_are_withdrawn(self, articles: int) -> None:
        """Purged at once, whatever else waits or is going on; unless CloudFront takes nothing, or withdrawals alone
        have filled it.
        """
        may_wait = self.cloudfront.is_throttling or self.in_progress("withdrawals") + 2 * articles > _OF_WITHDRAWALS
        ids = self.new_ids(articles)
        self.withdrawn |= {f"article:{each}": self.now for each in ids}
        self.asking = "withdrawals"
        for some in itertools.batched(ids, 100, strict=False):
            records = [record_of(each, PUBLISHED, DRAFT) for each in some]
            assert all(map(IS_WITHDRAWAL, records))
            assert self.withdrawing.lambda_handler({"Records": records}, LambdaContext()) == {"batchItemFailures": []}
        assert may_wait or all(self.is_forgotten(f"article:{each}") for each in ids)

    @rule(seconds=st.sampled_from([1, 5, 31, 120, 700]))
    def time_passes(self, seconds: int) -> None:
        end = self.now + seconds
        while self.now < end:
            self.everybody_works()
            self.now += min(1 if seconds <= 31 else 10, end - self.now)
        self.everybody_works()

    @rule(throttling=st.booleans())
    def cloudfront_throttles_or_not(self, *, throttling: bool) -> None:
        self.cloudfront.is_throttling = throttling

    @rule(seconds=st.sampled_from([5.0, 60.0, 900.0, 7_200.0]))
    def invalidations_take(self, seconds: float) -> None:
        self.cloudfront.takes = seconds

    def everybody_works(self) -> None:
        """In any order. The processes of one function ask at the same moment what is in progress."""
        for name in self.random.sample(sorted(self.sqs.queues), 2):
            self.asking = name
            for _ in range(5):
                self.cloudfront.seen = list(self.cloudfront.taken)
                if not self.sqs.queues[name].turn(self.now):
                    break
        self.cloudfront.seen = None

    # ------------------------------------------------------------------------------------ What must be true

    @invariant()
    def ordinary_purges_leave_room(self) -> None:
        assert self.most_ordinary <= _OF_ORDINARY

    @invariant()
    def nothing_is_given_up(self) -> None:
        assert not [each for queue in self.sqs.queues.values() for each in queue.dead]

    @invariant()
    def ordinary_purges_forget_everything_at_most_once_in_ten_minutes(self) -> None:
        asked = [
            each.at
            for each in self.cloudfront.taken
            if each.items == [EVERYTHING] and self.asked_by[each.reference] == "purges"
        ]
        assert all(later - earlier >= TEN_MINUTES for earlier, later in pairwise(asked))

    def teardown(self) -> None:
        """CloudFront answers again: withdrawals are forgotten within seconds, and in the end all that waits."""
        self.cloudfront.is_throttling = False
        self.cloudfront.takes = 5.0
        for each in self.cloudfront.in_progress():
            each.completed = min(each.completed, self.now + 5)
        began = self.now
        while any(queue.messages for queue in self.sqs.queues.values()):
            self.everybody_works()
            assert self.now < began + 60 or all(map(self.is_forgotten, self.withdrawn))
            assert self.now < began + 5 * TEN_MINUTES, "something waits for ever"
            self.now += 5
        assert all(map(self.is_forgotten, self.corrected | self.withdrawn))
        self.nothing_is_given_up()
        self.ordinary_purges_forget_everything_at_most_once_in_ten_minutes()

    def new_ids(self, number: int) -> list[str]:
        return [f"en-{next(self.numbers)}" for _ in range(number)]

    def in_progress(self, asking: str) -> int:
        """Paths without a wildcard."""
        return sum(
            len(each.items) - each.wildcards
            for each in self.cloudfront.in_progress()
            if self.asked_by[each.reference] == asking
        )

    def is_forgotten(self, tag: str) -> bool:
        at = self.withdrawn.get(tag) or self.corrected[tag]
        return max(self.forgotten.get(f"#{tag}", 0), self.forgotten.get(EVERYTHING, 0)) >= at


@pytest.mark.sampled
def test_an_import_of_thousands_holds_up_no_withdrawal(stack: Stack) -> None:
    for name in ("WithdrawingFunction", "PurgingFunction"):
        stack.functions[name].load()
    with pytest.MonkeyPatch.context() as patch:
        Newsroom.patch = patch
        Newsroom.withdrawing = importlib.import_module("propagation.withdrawing")
        Newsroom.purging = importlib.import_module("propagation.purging")
        run_state_machine_as_test(
            Newsroom,
            settings=settings(max_examples=examples(4, 8), stateful_step_count=15),
        )
