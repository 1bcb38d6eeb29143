"""A live blog as a page: its newest posts stand in the body, behind what the article itself says."""

from __future__ import annotations

from html import escape

from content_api.content.rendering import body_html
from content_api.content.words import Words
from content_api.reader_api.live import Head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.aws.dynamodb import Table

    type Json = dict[str, Any]


def with_posts(article: Json, table: Table, public_url: str) -> Json:
    """The article, with its newest posts as blocks of its body: those that are pinned first, then the newest. Raises
    StoreUnavailable.
    """
    head = Head(table, article["id"], public_url)
    words = Words(article["language"])
    pinned = {each["number"] for each in head.pinned}
    shown = [*head.pinned, *(each for each in head.posts if each["number"] not in pinned)]
    posts = [{"type": "html", "html": _post(each, words, is_pinned=each["number"] in pinned)} for each in shown]
    # What the posts show, which the page's policy allows by the blocks of the body.
    media = [block for each in shown for block in each["body"] if block["type"] in {"image", "audio", "video"}]
    return article | {"body": [*article["body"], *posts], "images": [*article["images"]], "shown_in_posts": media}


def _post(post: Json, words: Words, *, is_pinned: bool) -> str:
    headline = f"<h2>{escape(post['headline'])}</h2>" if post["headline"] else ""
    names = words.listed([f"<bdi>{escape(each['name'])}</bdi>" for each in post["byline"]])
    when = f'<time datetime="{escape(post["at"])}">{words.date(post["at"])} {_clock(post["at"])}</time>'
    about = " · ".join(each for each in (when, names) if each)
    mark = ' data-pinned=""' if is_pinned else ""
    body = body_html(post["body"])
    return f'<article id="post-{post["number"]}"{mark}>{headline}<p class="about">{about}</p>{body}</article>'


def _clock(instant: str) -> str:
    """The time of day in UTC."""
    from content_api.names.instants import in_utc, parsed  # noqa: PLC0415 - most pages have dates alone

    return f"{in_utc(parsed(instant)):%H:%M} UTC"
