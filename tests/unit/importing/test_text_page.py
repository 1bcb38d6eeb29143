import datetime as dt
import html
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.content.article import Article, Heading, Image, List, Paragraph, Promotion
from content_api.law.law_file import load_entries
from importing.encodings import text_of
from importing.refused import FileRefused
from importing.text.text_page import ImportedPage, PageRefused, parse_text_page

PAGES = Path(__file__).with_name("pages")
ARCHIVE = sorted((Path(__file__).parents[4] / "shared" / "samples").glob("*.txt"))
WARNING = load_entries()[0]["texts"]["en"]["text"]


def texts(article: Article) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for block in article.body:
        match block:
            case Paragraph():
                said.append(("paragraph", html.unescape(block.html)))
            case Heading():
                said.append(("heading", block.text))
            case Promotion():
                said.append(("promotion", block.name))
            case Image():
                said.append(("image", block.caption or ""))
            case List():
                said += [("item", html.unescape(item)) for item in block.items]
            case _:
                raise AssertionError(block)
    return said


def page(*units: str) -> ImportedPage:
    return parse_text_page("\n\n".join(units))


# ---------------------------------------------------------------------------------------- a page of the archive


@pytest.mark.parametrize("sample", ARCHIVE, ids=lambda path: path.name)
def test_the_page_of_the_archive_is_read_whole(sample: Path) -> None:
    found = parse_text_page(text_of(sample.read_bytes()))
    article = found.article
    assert article.id == "en-2006-04-03-kazakhstan-president-looks-to-build-on-alliance-with-putin"
    assert article.headline == "Kazakhstan: President Looks To Build On Alliance With Putin"
    assert article.lead_image
    assert article.lead_image.caption == "Presidents Putin (left) and Nazarbaev at a meeting earlier this year"
    assert article.lead_image.credit == "ITAR-TASS"
    assert article.standfirst
    assert article.standfirst.startswith("Kazakh President Nursultan Nazarbaev arrives in Russia today")
    assert article.standfirst.endswith("RFE/RL examines Nazarbaev's Russian agenda.")
    assert article.dateline
    assert (article.dateline.place, article.dateline.agency) == ("PRAGUE", "RFE/RL")
    assert article.dateline.date == dt.date(2006, 4, 3)
    kinds = [kind for kind, _ in texts(article)]
    assert (kinds.count("paragraph"), kinds.count("heading"), kinds.count("promotion")) == (15, 3, 1)
    headings = [text for kind, text in texts(article) if kind == "heading"]
    assert headings == ["Partners In Resisting The West", "Uzbekistan's Role", "Space, Gas, And Oil"]
    assert texts(article)[0][1].startswith("Nazarbaev has famously referred to Russia as a neighbor")
    assert texts(article)[-1] == ("promotion", "RFE/RL Central Asia Report")
    assert found.legal_notices == ("ru-undesirable-organization",)


def test_a_page_of_the_same_shape_is_read_whole() -> None:
    found = parse_text_page(text_of((PAGES / "harbour.txt").read_bytes()))
    article = found.article
    assert article.id == "en-2005-09-12-estonia-old-harbor-waits-for-its-last-ferry"
    assert article.lead_image
    assert (article.lead_image.caption, article.lead_image.credit) == (
        "Ferry captain Maret Kask (right) and her crew on the quay last week",
        "CTK",
    )
    assert article.standfirst == (
        "The last ferry to the islands leaves Tallinn's old harbor tonight. For two hundred years it carried "
        "the mail. RFE/RL went aboard."
    )
    assert article.dateline
    assert (article.dateline.place, article.dateline.date, article.dateline.agency) == (
        "TALLINN",
        dt.date(2005, 9, 12),
        "RFE/RL",
    )
    assert [kind for kind, _ in texts(article)] == ["paragraph"] * 3 + ["heading"] + ["paragraph"] * 2 + ["promotion"]
    assert texts(article)[0][1].startswith("Kask has sailed the line")
    assert found.legal_notices == ("ru-undesirable-organization",)


def test_a_russian_page_is_read_whole() -> None:
    found = parse_text_page(text_of((PAGES / "library.ru.txt").read_bytes()))
    article = found.article
    assert article.language == "ru"
    assert article.id == "ru-2007-03-03-biblioteka-na-beregu-ozera-otkrylas-posle-remonta"
    assert article.lead_image
    assert (article.lead_image.caption, article.lead_image.credit) == ("Читальный зал библиотеки", "РСЕ/РС")
    assert article.standfirst == "Читатели ждали этого дня шесть лет. Наш корреспондент провёл утро в новом зале."
    assert article.dateline
    assert (article.dateline.place, article.dateline.date) == ("ПЕТРОЗАВОДСК", dt.date(2007, 3, 3))
    assert [kind for kind, _ in texts(article)] == ["paragraph", "paragraph", "heading", "paragraph", "paragraph"]
    assert found.legal_notices == ("ru-undesirable-organization",)


# ---------------------------------------------------------------------------------------- parts that may be there


@dataclass(frozen=True)
class Words:
    """One language's parts of a page; `None` leaves a part out."""

    language: str
    navigation: tuple[str, ...]
    headline: str
    caption: str
    credits: tuple[str, ...]
    standfirst: str
    datelines: tuple[tuple[str, str | None, dt.date | None, str | None], ...]
    paragraphs: tuple[str, ...]
    headings: tuple[str, ...]
    promotion: tuple[str, str]
    warning: tuple[str, ...]


ENGLISH = Words(
    language="en",
    navigation=("Accessibility links", "Breaking News"),
    headline="Georgia: Villagers Build A Bridge Of Their Own",
    caption="Villagers (left) at work on the new bridge last week",
    credits=("AFP", "ITAR-TASS", "epa", "RFE/RL", "Courtesy Photo", "AP/Reuters"),
    standfirst="The old bridge fell into the river in spring. Nobody came to mend it, so the villagers did.",
    datelines=(
        ("PRAGUE, April 3, 2006 (RFE/RL) -- ", "PRAGUE", dt.date(2006, 4, 3), "RFE/RL"),
        ("Prague, 5 March 2002 (RFE/RL) -- ", "Prague", dt.date(2002, 3, 5), "RFE/RL"),
        ("TBILISI/MOSCOW, Sept. 9, 2008 (RFE/RL) — ", "TBILISI/MOSCOW", dt.date(2008, 9, 9), "RFE/RL"),
        ("WASHINGTON, D.C., January 31, 1999 (AP) -- ", "WASHINGTON, D.C.", dt.date(1999, 1, 31), "AP"),
        ("NEW YORK (Reuters) - ", "NEW YORK", None, "Reuters"),
        ("KUTAISI, Georgia -- ", "KUTAISI, Georgia", None, None),
        ("TBILISI -- ", "TBILISI", None, None),
        ("June 1, 2007 (RFE/RL) -- ", None, dt.date(2007, 6, 1), "RFE/RL"),
        ("11 January 2005 -- ", None, dt.date(2005, 1, 11), None),
    ),
    paragraphs=(
        "The work began before dawn -- and, as everybody here says, before breakfast. It lasted for forty days.",
        '"We had the stones," says Nana Beridze (a teacher), "and we had the river (Mtkvari) to tell us where."',
        "The ministry has promised to send an engineer in the autumn, and to pay for the paint & the nails.",
        "Children were the first to cross it.",
    ),
    headings=("A River Without Mercy", "Who Pays?", "Stones, Ropes, And Patience"),
    promotion=("RFE/RL Caucasus Report", 'SUBSCRIBE For weekly news, subscribe to "RFE/RL Caucasus Report."'),
    warning=tuple(WARNING.split("\n\n")),
)

RUSSIAN = Words(
    language="ru",
    navigation=("Ссылки для упрощенного доступа", "Новости"),
    headline="Жители села построили мост своими руками",
    caption="Жители села (слева) на строительстве моста",
    credits=("AFP", "ИТАР-ТАСС", "РСЕ/РС", "Фото из семейного архива"),
    standfirst="Старый мост упал весной в реку. Чинить его никто не приехал, и люди взялись за дело сами.",
    datelines=(
        ("ПРАГА, 3 апреля 2006 (РСЕ/РС) -- ", "ПРАГА", dt.date(2006, 4, 3), "РСЕ/РС"),
        ("Москва, 5 марта 2002 года (Радио Свобода) – ", "Москва", dt.date(2002, 3, 5), "Радио Свобода"),
        ("ТБИЛИСИ – ", "ТБИЛИСИ", None, None),
        ("Нижний Новгород, 9 сент. 2008 — ", "Нижний Новгород", dt.date(2008, 9, 9), None),
        ("1 июня 2007 (РСЕ/РС) -- ", None, dt.date(2007, 6, 1), "РСЕ/РС"),
    ),
    paragraphs=(
        "Работа началась до рассвета – и, как здесь говорят, до завтрака. Она продолжалась сорок дней.",
        "«Камни у нас были, – говорит учительница Нана Беридзе, – а где им лежать, показала река (Кура)».",
        "Министерство обещало прислать осенью инженера и заплатить за краску & гвозди, если их станет больше.",
        "Первыми по мосту прошли дети.",
    ),
    headings=("Река без милости", "Кто платит?", "Камни, верёвки и терпение"),
    promotion=("Кавказский дневник", "Подписывайтесь на нашу рассылку «Кавказский дневник», чтобы читать нас раньше."),
    warning=(
        "Радио Свободная Европа/Радио Свобода объявлена в России «нежелательной организацией».",
        (
            "Если вы находитесь в России или на оккупированных территориях Украины, за репосты и комментарии к нашим "
            "материалам вам могут грозить штраф или лишение свободы."
        ),
        "Чтобы узнать больше, нажмите здесь.",
    ),
)


@dataclass(frozen=True)
class Composed:
    words: Words
    has_image: bool
    credit: str | None
    has_standfirst: bool
    dateline: tuple[str, str | None, dt.date | None, str | None] | None
    headings: int
    promotion_printed: int
    warning_at: int | None  # after so many units of the body; None leaves it out
    is_one_line: bool
    newline: str

    def text(self) -> str:
        words = self.words
        units = [*words.navigation, words.headline]
        lead: list[str] = []
        if self.has_image:
            lead.append(f"{words.caption} ({self.credit})" if self.credit else f"{words.caption}\n{words.caption}")
        if self.has_standfirst:
            lead.append(words.standfirst)
        units += [" ".join(lead)] if self.is_one_line and self.credit else lead
        body = self.body()
        opening = self.dateline[0] if self.dateline else ""
        body[0] = opening + body[0]
        if self.warning_at is not None:
            at = min(self.warning_at, len(body))
            body[at:at] = words.warning
        units += body
        units += [words.promotion[0]] * self.promotion_printed
        if self.promotion_printed:
            units.append(words.promotion[1])
        return self.newline.join("\n\n".join(units).split("\n"))

    def body(self) -> list[str]:
        body = list(self.words.paragraphs)
        for number in range(self.headings):
            body.insert(1 + 2 * number, self.words.headings[number])
        return body


@st.composite
def composed_pages(draw: st.DrawFn) -> Composed:
    words = draw(st.sampled_from([ENGLISH, RUSSIAN]))
    has_image = draw(st.booleans())
    dateline = draw(st.none() | st.sampled_from(words.datelines))
    credit = draw(st.none() | st.sampled_from(words.credits)) if has_image else None
    return Composed(
        words,
        has_image,
        credit,
        # Without a dateline or an image nothing tells a standfirst from a first paragraph.
        has_standfirst=draw(st.booleans()) if dateline else False,
        dateline=dateline,
        headings=draw(st.integers(0, 3)),
        promotion_printed=draw(st.integers(0, 2)),
        warning_at=draw(st.none() | st.integers(1, 7)),
        is_one_line=draw(st.booleans()),
        newline=draw(st.sampled_from(["\n", "\r\n"])),
    )


@given(composed_pages())
def test_every_part_of_a_page_is_found_and_nothing_else(composed: Composed) -> None:
    words = composed.words
    found = parse_text_page(composed.text())
    article = found.article
    assert article.language == words.language
    assert article.headline == words.headline
    if composed.has_image:
        assert article.lead_image
        assert (article.lead_image.caption, article.lead_image.credit) == (words.caption, composed.credit)
    else:
        assert article.lead_image is None
    assert article.standfirst == (words.standfirst if composed.has_standfirst else None)
    if composed.dateline:
        assert article.dateline
        _, *expected = composed.dateline
        assert [article.dateline.place, article.dateline.date, article.dateline.agency] == expected
    else:
        assert article.dateline is None
    body = [("heading" if text in words.headings else "paragraph", text) for text in composed.body()]
    if composed.promotion_printed:
        body.append(("promotion", words.promotion[0]))
    assert texts(article) == body
    assert found.legal_notices == (("ru-undesirable-organization",) if composed.warning_at is not None else ())


@given(composed_pages())
def test_the_same_page_makes_the_same_article(composed: Composed) -> None:
    assert parse_text_page(composed.text()) == parse_text_page(composed.text())


# ---------------------------------------------------------------------------------------- shapes of single parts

FIRST = "The work began before dawn, and it lasted for all of the forty days that the weather held."
SECOND = "Children were the first to cross it, and they did so with the bicycles of their fathers."


def test_a_caption_run_together_with_a_dateline_is_taken_apart() -> None:
    article = page(
        "A Headline Of The Day", f"President Aliyev (file photo) Baku, 4 January 2005 (RFE/RL) -- {FIRST}"
    ).article
    assert article.lead_image
    assert (article.lead_image.caption, article.lead_image.credit) == ("President Aliyev (file photo)", None)
    assert article.dateline
    assert (article.dateline.place, article.dateline.date) == ("Baku", dt.date(2005, 1, 4))
    assert texts(article) == [("paragraph", FIRST)]


def test_a_caption_run_together_with_a_date_alone_is_taken_apart() -> None:
    article = page("A Headline Of The Day", f"A woman lays a stone (epa) 22 November 2005 -- {FIRST}").article
    assert article.lead_image
    assert (article.lead_image.caption, article.lead_image.credit) == ("A woman lays a stone", "epa")
    assert article.dateline
    assert (article.dateline.place, article.dateline.date) == (None, dt.date(2005, 11, 22))
    assert texts(article) == [("paragraph", FIRST)]


@pytest.mark.parametrize("headline", ["Villagers Build A Bridge Of Their Own", "Can Villagers Build A Bridge?"])
def test_the_sections_name_between_navigation_and_headline_is_not_the_headline(headline: str) -> None:
    article = page("Accessibility links", "Breaking News", "Central Asia", headline, FIRST, SECOND).article
    assert (article.section, article.headline) == ("Central Asia", headline)
    assert texts(article) == [("paragraph", FIRST), ("paragraph", SECOND)]


@pytest.mark.parametrize("second", ["The hall is being repaired until the spring.", "Who Pays?", "A new roof (AFP)"])
def test_a_short_headline_is_no_sections_name(second: str) -> None:
    assert page("Accessibility links", "Quiz Night Cancelled", second, FIRST, SECOND).article.section is None


def test_authors_are_taken_from_the_boxes_about_them() -> None:
    mira = ["16x9 Image", "Mira Halvorsen", "Mira Halvorsen writes about rivers and who crosses them."]
    desk = ["16x9 Image", "The River Desk", "The River Desk is one of the oldest desks of the house."]
    article = page("A Headline Of The Day", FIRST, *mira, *desk).article
    assert [author.name for author in article.byline] == ["Mira Halvorsen", "The River Desk"]
    assert texts(article) == [("paragraph", FIRST)]


def test_a_recording_that_the_page_has_lost_leaves_nothing_behind() -> None:
    title = "In The Valley, A Bridge Is Built"
    player = [f"{title}\n\n{title}\nplease wait", "No media source currently available", "0:00 0:02:03 0:00"]
    article = page("A Headline Of The Day", FIRST, *player, SECOND).article
    assert texts(article) == [("paragraph", FIRST), ("paragraph", SECOND)]


def test_a_box_about_something_else_is_a_promotion() -> None:
    box = ["The Year Of The Bridge", "The Year Of The Bridge", "An archive of our reporting on the bridge."]
    article = page("A Headline Of The Day", FIRST, SECOND, *box).article
    assert [kind for kind, _ in texts(article)] == ["paragraph", "paragraph", "promotion"]
    (promotion,) = (block for block in article.body if isinstance(block, Promotion))
    assert (promotion.kind, promotion.description) == ("other", box[2])


def test_other_articles_after_the_end_are_left_out() -> None:
    article = page("A Headline Of The Day", FIRST, "All Of The Latest News", "Another Story Altogether", SECOND).article
    assert texts(article) == [("paragraph", FIRST)]


def test_dates_inside_a_digest_stay_in_its_text() -> None:
    digest = ["31 October 2001", "A Minister Resigns", "1 November 2001", FIRST, "A Harvest Is In", SECOND]
    article = page("River Report: October 31, 2001", *digest).article
    assert article.published_at == dt.datetime(2001, 10, 31, tzinfo=dt.UTC)
    assert "1 November 2001" in [text for _, text in texts(article)]


def test_an_abbreviation_in_brackets_is_no_credit() -> None:
    standfirst = (
        "The Organization for Security and Cooperation in Europe (OSCE) Mission leaves the town after ten years."
    )
    article = page("A Headline Of The Day", standfirst, f"PRAGUE -- {FIRST}").article
    assert article.lead_image is None
    assert article.standfirst == standfirst


def test_a_line_printed_twice_inside_a_text_is_a_picture() -> None:
    article = page("A Headline Of The Day", FIRST, "The bridge in May (AFP)\nThe bridge in May (AFP)", SECOND).article
    assert [kind for kind, _ in texts(article)] == ["paragraph", "image", "paragraph"]
    assert texts(article)[1][1] == "The bridge in May"


def test_lines_wrapped_by_hand_are_one_paragraph() -> None:
    wrapped = (
        "The work began before dawn, and it lasted for all of\n"
        "the forty days that the weather held. The river was low\n"
        "and nobody complained."
    )
    article = page("A Headline Of The Day", wrapped).article
    assert texts(article) == [("paragraph", wrapped.replace("\n", " "))]


def test_lines_without_a_blank_one_between_them_are_paragraphs_of_their_own() -> None:
    article = parse_text_page(f"A Headline Of The Day\n\n{FIRST * 2}\n{SECOND * 2}").article
    assert [text for _, text in texts(article)] == [FIRST * 2, SECOND * 2]


@pytest.mark.parametrize(
    "line", ["April 03, 2006", "3 April 2006", "April 03, 2006 14:05 GMT", "03.04.2006 12:30", "2006-04-03"]
)
def test_a_date_on_a_line_of_its_own_dates_a_page_without_a_dateline(line: str) -> None:
    article = page("A Headline Of The Day", line, FIRST).article
    assert article.id == "en-2006-04-03-a-headline-of-the-day"
    assert article.published_at == dt.datetime(2006, 4, 3, tzinfo=dt.UTC)
    assert texts(article) == [("paragraph", FIRST)]


def test_a_page_without_any_date_says_so() -> None:
    article = page("A Headline Of The Day", FIRST).article
    assert article.id.startswith("en-undated-a-headline-of-the-day-")
    assert article.published_at is None


def test_a_date_given_with_the_page_counts_where_the_page_has_none() -> None:
    given_date = dt.date(1999, 12, 31)
    assert parse_text_page(f"A Headline\n\n{FIRST}", published_on=given_date).article.id == "en-1999-12-31-a-headline"
    dated = parse_text_page(f"A Headline\n\nPRAGUE, May 5, 2004 (RFE/RL) -- {FIRST}", published_on=given_date)
    assert dated.article.id == "en-2004-05-05-a-headline"


@pytest.mark.parametrize("date", ["February 30, 2006", "April 3, 1848", "April 3, 2206"])
def test_an_impossible_date_is_none(date: str) -> None:
    article = page("A Headline Of The Day", f"PRAGUE, {date} (RFE/RL) -- {FIRST}").article
    assert article.published_at is None
    assert texts(article) == [("paragraph", FIRST)]


@pytest.mark.parametrize(
    "opening",
    ["Putin -- who was late -- ", "In Moscow (the capital), ", "April is cold -- ", "He said -- and meant it -- that "],
)
def test_a_dash_or_bracket_in_a_sentence_makes_no_dateline(opening: str) -> None:
    paragraph = f"{opening}nobody in the town could say when the river had last been so low in the spring."
    article = page("A Headline Of The Day", paragraph, SECOND).article
    assert article.dateline is None
    assert texts(article)[0] == ("paragraph", paragraph)


def test_a_byline_is_taken_from_the_text() -> None:
    article = page("A Headline Of The Day", "By Mira Halvorsen and Jean-Luc de Vries", FIRST, SECOND).article
    assert [author.name for author in article.byline] == ["Mira Halvorsen", "Jean-Luc de Vries"]
    assert [kind for kind, _ in texts(article)] == ["paragraph", "paragraph"]


@pytest.mark.parametrize(
    "line",
    [
        "RFE/RL: Why did it take so long?",
        '"Nobody Asked Us."',
        "(Tomas Wren contributed to this report.)",
        "He was right.",
        "– А кто это видел?",
        "...",
    ],
)
def test_a_short_line_of_the_text_is_not_mistaken_for_a_heading(line: str) -> None:
    article = page("A Headline Of The Day", FIRST, line, SECOND).article
    assert texts(article)[1] == ("paragraph", line)


def test_a_line_after_which_no_text_comes_is_no_heading() -> None:
    article = page("A Headline Of The Day", FIRST, SECOND, "Translated In The Newsroom").article
    assert texts(article)[-1] == ("paragraph", "Translated In The Newsroom")


def test_bullets_are_a_list() -> None:
    article = page("A Headline Of The Day", FIRST, "• one bridge\n• two rivers", SECOND).article
    assert texts(article)[1:3] == [("item", "one bridge"), ("item", "two rivers")]


def test_other_articles_that_the_page_links_to_are_left_out() -> None:
    article = page("A Headline Of The Day", FIRST, "SEE ALSO:", "Another Story Altogether", SECOND).article
    assert texts(article) == [("paragraph", FIRST), ("paragraph", SECOND)]


def test_a_promotion_printed_whole_twice_is_one() -> None:
    promotion = ["The Weekend Letter", "Subscribe here to read one long story every week."]
    article = page("A Headline Of The Day", FIRST, *promotion, SECOND, *promotion).article
    assert [kind for kind, _ in texts(article)] == ["paragraph", "promotion", "paragraph"]


# ---------------------------------------------------------------------------------------- the legal warning

FIRST_SENTENCE, THREAT, LINK = WARNING.split("\n\n")
WARNINGS = {
    "whole, in three": [FIRST_SENTENCE, THREAT, LINK],
    "in one": [f"{FIRST_SENTENCE} {THREAT} {LINK}"],
    "in curly quotes": [FIRST_SENTENCE.replace(' "', " “").replace('" ', "” "), THREAT, LINK],
    "without its link": [FIRST_SENTENCE, THREAT],
    "its threat alone": [THREAT],
    "its opening alone": [FIRST_SENTENCE],
    "as Ukrainian sites word it": [
        "Радіо Свобода визнана в Росії «небажаною організацією».",
        (
            "Якщо ви перебуваєте в Росії чи на окупованих територіях, за поширення чи коментування наших матеріалів "
            "вам може загрожувати кримінальна відповідальність."
        ),
    ],
    "as Russian sites word it": list(RUSSIAN.warning),
}


@pytest.mark.parametrize("warning", WARNINGS.values(), ids=WARNINGS)
@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_the_warning_is_recognised_and_never_body_text(warning: list[str], place: str) -> None:
    units = {
        "before": ["A Headline Of The Day", *warning, FIRST, SECOND],
        "between": ["A Headline Of The Day", FIRST, *warning, SECOND],
        "after": ["A Headline Of The Day", FIRST, SECOND, *warning],
    }[place]
    found = parse_text_page("\n\n".join(units), language="en")
    assert found.legal_notices == ("ru-undesirable-organization",)
    assert texts(found.article) == [("paragraph", FIRST), ("paragraph", SECOND)]


REPORTS = [
    'The Russian government has declared RFE/RL an "undesirable organization," and the company said it would go on.',
    "Anybody in Russia who shares its articles can be fined, and those who do so twice can be sent to prison for it.",
    "Our correspondents asked what it means. People in Russia could face fines for sharing such reports, lawyers said.",
    "To find out more, click here.",
]


def test_a_report_about_the_warning_keeps_every_word() -> None:
    found = page("Russia Declares A Broadcaster 'Undesirable Organization'", *REPORTS)
    assert [text for _, text in texts(found.article)] == REPORTS
    assert found.legal_notices == ()


# ---------------------------------------------------------------------------------------- pages that are none


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "nothing here but navigation"),
        ("\n\n \n", 3, "nothing here but navigation"),
        ("Accessibility links\n\nBreaking News\n", 3, "nothing here but navigation"),
        (f"{WARNING}\n", 5, "nothing here but navigation"),
        (f"Accessibility links\n\n{FIRST * 4}\n\n{SECOND}", 3, "a headline should stand before it"),
        (f"PRAGUE, May 5, 2004 (RFE/RL) -- {FIRST}\n\n{SECOND}", 1, "a headline should stand here"),
        ("\nThe Headline Of The Day\n", 2, "no text under it"),
        ("\n\nThe Headline Of The Day And Of The Night\n\nBreaking News", 3, "no text under it"),
        ("Наслоў дня\n\nГэта кароткі тэкст пра мост, які ўзвялі жыхары вёскі ўлетку.", 1, "cannot tell the language"),
        (
            "Lajm I Ditës\n\nKy është një tekst i shkurtër për urën që ndërtuan banorët e fshatit gjatë verës.",
            1,
            "language",
        ),
    ],
)
def test_a_page_that_no_article_can_be_made_of_is_refused_with_line_and_reason(
    text: str, line: int, reason: str
) -> None:
    with pytest.raises(PageRefused) as refused:
        parse_text_page(text)
    assert refused.value.line == line
    assert reason in str(refused.value)
    assert str(refused.value).startswith(f"line {line}: ")


def test_a_language_that_cannot_be_told_can_be_given() -> None:
    text = "Lajm I Ditës\n\nKy është një tekst i shkurtër për urën që ndërtuan banorët e fshatit gjatë verës."
    assert parse_text_page(text, language="sq").article.id.startswith("sq-undated-lajm-i-dites-")


def test_bytes_that_are_no_text_are_refused_with_the_line() -> None:
    with pytest.raises(FileRefused, match="line 2: byte 3 is not UTF-8"):
        text_of(b"ab\n" + b"\xff\xfa" * 40)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_in_its_usual_forms_is_read(encoding: str) -> None:
    assert text_of("Ёлка".encode(encoding)) == "Ёлка"


def test_long_headlines_that_begin_alike_make_two_articles() -> None:
    long = "A Headline That Goes On And On About One Thing And Then Another Until Nobody Can Remember What It Was"
    ids = [page(f"{long} {end}", FIRST).article.id for end in ("About", "For")]
    assert ids[0] != ids[1]
    assert all(len(each) <= 96 for each in ids)


LINES = st.sampled_from(
    [
        FIRST,
        SECOND,
        *ENGLISH.headings,
        *ENGLISH.warning,
        "Accessibility links",
        "Breaking News",
        "SEE ALSO:",
        "•",
        "* x",
    ]
    + ["PRAGUE -- ", "(AFP)", "Caption (AFP)", "SUBSCRIBE", "April 3, 2006", "By A B", "©", "((((", '"', "--", "\u200b"]
)


@given(
    st.lists(LINES | st.text(max_size=60), max_size=12).map("\n".join) | st.lists(LINES, max_size=12).map("\n\n".join)
)
def test_any_text_makes_an_article_or_is_refused(text: str) -> None:
    with suppress(PageRefused):
        assert parse_text_page(text).article.body


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    with suppress(FileRefused):
        assert isinstance(text_of(content), str)


@pytest.mark.parametrize(
    "junk", ["A" * 200_000, "A " * 100_000, "(" * 100_000, "A, " * 60_000, "A (B) " * 30_000, "-" * 200_000]
)
def test_junk_takes_no_longer_than_its_length_asks(junk: str) -> None:
    """Run under the suite's own time limit: a pattern that backtracks would not end at all."""
    with suppress(PageRefused):
        parse_text_page(f"The Headline Of The Day\n\n{junk}\n\n{FIRST}", language="en")
