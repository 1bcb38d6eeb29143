"""Makes plausible articles for `make run` and for benchmarks. The same count always gives the same articles. They are
in four languages and both directions; each story is in all four.
"""

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from slugify import slugify

from content_api.content.article import Article

MEDIA = "https://media.example.org"
LANGUAGES = ("en", "ru", "uk", "fa")
NEWEST = dt.datetime(2025, 11, 19, 18, 0, tzinfo=dt.UTC)
_BETWEEN = dt.timedelta(hours=5, minutes=17)
_WIDTHS = (480, 960, 1600)


def articles(count: int, *, breaking_until: dt.datetime | None = None, media: str = MEDIA) -> list[Article]:
    """So many articles, the newest first. `breaking_until` makes the newest story breaking news. `media` is the address
    of pictures.
    """
    return list(itertools.islice(_articles(breaking_until, media), count))


def age(now: dt.datetime) -> dt.timedelta:
    """How many whole days ago the newest article is. Moving all articles by it makes the newest one less than a day
    old.
    """
    return dt.timedelta(days=(now - NEWEST).days)


def moved(article: Article, by: dt.timedelta) -> Article:
    """The same article at a later time. Its id and address do not change. `breaking_until` does not change either,
    since it counts from now already.
    """
    stated = article.model_dump(exclude={"breaking_until"}, exclude_unset=True)
    return Article.model_validate(_moved(stated, by) | {"breaking_until": article.breaking_until})


def _moved(part: Any, by: dt.timedelta) -> Any:  # noqa: ANN401 - any part of an article
    match part:
        case dt.date():  # datetime is a subclass of date
            return part + by
        case dict():
            return {name: _moved(each, by) for name, each in part.items()}  # pyright: ignore[reportUnknownVariableType] - as above
        case list() | tuple():
            return [_moved(each, by) for each in part]  # pyright: ignore[reportUnknownVariableType] - as above
        case _:
            return part


def _articles(breaking_until: dt.datetime | None, media: str) -> Iterator[Article]:
    phrases: dict[str, dict[str, Any]] = json.loads(
        Path(__file__).with_name("phrases.json").read_text(encoding="utf-8")
    )
    for number in itertools.count():
        at = NEWEST - number * _BETWEEN
        # The same random draws in each language give the same story.
        told = {
            language: _fields(phrases[language], Random(number), number, at, media)  # noqa: S311 - stories, not secrets
            for language in LANGUAGES
        }
        slug = slugify(told["en"]["headline"], max_length=60)
        ids = {language: f"{language}-{at:%Y-%m-%d}-{slug}-{number}" for language in LANGUAGES}
        for language, fields in told.items():
            others = [{"language": each, "id": ids[each]} for each in LANGUAGES if each != language]
            url = f"https://news.example.org/{language}/a/{slug}/{number}.html"
            yield Article.model_validate(
                {
                    "id": ids[language],
                    "language": language,
                    "url": url,
                    "translations": others,
                    "breaking_until": None if number else breaking_until,
                    **fields,
                }
            )


def _fields(phrases: dict[str, Any], random: Random, number: int, at: dt.datetime, media: str) -> dict[str, Any]:
    def filled(text: str) -> str:
        return text.format(place=place, number=figure)

    section, variant = random.randrange(4), random.randrange(3)
    place, figure = phrases["places"][random.randrange(8)], random.randrange(7, 90)
    sentences: list[str] = [filled(each) for each in random.sample(phrases["sentences"], 9)]
    paragraphs = [{"type": "paragraph", "html": " ".join(sentences[start : start + 3])} for start in range(0, 9, 3)]
    offer = {"type": "promotion", "name": phrases["newsletter"][0], "description": phrases["newsletter"][1]}
    heading, quote = {"type": "heading", "text": phrases["heading"]}, {"type": "quote", "html": phrases["quote"]}
    renditions = [
        {
            "url": f"{media}/{number:06}-w{width}.webp",
            "media_type": "image/webp",
            "width": width,
            "height": width * 2 // 3,
        }
        for width in _WIDTHS
    ]
    author = phrases["authors"][random.randrange(4)]
    return {
        "headline": filled(phrases["headlines"][section][variant]),
        "standfirst": filled(phrases["standfirsts"][random.randrange(3)]),
        "byline": [{"name": author}],
        "dateline": {"place": place, "date": at.date()},
        "section": phrases["sections"][section],
        "tags": phrases["tags"][section],
        "published_at": at,
        "lead_image": {
            "alt": phrases["alt"],
            "caption": phrases["caption"],
            "credit": author,
            "renditions": renditions,
        },
        "body": [paragraphs[0], heading, paragraphs[1], quote, paragraphs[2], offer],
    }
