"""Valid files with bytes changed, taken out, repeated and put elsewhere."""

from collections.abc import Iterable

from hypothesis import strategies as st

type Change = tuple[str, int, int]

_BYTES = st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]) | st.integers(0, 255)


def changes(places: st.SearchStrategy[int]) -> st.SearchStrategy[list[Change]]:
    """One to eight changes at these places of a file."""
    return st.lists(
        st.one_of(
            st.tuples(st.just("set"), places, _BYTES),
            st.tuples(st.just("cut"), places, st.integers(1, 64)),
            st.tuples(st.just("repeat"), places, st.integers(1, 64)),
        ),
        min_size=1,
        max_size=8,
    )


def changed(valid: bytes, how: Iterable[Change]) -> bytearray:
    content = bytearray(valid)
    for what, at, value in how:
        if what == "set" and at < len(content):
            content[at] = value
        elif what == "cut":
            del content[at : at + value]
        else:
            content[at:at] = content[at : at + value]
    return content
