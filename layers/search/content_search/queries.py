"""A question as a query of the engine."""

from tantivy import FieldType, Occur, Query

from content_search.analysis.stemming import is_cut
from content_search.fields import HEADLINE, HEADLINE_STEMS, TEXT, TEXT_STEMS, schema
from content_search.question import Part, Question

# How much a word counts: as it is written or by its stem, in the headline or in the text.
_WEIGHTS = {HEADLINE: 4.0, HEADLINE_STEMS: 2.5, TEXT: 1.5, TEXT_STEMS: 1.0}
_WEIGHTS_OF_CUT_WORDS = _WEIGHTS | {HEADLINE_STEMS: 1.0, TEXT_STEMS: 0.4}
_MOST = 2**62


def query_of(
    question: Question,
    language: str,
    *,
    facets: tuple[str, ...] = (),
    since: int | None = None,
    until: int | None = None,
) -> Query:
    """Every wanted part must be somewhere, no unwanted one may be. `since` and `until` are seconds since 1970."""
    weights = _WEIGHTS_OF_CUT_WORDS if is_cut(language) else _WEIGHTS
    clauses = [(Occur.Must, _part(part, weights)) for part in question.wanted]
    clauses += [
        (Occur.Must, Query.const_score_query(Query.term_query(schema(), "facet", each), 0.0)) for each in facets
    ]
    if since is not None or until is not None:
        # An article without a date, which has 0, is in no span.
        span = Query.range_query(
            schema(), "published", FieldType.Integer, max(since or 1, 1), min(until or _MOST, _MOST)
        )
        clauses.append((Occur.Must, Query.const_score_query(span, 0.0)))
    if not question.wanted:
        clauses.append((Occur.Must, Query.all_query()))
    clauses += [(Occur.MustNot, _part(part, weights)) for part in question.unwanted]
    return Query.boolean_query(clauses)


def _part(part: Part, weights: dict[str, float]) -> Query:
    if len(part.words) == 1:
        word, stem = part.words[0], part.stems[0]
        found = {HEADLINE: word, HEADLINE_STEMS: stem, TEXT: word, TEXT_STEMS: stem}
        return Query.boolean_query(
            [
                (Occur.Should, Query.boost_query(Query.term_query(schema(), name, each), weights[name]))
                for name, each in found.items()
            ]
        )
    return Query.boolean_query(
        [
            (Occur.Should, Query.boost_query(Query.phrase_query(schema(), name, list(part.stems)), weights[name]))
            for name in (HEADLINE_STEMS, TEXT_STEMS)
        ]
    )
