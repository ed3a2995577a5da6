"""The report of a real desk: it says what boards that looked on saw, on both engines."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.refusal import Refusal
from policy.report.first_responses import Kept, Nearness
from policy.report.report import Report
from policy.rulebook.rulebook import load_rulebook
from policy.words import Mode, PriorityInput, Status
from store.desk import Desk
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
OTHER = load_rulebook(
    '[tiers]\norder = ["free", "team", "enterprise", "presales", "open_source", "internal"]\n'
    '[capacity]\nhard_choices_from = 2\ncalm_for = "3m"\n[response]\np2 = "1h"',
    "other.toml",
)


@dataclass(frozen=True)
class Seen:
    """What a board showed at a time."""

    at: datetime
    number_one: int | None
    mode: Mode
    level: int


def look(desk: Desk) -> Seen:
    overview = desk.queue.overview()
    first = overview.number_one
    return Seen(
        at=desk.now(),
        number_one=None if first is None else first.id,
        mode=overview.mode.mode,
        level=overview.capacity.level,
    )


def reported(found: Report, now: datetime) -> Seen:
    """Return what the report says of the same time."""
    (reign,) = (each for each in found.number_one.reigns.spans if each.start <= now < each.end)
    (span,) = (each for each in found.modes if each.start <= now < each.end)
    return Seen(at=now, number_one=reign.ticket, mode=span.mode, level=span.level)


def whole(desk: Desk, start: datetime = MONDAY) -> Report:
    return desk.reports.report(start, desk.now() + HOUR, UTC)


# One shift


def test_a_shift_as_it_was(desk: Desk, clock: Clock) -> None:
    desk.transfer.take_in(
        [incoming(1, severity=1), incoming(2), incoming(3, severity=0, tier="presales")]
    )
    clock.advance(minutes=12)
    desk.tickets.take(1)
    clock.advance(minutes=48)
    desk.tickets.reply(1, Status.PENDING)
    clock.advance(minutes=5)
    desk.tickets.set_status(1, Status.SOLVED)
    clock.advance(hours=8)
    desk.tickets.reply(2)
    found = whole(desk)
    responses = found.first_responses
    assert (responses.count, responses.contract) == (2, Kept(within=1, owed=2))
    assert responses.by_priority["p1"] == Kept(within=1, owed=1)
    assert responses.by_priority["p2"] == Kept(within=0, owed=1)
    assert (responses.by_nearness[Nearness.HALF], responses.by_nearness[Nearness.LATER]) == (1, 1)
    assert [span.ticket for span in found.number_one.reigns.spans] == [1, 2]
    assert [pick.took for pick in found.number_one.reigns.pick_ups] == [
        12 * MINUTE,
        8 * HOUR + 5 * MINUTE,
    ]
    (day,) = found.days
    assert (day.arrived, day.declined, day.answered, day.solved) == (2, 1, 2, 1)
    assert day.longest_queue == 2


def test_what_was_owed_when_it_was_answered_counts(desk: Desk, clock: Clock) -> None:
    desk.transfer.take_in([incoming(1), incoming(2)])
    clock.advance(hours=3)
    desk.tickets.reply(1)
    reason = "They cannot ship."
    desk.tickets.assign_priority(2, "p0", reason=reason, rests_on=PriorityInput.CUSTOMER)
    desk.tickets.reply(2)
    clock.advance(minutes=1)
    desk.tickets.assign_priority(1, "p0", reason=reason, rests_on=PriorityInput.CUSTOMER)
    found = whole(desk).first_responses
    assert found.by_priority == {
        "p0": Kept(within=0, owed=1),
        "p2": Kept(within=1, owed=1),
    }


def test_whoever_is_owed_an_answer_that_did_not_come_is_counted(desk: Desk, clock: Clock) -> None:
    desk.transfer.take_in([incoming(number) for number in (1, 2, 3, 4)])
    clock.advance(hours=1)
    desk.tickets.set_status(1, Status.PENDING)
    desk.tickets.set_status(2, Status.SOLVED, unanswered="They called.")
    clock.advance(hours=8)
    desk.tickets.reply(3)
    assert whole(desk).first_responses.overdue == 2
    assert (
        desk.reports.report(MONDAY + 9 * HOUR, desk.now() + MINUTE, UTC).first_responses.overdue
        == 0
    )
    then = desk.reports.report(MONDAY, MONDAY + 8 * HOUR + MINUTE, UTC).first_responses
    assert then.overdue == 3  # #3 had no answer then


def test_answers_that_a_source_tells_of_count_by_when_they_were_given(
    desk: Desk, clock: Clock
) -> None:
    clock.advance(days=2)
    answered = MONDAY + 30 * MINUTE
    desk.transfer.take_in([incoming(1, first_response_at=answered, status="solved")])
    assert whole(desk).first_responses.contract == Kept(within=1, owed=1)
    later = desk.reports.report(MONDAY + HOUR, desk.now() + MINUTE, UTC)
    assert later.first_responses.count == 0


def test_the_policy_and_the_team_of_that_time_count(open_desk: OpenDesk, clock: Clock) -> None:
    desk = open_desk("lee")
    desk.team.import_members(team(early=1, late=0))
    desk.transfer.take_in([incoming(number) for number in range(1, 9)])
    clock.advance(hours=1)
    assert look(desk).level == 3
    desk.policy.adopt(OTHER)
    clock.advance(hours=1)
    desk.team.import_members(team(early=9, late=0))
    clock.advance(hours=1)
    desk.tickets.reply(1)
    found = whole(desk)
    assert [(span.level, span.mode) for span in found.modes][:1] == [(3, Mode.HARD_CHOICES)]
    assert reported(found, MONDAY + 2 * HOUR + 10 * MINUTE).level == 1
    assert found.first_responses.contract == Kept(within=0, owed=1)
    before = desk.reports.report(MONDAY, MONDAY + HOUR, UTC)
    assert before.first_responses.aim == 2 * HOUR


def test_what_was_undone_counts_for_nothing_and_what_was_done_again_counts(
    desk: Desk, clock: Clock
) -> None:
    desk.transfer.take_in([incoming(1), incoming(2)])
    for number in (1, 2):
        clock.advance(minutes=10)
        desk.tickets.reply(number, Status.SOLVED)
    clock.advance(minutes=1)
    desk.history.undo()
    clock.advance(minutes=1)
    once = whole(desk)
    assert (once.first_responses.count, once.days[0].solved) == (1, 1)
    desk.history.redo()
    again = whole(desk)
    assert (again.first_responses.count, again.days[0].solved) == (2, 2)
    assert again.first_responses.took.longest == 20 * MINUTE


def test_a_ticket_that_was_taken_back_was_number_one_and_is_counted_no_more(
    desk: Desk, clock: Clock
) -> None:
    desk.transfer.take_in([incoming(1)])
    clock.advance(minutes=10)
    desk.tickets.open_ticket(incoming(2, severity=0, received_at=clock.now))
    clock.advance(minutes=10)
    desk.history.undo()
    found = whole(desk)
    assert [span.ticket for span in found.number_one.reigns.spans] == [1, 2, 1]
    assert found.days[0].arrived == 1


def test_there_must_be_some_time_to_report_on(desk: Desk) -> None:
    with pytest.raises(Refusal, match="expected a time before the end and now"):
        desk.reports.report(MONDAY + HOUR, MONDAY + 2 * HOUR, UTC)
    with pytest.raises(Refusal, match="expected a time before the end and now"):
        desk.reports.report(MONDAY, MONDAY, UTC)


def test_an_empty_desk_has_an_empty_report(desk: Desk) -> None:
    assert whole(desk, MONDAY - HOUR).is_empty


# Against boards that looked on

Deed = Callable[[Desk, int], object]
REASON = "It is so."


def _until(desk: Desk, number: int) -> datetime | None:
    return desk.now() + number * MINUTE if number % 2 else None


DEEDS: dict[str, Deed] = {
    "take": lambda desk, number: desk.tickets.take(number),
    "let go": lambda desk, number: desk.tickets.assign(number, None),
    "reply": lambda desk, number: desk.tickets.reply(number),
    "heard": lambda desk, number: desk.tickets.heard(number),
    "solve": lambda desk, number: desk.tickets.set_status(number, Status.SOLVED),
    "open": lambda desk, number: desk.tickets.set_status(number, Status.OPEN),
    "p0": lambda desk, number: desk.tickets.assign_priority(
        number, "p0", reason=REASON, rests_on=PriorityInput.CUSTOMER
    ),
    "arrive": lambda desk, number: desk.transfer.take_in(
        [incoming(100 * number + each, severity=number % 4, tier=("free", "team")[number % 2],
                  received_at=desk.now()) for each in range(number)]),
    "out": lambda desk, number: desk.team.mark_out(
        f"early{1 + number % 2}", until=_until(desk, number)
    ),
    "back": lambda desk, number: desk.team.mark_back(f"early{1 + number % 2}"),
    "hard": lambda desk, number: desk.policy.set_mode(
        Mode.HARD_CHOICES, reason=REASON, until=_until(desk, number)
    ),
    "automatic": lambda desk, _: desk.policy.set_mode(None),
    "policy": lambda desk, _: desk.policy.adopt(OTHER),
    "deviate": lambda desk, number: desk.deviations.put_first(
        number, reason=REASON, until=_until(desk, number)
    ),
    "deviate for a while": lambda desk, number: desk.deviations.put_first(
        number, reason=REASON, until=desk.now() + number * MINUTE
    ),
    "end deviation": lambda desk, number: desk.deviations.end(number),
    "undo": lambda desk, _: desk.history.undo(),
    "redo": lambda desk, _: desk.history.redo(),
    "nothing": lambda _, __: None,
}  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(1, 9), st.integers(1, 400)),
    min_size=5,
    max_size=25,
)


@settings(max_examples=20, deadline=None)
@given(steps=STEPS, first=st.integers(0, 10))
def test_the_report_says_what_boards_saw(
    steps: list[tuple[str, int, int]], first: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = Clock()
    desk = Desk.open(str(tmp_path_factory.mktemp("desk") / "desk.db"), actor="lee", clock=clock)
    try:
        desk.team.import_members(team(early=2, late=1))
        desk.transfer.take_in(
            [incoming(1, severity=0), incoming(2), incoming(3, severity=3, tier="free")]
        )
        seen = [look(desk)]
        for deed, number, seconds in steps:
            clock.advance(seconds=seconds)
            with suppress(Refusal):  # a board that looked on saw nothing change
                DEEDS[deed](desk, number)
            seen.append(look(desk))
        clock.advance(seconds=1)
        begin = seen[min(first, len(seen) - 1)].at
        found = desk.reports.report(begin, desk.now(), UTC)
        for each in seen:
            if each.at >= begin:
                assert reported(found, each.at) == each
    finally:
        desk.close()
