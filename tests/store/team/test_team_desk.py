"""The team at the desk: who is in decides the level, the level decides the mode."""

from datetime import date, timedelta

import pytest

from policy.refusal import Refusal
from policy.roster.calendar_change import CalendarEntry, Cancellation
from policy.roster.members import TimeOff
from policy.words import Mode
from store.desk import Desk
from store.queue.query import Query
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team

CALM = timedelta(minutes=15)


@pytest.fixture
def lead(open_desk: OpenDesk) -> Desk:
    """Return the lead's desk: nine scheduled, two more at noon, and a small queue.

    By priority the free customer's p1 comes first, by tier the pre-sales one does.
    """
    desk = open_desk("lee")
    desk.team.import_members(team())
    desk.transfer.take_in(
        [
            incoming(1, severity=1, tier="free", received_at=MONDAY - timedelta(minutes=30)),
            incoming(2, severity=1, tier="presales", opened_by="ce"),
            incoming(3, severity=2),
        ]
    )
    return desk


def test_marking_five_of_nine_out_makes_choices_hard_on_every_desk(
    lead: Desk, open_desk: OpenDesk
) -> None:
    other = open_desk("early9")
    assert (lead.team.capacity().level, other.policy.mode().mode) == (1, Mode.NORMAL)
    assert other.queue.overview().number_one == other.tickets.get(1)
    for number in range(1, 6):
        lead.team.mark_out(f"early{number}", reason="a cold")
    seen = other.queue.overview()
    assert (seen.capacity.level, seen.mode.mode) == (4, Mode.HARD_CHOICES)
    assert len(seen.capacity.scheduled) == 9
    assert seen.capacity.available == ("early6", "early7", "early8", "early9")
    assert seen.number_one == other.tickets.get(2), "the tier decides now"
    assert [each.external_id for each in other.queue.page(Query(), 0, 9)] == ["2", "1", "3"]


def test_normal_returns_after_the_calm_time_and_not_before(lead: Desk, clock: Clock) -> None:
    for number in range(1, 6):
        lead.team.mark_out(f"early{number}")
    clock.advance(hours=1)
    for number in (1, 2, 3):
        lead.team.mark_back(f"early{number}")
    assert lead.team.capacity().level == 2
    assert lead.policy.mode().until == clock.now + CALM
    clock.now += CALM - timedelta(seconds=1)
    assert lead.policy.mode().mode is Mode.HARD_CHOICES
    clock.advance(seconds=1)
    assert lead.policy.mode().mode is Mode.NORMAL


def test_the_level_follows_the_queue_that_there_was(lead: Desk, clock: Clock) -> None:
    lead.transfer.take_in([incoming(number) for number in range(10, 80)])
    assert lead.team.capacity().level > 2
    clock.advance(minutes=1)
    lead.transfer.take_in([incoming(number, status="solved") for number in range(10, 80)])
    assert lead.team.capacity().level == 1
    assert lead.policy.mode().mode is Mode.HARD_CHOICES, "until it has been calm for a while"
    clock.now += CALM
    assert lead.policy.mode().mode is Mode.NORMAL


def test_a_mode_set_by_hand_stands_above_the_level_until_its_end(lead: Desk, clock: Clock) -> None:
    lead.policy.set_mode(Mode.HARD_CHOICES, reason="the fair", until=clock.now + timedelta(hours=1))
    mode = lead.policy.mode()
    assert mode.by_hand is not None
    assert (mode.mode, mode.by_hand.by) == (Mode.HARD_CHOICES, "lee")
    clock.advance(hours=1)
    assert lead.policy.mode().mode is Mode.NORMAL


def test_what_marking_out_would_do_is_what_it_does(lead: Desk) -> None:
    for number in range(1, 5):
        lead.team.mark_out(f"early{number}")
    told = lead.team.if_out("early5", reason="a cold")
    assert (told.before.capacity.level, told.after.capacity.level) == (3, 4) or (
        told.before.capacity.level < told.after.capacity.level
    )
    assert lead.team.mark_out("early5", reason="a cold") == told.sentence
    assert lead.team.capacity() == told.after.capacity
    assert lead.queue.overview().number_one == told.number_one_after
    assert lead.waits.read().drafts == tuple(told.after.notices)


def test_looking_at_what_would_be_changes_nothing(lead: Desk) -> None:
    before = lead.history.revision(), lead.team.roster()
    lead.team.if_out("early1")
    assert (lead.history.revision(), lead.team.roster()) == before
    with pytest.raises(Refusal, match="not out"):
        lead.team.if_back("early1")


def test_only_a_lead_says_who_is_out(lead: Desk, open_desk: OpenDesk) -> None:
    del lead
    for login in ("early1", "eve", "stranger"):
        desk = open_desk(login)
        with pytest.raises(Refusal, match="lee"):
            desk.team.mark_out("early2")
        with pytest.raises(Refusal, match="lee"):
            desk.team.if_out("early2")
        assert desk.team.roster().time_off == ()


def test_an_engineer_looks_and_takes_nothing(lead: Desk, open_desk: OpenDesk) -> None:
    del lead
    with pytest.raises(Refusal, match="engineer"):
        open_desk("eve").tickets.take(1)


def test_everybody_may_say_that_they_are_at_capacity(lead: Desk, open_desk: OpenDesk) -> None:
    assert "takes no new tickets" in open_desk("early1").team.set_at_capacity("early1", True)
    assert [each.login for each in lead.team.roster().members if each.at_capacity] == ["early1"]
    with pytest.raises(Refusal):
        open_desk("early1").team.set_at_capacity("early2", True)


def test_time_off_stays_with_those_who_stay(lead: Desk) -> None:
    lead.team.mark_out("early1", date(2026, 3, 9), date(2026, 3, 10), "holiday")
    lead.team.mark_out("late2")
    lead.team.import_members(team(late=1))
    (off,) = lead.team.roster().time_off
    assert (off.login, off.until) == ("early1", MONDAY.replace(day=11, hour=0))


def entry_on(day: int, uid: str = "busy", source: str = "feed") -> CalendarEntry:
    off = TimeOff(
        login="early1",
        start=MONDAY + timedelta(days=day),
        until=MONDAY + timedelta(days=day, hours=4),
        reason="busy",
        entered_by="lee",
        source=source,
    )
    return CalendarEntry(off=off, uid=uid)


def test_a_calendar_says_anew_what_it_said_before(lead: Desk) -> None:
    lead.team.mark_out("early2", reason="by hand")
    from_feed = [entry_on(day) for day in (1, 2)]
    assert lead.team.take_in_calendar("feed", from_feed) == (2, 0)
    assert lead.team.take_in_calendar("feed", from_feed) == (0, 0)
    assert lead.team.take_in_calendar("feed", from_feed[:1]) == (0, 1)
    assert {each.login for each in lead.team.roster().time_off} == {"early1", "early2"}


def test_what_a_calendar_program_cancels_goes_by_the_id_it_came_with(lead: Desk) -> None:
    lead.team.take_in_calendar("feed", [entry_on(1, "one"), entry_on(2, "two"), entry_on(3)])
    lead.team.take_in_calendar("feed", [entry_on(1, "one"), entry_on(2, "two")])
    cancelled = [Cancellation(uid="two")]
    assert lead.team.take_in_calendar("feed", [], cancelled=cancelled, replaces=False) == (0, 1)
    assert [each.start for each in lead.team.roster().time_off] == [MONDAY + timedelta(days=1)]
    lead.history.undo()
    assert len(lead.team.roster().time_off) == 2
    assert lead.team.take_in_calendar("feed", [], cancelled=cancelled, replaces=False) == (0, 1)


def test_what_came_before_ids_were_kept_goes_by_its_time(lead: Desk) -> None:
    lead.team.take_in_calendar("feed", [CalendarEntry(off=entry_on(1).off, uid=None), entry_on(2)])
    monday_after = Cancellation(uid="any", starts=frozenset([MONDAY + timedelta(days=1)]))
    assert lead.team.take_in_calendar("feed", [], cancelled=[monday_after], replaces=False) == (
        0,
        1,
    )


def test_coverage_and_gaps_are_told_for_a_range(lead: Desk) -> None:
    view = lead.team.coverage(MONDAY, MONDAY + timedelta(hours=24))
    assert view.covers[0].scheduled == view.covers[0].available
    assert sum((each.end - each.start for each in view.covers), timedelta()) == timedelta(hours=24)
    (gap,) = view.gaps
    assert (gap.start.hour, gap.end.hour) == (20, 8)
