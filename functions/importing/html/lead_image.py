"""The picture of the article. Pages name it in the head, and show it above the text, often in another size."""

import re

from content_api.content.article import Block, Image, Paragraph, Picture

# The part of a file's name that states a size, a crop or a quality, such as `-1200x800`, `_w650_r1`, `_cx0_cy8_cw0`,
# `@2x`.
_SIZE = re.compile(
    r"(?:[-_.](?:\d{2,5}x\d{2,5}|[wh]\d{2,5}|r\d|s|c[xywh]\d{1,3}|scaled|small|medium|large|thumb|thumbnail|\d{3,4}w?|"
    r"tablet|mobile|desktop|hero|full|orig|original|crop)|@[23]x)(?=$|[-_.@])",
    re.IGNORECASE,
)
_NAMES_NOTHING = re.compile(r"(?:image|img|photo|picture|default|index|original|full|large|\d{1,3})?", re.IGNORECASE)
_MOST = 3  # paragraphs; a picture after more than these is not the lead image


def lead_image(own: Picture | None, body: list[Block]) -> tuple[Picture | None, list[Block]]:
    """The picture with the caption that it has in the text, and the body without it."""
    seen = 0
    for at, block in enumerate(body):
        seen += isinstance(block, Paragraph)
        if isinstance(block, Image) and own is not None and same_picture(own, block):
            return _with_words(own, block), [*body[:at], *body[at + 1 :]]
        if seen > _MOST:
            break
    if own is None and body and isinstance(body[0], Image):
        return _with_words(None, body[0]), body[1:]
    return own, body


def same_picture(one: Picture, other: Picture) -> bool:
    """Whether two addresses lead to the same picture in any size."""
    first, second = _file(one), _file(other)
    return bool(first) and first == second


def _with_words(own: Picture | None, printed: Image) -> Picture:
    own = own or printed
    return Picture(
        alt=printed.alt or own.alt,
        caption=printed.caption or own.caption,
        credit=printed.credit or own.credit,
        renditions=own.renditions,
    )


def _file(picture: Picture) -> str:
    """The name of the picture's file without its size."""
    if not picture.renditions:
        return ""
    path = picture.renditions[0].url.partition("?")[0]
    name = path.rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    plain = stem
    while (shorter := _SIZE.sub("", plain)) != plain:
        plain = shorter
    return path.rpartition(".")[0] if _NAMES_NOTHING.fullmatch(plain) else plain.lower()
