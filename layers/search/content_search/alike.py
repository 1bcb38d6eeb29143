"""Articles like one, and headlines with the beginning of a word, as queries of the engine."""

from collections import Counter
from math import log

from tantivy import Index, Occur, Query

from content_search.analysis.stemming import stemming
from content_search.analysis.words import words
from content_search.fields import HEADLINE, HEADLINE_STEMS, TEXT_STEMS, schema

_MOST_TERMS = 25  # that tell an article from others
_LARGEST_TEXT = 20_000  # characters of an article that are looked at
_OF_HEADLINE = 2.0  # how much a word counts in a headline
_TOO_COMMON = 0.3  # the share of all articles that a word is in which tells nothing,
_FEW = 20  # unless there are hardly any articles
_MOST_BEGUN = 40  # words that begin as one was typed


def query_alike(indexes: list[Index], article_id: str, headline: str, text: str, language: str) -> Query | None:
    """What asks for the articles that have the words which tell this one from others (tf-idf, of the words' stems).
    None if it has no such word.
    """
    stem = stemming(language)
    counted = Counter(stem(word.text) for word in words(text[:_LARGEST_TEXT], language))
    counted.update(dict.fromkeys((stem(word.text) for word in words(headline, language)), 2))
    searchers = [index.searcher() for index in indexes]
    total = sum(searcher.num_docs for searcher in searchers)
    weighed: list[tuple[float, str]] = []
    for term, times in counted.items():
        others = sum(searcher.doc_freq(TEXT_STEMS, term) for searcher in searchers)
        if others and others <= max(_FEW, total * _TOO_COMMON):
            weighed.append(((1 + log(times)) * log(1 + total / others), term))
    if not weighed:
        return None
    clauses: list[tuple[Occur, Query]] = []
    for _, term in sorted(weighed, key=lambda each: (-each[0], each[1]))[:_MOST_TERMS]:
        weight = 1 + log(counted[term])
        clauses += [
            (Occur.Should, Query.boost_query(Query.term_query(schema(), TEXT_STEMS, term), weight)),
            (Occur.Should, Query.boost_query(Query.term_query(schema(), HEADLINE_STEMS, term), weight * _OF_HEADLINE)),
        ]
    clauses.append((Occur.MustNot, Query.term_query(schema(), "id", article_id)))
    return Query.boolean_query([(Occur.Must, Query.boolean_query(clauses[:-1])), clauses[-1]])


def query_begun(indexes: list[Index], typed: str, language: str) -> Query | None:
    """What asks for the headlines that have all words typed, of which the last may be the beginning of one. None if no
    headline can have them.
    """
    found = [word.text for word in words(typed, language)]
    if not found:
        return None
    begun: set[str] = set()
    for index in indexes:
        begun.update(term for term, _ in index.searcher().terms_with_prefix(HEADLINE, found[-1], limit=_MOST_BEGUN))
    if not begun:
        return None
    last = [(Occur.Should, Query.term_query(schema(), HEADLINE, term)) for term in sorted(begun)]
    clauses = [(Occur.Must, Query.term_query(schema(), HEADLINE, word)) for word in found[:-1]]
    return Query.boolean_query([*clauses, (Occur.Must, Query.boolean_query(last))])
