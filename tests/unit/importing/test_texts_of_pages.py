"""The text of an HTML page: what belongs to the article, and what stands around it."""

import pytest

from content_api.content.article import Embed, Heading, Html, List, Quote
from newsroom.pages import TEXT, TITLE, one, page, pictures, texts, whole


def test_a_quotation_keeps_its_list_and_who_said_it() -> None:
    article = page(
        "<blockquote><p>Two rules:</p><ol><li>No boots.</li><li>No dogs.</li></ol><p>— Ilse</p></blockquote>"
    )
    (quote,) = [block for block in article.body if isinstance(block, Quote)]
    assert ("No boots." in quote.html, "No dogs." in quote.html, quote.attribution) == (True, True, "Ilse")


def test_preformatted_lines_stay_lines() -> None:
    article = page("<pre>Mon  6.00\nTue  7.00</pre>")
    assert [block for block in article.body if isinstance(block, Html) and "6.00\nTue" in block.html]


def test_text_in_two_boxes_of_one_name_is_one_text() -> None:
    halves = ("".join(f"<p>{each}</p>" for each in half) for half in (TEXT[:2], TEXT[2:]))
    boxes = "<div class=ad></div>".join(f"<div><div class='col text'>{half}</div></div>" for half in halves)
    assert texts(one(f"<html lang=en><h1>{TITLE}</h1>{boxes}</html>")) == TEXT


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


def test_a_short_sentence_that_is_a_link_stays_between_paragraphs() -> None:
    link = "<p><a href='/plan'>See the plan.</a></p>"
    assert texts(page(link)) == [TEXT[0], "See the plan.", *TEXT[1:]]


def test_an_embed_that_the_page_leaves_open_does_not_swallow_the_text() -> None:
    article = page("<amp-iframe src='https://player.example/7'><div placeholder>Wait</div>")
    assert [block.url for block in article.body if isinstance(block, Embed)] == ["https://player.example/7"]
    assert texts(article) == TEXT


def test_a_paragraph_that_is_a_link_is_another_article_and_a_sentence_with_one_is_not() -> None:
    link = "<p><a href='/x'>READ MORE: The bridge over the Venn opens after nine years</a></p>"
    sentence = "<p><a href='/y'>The whole report of the council can be read in its archive.</a></p>"
    assert texts(page(link + sentence)) == [
        TEXT[0],
        "The whole report of the council can be read in its archive.",
        *TEXT[1:],
    ]


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


@pytest.mark.parametrize(
    "start", ["<h1>%s</h1>", "<!-- x --><h1>%s</h1>", "<section><h1>%s</h1></section>", "<center><h1>%s</h1>"]
)
def test_markup_is_read_as_markup_however_it_begins(start: str) -> None:
    article = one(start % TITLE + "".join(f"<p>{each}</p>" for each in TEXT))
    assert (article.headline, texts(article)) == (TITLE, TEXT)


def test_a_long_text_that_leads_to_notes_on_it_is_a_text_and_several_links_are_not() -> None:
    lines = ["I never meant to grind your corn, my dear", "I never meant to sell the wheel and gear"]
    song = [*lines, "I only wanted once to see you by the mill", "I only wanted once to see you standing still"]
    article = page(f"<p>[Verse] <a href='/1'>{'<br>'.join(song)}</a></p>")
    assert texts(article)[1] == f"[Verse] {' '.join(song)}"
    links = " ".join(f"<a href='/{n}'>The {n}th dam of the valley is sold as well</a>" for n in range(40, 44))
    assert texts(page(f"<p>{links}</p>")) == TEXT


def test_menus_above_a_text_are_none_of_it() -> None:
    boxes = "".join(f"<div class='rec'><div class='text'>{each}</div></div>" for each in TEXT)
    menu = "<div class='rec'><div><a href='/1'>Town</a><a href='/2'>Tickets</a></div></div>"
    article = one(f"<html lang=en><title>{TITLE}</title><body>{menu}<div><h1>{TITLE}</h1></div>{boxes}</body></html>")
    assert texts(article) == TEXT


def test_a_list_is_kept_to_its_end() -> None:
    items = [f"The {name} can be seen at @{name}_of_the_Venn, and its miller too" for name in ("mill", "dam", "weir")]
    linked = "<li><a href='https://x.example/'>A mill on the web</a></li>"
    article = page(f"<ul>{''.join(f'<li>{each}</li>' for each in items)}{linked}</ul>")
    (found,) = [each for each in article.body if isinstance(each, List)]
    assert len(found.items) == len(items) + 1


def test_words_of_a_script_without_spaces_are_counted() -> None:
    first = "水車小屋は火曜日に村に売られた。村は十九年も前からそれを望んでいた。"
    pages = "".join(
        f"<div class='body'><p>{first}{n}回目の会議で村長はそう話し、春に門を開けると約束した。</p></div>"
        for n in "一二三四"
    )
    article = one(
        f"<html lang=ja><title>水車小屋が売られた日</title><h1>水車小屋が売られた日</h1><div>{pages}</div></html>"
    )
    assert len(texts(article)) == 4
