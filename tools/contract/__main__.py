"""`make contract` writes for the reading function openapi.json, docs.html, fields.json and languages.json; for the
publishing function the openapi.json and docs.html of the editorial API; for the syndication function the languages'
names; and for reading and syndication how a date is written, and which languages and scripts are written from right to
left.

The functions read these files instead of making them, since pydantic and Babel take long to import.
"""

import json
from pathlib import Path
from typing import Any

from contract import editorial_openapi
from contract.dates import dates
from contract.directions import directions
from contract.fields import paths
from contract.languages import languages
from contract.models import ArticleCard, PublicArticle
from contract.openapi import document
from contract.page import rendered, rendered_editorial

ROOT = Path(__file__).parents[2]


def files() -> dict[str, str]:
    """The files by their place in the project."""
    openapi = document()
    editorial = editorial_openapi.document()
    fields = {"article": paths(PublicArticle), "card": paths(ArticleCard)}
    return {
        "functions/reading/openapi.json": json.dumps(openapi, ensure_ascii=False, indent=1) + "\n",
        "functions/reading/docs.html": rendered(openapi),
        "functions/publishing/openapi.json": json.dumps(editorial, ensure_ascii=False, indent=1) + "\n",
        "functions/publishing/docs.html": rendered_editorial(editorial),
        "functions/reading/fields.json": _json(fields),
        "functions/reading/languages.json": _json(languages()),
        "layers/content_api/content_api/content/dates.json": _json(dates()),
        "functions/publishing/resources/languages.json": _json([each["language"] for each in languages()]),
        "functions/syndication/languages.json": _json({each["language"]: each["name"] for each in languages()}),
        "layers/content_api/content_api/content/right_to_left.json": _json(directions()),
    }


def _json(value: Any) -> str:  # noqa: ANN401 - JSON is any of its types
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    for name, text in files().items():
        (ROOT / name).write_text(text, encoding="utf-8")
