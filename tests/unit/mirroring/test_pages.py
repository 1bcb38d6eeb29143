"""The mirror's pages and JSON: the notices first, then the headline, the standfirst and the text; each small enough to
arrive; and nothing that needs a host or a script.
"""

import datetime as dt
import gzip
import json
import re
import zlib
from functools import cache
from html import unescape
from posixpath import join, normpath
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsroom
from content_api.content.article import Article
from content_api.content.cards import card
from content_api.content.document import public_fields
from content_api.content.rendering import body_text, plain
from content_api.names.mirror_paths import article_path, as_json, is_of_article, numbered, section_path, shelf_of
from mirroring.about import notice_files, root_files
from mirroring.articles import article_files, pictures_of, withdrawn_files
from mirroring.files import Files
from mirroring.lists import archive_files, day_files, days_files, front_files, newest_files, section_files
from mirroring.notices import MirrorNotices
from mirroring.words import spoken_by_us

DAY = "2026-11-26"
NOTICES = MirrorNotices(DAY)
MOST_BYTES = 10_000
BEGINNING = 4_096
SHELF = "en.2025-11"
PICTURE = "0" * 64


def wire(content: bytes) -> bytes:
    """As a server sends it."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def begun(content: bytes, count: int) -> str:
    """What a reader has of the first bytes on the wire."""
    return zlib.decompressobj(wbits=31).decompress(wire(content)[:count]).decode(errors="ignore")


def check_arrives(files: Files) -> None:
    for path, content in files.items():
        assert len(wire(content)) <= MOST_BYTES, path
        text = content.decode()
        beginning = begun(content, BEGINNING)
        if path.endswith(".json"):
            notices = json.loads(text)["legal_notices"]
            assert [each["id"] for each in notices]
            assert text.startswith('{"legal_notices":[{"id":"ru-undesirable-organization"'), path
            assert all(json.dumps(each["text"], ensure_ascii=False) in beginning for each in notices), path
        else:
            assert "data-legal-notice=" in beginning, path
            assert "</h1>" in beginning, path
            order = [text.index(each) for each in ("data-legal-notice=", "<h1>", "</h1>", "</main>")]
            assert order == sorted(order), path
            assert not re.search(r"<script|\bon\w+=|javascript:", text, re.IGNORECASE), path
            for found in re.findall(r'(?:src|srcset|poster|data)="([^"]*)"', text):
                assert "//" not in found, f"{path} loads {found}"


def fields(article: Article, version: int = 1) -> dict[str, Any]:
    return public_fields(article, version)


def pages(files: Files) -> list[str]:
    """The pages of an article in their order."""
    first = next(path for path in files if path.endswith(".html") and not re.search(r"\.\d+\.html$", path))
    found = [numbered(first, number) for number in range(1, len(files))]
    return [files[path].decode() for path in found if path in files]


def words_of(markup: str) -> str:
    return " ".join(plain(markup).split())


LONG = [
    max(newsroom.articles(80), key=lambda each: len(each.model_dump_json().encode()) * (each.language == language))
    for language in newsroom.LANGUAGES
]


def longer(article: Article, times: int) -> dict[str, Any]:
    """The article with the text of others in its language. The archive has few sentences, and what repeats takes few
    bytes, so the words are spoilt.
    """
    told = fields(article)
    others = [each for each in newsroom.articles(4 * times) if each.language == article.language]
    for at, each in enumerate(others[1:], start=1):
        told["body"] += [
            block | {"html": _turned(block["html"], at)}
            for block in fields(each)["body"]
            if block["type"] == "paragraph"
        ]
    return told


def _turned(text: str, by: int) -> str:
    """The text with the letters of each word in another order."""
    random = Random(by)
    return " ".join("".join(random.sample(word, len(word))) for word in text.split(" "))


@pytest.mark.parametrize("article", LONG, ids=newsroom.LANGUAGES)
@pytest.mark.parametrize("times", [1, 60])
def test_the_longest_articles_of_the_archive_arrive_and_are_whole(article: Article, times: int) -> None:
    told = longer(article, times)
    files = article_files(SHELF, told, NOTICES)
    check_arrives(files)
    shown = pages(files)
    assert (len(shown) > 1) == (times > 1)
    assert shown[0].index(article.headline) < shown[0].index(article.standfirst or "")
    text = " ".join(words_of(each) for each in shown)
    for line in body_text(told["body"]).split("\n"):
        assert " ".join(line.split()) in text
    said = [json.loads(content) for path, content in files.items() if path.endswith(".json")]
    assert [block for each in said for block in each["body"] if block["type"] == "paragraph"] == [
        block for block in told["body"] if block["type"] == "paragraph"
    ]


def test_each_page_but_the_last_leads_to_the_next_one() -> None:
    told = longer(LONG[1], 60)
    files = article_files(SHELF, told, NOTICES)
    path = article_path(SHELF, told["id"])
    followed = 1
    while found := re.search(r'rel="next" href="([^"]+)"', files[numbered(path, followed)].decode()):
        assert join(SHELF, found[1]) == numbered(path, followed + 1)
        assert json.loads(files[numbered(as_json(path), followed)])["next"] == found[1].replace(".html", ".json")
        followed += 1
    assert numbered(path, followed) in files
    assert numbered(path, followed + 1) not in files
    assert json.loads(files[numbered(as_json(path), followed)])["next"] is None


LETTERS = "".join(chr(each) for each in (*range(0x61, 0x7B), *range(0x400, 0x500), *range(0x4E00, 0x5000), 32))


def noise(draw: st.DrawFn, longest: int) -> str:
    """A text that can hardly be compressed, as no language is."""
    random, length = Random(draw(st.integers(0, 1000))), draw(st.integers(1, longest))
    return "".join(random.choices(LETTERS, k=length)).strip() or "a"


@st.composite
def articles(draw: st.DrawFn) -> Article:
    blocks = {
        "paragraph": lambda: {"html": noise(draw, 20_000)},
        "heading": lambda: {"text": noise(draw, 400)},
        "quote": lambda: {"html": noise(draw, 3_000), "attribution": "A"},
        "html": lambda: {"html": f"<table><tr><th></th><td>{noise(draw, 20_000)}"},
        "image": lambda: {"caption": noise(draw, 9_000)},
    }
    kinds = draw(st.lists(st.sampled_from([*blocks]), min_size=1, max_size=4))
    return Article.model_validate(
        {
            "id": "a-1",
            "language": draw(st.sampled_from(["en", "ru", "fa", "sr-ME", "ba"])),
            "headline": noise(draw, 500),
            "standfirst": noise(draw, 9_000),
            "byline": [{"name": noise(draw, 300)} for _ in range(draw(st.integers(0, 5)))],
            "tags": [noise(draw, 300) for _ in range(draw(st.integers(0, 5)))],
            "rights": noise(draw, 9_000),
            "corrections": [{"at": "2026-11-01T00:00:00Z", "text": noise(draw, 9_000)}],
            "body": [{"type": each, **blocks[each]()} for each in kinds],
        }
    )


@pytest.mark.sampled
@given(articles())
@settings(max_examples=12, deadline=None)
def test_whatever_an_article_says_all_of_it_arrives(article: Article) -> None:
    told = fields(article)
    files = article_files(SHELF, told, NOTICES)
    check_arrives(files)
    shown = "".join(words_of(each.partition("<main>")[2].partition("</main>")[0]) for each in pages(files))
    letters = shown.replace(" ", "")
    for block in told["body"]:
        text = re.sub(r"\s", "", body_text([block]))
        # What is too long for a page is cut between or within words, and pages have a number above.
        assert all(text[at : at + 20] in letters for at in range(0, len(text) - 20, 997)) or len(files) > 2
    assert len(letters) >= len(re.sub(r"\s", "", body_text(told["body"])))


def test_an_uploaded_picture_is_a_file_beside_the_page_and_no_other_host_is_asked() -> None:
    article = Article.model_validate(
        {
            "id": "with-pictures",
            "language": "en",
            "headline": "Pictures",
            "lead_image": {"media": PICTURE, "alt": "A mill", "caption": "The mill", "width": 1600, "height": 900},
            "body": [
                {"type": "image", "caption": "Elsewhere", "renditions": [{"url": "https://b.example/a.jpg",
                 "media_type": "image/jpeg"}]},
                {"type": "video", "title": "A film", "renditions": [{"url": "https://b.example/a.mp4",
                 "media_type": "video/mp4"}]},
            ],
        }
    )  # fmt: skip
    told = fields(article)
    files = article_files(SHELF, told, NOTICES)
    check_arrives(files)
    page = files[f"{SHELF}/with-pictures.html"].decode()
    assert 'src="with-pictures.1.webp"' in page
    assert re.findall("Elsewhere|A film|b.example", page) == ["Elsewhere", "A film"]
    assert pictures_of(SHELF, told) == {f"{SHELF}/with-pictures.1.webp": f"/media/{PICTURE}/original/320.webp"}
    said = json.loads(files[f"{SHELF}/with-pictures.json"])
    assert said["body"][0]["renditions"][0]["url"] == "with-pictures.1.webp"


@cache
def lists() -> Files:
    """Every kind of list, of many cards."""
    found: Files = {}
    for language in newsroom.LANGUAGES:
        cards = [card(fields(each)) for each in newsroom.articles(600) if each.language == language]
        sections = [{"title": f"Section {at}", "articles": cards[at * 4 : at * 4 + 4]} for at in range(6)]
        front = {"language": language, "top": cards[:8], "breaking": cards[8:28], "sections": sections}
        found |= front_files(front, NOTICES)
        shelf = f"{language}.2025-11"
        found |= day_files(shelf, "19", cards, NOTICES) | day_files(f"{language}.undated", "", cards[:2], NOTICES)
        found |= section_files(shelf, "культура", "Культура", cards, NOTICES)
        found |= days_files(shelf, [f"{day:02}" for day in range(1, 31)], NOTICES)
        shelves = [f"{language}.{year}-{month:02}" for year in range(1995, 2027) for month in range(1, 13)]
        found |= archive_files(language, shelves, NOTICES)
        found |= newest_files(language, "культура", "Культура", cards[:40], shelves, NOTICES)
    return found


def test_fronts_and_lists_arrive_and_lead_to_every_article() -> None:
    files = lists()
    check_arrives(files)
    linked = {
        normpath(join(path.rpartition("/")[0], each))
        for path, content in files.items()
        if path.endswith(".html")
        for each in re.findall(r'href="([^"#]+)', content.decode())
    }
    for article in newsroom.articles(600):
        at = article.published_at.isoformat() if article.published_at else ""
        assert article_path(shelf_of(article.language, at), article.id) in linked
    assert not [each for each in linked if "//" in each or each.startswith("..")]


def test_lists_say_the_same_as_json() -> None:
    files = lists()
    for path, content in files.items():
        if path.endswith(".html"):
            stem, number = (*path.removesuffix(".html").rsplit(".", 1), "1")[:2]
            is_first = not number.isdecimal()
            json_path = as_json(path) if is_first else numbered(as_json(f"{stem}.html"), int(number))
            said = json.loads(files[json_path])
            shown = content.decode()
            named: list[dict[str, str]] = [*said.get("articles", ()), *said.get("links", ())]
            assert named
            for each in named:
                assert each.get("headline", each.get("title", "")) in unescape(shown)


def test_a_withdrawn_article_says_so_and_nothing_else() -> None:
    files = withdrawn_files(SHELF, "gone", "ru", NOTICES)
    check_arrives(files)
    assert files.keys() == {f"{SHELF}/gone.html", f"{SHELF}/gone.json"}
    assert "отозвана" in files[f"{SHELF}/gone.html"].decode()
    assert json.loads(files[f"{SHELF}/gone.json"])["recall"] is True


def test_a_right_to_left_page_says_so_and_its_notices_keep_their_own_direction() -> None:
    article = next(each for each in LONG if each.language == "fa")
    page = article_files(SHELF, fields(article), NOTICES)[article_path(SHELF, article.id)].decode()
    assert '<html lang="fa" dir="rtl">' in page
    assert 'lang="en" dir="ltr" data-legal-notice' in page
    assert 'lang="ru" dir="ltr" data-legal-notice' in page


def test_the_addresses_of_a_notice_lead_to_a_page_of_the_mirror() -> None:
    (notice, *_) = NOTICES.of("en", f"{SHELF}/a.html")
    assert notice["more_information_url"] == "../notices/ru-undesirable-organization.html"
    assert notice["reason"] == "always"


def test_no_article_has_the_name_of_another_page() -> None:
    others = [f"{SHELF}/19.day.html", f"{SHELF}/19.day.2.html", f"{SHELF}/all.days.html", section_path(SHELF, "all")]
    for article_id in ("19", "all", "index", "days"):
        own = [article_path(SHELF, article_id, page, kind) for page in (1, 2) for kind in ("html", "json")]
        assert all(is_of_article(each, SHELF, article_id) for each in own)
        assert not any(is_of_article(each, SHELF, article_id) for each in others)
        assert not set(own) & set(others)


def test_pages_of_no_language_have_every_notice_first_and_say_until_when_to_trust_the_copy() -> None:
    made = dt.datetime(2026, 11, 26, 16, tzinfo=dt.UTC)
    files = root_files(["en", "fa"], made, made + dt.timedelta(days=3), "ab" * 32, NOTICES)
    for path in ("index.html", "about.html"):
        page = files[path].decode()
        assert len(wire(files[path])) <= MOST_BYTES
        assert page.index("data-legal-notice") < page.index("<h1>")
        for language in ("en", "ru", "uk"):
            assert f'lang="{language}" dir="ltr" data-legal-notice' in page
    assert "2026-11-26 16:00 UTC" in files["about.html"].decode()
    assert files["about.html"].decode().count("2026-11-29 16:00 UTC") == len(spoken_by_us())
    (notice,) = notice_files(NOTICES).values()
    assert "stateless person" in notice.decode()
