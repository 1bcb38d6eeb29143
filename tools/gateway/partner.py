"""The page at `/partner` of `make run`: a partner's site, with an article in a frame, in the element, and by oEmbed, as
a reader in a chosen place gets it.

The partner's server asks for oEmbed, so oEmbed does not know the reader's place. A frame cannot be given headers. So a
cookie for the pages in frames says where the reader is. Only this local gateway reads the cookie, never the API.
"""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

type Ask = Callable[[str], dict[str, Any]]

_PAGE = Path(__file__).with_name("partner.html")
_COOKIE = "place"
# Country (ISO 3166-1), region (ISO 3166-2) and autonomous system, as CloudFront states them.
PLACES = {
    "Unknown": ("", "", ""),
    "Russia": ("RU", "", ""),
    "Crimea": ("UA", "43", ""),
    "Lviv": ("UA", "46", ""),
    "United States": ("US", "", ""),
    "Abroad behind a VPN": ("NL", "", "9009"),
}
_STATED_IN = ("CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Region", "CloudFront-Viewer-ASN")
_LANGUAGES = {"English": "en", "Russian": "ru", "Ukrainian": "uk", "Persian": "fa"}


def place_of(request: Request) -> dict[str, str]:
    """The headers that say where the reader is, for requests from a frame of the page, and for its pictures. The reader
    chose the place on the page.
    """
    place = request.cookies.get(_COOKIE, "").replace("_", " ")
    if not request.path.startswith(("/embed/", "/media/")) or not PLACES.get(place, ("",))[0]:
        return {}
    return {name: value for name, value in zip(_STATED_IN, PLACES[place], strict=True) if value}


def partner_page(request: Request, ask: Ask) -> Response:
    """Makes the page. `ask` gives the API's answer to a path, as a request from a server."""
    place = request.args.get("place", "Unknown")
    language = request.args.get("language", "English")
    if place not in PLACES or language not in _LANGUAGES:
        return Response(f"place is one of {', '.join(PLACES)}; language is one of {', '.join(_LANGUAGES)}", 400)
    listed = _json(ask(f"/v1/articles?language={_LANGUAGES[language]}&limit=1&fields=id,headline,direction"))
    article = listed["articles"][0]
    embed = f"{request.host_url.rstrip('/')}/embed/articles/{article['id']}"
    oembed = _json(ask(f"/v1/oembed?url={quote(embed, safe='')}"))
    values = {
        "places": _choices("place", list(PLACES), place),
        "languages": _choices("language", list(_LANGUAGES), language),
        "embed": escape(embed),
        "headline": escape(article["headline"]),
        "language": _LANGUAGES[language],
        "direction": article["direction"],
        "oembed": oembed["html"],
    }
    text = _PAGE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    response = Response(text, content_type="text/html; charset=utf-8")
    response.set_cookie(_COOKIE, place.replace(" ", "_"), path="/embed/", samesite="Lax")
    return response


def _json(answer: dict[str, Any]) -> dict[str, Any]:
    """The JSON of an answer. Raises LookupError if the API did not answer 200, for instance because the article was
    withdrawn.
    """
    if answer["statusCode"] != 200:  # noqa: PLR2004 - HTTP's
        raise LookupError(f"the API answers {answer['statusCode']}")
    return json.loads(answer["body"])


def _choices(name: str, choices: list[str], chosen: str) -> str:
    return "".join(
        f'<label><input type="radio" name="{name}" value="{each}"{" checked" if each == chosen else ""}>{each}</label>'
        for each in choices
    )
