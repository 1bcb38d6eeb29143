"""The languages that the publisher publishes in: those of GET /v1/languages, as the contract made them."""

from __future__ import annotations

import json
import os.path


def languages() -> list[str]:
    """BCP 47 tags."""
    with open(os.path.join(os.path.dirname(__file__), "languages.json"), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123 - pathlib costs start-up
        return json.load(file)
