"""An article while it is being read from a page of text."""

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import ValidationError

from content_api.content.article import Author, Block, Dateline, Picture
from importing.refused import in_plain_words
from importing.text.units import PageRefused, Unit


@dataclass(slots=True)
class Draft:
    """The parts of the article that have been found so far."""

    lead_image: Picture | None = None
    standfirst: str | None = None
    byline: tuple[Author, ...] = ()
    dateline: Dateline | None = None
    date: dt.date | None = None
    date_above: dt.date | None = None  # a date above the headline; used if there is none below
    section: str | None = None
    rights: str | None = None
    body: list[Block] = field(default_factory=list[Block])


@contextmanager
def refusing(unit: Unit) -> Generator[None]:
    """If the article's model refuses something, raises PageRefused with the line of the unit."""
    try:
        yield
    except ValidationError as error:
        raise PageRefused(in_plain_words(error), unit.line) from error
