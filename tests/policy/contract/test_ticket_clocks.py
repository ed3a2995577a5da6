"""The clocks of a ticket as it goes on: against a walk, minute by minute, and row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy.contract.pauses import paused_after, paused_as_told
from policy.contract.ticket_clocks import TargetClock, clocks_of, targets_of
from policy.intake.rules import assess
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.ticket import Pause, Ticket
from policy.tickets import actions
from policy.words import DECIDED_STATUSES, Status
from tests.examples import MONDAY, TIERS, ticket
from tests.policy.clocks.walks import Case, cases, open_minutes
from tests.policy.contract.policies import ALWAYS, WORDS, policy

HOUR = timedelta(hours=1)
RESTING = (Status.OPEN, Status.PENDING, Status.ON_HOLD)
CLOCKS = """
[clock]
stops_in = {stops}
[[contract]]
when = {{}}
calendar = "hours"
first_response = "{first}m"
next_reply = "{reply}m"
update = "{update}m"
resolution = "{resolution}m"
"""


def clocks(case: Case, stops: Sequence[Status], minutes: Sequence[int]) -> Rulebook:
    """Return a policy with one row, by the hours of a case."""
    hours = ", ".join(dict.fromkeys(f'"{shift.text}"' for shift in case.shifts))
    days = ", ".join(f"{day}" for day in sorted(case.holidays))
    calendar = f'[calendars.hours]\ntimezone = "{case.zone}"\nopen = [{hours}]\n'
    first, reply, update, resolution = minutes
    rows = CLOCKS.format(
        stops=[str(each) for each in stops],
        first=first,
        reply=reply,
        update=update,
        resolution=resolution,
    )
    return load_rulebook(f"{calendar}holidays = [{days}]\n{rows}", "clocks.toml")


@dataclass
class Walk:
    """What is true of a ticket in each minute since it came, told without any reckoning.

    ``stands`` is the status in each, ``answered`` the minute of our newest answer, ``waiting`` that
    since which the customer waits.
    """

    came: int
    stands: list[Status] = field(default_factory=list)
    answered: int | None = None
    waiting: int | None = None

    def due(self, runs: Sequence[bool], since: int | None, amount: int) -> int | None:
        """Return the first minute at which ``amount`` of running minutes is over."""
        if since is None:
            return None
        ran = [number for number in range(since, len(runs)) if runs[number]][:amount]
        return ran[-1] + 1 if len(ran) == amount else None


STEPS = st.sampled_from(["reply", "heard", *RESTING])


def changed(book: Rulebook, before: Ticket, step: str, now: datetime) -> Ticket:
    """Return a ticket after a step of a person, as the desk keeps it."""
    if step == "reply":
        after = actions.replied(before, now)
    elif step == "heard":
        after = actions.heard(before, now)
    else:
        after = actions.with_status(before, Status(step), now)
    after = replace(after, paused=paused_after(before, after, now, book.pauses_in))
    return assess(book, after)


@given(
    cases(),
    st.lists(st.sampled_from(RESTING), max_size=2, unique=True),
    st.lists(st.integers(1, 3 * 24 * 60), min_size=4, max_size=4),
    st.integers(0, 5 * 24 * 60),
    st.lists(st.tuples(STEPS, st.integers(1, 2 * 24 * 60)), max_size=8),
)
@settings(deadline=None)
def test_whatever_is_done_the_clocks_agree_with_a_walk(
    case: Case,
    stops: list[Status],
    minutes: list[int],
    came: int,
    steps: list[tuple[str, int]],
) -> None:
    book, opened = clocks(case, stops, minutes), open_minutes(case)
    received_at = case.at(came)
    found = assess(book, ticket(tier="team", received_at=received_at, waiting_since=received_at))
    walk, minute = Walk(came, waiting=came), came
    for step, later in steps:
        walk.stands += [found.status] * later
        minute += later
        assume(minute < case.minutes)
        try:
            found = changed(book, found, step, case.at(minute))
        except Refusal:
            continue
        if step == "reply":
            walk.answered, walk.waiting = minute, None
        elif step == "heard" and walk.waiting is None:
            walk.waiting = minute
    stands = [Status.NEW] * came + walk.stands
    stands += [found.status] * (case.minutes - len(stands))
    runs = [one and status not in stops for one, status in zip(opened, stands, strict=True)]
    first, reply, update, resolution = minutes
    stopped = found.status in stops
    expected = {
        "update": None if stopped else walk.due(runs, walk.answered, update),
        "resolution": None if stopped else walk.due(runs, came, resolution),
        "first_response": walk.due(opened, walk.waiting, first) if walk.answered is None else None,
        "next_reply": None if walk.answered is None else walk.due(opened, walk.waiting, reply),
        "not_before": None,
    }
    due = {name: None if time is None else case.at(time) for name, time in expected.items()}
    targets = targets_of(book, found)
    end = case.at(case.minutes)  # the walk sees nothing behind it
    assert {name: None if time and time > end else time for name, time in targets.items()} == due
    answers = [targets[name] for name in ("first_response", "next_reply", "update")]
    assert found.respond_by == min((each for each in answers if each), default=None)
    assert (found.update_by, found.resolve_by) == (targets["update"], targets["resolution"])
    assert found.actionable is (
        found.status in (Status.NEW, Status.OPEN) or found.owed or found.update_by is not None
    )


UPDATES = """
[[contract]]
when = {}
calendar = "always"
first_response = "4h"
next_reply = "3h"
update = "2h"
resolution = "1d"
"""
WORDS_OF_IT = {"tier": "silver", "severity": "mild"}


def stopping_in(stops: Sequence[Status]) -> Rulebook:
    listed = [str(each) for each in stops]
    return policy(f"{ALWAYS}[clock]\nstops_in = {listed}\n{UPDATES}")


@pytest.mark.parametrize(
    ("status", "stops", "answered", "waits"),
    [
        each
        for each in product(
            Status,
            ((), (Status.PENDING,), (Status.PENDING, Status.ON_HOLD), (Status.OPEN,)),
            (False, True),
            (False, True),
        )
        # Nobody waits in what is over, and what is new has had no answer.
        if not (each[0] in DECIDED_STATUSES and each[3]) and not (each[0] is Status.NEW and each[2])
    ],
)
def test_which_clocks_run(
    status: Status, stops: tuple[Status, ...], answered: bool, waits: bool
) -> None:
    found = assess(
        stopping_in(stops),
        ticket(
            **WORDS_OF_IT,
            status=status,
            first_response_at=MONDAY + HOUR if answered else None,
            last_response_at=MONDAY + 2 * HOUR if answered else None,
            waiting_since=MONDAY + 3 * HOUR if waits else None,
        ),
    )
    runs = status not in stops and status not in DECIDED_STATUSES
    update = MONDAY + 4 * HOUR if answered and runs else None
    answer = MONDAY + (6 if answered else 7) * HOUR if waits else None
    assert found.update_by == update
    assert found.resolve_by == (MONDAY + 24 * HOUR if runs else None)
    assert found.respond_by == min((each for each in (update, answer) if each), default=None)
    assert (found.aim_by is not None) is waits
    assert found.actionable is (status in (Status.NEW, Status.OPEN) or waits or update is not None)
    assert found.is_late(MONDAY + 5 * HOUR) is (update is not None)
    assert targets_of(stopping_in(stops), found) == {
        "first_response": answer if not answered else None,
        "next_reply": answer if answered else None,
        "update": update,
        "resolution": found.resolve_by,
        "not_before": None,
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"declined": "No."},
        {"merged_into": 2, "status": Status.CLOSED},
        {"status": Status.SOLVED},
        {"status": Status.CLOSED},
    ],
)
def test_what_is_over_has_no_clocks(fields: dict[str, object]) -> None:
    answered = {"first_response_at": MONDAY, "last_response_at": MONDAY, "waiting_since": None}
    intake, refusing = 'assign = "second"', 'decline = "No."'
    declining = policy(ALWAYS + UPDATES, words=WORDS.replace(intake, refusing))
    book = declining if "declined" in fields else stopping_in(())
    found = assess(book, ticket(**WORDS_OF_IT, **answered, **fields))
    assert (found.respond_by, found.update_by, found.resolve_by) == (None, None, None)
    assert not found.actionable
    assert set(targets_of(book, found).values()) == {None}
    assert clocks_of(book, found, targets_of(book, found)) == ()


def test_nobody_is_told_how_our_own_work_stands() -> None:
    book = load_rulebook(
        '[[contract]]\nwhen = {}\nfirst_response = "1h"\nupdate = "1h"\nresolution = "2h"\n', "own"
    )
    for tier in TIERS:
        answered = {"first_response_at": MONDAY, "waiting_since": None, "severity": 0}
        found = assess(book, ticket(tier=tier, opened_by="ce", **answered))
        assert (found.update_by is None) is (tier == "internal")
        assert found.resolve_by is not None


def test_of_clocks_those_are_shown_that_the_policy_has() -> None:
    book = policy(
        ALWAYS
        + '[targets]\nown = ["begin"]\n[clock]\nstops_in = ["pending"]\n'
        + UPDATES
        + 'not_before = "30m"\nbegin = "5h"\n'
    )
    came = assess(book, ticket(**WORDS_OF_IT))
    assert clocks_of(book, came, targets_of(book, came)) == (
        TargetClock("resolution", MONDAY + 24 * HOUR, False),
        TargetClock("not_before", MONDAY + HOUR / 2, False),
        TargetClock("begin", MONDAY + 5 * HOUR, False),
    )
    wrote_again = {
        "status": Status.OPEN,
        "first_response_at": MONDAY,
        "last_response_at": MONDAY,
        "waiting_since": MONDAY + HOUR,
    }
    waits = assess(book, replace(came, **wrote_again))  # type: ignore[arg-type] # its own fields
    assert waits.update_first
    assert clocks_of(book, waits, targets_of(book, waits))[:2] == (
        TargetClock("next_reply", MONDAY + 4 * HOUR, True),
        TargetClock("update", MONDAY + 2 * HOUR, True),
    )
    rests = assess(book, replace(waits, status=Status.PENDING, waiting_since=None))
    assert clocks_of(book, rests, targets_of(book, rests))[:2] == (
        TargetClock("update", None, True),
        TargetClock("resolution", None, False),
    )
    unanswered = assess(book, replace(came, status=Status.PENDING))
    still = clocks_of(book, unanswered, targets_of(book, unanswered))
    assert [each.name for each in still if each.due is None] == ["resolution"]


def test_the_handbook_has_no_clock_beside_respond_by() -> None:
    for status, tier, answered in product(Status, TIERS, (None, MONDAY)):
        found = assess(handbook(), ticket(status=status, tier=tier, first_response_at=answered))
        targets = targets_of(handbook(), found)
        assert clocks_of(handbook(), found, targets) == ()
        assert [*targets] == ["first_response", "next_reply", "update", "resolution", "not_before"]


STOPS = frozenset({Status.PENDING})


def test_a_source_tells_late_when_the_clocks_stopped_and_went_on() -> None:
    """An answer, and then pending: both are read an hour later."""
    came = ticket(status=Status.OPEN)
    answered = replace(came, status=Status.PENDING, last_response_at=MONDAY + HOUR)
    read_at = MONDAY + 2 * HOUR
    paused = paused_after(came, answered, read_at, STOPS)
    assert paused == (Pause(MONDAY + HOUR, None),)
    rests = replace(answered, paused=paused)
    wrote = replace(rests, status=Status.OPEN, last_customer_message_at=MONDAY + 3 * HOUR)
    paused = paused_after(rests, wrote, MONDAY + 4 * HOUR, STOPS)
    assert paused == (Pause(MONDAY + HOUR, MONDAY + 3 * HOUR),)
    # What tells nothing new happened now.
    opened = replace(rests, status=Status.OPEN)
    assert paused_after(rests, opened, MONDAY + 4 * HOUR, STOPS) == (
        Pause(MONDAY + HOUR, MONDAY + 4 * HOUR),
    )


def test_one_that_comes_pending_stands_still_since_the_newest_that_is_known() -> None:
    for fields, since in (
        ({}, MONDAY),
        ({"first_response_at": MONDAY + HOUR}, MONDAY + HOUR),
        ({"last_response_at": MONDAY + 2 * HOUR}, MONDAY + 2 * HOUR),
        ({"last_response_at": MONDAY + 90 * HOUR}, MONDAY + 9 * HOUR),  # by a clock ahead of ours
    ):
        rests = ticket(status=Status.PENDING, **fields)
        assert paused_after(None, rests, MONDAY + 9 * HOUR, STOPS) == (Pause(since, None),)


def test_a_part_keeps_the_pauses_of_the_whole() -> None:
    paused = (Pause(MONDAY, MONDAY + HOUR), Pause(MONDAY + 2 * HOUR, None))
    part = ticket(status=Status.OPEN, paused=paused)
    assert paused_after(None, part, MONDAY + 3 * HOUR, STOPS) == (
        paused[0],
        Pause(MONDAY + 2 * HOUR, MONDAY + 3 * HOUR),
    )


def test_where_no_clock_can_stand_still_there_are_no_pauses() -> None:
    paused = (Pause(MONDAY, None),)
    for status in Status:
        kept = paused if status in DECIDED_STATUSES else ()  # as nothing runs in it
        rests = ticket(status=status, paused=paused)
        assert paused_after(rests, rests, MONDAY + HOUR, None) == kept
        assert paused_as_told(rests, MONDAY + HOUR, None) == kept
    assert handbook().pauses_in is None


def test_what_is_told_of_the_past_goes_with_its_status() -> None:
    paused, now = (Pause(MONDAY, None),), MONDAY + HOUR
    rests = ticket(status=Status.PENDING, paused=paused)
    assert paused_as_told(rests, now, STOPS) == paused
    assert paused_as_told(replace(rests, paused=()), now, STOPS) == (Pause(now, None),)
    opened = ticket(status=Status.OPEN, paused=paused)
    assert paused_as_told(opened, now, STOPS) == (Pause(MONDAY, now),)
