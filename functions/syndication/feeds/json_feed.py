"""JSON Feed 1.1 (jsonfeed.org/version/1.1). Its extensions are objects whose names begin with an underscore."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from syndication.feeds.feed import Entry, Feed

    type Node = dict[str, Any]

MEDIA_TYPE = "application/feed+json"
_VERSION = "https://jsonfeed.org/version/1.1"


def rendered(feed: Feed) -> str:
    about = f"{feed.public_url}/v1/docs"
    notices: Node = {"about": about, "notices": feed.notices}
    gone = [{"id": each.id, "article_id": each.article_id, "at": each.at} for each in feed.withdrawals]
    made = {
        "version": _VERSION,
        "title": feed.title,
        "home_page_url": feed.site,
        "feed_url": feed.topic.address,
        "next_url": feed.next_page,
        "language": feed.topic.language,
        "authors": [{"name": feed.publisher, "url": feed.site}],
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
        "_legal_notices": notices,
        "_withdrawn": {"about": about, "articles": gone} if gone else None,
        "items": [_item(entry, notices) for entry in feed.entries],
    }
    return json.dumps(_stated(made), ensure_ascii=False, separators=(",", ":"))


def _item(entry: Entry, notices: Node) -> Node:
    picture = entry.picture
    return _stated(
        {
            "id": entry.id,
            "url": entry.link,
            "title": entry.fields["headline"],
            # JSON Feed requires content. In a feed of summaries, it is the summary.
            "content_html": entry.content_html or entry.summary_html,
            "summary": entry.summary_text,
            "image": picture["url"] if picture else None,
            "date_published": entry.published,
            "date_modified": entry.updated,
            "authors": entry.authors,
            "tags": entry.categories,
            "language": entry.fields["language"],
            "attachments": [
                *([_recording(recording)] if (recording := entry.recording) else []),
                *([_attachment(picture)] if picture else []),
            ],
            "_legal_notices": notices,
        }
    )


def _attachment(picture: Node) -> Node:
    return _stated({"url": picture["url"], "mime_type": picture["media_type"], "title": picture["alt"]})


def _recording(recording: Node) -> Node:
    return _stated(
        {
            "url": recording["url"],
            "mime_type": recording["media_type"],
            "size_in_bytes": recording.get("bytes"),
            "duration_in_seconds": recording["duration_seconds"],
        }
    )


def _stated(members: Node) -> Node:
    """Leaves out members without a value. Keeps an empty list of items, which JSON Feed requires."""
    return {name: value for name, value in members.items() if name == "items" or value not in (None, [], "")}
