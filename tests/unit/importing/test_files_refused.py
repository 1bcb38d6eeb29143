"""Files that are refused: each is called by its name, in plain words, and in no more time than another."""

import re

import pytest

from importing.files import articles_in
from newsroom.pages import TEXT, TITLE, page, refusals, texts


@pytest.mark.parametrize("between", [" ", "/", "='1'", '=">" '])
def test_an_element_of_endless_attributes_is_refused_at_once(between: str) -> None:
    (said,) = refusals(f"<html><h1>{TITLE}</h1><div {between.join(f'a{n}' for n in range(200_000))}><p>{TEXT[0]}</p>")
    assert "more than 5,000 attributes" in said


@pytest.mark.parametrize("stray", ["alt='A mill' '", 'title="The mill"" ', "data-x=it's "])
def test_a_stray_quote_in_a_tag_is_no_endless_tag(stray: str) -> None:
    links = "".join(f"<a href=/{n} class=more>Number {n} it is</a> " for n in range(2500))
    assert texts(page(f"<img src='/1.png' {stray}><nav>{links}</nav>")) == TEXT


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
        b"<p>" + b"[caption " * 50_000,
    ],
    ids=["comments", "declarations", "hyphens", "dashes", "lines", "hex", "shortcodes"],
)
def test_hostile_files_are_read_or_refused_in_the_time_of_others(content: bytes) -> None:
    """Under the suite's own time limit; test_patterns shows the growth of each pattern."""
    found = articles_in(content)
    assert all("fault of the importer" not in each.reason for each in found.refused)
