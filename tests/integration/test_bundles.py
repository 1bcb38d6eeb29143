"""Bundles: what is in the file, who gets it, and that what is withdrawn is in it no more."""

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from posixpath import join, normpath
from typing import Any

import pytest
from tests.integration.test_mirror import Newsroom

import newsroom as made_up
from content_api.content.document import public_fields
from content_api.names.instants import printed
from content_api.names.mirror_paths import MANIFEST
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from mirroring import bundles
from mirroring.bundles import bundle
from mirroring.signing import Signer
from newsdesk.mirrors import Folder, verify
from simulated_edge.requests import SECRET, ask

NOW = dt.datetime.now(dt.UTC)
SIGNER = Signer("of a test")


def unpacked(content: bytes, folder: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
        return archive.namelist()


def documents(language: str, count: int) -> list[dict[str, Any]]:
    found = [each for each in made_up.articles(count * 4) if each.language == language][:count]
    return [public_fields(each, 1) for each in found]


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_bundle_is_a_mirror_of_its_own(tmp_path: Path, language: str) -> None:
    content, count, left_out = bundle(
        language, documents(language, 12), ["en.2025-11/gone.html"], at=NOW, signer=SIGNER
    )
    assert (count, left_out) == (12, 0)
    names = unpacked(content, tmp_path)
    assert names[:2] == ["index.html", MANIFEST]
    verdict = verify(Folder(tmp_path), key=SIGNER.public_key, now=NOW)
    assert verdict.is_good
    assert verify(Folder(tmp_path), now=NOW + dt.timedelta(days=4)).is_expired
    assert json.loads(json.loads((tmp_path / MANIFEST).read_text())["signed"])["withdrawn"] == ["en.2025-11/gone.html"]
    for name in names:
        text = (tmp_path / name).read_text(encoding="utf-8")
        if name.endswith(".json") and name != MANIFEST:
            assert text.startswith('{"legal_notices":[{'), name
        elif name.endswith(".html"):
            assert name.startswith("notices/") or text.index("data-legal-notice") < text.index("<main"), name
            for link in re.findall(r'(?:href|src)="([^"#]+)"', text):
                is_canonical = f'rel="canonical" href="{link}"' in text
                assert is_canonical or normpath(join(name.rpartition("/")[0], link)) in names, f"{name}: {link}"


def test_what_would_make_a_bundle_too_large_is_left_out_the_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = documents("en", 12)
    whole, _, _ = bundle("en", articles, [], at=NOW, signer=SIGNER)
    monkeypatch.setattr(bundles, "_OF_LISTS", len(whole) * 3 // 4)
    monkeypatch.setattr(bundles, "MOST_BYTES", len(whole))
    content, count, left_out = bundle("en", articles, [], at=NOW, signer=SIGNER)
    assert 0 < count < 12
    assert count + left_out == 12
    assert len(content) <= len(whole)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert [any(f"/{each['id']}.html" in name for name in names) for each in articles] == [
        at < count for at in range(12)
    ]


@pytest.fixture
def newsroom(empty_stack: Stack, queues_of_its_own: Callable[[Stack], Stack]) -> Newsroom:
    made = queues_of_its_own(empty_stack)
    return Newsroom(made, Pump(made, is_mirroring=True))


def test_a_bundle_has_the_articles_of_its_span_and_nothing_withdrawn(newsroom: Newsroom, tmp_path: Path) -> None:
    for article_id, hours in (("now", 1), ("yesterday", 30), ("long-ago", 24 * 9)):
        newsroom.save(article_id, published_at=printed(NOW - dt.timedelta(hours=hours)))
    newsroom.mirror()
    newsroom.mirroring({}, LambdaContext())
    newsroom.mirror()

    def there(span: str) -> set[str]:
        content = newsroom.site.read(f"bundles/en.{span}.zip")
        assert content is not None
        texts = [zipfile.ZipFile(io.BytesIO(content)).read(each).decode() for each in unpacked(content, tmp_path)]
        return {each for each in ("now", "yesterday", "long-ago") if any(f"Text of {each}." in text for text in texts)}

    assert (there("day"), there("week")) == ({"now"}, {"now", "yesterday"})
    newsroom.withdraw("yesterday", 1)
    newsroom.mirror()
    assert there("week") == {"now"}
    withdrawn = json.loads(json.loads((tmp_path / MANIFEST).read_text())["signed"])["withdrawn"]
    assert [path.rpartition("/")[2] for path in withdrawn] == ["yesterday.html"]
    newsroom.check()


def test_the_notices_come_before_the_file(newsroom: Newsroom, reading: Callable[..., Any]) -> None:
    newsroom.save("now", published_at=printed(NOW - dt.timedelta(hours=1)))
    newsroom.mirror()
    newsroom.mirroring({}, LambdaContext())
    newsroom.mirror()
    api = reading(
        READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, CONTENT_BUCKET=newsroom.stack.bucket,
        CONTENT_TABLE=newsroom.stack.table,
    )  # fmt: skip
    for place in ("ru", "elsewhere", "unknown"):
        answer = ask(api, "/v1/bundles/en/week", place)
        said = json.loads(answer["body"])
        assert [each["id"] for each in said["legal_notices"]] == ["ru-undesirable-organization"]
        assert "save" in said["legal_notices"][0]["restricted_actions"]
        assert (said["articles"], said["left_out"]) == (1, 0)
        led = ask(api, said["url"], place)
        assert (led["statusCode"], led["headers"]["location"]) == (308, "/mirror/bundles/en.week.zip")
        file = ask(api, led["headers"]["location"], place)
        assert file["headers"]["content-type"] == "application/zip"
        assert "no-store" in file["headers"]["cache-control"]
    for target in ("/v1/bundles/en/month", "/v1/bundles/de/day", "/v1/bundles/EN!/day"):
        assert json.loads(ask(api, target)["body"])["code"] == "bundle-not-found", target
    assert ask(api, "/v1/bundles/en/day?save=yes")["statusCode"] == 400
