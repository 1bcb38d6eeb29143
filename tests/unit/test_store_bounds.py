"""What the model takes, DynamoDB takes: each write of a valid article fits keys, items and a transaction."""

import datetime as dt
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from content_api.content.article import (
    MAXIMUM_ALIASES,
    MAXIMUM_BYLINES,
    MAXIMUM_LISTS,
    MAXIMUM_NEWSLETTERS,
    MAXIMUM_TAGS,
    MAXIMUM_TOPICS,
    Article,
)
from content_store.current import Current
from content_store.placement import placement
from content_store.revisions import replacement
from content_store.versions import NOBODY, read
from gateway.dynamodb_bounds import violation

type MakeArticle = Callable[..., Article]

NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)


def repeated(letter: str, times: int) -> str:
    return letter * times


# Letters of one to four bytes, and those that NFKC or case folding makes longer: U+FDFA alone becomes 18.
letters: st.SearchStrategy[str] = st.sampled_from("aЖა漢😀ﷺ㌔ŉΐﬃİ")
names: st.SearchStrategy[str] = st.one_of(
    st.builds(repeated, letters, st.integers(1, 500)),
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=500),
)


def valid(**fields: Any) -> Article | None:
    try:
        return Article.model_validate(
            {
                "id": "a" * 96,
                "language": "sr-Latn-ME",
                "headline": "😀" * 500,
                "standfirst": "😀" * 5000,
                "body": [{"type": "paragraph", "html": "Text."}],
                "breaking_until": "9999-12-31T00:00:00Z",
                **fields,
            }
        )
    except ValidationError:
        return None


@given(
    tags=st.lists(names, max_size=MAXIMUM_TAGS),
    authors=st.lists(names, max_size=MAXIMUM_BYLINES),
    newsletters=st.lists(names, max_size=MAXIMUM_NEWSLETTERS),
    section=st.none() | names,
    topics=st.integers(0, MAXIMUM_TOPICS),
    aliases=st.integers(0, MAXIMUM_ALIASES),
)
def test_every_write_of_a_valid_article_fits(
    tags: list[str], authors: list[str], newsletters: list[str], section: str | None, topics: int, aliases: int
) -> None:
    long = "https://news.example.org/" + "%F0%9F%98%80" * 160
    offers = [{"type": "promotion", "name": name} for name in newsletters]
    article = valid(
        tags=tags,
        byline=[{"name": name, "url": long, "id": f"{'a' * 90}-{at}"} for at, name in enumerate(authors)],
        section=section,
        topics=[f"{'t' * 90}-{number}" for number in range(topics)],
        aliases=[f"{long}{number}" for number in range(aliases)],
        url=long,
        body=[{"type": "paragraph", "html": "Text."}, *offers],
    )
    if article is None:
        return
    assert violation("TransactWriteItems", {"TransactItems": actions_of(article)}) == ""


def actions_of(article: Article, before: Article | None = None) -> list[Any]:
    """The transaction that puts the article in the place of another."""
    # Before, it stood on other lists: the cards of both are written.
    was = placement(before or article.model_copy(update={"published_at": NOW}))
    current = Current(version=1, status="published", language=article.language, placement=was)
    revision = replacement(article, current, at=NOW, attribution=NOBODY)
    writes = [*revision.writes, *(revision.change.writes(10**11) if revision.change else [])]
    writes += [revision.leaving(each, []) for each in revision.left]
    return [{each.action: {"Item" if each.action == "Put" else "Key": each.what}} for each in writes]


@pytest.mark.parametrize("topics", [0, 10])
def test_an_article_at_every_limit_fits_into_one_transaction(topics: int) -> None:
    """With texts that do not compress, and as many of everything as the model takes, before and after."""
    letters = Random(23)

    def text(length: int) -> str:
        return "".join(chr(letters.randrange(0x20000, 0x2A000)) for _ in range(length))

    def url() -> str:
        return f"https://news.example.org/{text(2020)}"

    def full(day: str, kind: str, of: str) -> Article:
        files = [{"url": url(), "media_type": text(500), "width": number} for number in range(1, 5)]
        picture = {"alt": text(1000), "caption": text(10_000), "credit": text(500), "renditions": files}
        offers = [{"type": "promotion", "name": text(250)} for _ in range(MAXIMUM_NEWSLETTERS)]
        article = valid(
            headline=text(500),
            standfirst=text(5000),
            tags=[text(250) for _ in range(MAXIMUM_LISTS - topics - 2 * MAXIMUM_BYLINES - MAXIMUM_NEWSLETTERS)],
            topics=[f"{of}-{'t' * 90}-{number}" for number in range(topics)],
            byline=[
                {"name": text(250), "url": url(), "id": f"{of}-{'a' * 90}-{number}"}
                for number in range(MAXIMUM_BYLINES)
            ],
            section=text(250),
            dateline={"place": text(500)},
            url=url(),
            aliases=[url() for _ in range(MAXIMUM_ALIASES)],
            type=kind,
            published_at=f"{day}T08:00:00Z",
            updated_at=f"{day}T12:00:00Z",
            breaking_until=f"{day}T20:00:00Z",
            lead_image=picture,
            body=[*offers, {"type": "video", "renditions": files}, {"type": "paragraph", "html": text(40_000)}],
        )
        assert article
        return article

    before, after = full("2025-11-20", "article", "b"), full("2025-11-21", "video", "a")
    actions = actions_of(after, before)
    assert violation("TransactWriteItems", {"TransactItems": actions}) == ""
    # The docstring of `revisions._written` says how many.
    assert len(actions) == 96


@pytest.mark.parametrize("name", ["ა" * 400, "ﷺ" * 60, "a" * 500])
@pytest.mark.parametrize("field", ["section", "tags", "byline", "newsletter"])
def test_a_name_is_bounded_by_its_bytes_as_it_is_compared(an_article: MakeArticle, field: str, name: str) -> None:
    fields: dict[str, Any] = {
        "section": {"section": name},
        "tags": {"tags": [name]},
        "byline": {"byline": [{"name": name}]},
        "newsletter": {"body": [{"type": "promotion", "name": name}]},
    }[field]
    if len(unicodedata.normalize("NFKC", name).encode()) <= 1000:
        assert an_article(**fields)
    else:
        with pytest.raises(ValidationError, match="at most 1,000 bytes"):
            an_article(**fields)


def test_numbers_are_bounded(an_article: MakeArticle) -> None:
    picture = {"renditions": [{"url": "https://media.example.org/a", "media_type": "image/jpeg", "width": 10**40}]}
    with pytest.raises(ValidationError, match="more than 1,000,000 pixels"):
        an_article(lead_image=picture)
    sound = {
        "type": "audio",
        "duration_seconds": 10**9,
        "renditions": [{"url": "https://a.org/a", "media_type": "a/b"}],
    }
    with pytest.raises(ValidationError, match="115 days"):
        an_article(body=[sound])


def test_more_newsletters_than_one_transaction_notes_are_refused(an_article: MakeArticle) -> None:
    offers = [{"type": "promotion", "name": f"Newsletter {number}"} for number in range(MAXIMUM_NEWSLETTERS + 1)]
    with pytest.raises(ValidationError, match="more than 5 newsletters"):
        an_article(body=offers)


def test_a_version_from_before_a_bound_is_read_all_the_same() -> None:
    kept = (
        '{"id":"a","version":1,"previous":null,"recorded_at":"2025-11-20T13:00:00+01:00","status":"published",'
        '"publish_at":"2025-11-20T13:00:00+01:00","article":{"id":"a","language":"ka","headline":"A","tags":["'
        + "ა" * 400
        + '"],"published_at":"2025-11-20T13:00:00+01:00","body":[{"type":"paragraph","html":"Text."}]}}'
    )
    found = read(kept.encode())
    assert found.article
    assert found.article.tags == ("ა" * 400,)
    assert found.article.published_at == found.publish_at == NOW


def test_an_article_is_on_a_bounded_number_of_lists_all_together(an_article: MakeArticle) -> None:
    tags, topics = [f"tag {number}" for number in range(MAXIMUM_TAGS)], [f"topic-{n}" for n in range(8)]
    byline = [{"name": "Mira", "id": "mira"}, {"name": "Mira"}]
    made = an_article(tags=tags, topics=topics, byline=byline)
    assert len(made.topics) == len(topics)
    with pytest.raises(ValidationError, match="may name 25"):
        an_article(tags=tags, topics=[*topics, "one-more"], byline=byline)
