"""RSS 2.0 for podcast apps, with Apple's elements (podcasters.apple.com, "A Podcaster's Guide to RSS") and those of
Podcasting 2.0 (podcasting2.org/docs/podcast-namespace).

Apps show a description without knowing what a legal notice is. So the notices stand first in the description of the
show, and of each episode.
"""

from __future__ import annotations

from uuid import UUID, uuid5
from xml.etree.ElementTree import Element

from syndication.feeds.rss import date
from syndication.notices import as_text
from syndication.uris import uri
from syndication.xml import (
    ATOM,
    CONTENT,
    DUBLIN_CORE,
    ITUNES,
    PODCAST,
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

    type Json = dict[str, Any]

MEDIA_TYPE = "application/rss+xml"
# Podcasting 2.0, "guid": the namespace of UUIDs that stand for podcasts.
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
_UNKNOWN_LENGTH = "0"  # as in the other feeds


def rendered(feed: Feed, *, show: Json) -> str:
    """`show` is what readers get of the show (`content.subject`)."""
    root = Element("rss", {"version": "2.0"})
    channel = child(root, "channel")
    language = feed.topic.language
    podcast = show["podcast"]
    named = next((each for each in show["names"] if each["language"] == language), show["names"][0])
    author = podcast["author"] or feed.publisher
    said = [as_text(feed.notices), named["description"] or named["name"]]
    child(channel, "title", named["name"])
    child(channel, "link", uri(named["url"]) if named["url"] else feed.site)
    child(channel, "description", "\n\n".join(each for each in said if each))
    child(channel, "language", language)
    if podcast["copyright"]:
        child(channel, "copyright", podcast["copyright"])
    child(channel, "lastBuildDate", date(feed.updated))
    child(channel, _itunes("author"), author)
    child(channel, _itunes("type"), podcast["kind"])
    child(channel, _itunes("explicit"), _truth(podcast["explicit"]))
    category = child(channel, _itunes("category"))
    category.set("text", podcast["category"])
    if podcast["subcategory"]:
        child(category, _itunes("category")).set("text", podcast["subcategory"])
    if podcast["owner"]:
        owner = child(channel, _itunes("owner"))
        child(owner, _itunes("name"), podcast["owner"]["name"])
        child(owner, _itunes("email"), podcast["owner"]["email"])
    if image := _cover(show["picture"]):
        child(channel, _itunes("image"), href=image)
    child(channel, _podcast("guid"), _guid(feed, show))
    child(channel, _podcast("medium"), "podcast")
    add_links(channel, f"{{{ATOM}}}link", feed, MEDIA_TYPE)
    add_notices(channel, feed.notices)
    add_withdrawals(channel, feed.withdrawals)
    for entry in feed.entries:
        _add_episode(channel, feed, entry)
    return document(root)


def _add_episode(channel: Element, feed: Feed, entry: Entry) -> None:
    recording = entry.recording
    if recording is None:
        return
    item = child(channel, "item")
    child(item, "title", entry.fields["headline"])
    child(item, "link", entry.link)
    child(item, "guid", entry.id, isPermaLink="false")
    child(item, "description", entry.summary_html)
    if entry.content_html:
        child(item, f"{{{CONTENT}}}encoded", entry.content_html)
    for author in entry.authors:
        child(item, f"{{{DUBLIN_CORE}}}creator", author["name"])
    if entry.published:
        child(item, "pubDate", date(entry.published))
    child(item, f"{{{ATOM}}}updated", entry.updated)
    size = str(recording.get("bytes") or _UNKNOWN_LENGTH)
    child(item, "enclosure", url=recording["url"], length=size, type=recording["media_type"])
    child(item, _itunes("title"), entry.fields["headline"])
    if recording["duration_seconds"] is not None:
        child(item, _itunes("duration"), str(recording["duration_seconds"]))
    if image := _cover(entry.fields["lead_image"]):
        child(item, _itunes("image"), href=uri(image))
    _add_place(item, entry.fields.get("episode") or {})
    _add_beside(item, feed, entry)
    add_notices(item, feed.notices)


def _add_place(item: Element, episode: Json) -> None:
    """Where the episode stands in the show."""
    child(item, _itunes("episodeType"), episode.get("kind", "full"))
    child(item, _itunes("explicit"), _truth(episode.get("explicit", False)))
    for ours, apples, theirs in (("season", "season", "season"), ("number", "episode", "episode")):
        if episode.get(ours):
            child(item, _itunes(apples), str(episode[ours]))
            child(item, _podcast(theirs), str(episode[ours]))


def _add_beside(item: Element, feed: Feed, entry: Entry) -> None:
    """What belongs to the recording: what is said in it, its chapters, and its other files."""
    block = next((each for each in entry.fields.get("body", ()) if each["type"] in {"audio", "video"}), None)
    if block is None:
        return
    for each in block.get("captions") or ():
        child(
            item,
            _podcast("transcript"),
            url=each["url"],
            type="text/vtt",
            language=each["language"],
            rel="captions",
        )
    if block.get("chapters"):
        address = f"{feed.public_url}/v1/articles/{entry.fields['id']}/chapters"
        child(item, _podcast("chapters"), url=address, type="application/json+chapters")
    if len(block["renditions"]) > 1:
        for number, file in enumerate(block["renditions"]):
            is_first = {"default": "true"} if number == 0 else {}
            height = {"height": str(file["height"])} if file["height"] else {}
            other = child(item, _podcast("alternateEnclosure"), type=file["media_type"], **is_first, **height)
            child(other, _podcast("source"), uri=uri(file["url"]))


def _cover(picture: Json | None) -> str:
    """The largest file of a picture that podcast apps take: JPEG or PNG, a square one if there is one. Empty if there
    is none.
    """
    files = [
        each for each in (picture or {}).get("renditions", ()) if each["media_type"] in {"image/jpeg", "image/png"}
    ]
    square = [each for each in files if each.get("crop") == "1x1"] or files
    return max(square, key=lambda each: each["width"] or 0)["url"] if square else ""


def _guid(feed: Feed, show: Json) -> str:
    """The guid of the feed, which stays when the publisher's domain changes. One that the show brought from elsewhere
    is that of the feed in its first language: another feed needs another.
    """
    stated = show["podcast"]["guid"]
    if stated and show["names"][0]["language"] == feed.topic.language:
        return stated
    return str(uuid5(_PODCASTS, feed.id))


def _itunes(name: str) -> str:
    return f"{{{ITUNES}}}{name}"


def _podcast(name: str) -> str:
    return f"{{{PODCAST}}}{name}"


def _truth(value: bool) -> str:  # noqa: FBT001 - of XML
    return "true" if value else "false"
