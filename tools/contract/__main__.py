"""`make contract`: writes openapi.json, docs.html, fields.json and languages.json into the reading function, dates.json
and the languages' tags into the syndication function.

They are made here and not where they are read, since pydantic and Babel are slow to start.
"""

import json
from pathlib import Path
from typing import Any

from contract.dates import dates
from contract.fields import paths
from contract.languages import TAGS, languages
from contract.models import Card, PublicArticle
from contract.openapi import document
from contract.page import rendered

FUNCTIONS = Path(__file__).parents[2] / "functions"


def made() -> dict[str, str]:
    """The files by their place in functions/."""
    openapi = document()
    fields = {"article": paths(PublicArticle), "card": paths(Card)}
    return {
        "reading/openapi.json": _json(openapi),
        "reading/docs.html": rendered(openapi),
        "reading/fields.json": _json(fields),
        "reading/languages.json": _json(languages()),
        "syndication/dates.json": _json(dates()),
        "syndication/languages.json": _json(TAGS),
    }


def _json(value: Any) -> str:  # noqa: ANN401 - JSON is any of its types
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    for name, text in made().items():
        (FUNCTIONS / name).write_text(text, encoding="utf-8")
