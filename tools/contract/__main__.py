"""`make contract`: writes openapi.json, docs.html, fields.json and languages.json into the reading function, dates.json
and the languages' tags into the syndication function, and for both what is written from right to left.

They are made here and not where they are read, since pydantic and Babel are slow to start.
"""

import json
from pathlib import Path
from typing import Any

from contract.dates import dates
from contract.directions import directions
from contract.fields import paths
from contract.languages import TAGS, languages
from contract.models import ArticleCard, PublicArticle
from contract.openapi import document
from contract.page import rendered

ROOT = Path(__file__).parents[2]


def made() -> dict[str, str]:
    """The files by their place in the project."""
    openapi = document()
    fields = {"article": paths(PublicArticle), "card": paths(ArticleCard)}
    return {
        "functions/reading/openapi.json": json.dumps(openapi, ensure_ascii=False, indent=1) + "\n",
        "functions/reading/docs.html": rendered(openapi),
        "functions/reading/fields.json": _json(fields),
        "functions/reading/languages.json": _json(languages()),
        "functions/syndication/embeds/dates.json": _json(dates()),
        "functions/syndication/languages.json": _json(TAGS),
        "layers/content_api/content_api/content/right_to_left.json": _json(directions()),
    }


def _json(value: Any) -> str:  # noqa: ANN401 - JSON is any of its types
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    for name, text in made().items():
        (ROOT / name).write_text(text, encoding="utf-8")
