"""Draws pictures: hills in some weather. The same name always gives the same picture. `make run` uploads some for its
articles; those under `/drawn/` stand for pictures of somebody else's host.
"""

import io
import re
from functools import lru_cache
from hashlib import sha256
from math import sin
from random import Random

from PIL import Image, ImageDraw
from werkzeug.wrappers import Response

PATH = "/drawn/"
# The name of a picture in an article: its subject and its width.
_NAME = re.compile(r"(?P<subject>[a-z0-9-]+)-w?(?P<width>\d{2,4})\.webp")
_WIDEST = 2000  # pixels
_SKIES = (((252, 217, 171), (233, 138, 108)), ((196, 222, 240), (120, 164, 204)), ((214, 208, 236), (126, 116, 176)))


def picture(path: str) -> Response:
    """The picture as WebP, with sides of 3 to 2."""
    named = _NAME.fullmatch(path.removeprefix(PATH))
    if named is None or int(named["width"]) > _WIDEST:
        return Response("There is no such picture.", 404)
    return Response(drawn(named["subject"], int(named["width"]), "WEBP"), content_type="image/webp")


@lru_cache(maxsize=64)
def drawn(subject: str, width: int, kind: str) -> bytes:
    """A file of a kind that Pillow names."""
    random = Random(sha256(subject.encode()).digest())  # noqa: S311 - a picture, no secret
    height = width * 2 // 3
    low, high = random.choice(_SKIES)
    gradient = Image.linear_gradient("L").resize((width, height))  # pyright: ignore[reportUnknownMemberType] - types are partial
    drawing = Image.composite(Image.new("RGB", (width, height), low), Image.new("RGB", (width, height), high), gradient)
    draw = ImageDraw.Draw(drawing)
    x, y, radius = random.uniform(0.2, 0.8) * width, random.uniform(0.15, 0.35) * height, width * 0.06
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(255, 244, 214))
    for hill in range(4):
        waves = [(random.uniform(1, 4), random.uniform(0, 6), random.uniform(0.02, 0.07)) for _ in range(3)]
        base = 0.5 + 0.13 * hill
        ridge = [
            (at, height * (base + sum(size * sin(often * 6.28 * at / width + shift) for often, shift, size in waves)))
            for at in range(0, width + 8, 8)
        ]
        shade = tuple(round(part * (0.62 - 0.14 * hill)) for part in high)
        draw.polygon([(0, height), *ridge, (width, height)], fill=shade)
    content = io.BytesIO()
    drawing.save(content, kind, quality=80)
    return content.getvalue()
