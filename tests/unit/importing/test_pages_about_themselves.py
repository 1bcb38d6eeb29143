"""What an HTML page says about itself: addresses, authors, dates and headlines, wherever pages say them."""

import json

import pytest

from newsroom.pages import TEXT, TITLE, ld, one, page, pictures, texts


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


def test_a_page_without_a_headline_is_a_draft_headed_by_its_beginning() -> None:
    article = one("<html lang=en><body>" + "".join(f"<p>{each}</p>" for each in TEXT) + "</body></html>")
    assert (article.status, article.headline, texts(article)) == (
        "draft",
        "The old mill on the Venn was sold on Tuesday to the village, which had asked for it for nineteen…",
        TEXT,
    )


def test_a_headline_in_the_article_goes_before_the_masthead_that_the_title_repeats() -> None:
    text = "".join(f"<p>{each}</p>" for each in TEXT)
    top = "<head><title>Venn Herald</title></head><h1>Venn Herald</h1>"
    article = one(f"<html lang=en>{top}<article><h1>{TITLE}</h1>{text}</article></html>")
    assert (article.headline, texts(article)) == (TITLE, TEXT)


def test_json_ld_is_read_through_comments_in_comments() -> None:
    stated = json.dumps({"@type": "NewsArticle", "headline": TITLE, "datePublished": "2018-03-04"})
    wrapped = f"<script type='application/ld+json'>/*<![CDATA[*/<!-- {stated} -->/*]]>*/</script>"
    assert str(page(head=wrapped).published_at).startswith("2018-03-04")


def test_a_place_and_a_day_over_the_headline_are_no_headline() -> None:
    article = one(f"Venn\n\nMay 10, 2005\n\n{TITLE}\n\n{TEXT[0]} {TEXT[1]}\n\n{TEXT[2]} {TEXT[3]}")
    assert (article.headline, str(article.published_at)[:10]) == (TITLE, "2005-05-10")
    short = one(f"Mill Sold\n\nMay 10, 2005\n\n{TEXT[0]} {TEXT[1]}\n\n{TEXT[2]} {TEXT[3]}")
    assert short.headline == "Mill Sold"


def test_the_standfirst_stands_once() -> None:
    head = f"<meta property='og:description' content='{TEXT[0]}'>"
    assert texts(page(head=head)) == TEXT[1:]


def test_a_text_that_the_page_describes_itself_with_is_still_its_text() -> None:
    only = " ".join(TEXT)
    article = page(head=f"<meta name='description' content='{only}'>", paragraphs=[only])
    assert texts(article) == [only]


def test_what_the_page_states_as_its_text_is_its_text() -> None:
    hidden = f"<div class='sidebar'><p>{TEXT[3]}</p></div>"
    article = page(hidden, head=ld(headline=TITLE, articleBody="\n".join(TEXT)), paragraphs=TEXT[:3])
    assert set(texts(article)) == set(TEXT)
