"""What newsrooms and the web hand in, kind by kind, each in words of our own; and the cases beside the project, where
they are at hand.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from content_api.content.article import Article, Embed, Heading, Html, Image, List, Paragraph, Quote
from importing.articles.plain import plain
from importing.files import articles_in

CASES = Path(__file__).parents[4] / "shared" / "cases" / "importing"
TEXT = [
    "The old mill on the Venn was sold on Tuesday to the village, which had asked for it for nineteen years.",
    "Ilse Brandt, who ground flour there until the flood, said that she would open the gate herself in spring.",
    "The council has put aside money for the roof, and a carpenter from the next valley has offered his saw.",
    "Children of the school have counted the swallows under the eaves, and want them to be left where they are.",
]
TITLE = "The mill on the Venn is sold"


def page(body: str = "", *, head: str = "", title: str = TITLE, paragraphs: list[str] | None = None) -> Article:
    text = "".join(f"<p>{each}</p>" for each in (paragraphs if paragraphs is not None else TEXT))
    return one(
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body><article><h1>{TITLE}</h1>"
        f"{text.replace('</p>', f'</p>{body}', 1)}</article></body></html>"
    )


def one(content: str | bytes, language: str | None = None) -> Article:
    found = articles_in(content if isinstance(content, bytes) else content.encode(), language=language)
    assert [str(each) for each in found.refused] == []
    (article,) = found.articles
    return article


def refusals(content: str | bytes) -> list[str]:
    found = articles_in(content if isinstance(content, bytes) else content.encode())
    assert all(each.hint and each.reason for each in found.refused)
    return [str(each) for each in found.refused]


def texts(article: Article) -> list[str]:
    return [plain(block) for block in article.body if isinstance(block, Paragraph)]


def pictures(article: Article) -> list[str]:
    return [each.url for block in article.body if isinstance(block, Image) for each in block.renditions]


def ld(**stated: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | stated)}</script>'


@pytest.mark.parametrize(
    "broken",
    [
        "<img src='https://:0'>",
        f"<img src='https://img.example/{'a' * 2100}.jpg'>",
        f"<iframe src='https://ads.example/{'a' * 3000}'></iframe>",
        "<video src='https://:0'></video>",
        "<a href='https://[::1'>there</a>",
        "<img srcset='https://:0 2x, , x'>",
    ],
)
def test_a_bad_address_costs_itself_and_nothing_else(broken: str) -> None:
    assert [each for each in texts(page(broken)) if each != "there"] == TEXT


def test_a_base_completes_addresses() -> None:
    head = '<base href="https://venn.example/old/"><meta property="og:image" content="/m/lead.jpg">'
    article = page("<img src='p/1.jpg'>", head=head)
    assert article.lead_image
    assert (pictures(article), article.lead_image.renditions[0].url) == (
        ["https://venn.example/old/p/1.jpg"],
        "https://venn.example/m/lead.jpg",
    )


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (ld(headline=TITLE, author={"@type": "Person", "name": ["Ilse Brandt"]}), ""),
        ('<meta name="parsely-author" content="Ilse Brandt">', ""),
        ("", "<p itemprop='author' itemscope><span itemprop='name'>Ilse Brandt</span></p>"),
        ("", "<a rel='author' href='/ilse'>Ilse Brandt</a>"),
        ("", "<div class='article-byline'>By Ilse Brandt</div>"),
    ],
)
def test_whoever_wrote_it_is_found_where_the_page_says_it(head: str, body: str) -> None:
    assert [each.name for each in page(body, head=head).byline] == ["Ilse Brandt"]


@pytest.mark.parametrize(
    "line",
    [
        "By ILSE BRANDT and PER OHM, Valley News Agency",
        "Ilse Brandt &amp; Per Ohm (AP)",
        "<b>Ilse Brandt</b>, Per Ohm, Staff Writers",
        "Story by Ilse Brandt | Per Ohm",
        "Ilse Brandt; Per Ohm, Reuters",
        "Authors: Ilse Brandt and Per Ohm/AFP",
        "Ilse Brandt، Per Ohm",
    ],
)
def test_a_byline_is_names_alone(line: str) -> None:
    names = [each.name.title() for each in page(head=ld(headline=TITLE, author=line)).byline]
    assert names == ["Ilse Brandt", "Per Ohm"]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (ld(headline=TITLE, datePublished="on a Sunday") + "<meta name='pubdate' content='2018-03-04'>", ""),
        ("", "<time datetime='2018-03-04T09:00:00+01:00'>in March</time>"),
        ("", "<span itemprop='datePublished' content='2018-03-04'>then</span>"),
        ("", "<span class='dateline'>04.03.2018 12:40</span>"),
        ("", "<div class='date'>Updated 10:01 pm PST, Sunday, March 4, 2018</div>"),
        ("", "<span class='published-date'>Sunday, March 4, 2018, 9:00 a.m.</span>"),
        ("<meta name='DC.date.issued' content='Sun, 04 Mar 2018 09:00:00 +0000'>", ""),
        ("<link rel='canonical' href='https://venn.example/2018/03/04/mill'>", ""),
    ],
)
def test_a_day_is_found_where_the_page_says_it(head: str, body: str) -> None:
    article = page(body, head=head)
    assert article.published_at
    assert article.published_at.date().isoformat() == "2018-03-04"


def test_the_json_ld_of_another_article_is_left_aside() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Another",
        "url": "https://venn.example/9",
        "datePublished": "1999-01-01",
    }
    own = {"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2018-03-04"}}
    head = f'<script type="application/ld+json"><!-- {json.dumps([other, own])} --></script>'
    article = page(head=f"{head}<link rel='canonical' href='https://venn.example/mill'>")
    assert article.headline == TITLE
    assert str(article.published_at).startswith("2018-03-04")


def test_a_masthead_is_no_headline() -> None:
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    for head in ("", f"<meta property='og:title' content='{TITLE}'><meta property='og:site_name' content='Venn Post'>"):
        article = one(
            f"<html lang=en><head><title>{TITLE} | Venn Post</title>{head}</head><body><div class='logo'>"
            f"<h1>Venn Post</h1></div><article><h2>{TITLE}</h2>{text}</article></body></html>"
        )
        assert article.headline == TITLE
        assert texts(article) == TEXT


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


def test_a_quotation_keeps_its_list_and_who_said_it() -> None:
    article = page(
        "<blockquote><p>Two rules:</p><ol><li>No boots.</li><li>No dogs.</li></ol><p>— Ilse</p></blockquote>"
    )
    (quote,) = [block for block in article.body if isinstance(block, Quote)]
    assert ("No boots." in quote.html, "No dogs." in quote.html, quote.attribution) == (True, True, "Ilse")


def test_a_figure_keeps_all_that_it_holds() -> None:
    table = "<figure><table><tr><th>Year</th><td>12</td></tr></table><figcaption>Sacks</figcaption></figure>"
    both = "<figure><img src='https://i.example/a.jpg'><img src='https://i.example/b.jpg'></figure>"
    article = page(table + both, head="<meta property='og:image' content='https://i.example/own.jpg'>")
    assert pictures(article) == ["https://i.example/a.jpg", "https://i.example/b.jpg"]
    assert [block for block in article.body if isinstance(block, Html) and "12" in block.html]


def test_preformatted_lines_stay_lines() -> None:
    article = page("<pre>Mon  6.00\nTue  7.00</pre>")
    assert [block for block in article.body if isinstance(block, Html) and "6.00\nTue" in block.html]


def test_text_in_two_boxes_of_one_name_is_one_text() -> None:
    halves = ("".join(f"<p>{each}</p>" for each in half) for half in (TEXT[:2], TEXT[2:]))
    boxes = "<div class=ad></div>".join(f"<div><div class='col text'>{half}</div></div>" for half in halves)
    assert texts(one(f"<html lang=en><h1>{TITLE}</h1>{boxes}</html>")) == TEXT


def test_what_the_page_states_as_its_text_is_its_text() -> None:
    hidden = f"<div class='sidebar'><p>{TEXT[3]}</p></div>"
    article = page(hidden, head=ld(headline=TITLE, articleBody="\n".join(TEXT)), paragraphs=TEXT[:3])
    assert set(texts(article)) == set(TEXT)


def test_text_between_breaks_stays_whole() -> None:
    broken = "<br><br>".join(
        [TEXT[0], "Then <a href='https://x.example/'>the bells</a> rang, <b>all</b> of them.", *TEXT[1:]]
    )
    article = one(f"<html lang=en><body><h1>{TITLE}</h1><article>{broken}</article></body></html>")
    assert texts(article) == [TEXT[0], "Then the bells rang, all of them.", *TEXT[1:]]


def test_a_page_laid_out_in_tables_is_read() -> None:
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    menu = "<td><a href='/a'>Front</a><br><a href='/b'>Sport</a></td>"
    assert texts(one(f"<html lang=en><table><tr>{menu}<td><h1>{TITLE}</h1>{text}</td></tr></table></html>")) == TEXT


def test_sentences_and_sub_headings_that_look_like_furniture_stay() -> None:
    article = page("<h2>Search</h2><p>Sign up or stay at home, the miller told them, and they laughed about it.</p>")
    assert [block.text for block in article.body if isinstance(block, Heading)] == ["Search"]
    assert any(each.startswith("Sign up") for each in texts(article))
    invited = page("<p>Sign up for our newsletter and get it in your inbox.</p>")
    assert texts(invited) == TEXT


def test_times_of_a_live_blog_stay() -> None:
    article = page(
        "<p>12:05 The gate opens.</p><h3>12:40 Rain</h3><p>Then all ran under the roof, and nobody was wet.</p>"
    )
    assert "12:05 The gate opens." in texts(article)
    assert [block.text for block in article.body if isinstance(block, Heading)] == ["12:40 Rain"]


def test_the_standfirst_stands_once() -> None:
    head = f"<meta property='og:description' content='{TEXT[0]}'>"
    assert texts(page(head=head)) == TEXT[1:]


def whole(inside: str) -> Article:
    """A page of the text in a box of its own, and what stands around the box."""
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    return one(f"<html lang=en><h1>{TITLE}</h1><div class=main><article>{text}</article>{inside}</div></html>")


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


def test_a_list_of_nothing_is_none_and_text_beside_items_stays() -> None:
    assert [block.type for block in page("<ul><li><br><br></li><li><br></li></ul>").body] == ["paragraph"] * 4
    article = page(
        "<blockquote><ul>The miller said: no dogs in the yard, ever.<p>Nor cats, she said.</ul></blockquote>"
    )
    (quote,) = [block for block in article.body if isinstance(block, Quote)]
    assert ("no dogs" in quote.html, "Nor cats" in quote.html) == (True, True)


def test_comments_of_readers_are_not_the_text() -> None:
    said = "".join(
        f"<li class='comment'><p>I was there myself in year {n}, and I can tell you.</p></li>" for n in range(9)
    )
    assert texts(whole(f"<div class='comments'><h3>Comments</h3><ul>{said}</ul></div>")) == TEXT


def test_a_paragraph_that_is_a_link_is_another_article_and_a_sentence_with_one_is_not() -> None:
    link = "<p><a href='/x'>READ MORE: The bridge over the Venn opens after nine years</a></p>"
    sentence = "<p><a href='/y'>The whole report of the council can be read in its archive.</a></p>"
    assert texts(page(link + sentence)) == [
        TEXT[0],
        "The whole report of the council can be read in its archive.",
        *TEXT[1:],
    ]


def test_a_page_without_a_headline_is_a_draft_headed_by_its_beginning() -> None:
    article = one("<html lang=en><body>" + "".join(f"<p>{each}</p>" for each in TEXT) + "</body></html>")
    assert (article.status, article.headline, texts(article)) == (
        "draft",
        "The old mill on the Venn was sold on Tuesday to the village, which had asked for it for nineteen…",
        TEXT,
    )


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("<blockquote><p>So it is.</p><footer>— Ole Dahl</footer></blockquote>", ("So it is.", "Ole Dahl")),
        (
            "<figure><blockquote>So it is.</blockquote><figcaption>Ole Dahl</figcaption></figure>",
            ("So it is.", "Ole Dahl"),
        ),
    ],
)
def test_who_said_it_is_found_under_a_quotation(body: str, kept: tuple[str, str]) -> None:
    (quote,) = [block for block in page(body).body if isinstance(block, Quote)]
    assert (quote.html, quote.attribution) == kept


def test_a_term_stands_before_what_is_said_of_it() -> None:
    (block,) = [each for each in page("<dl><dt>12:05</dt><dd>The gate opens.</dd></dl>").body if isinstance(each, List)]
    assert block.items == ("<strong>12:05</strong> The gate opens.",)


def test_times_on_lines_of_their_own_stay_and_a_players_clock_goes() -> None:
    assert "12:40" in texts(page("<p>12:05</p><p>The gate opens.</p><p>12:40</p><p>It rains again.</p>"))
    assert texts(page("<p>0:00</p><p>0:42</p>")) == TEXT


def test_the_day_and_the_byline_over_the_text_are_none_of_it() -> None:
    over = "<p>4 March 2018, 10:15</p><p>By Ilse Brandt</p>"
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    article = one(
        f"<html lang=en><meta name=author content='Ilse Brandt'><h1>{TITLE}</h1><div>{over}{text}</div></html>"
    )
    assert texts(article) == TEXT


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


def test_a_headline_in_the_article_goes_before_the_masthead_that_the_title_repeats() -> None:
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    top = "<head><title>Venn Herald</title></head><h1>Venn Herald</h1>"
    article = one(f"<html lang=en>{top}<article><h1>{TITLE}</h1>{text}</article></html>")
    assert (article.headline, texts(article)) == (TITLE, TEXT)


def test_json_ld_is_read_through_comments_in_comments() -> None:
    stated = json.dumps({"@type": "NewsArticle", "headline": TITLE, "datePublished": "2018-03-04"})
    wrapped = f"<script type='application/ld+json'>/*<![CDATA[*/<!-- {stated} -->/*]]>*/</script>"
    assert str(page(head=wrapped).published_at).startswith("2018-03-04")


def test_an_item_with_a_broken_address_is_taken_without_it() -> None:
    text = "".join(f"&lt;p>{each}&lt;/p>" for each in TEXT)
    item = f"<item><title>{TITLE}</title><link>https://:0</link><content:encoded>{text}</content:encoded></item>"
    named = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    article = one(f"<rss version='2.0' {named}><channel><language>en</language>{item}</channel></rss>")
    assert (article.url, texts(article)) == (None, TEXT)


def test_a_place_and_a_day_over_the_headline_are_no_headline() -> None:
    article = one(f"Venn\n\nMay 10, 2005\n\n{TITLE}\n\n{TEXT[0]} {TEXT[1]}\n\n{TEXT[2]} {TEXT[3]}")
    assert (article.headline, str(article.published_at)[:10]) == (TITLE, "2005-05-10")
    short = one(f"Mill Sold\n\nMay 10, 2005\n\n{TEXT[0]} {TEXT[1]}\n\n{TEXT[2]} {TEXT[3]}")
    assert short.headline == "Mill Sold"


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


@pytest.mark.parametrize("between", [" ", "/", "='1'", '=">" '])
def test_an_element_of_endless_attributes_is_refused_at_once(between: str) -> None:
    (said,) = refusals(f"<html><h1>{TITLE}</h1><div {between.join(f'a{n}' for n in range(200_000))}><p>{TEXT[0]}</p>")
    assert "more than 5,000 attributes" in said


@pytest.mark.parametrize("stray", ["alt='A mill' '", 'title="The mill"" ', "data-x=it's "])
def test_a_stray_quote_in_a_tag_is_no_endless_tag(stray: str) -> None:
    links = "".join(f"<a href=/{n} class=more>Number {n} it is</a> " for n in range(2500))
    assert texts(page(f"<img src='/1.png' {stray}><nav>{links}</nav>")) == TEXT


def test_a_text_that_the_page_describes_itself_with_is_still_its_text() -> None:
    only = " ".join(TEXT)
    article = page(head=f"<meta name='description' content='{only}'>", paragraphs=[only])
    assert texts(article) == [only]


def test_a_list_of_links_is_the_article_where_it_is_most_of_it() -> None:
    links = [
        f"<a href='/{n}'>The {n}th mill of the valley, and who has ground flour there since</a>" for n in range(40, 60)
    ]
    article = page(paragraphs=[TEXT[0], *links, TEXT[1]])
    assert len(texts(article)) == len(links) + 2


def test_shortcodes_and_soft_hyphens_are_nobodys_text() -> None:
    shortcodes = "<p>[caption id='1']<img src='https://i.example/a.png'> In May[/caption] [gallery ids='1']</p>"
    article = page(shortcodes, head="<meta property='og:image' content='https://i.example/own.jpg'>")
    assert (texts(article), pictures(article)) == (TEXT, ["https://i.example/a.png"])
    assert texts(page("<p>The mil\u00adler came.</p>"))[1] == "The miller came."


def test_links_to_other_articles_are_left_out_with_their_pictures() -> None:
    others = "".join(
        f"<li><a href='/{n}'><img src='https://i.example/{n}.jpg'>Other news {n}</a></li>" for n in range(5)
    )
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    article = one(
        f"<html lang=en><h1>{TITLE}</h1><article>{text}</article><div class=related><ul>{others}</ul></div></html>"
    )
    assert (texts(article), pictures(article)) == (TEXT, [])


@pytest.mark.parametrize(
    "start", ["<h1>%s</h1>", "<!-- x --><h1>%s</h1>", "<section><h1>%s</h1></section>", "<center><h1>%s</h1>"]
)
def test_markup_is_read_as_markup_however_it_begins(start: str) -> None:
    article = one(start % TITLE + "".join(f"<p>{each}</p>" for each in TEXT))
    assert (article.headline, texts(article)) == (TITLE, TEXT)


def test_a_stray_byte_or_a_nul_costs_itself() -> None:
    content = "\n\n".join([TITLE, *TEXT]).encode()
    assert texts(one(content.replace(b"spring", b"spr\xe9ing\x00")))[1].endswith("spréing.")


def test_half_spaces_stay_in_words() -> None:
    assert texts(one("تیتر یک خبر\n\nمن می\u200cروم\u200c و باز می\u200cگردم.", language="fa")) == [
        "من می\u200cروم و باز می\u200cگردم."
    ]


TOP = ["Радио долины", "Передачи", "2.3.2024", "Старая мельница продана деревне", "4 марта 2018"]
RUSSIAN = "Старую мельницу на реке продали во вторник деревне, которая просила об этом девятнадцать лет, сообщил совет."


def test_of_a_page_of_text_the_headline_stands_under_the_masthead_and_its_day_below() -> None:
    article = one("\n\n".join([*TOP, RUSSIAN, RUSSIAN.replace("вторник", "среду")]), language="ru")
    assert article.headline == "Старая мельница продана деревне"
    assert str(article.published_at).startswith("2018-03-04")


@pytest.mark.parametrize(
    "first",
    [
        "date 2024-02-03 Ссылки для упрощенного доступа",
        "Перейти к содержанию | 3.2.2024",
        "Эта страница сайта больше не обновляется.",
    ],
)
def test_a_skip_link_with_a_date_or_a_notice_of_the_site_is_no_headline(first: str) -> None:
    parts = [first, "Старая мельница продана деревне", RUSSIAN, RUSSIAN.replace("вторник", "среду")]
    article = one("\n\n".join(parts), language="ru")
    assert article.headline == "Старая мельница продана деревне"


def test_datelines_have_their_signs_and_days_are_no_agencies() -> None:
    article = one(f"{TITLE}\n\nVENN, Norland; March 4, 2018 (RFE/RL) -- {TEXT[0]}\n\n{TEXT[1]}")
    assert article.dateline
    assert (article.dateline.place, str(article.dateline.date)) == ("VENN, Norland", "2018-03-04")
    other = one(f"{TITLE}\n\nVENN (Aug. 13) -- {TEXT[0]}\n\n{TEXT[1]}")
    assert other.dateline is None or other.dateline.agency is None


def test_two_articles_of_one_title_are_two() -> None:
    first, second = (one(f"In Brief\n\n{a}\n\n{b}", language="en") for a, b in (TEXT[:2], TEXT[2:]))
    assert first.id != second.id
    stated = [
        {"id": "en-a", "language": "en", "headline": each, "body": [{"type": "paragraph", "html": "x"}]}
        for each in "AB"
    ]
    assert any('"B"' in each and '"A"' in each for each in refusals(json.dumps(stated)))
    paths = ["/Ab", "/aB", "/a/b", "/a-b", "/?p=12", "/p/12"]
    made = [page(head=f"<link rel=canonical href='https://venn.example{path}'>").id for path in paths]
    assert len(set(made)) == len(paths)


# ---------------------------------------------------------------------------------------- feeds

FEED = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"><channel>'
    "<title>Venn Post</title><link>https://venn.example/</link><language>en</language>%s</channel></rss>"
)
CONTENT = f"<content:encoded><![CDATA[{''.join(f'<p>{each}</p>' for each in TEXT)}]]></content:encoded>"


def item(more: str = "", *, content: str = CONTENT) -> str:
    return f"<item><title>{TITLE}</title><link>/mill</link>{content}{more}</item>"


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("<author>i@venn.museum (Ilse Brandt)</author>", ["Ilse Brandt"]),
        ("<dc:creator>Ilse Brandt and Per Ohm</dc:creator>", ["Ilse Brandt", "Per Ohm"]),
        ("<dc:creator><![CDATA[By Ilse Brandt, Reuters]]></dc:creator>", ["Ilse Brandt"]),
    ],
)
def test_authors_of_a_feed_are_names(more: str, names: list[str]) -> None:
    article = one(FEED % item(more))
    assert ([each.name for each in article.byline], article.url) == (names, "https://venn.example/mill")


def test_of_media_rss_the_largest_picture_is_taken_with_its_words() -> None:
    group = "".join(
        f"<media:content url='https://i.example/{w}.jpg' medium='image' width='{w}'/>" for w in (90, 900, 300)
    )
    words = "<media:description>In May.</media:description><media:credit>Per Ohm</media:credit>"
    article = one(FEED % item(f"<media:group>{group}</media:group>{words}"))
    assert article.lead_image
    assert (article.lead_image.renditions[0].url, article.lead_image.caption) == (
        "https://i.example/900.jpg",
        "In May.",
    )
    assert (article.lead_image.credit, article.standfirst) == ("Per Ohm", None)


def test_an_entry_of_atom_is_dated_by_its_update() -> None:
    content = "".join(f"&lt;p>{each}&lt;/p>" for each in TEXT)
    entry = f"<title>{TITLE}</title><updated>2018-03-04T09:00:00Z</updated><content type='html'>{content}</content>"
    article = one(f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><entry>{entry}</entry></feed>")
    assert str(article.published_at).startswith("2018-03-04")


def test_good_items_are_taken_in_whatever_the_others_are() -> None:
    broken = item("<media:content url='https://:0' type='image/jpeg'/>", content="<content:encoded> </content:encoded>")
    other = item("<enclosure url='https://:0' type='image/jpeg'/>")
    found = articles_in((FEED % (broken + other)).encode())
    assert [each.headline for each in found.articles] == [TITLE]
    assert [each.place for each in found.refused] == ["item 1"]


def post(number: int, status: str, *, kind: str = "post", more: str = "", text: str = "\n\n".join(TEXT)) -> str:
    return (
        f"<item><title>{TITLE} {number}</title><link>https://venn.example/?p={number}</link><dc:creator>ilse</dc:creator>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date_gmt>2018-03-04 09:00:00</wp:post_date_gmt><wp:status>{status}</wp:status>"
        f"<wp:post_type>{kind}</wp:post_type>{more}</item>"
    )


def test_of_a_wordpress_export_only_what_was_public_is_published() -> None:
    author = "<wp:author_login>ilse</wp:author_login><wp:author_display_name>Ilse Brandt</wp:author_display_name>"
    author = f"<wp:author>{author}</wp:author>"
    terms = "<category domain='category'>Valley</category><category domain='post_tag'>mills</category>"
    thumbnail = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
    attachment = post(
        9, "inherit", kind="attachment", more="<wp:attachment_url>https://i.example/m.jpg</wp:attachment_url>"
    )
    states = "".join(
        post(at, status) for at, status in enumerate(("draft", "private", "pending", "future", "trash"), start=2)
    )
    locked = post(8, "publish", more="<wp:post_password>x</wp:post_password>")
    found = articles_in(
        (FEED % f"{author}{post(1, 'publish', more=terms + thumbnail)}{states}{locked}{attachment}").encode()
    )
    assert [str(each) for each in found.refused] == []
    assert [each.status for each in found.articles] == ["published", "draft", "draft", "draft", "draft", "draft"]
    first = found.articles[0]
    assert texts(first) == TEXT
    assert ([each.name for each in first.byline], first.section, first.tags) == (["Ilse Brandt"], "Valley", ("mills",))
    assert first.lead_image
    assert first.lead_image.renditions[0].url == "https://i.example/m.jpg"


def test_json_feed_is_read_item_by_item() -> None:
    good = {
        "id": "1",
        "title": TITLE,
        "url": "/mill",
        "content_html": f"<p>{TEXT[0]}</p>",
        "authors": [{"name": "Ilse Brandt"}],
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://venn.example/", "language": "en"}
    found = articles_in(json.dumps(feed | {"items": [good, {"id": "2"}, 3]}).encode())
    assert [(each.headline, each.url) for each in found.articles] == [(TITLE, "https://venn.example/mill")]
    assert [each.place for each in found.refused] == ["item 2", "item 3"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<?xml version='1.0'?><nitf><body/></nitf>", "NITF"),
        ("<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'/>", "NewsML-G2"),
        ('{"uri": "urn:1", "versioncreated": "2018-03-04", "body_html": "<p>x</p>"}', "ninjs"),
        ("id,title,text\n1,A mill,Sold\n2,A dam,Kept\n", "CSV"),
        ("<?xml version='1.0'?><invoice><sum>1</sum></invoice>", "<invoice>"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a picture (JPEG)"),
        (b"\x93\x01\x02\x03\x04\x05" * 50, "a binary file"),
    ],
)
def test_what_is_not_read_is_called_by_its_name(content: str | bytes, name: str) -> None:
    (said,) = refusals(content)
    assert name in said


def test_what_is_wrong_is_said_in_plain_words() -> None:
    (said,) = refusals('{"id": "en-a", "language": "en", "headline": "", "body": [], "colour": 1}')
    assert "body needs at least one entry" in said
    assert "colour is unknown here" in said
    assert not re.search(r"validation|Tuple|input", said)


@pytest.mark.parametrize(
    "content",
    [
        b"<!-- x -->" * 5000 + b"<html>",
        b"<?xml " * 5000,
        b"A-" * 100_000,
        ("PRAGUE" + "-" * 50 + " ").encode() * 2000,
        b"Title\n\n" + b"and so on\n" * 100_000,
        b"<meta charset=hex>" + b"\xff\xfe\xfd" * 100,
        (FEED % item(f"<author>{'a(' * 40_000}</author>")).encode(),
        b"<p>" + b"[caption " * 50_000,
    ],
    ids=["comments", "declarations", "hyphens", "dashes", "lines", "hex", "author", "shortcodes"],
)
def test_hostile_files_are_read_or_refused_in_the_time_of_others(content: bytes) -> None:
    """Under the suite's own time limit; test_patterns shows the growth of each pattern."""
    found = articles_in(content)
    assert all("fault of the importer" not in each.reason for each in found.refused)


# ---------------------------------------------------------------------------------------- the cases beside the project


def of_cases() -> list[tuple[Path, str, dict[str, Any]]]:
    found: list[tuple[Path, str, dict[str, Any]]] = []
    for path in sorted(CASES.glob("*/expected.json")):
        for name, stated in json.loads(path.read_text(encoding="utf-8"))["files"].items():
            found.append((path.parent / name, f"{path.parent.name}/{name}", stated))
    return found


@pytest.mark.parametrize(("path", "stated"), [pytest.param(p, s, id=n) for p, n, s in of_cases()])
def test_the_cases_beside_the_project(path: Path, stated: dict[str, Any]) -> None:
    found = articles_in(path.read_bytes(), language=stated["language"])
    assert found.articles, [str(each) for each in found.refused]
    article = found.articles[0]
    expected = stated["expect"]
    expected = expected.get("refused_or", expected)
    everything = article.model_dump_json()
    whole = "\n".join(f"{plain(block)} {getattr(block, 'caption', None) or ''}" for block in article.body)
    values: dict[str, Any] = {
        "articles": sum(each.status == "published" for each in found.articles),
        "headline": article.headline,
        "standfirst": article.standfirst,
        "byline": [each.name for each in article.byline],
        "paragraphs": len(texts(article)),
        "lead_caption": article.lead_image and article.lead_image.caption,
        "lead_credit": article.lead_image and article.lead_image.credit,
        "body_images": len(pictures(article)),
    }
    for name, value in values.items():
        assert name not in expected or value == expected[name], name
    assert str(article.published_at and article.published_at.isoformat()).startswith(
        expected.get("published_at_starts", "")
    )
    assert all(each in whole for each in expected.get("contains", []))
    assert not any(each in everything for each in expected.get("excludes", []))
    named = everything.replace("\\n", "\n")
    assert all(
        each in named for name in ("image_files", "image_urls", "embeds", "headings") for each in expected.get(name, [])
    )
