"""Feeds and exports as newsrooms hand them in: RSS, Atom, JSON Feed and WordPress."""

import json

import pytest

from importing.files import articles_in
from importing.words.instants import instant_of
from newsroom.pages import TEXT, TITLE, one, texts

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


def test_an_item_with_a_broken_address_is_taken_without_it() -> None:
    text = "".join(f"&lt;p>{each}&lt;/p>" for each in TEXT)
    item = f"<item><title>{TITLE}</title><link>https://:0</link><content:encoded>{text}</content:encoded></item>"
    named = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    article = one(f"<rss version='2.0' {named}><channel><language>en</language>{item}</channel></rss>")
    assert (article.url, texts(article)) == (None, TEXT)


def test_feeds_with_an_endless_author_are_read_in_time() -> None:
    """Under the suite's own time limit; test_patterns shows the growth of each pattern."""
    found = articles_in((FEED % item(f"<author>{'a(' * 40_000}</author>")).encode())
    assert all("fault of the importer" not in each.reason for each in found.refused)


@pytest.mark.parametrize(
    "stated", ["Sat, 31 Dec 2016 23:59:60 GMT", "31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:60Z"]
)
def test_a_leap_second_is_the_second_before_it(stated: str) -> None:
    found = instant_of(stated)
    assert found is not None
    assert found.isoformat() == "2016-12-31T23:59:59+00:00"
