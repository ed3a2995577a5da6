"""The hash of an event is reckoned of what is read again, however it was written."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from policy.words import Status
from store.engines.written_json import written_json
from store.history.hash_chain import hash_after, hash_of_plain, written

NOW = datetime(2026, 11, 30, 9, 0, 0, 250, tzinfo=UTC)
PLAIN = st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(Status)
TOLD = st.dictionaries(
    st.text(),
    PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(), PLAIN, max_size=3),
    max_size=5,
)


def values(before: object, after: object) -> tuple[object, ...]:
    """Return what a hash is reckoned of, with what an event tells."""
    return (7, NOW, "mariam", "taken", 3, before, after, "a note, with [brackets]", 5, None, None)


@given(TOLD, TOLD)
def test_the_hash_is_that_of_what_is_read_again(before: object, after: object) -> None:
    number, _, *rest = values(*(json.loads(written_json(each)) for each in (before, after)))
    microseconds = int(NOW.timestamp()) * 1_000_000 + NOW.microsecond
    expected = hash_of_plain("one before", (number, microseconds, *rest))
    assert hash_after("one before", values(before, after)) == expected
    assert hash_after("one before", values(written(before), written(after))) == expected


@given(TOLD)
def test_what_was_written_beforehand_is_kept_as_it_stands(told: object) -> None:
    assert json.loads(written_json(written(told))) == json.loads(written_json(told))
