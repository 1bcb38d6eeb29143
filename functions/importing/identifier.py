"""The id of an article that brings none: of its address where it has one, since a headline and a date may be corrected;
else `<language>-<date>-<slug of the headline>`.
"""

import datetime as dt
import re
from hashlib import sha256

from slugify import slugify

from content_api.content.addresses import comparable

_LONGEST = 96
_HASH = 8


def article_id(language: str, published_on: dt.date | None, headline: str) -> str:
    """The same for the same page, so that importing it twice makes one article; `undated` where no date is known.

    A slug too long is cut between words and ends in a hash of the whole, so that two long headlines stay apart; one
    of signs that no Latin letter stands for is its hash alone.
    """
    prefix = f"{language.lower()}-{published_on or 'undated'}-"
    return _fitting(prefix, slugify(headline, replacements=[["'", ""], ["’", ""]]), of=headline)


def article_id_of_address(language: str, url: str) -> str:
    """`https://www.example.org/a/bridge.html` in English is `en-example-org-a-bridge`. Raises NotAnAddress."""
    address = comparable(url)
    named = re.sub(r"\.(?:html?|php|aspx?)$", "", address)
    return _fitting(f"{language.lower()}-", slugify(named), of=address)


def _fitting(prefix: str, slug: str, *, of: str) -> str:
    room = _LONGEST - len(prefix)
    if slug and len(slug) <= room:
        return prefix + slug
    mark = sha256(of.encode()).hexdigest()[:_HASH]
    short = slugify(slug, max_length=room - _HASH - 1, word_boundary=True)
    return prefix + (f"{short}-{mark}" if short else mark)
