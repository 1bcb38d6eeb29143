"""What a page says to a reader when there is a problem, in the reader's words and not in a program's."""

from __future__ import annotations

from html import escape

from content_api.http.problems import PROBLEMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.content.words import Words
    from content_api.http.problems import Problem

_GONE = "article-withdrawn"
_OUR_FAULT = 500  # and above (RFC 9110, section 15.6)
_BAD_REQUEST = 400


def title_of(problem: Problem, words: Words) -> str:
    """Escaped."""
    return words[_named(problem)]


def problem_text(problem: Problem, words: Words, publisher_url: str, *, level: int = 1) -> str:
    """Markup: what happened, what to do, and a link to the publisher's site where one is stated. Whoever wrote the
    address learns beneath it, in English, what was wrong with it. `level` is that of the heading.
    """
    named = _named(problem)
    parts = [f"<h{level}{words.mark}>{words[named]}</h{level}><p{words.mark}>{words[f'{named}_text']}</p>"]
    if named == "withdrawn" and (note := problem.members.get("note")):
        parts.append(f"<p>{escape(str(note))}</p>")
    if publisher_url:
        parts.append(f"<p{words.mark}>{words.with_link('latest', publisher_url)}</p>")
    if PROBLEMS[problem.code][0] == _BAD_REQUEST:
        parts.append(f'<p lang="en" dir="ltr"><small>{escape(problem.detail)}</small></p>')
    return "".join(parts)


def _named(problem: Problem) -> str:
    """The name of the words that say what happened."""
    if problem.code == _GONE:
        return "withdrawn"
    return "unavailable" if PROBLEMS[problem.code][0] >= _OUR_FAULT else "not_found"
