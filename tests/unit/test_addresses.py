"""Addresses as they are compared: without a library on the reading path, and as the library that began it has them."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from w3lib.url import canonicalize_url

from content_api.content.addresses import NotAnAddress, comparable

# Whatever has a meaning of its own in an address, among letters of several scripts.
_PARTS = st.sampled_from(
    ["/", "//", ".", "..", "a", "B", "ö", "Ж", "%", "%2f", "%2F", "%41", "%3b", "%25", "%e4", "%C3%A4", ";", "=", "&"]
    + ["?", "+", " ", "\\", "[", "]", "|", "~", "'", '"', "#", "@", "\t", "amp", "x=1", "é"]
)
_TEXTS = st.lists(_PARTS, max_size=12).map("".join) | st.text(max_size=40)
_HOSTS = st.sampled_from(
    ["news.example.org", "WWW.Example.ORG.", "новости.рф", "straße.example", "a:b@example.org", "example.org:8443"]
    + ["example.org:443", "[2001:DB8:0::1]", "пример.example:80", "..example", "example.org:", "www.www.example.org"]
)


def library_form(url: str) -> str:
    """What w3lib makes of an address, less what this project leaves out of every one."""
    parts = urlsplit(canonicalize_url(url, keep_blank_values=True))
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if parts.port is not None and parts.port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{parts.port}"
    path = parts.path.rstrip("/")
    if path.endswith("/amp"):
        path = path.removesuffix("/amp").rstrip("/")
    path = path.removeprefix("/amp") if path.startswith("/amp/") else path
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(name, value) for name, value in pairs if (name, value) not in {("amp", ""), ("amp", "1")}])
    return f"{host}{path}" + (f"?{query}" if query else "")


@given(st.sampled_from(["https", "HTTP", "http"]), _HOSTS, _TEXTS)
@example("https", "news.example.org", "a/..")
@example("https", "news.example.org", "a;b=[1]?c=%e4&c=%C3%A4")
def test_an_address_has_the_form_that_the_library_gives_it(scheme: str, host: str, text: str) -> None:
    url = f"{scheme}://{host}/{text}"
    try:
        form = comparable(url)
    except NotAnAddress:
        return  # the other test says of which that may be true
    assert form == library_form(url)


@given(_TEXTS)
def test_any_path_and_query_is_an_address(text: str) -> None:
    assert comparable(f"https://news.example.org/{text}")


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://www.Example.org/a/amp/?utm_source=x", "example.org/a"),
        ("http://новости.рф/%D1%8f/../б#c", "xn--b1amnebsh.xn--p1ai/%D0%B1"),
        ("https://[2001:DB8:0::1]:443/a%2fb", "2001:db8::1/a%2Fb"),
        ("  https:\\\\example.org\\a?b=\\", "example.org/a?b=%5C"),
        ("https://example.org/a;v=1?b=2&a=1", "example.org/a;v=1?a=1&b=2"),
    ],
)
def test_addresses_come_to_one_form(url: str, form: str) -> None:
    assert comparable(url) == form


@pytest.mark.parametrize("url", ["", "/a", "ftp://example.org/", "https://", "https://example.org:x/", "https://[::1/"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(NotAnAddress):
        comparable(url)
