"""Whose change of a field holds, by the last common value: every case there is."""

from datetime import timedelta
from itertools import product

import pytest

from policy.conversation.merge import FieldChange, Winner, is_echo, is_safe_status, winner
from policy.words import Status
from tests.examples import MONDAY

EARLIER, LATER = MONDAY, MONDAY + timedelta(minutes=5)


@pytest.mark.parametrize(("common", "ours", "theirs"), [*product(Status, repeat=3)])
@pytest.mark.parametrize("we_are_later", [True, False])
def test_the_last_common_value_decides(
    common: Status, ours: Status, theirs: Status, we_are_later: bool
) -> None:
    ours_at, theirs_at = (LATER, EARLIER) if we_are_later else (EARLIER, LATER)
    found = winner(
        FieldChange(common=common, ours=ours, theirs=theirs, ours_at=ours_at, theirs_at=theirs_at),
        is_safe_status,
    )
    if ours == theirs:
        assert found is Winner.SAME
    elif theirs == common:
        assert found is Winner.OURS, "changed here only"
    elif ours == common:
        assert found is Winner.THEIRS, "changed there only"
    elif is_safe_status(ours) != is_safe_status(theirs):
        assert (found is Winner.OURS) == is_safe_status(ours), "the safer for the customer"
    else:
        assert (found is Winner.OURS) == we_are_later, "the later"


def test_what_nobody_changed_here_is_theirs() -> None:
    change = FieldChange(common="a", ours="b", theirs="c", ours_at=None, theirs_at=EARLIER)
    assert winner(change) is Winner.THEIRS


def test_who_has_it_is_decided_by_the_time_alone() -> None:
    for ours_at, theirs_at, expected in (
        (LATER, EARLIER, Winner.OURS),
        (EARLIER, LATER, Winner.THEIRS),
        (LATER, LATER, Winner.OURS),
    ):
        change = FieldChange(
            common=None, ours="luz", theirs="tomasz", ours_at=ours_at, theirs_at=theirs_at
        )
        assert winner(change) is expected


def test_a_help_desk_with_fewer_statuses_says_a_neighbouring_one() -> None:
    assert is_echo(Status.ON_HOLD, Status.PENDING)
    assert is_echo(Status.CLOSED, Status.SOLVED)
    assert not is_echo(Status.PENDING, Status.SOLVED)
    assert not is_echo(Status.SOLVED, Status.OPEN)
