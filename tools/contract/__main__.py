"""`make contract`: writes openapi.json, docs.html, fields.json and languages.json into the reading function.

They are made here and not where they are read, since pydantic and Babel are slow to start.
"""

import json
from pathlib import Path
from typing import Any

import reading
from contract.fields import paths
from contract.languages import languages
from contract.models import Card, PublicArticle
from contract.openapi import document
from contract.page import rendered


def made() -> dict[str, str]:
    """The files by name."""
    openapi = document()
    fields = {"article": paths(PublicArticle), "card": paths(Card)}
    return {
        "openapi.json": _json(openapi),
        "docs.html": rendered(openapi),
        "fields.json": _json(fields),
        "languages.json": _json(languages()),
    }


def _json(value: Any) -> str:  # noqa: ANN401 - JSON is any of its types
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    for name, text in made().items():
        Path(reading.__path__[0], name).write_text(text, encoding="utf-8")
