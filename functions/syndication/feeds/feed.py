"""What a feed says, whatever its format."""

from __future__ import annotations

from html import escape

from content_api.content.rendering import body_html, figure_html
from content_api.names.instants import parsed, uniform
from syndication.notices import as_html, as_text
from syndication.uris import uri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from syndication.feeds.topics import Topic
    from syndication.notices import Notice

    type Fields = dict[str, Any]

# Of a tag URI (RFC 4151, section 2.1): a date on which the host was the publisher's. Changing it would make every
# article a new one to every reader of feeds.
_MINTED = "2025"
_RIGHT_TO_LEFT = "rtl"
# Of a feed that has nothing to date it by: all its articles are gone, and so are the changes that tell when.
_LONG_AGO = "1970-01-01T00:00:00Z"


class Identifiers:
    """Tag URIs, which stay as they are over versions, addresses and formats."""

    __slots__ = ("_start",)

    def __init__(self, public_url: str) -> None:
        host = public_url.partition("://")[2].partition(":")[0]
        self._start = f"tag:{host},{_MINTED}:"

    def of_article(self, article_id: str) -> str:
        return f"{self._start}articles/{article_id}"

    def of_feed(self, address: str) -> str:
        """Without the extension: the three formats are one feed."""
        path, mark, query = address.partition("/feeds/")[2].partition("?")
        return f"{self._start}feeds/{path.rpartition('.')[0]}{mark}{query}"


class Entry:
    """An article in a feed. Each part that a partner may show begins with the notices, since nobody here knows which
    part the partner shows, and to whom.

    `content_html` is empty in a feed of summaries. `fields` are JSON values, of the article's document or of its card,
    which says less. Dates are RFC 3339; `published` is empty where nobody knows it.
    """

    __slots__ = ("content_html", "fields", "id", "link", "published", "summary_html", "summary_text", "updated")

    def __init__(self, fields: Fields, identifier: str, notices: list[Notice], public_url: str, written: str) -> None:
        """`written` is when the article was last written, which counts for one without dates."""
        self.fields = fields
        self.id = identifier
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
        """The first file of the lead image, with what is shown beside it."""
        picture: Fields | None = self.fields["lead_image"]
        if not picture or not picture["renditions"]:
            return None
        first: Fields = picture["renditions"][0]
        beside = {name: picture[name] for name in ("alt", "caption", "credit")}
        return first | {"url": uri(first["url"])} | beside

    @property
    def authors(self) -> list[Fields]:
        """Each with a name, and a URL where there is one."""
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
    """That an article is to be removed; `at` is RFC 3339."""

    __slots__ = ("article_id", "at", "id")

    def __init__(self, article_id: str, identifier: str, at: str) -> None:
        self.article_id = article_id
        self.id = identifier
        self.at = at


class Feed:
    """`entries` are newest first; `section` is empty for all of a language."""

    __slots__ = ("entries", "hub", "id", "notices", "public_url", "publisher", "section", "topic", "withdrawals")

    def __init__(  # noqa: PLR0913 - what a feed says of itself
        self,
        topic: Topic,
        section: str,
        entries: list[Entry],
        withdrawals: list[Withdrawal],
        *,
        notices: list[Notice],
        publisher: str,
        public_url: str,
        hub: str,
    ) -> None:
        self.topic = topic
        self.section = section
        self.entries = entries
        self.withdrawals = withdrawals
        self.notices = notices
        self.publisher = publisher
        self.public_url = public_url
        self.hub = hub
        self.id = Identifiers(public_url).of_feed(topic.address)

    @property
    def title(self) -> str:
        return f"{self.publisher}: {self.section}" if self.section else self.publisher

    @property
    def site(self) -> str:
        """The publisher's own, as far as an article has an address there; else what this API says of itself."""
        addresses = (entry.fields["url"] for entry in self.entries if entry.fields["url"])
        first = next(addresses, "")
        return uri("/".join(first.split("/")[:3])) if first else f"{self.public_url}/v1/docs"

    @property
    def updated(self) -> str:
        """When the feed's content last changed. It is never the time of the request: the feed would change each time,
        and no client could confirm its copy.
        """
        said = [entry.updated for entry in self.entries] + [each.at for each in self.withdrawals]
        return max(said, key=parsed, default=_LONG_AGO)


def _article_html(fields: Fields) -> str:
    lead: Fields | None = fields["lead_image"]
    shown = figure_html(lead) if lead and (lead["renditions"] or lead["caption"]) else ""
    return shown + body_html(fields["body"])
