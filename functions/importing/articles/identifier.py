"""The id of an article that brings none: of its address where it has one, since a headline and a date may be corrected;
else `<language>-<date>-<slug of the headline>`.

Two articles never have one id. A slug has hyphens for slashes, dots and signs and small letters for large ones, so an
id of an address ends in a hash of it: `/a/b`, `/a-b` and `/A-b` are three articles.
"""

import datetime as dt
import re
from hashlib import sha256

from slugify import slugify

from content_api.content.addresses import comparable

_LONGEST = 96
_HASH = 8
_SAMPLE = 300  # letters of an undated text that tell it: what stands further down may be corrected
_ENDING = re.compile(r"\.(?:html?|php|aspx?)$")


def article_id(language: str, published_on: dt.date | None, headline: str, *, text: str = "") -> str:
    """The same for the same page, so that importing it twice makes one article.

    Where no date is known, it is `undated`, and the beginning of the text tells articles of one title apart. A slug
    too long is cut between words and ends in a hash of the whole; one of signs that no Latin letter stands for is its
    hash alone.
    """
    prefix = f"{language.lower()}-{published_on or 'undated'}-"
    letters = "" if published_on else "".join(each for each in text.casefold() if each.isalnum())[:_SAMPLE]
    slug = slugify(headline, replacements=[["'", ""], ["’", ""]])
    return _fitting(prefix, slug, of=f"{headline} {letters}" if letters else headline, always=bool(letters))


def article_id_of_address(language: str, url: str) -> str:
    """`https://www.example.org/a/bridge.html` in English is `en-example-org-a-bridge-1f2e3d4c`. Raises NotAnAddress."""
    address = comparable(url)
    slug = slugify(_ENDING.sub("", address))
    return _fitting(f"{language.lower()}-", slug, of=address, always=True)


def _fitting(prefix: str, slug: str, *, of: str, always: bool = False) -> str:
    room = _LONGEST - len(prefix)
    if slug and len(slug) <= room and not always:
        return prefix + slug
    mark = sha256(of.encode()).hexdigest()[:_HASH]
    short = slugify(slug, max_length=room - _HASH - 1, word_boundary=True)
    return prefix + (f"{short}-{mark}" if short else mark)
