"""Addresses in feeds and sitemaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from syndication.uris import uri

ANY_URI = etree.XMLSchema(
    etree.fromstring(
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:anyURI"/></xs:schema>'
    )
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://news.example.org/a%20b?x=1&y=2#z", "https://news.example.org/a%20b?x=1&y=2#z"),
        ("https://пример.рф:8080/я?x=я#я", "https://xn--e1afmkfd.xn--p1ai:8080/%D1%8F?x=%D1%8F#%D1%8F"),
        ("https://news.example.org/100% [x]", "https://news.example.org/100%25%20%5Bx%5D"),
        ("http://[::1]/[x]", "http://[::1]/%5Bx%5D"),
        ("https://news.example.org/a\x01b", "https://news.example.org/a%01b"),
    ],
)
def test_an_address_becomes_a_uri(address: str, expected: str) -> None:
    assert uri(address) == expected


@given(
    st.sampled_from(
        ["https://a.example", "https://пример.рф:80", "http://[::1]", "https://例え。テスト", "https://ü@a.b"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
def test_a_uri_is_one_and_stays_as_it_is(start: str, end: str) -> None:
    made = uri(f"{start}/{end}")
    element = etree.Element("a")
    element.text = made
    assert made.isascii()
    assert ANY_URI.validate(element)
    assert uri(made) == made
