"""The languages of the publisher, and their names: those of GET /v1/languages, written by `python -m contract`."""

from __future__ import annotations

import json
import os.path


def languages() -> dict[str, str]:
    """The name of each language in itself, by its BCP 47 tag."""
    with open(os.path.join(os.path.dirname(__file__), "languages.json"), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123 - pathlib costs start-up
        return json.load(file)
