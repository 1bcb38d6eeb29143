"""An article while it is being read from a page."""

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
    """What has been found so far."""

    lead_image: Picture | None = None
    standfirst: str | None = None
    byline: tuple[Author, ...] = ()
    dateline: Dateline | None = None
    date: dt.date | None = None
    date_above: dt.date | None = None  # over the headline: the article's, unless another stands below
    section: str | None = None
    rights: str | None = None
    body: list[Block] = field(default_factory=list[Block])


@contextmanager
def refusing(unit: Unit) -> Generator[None]:
    """What the article's model does not take is refused with the line that it stands on."""
    try:
        yield
    except ValidationError as error:
        raise PageRefused(in_plain_words(error), unit.line) from error
