"""What is handed over at the end of a shift: the next step, whose and when."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.report.shift_note import (
    HANDED_OVER_STATUSES,
    NextStep,
    ShiftState,
    about,
    grouped,
    next_step_of,
    standing_of,
)
from policy.ticket import HandOver
from policy.words import Status
from tests.examples import CLOCK, MONDAY, WORDS, ticket

DUE = MONDAY + timedelta(hours=2)


@pytest.mark.parametrize(("status", "declined"), list(product(Status, [None, "Not ours."])))
def test_what_is_still_open_is_handed_over(status: Status, declined: str | None) -> None:
    answered = ticket(status=status, declined=declined, waiting_since=None)
    handed = declined is None and status in HANDED_OVER_STATUSES
    assert (standing_of(answered) is not None) == handed


@pytest.mark.parametrize("status", HANDED_OVER_STATUSES)
def test_whoever_waits_is_handed_over_in_the_queue(status: Status) -> None:
    assert standing_of(ticket(status=status)) is ShiftState.QUEUE


def test_the_note_begins_with_what_is_ours_and_keeps_the_order() -> None:
    statuses = (Status.PENDING, Status.OPEN, Status.SOLVED, Status.ON_HOLD, Status.NEW)
    groups = grouped(
        ticket(number, status=each, waiting_since=None) for number, each in enumerate(statuses)
    )
    assert {name: [each.id for each in group] for name, group in groups.items()} == {
        ShiftState.QUEUE: [1, 4],
        ShiftState.PENDING: [0],
        ShiftState.ON_HOLD: [3],
    }
    assert list(groups) == [ShiftState.QUEUE, ShiftState.PENDING, ShiftState.ON_HOLD]


def test_the_next_step_is_said_with_whose_and_when() -> None:
    mine = ticket(assignee="mo", respond_by=DUE)
    assert next_step_of(mine, WORDS, CLOCK) == NextStep(
        what="Send the first response, a thoughtful one: “we are on it” does not count.",
        whose="ours",
        by=DUE,
    )
    parked = ticket(assignee="mo", respond_by=DUE, status=Status.PENDING)
    assert next_step_of(parked, WORDS, CLOCK) == next_step_of(mine, WORDS, CLOCK)
    answered = {"assignee": "mo", "waiting_since": None}
    assert (
        next_step_of(ticket(**answered, status=Status.PENDING), WORDS, CLOCK).whose
        == "the customer's"
    )
    rests = {**answered, "status": Status.ON_HOLD}
    assert next_step_of(ticket(**rests), WORDS, CLOCK) == NextStep(
        what="Wait for the other team, and keep the customer informed.",
        whose="another team's",
        by=None,
    )
    handed = ticket(**rests, handed_over=HandOver(by="mo", at=MONDAY))
    assert next_step_of(handed, WORDS, CLOCK).whose == "engineering's"


def test_what_it_is_about_is_the_beginning_of_the_description() -> None:
    assert about("It began\n\n this morning.", 40) == "It began this morning."
    assert about("It began this morning.", 12) == "It began…"
    assert about("x" * 50, 10) == "x" * 10 + "…"
    assert about("", 10) == ""


@given(st.text(max_size=300), st.integers(1, 50))
def test_what_it_is_about_is_one_short_line(body: str, longest: int) -> None:
    line = about(body, longest)
    assert len(line) <= longest + 1
    assert "\n" not in line
