"""Recognises what is on a page around its article: navigation, share bars, players. None of it belongs to the text.

The wordings are data (`furniture.json`).
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from importing.words.sentences import ends_sentence

_QUOTES = str.maketrans("“”„‟«»‘’‚`´", '""""""\'\'\'\'\'')
_LONGEST_LINE = 700  # characters
_LONGEST_NAME = 5  # words of the name of a site
_NUMERIC_DAY = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4})"
_DAY = re.compile(rf"^(?:date )?{_NUMERIC_DAY}[ ,|]|[ ,|]{_NUMERIC_DAY}$")


@lru_cache(maxsize=512)  # the same line is checked for many kinds
def folded(text: str) -> str:
    """A text in the form in which texts are compared: without case, and with one kind of quote, dash and space."""
    return re.sub(r"\s+", " ", text.translate(_QUOTES).replace("ё", "е").casefold()).strip()


@cache
def _data() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("furniture.json").read_text(encoding="utf-8"))


@cache
def _any_of(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in _data()[name]))


@cache
def _lines() -> frozenset[str]:
    return frozenset(folded(line) for line in _data()["lines"])


def is_furniture(text: str) -> bool:
    """Whether a line belongs to the page and not to its article, also with the date on which the page was saved before
    or after it.
    """
    if len(text) > _LONGEST_LINE:
        return False
    line = folded(text)
    if _DAY.sub("", line).strip(" |,") in _lines() or _any_of("patterns").fullmatch(line) is not None:
        return True
    return _any_of("references").fullmatch(line) is not None and not ends_sentence(text)


def heads_related_links(text: str) -> bool:
    """Whether headlines of other articles follow a line, such as `SEE ALSO:`."""
    return folded(text).rstrip(" :") in _data()["headers"]


def belongs_to_a_player(text: str) -> bool:
    """Whether a line belongs to the title of a recording, which is missing on a page of text."""
    return folded(text) in _data()["players"]


def stands_for_a_portrait(text: str) -> bool:
    """Whether a line stands for an author's portrait. The name of the author is next."""
    return bool(_any_of("portraits").fullmatch(folded(text)))


def ends_the_article(text: str) -> bool:
    """Whether whole other articles follow a line."""
    return folded(text) in _data()["ends"]


def is_named_as_a_site(text: str) -> bool:
    """Whether a line of a few words is called as newspapers and stations are: `The Valley Courier`. A headline may be
    so too, so this counts only where another line may be the headline.
    """
    words = text.split()
    return 1 < len(words) <= _LONGEST_NAME and _any_of("sites").search(folded(text)) is not None


def is_notice_of_a_site(text: str) -> bool:
    """Whether a line is a sentence that a site prints above its pages: that they are old, have moved, or need a
    script.
    """
    return len(text) <= _LONGEST_LINE and _any_of("notices").search(folded(text)) is not None


def could_be_a_heading(text: str) -> bool:
    """Whether a line of navigation, such as `Search`, may also be a sub-heading of a text."""
    return folded(text) in _data()["headings"]


def invites(text: str, *, is_link: bool = False) -> bool:
    """Whether a text invites readers to subscribe to something of the publisher's. An invitation to sign up may be for
    anything.
    """
    line = folded(text[:_LONGEST_LINE])
    opens = _any_of("promotions").match(line) is not None
    return opens and (is_link or _any_of("invitations").search(line) is not None)
