"""Words that have broken servers, and cursors that the API never gave out."""

from binascii import b2a_base64
from hashlib import sha256

LIST = "en\n\n\n-published"  # the query that a cursor of /v1/articles?language=en belongs to
CHANGES = "changes\nen"


def forged(query: str, content: bytes) -> str:
    """A cursor with a correct checksum. The checksum is no secret."""
    check = sha256(query.encode() + b"\0" + content).digest()[:6]
    return b2a_base64(check + content, newline=False).rstrip(b"=").decode().replace("+", "-").replace("/", "_")


FORGED = [
    b"", b" ", b"zz 000000000001", b"77b98 ", b"-1 000000000001", b"+1 000000000001", b"1_0 000000000001",
    b"0x1 000000000001", b"ffffffff 000000000001", b"f" * 300 + b" 000000000001", b"77b98 LAST", b"77b98 x",
    b"77b98 2025-11-20T08:00:00.000000Z#a", b"77b98 2025-11-20T08:00:00Z#a", b"77b98 #a", b"77b98 ~", b"77b98 \xff",
    b"77b98 9999-99-99T99:99:99.999999Z#a", b"\xff\xfe", b"77b98\x00000000000001", "٧٧ 000000000001".encode(),
    b"77b98 000000000001\n", b"0 000000000001", b"77b98 999999999999", b"77b98 " + b"9" * 400,
]  # fmt: skip
WORDS = [
    "", " ", ",", "a,b", "\x00", "\ud800", "\u202e", "İ", "ﬃ" * 200, "ნ" * 500, "ﷺ" * 60, "x" * 5000, "..",
    "../..", "%", "%2F", "%ZZ", "~", "/", "?", "#", "'", '"', "<script>", "{}", "[]", "null", "NaN", "-1", "0",
    "1e9", "99999999999999999999", "9" * 5000, "٣", "0x10", "1_0", "+5", " 5",
    "en", "EN", "en-", "en_US", "sr-Latn-RS", "zz", "always", "always,always", "now", "jsonld", "html",
    "published", "summary",
    "id,headline", "id,id", "legal_notices", "body.text", ".", "a." * 400, "2025-01-01", "2025-02-30", "0001-01-01",
    "0001-01-01T00:00:00+14:00", "9999-12-31", "9999-12-31T23:59:59-14:00", "2025-W01-1", "20250101T000000Z",
    "2025-01-01T00:00:00", "24:00", "https://news.example.org/a", "https://", "http://[::1", "https://a:99999/", "https://é.example/",
    "https://xn--a/", "javascript:alert(1)", "https://content.example.org/v1/previews/a",
    "https://content.example.org/embed/articles/%00", "https://content.example.org/v1/articles/" + "x" * 1500,
    "https://user:pass@host:80/?#", "https://a/" + "\u0301" * 300, "https://a?" + "&" * 500, "https://" + "a." * 900,
    "en.rss", "en.atom", "en.json", ".rss", "en.",
    "a" * 96, "a" * 97, "-", "ru-undesirable-organization", *(forged(LIST, each) for each in FORGED),
    *(forged(CHANGES, each) for each in FORGED),
]  # fmt: skip
HEADERS = [
    "if-none-match", "if-modified-since", "accept-encoding", "accept", "range", "cookie", "x-forwarded-for", "origin",
    "x-viewer-jurisdiction", "cloudfront-viewer-country", "cloudfront-viewer-country-region",
]  # fmt: skip
HEADER_VALUES = [
    *WORDS, "*", 'W/"', '"', '"a"' * 300, "gzip;q=x", "*;q=", ";;;,,,", "Thu, 20 Nov 2025 12:00:00 GMT",
    "Thu, 99 Zzz 99999 99:99:99 +9999", "Thu, 01 Jan 0001 00:00:00 +1400", "Fri, 31 Dec 9999 23:59:59 -1400",
    "bytes=0-", "-1",
]  # fmt: skip
