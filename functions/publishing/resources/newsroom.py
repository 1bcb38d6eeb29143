"""Finds articles of every status, and says what the newsroom did on a day."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from content_api.content.language import normalised_language
from content_api.content.values import DIGITS
from content_api.names.keys import fits_keys
from content_store.newsroom import Wanted, words_of
from publishing.acts import Invalid
from publishing.answers import answer
from publishing.requests import Requests
from publishing.resources.cursors import cursor_of, key_in
from publishing.resources.languages import languages
from publishing.resources.paths import EDITORIAL, Routes

if TYPE_CHECKING:
    from publishing.desk import Desk

_MOST_LANGUAGES = 60

type Text = Annotated[str, Query(max_length=500)]


class OfNewsroom:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._newsroom = desk.newsroom
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("GET", f"{EDITORIAL}/search", self.found),
            ("GET", f"{EDITORIAL}/log", self.log),
        ]

    def found(  # noqa: PLR0913, PLR0917 - what one may ask for
        self,
        q: Text = "",
        language: Annotated[str, Query(max_length=500)] = "",
        status: Annotated[Literal["draft", "scheduled", "published", "withdrawn"] | None, Query()] = None,
        section: Text = "",
        author: Text = "",
        type: Annotated[Literal["article", "video", "audio", "gallery", "live"] | None, Query()] = None,  # noqa: A002 - as readers ask
        cursor: Annotated[str, Query(max_length=5000)] = "",
        limit: Annotated[int, Query(ge=1, le=100), DIGITS] = 50,
    ) -> Response[str]:
        """Articles of every status in all languages or some, the newest change first. A page may be short or empty;
        there are more as long as it has a `next`.
        """
        try:
            asked = [normalised_language(each) for each in language.split(",")] if language else languages()
        except ValueError as error:
            raise Invalid([{"field": "language", "detail": str(error)}]) from error
        if len(asked) > _MOST_LANGUAGES:
            raise Invalid([{"field": "language", "detail": f"names {len(asked)} languages: name {_MOST_LANGUAGES}"}])
        for name, text in (("section", section), ("author", author)):
            if not fits_keys(text):
                raise Invalid([{"field": name, "detail": "is longer than any name: shorten it"}])
        wanted = Wanted(status or "", section, author, type or "", words_of(q))
        query = {"q": q, "language": language, "status": status, "section": section, "author": author, "type": type}
        question = f"{EDITORIAL}/search?{urlencode({name: value for name, value in query.items() if value})}"
        after = key_in(question, cursor)
        found, last = self._newsroom.articles(asked, wanted, after=after[1] if after else "", limit=limit)
        return answer({"articles": found, "next": _next(question, last, limit)})

    def log(
        self,
        day: Annotated[dt.date | None, Query()] = None,
        cursor: Annotated[str, Query(max_length=5000)] = "",
        limit: Annotated[int, Query(ge=1, le=100), DIGITS] = 100,
    ) -> Response[str]:
        """What was done on a day in UTC, today if none is named, the newest first."""
        wanted = (day or self._requests.clock().date()).isoformat()
        question = f"{EDITORIAL}/log?day={wanted}"
        after = key_in(question, cursor)
        done, last = self._newsroom.log(wanted, after=after[1] if after else "", limit=limit)
        return answer({"day": wanted, "done": done, "next": _next(question, last, limit)})


def _next(question: str, last: str, limit: int) -> str | None:
    """The path of the next page. None if there is none."""
    beside = "" if question.endswith("?") else "&"
    return f"{question}{beside}limit={limit}&cursor={cursor_of(question, ('newsroom', last))}" if last else None
