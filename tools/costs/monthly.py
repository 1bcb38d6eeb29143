"""How much of each AWS service a month takes, and what that costs. Pure: traffic and prices go in, dollars come out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.json")

_SECONDS = 30 * 24 * 60 * 60
_GB = 10**9
_LOG_LINES_BYTES = 900  # for one request: a line of the gateway, and Lambda's start, end and report
_EDGE_LOG_BYTES = 250
_CANARY_SECONDS = 2  # for each run: three requests to the API, and six places asked at the edge
_CANARY_RUNS = _SECONDS // 120
_POLLS = 5 * 5 * _SECONDS // 20  # queues, pollers of each, long polls of 20 seconds
_HOURS = _SECONDS // 3600
# For a write: what S3 and the table are asked, and how long the function waits for them.
_MIRROR_PUTS, _MIRROR_GETS, _MIRROR_UNITS = 20, 18, 40
_MIRROR_SECONDS = Fraction(3, 2)
_MIRROR_BYTES = 18_000  # for an article: its page and its JSON, and its share of lists and of the manifest
# For a language and an hour: the front as a page and as JSON, two bundles, what says how large they are, and the
# manifest with its parts, twice.
_HOURLY_PUTS, _HOURLY_SECONDS, _FRONT_UNITS = 12, Fraction(3), 20
# Each article of a day is read for two bundles, and each of a week for one.
_DAYS_OF_BUNDLES, _ARTICLE_UNITS = 8, 3
# A search, assumed: a round trip to DynamoDB, and the highlights of a page.
_SEARCH_MILLISECONDS = 40  # billed
_SEARCH_BYTES = 6_000  # on the wire, compressed
_SEARCH_ARTICLES, _SEARCH_ARTICLE_UNITS = 20, 2  # read consistently: up to 8 KB each
_SEARCH_ASKS_AFTER = 3  # seconds (content_search.shards)
# X-Ray samples the first request of each second and 5 % of the others (its default rule).
_SAMPLED = Fraction(5, 100)
# "No additional charge for the first 1,000 paths requested for invalidation each month" (CloudFront's pricing page).
_FREE_PURGES = 1_000


@dataclass(frozen=True, slots=True)
class Traffic:
    """The traffic of a month of 30 days. Bytes and units are averages for an answer, or for a write."""

    name: str
    requests: int  # from readers, at the edge
    hit_ratio: Fraction = Fraction(95, 100)
    answer_bytes: int = 4_000  # on the wire, compressed
    read_units: Fraction = Fraction(2)  # consistent reads of 4 KB: an article takes 1, a list of cards several
    reading_milliseconds: int = 12  # billed
    writes: int = 30_000  # versions of articles
    write_units: int = 64  # for the article, its cards, addresses and the change; a transactional write counts twice
    corrected: Fraction = Fraction(1, 10)  # share of the writes that correct a published article; each purges one tag
    withdrawn: Fraction = Fraction(1, 1000)  # share of the writes
    withdrawn_tags: int = 10  # for a withdrawal, which is purged twice
    languages: int = 3
    articles: int = 500_000
    article_bytes: int = 8_000  # in the table, with its cards
    versions_bytes: int = 60_000  # in S3, of all versions and the copy


@dataclass(frozen=True, slots=True)
class Deployment:
    """Counts in the template that have a price: functions, alarms and so on."""

    reading_gigabytes: Fraction
    canary_gigabytes: Fraction
    mirroring_gigabytes: Fraction
    searching_gigabytes: Fraction
    alarm_metrics: int
    custom_metrics: int
    secrets: int


def deployment(template: Mapping[str, Any]) -> Deployment:
    resources: dict[str, Any] = template["Resources"]
    kinds = [each["Type"] for each in resources.values()]
    alarms = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    watched = [sum("MetricStat" in each for each in alarm.get("Metrics", [])) or 1 for alarm in alarms]
    own = {str(alarm["MetricName"]) for alarm in alarms if alarm.get("Namespace") == "ContentApi"}
    default = template["Globals"]["Function"]["MemorySize"]

    def gigabytes(name: str) -> Fraction:
        return Fraction(resources[name]["Properties"].get("MemorySize", default), 1024)

    return Deployment(
        gigabytes("ReadingFunction"),
        gigabytes("CanaryFunction"),
        gigabytes("MirroringFunction"),
        gigabytes("SearchingFunction"),
        sum(watched),
        len(own),
        kinds.count("AWS::SecretsManager::Secret"),
    )


def amounts(traffic: Traffic, deployed: Deployment) -> dict[str, dict[str, Fraction]]:
    """How much of each priced thing a month takes, by purpose."""
    asked = traffic.requests * (1 - traffic.hit_ratio)
    stored = Fraction(traffic.articles * traffic.article_bytes, _GB)
    seconds = Fraction(traffic.reading_milliseconds, 1000)
    hours = _HOURS * traffic.languages
    return {
        "the edge": {
            "cloudfront_request": Fraction(traffic.requests),
            "cloudfront_function": Fraction(traffic.requests),
            # One read to find out whether the reader's network hides its readers. A reader in Ukraine takes up to six
            # more.
            "cloudfront_store_read": Fraction(traffic.requests),
            "cloudfront_gb": Fraction(traffic.requests * traffic.answer_bytes, _GB),
        },
        "reading": {
            "http_api_request": asked,
            "lambda_request": asked,
            "lambda_gb_second_arm64": asked * seconds * deployed.reading_gigabytes,
            "dynamodb_read_unit": asked * traffic.read_units,
        },
        "writing": {
            "dynamodb_write_unit": Fraction(traffic.writes * traffic.write_units),
            "s3_put": Fraction(traffic.writes * 2),
            "lambda_request": Fraction(traffic.writes * 6),
            "queue_request": Fraction(traffic.writes * 6),
        },
        # For a write that comes alone, as tests/benchmarks/mirror.py counts it. Every hour, the front and the bundles
        # of each language are made anew.
        "the mirror": {
            "s3_put": Fraction(traffic.writes * _MIRROR_PUTS + hours * _HOURLY_PUTS),
            "s3_get": Fraction(traffic.writes * _MIRROR_GETS + hours * _HOURLY_PUTS),
            "lambda_request": Fraction(traffic.writes + hours),
            "lambda_gb_second_arm64": (traffic.writes * _MIRROR_SECONDS + hours * _HOURLY_SECONDS)
            * deployed.mirroring_gigabytes,
            "dynamodb_read_unit": Fraction(traffic.writes * _MIRROR_UNITS)
            + _HOURS
            * (Fraction(traffic.writes * _DAYS_OF_BUNDLES * _ARTICLE_UNITS, 30) + traffic.languages * _FRONT_UNITS),
            "queue_request": Fraction(traffic.writes * 4),
            "s3_gb_month": Fraction(traffic.articles * _MIRROR_BYTES, _GB),
        },
        # A tag counts as a path (CloudFront's developer guide, "Pay for file invalidation").
        "purging": {"cloudfront_invalidation": max(purged(traffic) - _FREE_PURGES, Fraction(0))},
        "keeping": {
            "dynamodb_gb_month": stored,
            "dynamodb_backup_gb_month": stored,
            "s3_gb_month": Fraction(traffic.articles * traffic.versions_bytes, _GB),
        },
        "watching": {
            "log_gb": (asked * _LOG_LINES_BYTES + traffic.requests * _EDGE_LOG_BYTES) / _GB,
            "trace": min(asked, _SECONDS) + max(asked - _SECONDS, Fraction(0)) * _SAMPLED,
            "alarm_metric": Fraction(deployed.alarm_metrics),
            "custom_metric": Fraction(deployed.custom_metrics),
            "dashboard": Fraction(1),
            "lambda_request": Fraction(_CANARY_RUNS),
            "lambda_gb_second_arm64": _CANARY_RUNS * _CANARY_SECONDS * deployed.canary_gigabytes,
            "queue_request": Fraction(_POLLS),
            "secret_month": Fraction(deployed.secrets),
            "key_month": Fraction(1),
        },
    }


def searched(deployed: Deployment) -> dict[str, Fraction]:
    """How much of each priced thing one search takes that the edge does not have. Its page has 20 articles, which are
    read whole, since highlights are made of the text that readers have now.
    """
    return {
        "cloudfront_request": Fraction(1),
        "cloudfront_function": Fraction(1),
        "cloudfront_store_read": Fraction(1),
        "cloudfront_gb": Fraction(_SEARCH_BYTES, _GB),
        "http_api_request": Fraction(1),
        "lambda_request": Fraction(1),
        "lambda_gb_second_arm64": Fraction(_SEARCH_MILLISECONDS, 1000) * deployed.searching_gigabytes,
        "dynamodb_read_unit": Fraction(_SEARCH_ARTICLES * _SEARCH_ARTICLE_UNITS),
        "log_gb": Fraction(_LOG_LINES_BYTES + _EDGE_LOG_BYTES, _GB),
    }


def following(shards: int) -> dict[str, Fraction]:
    """How much an hour takes in which a process of search never rests, beside the searches: every 3 seconds it asks S3
    whether the index of a language has changed.
    """
    return {"s3_get": Fraction(3600 // _SEARCH_ASKS_AFTER * (1 + shards))}


def purged(traffic: Traffic) -> Fraction:
    """Tags that are purged in a month: one for a correction, all (twice) for a withdrawal, none for a new article."""
    return traffic.writes * (traffic.corrected + traffic.withdrawn * traffic.withdrawn_tags * 2)


def prices() -> dict[str, Fraction]:
    """Dollars for one of each."""
    stated = json.loads(PRICES.read_text(encoding="utf-8"))["prices"]
    return {name: Fraction(str(each["dollars"])) / each["per"] for name, each in stated.items()}


def dollars(traffic: Traffic, deployed: Deployment) -> dict[str, Fraction]:
    """Dollars for a month, by purpose."""
    priced = prices()
    return {
        purpose: sum((amount * priced[name] for name, amount in parts.items()), Fraction(0))
        for purpose, parts in amounts(traffic, deployed).items()
    }
