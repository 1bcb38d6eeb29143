"""The languages of the publisher: those of GET /v1/languages, written by `python -m contract`."""

import json
from pathlib import Path


def languages() -> list[str]:
    """BCP 47 tags."""
    return json.loads(Path(__file__).with_name("languages.json").read_text(encoding="utf-8"))
