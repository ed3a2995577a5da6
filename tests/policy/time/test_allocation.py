"""80/20: shares over the window, what is left out of them, and who is offered protected time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.capacity.hard_choices import QueueCount
from policy.capacity.level_history import busy_spans, level_spans
from policy.clocks.calendar import Interval
from policy.clocks.intervals import joined
from policy.roster.members import Roster
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.time.allocation import (
    Allocation,
    ProtectedTimeInputs,
    Recorded,
    Split,
    Suggestion,
    allocation,
    said_window,
    suggestion,
)
from policy.time.entries import TimeEntry
from policy.words import Role, Work
from tests.examples import WORDS
from tests.policy.levels import level_by_design
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, at, member, off, ticket

NOW = MONDAY + 7 * DAY
SECTION = handbook().allocation
ADA, BEN = member("ada"), member("ben")
TEAM = Roster((ADA, BEN, member("lee", role=Role.LEAD)))
OURS = ticket(12, tier="internal")


def spent(
    login: str, work: Work, start: datetime, length: timedelta | None, number: int = 0
) -> TimeEntry:
    end = None if length is None else start + length
    return TimeEntry(
        id=number, login=login, work=work, ticket=None, started_at=start, stopped_at=end
    )


def measured(
    *entries: TimeEntry, busy: Sequence[Interval] = (), paused: bool = False
) -> Allocation:
    return allocation(SECTION, [TEAM], Recorded(entries=entries), NOW, busy=busy, paused=paused)


def hours(login: str, customer: float, internal: float) -> list[TimeEntry]:
    start = MONDAY + DAY
    return [
        spent(login, Work.CUSTOMER, start, customer * HOUR),
        spent(login, Work.INTERNAL, start + DAY, internal * HOUR),
    ]


def test_shares_of_each_person_and_of_the_team() -> None:
    found = measured(*hours("ada", 8, 2), *hours("ben", 9, 1), *hours("lee", 0, 5))
    assert [(each.login, each.split.internal_share) for each in found.members] == [
        ("ada", 0.2),
        ("ben", 0.1),
        ("lee", 1.0),
    ]
    assert found.team == Split(customer=17 * HOUR, internal=8 * HOUR)
    assert found.team.customer_share == 0.68


def test_a_login_in_other_capitals_is_the_same_persons_time() -> None:
    found = measured(
        *hours("ADA", 8, 2), *hours("Ada", 8, 2), *hours("Zoe", 1, 0), *hours("zoe", 1, 0)
    )
    assert [(each.login, each.split.recorded) for each in found.members] == [
        ("ada", 20 * HOUR),
        ("ben", 0 * HOUR),
        ("Zoe", 2 * HOUR),
    ]
    assert found.of("ZOE").customer == 2 * HOUR


def test_everybody_in_support_is_named_and_nobody_has_a_share_of_nothing() -> None:
    found = measured()
    assert [each.login for each in found.members] == ["ada", "ben"]
    assert found.team.customer_share is found.team.internal_share is None
    assert found.of("nobody") == Split()


def test_entries_count_as_far_as_they_lie_in_the_window() -> None:
    start = NOW - 7 * DAY
    found = measured(
        spent("ada", Work.CUSTOMER, start - HOUR, 3 * HOUR),
        spent("ada", Work.INTERNAL, start - 5 * HOUR, 5 * HOUR),
        spent("ben", Work.INTERNAL, NOW - HOUR, None),
        spent("ben", Work.CUSTOMER, NOW, 2 * HOUR),
    )
    assert found.of("ada") == Split(customer=2 * HOUR)
    assert found.of("ben") == Split(internal=HOUR), "a running one counts until now"


def test_the_customers_time_is_told_by_priority() -> None:
    entries = [
        replace(each, ticket=number, stopped_at=each.started_at + number * HOUR)
        for number, each in enumerate(hours("ada", 1, 1) * 2, start=1)
    ]  # internal work went to #2 and #4
    recorded = Recorded(
        entries=[*entries, *hours("ben", 4, 0)], priorities={1: "p0", 2: "p3", 3: "p2", 4: "p3"}
    )
    found = allocation(SECTION, [TEAM], recorded, NOW, words=WORDS)
    assert (found.urgent, found.usual) == (("p0", "p1"), ("p2",))
    assert [found.team.share_of(kind) for kind in found.kinds] == [1 / 8, 3 / 8, 0]
    assert found.of("ada").share_of(["p2"]) == 0.75
    assert found.of("ben").by_priority == {}, "what went to no ticket has no priority"
    assert found.of("lee").share_of(["p2"]) is None
    other = allocation(SECTION, [TEAM], recorded, NOW, words=replace(WORDS, urgent=()))
    assert (other.usual, other.kinds[0]) == (("p0", "p1", "p2"), ("p0", "p1", "p2"))


def test_who_has_left_the_team_counts_as_long_as_they_were_in_it() -> None:
    gone = Roster((member("cy"), member("ADA")))
    found = allocation(SECTION, [gone, TEAM], Recorded(entries=hours("CY", 3, 1)), NOW)
    assert [(each.login, each.split.recorded) for each in found.members] == [
        ("ada", 0 * HOUR),
        ("ben", 0 * HOUR),
        ("cy", 4 * HOUR),
    ]


def test_time_at_level_3_and_above_is_left_out() -> None:
    storm = Interval(MONDAY + DAY, MONDAY + DAY + 6 * HOUR)
    entries = hours("ada", 8, 0.5)
    assert measured(*entries).of("ada").is_short(SECTION)
    calm = measured(*entries, busy=[storm]).of("ada")
    assert calm == Split(customer=2 * HOUR, internal=HOUR / 2)
    assert not calm.is_short(SECTION)


# Properties


@st.composite
def recorded(draw: st.DrawFn) -> list[TimeEntry]:
    at_minute = st.integers(-24 * 60, 9 * 24 * 60)
    one = st.tuples(
        st.sampled_from(["ada", "ben", "lee", "gone"]),
        st.sampled_from(list(Work)),
        at_minute,
        st.none() | st.integers(0, 24 * 60),
    )
    return [
        spent(login, work, MONDAY + start * MINUTE, None if n is None else n * MINUTE)
        for login, work, start, n in draw(st.lists(one, max_size=15))
    ]


@st.composite
def storms(draw: st.DrawFn) -> list[Interval]:
    minute = st.integers(0, 7 * 24 * 60)
    pairs = draw(st.lists(st.tuples(minute, minute), max_size=4))
    return joined(Interval(MONDAY + a * MINUTE, MONDAY + b * MINUTE) for a, b in pairs)


@settings(deadline=None)
@given(recorded(), storms())
def test_shares_sum_to_one_and_the_team_is_the_sum_of_its_people(
    entries: list[TimeEntry], busy: list[Interval]
) -> None:
    found = measured(*entries, busy=busy)
    splits = [each.split for each in found.members]
    for split in (found.team, *splits):
        if split.recorded:
            assert (split.customer_share or 0) + (split.internal_share or 0) == pytest.approx(1)
    assert found.team.customer == sum((each.customer for each in splits), timedelta(0))
    assert found.team.internal == sum((each.internal for each in splits), timedelta(0))


@settings(deadline=None)
@given(recorded(), storms(), st.randoms(use_true_random=False), st.integers(1, 24 * 60))
def test_order_does_not_matter_and_neither_does_where_an_entry_is_divided(
    entries: list[TimeEntry], busy: list[Interval], chance: Random, after: int
) -> None:
    divided: list[TimeEntry] = []
    for each in entries:
        middle = min(each.started_at + after * MINUTE, each.until(max(NOW, each.started_at)))
        divided += [replace(each, stopped_at=middle), replace(each, started_at=middle)]
    shuffled = [*divided]
    chance.shuffle(shuffled)
    assert measured(*shuffled, busy=busy) == measured(*entries, busy=busy)


@settings(deadline=None)
@given(recorded(), storms())
def test_nothing_recorded_in_a_busy_time_counts(
    entries: list[TimeEntry], busy: list[Interval]
) -> None:
    """Minute by minute, as somebody would count who knows nothing of intervals."""
    minutes = int((NOW - MONDAY) / MINUTE)
    left_out = {
        number
        for start, end in busy
        for number in range(int((start - MONDAY) / MINUTE), int((end - MONDAY) / MINUTE))
    }
    counted = Counter[tuple[str, Work]]()
    for each in entries:
        first = max(0, int((each.started_at - MONDAY) / MINUTE))
        last = min(minutes, int((each.until(NOW) - MONDAY) / MINUTE))
        counted[each.login, each.work] += len(set(range(first, last)) - left_out)
    found = measured(*entries, busy=busy)
    for login in ("ada", "ben", "lee", "gone"):
        assert found.of(login) == Split(
            customer=counted[login, Work.CUSTOMER] * MINUTE,
            internal=counted[login, Work.INTERNAL] * MINUTE,
        )


# When the level was how high


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-60, 48 * 60), st.integers(0, 30)), max_size=8),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 47), st.integers(1, 30)), max_size=4),
)
def test_the_level_of_every_minute_of_two_days(
    queue: list[tuple[int, int]], away: list[tuple[int, int, int]]
) -> None:
    """Against the table of levels, for three people of whom one works by night."""
    shifts = {"a": (9, 17), "b": (9, 17), "c": (1, 5)}
    names = list(shifts)
    absences = [
        (names[who], MONDAY + start * HOUR, MONDAY + (start + length) * HOUR)
        for who, start, length in away
    ]
    team = Roster(
        tuple(member(name, f"Mon-Fri {a:02}:00-{b:02}:00") for name, (a, b) in shifts.items()),
        tuple(off(*each) for each in absences),
    )
    known = sorted(queue, key=lambda each: each[0])
    counts = [QueueCount(at=MONDAY + minute * MINUTE, tickets=n) for minute, n in known]
    end = MONDAY + 2 * DAY
    spans = list(level_spans(handbook(), team, counts, MONDAY, end))
    assert [spans[0].start, *(each.end for each in spans)] == [
        *(each.start for each in spans),
        end,
    ]
    for minute in range(0, 48 * 60, 7):
        now = MONDAY + minute * MINUTE
        on = {name for name, (a, b) in shifts.items() if a <= now.hour < b}
        out = {name for name, start, end in absences if start <= now < end}
        tickets = [n for since, n in known if since <= minute]
        expected = level_by_design(
            len(on), len(on - out), tickets[-1] if tickets else 0, is_open=True
        )
        (held,) = [each.level for each in spans if each.start <= now < each.end]
        assert held == expected, now


def test_busy_is_from_the_level_on_that_makes_choices_hard() -> None:
    team = Roster((ADA,), (off("ada", MONDAY + HOUR, MONDAY + 2 * HOUR),))
    end = MONDAY + 4 * HOUR
    gone = Interval(MONDAY + HOUR, MONDAY + 2 * HOUR)
    assert busy_spans(handbook(), team, [], MONDAY, end) == [gone]
    ours = load_rulebook("capacity.hard_choices_from = 2", "ours.toml")
    six = [QueueCount(at=MONDAY + 3 * HOUR, tickets=6)]
    assert busy_spans(ours, team, six, MONDAY, end) == [
        gone,
        Interval(MONDAY + 3 * HOUR, MONDAY + 4 * HOUR),
    ]


def test_without_a_team_there_is_nothing_to_measure() -> None:
    assert list(level_spans(handbook(), Roster(), [], MONDAY, NOW)) == [(MONDAY, NOW, 1)]


# Protected time


def offered(
    *entries: TimeEntry,
    urgent: int = 0,
    first: bool = True,
    running: TimeEntry | None = None,
    paused: bool = False,
    team: Roster = TEAM,
) -> Suggestion | None:
    found = allocation(SECTION, [team], Recorded(entries=entries), NOW, paused=paused)
    offer = ProtectedTimeInputs(
        urgent=urgent, first=OURS if first else None, running=running, words=WORDS
    )
    return suggestion(SECTION, team, found, "ada", offer)


SHORT = hours("ada", 9, 1)


def test_who_is_short_is_offered_the_first_internal_item() -> None:
    assert offered(*SHORT) == Suggestion(
        login="ada",
        ticket=OURS,
        why="10 % of your last 7 days was internal, 20 % is meant, and no p0 or p1 waits.",
    )


def test_a_share_a_hair_below_does_not_read_as_enough() -> None:
    found = offered(*hours("ada", 80.1, 19.9))
    assert found is not None
    assert found.why.startswith("19 % of")


def test_nobody_is_offered_anything_while_one_of_these_holds() -> None:
    assert offered(*SHORT, paused=True) is None
    assert offered(*SHORT, urgent=1) is None
    assert offered(*SHORT, first=False) is None
    assert offered(*SHORT, running=spent("ada", Work.INTERNAL, NOW, None)) is None
    assert offered(*SHORT, running=spent("ada", Work.CUSTOMER, NOW, None)) is not None
    assert offered(*hours("ada", 8, 2)) is None, "a fifth is not short of a fifth"
    assert offered() is None, "nothing recorded"
    assert offered(*hours("ben", 9, 1)) is None, "somebody else is short"
    full = Roster((replace(ADA, at_capacity=True), BEN))
    assert offered(*SHORT, team=full) is None


@pytest.mark.parametrize(
    ("window", "said"), [(7 * DAY, "7 days"), (DAY, "1 d"), (36 * HOUR, "1 d 12 h"), (HOUR, "1 h")]
)
def test_the_window_as_people_say_it(window: timedelta, said: str) -> None:
    assert said_window(window) == said


def test_the_window_and_the_share_are_the_policys() -> None:
    ours = load_rulebook('allocation = {customer = 0.5, window = "1d"}', "ours.toml").allocation
    recorded = Recorded(entries=hours("ada", 9, 1))
    found = allocation(ours, [TEAM], recorded, at("2026-03-04 12:00"))
    assert found.internal_aim == 0.5
    assert found.of("ada") == Split(customer=6 * HOUR, internal=HOUR)
