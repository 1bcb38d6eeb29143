"""What the model takes, DynamoDB takes: each write of a valid article fits keys, items and a transaction."""

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from content_api.content.article import (
    MAXIMUM_ALIASES,
    MAXIMUM_BYLINES,
    MAXIMUM_NEWSLETTERS,
    MAXIMUM_TAGS,
    Article,
)
from content_api.store.current import Current
from content_api.store.placement import placement
from content_api.store.revisions import replacement
from content_api.store.versions import NOBODY, read
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
    aliases=st.integers(0, MAXIMUM_ALIASES),
)
def test_every_write_of_a_valid_article_fits(
    tags: list[str], authors: list[str], newsletters: list[str], section: str | None, aliases: int
) -> None:
    long = "https://news.example.org/" + "%F0%9F%98%80" * 160
    offers = [{"type": "promotion", "name": name} for name in newsletters]
    article = valid(
        tags=tags,
        byline=[{"name": name, "url": long} for name in authors],
        section=section,
        aliases=[f"{long}{number}" for number in range(aliases)],
        url=long,
        body=[{"type": "paragraph", "html": "Text."}, *offers],
    )
    if article is None:
        return
    # Before, it stood on other lists: the cards of both are written.
    before = placement(article.model_copy(update={"published_at": NOW}))
    current = Current(version=1, status="published", language=article.language, placement=before)
    revision = replacement(article, current, at=NOW, attribution=NOBODY)
    writes = [*revision.writes, *(revision.change.writes(10**11) if revision.change else [])]
    writes += [revision.leaving(each, []) for each in revision.left]
    actions = [{each.action: {"Item" if each.action == "Put" else "Key": each.what}} for each in writes]
    assert violation("TransactWriteItems", {"TransactItems": actions}) == ""


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
