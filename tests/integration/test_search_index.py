"""The search index in S3: what writers leave there, and what those who search make of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from content_api.aws import clients
from content_api.aws.service import StoreUnavailable
from content_api.names.object_keys import search_key, shard_of
from content_search.committing import Outrun, ShardWriter
from content_search.entries import Entry
from content_search.highlights import highlights
from content_search.manifest import META, files_of
from content_search.queries import query_of
from content_search.question import read
from content_search.results import search
from content_search.shards import ASKED_AGAIN_AFTER, Shards
from gateway.stack import Stack

TEXTS = {
    "ru": ("Зеленский прибыл в Москву", "Переговоры о мире начались"),
    "uk": ("П’ять областей без світла", "Обстріляно об'єкти енергетики"),
    "uz": ("Oʻzbekiston gazetalari yopildi", "Yangi qonun kuchga kirdi"),
    "sr": ("Љубљана и Београд", "Влада је донела одлуку"),
    "fa": ("کتاب‌های تازه", "مردم به تهران می‌روند"),
    "en": ("The librarians who lend seeds", "Don't miss the café"),
}
ASKED = [
    ("ru", "зеленского москве"),
    ("ru", '"переговорах о мире"'),
    ("ru", "москва -война"),
    ("uk", "п'ять область"),
    ("uk", "обʼєктів"),
    ("uz", "o'zbekistonda"),
    ("uz", "Ўзбекистон"),
    ("sr", "ljubljani"),
    ("sr", "beograd vlada"),
    ("fa", "كتابها"),
    ("fa", "کتاب ها"),
    ("fa", "کتاب‌های"),
    ("en", "librarian seed"),
    ("en", 'cafe" - (the *'),
]
PAGE = 10


def entry(article_id: str, language: str = "en", *, version: int = 1, published: int = 1_700_000_000) -> Entry:
    headline, text = TEXTS[language]
    return Entry(article_id, version, published, ("section#culture",), headline, text)


class Disk:
    """A bucket's folder of one test, and those who write and search there."""

    def __init__(self, stack: Stack, folder: Path, language: str) -> None:
        self.bucket, self.folder, self.language = stack.bucket, folder, language
        self.now = 0.0
        self.shards = Shards(self.read, folder / "searching", clock=lambda: self.now)

    def read(self, key: str) -> bytes:
        try:
            return clients.s3().get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except clients.s3().exceptions.NoSuchKey as error:
            raise StoreUnavailable(key) from error

    def writer(self, shard: str = "2023", *, on: str = "indexing") -> ShardWriter:
        folder = self.folder / on
        return ShardWriter(clients.s3(), bucket=self.bucket, language=self.language, shard=shard, folder=folder)

    def found(self, typed: str, **narrowed: Any) -> list[str]:
        query = query_of(read(typed, self.language), self.language, **narrowed)
        indexes = self.shards.of(self.language)
        return [hit.id for hit in search(indexes, query, first=PAGE, newest_first=False, with_facets=False).hits]

    def later(self) -> None:
        self.now += ASKED_AGAIN_AFTER


@pytest.fixture
def disk(stack: Stack, tmp_path: Path) -> Callable[[str], Disk]:
    return lambda language: Disk(stack, tmp_path, language)


@pytest.mark.parametrize("language", TEXTS)
def test_what_readers_mean_is_found_in_all_their_spellings(disk: Callable[[str], Disk], language: str) -> None:
    here = disk(language)
    here.writer().commit([entry("an-article", language)], [])
    for typed in [typed for asked, typed in ASKED if asked == language]:
        assert here.found(typed) == ["an-article"], typed
        places = highlights(
            read(typed, language), language, dict(zip(("headline", "text"), TEXTS[language], strict=True))
        )
        assert places, typed
        for each in places:
            assert all(0 <= start < end <= len(each["text"]) for start, end in each["ranges"])


def test_a_later_version_takes_the_place_of_the_earlier_and_repetition_changes_nothing(
    disk: Callable[[str], Disk],
) -> None:
    here = disk("en-GB")
    assert here.writer().commit([entry("one"), entry("two")], [])
    assert not here.writer().commit([entry("one")], ["never-there"])
    assert here.writer().commit([entry("one", version=2)], ["two"])
    assert here.found("librarians") == ["one"]


def test_shards_are_searched_together_and_narrowed_by_time_and_facet(disk: Callable[[str], Disk]) -> None:
    here = disk("en-US")
    here.writer("1990s").commit([entry("old", published=800_000_000)], [])
    here.writer("2023").commit([entry("new")], [])
    assert sorted(here.found("seeds")) == ["new", "old"]
    assert here.found("seeds", since=1_000_000_000) == ["new"]
    assert here.found("seeds", until=1_000_000_000) == ["old"]
    assert here.found("seeds", facets=("section#sport",)) == []
    assert sorted(here.found("seeds", facets=("section#culture",))) == ["new", "old"]


def test_a_shard_is_built_anew_while_others_write_it(disk: Callable[[str], Disk]) -> None:
    here = disk("en-IN")
    here.writer().commit([entry("lost"), entry("one")], [])
    others, states = here.writer(on="others"), [[entry("one"), entry("two")], [entry("two", version=2), entry("three")]]

    def now() -> list[Entry]:
        found = states.pop(0)
        if states:
            others.commit([entry("three")], ["one"])
        return found

    assert here.writer(on="rebuilding").rebuild(now) == 2
    assert not states
    assert sorted(here.found("librarians")) == ["three", "two"]
    assert not here.writer(on="later").commit([entry("two", version=2), entry("three")], ["one", "lost"])


def test_two_writers_at_once_lose_nothing(disk: Callable[[str], Disk], monkeypatch: pytest.MonkeyPatch) -> None:
    here = disk("en-CA")
    here.writer().commit([entry("first")], [])
    ours, others = here.writer(on="ours"), here.writer(on="others")
    upload = ShardWriter._upload  # pyright: ignore[reportPrivateUsage] # noqa: SLF001 - the moment between reading and writing

    def outrun(writer: ShardWriter, tag: str) -> bool:
        monkeypatch.setattr(ShardWriter, "_upload", upload)
        others.commit([entry("theirs")], [])
        return upload(writer, tag)

    monkeypatch.setattr(ShardWriter, "_upload", outrun)
    assert ours.commit([entry("ours")], [])
    assert sorted(here.found("librarians")) == ["first", "ours", "theirs"]


def test_a_writer_that_is_always_outrun_says_so(disk: Callable[[str], Disk], monkeypatch: pytest.MonkeyPatch) -> None:
    def outrun(_writer: ShardWriter, _tag: str) -> bool:
        return False

    monkeypatch.setattr(ShardWriter, "_upload", outrun)
    with pytest.raises(Outrun, match="en-AU/2023"):
        disk("en-AU").writer().commit([entry("one")], [])


def test_a_crash_between_upload_and_meta_leaves_the_index_as_it_was(
    disk: Callable[[str], Disk], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = disk("en-NZ")
    here.writer().commit([entry("first")], [])

    def ends(_writer: ShardWriter, _key: str, _content: bytes, _tag: str) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(ShardWriter, "_put", ends)
        with pytest.raises(KeyboardInterrupt):
            here.writer().commit([entry("second")], [])
    assert here.found("librarians") == ["first"]
    here.writer().commit([entry("second")], [])
    here.later()
    assert sorted(here.found("librarians")) == ["first", "second"]


def test_no_index_or_a_damaged_one_is_unavailable_and_a_mended_one_is_found_again(disk: Callable[[str], Disk]) -> None:
    here = disk("en-IE")
    with pytest.raises(StoreUnavailable):
        here.found("librarians")
    here.writer().commit([entry("first")], [])
    meta_key = search_key("en-IE", f"2023/{META}")
    meta = here.read(meta_key)
    terms = next(each for each in files_of(meta) if each.endswith(".term"))
    key = search_key("en-IE", f"2023/{terms}")
    whole = here.read(key)
    for damaged in (b"", b"{}", b"not json"):
        clients.s3().put_object(Bucket=here.bucket, Key=meta_key, Body=damaged)
        with pytest.raises(StoreUnavailable):
            here.found("librarians")
    clients.s3().put_object(Bucket=here.bucket, Key=meta_key, Body=meta)
    clients.s3().put_object(Bucket=here.bucket, Key=key, Body=b"damaged")
    with pytest.raises(StoreUnavailable):
        here.found("librarians")
    clients.s3().put_object(Bucket=here.bucket, Key=key, Body=whole)
    assert here.found("librarians") == ["first"]


def test_an_index_that_was_fetched_is_searched_while_s3_does_not_answer(
    disk: Callable[[str], Disk], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = disk("en-ZA")
    here.writer().commit([entry("first")], [])
    assert here.found("librarians") == ["first"]

    def unanswered(_key: str) -> bytes:
        raise StoreUnavailable("S3: slow")

    monkeypatch.setattr(here.shards, "_read", unanswered)
    here.later()
    assert here.found("librarians") == ["first"]


def test_the_language_that_was_asked_for_longest_ago_is_forgotten(stack: Stack, tmp_path: Path) -> None:
    one, other = Disk(stack, tmp_path, "en-IN"), Disk(stack, tmp_path, "en-SG")
    for each in (one, other):
        each.writer().commit([entry("first")], [])
    shards = Shards(one.read, tmp_path / "small", most_bytes=1)
    shards.of("en-IN")
    shards.of("en-SG")
    assert [path.name for path in (tmp_path / "small").iterdir()] == ["en-SG"]
    assert shards.of("en-IN")


def test_shards_are_years_decades_and_what_has_no_date() -> None:
    assert shard_of("2026-11-26T00:00:00.000000Z#a") == "2026"
    assert shard_of("1994-01-01T00:00:00.000000Z#a") == "1990s"
    assert shard_of("#a") == "undated"


def test_a_question_is_never_an_error_and_never_a_language_of_its_own() -> None:
    for typed in ('"', '""', "-", '-"', "- -", "a AND (b", "title:x", "*", "\\", '"a" "', "«b»", "(" * 1000):
        json.dumps([[part.words for part in read(typed, "en").wanted], read(typed, "en").is_empty])
    assert [part.words for part in read("title:x AND y", "en").wanted] == [("title",), ("x",), ("and",), ("y",)]
    assert read("one -two -“three four”", "en").unwanted[1].words == ("three", "four")
