"""Pictures for the articles of `make run`, drawn when asked for: hills in some weather, one name, one picture."""

import io
import re
from functools import lru_cache
from hashlib import sha256
from math import sin
from random import Random

from PIL import Image, ImageDraw
from werkzeug.wrappers import Response

PATH = "/media/"
# A name as articles have it: what is shown, and how wide.
_NAME = re.compile(r"(?P<subject>[a-z0-9-]+)-w?(?P<width>\d{2,4})\.webp")
_WIDEST = 2000  # pixels
_SKIES = (((252, 217, 171), (233, 138, 108)), ((196, 222, 240), (120, 164, 204)), ((214, 208, 236), (126, 116, 176)))


def picture(path: str) -> Response:
    """WebP, three wide by two high."""
    named = _NAME.fullmatch(path.removeprefix(PATH))
    if named is None or int(named["width"]) > _WIDEST:
        return Response("There is no such picture.", 404)
    return Response(_drawn(named["subject"], int(named["width"])), content_type="image/webp")


@lru_cache(maxsize=64)
def _drawn(subject: str, width: int) -> bytes:
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
    drawing.save(content, "WEBP", quality=80)
    return content.getvalue()
