"""What a list shows of an article. A card is made when the article is written, and copied when a list is read.

Cards are stored as raw DEFLATE (RFC 1951), with a preset dictionary that has the names of their members. A card of 1.1
KB takes 540 bytes; one with seven files of an uploaded picture has 2.3 KB and takes 680. So a list of 20 costs 4 read
units of DynamoDB and not 7 to 12. They have fixed Huffman codes and no checksum, which DynamoDB's answers have anyway.
So a list of 20 is unpacked in 50 to 70 µs. zlib's defaults take 105 to 150 µs, and save 50 bytes a card.
"""

from __future__ import annotations

import json
import zlib

from content_api.content.pictures import in_lists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST_STANDFIRST = 400  # characters
_LONGEST_CAPTION = 300
_RAW = -15  # tells zlib to use DEFLATE without a header, with the largest window

# This must never change: a card can be read only with the dictionary that it was written with. A test holds it.
_DICTIONARY = (
    b'https://www.https://media.jpeg.webp.html"},{"name":"","url":null}],"section":"T00:00:00Z","updated_at":null,'
    b'"breaking_until":null,"lead_image":null}"alt":"","caption":"","credit":"","renditions":[{"url":"https://",'
    b'"media_type":"image/webp","width":320,"height":213},{"url":"https://","media_type":"image/jpeg","width":640,'
    b'"height":427},{"url":"https://","media_type":"image/webp","width":1080,"height":720}]}}'
    b'{"id":"-202","version":1,"type":"article","language":"en","direction":"ltr","url":"https://","headline":"'
    b'","standfirst":"","byline":[{"name":"","url":null}],"section":"","published_at":"202T00:00:00Z",'
    b'"updated_at":null,"breaking_until":null,"lead_image":{"alt":"'
)
# A card without one of these is older than any release, or damaged.
MEMBERS = (
    "id", "version", "type", "language", "direction", "url", "headline", "standfirst", "byline", "section",
    "published_at", "updated_at", "breaking_until", "lead_image",
)  # fmt: skip


def card(document: dict[str, Any]) -> dict[str, Any]:
    """The card of a public document (JSON values). Long texts are cut at a word, and end in an ellipsis. Of a picture,
    only the files that lists need are kept.
    """
    made = {name: document[name] for name in MEMBERS}
    made["tags"] = document["tags"]
    made["topics"] = document["topics"]
    made["place"] = document["dateline"]["place"] if document["dateline"] else None
    made["episode"] = document["episode"]
    made["recording"] = first_recording(document["body"])
    made["standfirst"] = shortened(made["standfirst"], _LONGEST_STANDFIRST)
    picture = made["lead_image"]
    if picture is not None:
        made["lead_image"] = {
            "alt": shortened(picture["alt"], _LONGEST_CAPTION),
            "caption": shortened(picture["caption"], _LONGEST_CAPTION),
            "credit": picture["credit"],
            "placeholder": picture["placeholder"],
            "renditions": in_lists(picture),
        }
    return made


def first_recording(body: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first recording of an article: what it is, its length in seconds, its size, and its first file."""
    for block in body:
        if block["type"] in {"audio", "video"}:
            file = block["renditions"][0]
            return {
                "type": block["type"],
                "duration_seconds": block["duration_seconds"],
                "bytes": block.get("bytes"),
                "url": file["url"],
                "media_type": file["media_type"],
            }
    return None


def shortened[Text: (str, str | None)](text: Text, length: int) -> Text:
    """The text, cut to at most so many characters."""
    if text is None or len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" ,;:–—-") + "…"


def packed(text: str) -> bytes:
    compressor = zlib.compressobj(level=9, wbits=_RAW, strategy=zlib.Z_FIXED, zdict=_DICTIONARY)
    return compressor.compress(text.encode()) + compressor.flush()


def unpacked(cards: list[bytes]) -> str:
    """The JSON of the cards, separated by commas. Raises zlib.error or ValueError if one is damaged or cut off."""
    texts: list[bytes] = []
    for each in cards:
        stream = zlib.decompressobj(_RAW, zdict=_DICTIONARY)
        text = stream.decompress(each)
        if not stream.eof or text[-1:] != b"}":
            raise ValueError("a card that is cut off")
        texts.append(text)
    return b",".join(texts).decode()


def as_json(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))
