"""What may have been meant by words that no article has."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from tantivy import Index, Occur, Query

from content_search.analysis.stemming import stemming
from content_search.analysis.words import Word, words
from content_search.fields import HEADLINE, HEADLINE_STEMS, TEXT, TEXT_STEMS, schema
from content_search.question import Question

_SHORTEST, _LONGEST = 4, 30  # letters of a word that is corrected
_LONG = 7  # letters from which on two letters may be wrong
_MOST_WORDS = 3  # of a question that are corrected
_LARGEST_TEXT = 20_000  # characters of an article that are looked at
_ALIKE = 0.65  # the least share of letters that two words have in common, in their order


def unknown_in(indexes: list[Index], typed: str, question: Question, language: str) -> list[Word]:
    """The words typed that are wanted and that no article has, in their order. None if they are too many, or too short
    to be corrected.
    """
    stem = stemming(language)
    searchers = [index.searcher() for index in indexes]
    wanted = {word for part in question.wanted for word in part.words}

    def is_known(word: str) -> bool:
        looked_up = ((HEADLINE, word), (TEXT, word), (HEADLINE_STEMS, stem(word)), (TEXT_STEMS, stem(word)))
        return any(searcher.doc_freq(field, each) for searcher in searchers for field, each in looked_up)

    found = [word for word in words(typed, language) if word.text in wanted and not is_known(word.text)]
    return found if len(found) <= _MOST_WORDS and all(_SHORTEST <= len(word.text) <= _LONGEST for word in found) else []


def without(question: Question, unknown: list[Word]) -> Question:
    """The question without the parts that have one of these words."""
    gone = {word.text for word in unknown}
    return Question(tuple(part for part in question.wanted if not gone & set(part.words)), question.unwanted)


def query_near(known: Query, unknown: list[Word]) -> Query:
    """What asks for the articles that `known` finds and that have, for each unknown word, one that is written nearly
    so.
    """
    clauses = [(Occur.Must, known)]
    for word in unknown:
        wrong = 1 if len(word.text) < _LONG else 2
        near = [
            (Occur.Should, Query.fuzzy_term_query(schema(), field, word.text, distance=wrong))
            for field in (HEADLINE, TEXT)
        ]
        clauses.append((Occur.Must, Query.boolean_query(near)))
    return Query.boolean_query(clauses)


def corrected(typed: str, unknown: list[Word], texts: Iterable[str], language: str) -> str | None:
    """What was typed, with each unknown word replaced by the one in the texts of one article that is most alike, as it
    is written there. None if no article has one for each.
    """
    best: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        spelt: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for word in words(text[:_LARGEST_TEXT], language):
            spelt[word.text][text[word.start : word.end]] += 1
        chosen = [found for word in unknown if (found := _most_alike(word.text, spelt.keys()))]
        if len(chosen) == len(unknown):
            written = tuple(_written(spelt[each]) for each, _ in chosen)
            best[written] = max(best[written], round(1000 * sum(share for _, share in chosen)))
    if not best:
        return None
    said = typed
    for word, instead in reversed(list(zip(unknown, best.most_common(1)[0][0], strict=True))):
        said = said[: word.start] + instead + said[word.end :]
    return said


def _most_alike(word: str, there: Iterable[str]) -> tuple[str, float] | None:
    matcher = SequenceMatcher(b=word, autojunk=False)
    found: tuple[str, float] | None = None
    for each in sorted(there):
        if abs(len(each) - len(word)) > 2:  # noqa: PLR2004 - as many as may be wrong
            continue
        matcher.set_seq1(each)
        if matcher.quick_ratio() > (found[1] if found else _ALIKE) and matcher.ratio() > (
            found[1] if found else _ALIKE
        ):
            found = (each, matcher.ratio())
    return found


def _written(spelt: Counter[str]) -> str:
    """As it is mostly written; with a small letter, if it is so anywhere."""
    small = [each for each in spelt if each == each.lower()]
    return small[0] if small else spelt.most_common(1)[0][0]
