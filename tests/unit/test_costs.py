"""docs/costs.md is what the prices and the template make it, and the arithmetic is right."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from costs.__main__ import PAGE, TRAFFICS, page
from costs.monthly import PRICES, Deployment, Traffic, amounts, deployment, dollars, following, prices, searched
from gateway import template

DEPLOYED = deployment(template.load())
NOTHING = Deployment(Fraction(1, 2), Fraction(1, 4), Fraction(0), Fraction(2), 0, 0, 0)

traffics = st.builds(
    Traffic,
    name=st.just("any"),
    requests=st.integers(0, 10**10),
    hit_ratio=st.fractions(0, 1),
    writes=st.integers(0, 10**6),
    articles=st.integers(0, 10**7),
)


def test_the_page_is_the_one_that_is_made() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
    assert Path("docs/costs.md").parts == PAGE.parts[-2:]


def test_a_million_requests_that_all_reach_the_api() -> None:
    """By hand: 1.00 for the API, 0.20 for Lambda's requests, 1e6 x 0.012 s x 0.5 GB x 0.0000133334 = 0.0800, 2e6 units
    of reading = 0.25.
    """
    traffic = Traffic("", requests=1_000_000, hit_ratio=Fraction(0))
    assert round(float(dollars(traffic, NOTHING)["reading"]), 4) == 1.5300
    # 1.00 for requests, 0.10 for the function, 0.03 for what it reads of its store, 4 GB at 0.085.
    assert round(float(dollars(traffic, NOTHING)["the edge"]), 4) == 1.4700


def test_a_million_searches() -> None:
    """By hand: 1.47 for the edge as above, but for 6 GB in place of 4: 1.64. 1.00 for the API, 0.20 for Lambda's
    requests, 1e6 x 0.04 s x 2 GB x 0.0000133334 = 1.0667, 40e6 units of reading = 5.00, 1.15 GB of log = 0.575.
    """
    dollars_for_one = sum((amount * prices()[name] for name, amount in searched(NOTHING).items()), Fraction(0))
    assert round(float(dollars_for_one) * 1e6, 4) == 9.4817
    assert following(12) == {"s3_get": 1200 * 13}


def test_the_template_is_counted() -> None:
    assert (DEPLOYED.reading_gigabytes, DEPLOYED.canary_gigabytes) == (Fraction(1, 2), Fraction(1, 4))
    assert DEPLOYED.secrets == 4
    alarms = [each for each in template.load()["Resources"].values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    # Those of a share watch two metrics.
    assert DEPLOYED.alarm_metrics == len(alarms) + 2
    assert DEPLOYED.custom_metrics == 8


def test_purging_is_at_most_a_tenth_of_the_bill() -> None:
    for traffic in TRAFFICS:
        costs = dollars(traffic, DEPLOYED)
        assert costs["purging"] <= sum(costs.values()) / 10, traffic.name


@given(traffics)
def test_twice_the_readers_cost_at_most_twice_as_much_and_never_less(traffic: Traffic) -> None:
    once, twice = dollars(traffic, DEPLOYED), dollars(replace(traffic, requests=2 * traffic.requests), DEPLOYED)
    for purpose, cost in once.items():
        assert cost <= twice[purpose] <= 2 * cost or cost == 0


@given(traffics, st.fractions(0, 1), st.fractions(0, 1))
def test_the_more_the_edge_answers_the_less_it_costs(traffic: Traffic, one: Fraction, other: Fraction) -> None:
    ratios = sorted([one, other])
    more, less = (sum(dollars(replace(traffic, hit_ratio=ratio), DEPLOYED).values()) for ratio in ratios)
    assert less <= more


def test_every_price_is_used_and_has_its_source_and_date() -> None:
    stated = json.loads(PRICES.read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d{4}-\d{2}", stated["as_of"])
    used = {name for parts in amounts(TRAFFICS[0], DEPLOYED).values() for name in parts}
    assert used == stated["prices"].keys() == prices().keys()
    assert all(
        each["source"].startswith("aws.amazon.com/") and each["dollars"] > 0 for each in stated["prices"].values()
    )


def test_the_page_says_of_each_price_where_it_was_found_and_when_or_that_it_was_not() -> None:
    stated: dict[str, Any] = json.loads(PRICES.read_text(encoding="utf-8"))["prices"]
    text = page().partition("## Prices")[2]
    for name, each in stated.items():
        (row,) = [line for line in text.splitlines() if line.startswith(f"| {name.replace('_', ' ')} |")]
        found = each["found"]
        assert (found["page"] if found else "**not found**") in row
        assert not found or (found["dated"] or "no date") in row
        assert not found or found["dated"] is None or re.fullmatch(r"\d{4}(-\d{2}-\d{2})?", found["dated"])


def test_what_is_assumed_of_corrections_is_said_and_what_comes_of_others() -> None:
    """By hand, at 30 % of 30,000 writes: 9,000 tags, and 20 for each of 30 withdrawals, less 1,000 that are free."""
    (row,) = [line for line in page().splitlines() if line.startswith("| 30% corrected")]
    assert row.split(" | ")[2].startswith(f"{(9_000 + 600 - 1_000) * 0.005:.2f}, ")
    national = replace(TRAFFICS[1], corrected=Fraction(3, 10))
    costs = dollars(national, DEPLOYED)
    assert f"{float(costs['purging'] / sum(costs.values())):.1%}" in row


def test_the_traffics_are_told_from_small_to_large() -> None:
    assert all(one.requests < other.requests for one, other in pairwise(TRAFFICS))
