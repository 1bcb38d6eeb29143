"""An archive of any size as items of the table: those that the store's own builder makes of plausible articles, each of
them stamped anew with ids and dates as often as it takes.
"""

import base64
import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from content import Item, items_of

import newsroom
from content_api.aws.attributes import typed
from content_api.content.article import Article
from content_api.names.keys import DAYS_OF_CHANGES, change_key, last_change_key, position

LANGUAGES = newsroom.LANGUAGES
_DRAWN = 400  # articles; ids, dates and addresses are all that differs in the others
_BETWEEN = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Archive:
    """Article 0 is the newest; each story is told in all languages, one after the other."""

    articles: int

    def id(self, number: int) -> str:
        return f"{LANGUAGES[number % len(LANGUAGES)]}-article-{number:08}"

    def published_at(self, number: int) -> dt.datetime:
        return newsroom.NEWEST - number * _BETWEEN

    def lines(self, first: int) -> Iterator[str]:
        """The items of the articles from `first` on, each as JSON."""
        drawn, now = _drawn(), int(time.time())
        for number in range(first, self.articles):
            article_id = self.id(number)
            story = number - number % len(LANGUAGES)
            stamps = {language: self.id(story + at) for at, language in enumerate(LANGUAGES)}
            stamps["position"] = position(self.published_at(number), article_id)
            stamps["address"] = f"news.example.org/{article_id}"
            for text in drawn[number % _DRAWN]:
                yield text % stamps
            yield _change(article_id, number, now)
        for at, language in enumerate(LANGUAGES):
            count = len(range(at, self.articles, len(LANGUAGES)))
            yield json.dumps(typed(last_change_key(language)) | {"number": {"N": str(count)}})


@cache
def _drawn() -> list[list[str]]:
    return [_marked(article) for article in newsroom.articles(_DRAWN)]


def _marked(article: Article) -> list[str]:
    """The article's items as JSON, with `%(...)s` where what is its own stands."""
    items = items_of(article)
    marks = {
        position(article.published_at, article.id): "position",
        next(item["address"]["S"] for item in items if "address" in item): "address",
        article.id: article.language,
        **{each.id: each.language for each in article.translations},
    }
    texts = [json.dumps(item, default=lambda value: base64.b64encode(value).decode()) for item in items]
    texts = [text.replace("%", "%%") for text in texts]
    for own, mark in marks.items():
        texts = [text.replace(own, f"%({mark})s") for text in texts]
    return texts


def _change(article_id: str, number: int, now: int) -> str:
    """Made `now`, in seconds since 1970: the feed forgets after 90 days."""
    language = LANGUAGES[number % len(LANGUAGES)]
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    change = {"change": "upsert", "id": article_id, "version": 1, "at": at}
    made: Item = typed(change_key(language, number // len(LANGUAGES) + 1)) | {
        "entry": {"S": json.dumps(change, separators=(",", ":"))},
        "at": {"N": str(now)},
        "expires": {"N": str(now + DAYS_OF_CHANGES * 24 * 60 * 60)},
    }
    return json.dumps(made)
