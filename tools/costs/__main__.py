"""`make costs`: docs/costs.md, from template.yaml, the prices and these traffics."""

import json
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

from costs.monthly import PRICES, Deployment, Traffic, amounts, deployment, dollars, prices
from gateway import template

PAGE = Path(__file__).parents[2] / "docs" / "costs.md"
TRAFFICS = (
    Traffic("small", requests=1_000_000, writes=3_000, articles=20_000),
    Traffic("a national newsroom", requests=100_000_000),
    Traffic("27 languages", requests=1_000_000_000, writes=120_000, articles=3_000_000),
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
            "What is new purges nothing: lists, fronts and changes end by themselves in 30 seconds. A correction",
            "purges its article, by one tag, since CloudFront charges for each; a withdrawal every answer that it",
            f"stood in, twice. When every write purged eight tags twice, {TRAFFICS[-1].name} paid 9,600.00 a month",
            "for it. If a quarter of all writes were corrections, instead of a tenth, they would pay",
            f"{_purging_at(Fraction(1, 4), deployed)}.",
            "",
            "An archive of a million articles imported purges nothing, as all of them are new. It costs",
            f"{_archive(1_000_000, deployed)} once, for what is written.",
            "",
            "A firewall (`RequestsPerAddress`) costs 5 for its list, 1 for its rule, and 0.60 for a million requests.",
            "",
            "## Traffic",
            "",
            *_traffic(),
            "",
            "## How much of what, at 27 languages",
            "",
            *_amounts(TRAFFICS[-1], deployed),
            "",
        ]
    )


def _purging_at(corrected: Fraction, deployed: Deployment) -> str:
    return f"{float(dollars(replace(TRAFFICS[-1], corrected=corrected), deployed)['purging']):,.2f}"


def _archive(articles: int, deployed: Deployment) -> str:
    """Of an import: what is written for each article, once."""
    imported = Traffic("an archive", requests=0, writes=articles, corrected=Fraction(0), withdrawn=Fraction(0))
    return f"{float(dollars(imported, deployed)['writing']):,.2f}"


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
