"""Examples of answers for the contract, made from an article of `make run`."""

import json
from pathlib import Path
from typing import Any

from content_api.content.article import Article
from content_api.content.cards import card
from content_api.content.document import public_fields
from content_api.content.subject import Subject, public_subject

_SAMPLE = Path(__file__).parents[1] / "gateway" / "samples" / "seed-library.json"

_TOPIC = {
    "id": "libraries",
    "names": [
        {"language": "en", "name": "Libraries", "description": "Reading rooms, and what else they lend."},
        {"language": "uk", "name": "Бібліотеки"},
    ],
    "aliases": ["libraries"],
}


def example_of(path: str) -> dict[str, Any] | None:
    """An answer of a path. None if the contract shows no example for it."""
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
        "type": article.type,
        "section": article.section,
        "tags": [*article.tags],
        "topics": [*article.topics],
        "language": article.language,
        "href": f"https://content.example.org/v1/articles/{article.id}?version=1",
    }
    topic = public_subject(Subject.model_validate(_TOPIC), ())
    examples: dict[str, dict[str, Any]] = {
        "/v1/articles": {"articles": [shown], "next_cursor": None, "prev_cursor": None},
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
        "/v1/topics": {"topics": [topic], "next_cursor": None},
        "/v1/topics/{id}": topic,
        "/v1/legal-notices": {},
    }
    if path not in examples:
        return None
    return json.loads(json.dumps({"legal_notices": [], **examples[path]}))
