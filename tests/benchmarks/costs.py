"""Dollars for a million requests, by the one table of prices, `prices.json`."""

import json
import math
from pathlib import Path
from typing import Any

PRICES: dict[str, Any] = json.loads(Path(__file__).with_name("prices.json").read_text(encoding="utf-8"))
_MILLION = 1_000_000


def per_million(*, cpu_ms: float, cold_ms: float, read_units: float) -> dict[str, float]:
    """`cpu_ms` is what a warm request takes of one whole vCPU; at 512 MB a function has less than a third of one, and
    is billed for as long as that takes, by the millisecond. An init phase has a whole one for itself.
    """
    prices = {name: each["price"] for name, each in PRICES["prices"].items()}
    assumed = {name: each["value"] for name, each in PRICES["assumed"].items()}
    slower = assumed["vcpu_at_mb"] / (assumed["memory_gb"] * 1024)
    warm = math.ceil(cpu_ms * slower + assumed["dynamodb_wait_ms"] * bool(read_units))
    billed_ms = (1 - assumed["cold_share"]) * warm + assumed["cold_share"] * math.ceil(cold_ms)
    parts = {
        "lambda_duration": billed_ms / 1000 * assumed["memory_gb"] * prices["lambda_arm64_gb_second"],
        "lambda_requests": prices["lambda_request"],
        "api": prices["http_api_request"],
        "dynamodb": read_units * prices["dynamodb_read_unit"],
    }
    made = {name: dollars * _MILLION for name, dollars in parts.items()}
    return {**made, "total": sum(made.values())}
