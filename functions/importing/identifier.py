"""The id of an article that brings none: `<language>-<date>-<slug of the headline>`."""

import datetime as dt
from hashlib import sha256

from slugify import slugify

_LONGEST = 96
_HASH = 8


def article_id(language: str, published_on: dt.date | None, headline: str) -> str:
    """The same for the same page, so that importing it twice makes one article; `undated` where no date is known.

    A slug too long is cut between words and ends in a hash of the whole, so that two long headlines stay apart; one
    of signs that no Latin letter stands for is its hash alone.
    """
    prefix = f"{language.lower()}-{published_on or 'undated'}-"
    slug = slugify(headline, replacements=[["'", ""], ["’", ""]])
    room = _LONGEST - len(prefix)
    if slug and len(slug) <= room:
        return prefix + slug
    mark = sha256(headline.encode()).hexdigest()[:_HASH]
    short = slugify(slug, max_length=room - _HASH - 1, word_boundary=True)
    return prefix + (f"{short}-{mark}" if short else mark)
