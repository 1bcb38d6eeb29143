"""What is compared: the importer, and two libraries that others use."""

from typing import Any, cast

from lxml import html
from readability import Document  # pyright: ignore[reportMissingTypeStubs, reportMissingImports, reportUnknownVariableType] - lent by uv
from trafilatura import extract

from content_api.content.article import Article, Embed
from importing.articles.plain import plain
from importing.files import articles_in


def ours(content: bytes) -> str:
    """An article's body as text, a post with its words; captions and standfirst, which have fields of their own, are left
    aside.
    """
    return "\n".join(_text(each) for each in articles_in(content, language="en").articles)


def trafilatura(content: bytes) -> str:
    return extract(content, include_comments=False) or ""


def readability_lxml(content: bytes) -> str:
    document = cast("Any", Document)(content.decode("utf-8", "replace"))
    return " ".join(map(str, html.fromstring(document.summary()).itertext()))


def _text(article: Article) -> str:
    return "\n".join((each.title or "") if isinstance(each, Embed) else plain(each) for each in article.body)
