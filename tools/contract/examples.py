"""Examples of answers in the contract, made of an article of `make run`."""

import json
from pathlib import Path
from typing import Any

from content_api.content.article import Article
from content_api.content.cards import card
from content_api.content.document import public_fields

_SAMPLE = Path(__file__).parents[1] / "gateway" / "samples" / "seed-library.json"


def example_of(path: str) -> dict[str, Any] | None:
    """The answer of a path; None where the contract shows none."""
    article = Article.model_validate_json(_SAMPLE.read_bytes())
    fields = public_fields(article, 1)
    shown = card(fields)
    link = {
        "language": "ru",
        "id": "ru-2025-10-14-bibliotekari-kotorye-vydaiut-semena",
        "url": None,
        "headline": "Библиотекари, которые выдают семена",
    }
    change = {
        "change": "upsert",
        "id": article.id,
        "version": 1,
        "at": "2025-10-14T07:30:05Z",
        "href": f"https://content.example.org/v1/articles/{article.id}?version=1",
    }
    examples: dict[str, dict[str, Any]] = {
        "/v1/articles": {"articles": [shown], "next_cursor": None},
        "/v1/articles/{id}": {"translations": [link], **fields},
        "/v1/fronts/{language}": {
            "language": "en",
            "top": [shown],
            "breaking": [],
            "sections": [{"title": "Culture", "articles": [shown]}],
        },
        "/v1/breaking": {"articles": []},
        "/v1/changes": {"changes": [change], "is_complete": True, "next_cursor": "pP8xM2Q0YzEgMDAwMDAwMDAwMDAx"},
        "/v1/sections": {"sections": [{"language": "en", "name": "Culture"}], "next_cursor": None},
        "/v1/legal-notices": {},
    }
    if path not in examples:
        return None
    return json.loads(json.dumps({"legal_notices": [], **examples[path]}))
