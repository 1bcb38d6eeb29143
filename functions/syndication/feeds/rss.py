"""RSS 2.0 (rssboard.org/rss-specification), following the RSS Advisory Board's best practices, with the modules
content, Dublin Core, Media RSS and Atom (links and dates).
"""

from __future__ import annotations

from email.utils import format_datetime
from xml.etree.ElementTree import Element

from content_api.names.instants import parsed
from syndication.xml import (
    ATOM,
    CONTENT,
    DUBLIN_CORE,
    MEDIA,
    add_links,
    add_notices,
    add_withdrawals,
    child,
    document,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from syndication.feeds.feed import Entry, Feed

MEDIA_TYPE = "application/rss+xml"
# RSS requires the size of the file, which is not known: "use 0" (best practices, "enclosure").
_UNKNOWN_LENGTH = "0"


def rendered(feed: Feed) -> str:
    root = Element("rss", {"version": "2.0"})
    channel = child(root, "channel")
    child(channel, "title", feed.title)
    child(channel, "link", feed.site)
    child(channel, "description", f"{feed.title} ({feed.topic.language})")
    child(channel, "language", feed.topic.language)
    child(channel, "lastBuildDate", date(feed.updated))
    add_links(channel, f"{{{ATOM}}}link", feed, MEDIA_TYPE)
    add_notices(channel, feed.notices)
    add_withdrawals(channel, feed.withdrawals)
    for entry in feed.entries:
        _add_item(channel, feed, entry)
    return document(root)


def _add_item(channel: Element, feed: Feed, entry: Entry) -> None:
    item = child(channel, "item")
    child(item, "title", entry.fields["headline"])
    child(item, "link", entry.link)
    child(item, "guid", entry.id, isPermaLink="false")
    child(item, "description", entry.summary_html)
    if entry.content_html:
        child(item, f"{{{CONTENT}}}encoded", entry.content_html)
    for author in entry.authors:
        child(item, f"{{{DUBLIN_CORE}}}creator", author["name"])
    for category in entry.categories:
        child(item, "category", category)
    if entry.published:
        child(item, "pubDate", date(entry.published))
    child(item, f"{{{ATOM}}}updated", entry.updated)
    if rights := entry.fields.get("rights"):
        child(item, f"{{{DUBLIN_CORE}}}rights", rights)
    if recording := entry.recording:
        add_enclosure(item, recording)
    _add_picture(item, entry)
    add_notices(item, feed.notices)


def add_enclosure(item: Element, recording: dict[str, Any]) -> None:
    """Names the recording. An item has one enclosure (best practices), so a picture beside it is in Media RSS alone."""
    size = str(recording.get("bytes") or _UNKNOWN_LENGTH)
    child(item, "enclosure", url=recording["url"], length=size, type=recording["media_type"])


def _add_picture(item: Element, entry: Entry) -> None:
    picture = entry.picture
    if not picture:
        return
    address, kind = picture["url"], picture["media_type"]
    if not entry.recording:
        child(item, "enclosure", url=address, length=_UNKNOWN_LENGTH, type=kind)
    size = {name: str(picture[name]) for name in ("width", "height") if picture[name]}
    media = child(item, f"{{{MEDIA}}}content", url=address, type=kind, medium="image", **size)
    if picture["caption"]:
        child(media, f"{{{MEDIA}}}title", picture["caption"], type="plain")
    if picture["alt"]:
        child(media, f"{{{MEDIA}}}description", picture["alt"], type="plain")
    if picture["credit"]:
        child(media, f"{{{MEDIA}}}credit", picture["credit"])


def date(instant: str) -> str:
    """A date in the form of RFC 822, with four digits for the year."""
    return format_datetime(parsed(instant))
