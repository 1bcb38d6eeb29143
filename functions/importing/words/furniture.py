"""What stands on a page around its article: navigation, share bars, players. None of it is body text.

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
_NUMERIC_DAY = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4})"
_DAY = re.compile(rf"^(?:date )?{_NUMERIC_DAY}[ ,|]|[ ,|]{_NUMERIC_DAY}$")


@lru_cache(maxsize=512)  # a line is asked about under many headings
def folded(text: str) -> str:
    """A text as it is compared: no case, one kind of quote, dash and space."""
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
    """Whether a line belongs to the page and not to its article; with the day the page was taken down before or
    after it, too.
    """
    if len(text) > _LONGEST_LINE:
        return False
    line = folded(text)
    if _DAY.sub("", line).strip(" |,") in _lines() or _any_of("patterns").fullmatch(line) is not None:
        return True
    return _any_of("references").fullmatch(line) is not None and not ends_sentence(text)


def heads_related_links(text: str) -> bool:
    """A line such as `SEE ALSO:`, after which other articles' headlines stand."""
    return folded(text).rstrip(" :") in _data()["headers"]


def belongs_to_a_player(text: str) -> bool:
    """A line that stands under the title of a recording, which a page of text has lost."""
    return folded(text) in _data()["players"]


def stands_for_a_portrait(text: str) -> bool:
    """A line in the place of an author's portrait; the author's name comes next."""
    return bool(_any_of("portraits").fullmatch(folded(text)))


def ends_the_article(text: str) -> bool:
    """A line after which the page has other articles, whole."""
    return folded(text) in _data()["ends"]


def is_notice_of_a_site(text: str) -> bool:
    """A sentence that a site prints over its pages: that they are old, have moved, or need a script."""
    return len(text) <= _LONGEST_LINE and _any_of("notices").search(folded(text)) is not None


def could_be_a_heading(text: str) -> bool:
    """A line of navigation such as `Search` that heads a chapter of a text as well."""
    return folded(text) in _data()["headings"]


def invites(text: str, *, is_link: bool = False) -> bool:
    """Whether it asks readers to subscribe to something of the publisher's; to sign up for a plan, anybody may be
    asked.
    """
    line = folded(text[:_LONGEST_LINE])
    opens = _any_of("promotions").match(line) is not None
    return opens and (is_link or _any_of("invitations").search(line) is not None)
