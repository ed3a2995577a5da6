"""Which alerts are due: each once, whatever happens in between, none while nobody is there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from policy.alerting.team_alerts import (
    AlertKind,
    AlertSituation,
    AlreadyTold,
    TeamAlert,
    alerts_due,
    lines_of,
    taken_back,
    title_of,
)
from policy.capacity.levels import Capacity
from policy.capacity.mode import ModeInForce
from policy.words import Mode
from tests.examples import MONDAY, PRIORITIES, ticket

MINUTE = timedelta(minutes=1)
ALL = tuple(AlertKind)
FIRST = PRIORITIES[0]
ONE, TWO = ticket(1, priority=FIRST), ticket(2, respond_by=MONDAY + 10 * MINUTE)
NOTHING = AlreadyTold()


def capacity(level: int = 1, scheduled: Sequence[str] = ("ada",)) -> Capacity:
    return Capacity(
        level=level,
        why=f"It is level {level}.",
        contingency="Pause.",
        scheduled=tuple(scheduled),
        available=tuple(scheduled),
        actionable=2,
        owed=2,
        next_arrivals=(),
    )


QUIET = AlertSituation(
    now=MONDAY,
    has_team=True,
    number_one=None,
    due_soon=(),
    unheld=(),
    capacity=capacity(),
    mode=ModeInForce(mode=Mode.NORMAL, why="It is calm."),
    calm_for=15 * MINUTE,
)


def lines(situation: AlertSituation, told: AlreadyTold = NOTHING) -> list[str]:
    return [alert.line for alert in alerts_due(situation, told, ALL)[0]]


def test_a_quiet_desk_tells_nothing() -> None:
    assert alerts_due(QUIET, NOTHING, ALL) == ((), NOTHING)


def test_all_of_one_ticket_is_one_line() -> None:
    held = replace(TWO, defined_priority=FIRST, assignee="gabe")
    busy = replace(QUIET, number_one=held, unheld=(ONE, held), due_soon=(held,))
    assert lines(busy) == [
        f"#1 {FIRST} · Acme · Ticket 1: Nobody has it.",
        f"#2 {FIRST} · Acme · Ticket 2: Held by gabe, who is away, the new number one,"
        " due in 10 m.",
    ]
    alerts, told = alerts_due(busy, NOTHING, ALL)
    assert title_of(alerts) == "#1 nobody has it, and 1 more"
    assert alerts_due(busy, told, ALL) == ((), told)


def test_a_number_one_is_new_whenever_it_is_another() -> None:
    told = NOTHING
    for number, said in ((ONE, True), (ONE, False), (TWO, True), (None, False), (TWO, True)):
        alerts, told = alerts_due(replace(QUIET, number_one=number), told, ALL)
        assert bool(alerts) is said


def test_a_deadline_is_told_once_and_another_one_anew() -> None:
    due = replace(QUIET, due_soon=(TWO,))
    alerts, told = alerts_due(due, NOTHING, ALL)
    assert len(alerts) == 1
    assert not lines(replace(due, now=MONDAY + MINUTE), told)
    moved = replace(TWO, respond_by=MONDAY + 12 * MINUTE)
    assert lines(replace(QUIET, due_soon=(moved,)), told)
    _, later = alerts_due(replace(QUIET, now=MONDAY + 11 * MINUTE), told, ALL)
    assert later.due_soon == {}, "what is over is not remembered"


def test_who_lets_go_of_a_ticket_makes_it_nobodys_anew() -> None:
    told = NOTHING
    for unheld, said in (((ONE,), True), ((ONE,), False), ((), False), ((ONE,), True)):
        alerts, told = alerts_due(replace(QUIET, unheld=unheld), told, ALL)
        assert bool(alerts) is said


def test_a_higher_level_is_told_at_once_and_a_lower_one_when_it_stays() -> None:
    told = NOTHING
    for minute, level, said in (
        (0, 1, False), (1, 5, True), (2, 5, False), (3, 4, False), (10, 5, False), (11, 4, False),
        (25, 3, False), (26, 3, True), (27, 3, False), (28, 6, True),
    ):  # fmt: skip
        now = replace(QUIET, now=MONDAY + minute * MINUTE, capacity=capacity(level))
        alerts, told = alerts_due(now, told, ALL)
        assert bool(alerts) is said, (minute, level)
    assert lines(replace(QUIET, capacity=capacity(5))) == [
        "Level 5, before it was 1. It is level 5. Pause."
    ]


def test_a_mode_is_told_with_its_reason() -> None:
    hard = replace(QUIET, mode=ModeInForce(mode=Mode.HARD_CHOICES, why="Set by mo until 10:00."))
    assert lines(hard) == ["Now: hard choices. Set by mo until 10:00."]


def test_while_nobody_is_on_shift_nothing_is_told_nor_forgotten() -> None:
    night = replace(QUIET, number_one=ONE, unheld=(ONE,), capacity=capacity(8, ()))
    assert alerts_due(night, NOTHING, ALL) == ((), NOTHING)
    morning = replace(night, capacity=capacity(1))
    assert len(lines(morning)) == 1
    assert lines(replace(night, has_team=False)), "without a team there are no shifts"


def test_of_what_somebody_is_not_told_nothing_is_remembered() -> None:
    busy = replace(QUIET, number_one=ONE, unheld=(ONE,), due_soon=(TWO,), capacity=capacity(5))
    for kind in AlertKind:
        _, told = alerts_due(busy, NOTHING, [each for each in ALL if each is not kind])
        alerts, _ = alerts_due(busy, told, [kind])
        assert bool(alerts) is (kind is not AlertKind.MODE)


def test_many_alerts_are_few_lines() -> None:
    alerts = [TeamAlert(short=f"#{n} due", line=f"#{n}: Due.") for n in range(13)]
    assert len(list(lines_of(alerts))) == 11
    assert list(lines_of(alerts))[-1] == "… and 3 more"
    assert title_of(alerts[:1]) == "#0 due"


TICKETS = [ticket(n, respond_by=MONDAY + n * MINUTE) for n in range(1, 5)]
SITUATIONS = st.builds(
    lambda first, due, unheld, level, hard, minute: replace(
        QUIET,
        now=MONDAY + minute * timedelta(seconds=10),
        number_one=first,
        due_soon=tuple(due),
        unheld=tuple(unheld),
        capacity=capacity(level),
        mode=ModeInForce(mode=Mode.HARD_CHOICES if hard else Mode.NORMAL, why="Because."),
    ),
    st.none() | st.sampled_from(TICKETS),
    st.lists(st.sampled_from(TICKETS), unique_by=lambda each: each.id),
    st.lists(st.sampled_from(TICKETS), unique_by=lambda each: each.id),
    st.integers(1, 8),
    st.booleans(),
    st.integers(0, 5),
)


@given(st.lists(SITUATIONS, max_size=6))
def test_nothing_is_told_twice_for_one_situation(situations: list[AlertSituation]) -> None:
    told = NOTHING
    for situation in situations:
        _, told = alerts_due(situation, told, ALL)
        again, told_again = alerts_due(situation, told, ALL)
        assert not again
        assert told_again == told


@given(st.lists(SITUATIONS, max_size=4), SITUATIONS)
def test_what_failed_is_told_again_and_nothing_else(
    before: list[AlertSituation], now: AlertSituation
) -> None:
    told = NOTHING
    for situation in before:
        _, told = alerts_due(situation, told, ALL)
    alerts, after = alerts_due(now, told, ALL)
    again, _ = alerts_due(now, taken_back(after, told, after), ALL)
    assert again == alerts


@given(SITUATIONS, SITUATIONS)
def test_what_others_told_meanwhile_stays_told(
    first: AlertSituation, second: AlertSituation
) -> None:
    _, after = alerts_due(first, NOTHING, ALL)
    _, current = alerts_due(second, after, ALL)
    back = taken_back(current, NOTHING, after)
    others = {*current.unheld} - {*after.unheld}
    assert others <= back.unheld
    if current.level != after.level:
        assert back.level == current.level
    if current.number_one != after.number_one:
        assert back.number_one == current.number_one
