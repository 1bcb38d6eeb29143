"""Our own JSON: an article, or a list of articles. Recognises other kinds of JSON that newsrooms have."""

import datetime as dt
from typing import Any, cast

from pydantic import ValidationError

from content_api.content.addresses import NotAnAddress
from content_api.content.article import Article
from importing.articles.identifier import article_id, article_id_of_address
from importing.html.json_ld import object_of
from importing.refused import FileRefused, in_plain_words

_HINT = "The fields are those of GET /v1/openapi.json, without those that a reader is given."
_NINJS = frozenset({"uri", "versioncreated", "headline", "body_html", "body_text", "body_xhtml"})
_READ = "Hand in our own JSON, JSON Feed, HTML, RSS, Atom, a WordPress export or plain text."


def check_kind(stated: object) -> None:
    """Raises FileRefused for a known kind of JSON that cannot be imported."""
    entry = object_of(stated)
    if "uri" in entry and _NINJS & set(entry) - {"uri", "headline"}:
        raise FileRefused("this is ninjs, which is not read", hint=_READ)
    if entry.get("type") == "FeatureCollection":
        raise FileRefused("this is GeoJSON, no article", hint=_READ)
    if "@context" in entry and "headline" not in entry:
        raise FileRefused("this is JSON-LD, which is read inside its page only", hint=_READ)


def article_of(stated: object, *, language: str | None) -> Article:
    """The article. Raises FileRefused."""
    entry = _identified(cast("dict[str, Any]", stated), language) if isinstance(stated, dict) else stated
    try:
        return Article.model_validate(entry)
    except ValidationError as error:
        raise FileRefused(in_plain_words(error), hint=_HINT) from error


def _identified(entry: dict[str, Any], language: str | None) -> dict[str, Any]:
    """The entry, with the given language if it has none, and with an id if it has none."""
    stated = ({"language": language} if language else {}) | entry
    if "id" in stated:
        return stated
    try:
        if stated.get("url"):
            identifier = article_id_of_address(stated["language"], stated["url"])
        else:
            at = stated.get("published_at")
            date = dt.datetime.fromisoformat(at).date() if at else None
            identifier = article_id(stated["language"], date, stated["headline"], text=str(stated.get("body") or ""))
    except (AttributeError, KeyError, TypeError, ValueError, NotAnAddress):
        return stated  # the model says what is wrong
    return stated | {"id": identifier}
