"""Makes an article from an HTML page: from what the page says about itself, and the text that is found in it."""

import re

from content_api.content.article import Article
from importing.articles.making import make_article
from importing.articles.plain import plain
from importing.html.about import About, about
from importing.html.authors import authors
from importing.html.blocks import blocks_of
from importing.html.cleaning import byline_above, cleaned, without_rights
from importing.html.lead_image import lead_image
from importing.html.parsing import Element, parsed
from importing.html.preparing import drop_unread, prepare
from importing.html.pruning import prune
from importing.html.segments import segments_of
from importing.html.selection import selected
from importing.refused import FileRefused

_LONGEST_BEGINNING = 100  # characters
_TOP = 5000  # characters in which a browser notes the address of a page that it saves
_SAVED = re.compile(r"<!-- saved from url=\(\d{1,6}\)(https?://[^\s<>]{1,2000}) -->")


def parse_html_page(text: str, *, language: str | None = None, left_out: list[str] | None = None) -> Article:
    """The article on a page. `language` (BCP 47) replaces the one that the page states. A page without a headline
    becomes a draft, with the beginning of its text as the headline, so that nobody publishes an article that no editor
    has given a title. `left_out` is called as in `blocks_of`. Raises FileRefused.
    """
    root = parsed(text)
    held = list(root.iter())  # lxml makes new objects for each walk, unless the old ones are still in use
    prepare(root)
    saved = _SAVED.search(text[:_TOP])
    page = about(root, saved_from=saved[1] if saved else "")
    drop_unread(root)
    blocks = blocks_of(_pruned(root, page), base=page.base, left_out=left_out)
    beginning = _beginning(next((text for block in blocks if (text := plain(block))), ""))
    if not beginning:
        raise FileRefused(
            "no text was found on the page", hint="Hand in the page of one article, as a browser saves it."
        )
    held.clear()
    byline = page.authors or authors(byline_above(blocks))
    body = cleaned(blocks, headline=page.headline, standfirst=page.description, byline=byline)
    if not any(map(plain, body)):  # the description of the page is its whole text, as for an abstract
        body = cleaned(blocks, headline=page.headline, standfirst=None, byline=byline)
    rights, body = without_rights(body)
    picture, body = lead_image(page.picture, body)
    return make_article(
        {
            "language": language or page.language,
            "url": page.url,
            "status": "published" if page.headline else "draft",
            "headline": page.headline or beginning,
            "standfirst": page.description,
            "byline": byline,
            "section": page.section,
            "tags": page.tags,
            "published_at": page.published_at,
            "updated_at": page.updated_at,
            "lead_image": picture,
            "rights": rights,
        },
        body,
    )


def _pruned(root: Element, page: About) -> Element:
    """The body of the page with only the article in it."""
    segments = segments_of(root)
    prune(root, segments, selected(root, segments, stated=page.text))
    body = root.find("body")
    return root if body is None else body


def _beginning(text: str) -> str:
    """The beginning of the text, cut between words if it has any."""
    if len(text) <= _LONGEST_BEGINNING:
        return text
    cut = text[:_LONGEST_BEGINNING]
    return f"{cut.rpartition(' ')[0] or cut}…"
