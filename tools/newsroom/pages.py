"""Pages with an article about a mill, and what the importer makes of a page, for tests."""

import json

from content_api.content.article import Article, Image, Paragraph
from importing.articles.plain import plain
from importing.files import articles_in

TEXT = [
    "The old mill on the Venn was sold on Tuesday to the village, which had asked for it for nineteen years.",
    "Ilse Brandt, who ground flour there until the flood, said that she would open the gate herself in spring.",
    "The council has put aside money for the roof, and a carpenter from the next valley has offered his saw.",
    "Children of the school have counted the swallows under the eaves, and want them to be left where they are.",
]

TITLE = "The mill on the Venn is sold"


def page(body: str = "", *, head: str = "", title: str = TITLE, paragraphs: list[str] | None = None) -> Article:
    """The article in an HTML page; `body` follows its first paragraph."""
    text = "".join(f"<p>{each}</p>" for each in (paragraphs if paragraphs is not None else TEXT))
    return one(
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body><article><h1>{TITLE}</h1>"
        f"{text.replace('</p>', f'</p>{body}', 1)}</article></body></html>"
    )


def one(content: str | bytes, language: str | None = None) -> Article:
    """The one article of a file. Raises ValueError if it has more or none, or if something is refused."""
    found = articles_in(content if isinstance(content, bytes) else content.encode(), language=language)
    if found.refused or len(found.articles) != 1:
        raise ValueError(f"{len(found.articles)} articles, refused: {[str(each) for each in found.refused]}")
    return found.articles[0]


def refusals(content: str | bytes) -> list[str]:
    """What is refused of a file, as people read it. Raises ValueError if a refusal has no reason, or no hint."""
    found = articles_in(content if isinstance(content, bytes) else content.encode())
    if not all(each.hint and each.reason for each in found.refused):
        raise ValueError("a refusal must say why, and what to do")
    return [str(each) for each in found.refused]


def texts(article: Article) -> list[str]:
    """The paragraphs of an article as plain text."""
    return [plain(block) for block in article.body if isinstance(block, Paragraph)]


def pictures(article: Article) -> list[str]:
    """The addresses of the pictures in the body of an article."""
    return [each.url for block in article.body if isinstance(block, Image) for each in block.renditions]


def ld(**stated: object) -> str:
    """An article in JSON-LD, as a page has it."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | stated)}</script>'


def whole(inside: str) -> Article:
    """The article of a page whose text is in a box. `inside` follows the text in that box."""
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    return one(f"<html lang=en><h1>{TITLE}</h1><div class=main><article>{text}</article>{inside}</div></html>")
