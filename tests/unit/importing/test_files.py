"""Files of every kind through the one door that they come in by."""

import gzip
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from content_api.content.article import Article, Embed, Heading, Html, Image, List, Paragraph, Quote, Video
from content_api.law.law_file import load_entries
from importing.files import LARGEST_FILE, Found, articles_in

WARNINGS = load_entries()[0]["texts"]
SENTENCES = {
    "en": [
        "The bridge over the river was opened on Monday after eleven years of work.",
        "Thousands of people walked across it in the rain, many of them for the first time.",
        "The town council says that the tram will run again before the end of the winter.",
        "Nobody expected so many visitors, and the bakery on the corner sold out by noon.",
    ],
    "ru": [
        "Мост через реку открыли в понедельник после одиннадцати лет работ.",
        "Тысячи людей прошли по нему под дождём, многие из них впервые в жизни.",
        "Городской совет сообщает, что трамвай снова пойдёт до конца этой зимы.",
        "Никто не ожидал такого числа гостей, и пекарня на углу распродала всё к полудню.",
    ],
    "uk": [
        "Міст через річку відкрили в понеділок після одинадцяти років роботи.",
        "Тисячі людей пройшли ним під дощем, чимало з них уперше в житті.",
        "Міська рада повідомляє, що трамвай знову поїде до кінця цієї зими.",
        "Ніхто не очікував стількох гостей, і пекарня на розі розпродала все до полудня.",
    ],
}
HEADLINES = {
    "en": "The bridge over the river opens",
    "ru": "Мост через реку открыт",
    "uk": "Міст через річку відкрито",
}
# What pages lay around their text: a line each of sharing, cookies, other articles.
AROUND = {
    "en": ["Share on Facebook", "We use cookies to make this site better. Accept all.", "Read more: A tram returns"],
    "ru": ["Поделиться", "Мы используем файлы cookie, чтобы сайт работал лучше.", "Читайте также: Трамвай вернулся"],
    "uk": ["Поділитися", "Ми використовуємо файли cookie, щоб сайт працював краще.", "Читайте також: Трамвай знову"],
}


def html_page(language: str = "en", *, head: str = "", body: str | None = None, around: str = "") -> str:
    text = body if body is not None else "".join(f"<p>{each}</p>" for each in SENTENCES[language])
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>A page</title>{head}</head><body>'
        "<nav><a href='/'>Home</a><a href='/news'>News</a></nav>"
        f"<article><h1>{HEADLINES[language]}</h1>{around}{text}</article>"
        "<footer><p>Contact us</p></footer></body></html>"
    )


def article_in(content: str | bytes, language: str | None = None) -> Article:
    found = articles_in(content if isinstance(content, bytes) else content.encode(), language=language)
    assert [str(each) for each in found.refused] == []
    (article,) = found.articles
    return article


def refusal(content: str | bytes) -> str:
    found = articles_in(content if isinstance(content, bytes) else content.encode())
    assert found.articles == []
    (refused,) = found.refused
    return str(refused)


def paragraphs(article: Article) -> list[str]:
    return [block.html for block in article.body if isinstance(block, Paragraph)]


LD = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebPage", "name": "not this"},
        {
            "@type": "NewsArticle",
            "headline": "The bridge &amp; the town",
            "description": "After eleven years the bridge is open.",
            "datePublished": "2024-05-06T07:08:09+02:00",
            "dateModified": "2024-05-07T07:08:09Z",
            "articleSection": "Europe",
            "inLanguage": "en-GB",
            "keywords": "bridge, river",
            "author": [
                {"@type": "Person", "name": "Ana Kovač"},
                {"@type": "Organization", "name": "The Paper"},
                {"@type": "Person", "name": "Ana Kovač"},
            ],
            "image": {"@type": "ImageObject", "url": "https://img.example.org/bridge.webp?w=1200", "caption": "Crowds"},
        },
    ],
}


def test_a_page_says_of_itself_in_json_ld_what_it_is() -> None:
    head = (
        f'<script type="application/ld+json">{json.dumps(LD)}</script>'
        '<link rel="canonical" href="https://www.example.org/a/bridge-opens.html">'
        '<meta property="og:title" content="Something louder">'
    )
    article = article_in(html_page(head=head))
    assert article.id == "en-example-org-a-bridge-opens-23938105"
    assert article.url == "https://www.example.org/a/bridge-opens.html"
    assert (article.headline, article.language) == ("The bridge & the town", "en")
    assert article.standfirst == "After eleven years the bridge is open."
    assert article.published_at
    assert article.published_at.isoformat() == "2024-05-06T05:08:09+00:00"
    assert article.updated_at
    assert article.updated_at.isoformat() == "2024-05-07T07:08:09+00:00"
    assert [each.name for each in article.byline] == ["Ana Kovač"]
    assert (article.section, article.tags) == ("Europe", ("bridge", "river"))
    assert article.lead_image
    assert article.lead_image.caption == "Crowds"
    assert article.lead_image.renditions[0].media_type == "image/webp"
    assert paragraphs(article) == SENTENCES["en"]


def test_open_graph_stands_in_where_json_ld_is_broken() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
        '<meta property="og:title" content="The bridge opens"><meta property="og:url" content="https://example.org/b">'
        '<meta property="og:description" content="At last."><meta property="og:locale" content="en_GB">'
        '<meta property="article:published_time" content="2024-05-06T07:08:09Z">'
        '<meta property="article:section" content="Europe"><meta property="article:tag" content="bridge">'
        '<meta property="og:image" content="https://img.example.org/bridge.jpg">'
    )
    article = article_in(html_page(head=head).replace("<h1>", "<h2>").replace("</h1>", "</h2>"))
    assert article.headline == "The bridge opens"
    assert (article.standfirst, article.section, article.tags) == ("At last.", "Europe", ("bridge",))
    assert article.published_at
    assert article.lead_image
    assert article.lead_image.renditions[0].url == "https://img.example.org/bridge.jpg"


def test_the_same_page_makes_the_same_article() -> None:
    assert articles_in(html_page().encode()).articles == articles_in(html_page().encode()).articles


def test_pictures_recordings_and_embeds_stay_in_their_places_and_bring_no_script() -> None:
    first, second, third, fourth = SENTENCES["en"]
    body = (
        f"<p>{first}</p>"
        '<figure><img src="/i/a.png" alt="A bridge" width="800" height="600">'
        "<figcaption>The bridge</figcaption></figure>"
        f"<p>{second} <a href='/other'>There</a> <a href='javascript:alert(1)'>is</a> more.</p>"
        '<iframe src="https://www.youtube.com/embed/x1" title="A film" onload="alert(1)"></iframe>'
        f"<h2>What comes next</h2><p>{third}</p><ul><li>a tram</li><li>a <b>bakery</b></li></ul>"
        '<blockquote class="twitter-tweet"><p>Look!</p><a href="https://twitter.com/a/status/1">May 6</a></blockquote>'
        '<script async src="https://platform.twitter.com/widgets.js"></script>'
        '<video controls><source src="https://v.example.org/a.mp4" type="video/mp4"></video>'
        f"<blockquote><p>It is ours.</p><cite>A baker</cite></blockquote><p>{fourth}</p>"
        '<img src="https://count.example.org/1.gif" width="1" height="1">'
    )
    head = '<link rel="canonical" href="https://www.example.org/a/bridge.html">'
    article = article_in(html_page(head=head, body=body))
    kinds = [type(block) for block in article.body]
    assert kinds == [Paragraph, Image, Paragraph, Embed, Heading, Paragraph, List, Embed, Video, Quote, Paragraph]
    picture, film, post = (article.body[at] for at in (1, 3, 7))
    assert isinstance(picture, Image)
    assert (picture.alt, picture.caption) == ("A bridge", "The bridge")
    assert picture.renditions[0].url == "https://www.example.org/i/a.png"
    assert isinstance(film, Embed)
    assert (film.url, film.provider, film.title, film.tracks) == (
        "https://www.youtube.com/embed/x1",
        "youtube.com",
        "A film",
        True,
    )
    assert isinstance(post, Embed)
    assert post.url == "https://twitter.com/a/status/1"
    everything = article.model_dump_json()
    assert not any(each in everything for each in ("<script", "alert", "onload", "count.example.org"))
    assert "https://www.example.org/other" in everything


@pytest.mark.parametrize("language", list(SENTENCES))
@pytest.mark.parametrize("notice", ["en", "ru", "uk"])
@pytest.mark.parametrize("place", ["above", "below"])
def test_warnings_share_bars_and_banners_never_enter_a_body(language: str, notice: str, place: str) -> None:
    warning = "".join(f"<p>{each}</p>" for each in WARNINGS[notice]["text"].split("\n\n"))
    bar = "<ul>" + "".join(f"<li>{each}</li>" for each in ("Facebook", "Telegram", "Email")) + "</ul>"
    around = "".join(f"<p>{each}</p>" for each in AROUND[language]) + bar + warning
    text = "".join(f"<p>{each}</p>" for each in SENTENCES[language])
    above, below = (around, "") if place == "above" else ("", around)
    article = article_in(html_page(language, body=above + text + below))
    assert paragraphs(article) == SENTENCES[language]
    assert all(isinstance(each, Paragraph) for each in article.body)


def test_a_report_about_the_law_stays() -> None:
    reports = (
        "Russia declared the broadcaster an undesirable organization, and its readers may be fined, its lawyers said."
    )
    article = article_in(html_page(body="".join(f"<p>{each}</p>" for each in [*SENTENCES["en"], reports])))
    assert reports in paragraphs(article)


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8-sig", "utf-16"])
def test_pages_come_in_the_encodings_of_archives(encoding: str) -> None:
    page = html_page("ru").replace('<meta charset="utf-8">', "")
    assert paragraphs(article_in(page.encode(encoding))) == SENTENCES["ru"]


def test_a_page_that_names_its_encoding_is_believed_where_it_reads_as_nothing_else() -> None:
    body = "".join(f"<p>{each} Ça coûte 5 €.</p>" for each in SENTENCES["en"])
    page = html_page(body=body).replace("utf-8", "windows-1252")
    assert all(each.endswith("Ça coûte 5 €.") for each in paragraphs(article_in(page.encode("windows-1252"))))
    silent = html_page(body=body).replace('<meta charset="windows-1252">', "").encode("windows-1252")
    assert all(each.endswith("Ça coûte 5 €.") for each in paragraphs(article_in(silent)))


def test_a_dateline_is_taken_off_the_text_where_it_says_when_or_who() -> None:
    first, *others = SENTENCES["en"]
    body = "".join(f"<p>{each}</p>" for each in [f"MOSTAR, May 5, 2004 (RFE/RL) -- {first}", *others])
    article = article_in(html_page(body=body))
    assert article.dateline
    assert (article.dateline.place, str(article.dateline.date), article.dateline.agency) == (
        "MOSTAR",
        "2004-05-05",
        "RFE/RL",
    )
    assert article.published_at
    assert article.id == "en-2004-05-05-the-bridge-over-the-river-opens"
    assert paragraphs(article) == SENTENCES["en"]
    stays = f"Ana Kovač — The {first}"
    assert paragraphs(article_in(html_page(body=f"<p>{stays}</p><p>{others[0]}</p>")))[0] == stays


RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>News</title><link>https://example.org/</link><description>All</description><language>en-us</language>
%s</channel></rss>"""
ITEM = """<item><title>%s</title><link>https://example.org/%s</link><dc:creator>Ana Kovač</dc:creator>
<category>bridge</category><pubDate>Mon, 06 May 2024 07:08:09 GMT</pubDate><description>At last.</description>
<enclosure url="https://img.example.org/a.jpg" type="image/jpeg" length="1"/>%s</item>"""


def rss_item(name: str, *, text: bool = True) -> str:
    body = "".join(f"<p>{each}</p>" for each in SENTENCES["en"])
    return ITEM % (
        f"The bridge: {name}",
        name,
        f"<content:encoded><![CDATA[{body}]]></content:encoded>" if text else "",
    )


def test_a_feed_is_as_many_articles_as_bring_their_text_and_the_rest_is_refused_one_by_one() -> None:
    found = articles_in((RSS % (rss_item("one") + rss_item("two", text=False) + rss_item("three"))).encode())
    assert [each.headline for each in found.articles] == ["The bridge: one", "The bridge: three"]
    assert [str(each) for each in found.refused] == [
        "item 2: the item brings a summary only, not its text. RSS has it in content:encoded, Atom in content."
    ]
    article = found.articles[0]
    assert (article.url, article.language) == ("https://example.org/one", "en")
    assert re.fullmatch("en-example-org-one-[0-9a-f]{8}", article.id)
    assert (article.standfirst, article.byline[0].name, article.tags) == ("At last.", "Ana Kovač", ("bridge",))
    assert article.published_at
    assert article.published_at.isoformat() == "2024-05-06T07:08:09+00:00"
    assert article.lead_image
    assert paragraphs(article) == SENTENCES["en"]


def test_atom_is_read_too() -> None:
    body = "".join(f"&lt;p&gt;{each}&lt;/p&gt;" for each in SENTENCES["uk"])
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk"><title>Новини</title><id>urn:a</id>'
        "<updated>2024-05-06T07:08:09Z</updated><entry><id>urn:b</id><title>Міст відкрито</title>"
        "<author><name>Олена</name></author>"
        '<link href="https://example.org/uk/b"/><published>2024-05-06T07:08:09Z</published>'
        f'<updated>2024-05-07T07:08:09Z</updated><content type="html">{body}</content></entry></feed>'
    )
    article = article_in(feed)
    assert (article.headline, article.language, article.byline[0].name) == ("Міст відкрито", "uk", "Олена")
    assert paragraphs(article) == SENTENCES["uk"]


def test_an_item_nested_too_deeply_is_refused_by_itself() -> None:
    deep = f"<content:encoded><![CDATA[{'<div>' * 5000}deep]]></content:encoded>"
    found = articles_in((RSS % (rss_item("one") + ITEM % ("Two", "two", deep))).encode())
    assert [each.headline for each in found.articles] == ["The bridge: one"]
    assert [each.place for each in found.refused] == ["item 2"]


@pytest.mark.parametrize(
    ("stated", "language"),
    [("en-GB", "en"), ("en_US", "en"), ("sr-Latn", "sr-Latn"), ("sr_Latn_RS", "sr-Latn"), ("pa-arab-PK", "pa-Arab")],
)
def test_a_language_is_taken_without_its_region_and_with_its_script(stated: str, language: str) -> None:
    page = html_page().replace('lang="en"', f'lang="{stated}"')
    assert article_in(page).language == language
    assert article_in((RSS % rss_item("one")).replace("en-us", stated)).language == language


def test_an_entity_bomb_makes_no_article_of_its_contents() -> None:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 100}">' for before, name in pairwise("abcdefgh")
    )
    bomb = (RSS % rss_item("one").replace("At last.", "&h;")).replace("<rss", f"<!DOCTYPE rss [{entities}]><rss", 1)
    found = articles_in(bomb.encode())
    assert not any("haha" in each.model_dump_json() for each in found.articles)
    secret = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss'
    read = articles_in((RSS % rss_item("one").replace("At last.", "&x;")).replace("<rss", secret, 1).encode())
    assert not any("root:" in each.model_dump_json() for each in read.articles)


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "headline"),
        (b"x" * (LARGEST_FILE + 1), "bytes are more than"),
        (zipped(b"a" * 100_000_000), "this is a zip archive"),
        (gzip.compress(b"a" * 1000), "compressed with gzip"),
        (b"%PDF-1.7\n", "this is a PDF"),
        (b"{", "begins as JSON and is not"),
        (b"[]", "an empty list"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[1]", "article 1: "),
        (b'{"id": "a-b", "colour": "red"}', "colour"),
        (bytes(range(256)) * 4, "a binary file, no text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "this is a picture (PNG)"),
        (b"<html>\x00</html>", "no text"),
        (b"<html><body>" + b"<div>" * 1000 + b"deep", "within each other"),
        (b"<html><body>" + b"<p>a</p>" * 60_000, "more than 50,000 elements"),
        (b"<html><body></body></html>", "no text"),
        (b"<rss version='2.0'><channel></channel></rss>", "a feed without items"),
        (b"<rss", "a feed without items"),
        (b"<!DOCTYPE html>" + b"<iframe src='//x'></iframe>" * 40_000, "no text"),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, str) else "",
)
def test_what_is_no_article_is_refused_with_a_reason(content: bytes, said: str) -> None:
    assert said in refusal(content)


@pytest.mark.parametrize(
    "content",
    [
        '{"language":"en","headline":"A","headline":"B"}',
        '{"version":"https://jsonfeed.org/version/1.1","items":[{"title":"A","title":"B"}]}',
    ],
)
def test_of_a_member_that_json_gives_twice_neither_counts(content: str) -> None:
    assert "'headline' is given twice" in refusal(content) or "'title' is given twice" in refusal(content)


def test_our_own_json_is_an_article_or_a_list_and_each_is_taken_or_refused_by_itself() -> None:
    good = {"id": "en-a", "language": "en", "headline": "A", "body": [{"type": "paragraph", "html": "<p>x"}]}
    assert article_in(json.dumps(good)).id == "en-a"
    found = articles_in(json.dumps([good, good | {"id": "A!"}, good | {"id": "en-c"}]).encode())
    assert [each.id for each in found.articles] == ["en-a", "en-c"]
    assert [each.place for each in found.refused] == ["article 2"]
    del good["language"]
    assert article_in(json.dumps(good), language="en").language == "en"


ALLOWED = (
    "a abbr b bdi bdo br cite code em i mark q s small span strong sub sup time u blockquote caption dd div dl dt "
    "figcaption figure h2 h3 h4 hr li ol p pre table tbody td tfoot th thead tr ul"
).split()


def test_an_article_in_json_without_an_id_gets_the_one_that_a_page_would() -> None:
    stated = {"language": "en", "headline": "The bridge opens", "body": [{"type": "paragraph", "html": "It did."}]}
    assert article_in(json.dumps(stated)).id.startswith("en-undated-the-bridge-opens-")
    dated = stated | {"published_at": "2024-05-06T23:00:00Z"}
    assert article_in(json.dumps(dated)).id == "en-2024-05-06-the-bridge-opens"
    addressed = stated | {"url": "https://www.example.org/a/the-bridge"}
    assert article_in(json.dumps(addressed)).id.startswith("en-example-org-a-the-bridge-")
    for wrong in ({"url": 3}, {"url": "mailto:a"}, {"published_at": "yesterday"}, {"headline": None}, {"language": 1}):
        assert next(iter(wrong)) in refusal(json.dumps(stated | wrong))


MEMBERS = "@type @graph headline author url image keywords inLanguage datePublished name mainEntityOfPage @id".split()


def check(found: Found) -> None:
    """Nothing runs: markup has no element and no address that could. Headlines and the like are no markup."""
    assert found.articles or found.refused
    for article in found.articles:
        for markup in markup_in(article):
            for element in html.fragment_fromstring(markup, create_parent=True).iter():
                assert element.tag in {"div", *ALLOWED}, markup
                assert not any(name.startswith("on") or name == "style" for name in dict(element.attrib))
                assert not element.get("href", "").strip().lower().startswith(("javascript", "data", "vbscript"))
        for block in article.body:
            if isinstance(block, Embed):
                assert block.url.startswith(("https://", "http://"))


def markup_in(article: Article) -> Iterator[str]:
    for block in article.body:
        if isinstance(block, Paragraph | Quote | Html):
            yield block.html
        elif isinstance(block, List):
            yield from block.items


FRAGMENTS = [
    *"<p> </p> <article> </article> <blockquote> <ul><li> <table><tr><td> <figure> <figcaption>".split(),
    *"<math><mi> <!-- --> <![CDATA[ ]]> &#0; &#1; &amp;lt;script&amp;gt; <template> <!doctype </script>".split(),
    *["<content:encoded>", "\ufeff", "\u2028", "\x0b"],
    *["<script>alert(1)</script>", "<img src=x onerror=a>", "<svg onload=a>", "<a href='javascript:alert(1)'>x</a>"],
    *["<iframe src='https://youtube.com/embed/a'></iframe>", "<h1>A headline of this</h1>", "<title>T</title>"],
    *[
        "<html lang='en'>",
        "<!doctype html>",
        "<rss version='2.0'><channel><item>",
        "<meta property='og:title' content='T'>",
    ],
    "<script type='application/ld+json'>",
    '{"@type": "NewsArticle", "headline": ["x"], "author": 3, "image": [], "url": {}}',
    *SENTENCES["en"],
    *SENTENCES["ru"],
]


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=30).map("".join))
def test_whatever_comes_is_taken_or_refused_and_nothing_else_happens(text: str) -> None:
    check(articles_in(text.encode("utf-8", "surrogatepass")))


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=30).map("".join))
def test_whatever_a_page_holds_nothing_of_it_runs(text: str) -> None:
    check(
        articles_in(
            html_page(body=text + "".join(f"<p>{each}</p>" for each in SENTENCES["en"])).encode(errors="replace")
        )
    )


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=30).map("".join))
@example("<p>a\x0c&#0;b</p><b title='\x0c\x01'>c</b>")
def test_whatever_a_feed_holds_nothing_of_it_runs(text: str) -> None:
    check(
        articles_in(
            (RSS % (ITEM % ("T", "t", f"<content:encoded><![CDATA[{text}]]></content:encoded>"))).encode(
                errors="replace"
            )
        )
    )


@given(st.binary(max_size=400))
def test_bytes_are_taken_or_refused(content: bytes) -> None:
    check(articles_in(content))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(MEMBERS), ANYTHING, max_size=8))
@example({"author": "\x1b"})
@example({"keywords": ["a\x00b"], "image": {"url": "https://example.org/a.jpg", "caption": "\x07"}})
def test_json_ld_may_say_anything(stated: dict[str, object]) -> None:
    described = {"@type": "NewsArticle"} | stated
    head = f'<script type="application/ld+json">{json.dumps(described)}</script>'
    check(articles_in(html_page(head=head).encode()))


def test_a_name_given_twice_among_very_many_is_found_in_linear_time() -> None:
    """By the time that JSON itself takes: by the square of the names it would be thousands of times that."""
    many = "{" + ",".join(f'"name {number}":1' for number in range(40_000)) + ',"last":1,"last":2}'
    begun = time.process_time()
    json.loads(many)
    plainly = time.process_time() - begun
    begun = time.process_time()
    assert "'last' is given twice" in refusal(many.encode())
    assert time.process_time() - begun < 100 * plainly + 0.5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id":"en-a"}\n{"id":"en-b"}', "after the first JSON value, another begins at line 2, column 1"),
        ('{"a":', "begins as JSON and is not, at line 1, column 6"),
        ('{"a":' + "9" * 5_000 + "}", "a number in it has thousands of digits"),
    ],
)
def test_what_is_no_json_is_told_to_people(content: str, said: str) -> None:
    assert said in refusal(content.encode())
    assert not re.search(r"char \d|sys\.|Extra data|Expecting", refusal(content.encode()))
