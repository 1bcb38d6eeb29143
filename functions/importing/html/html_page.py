"""A page in HTML made into an article: what it says of itself, and the text that is found among what stands around
it.
"""

from content_api.content.article import Article
from importing.articles.making import made
from importing.articles.plain import plain
from importing.html.about import About, about
from importing.html.blocks import blocks_of
from importing.html.cleaning import cleaned
from importing.html.lead_image import lead_image
from importing.html.parsing import Element, parsed
from importing.html.preparing import drop_unread, prepare
from importing.html.pruning import prune
from importing.html.segments import segments_of
from importing.html.selection import selected
from importing.refused import FileRefused

_LONGEST_BEGINNING = 100  # characters


def parse_html_page(text: str, *, language: str | None = None, left_out: list[str] | None = None) -> Article:
    """`language` (BCP 47) goes before the one that the page states. A page that names no headline becomes a draft,
    headed by the beginning of its text, so that nobody publishes what no editor has titled.
    `left_out` is told as in `blocks_of`. Raises FileRefused.
    """
    root = parsed(text)
    held = list(root.iter())  # lxml makes an element's object anew for each walk, unless somebody holds it
    prepare(root)
    page = about(root)
    drop_unread(root)
    blocks = blocks_of(_pruned(root, page), base=page.base, left_out=left_out)
    beginning = _beginning(next((text for block in blocks if (text := plain(block))), ""))
    if not beginning:
        raise FileRefused(
            "no text was found on the page", hint="Hand in the page of one article, as a browser saves it."
        )
    held.clear()
    body = cleaned(blocks, headline=page.headline, standfirst=page.description, byline=page.authors)
    if not any(map(plain, body)):  # the page's description is its whole text, as of an abstract
        body = cleaned(blocks, headline=page.headline, standfirst=None, byline=page.authors)
    picture, body = lead_image(page.picture, body)
    return made(
        {
            "language": language or page.language,
            "url": page.url,
            "status": "published" if page.headline else "draft",
            "headline": page.headline or beginning,
            "standfirst": page.description,
            "byline": page.authors,
            "section": page.section,
            "tags": page.tags,
            "published_at": page.published_at,
            "updated_at": page.updated_at,
            "lead_image": picture,
        },
        body,
    )


def _pruned(root: Element, page: About) -> Element:
    """The page's body with nothing but the article in it."""
    segments = segments_of(root)
    prune(root, segments, selected(root, segments, stated=page.text))
    body = root.find("body")
    return root if body is None else body


def _beginning(text: str) -> str:
    """Cut between words, where there are any."""
    if len(text) <= _LONGEST_BEGINNING:
        return text
    cut = text[:_LONGEST_BEGINNING]
    return f"{cut.rpartition(' ')[0] or cut}…"
