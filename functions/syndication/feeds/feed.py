"""The content of a feed, for any format."""

from __future__ import annotations

from html import escape

from content_api.content.cards import first_recording
from content_api.content.pictures import in_feeds
from content_api.content.rendering import body_html, figure_html
from content_api.names.feed_addresses import has_hub
from content_api.names.instants import parsed, uniform
from content_api.reader_api.page_notices import as_html
from syndication.notices import as_text
from syndication.uris import uri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.reader_api.page_notices import Notice
    from content_api.reader_api.settings import ReaderSettings
    from syndication.feeds.topics import Topic

    type Fields = dict[str, Any]

# The date in tag URIs (RFC 4151, section 2.1). The publisher had its host name on that date. If date or host changed,
# every article would be a new one for feed readers.
_MINTED = "2025"
_RIGHT_TO_LEFT = "rtl"
# The date of a feed without any date: all of its articles are gone, and so are the changes that say when.
_LONG_AGO = "1970-01-01T00:00:00Z"


class Identifiers:
    """Tag URIs. They are the same for every version, address and format."""

    __slots__ = ("_start",)

    def __init__(self, settings: ReaderSettings) -> None:
        host = settings.feed_id_domain or settings.public_url.partition("://")[2].partition(":")[0]
        self._start = f"tag:{host},{_MINTED}:"

    def of_article(self, article_id: str) -> str:
        return f"{self._start}articles/{article_id}"

    def of_feed(self, address: str) -> str:
        """The identifier of a feed, without the extension: the three formats are one feed."""
        path, mark, query = address.partition("/feeds/")[2].partition("?")
        return f"{self._start}feeds/{path.rpartition('.')[0]}{mark}{query}"


class Entry:
    """An article in a feed. Each part that a partner may show begins with the notices, since we do not know which part
    the partner shows, and to whom. `content_html` is empty in a feed of summaries. `fields` are the JSON values of the
    article's document, or of its card, which has fewer. Dates are RFC 3339; `published` is empty if nobody knows it.
    """

    __slots__ = (
        "content_html",
        "fields",
        "id",
        "link",
        "position",
        "published",
        "summary_html",
        "summary_text",
        "updated",
    )

    def __init__(self, fields: Fields, identifier: str, notices: list[Notice], public_url: str, written: str) -> None:
        """`written` is when the article was last written. It is used if the article has no date."""
        self.fields = fields
        self.id = identifier
        self.position = ""  # in its list
        self.link = uri(fields["url"] or f"{public_url}/embed/articles/{fields['id']}")
        self.published = uniform(fields["published_at"]) if fields["published_at"] else ""
        self.updated = uniform(fields["updated_at"]) if fields["updated_at"] else self.published or written
        notice = as_html(notices)
        standfirst: str = fields["standfirst"] or ""
        self.summary_text = "\n\n".join(part for part in (as_text(notices), standfirst) if part)
        self.summary_html = notice + (self._directed(f"<p>{escape(standfirst)}</p>") if standfirst else "")
        self.content_html = notice + self._directed(_article_html(fields)) if "body" in fields else ""

    @property
    def picture(self) -> Fields | None:
        """The file of the lead image that feeds name, with its texts."""
        picture: Fields | None = self.fields["lead_image"]
        first = in_feeds(picture) if picture else None
        if not picture or not first:
            return None
        beside = {name: picture[name] for name in ("alt", "caption", "credit")}
        return first | {"url": uri(first["url"])} | beside

    @property
    def recording(self) -> Fields | None:
        """The first sound or video: its address, media type, size in bytes and length in seconds, the last two None
        where they are not known.
        """
        found: Fields | None = (
            first_recording(self.fields["body"]) if "body" in self.fields else self.fields.get("recording")
        )
        return found | {"url": uri(found["url"])} if found else None

    @property
    def authors(self) -> list[Fields]:
        """The authors, each with a name, and a URL if there is one."""
        return [
            {"name": each["name"], **({"url": uri(each["url"])} if each["url"] else {})}
            for each in self.fields["byline"]
        ]

    @property
    def categories(self) -> list[str]:
        """The section and the tags, each once."""
        named = [self.fields["section"], *self.fields.get("tags", ())]
        return list(dict.fromkeys(each for each in named if each))

    def shortened(self) -> None:
        """Drops the content, so that only the summary is left."""
        self.content_html = ""

    def _directed(self, html: str) -> str:
        if self.fields["direction"] != _RIGHT_TO_LEFT:
            return html
        return f'<div dir="rtl" lang="{self.fields["language"]}">{html}</div>'


class Withdrawal:
    """Says that an article must be removed. `at` is RFC 3339."""

    __slots__ = ("article_id", "at", "id")

    def __init__(self, article_id: str, identifier: str, at: str) -> None:
        self.article_id = article_id
        self.id = identifier
        self.at = at


class Feed:
    """`entries` are newest first. `name` is what the feed is of in its language: the language's own name, or that of a
    section, a tag or an author. `following` is the position that the next page begins behind; empty if there is none.
    """

    __slots__ = (
        "entries",
        "following",
        "hub",
        "id",
        "name",
        "notices",
        "public_url",
        "publisher",
        "topic",
        "withdrawals",
    )

    def __init__(  # noqa: PLR0913 - what a feed says of itself
        self,
        topic: Topic,
        name: str,
        entries: list[Entry],
        withdrawals: list[Withdrawal],
        *,
        following: str,
        notices: list[Notice],
        settings: ReaderSettings,
    ) -> None:
        self.topic = topic
        self.name = name
        self.following = following
        self.entries = entries
        self.withdrawals = withdrawals
        self.notices = notices
        self.publisher = settings.publisher_name
        self.public_url = settings.public_url
        self.hub = settings.websub_hub if has_hub(topic.facet) else ""
        self.id = Identifiers(settings).of_feed(topic.page(""))

    @property
    def title(self) -> str:
        return f"{self.publisher}: {self.name}" if self.name else self.publisher

    @property
    def next_page(self) -> str:
        """The address of the page with older articles (RFC 5005, section 3). Empty at the end."""
        return self.topic.page(self.following) if self.following else ""

    def shorten(self) -> None:
        """Leaves the oldest article to the next page, or out, where it is the only one."""
        self.entries.pop()
        if self.entries:
            self.following = self.entries[-1].position

    @property
    def site(self) -> str:
        """The address of the publisher's site, if an article has an address there; otherwise that of the API's page
        about itself.
        """
        addresses = (entry.fields["url"] for entry in self.entries if entry.fields["url"])
        first = next(addresses, "")
        return uri("/".join(first.split("/")[:3])) if first else f"{self.public_url}/v1/docs"

    @property
    def updated(self) -> str:
        """When the content of the feed last changed. This is never the time of the request, with which the feed would
        differ each time, and no client could confirm its copy.
        """
        said = [entry.updated for entry in self.entries] + [each.at for each in self.withdrawals]
        return max(said, key=parsed, default=_LONG_AGO)


def _article_html(fields: Fields) -> str:
    lead: Fields | None = fields["lead_image"]
    shown = figure_html(lead) if lead and (lead["renditions"] or lead["caption"]) else ""
    return shown + body_html(fields["body"])
