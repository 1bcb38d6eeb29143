"""Dollars for a million requests, by the prices that the costs of a month are computed with (tools/costs)."""

import json
import math
from pathlib import Path
from typing import Any

from costs import monthly

PRICES: dict[str, Any] = json.loads(monthly.PRICES.read_text(encoding="utf-8"))
PRICED = ("lambda_gb_second_arm64", "lambda_request", "http_api_request", "dynamodb_read_unit")
ASSUMED: dict[str, Any] = json.loads(Path(__file__).with_name("assumed.json").read_text(encoding="utf-8"))
_MILLION = 1_000_000


def per_million(*, cpu_ms: float, cold_ms: float, read_units: float) -> dict[str, float]:
    """`cpu_ms` is what a warm request takes of one whole vCPU; at 512 MB a function has less than a third of one, and
    is billed for as long as that takes, by the millisecond. An init phase has a whole one for itself.
    """
    prices = {name: float(price) for name, price in monthly.prices().items()}
    assumed = {name: each["value"] for name, each in ASSUMED.items()}
    slower = assumed["vcpu_at_mb"] / (assumed["memory_gb"] * 1024)
    warm = math.ceil(cpu_ms * slower + assumed["dynamodb_wait_ms"] * bool(read_units))
    billed_ms = (1 - assumed["cold_share"]) * warm + assumed["cold_share"] * math.ceil(cold_ms)
    parts = {
        "lambda_duration": billed_ms / 1000 * assumed["memory_gb"] * prices["lambda_gb_second_arm64"],
        "lambda_requests": prices["lambda_request"],
        "api": prices["http_api_request"],
        "dynamodb": read_units * prices["dynamodb_read_unit"],
    }
    made = {name: dollars * _MILLION for name, dollars in parts.items()}
    return {**made, "total": sum(made.values())}
