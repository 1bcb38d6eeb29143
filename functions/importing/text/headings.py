"""Finds the sub-headings of a text: short lines that are no sentences, and are followed by a paragraph."""

import re

_LONGEST = 90  # characters
_MOST_WORDS = 12
_ENDS_OTHERWISE = re.compile(r"[.,:;…]['\"”»’)\]]*$|--$|[-–—]$")
_STARTS_OTHERWISE = re.compile(r"[(\[•*·‣]|[-–—] |\.\.\.|…|https?:|www\.|[a-zа-яёіїєґ]")
_QUESTION_WORDS = 7
_SPEAKER = re.compile(r"(?:RFE/RL|РСЕ/РС|РС|РСВ|Q|A|Question|Answer|Вопрос|Ответ|Питання|Відповідь)\s?:")


def could_be_heading(text: str) -> bool:
    """Whether a line by itself looks like a sub-heading. A question does only if it is short or in title case."""
    words = text.split()
    if len(text) > _LONGEST or len(words) > _MOST_WORDS:
        return False
    if _ENDS_OTHERWISE.search(text) or _STARTS_OTHERWISE.match(text) or " -- " in text:
        return False
    if not any(letter.isalpha() for letter in text) or _is_all_quote(text):
        return False
    if _SPEAKER.match(text) or (text.endswith("?") and ": " in text):
        return False
    return not text.endswith(("?", "!")) or len(words) <= _QUESTION_WORDS or _is_in_title_case(words)


def _is_all_quote(text: str) -> bool:
    return text[0] in '"“«„' and text[-1] in '"”»' and text[-2:-1] in {".", "!", "?", ","}


def _is_in_title_case(words: list[str]) -> bool:
    capitalised = sum(word[0].isupper() or not word[0].isalpha() for word in words)
    return capitalised >= len(words) - 1
