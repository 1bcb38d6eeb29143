"""A pending edit on a version that is newer than the one it was made on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.merging import BothChanged, merged_edit

MEMBERS = ("headline", "section", "body", "tags", "updated_at")
ARTICLES = st.fixed_dictionaries(dict.fromkeys(MEMBERS, st.integers(0, 2)))


@given(ARTICLES, ARTICLES, ARTICLES)
def test_each_member_is_as_whoever_changed_it_left_it_and_nobody_is_overwritten(
    base: dict[str, Any], edit: dict[str, Any], current: dict[str, Any]
) -> None:
    contested = sorted(
        name
        for name in MEMBERS
        if name != "updated_at" and edit[name] != base[name] != current[name] and edit[name] != current[name]
    )
    if contested:
        with pytest.raises(BothChanged, match=", ".join(contested)):
            merged_edit(base, edit, current)
        return
    merged = merged_edit(base, edit, current)
    assert merged.keys() == current.keys()
    assert merged["updated_at"] == current["updated_at"]
    for name in set(MEMBERS) - {"updated_at"}:
        assert merged[name] == (current[name] if edit[name] == base[name] else edit[name])
