"""Makes the id of an article that has none: from its address if it has one, since a headline and a date may be
corrected; otherwise `<language>-<date>-<slug of the headline>`.

Two articles never get the same id. A slug has hyphens for slashes, dots and signs, and small letters for capitals, so
an id that is made from an address ends in a hash of it: `/a/b`, `/a-b` and `/A-b` are three articles.
"""

import datetime as dt
import re
from hashlib import sha256

from slugify import slugify

from content_api.content.addresses import comparable

_LONGEST = 96
_HASH = 8
_SAMPLE = 300  # letters of an undated text that identify it; later ones may be corrected
_ENDING = re.compile(r"\.(?:html?|php|aspx?)$")


def article_id(language: str, published_on: dt.date | None, headline: str, *, text: str = "") -> str:
    """The id of a page. The same page always gets the same id, so importing it twice makes one article. If no date is
    known, the id has `undated` and a hash of the beginning of the text, which tells apart articles with the same title.
    A slug that is too long is cut between words, and ends in a hash of the whole. A slug without any Latin letter is
    only its hash.
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
