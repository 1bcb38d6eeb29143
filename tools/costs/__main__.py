"""`make costs`: writes docs/costs.md from template.yaml, the prices, and the traffic below."""

import json
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from costs.monthly import PRICES, Deployment, Traffic, amounts, deployment, dollars, following, prices, searched
from gateway import template

_CORRECTED = (Fraction(1, 10), Fraction(1, 5), Fraction(3, 10), Fraction(1, 2))
_MILLION = 1_000_000
_SHARDS = 12  # of a language: years, and decades before them
_FLOOD = 100  # searches a second

PAGE = Path(__file__).parents[2] / "docs" / "costs.md"
TRAFFICS = (
    Traffic("small", requests=1_000_000, writes=3_000, articles=20_000, languages=1),
    Traffic("a national newsroom", requests=100_000_000),
    Traffic("27 languages", requests=1_000_000_000, writes=120_000, articles=3_000_000, languages=27),
)


def page() -> str:
    deployed = deployment(template.load())
    stated = json.loads(PRICES.read_text(encoding="utf-8"))
    return "\n".join(
        [
            "# What a month costs",
            "",
            "Made by `make costs` from the prices in tools/costs, the traffic below and template.yaml; a test holds it",
            "to them.",
            "",
            f"{stated['note']} {stated['region']}, {stated['as_of']}.",
            "",
            "## US dollars a month",
            "",
            *_costs(deployed),
            "",
            "## Purging",
            "",
            "What is new purges nothing: lists, fronts and changes end by themselves in 30 seconds. A correction",
            "purges its article, by one tag, since CloudFront charges for each; a withdrawal every answer that it",
            "stood in, twice.",
            "",
            *_saved(deployed),
            "",
            "How many of all writes are corrections or withdrawals is assumed: a tenth, and one in a thousand. No",
            "newsroom was counted. Dollars a month for purging, and its share of the bill, where it is otherwise:",
            "",
            *_sensitivity(deployed),
            "",
            "Purging stays within a tenth of the bill up to so many corrections among the writes:",
            ", ".join(f"{each.name} {_most_corrected(each, deployed):.0%}" for each in TRAFFICS) + ".",
            "",
            "An archive of a million articles imported purges nothing, as all of them are new. It costs",
            f"{_archive(_MILLION, 'writing', deployed)} once, for what is written, and",
            f"{_archive(_MILLION, 'keeping', deployed)} a month to keep. When every write purged eight tags twice,",
            f"it cost {_dollars(_purged_before(_MILLION))} more. Imported again over what readers have, its",
            "corrections are one `/*` in twenty minutes at most while more than 500 tags wait",
            "([limits.md](limits.md)).",
            "",
            "A page of cards that is put together from 30 lists takes 33 queries at most, and some 65 read units,",
            f"where a page of one list takes 3: {_dollars(65 * _MILLION * prices()['dynamodb_read_unit'])} for a",
            "million such pages that the edge does not have.",
            "",
            "## Search",
            "",
            *_search(deployed),
            "",
            "CloudFront's plans at a flat rate, which there are since November 2025, are not counted.",
            "",
            "A firewall (`RequestsPerAddress`) costs 5 for its list, 1 for its rule, and 0.60 for a million requests.",
            "",
            "## Traffic",
            "",
            *_traffic(),
            "",
            "## Prices",
            "",
            "Each was held against a stored page that states it; none of these differed. *Page* is that page, mostly",
            "not AWS's own, whose tables are filled in only when somebody looks at them. *Dated* is the day that the",
            "page states. What was not found is written down from memory. Look at *source* before you decide anything",
            "by these.",
            "",
            *_prices(),
            "",
            "## How much of what, at 27 languages",
            "",
            *_amounts(TRAFFICS[-1], deployed),
            "",
        ]
    )


def _purged_before(writes: int) -> Fraction:
    """Dollars for purging so many writes if each purged eight tags twice, as an earlier release did."""
    return 16 * writes * prices()["cloudfront_invalidation"]


def _saved(deployed: Deployment) -> list[str]:
    before = [_purged_before(each.writes) for each in TRAFFICS]
    now = [dollars(each, deployed)["purging"] for each in TRAFFICS]
    rows = [
        ["when every write purged eight tags twice", *map(_dollars, before)],
        ["now", *map(_dollars, now)],
        ["saved", *[_dollars(then - since) for then, since in zip(before, now, strict=True)]],
    ]
    return _table(["dollars a month for purging", *[each.name for each in TRAFFICS]], rows)


def _sensitivity(deployed: Deployment) -> list[str]:
    cases = [(corrected, Fraction(1, 1000)) for corrected in _CORRECTED] + [(_CORRECTED[0], Fraction(1, 100))]
    rows = [
        [
            f"{float(corrected):.0%} corrected, {float(withdrawn):.1%} withdrawn",
            *[_share(replace(each, corrected=corrected, withdrawn=withdrawn), deployed) for each in TRAFFICS],
        ]
        for corrected, withdrawn in cases
    ]
    return _table(["of the writes", *[each.name for each in TRAFFICS]], rows)


def _share(traffic: Traffic, deployed: Deployment) -> str:
    costs = dollars(traffic, deployed)
    return f"{_dollars(costs['purging'])}, {float(costs['purging'] / sum(costs.values())):.1%}"


def _most_corrected(traffic: Traffic, deployed: Deployment) -> float:
    """The largest share of corrections among the writes (0 to 1) with which purging stays within a tenth of the
    bill.
    """
    for hundredths in range(100, -1, -1):
        costs = dollars(replace(traffic, corrected=Fraction(hundredths, 100)), deployed)
        if costs["purging"] <= sum(costs.values()) / 10:
            return hundredths / 100
    return 0.0


def _search(deployed: Deployment) -> list[str]:
    priced = prices()
    parts = {name: amount * priced[name] * _MILLION for name, amount in searched(deployed).items()}
    million = sum(parts.values(), Fraction(0))
    hour = sum((amount * priced[name] for name, amount in following(_SHARDS).items()), Fraction(0))
    rows = [[name.replace("_", " "), _dollars(each)] for name, each in parts.items()]
    flood = Fraction(_FLOOD * 3600, _MILLION) * million
    return [
        f"A million searches that the edge does not have cost {_dollars(million)}, of which the articles that are",
        "found cost the most, since each is read before it is shown. Each search is assumed to be billed for 40 ms:",
        "",
        *_table(["of a million searches", "dollars"], rows),
        "",
        "The index is in S3, so nothing has to be paid while nobody searches. A process that searches all the time",
        f"asks S3 every 3 seconds for what is new: {_dollars(hour)} an hour for a language of {_SHARDS} shards.",
        "",
        "The edge keeps an answer for 30 seconds, and never keeps that of another `q`. So whoever asks something else",
        f"each time pays nothing and makes us pay: {_FLOOD} such searches a second cost {_dollars(flood)} an hour.",
        "`RequestsPerAddress` bounds what one address can ask, and `SearchesAtOnce` what all can: beyond it a search",
        "is a 503, and readers of articles notice nothing. A question is never longer than 300 characters, and an",
        "answer never has more than 50 articles.",
    ]


def _dollars(amount: Fraction) -> str:
    return f"{float(amount):,.2f}"


def _prices() -> list[str]:
    stated: dict[str, dict[str, Any]] = json.loads(PRICES.read_text(encoding="utf-8"))["prices"]
    rows = [
        [
            name.replace("_", " "),
            f"{each['dollars']:.10f}".rstrip("0").rstrip("."),
            f"{each['per']:,}",
            each["source"],
            each["found"]["page"] if each["found"] else "**not found**",
            (each["found"]["dated"] or "no date") if each["found"] else "",
        ]
        for name, each in stated.items()
    ]
    return _table(["price", "dollars", "for", "source", "page", "dated"], rows)


def _archive(articles: int, purpose: str, deployed: Deployment) -> str:
    """Dollars for one purpose of importing so many articles, each of which is written once."""
    none = Fraction(0)
    imported = Traffic("an archive", requests=0, writes=articles, corrected=none, withdrawn=none, articles=articles)
    return _dollars(dollars(imported, deployed)[purpose])


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _costs(deployed: Deployment) -> list[str]:
    columns = [dollars(each, deployed) for each in TRAFFICS]
    rows = [[purpose, *[f"{float(each[purpose]):,.2f}" for each in columns]] for purpose in columns[0]]
    rows.append(["**all**", *[f"**{float(sum(each.values())):,.2f}**" for each in columns]])
    millions = [
        float(sum(each.values())) * 1e6 / traffic.requests for each, traffic in zip(columns, TRAFFICS, strict=True)
    ]
    rows.append(["for a million requests", *[f"{each:,.2f}" for each in millions]])
    return _table(["", *[each.name for each in TRAFFICS]], rows)


def _traffic() -> list[str]:
    rows = [
        [each.name.replace("_", " "), *[f"{float(getattr(traffic, each.name)):,.10g}" for traffic in TRAFFICS]]
        for each in fields(Traffic)
        if each.name != "name"
    ]
    return _table(["of a month of 30 days", *[each.name for each in TRAFFICS]], rows)


def _amounts(traffic: Traffic, deployed: Deployment) -> list[str]:
    priced = prices()
    rows = [
        [f"{purpose}: {name.replace('_', ' ')}", f"{float(amount):,.0f}", f"{float(amount * priced[name]):,.2f}"]
        for purpose, parts in amounts(traffic, deployed).items()
        for name, amount in parts.items()
    ]
    return _table(["for", "how much", "dollars"], rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
