"""What a pass has to remember: as a dictionary would, but on disk."""

import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.refusal import Refusal
from store.transfer.disk_cache import Spill

KEYS = st.sampled_from(["a", "b", "ä", "\ud800", "", "a\0"])


def fill(spill: Spill) -> None:
    for number in range(100):
        spill.put("users", str(number), "x" * 100_000)


@settings(deadline=None)
@given(st.lists(KEYS))
def test_the_first_line_of_a_key_is_remembered(keys: list[str]) -> None:
    known: dict[str, int] = {}
    with Spill() as spill:
        for line, key in enumerate(keys, start=1):
            assert spill.first_line(key, line) == known.get(key)
            known.setdefault(key, line)


@settings(deadline=None)
@given(st.lists(st.tuples(KEYS, st.integers(-2, 2), st.integers(-2, 2))))
def test_the_highest_rank_wins_and_of_equals_the_first(
    offers: list[tuple[str, int, int]],
) -> None:
    best: dict[str, tuple[int, int, int]] = {}
    with Spill() as spill:
        for line, (key, rank, tie) in enumerate(offers, start=1):
            spill.offer(key, line, rank, tie)
            best[key] = max(best.get(key, (rank, tie, -line)), (rank, tie, -line))
        assert {key: spill.winning_line(key) for key in best} == {
            key: -line for key, (_, _, line) in best.items()
        }
        assert spill.winning_line("never offered") is None


def test_texts_are_kept_by_shelf_and_key_and_the_last_one_stays() -> None:
    with Spill() as spill:
        spill.put("users", "1", "Ada")
        spill.put("organizations", "1", "Acme")
        spill.put("users", "1", "Grace")
        assert spill.get("users", "1") == "Grace"
        assert spill.get("organizations", "1") == "Acme"
        assert spill.get("users", "2") is None


def test_two_spills_know_nothing_of_each_other() -> None:
    with Spill() as one, Spill() as other:
        one.put("users", "1", "Ada")
        assert other.get("users", "1") is None


def test_what_is_large_goes_to_a_file_without_a_name_and_leaves_nothing_behind() -> None:
    before = _nameless_files()
    with Spill() as spill:
        fill(spill)
        assert spill.get("users", "0") == "x" * 100_000
        assert _nameless_files() == before + 1
    assert _nameless_files() == before


def test_a_disk_without_room_is_said_in_one_line() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with Spill() as spill, pytest.raises(Refusal) as refused:
            fill(spill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.reason.startswith("the temporary folder cannot hold what has to be noted")


def _nameless_files() -> int:
    """Count the files that this process holds open and that stand in no folder any more."""
    entries = (entry for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink())
    return sum(str(entry.readlink()).endswith("(deleted)") for entry in entries)
