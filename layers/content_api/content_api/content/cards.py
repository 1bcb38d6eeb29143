"""What a list shows of an article: made when the article is written, copied when a list is read.

Cards are kept compressed (raw DEFLATE, RFC 1951) with a preset dictionary of their members' names: one of 1.0 to 1.7 KB
takes 380 to 500 bytes, so that a list of 20 costs 4 read units of DynamoDB and not 7 to 10. Fixed Huffman codes and no
checksums, which DynamoDB's answers have of their own: a list of 20 is unpacked in 50 to 70 µs, where zlib's defaults
take 105 to 150 and save 50 bytes a card.
"""

from __future__ import annotations

import json
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST_STANDFIRST = 400  # characters
_LONGEST_CAPTION = 300
_MOST_RENDITIONS = 4
_RAW = -15  # zlib's name for DEFLATE without a wrapper, with the largest window

# Never changed: cards in the table can be read only with the dictionary that they were written with. A test holds it.
_DICTIONARY = (
    b'https://www.https://media.jpeg.webp.html"},{"name":"","url":null}],"section":"T00:00:00Z","updated_at":null,'
    b'"breaking_until":null,"lead_image":null}"alt":"","caption":"","credit":"","renditions":[{"url":"https://",'
    b'"media_type":"image/webp","width":320,"height":213},{"url":"https://","media_type":"image/jpeg","width":640,'
    b'"height":427},{"url":"https://","media_type":"image/webp","width":1080,"height":720}]}}'
    b'{"id":"-202","version":1,"type":"article","language":"en","direction":"ltr","url":"https://","headline":"'
    b'","standfirst":"","byline":[{"name":"","url":null}],"section":"","published_at":"202T00:00:00Z",'
    b'"updated_at":null,"breaking_until":null,"lead_image":{"alt":"'
)
_MEMBERS = (
    "id", "version", "type", "language", "direction", "url", "headline", "standfirst", "byline", "section",
    "published_at", "updated_at", "breaking_until", "lead_image",
)  # fmt: skip


def card(document: dict[str, Any]) -> dict[str, Any]:
    """The card of a public document (JSON values). Long texts are cut at a word, with an ellipsis; of a picture's
    renditions the smallest are kept, which are those a list has use for.
    """
    made = {name: document[name] for name in _MEMBERS}
    made["standfirst"] = shortened(made["standfirst"], _LONGEST_STANDFIRST)
    picture = made["lead_image"]
    if picture is not None:
        smallest = sorted(picture["renditions"], key=lambda each: each["width"] or 0)[:_MOST_RENDITIONS]
        kept = {"alt": shortened(picture["alt"], _LONGEST_CAPTION), "renditions": smallest}
        made["lead_image"] = picture | kept | {"caption": shortened(picture["caption"], _LONGEST_CAPTION)}
    return made


def shortened[Text: (str, str | None)](text: Text, length: int) -> Text:
    """The text in at most so many characters."""
    if text is None or len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" ,;:–—-") + "…"


def packed(text: str) -> bytes:
    compressor = zlib.compressobj(level=9, wbits=_RAW, strategy=zlib.Z_FIXED, zdict=_DICTIONARY)
    return compressor.compress(text.encode()) + compressor.flush()


def unpacked(cards: list[bytes]) -> str:
    """The cards' JSON, separated by commas."""
    return b",".join([zlib.decompressobj(_RAW, zdict=_DICTIONARY).decompress(each) for each in cards]).decode()


def as_json(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))
