"""Pages with very many elements in one paragraph are read in a time that their length asks, whatever reads them."""

import time

import pytest

from importing.files import articles_in

PAGE = (
    '<html lang="en"><head><meta property="article:published_time" content="2026-11-20T10:00:00Z"></head><body>'
    "<article><h1>A Long Page</h1><p>This is a first paragraph of a page, and it has some words to read.</p>{}"
    "<p>This is the last paragraph of this page, which has words, too.</p></article></body></html>"
)


@pytest.mark.parametrize(
    "middle",
    [
        "<p>" + "<b>x</b> " * 10_000 + "</p>",
        "<p>" + "<i>" + "<b>x</b> " * 10_000 + "</i></p>",
        "<p>" + '<img src="/a.jpg"> x ' * 10_000 + "</p>",
        ("<p>" + "<b>x</b> " * 990 + "</p>") * 30,
    ],
    ids=["in one paragraph", "in an element of it", "pictures", "in each of many paragraphs"],
)
def test_many_elements_in_a_paragraph_take_no_time_by_their_square(middle: str) -> None:
    """10,000 took trafilatura four seconds, 20,000 half a minute."""
    content = PAGE.format(middle).encode()
    began = time.process_time()
    found = articles_in(content)
    assert time.process_time() - began < 2.5
    assert found.articles or found.refused
