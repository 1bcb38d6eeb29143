"""What a feed says of an article is the same in every format."""

import datetime as dt
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

from content_api.content.article import Article
from feed_reader import FORMATS, NAMES, PUBLIC_URL, address, items, root_of, texts, title
from simulated_edge.requests import ask

type Api = Callable[[dict[str, Any]], dict[str, Any]]

PICTURE = {
    "alt": "A jar of seeds",
    "caption": "Seeds, lent & returned",
    "credit": "A. Photographer",
    "renditions": [
        {"url": "https://media.example.org/480.webp", "media_type": "image/webp", "width": 480, "height": 320},
        {"url": "https://media.example.org/1080.webp", "media_type": "image/webp", "width": 1080},
    ],
}


def test_an_item_of_rss_says_all_that_there_is_to_say(api: Api, publish: Callable[..., Article], section: str) -> None:
    article = publish(
        headline="Seeds <b>& Co.</b>",
        url="https://news.example.org/seeds",
        standfirst="A < B & C",
        byline=[{"name": "Mira Halvorsen"}, {"name": "Ana Kovač"}],
        tags=["libraries", "seeds"],
        updated_at="2025-11-20T10:30:00+02:00",
        lead_image=PICTURE,
        rights="All rights reserved.",
    )
    answer = ask(api, address(section, "rss"))
    assert answer["headers"]["content-type"] == "application/rss+xml; charset=utf-8"
    channel = root_of(answer).find("channel")
    assert channel is not None
    assert channel.findtext("title") == f"The Example: {section}"
    assert channel.findtext("language") == "en"
    # The newest of the article's update and of what other tests withdrew.
    built = parsedate_to_datetime(channel.findtext("lastBuildDate", ""))
    withdrawn = [each.get("when", "") for each in channel.iterfind("at:deleted-entry", NAMES)]
    assert built == max(map(dt.datetime.fromisoformat, ["2025-11-20T10:30:00+02:00", *withdrawn]))
    (item,) = items(answer)
    assert item.findtext("title") == "Seeds <b>& Co.</b>"
    assert item.findtext("link") == "https://news.example.org/seeds"
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    assert item.findtext("guid") == f"tag:content.example.org,2025:articles/{article.id}"
    assert item.findtext("pubDate") == "Thu, 20 Nov 2025 08:00:00 +0000"
    assert item.findtext("atom:updated", "", NAMES) == "2025-11-20T08:30:00Z"
    assert [each.text for each in item.findall("dc:creator", NAMES)] == ["Mira Halvorsen", "Ana Kovač"]
    assert [each.text for each in item.findall("category")] == [section, "libraries", "seeds"]
    assert item.findtext("dc:rights", "", NAMES) == "All rights reserved."
    assert texts(item)["description"].endswith("<p>A &lt; B &amp; C</p>")
    assert '<figure><img src="https://media.example.org/1080.webp"' in texts(item)["content:encoded"]
    first = {"url": "https://media.example.org/480.webp", "type": "image/webp"}
    assert item.find("enclosure").attrib == first | {"length": "0"}
    media = item.find("media:content", NAMES)
    assert media.attrib == first | {"medium": "image", "width": "480", "height": "320"}
    assert media.findtext("media:description", "", NAMES) == "A jar of seeds"
    assert media.findtext("media:title", "", NAMES) == "Seeds, lent & returned"
    assert media.findtext("media:credit", "", NAMES) == "A. Photographer"


def test_an_article_without_an_address_leads_to_its_embed_in_all_formats(
    api: Api, publish: Callable[..., Article], section: str
) -> None:
    article = publish()
    embed = f"{PUBLIC_URL}/embed/articles/{article.id}"
    assert items(ask(api, address(section, "rss")))[0].findtext("link") == embed
    assert items(ask(api, address(section, "atom")))[0].find("atom:link", NAMES).get("href") == embed
    assert items(ask(api, address(section, "json")))[0]["url"] == embed


def test_a_summary_has_the_standfirst_and_not_the_text(api: Api, publish: Callable[..., Article], section: str) -> None:
    publish(standfirst="What it is about.")
    for extension in FORMATS:
        answer = ask(api, address(section, extension, "?content=summary"))
        assert "The text, which nobody may miss." not in answer["body"]
        assert all("What it is about." in text for text in texts(items(answer)[0]).values())
        assert f'{address(section.lower(), extension)}?content=summary>; rel="self"' in answer["headers"]["link"]


def test_right_to_left_content_says_so_and_the_notice_keeps_its_own_direction(
    api: Api, publish: Callable[..., Article], section: str
) -> None:
    publish(language="fa", standfirst="خلاصه", body=[{"type": "paragraph", "html": "متن"}])
    for extension in FORMATS:
        (item,) = items(ask(api, address(section, extension, language="fa")))
        for name, text in texts(item).items():
            if name != "summary":
                assert text.startswith('<div role="note" lang="en" dir="ltr"')
                assert '</div><div dir="rtl" lang="fa"><p>' in text
    root = root_of(ask(api, address(section, "atom", language="fa")))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fa"


def test_the_newest_thirty_come_newest_first(
    api: Api, publish: Callable[..., Article], section: str, now: dt.datetime
) -> None:
    made = [publish(published_at=f"2025-11-{day:02}T08:00:00Z", headline=f"Day {day}") for day in range(1, 21)]
    made += [publish(published_at=f"2025-10-{day:02}T08:00:00Z", headline=f"Earlier {day}") for day in range(1, 21)]
    made.sort(key=lambda article: article.published_at or now, reverse=True)
    for extension in FORMATS:
        found = [title(item) for item in items(ask(api, address(section, extension)))]
        assert found == [article.headline for article in made[:30]]


def test_an_article_of_unknown_date_is_dated_by_when_it_was_written_in_both_forms(
    api: Api, publish: Callable[..., Article], section: str
) -> None:
    publish(published_at=None)
    for content in ("", "?content=summary"):
        (entry,) = items(ask(api, address(section, "atom", content)))
        assert entry.findtext("atom:updated", "", NAMES) == "2025-11-20T12:00:00Z"
        assert entry.find("atom:published", NAMES) is None
