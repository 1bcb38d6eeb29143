"""Pictures, figures and embeds of an HTML page: which belong to the article, and with what words."""

import pytest

from content_api.content.article import Embed, Html, Image
from importing.articles.plain import plain
from importing.files import articles_in
from newsroom.pages import TEXT, TITLE, one, page, pictures, texts, whole


@pytest.mark.parametrize(
    "body",
    [
        "<img src='/blank.gif' data-original='https://i.example/mill.jpg'>",
        "<picture><source srcset='https://i.example/mill.jpg 900w, https://i.example/s.jpg 90w'><img></picture>",
        "<amp-img src='https://i.example/mill.jpg'></amp-img>",
        "<img src='/1x1.png' data-lazyload='https://i.example/mill.jpg'>",
        "<div data-bg='https://i.example/mill.jpg'></div>",
        "<img srcset='https://i.example/s.jpg 320w,https://i.example/mill.jpg 1280w'>",
        "<img class='lazy' src='data:image/gif;base64,R0'><noscript><img src='https://i.example/mill.jpg'></noscript>",
    ],
)
def test_a_picture_that_waits_is_found(body: str) -> None:
    article = page(body, head="<meta property='og:image' content='https://i.example/own.jpg'>")
    assert pictures(article) == ["https://i.example/mill.jpg"]


def test_a_picture_without_an_address_is_not_the_page() -> None:
    article = page("<img src=''>", head="<link rel=canonical href='https://venn.example/mill'>")
    assert (pictures(article), article.lead_image) == ([], None)


def test_the_lead_picture_stands_once_whatever_its_size() -> None:
    head = "<meta property='og:image' content='https://i.example/up/mill-1200x630.jpg'>"
    figure = "<figure><img src='https://i.example/up/mill-300x157.jpg'><figcaption>In May.</figcaption></figure>"
    article = page(figure, head=head)
    assert article.lead_image
    assert (article.lead_image.caption, pictures(article)) == ("In May.", [])


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("<iframe data-src='https://player.example/7' src='about:blank'></iframe>", "https://player.example/7"),
        ("<script src='https://telegram.org/js/w.js' data-telegram-post='venn/7'></script>", "https://t.me/venn/7"),
        ("<amp-youtube data-videoid='abc'></amp-youtube>", "https://www.youtube.com/watch?v=abc"),
        ("<figure class='wp-block-embed'><div>https://youtu.be/abc</div></figure>", "https://youtu.be/abc"),
    ],
)
def test_an_embed_that_waits_is_found(body: str, address: str) -> None:
    assert [block.url for block in page(body).body if isinstance(block, Embed)] == [address]


_PLAYER = "<iframe src='https://player.example/7'{}></iframe>"


@pytest.mark.parametrize(
    ("embedded", "caption", "title", "below"),
    [
        (_PLAYER.format(""), "The mill in May.", "The mill in May.", []),
        (_PLAYER.format(" title='Video player'"), "The mill in May.", "Video player", ["The mill in May."]),
        (_PLAYER.format(" title='The mill in May.'"), "The mill in May.", "The mill in May.", []),
        (_PLAYER.format(""), "The mill in May. " * 40, None, [("The mill in May. " * 40).strip()]),
        ("<div>https://youtu.be/abc</div>", "The mill in May.", "The mill in May.", []),
        ("<div>https://youtu.be/abc</div>", "The mill in May. " * 40, None, [("The mill in May. " * 40).strip()]),
    ],
)
def test_the_caption_of_an_embed_is_never_lost(
    embedded: str, caption: str, title: str | None, below: list[str]
) -> None:
    article = page(f"<figure>{embedded}<figcaption>{caption}</figcaption></figure>")
    (at,) = [at for at, block in enumerate(article.body) if isinstance(block, Embed)]
    embed = article.body[at]
    assert isinstance(embed, Embed)
    assert embed.title == title
    assert [plain(each) for each in article.body[at + 1 : at + 2] if plain(each) not in TEXT] == below


def test_a_figure_keeps_all_that_it_holds() -> None:
    table = "<figure><table><tr><th>Year</th><td>12</td></tr></table><figcaption>Sacks</figcaption></figure>"
    both = "<figure><img src='https://i.example/a.jpg'><img src='https://i.example/b.jpg'></figure>"
    article = page(table + both, head="<meta property='og:image' content='https://i.example/own.jpg'>")
    assert pictures(article) == ["https://i.example/a.jpg", "https://i.example/b.jpg"]
    assert [block for block in article.body if isinstance(block, Html) and "12" in block.html]


def test_what_a_dropped_picture_stood_before_is_dropped_too() -> None:
    others = "".join(f"<li><a href='/{n}'><img src='/{n}.jpg'>Other news {n}</a></li>" for n in range(5))
    assert [plain(each) for each in whole(f"<div class=aside><h4><img src=x.png>More</h4>{others}</div>").body] == TEXT


def test_text_beside_a_picture_in_a_figure_is_its_caption() -> None:
    figure = "<figure><img src='https://i.example/a.jpg'><div>The wheel.</div><div>(Ole Dahl)</div></figure>"
    article = page(figure, head="<meta property='og:image' content='https://i.example/own.jpg'>")
    (image,) = [block for block in article.body if isinstance(block, Image)]
    assert (texts(article), image.caption) == (TEXT, "The wheel. (Ole Dahl)")


def test_text_beside_a_caption_is_the_credit() -> None:
    figure = (
        "<figure><span><div data-src='https://i.example/a.jpg'></div><span class=off-screen>Image copyright</span>"
        "<span>Dahl</span></span><figcaption><span class=off-screen>Image caption</span>"
        "The wheel.</figcaption></figure>"
    )
    article = page(figure, head="<meta property='og:image' content='https://i.example/own.jpg'>")
    (image,) = [block for block in article.body if isinstance(block, Image)]
    assert (texts(article), image.caption, image.credit) == (TEXT, "The wheel.", "Dahl")


def test_a_figure_that_lists_other_articles_is_none_of_this_one() -> None:
    others = "".join(f"<li><a href='/{n}'>Other news of the valley, part {n}</a></li>" for n in range(5))
    article = page(f"<figure class=more><h4>More</h4><ul>{others}</ul></figure>")
    assert [plain(each) for each in article.body] == TEXT


def test_a_related_list_of_figures_goes_with_its_pictures() -> None:
    others = "".join(
        f"<li><figure><img src='https://i.example/{n}.jpg'><figcaption><a href='/{n}'>Other news {n}</a></figcaption>"
        "</figure></li>"
        for n in range(4)
    )
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    article = one(f"<html lang=en><div><h1>{TITLE}</h1>{text}<h3>Related</h3><ul>{others}</ul></div></html>")
    assert [plain(each) for each in article.body] == TEXT


@pytest.mark.parametrize("src", ["", "?", "#top", "https://venn.example/a/mill"])
def test_the_pages_own_address_is_no_picture(src: str) -> None:
    head = f"<link rel=canonical href='https://venn.example/a/mill'><meta property='og:image' content='{src}'>"
    article = page(f"<img src='{src}'>", head=head)
    assert (pictures(article), article.lead_image) == ([], None)


def test_what_could_not_be_shown_is_named() -> None:
    lost = "<iframe src='https://:0/map'></iframe><img src='https://[bad/a.jpg'><video src='https://:0/v.mp4'></video>"
    quiet = "<img src='https://i.example/p.gif' width=1 height=1><img src='data:image/gif;base64,R0'>"
    text = "".join(f"<p>{each}</p>{lost if at == 1 else quiet}" for at, each in enumerate(TEXT))
    found = articles_in(f"<html lang=en><h1>{TITLE}</h1><article>{text}</article></html>".encode())
    assert [(each.article, each.what) for each in found.left_out] == [
        (found.articles[0].id, "an embed whose address cannot be shown: https://:0/map"),
        (found.articles[0].id, "a picture whose address cannot be shown: https://[bad/a.jpg"),
        (found.articles[0].id, "a recording whose address cannot be shown: https://:0/v.mp4"),
    ]


def test_links_to_other_articles_are_left_out_with_their_pictures() -> None:
    others = "".join(
        f"<li><a href='/{n}'><img src='https://i.example/{n}.jpg'>Other news {n}</a></li>" for n in range(5)
    )
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    article = one(
        f"<html lang=en><h1>{TITLE}</h1><article>{text}</article><div class=related><ul>{others}</ul></div></html>"
    )
    assert (texts(article), pictures(article)) == (TEXT, [])
