"""The extractors that are compared: the importer, and two libraries that others use."""

import re
from typing import Any, cast

from lxml import html
from readability import Document  # pyright: ignore[reportMissingTypeStubs, reportMissingImports, reportUnknownVariableType] - lent by uv
from trafilatura import extract

from content_api.content.article import Article, Embed
from importing.articles.plain import plain, text_of
from importing.files import articles_in

_PARAGRAPH = re.compile(r"<p>([^\0]{0,3000}?)</p>")


def ours(content: bytes) -> str:
    """The body of the article as text, with the words of embedded posts. Captions and the standfirst have fields of
    their own and do not count. The exception is a standfirst that the page prints as a paragraph of the text: the
    importer takes it out of the body, and here it counts. So does a line about rights, which was a paragraph as well.
    """
    return "\n".join(_text(each, content) for each in articles_in(content, language="en").articles)


def trafilatura(content: bytes) -> str:
    return extract(content, include_comments=False) or ""


def readability_lxml(content: bytes) -> str:
    document = cast("Any", Document)(content.decode("utf-8", "replace"))
    return " ".join(map(str, html.fromstring(document.summary()).itertext()))


def _text(article: Article, content: bytes) -> str:
    body = [(each.title or "") if isinstance(each, Embed) else plain(each) for each in article.body]
    return "\n".join([*_standfirst_of_the_text(article.standfirst, content), *body, article.rights or ""])


def _standfirst_of_the_text(standfirst: str | None, content: bytes) -> list[str]:
    if standfirst is None:
        return []
    paragraphs = map(text_of, _PARAGRAPH.findall(content.decode("utf-8", "replace")))
    return [standfirst] if " ".join(standfirst.split()) in paragraphs else []
