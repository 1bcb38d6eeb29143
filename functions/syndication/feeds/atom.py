"""Atom 1.0 (RFC 4287), with tombstones (RFC 6721)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from syndication.xml import ATOM, LANGUAGE, add_links, add_notices, add_withdrawals, child, document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from syndication.feeds.feed import Entry, Feed

MEDIA_TYPE = "application/atom+xml"


def rendered(feed: Feed) -> str:
    # The default namespace is written as an attribute. ElementTree would use prefixes, which some feed readers do not
    # understand.
    root = Element("feed", {"xmlns": ATOM, LANGUAGE: feed.topic.language})
    child(root, "id", feed.id)
    child(root, "title", feed.title)
    child(root, "updated", feed.updated)
    publisher = child(root, "author")
    child(publisher, "name", feed.publisher)
    child(publisher, "uri", feed.site)
    child(root, "rights", feed.publisher)
    child(root, "link", rel="alternate", href=feed.site, type="text/html")
    add_links(root, "link", feed, MEDIA_TYPE)
    add_notices(root, feed.notices)
    add_withdrawals(root, feed.withdrawals)
    for entry in feed.entries:
        _add_entry(root, feed, entry)
    return document(root)


def _add_entry(root: Element, feed: Feed, entry: Entry) -> None:
    added = child(root, "entry")
    added.set(LANGUAGE, entry.fields["language"])
    child(added, "id", entry.id)
    child(added, "title", entry.fields["headline"])
    child(added, "updated", entry.updated)
    if entry.published:
        child(added, "published", entry.published)
    for author in entry.authors:
        person = child(added, "author")
        child(person, "name", author["name"])
        if "url" in author:
            child(person, "uri", author["url"])
    for category in entry.categories:
        child(added, "category", term=category)
    child(added, "link", rel="alternate", href=entry.link, type="text/html")
    picture = entry.picture
    if picture:
        child(added, "link", rel="enclosure", href=picture["url"], type=picture["media_type"], title=picture["alt"])
    if recording := entry.recording:
        known = {"length": str(recording["bytes"])} if recording.get("bytes") else {}
        child(added, "link", rel="enclosure", href=recording["url"], type=recording["media_type"], **known)
    if rights := entry.fields.get("rights"):
        child(added, "rights", rights)
    child(added, "summary", entry.summary_html, type="html")
    if entry.content_html:
        child(added, "content", entry.content_html, type="html")
    add_notices(added, feed.notices)
