"""What other hosts serve on a page: films, posts, maps. Each becomes an address, with what its host learns of
readers.
"""

import re
from urllib.parse import urlsplit

from pydantic import ValidationError

from content_api.content.article import Embed
from importing.html.addresses import completed
from importing.html.parsing import Element, name_of, text_of_element

# Hosts that learn who looks at what they serve. Of other hosts we do not know.
_TRACKING = frozenset(
    "youtube.com youtu.be youtube-nocookie.com twitter.com x.com facebook.com instagram.com tiktok.com t.me "
    "telegram.org vk.com ok.ru rutube.ru vimeo.com dailymotion.com soundcloud.com spotify.com reddit.com "
    "google.com linkedin.com flourish.studio infogram.com".split()
)
_LONGEST_TITLE = 500  # characters
_LAZY = "data-src data-lazy-src data-original data-url data-embed-url data-iframe-src data-src-url".split()
_POST = re.compile(
    r"twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|bluesky-embed|mastodon-embed|reddit-embed"
)
_NUMBER = re.compile(r"[\w-]{1,80}", re.ASCII)
# Scripts and AMP elements that name something by a number only, and the address that the number belongs to.
_NUMBERED = {
    "data-telegram-post": "https://t.me/{}",
    "data-tweetid": "https://twitter.com/i/status/{}",
    "data-tweet-id": "https://twitter.com/i/status/{}",
    "data-videoid": "https://www.youtube.com/watch?v={}",
    "videoid": "https://www.youtube.com/watch?v={}",
    "data-youtube-id": "https://www.youtube.com/watch?v={}",
    "data-youtube": "https://www.youtube.com/watch?v={}",
    "data-shortcode": "https://www.instagram.com/p/{}/",
}


def is_post(element: Element) -> bool:
    """Whether a quotation is a post of a social network, which a script would replace."""
    return _POST.search(element.get("class") or "") is not None


def embed_in(element: Element, *, base: str, title: str = "") -> Embed | None:
    """The embed in an iframe, an AMP element, a script that loads a post, or the post itself. None without an
    address.
    """
    if name_of(element) == "blockquote":
        return _post(element, base)
    return embed_at(address_of(element, base), title=element.get("title") or title)


def embed_at(address: str, *, title: str = "") -> Embed | None:
    """The embed at an address. None if nobody could follow the address."""
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
        tracks = any(host == each or host.endswith(f".{each}") for each in _TRACKING) or None
        return Embed(url=address, provider=host, title=" ".join(title.split())[:_LONGEST_TITLE] or None, tracks=tracks)
    except (ValueError, ValidationError):
        return None


def address_of(element: Element, base: str) -> str:
    """The address of an embed, which may be in an attribute for lazy loading. Empty if there is none."""
    if name_of(element) != "script":
        for name in (*_LAZY, "src"):
            stated = element.get(name) or ""
            if not stated.startswith(("about:", "data:")) and (address := completed(stated, base)):
                return address
    for name, form in _NUMBERED.items():
        number = (element.get(name) or "").strip("/")
        if number and all(_NUMBER.fullmatch(part) for part in number.split("/")):
            return form.format(number)
    return completed(element.get("data-href"), base) if name_of(element).startswith("amp-") else ""


def _post(element: Element, base: str) -> Embed | None:
    links = [str(each.get("href")) for each in element.iter("a") if each.get("href")]
    stated = element.get("cite") or element.get("data-instgrm-permalink") or (links[-1] if links else "")
    return embed_at(completed(stated, base), title=text_of_element(element))
