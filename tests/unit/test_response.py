import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.http.response import matches


@pytest.mark.parametrize(
    "if_none_match",
    ['"1-a"', 'W/"1-a"', '"x", "1-a"', '"x","1-a","y"', 'W/"x" , W/"1-a"', "*", " * "],
)
def test_a_client_that_holds_the_representation_is_recognised(if_none_match: str) -> None:
    assert matches(if_none_match, '"1-a"')


@pytest.mark.parametrize("if_none_match", [None, "", '"1-b"', "1-a", '"1-a', '"*"', '"1', '"x", "1-aa"'])
def test_a_client_that_holds_another_is_not(if_none_match: str | None) -> None:
    assert not matches(if_none_match, '"1-a"')


@given(st.text())
def test_only_the_whole_entity_tag_matches(text: str) -> None:
    if '"1-a"' not in text and text.strip() != "*":
        assert not matches(text, '"1-a"')
