"""Instants are one type: UTC, one printed form, and a sortable one in keys."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from content_api.content.article import Article
from content_api.content.values import Instant
from content_api.names.instants import in_utc, parsed, printed, sortable, sortable_seconds

ROOT = Path(__file__).parents[2]

type MakeArticle = Callable[..., Article]

# Local times of the first and the last day have no instant in every zone.
aware = st.datetimes(timezones=st.timezones(), allow_imaginary=False).filter(lambda at: 1 < at.year < dt.MAXYEAR)


@given(aware)
def test_an_instant_is_printed_in_one_form_which_reads_as_the_instant(at: dt.datetime) -> None:
    text = printed(at)
    assert text.endswith("Z")
    assert len(text) == (27 if at.microsecond else 20)
    # Of a time that a zone has twice, Python calls no instant of another zone the same (PEP 495).
    instant = at.astimezone(dt.UTC)
    assert parsed(text) == instant
    assert parsed(at.isoformat()) == instant


@given(aware, aware)
def test_instants_of_keys_sort_as_instants_do(one: dt.datetime, other: dt.datetime) -> None:
    first, second = in_utc(one), in_utc(other)
    assert (sortable(one) < sortable(other)) == (first < second)
    assert sortable(None) < sortable(one)


@given(st.integers(0, 4_000_000_000))
def test_seconds_are_the_same_instant_in_keys(seconds: int) -> None:
    assert sortable_seconds(seconds) == sortable(dt.datetime.fromtimestamp(seconds, dt.UTC))


@given(aware)
def test_the_model_prints_an_instant_as_everything_else_does(at: dt.datetime) -> None:
    adapter = TypeAdapter[dt.datetime](Instant)
    assert adapter.dump_json(adapter.validate_python(at)).decode() == f'"{printed(at)}"'


def test_every_instant_of_an_article_is_in_utc(an_article: MakeArticle) -> None:
    article = an_article(
        published_at="2025-11-20T09:00:00+01:00",
        updated_at="2025-11-20T09:30:00.5+01:00",
        breaking_until="2025-11-21T00:00:00+03:00",
        corrections=[{"at": "2025-11-20T10:00:00+01:00", "text": "It was Tuesday."}],
    )
    fields = article.model_dump(mode="json")
    assert fields["published_at"] == "2025-11-20T08:00:00Z"
    assert fields["updated_at"] == "2025-11-20T08:30:00.500000Z"
    assert fields["breaking_until"] == "2025-11-20T21:00:00Z"
    assert fields["corrections"][0]["at"] == "2025-11-20T09:00:00Z"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-11-20T08:00:00"])
def test_what_is_no_instant_in_utc_is_refused(an_article: MakeArticle, at: str) -> None:
    with pytest.raises(ValidationError, match="published_at"):
        an_article(published_at=at)
    with pytest.raises(ValueError, match=r"is outside|says no offset"):
        parsed(at)


# What an editor or a reader writes may be a day, or lack its offset. Their own rules refuse it, or read it.
READ_ELSEWHERE = {"functions/importing/own_articles.py", "functions/reading/parameters.py"}


def test_instants_are_read_in_one_module() -> None:
    """`datetime.fromisoformat` also takes an instant without an offset, which nobody can tell from others."""
    found = {
        str(path.relative_to(ROOT))
        for folder in ("functions", "layers", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"datetime\.(?:fromisoformat|strptime)", path.read_text(encoding="utf-8"))
    }
    assert found == {"layers/content_api/content_api/names/instants.py", *READ_ELSEWHERE}
