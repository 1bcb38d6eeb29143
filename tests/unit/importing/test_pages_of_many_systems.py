"""Pages and exports of editing systems, browsers and hands: Blogger, Drupal, Joomla, Word, tables of 1998."""

import pytest

from importing.files import articles_in
from newsroom.pages import TEXT, TITLE, one, page, pictures, refusals, texts

PARAGRAPHS = "".join(f"<p>{each}</p>" for each in TEXT)
RUSSIAN = (
    "Мельницу на Венне продали деревне\n\nСтарую мельницу во вторник продали деревне, которая просила о ней "
    "девятнадцать лет.\n\nВесной Ильза Брандт сама откроет ворота, сказала она журналистам.\n"
)


@pytest.mark.parametrize(
    ("head", "above"),
    [
        (
            f"Venn Log: {TITLE}",
            "<h1><a href='https://v.example/'>Venn Log</a></h1><h3 class='post-title entry-title'>{}</h3>",
        ),
        ("The Venn Courier", "<h1>The Venn Courier</h1><h3>{}</h3>"),
        ("The Venn Log On-Line", "<p>Copyright 1998 The Venn Log</p><font size='+2'><b>{}</b></font>"),
        ("Mill", "<p class=MsoTitle>{}</p>"),
        (f"Venn :: Village :: {TITLE}", "<meta name='application-name' content='Venn'><h1>Venn</h1><p><b>{}</b></p>"),
    ],
    ids=["a heading that leads home", "a newspaper's name", "who holds the rights", "Word", "sections"],
)
def test_the_name_of_the_site_is_no_headline(head: str, above: str) -> None:
    article = one(
        f"<html lang=en><head><title>{head}</title></head><body>{above.format(TITLE)}{PARAGRAPHS}</body></html>"
    )
    assert (article.headline, article.status) == (TITLE, "published")
    assert texts(article) == TEXT


def test_a_page_that_names_only_its_site_is_a_draft() -> None:
    head = "<title>Venn Log</title><meta property='og:site_name' content='Venn Log'>"
    article = one(f"<html lang=en><head>{head}</head><body><h1>Venn Log</h1>{PARAGRAPHS}</body></html>")
    assert (article.status, article.headline[:12]) == ("draft", TEXT[0][:12])


def test_a_headline_and_a_byline_between_breaks_are_taken_out_of_the_text() -> None:
    top = f"<b>{TITLE}</b><br>By ILSE BRANDT<br>Courier Staff Writer"
    article = one(f"<html lang=en><title>{TITLE}</title><table><tr><td>{top}{PARAGRAPHS}</td></tr></table></html>")
    assert ([each.name for each in article.byline], texts(article)) == (["ILSE BRANDT"], TEXT)


def test_who_wrote_a_text_and_when_it_changed_are_read_from_lines_around_it() -> None:
    rows = ["<span class=small>Written by Ilse Brandt</span>", "Tuesday, 05 April 2005", PARAGRAPHS]
    table = "".join(
        f"<tr><td class={name}>{row}" for name, row in zip(["who", "createdate", "text"], rows, strict=True)
    )
    changed = "<tr><td class=modifydate>Last Updated ( Wednesday, 06 April 2005 )"
    article = one(f"<html lang=en><title>{TITLE}</title><table>{table}{changed}</table></html>")
    assert (article.byline[0].name, str(article.published_at)[:10], texts(article)) == (
        "Ilse Brandt",
        "2005-04-05",
        TEXT,
    )


def test_a_text_between_breaks_in_a_font_is_cut_into_paragraphs_and_menus_beside_it_are_left_out() -> None:
    menu = "<td><font size=-1><a href='/a'>Front</a><br><a href='/b'>Letters to the editor</a></font></td>"
    text = f"<td><font><h1>{TITLE}</h1>{'<br><br>'.join(TEXT)}</font></td>"
    assert texts(one(f"<html lang=en><table><tr>{menu}{text}{menu}</tr></table></html>")) == TEXT


def test_a_date_in_rdfa_is_the_date() -> None:
    stated = "<span property='dc:date dc:created' content='2014-06-02T11:20:00+04:00'>an evening in June</span>"
    assert str(page(stated).published_at) == "2014-06-02 07:20:00+00:00"


def test_addresses_are_completed_by_what_the_page_or_the_browser_says() -> None:
    assert pictures(page("<img src='//cdn.example/a.png'>")) == ["https://cdn.example/a.png"]
    saved = "<!-- saved from url=(0030)https://venn.example/news/mill -->"
    article = one(f"<html lang=en>{saved}<h1>{TITLE}</h1><article>{PARAGRAPHS}<img src='a.png'></article></html>")
    assert (article.url, pictures(article)) == ("https://venn.example/news/mill", ["https://venn.example/news/a.png"])


def test_advertisements_of_amp_are_no_text() -> None:
    assert texts(page("<amp-ad width=300 type=x><div placeholder>Advertisement</div></amp-ad>")) == TEXT


def _entry(title: str, within: str) -> str:
    text = PARAGRAPHS.replace("<", "&lt;")
    return f"<entry><title>{title}</title>{within}<content type='html'>{text}</content></entry>"


def test_drafts_of_atom_are_drafts_and_comments_of_blogger_are_no_articles() -> None:
    scheme = "http://schemas.google.com/g/2005#kind"
    kinds = {
        kind: f"<category scheme='{scheme}' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>"
        for kind in ("post", "comment", "settings")
    }
    entries = [
        _entry("A mill", kinds["post"] + "<category scheme='https://b.example/ns#' term='mills'/>"),
        _entry("A dam", "<control xmlns='http://www.w3.org/2007/app'><draft>yes</draft></control>" + kinds["post"]),
        _entry("Great news", kinds["comment"]),
        _entry("The name of the blog", kinds["settings"]),
    ]
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>{''.join(entries)}</feed>"
    found = articles_in(feed.encode())
    assert [(each.headline, each.status, each.tags) for each in found.articles] == [
        ("A mill", "published", ("mills",)),
        ("A dam", "draft", ()),
    ]
    only = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries[2]}</feed>"
    assert "without posts" in refusals(only)[0]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (
            "From a@b.example Mon Jan 1 00:00:00 2001\nFrom: A <a@b.example>\nSubject: A mill\nDate: Mon\n\nText.\n",
            "mail",
        ),
        ("Received: from x\r\n\tby y\r\nTo: desk\r\nSubject: A mill\r\n\r\nText.\r\n", "mail"),
        ("---\ntitle: A mill\ntags:\n  - mills\n---\n\nText.\n", "front matter"),
        ("<html><frameset><frame src=a><noframes><body>No frames here.</body></noframes></frameset></html>", "no text"),
    ],
)
def test_mail_sources_of_pages_and_frames_are_called_by_their_names(content: str, name: str) -> None:
    (said,) = refusals(content)
    assert name in said


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "iso-8859-5"])
def test_texts_are_read_in_encodings_that_no_mark_names(encoding: str) -> None:
    article = one(RUSSIAN.encode(encoding), language="ru")
    assert (article.headline, texts(article)[1][:6]) == ("Мельницу на Венне продали деревне", "Весной")


def test_lines_that_machines_begin_texts_with_are_read_in_little_time() -> None:
    for hostile in ("---\n" + "- a\n" * 200_000, "---\n" + "a: b\n" * 200_000, "From: a\n" + " b\n" * 200_000):
        assert articles_in(hostile.encode(), language="en")


@pytest.mark.parametrize(
    ("day", "language"),
    [
        ("Montag, 1. Februar 2016", "de"),
        ("1 лютого 2016 р., 10:15", "uk"),
        ("1er février 2016", "fr"),
        ("1 de febrero de 2016", "es"),
        ("1 თებერვალი, 2016", "ka"),
        ("1 şubat 2016", "tr"),
    ],
)
def test_the_day_over_a_text_is_read_in_its_language(day: str, language: str) -> None:
    over = f"<p class=date>{day}</p>"
    article = one(f"<html lang={language}><h1>{TITLE}</h1><article>{over}{PARAGRAPHS}</article></html>")
    assert (str(article.published_at)[:10], texts(article)) == ("2016-02-01", TEXT)


@pytest.mark.parametrize(
    ("line", "names"),
    [("Brandt, Ilse", ["Ilse Brandt"]), ("By Ilse Brandt, Venn Courier | Photos by Jon Vass", ["Ilse Brandt"])],
)
def test_the_order_of_names_and_the_paper_they_write_for_are_told(line: str, names: list[str]) -> None:
    article = page(head=f"<meta name=dc.creator content='{line}'>")
    assert [each.name for each in article.byline] == names


@pytest.mark.parametrize(
    "line",
    [
        "<p><a href='/n'>Lesen Sie auch: Ein Damm ist verkauft</a></p>",
        "<p>Abonnieren Sie unseren Newsletter.</p>",
        "<p>À lire aussi : <a href='/b'>Un barrage vendu</a></p>",
        "<p>Inscrivez-vous à notre newsletter.</p>",
    ],
)
def test_other_articles_and_invitations_are_known_in_other_languages(line: str) -> None:
    assert texts(page(line)) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "Sign up at the town hall if you want a seat for the first hour of the tour.",
        "Subscribe to that view, Brandt said.",
    ],
)
def test_a_sentence_that_begins_as_an_invitation_stays(line: str) -> None:
    assert line in texts(page(f"<p>{line}</p>"))


def test_an_empty_box_for_a_player_is_the_film() -> None:
    (film,) = [
        each.url
        for each in page("<div data-src='https://www.youtube.com/embed/lBTCB7yLs8Y'></div>").body
        if each.type == "embed"
    ]
    assert film == "https://www.youtube.com/embed/lBTCB7yLs8Y"


def test_a_caption_of_an_old_export_ends_where_it_says() -> None:
    caption = "[caption id='1' width='3']<img src='https://v.example/b.png'> The wheel[/caption]"
    article = page(
        f"<p>{caption}The wheel turned in the wind.<br><b>It stood still</b> after that.</p>[youtube=https://y.example/1]"
    )
    assert [each for each in texts(article) if each not in TEXT] == [
        "The wheel turned in the wind. It stood still after that."
    ]
    assert [each.caption for each in article.body if each.type == "image"] == ["The wheel"]


@pytest.mark.parametrize("above", ["The Venn Courier", "Saved: 12.03.2024", "Saved on 12 March 2024"])
def test_the_site_and_the_day_of_saving_over_a_page_of_text_are_no_headline(above: str) -> None:
    title = "The mill on the Venn is sold after nineteen years"
    article = one(f"{above}\n\n{title}\n\n" + "\n\n".join(TEXT))
    assert (article.headline, article.standfirst) == (title, None)
