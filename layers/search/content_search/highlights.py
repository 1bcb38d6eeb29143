"""Where the words of a question stand in an article's own text."""

from typing import Any

from content_search.analysis.stemming import stemming
from content_search.analysis.words import Word, words
from content_search.question import Question

_BEFORE = 60  # characters of the passage before the first word that was found
_LONGEST = 240  # characters of a passage
_MOST_RANGES = 20  # of one text


def highlights(question: Question, language: str, texts: dict[str, str]) -> list[dict[str, Any]]:
    """For each field with a word of the question: the field, the text or a passage of it, and the ranges of the words
    in it, in characters (Unicode code points): from the first, up to the second.
    """
    stem = stemming(language)
    wanted = {each for part in question.wanted for each in part.stems}
    found: list[dict[str, Any]] = []
    for field, text in texts.items():
        places = [word for word in words(text, language) if stem(word.text) in wanted]
        if places:
            found.append({"field": field, **_passage(text, places)})
    return found


def _passage(text: str, places: list[Word]) -> dict[str, Any]:
    start, end = 0, len(text)
    if end > _LONGEST:
        start = max(0, places[0].start - _BEFORE)
        if start:
            start = text.find(" ", start, places[0].start) + 1 or start
        end = min(end, start + _LONGEST)
        if end < len(text):
            end = max(text.rfind(" ", start, end), places[0].end)
    ranges = [[word.start - start, word.end - start] for word in places if start <= word.start and word.end <= end]
    return {"text": text[start:end], "ranges": ranges[:_MOST_RANGES]}
