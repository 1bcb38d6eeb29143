"""The samples of make run are news, whenever it runs, and keep their ids."""

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

import newsroom

STORIES = newsroom.articles(8, breaking_until=dt.datetime(2031, 1, 1, tzinfo=dt.UTC))


@given(st.datetimes(dt.datetime(2025, 11, 20), dt.datetime(2099, 1, 1), timezones=st.just(dt.UTC)))  # noqa: DTZ001 - drawn in UTC
def test_the_newest_story_is_of_the_last_day_and_never_of_a_time_to_come(now: dt.datetime) -> None:
    moved = [newsroom.moved(each, newsroom.age(now)) for each in STORIES]
    newest = moved[0].published_at
    assert newest
    assert dt.timedelta() <= now - newest < dt.timedelta(days=1)
    assert [each.id for each in moved] == [each.id for each in STORIES]
    assert [each.breaking_until for each in moved] == [each.breaking_until for each in STORIES]
    assert [each.url for each in moved] == [each.url for each in STORIES]
    for one, other in itertools.pairwise(moved):
        assert one.published_at
        assert other.published_at
        assert one.published_at >= other.published_at


def test_nothing_else_of_a_story_is_changed() -> None:
    assert [newsroom.moved(each, dt.timedelta()) for each in STORIES] == STORIES
