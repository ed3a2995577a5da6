"""Timers, their entries and the split at the desk, on both engines."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from policy.refusal import Refusal
from policy.rulebook.rulebook import load_rulebook
from policy.time.entries import TimeEntry
from policy.words import Mode, Status, Work
from store.desk import Desk
from store.read_models import Event
from store.schema.tables import EventRow
from store.time.entry_rows import entries_between, entry_of
from store.time.time_desk import _NOBODYS_FIRST, _OWN_FIRST
from store.time.time_models import MyTime
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team

HOUR = timedelta(hours=1)


@pytest.fixture
def lead(open_desk: OpenDesk) -> Desk:
    """Return the lead's desk with a team of nine, a customer's ticket #1 and our own #2 and #3."""
    desk = open_desk("lee")
    desk.team.import_members(team(early=9))
    desk.transfer.take_in(
        [incoming(1), *(incoming(n, tier="internal", severity=3) for n in (2, 3))]
    )
    return desk


@pytest.fixture
def ada(lead: Desk, open_desk: OpenDesk) -> Desk:
    """Return the desk of one in support."""
    return open_desk(lead.team.roster().known("early1").login)


def mine(desk: Desk) -> MyTime:
    return desk.time.mine(desk.time.allocation(), desk.team.capacity())


def time_events(desk: Desk) -> list[Event]:
    """Return the events about time, oldest first."""
    kinds = ("timer_started", "timer_stopped", "entry_edited", "entry_removed")
    with desk._session.read() as reader:
        rows = reader.connection.execute(EventRow.__table__.select().order_by(text("id")))  # type: ignore[attr-defined] # SQLModel's table
        return [
            Event(
                id=row.id,
                at=row.at,
                actor=row.actor,
                kind=row.kind,
                ticket=row.ticket_id,
                before=row.before,
                after=row.after,
                note=row.note,
            )
            for row in rows
            if row.kind in kinds
        ]


def rebuilt(desk: Desk) -> dict[int, TimeEntry]:
    """Return every entry as the history alone tells it."""
    entries: dict[int, TimeEntry] = {}
    for event in time_events(desk):
        if event.before is not None:
            assert entries.pop(entry_of(event.before).id) == entry_of(event.before)
        if event.after is not None:
            entries[entry_of(event.after).id] = entry_of(event.after)
    return entries


def test_a_timer_is_started_stopped_and_one_at_a_time(ada: Desk, clock: Clock) -> None:
    first = ada.time.start_timer(1, note="looking at the logs")
    assert (first.entry.work, first.entry.ticket, first.stopped) == (Work.CUSTOMER, 1, None)
    assert ada.time.start_timer(1).entry == first.entry, "it runs on that already"
    now = clock.advance(hours=1)
    second = ada.time.start_timer(2)
    assert second.stopped is not None
    assert (second.stopped.id, second.stopped.stopped_at) == (first.entry.id, now)
    assert second.entry.work is Work.INTERNAL
    clock.advance(hours=1)
    assert ada.time.stop_timer(now + HOUR / 2).length(clock.now) == HOUR / 2
    assert ada.time.timer() is None
    with pytest.raises(Refusal, match="no timer runs for early1"):
        ada.time.stop_timer()
    assert [event.kind for event in time_events(ada)] == [
        "timer_started",
        "timer_stopped",
        "timer_started",
        "timer_stopped",
    ]
    assert list(rebuilt(ada).values()) == list(ada.time.entries())[::-1]


def test_everybody_has_a_timer_of_their_own(ada: Desk, lead: Desk) -> None:
    ada.time.start_timer(1)
    lead.time.start_timer(work=Work.INTERNAL)
    for desk, work in ((ada, Work.CUSTOMER), (lead, Work.INTERNAL)):
        running = desk.time.timer()
        assert running is not None
        assert running.work is work


def test_without_a_ticket_one_says_which_work_it_is(ada: Desk) -> None:
    with pytest.raises(Refusal, match="expected a ticket, or whether"):
        ada.time.start_timer()
    with pytest.raises(Refusal, match="not both"):
        ada.time.start_timer(1, Work.INTERNAL)
    with pytest.raises(Refusal, match="no such ticket"):
        ada.time.start_timer(99)
    assert ada.time.start_timer(work=Work.CUSTOMER).entry.ticket is None


def test_entries_are_edited_afterwards(ada: Desk, clock: Clock) -> None:
    entry = ada.time.start_timer(1).entry
    clock.advance(hours=2)
    ada.time.stop_timer()
    changed = ada.time.edit_entry(
        entry.id, started_at=MONDAY - HOUR, stopped_at=MONDAY + HOUR, ticket=3, note="tidied"
    )
    assert (changed.work, changed.ticket, changed.note) == (Work.INTERNAL, 3, "tidied")
    assert changed.length(clock.now) == 2 * HOUR
    assert ada.time.edit_entry(entry.id, work=Work.CUSTOMER).ticket is None
    before = ada.history.revision()
    assert ada.time.edit_entry(entry.id, note="tidied").note == "tidied"
    assert ada.history.revision() == before, "nothing is written for what is so already"
    other = ada.time.start_timer(1).entry
    with pytest.raises(Refusal, match=f"overlaps entry {entry.id}"):
        ada.time.edit_entry(other.id, started_at=MONDAY)
    clock.advance(hours=1)
    with pytest.raises(Refusal, match=f"overlaps entry {other.id}.*running"):
        ada.time.edit_entry(entry.id, stopped_at=clock.now)
    assert ada.time.remove_entry(entry.id).id == entry.id
    assert [each.id for each in ada.time.entries()] == [other.id]
    assert rebuilt(ada) == {other.id: other}
    with pytest.raises(Refusal, match=r"entry 77: no such entry"):
        ada.time.remove_entry(77)
    with pytest.raises(Refusal, match=r"no such entry"):
        ada.time.edit_entry(10**30, note="")


def test_own_entries_only_and_a_lead_those_of_others(
    ada: Desk, lead: Desk, open_desk: OpenDesk
) -> None:
    entry = ada.time.start_timer(1).entry
    ben = open_desk("early2")
    with pytest.raises(Refusal, match="not correct other people's time; that is for a lead"):
        ben.time.edit_entry(entry.id, note="x")
    with pytest.raises(Refusal, match="not correct other people's time; that is for a lead"):
        ben.time.remove_entry(entry.id)
    assert lead.time.edit_entry(entry.id, note="as agreed").login == "early1"
    assert ben.time.entries("early1")[0].note == "as agreed"
    assert lead.time.remove_entry(entry.id).note == "as agreed"


@pytest.mark.usefixtures("lead")
def test_an_engineer_records_no_time(open_desk: OpenDesk) -> None:
    with pytest.raises(Refusal, match=r"eve is an engineer.*not record time"):
        open_desk("eve").time.start_timer(work=Work.INTERNAL)


def test_entries_since_a_time_are_those_that_reach_beyond_it(ada: Desk, clock: Clock) -> None:
    for _ in range(3):
        ada.time.start_timer(work=Work.CUSTOMER)
        clock.advance(hours=8)
        ada.time.stop_timer()
        clock.advance(days=4)
    assert [each.started_at for each in ada.time.entries()] == [
        MONDAY + 2 * timedelta(days=4, hours=8)
    ]
    assert len(ada.time.entries(since=MONDAY + 7 * HOUR)) == 3
    assert len(ada.time.entries(since=MONDAY + 8 * HOUR)) == 2
    clock.now = MONDAY
    assert len(ada.time.entries()) == 3, "an earlier time than the entries' own"
    with pytest.raises(Refusal, match="overlaps"):
        ada.time.start_timer(1)


def test_a_timer_left_running_overnight_is_noticed(ada: Desk, clock: Clock) -> None:
    ada.time.start_timer(1)
    assert ada.time.left_running() is None
    clock.now = datetime(2026, 3, 3, 9, tzinfo=UTC)
    ended = datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert mine(ada).left_running == ada.time.left_running() == ended
    assert ada.time.stop_timer(ended).stopped_at == ended
    assert ada.time.left_running() is None
    ada.time.start_timer(1)
    clock.advance(days=2)
    with pytest.raises(Refusal, match="2 d after the start"):
        ada.time.start_timer(2)


def test_what_was_done_with_the_timer_is_taken_back_and_done_again(
    ada: Desk, lead: Desk, clock: Clock
) -> None:
    first = ada.time.start_timer(1).entry
    clock.advance(hours=1)
    second = ada.time.start_timer(2).entry
    states = [ada.time.entries()]
    clock.advance(hours=1)
    ada.time.stop_timer()
    states.append(ada.time.entries())
    ada.time.edit_entry(second.id, stopped_at=MONDAY + 1.5 * HOUR, note="half of it")
    states.append(ada.time.entries())
    ada.time.remove_entry(first.id)
    states.append(ada.time.entries())
    for state in states[-2::-1]:
        ada.history.undo()
        assert ada.time.entries() == state
    ada.history.undo()
    assert ada.time.entries() == (first,), "switching is one action"
    ada.history.redo()
    assert ada.time.entries() == states[0]
    lead.time.edit_entry(second.id, note="by the lead")
    with pytest.raises(Refusal, match="changed since"):
        ada.history.undo()


def test_the_number_of_what_was_removed_is_not_given_again(ada: Desk, lead: Desk) -> None:
    gone = ada.time.remove_entry(ada.time.start_timer(1).entry.id)
    assert lead.time.start_timer(1).entry.id == gone.id + 1
    ada.history.undo()
    assert ada.time.entries() == (gone,)


def test_what_was_removed_does_not_come_back_into_time_that_is_taken(
    ada: Desk, lead: Desk, clock: Clock
) -> None:
    for _ in range(2):
        ada.time.start_timer(1)
        clock.advance(hours=1)
        ada.time.stop_timer()
    ada.time.remove_entry(1)
    lead.time.edit_entry(2, started_at=MONDAY)
    with pytest.raises(Refusal, match="overlaps entry 2"):
        ada.history.undo()


def test_the_past_has_the_entries_of_then(ada: Desk, clock: Clock) -> None:
    seen = []
    for do in (
        lambda: ada.time.start_timer(1),
        lambda: ada.time.start_timer(2, note="docs"),
        ada.time.stop_timer,
        lambda: ada.time.edit_entry(1, work=Work.INTERNAL),
        lambda: ada.time.remove_entry(2),
        ada.history.undo,
    ):
        clock.advance(minutes=10)
        do()
        seen.append((clock.now, ada.time.entries()))
    with closing(ada.history.as_of(MONDAY + HOUR)) as past:
        for now, entries in (*seen[::-1], *seen):
            past.move_to(now)
            with past.database.read() as connection:
                found = tuple(entries_between(connection, MONDAY, now + HOUR))
            assert sorted(found, key=lambda each: -each.id) == list(entries)


def record(desk: Desk, clock: Clock, customer: float, internal: float) -> None:
    """Let somebody work on customers' tickets and then on our own for so many hours."""
    for work, hours in ((Work.CUSTOMER, customer), (Work.INTERNAL, internal)):
        desk.time.start_timer(work=work)
        clock.advance(hours=hours)
        desk.time.stop_timer()


def test_who_is_short_is_offered_the_first_internal_ticket(
    ada: Desk, lead: Desk, clock: Clock
) -> None:
    record(ada, clock, 4.5, 0.5)
    lead.tickets.reply(1)
    measured = ada.time.allocation()
    assert measured.of("early1").internal_share == 0.1
    assert measured.team.customer_share == 0.9
    found = mine(ada).suggestion
    assert found is not None
    assert (found.ticket.id, found.login) == (2, "early1")
    lead.tickets.assign(2, "early2")
    assert (mine(ada).suggestion or found).ticket.id == 3
    lead.tickets.assign(2, "early1")
    assert (mine(ada).suggestion or found).ticket.id == 2, "their own"
    assert mine(lead).suggestion is None, "nothing recorded"
    lead.transfer.take_in([incoming(9, severity=1)])
    assert mine(ada).suggestion is None, "a p1 waits"
    lead.tickets.reply(4, Status.SOLVED)
    ada.time.start_timer(3)
    my = mine(ada)
    assert my.suggestion is None, "that is what they do"
    assert my.on == "Ticket 3"


def test_at_level_3_and_above_internal_work_pauses(ada: Desk, lead: Desk, clock: Clock) -> None:
    record(ada, clock, 2, 0)
    for number in range(3, 10):
        lead.team.mark_out(f"early{number}")
    assert lead.team.capacity().level >= 3
    assert lead.time.allocation().paused
    assert mine(ada).paused
    assert mine(ada).suggestion is None
    record(ada, clock, 2, 0)
    assert ada.time.allocation().of("early1").customer == 2 * HOUR, (
        "what was done since is left out"
    )


def test_a_desk_that_stays_open_reckons_as_one_that_is_opened_anew(
    ada: Desk, lead: Desk, open_desk: OpenDesk, clock: Clock
) -> None:
    """Days of work, with people out, tickets coming, another team and another policy meanwhile."""
    for day in range(9):
        record(ada, clock, 2, 0.5)
        if day == 2:
            for number in range(2, 10):
                lead.team.mark_out(f"early{number}", None, clock.now + 3 * HOUR)
        if day == 4:
            lead.transfer.take_in([incoming(100 + n) for n in range(80)])
        if day == 5:
            lead.policy.adopt(load_rulebook("capacity.hard_choices_from = 5", "ours.toml"))
        if day == 6:
            lead.team.import_members(team(early=3))
        record(ada, clock, 1, 1)
        clock.advance(hours=19.5)
        assert ada.time.allocation() == open_desk("early1").time.allocation(), day


def test_todays_team_is_never_used_for_yesterday(ada: Desk, lead: Desk, clock: Clock) -> None:
    """Two were left for 18 tickets on Monday: nothing of that day counts, whoever came since."""
    lead.team.import_members(team(early=2, late=0))
    lead.transfer.take_in([incoming(100 + number) for number in range(17)])
    record(ada, clock, 2, 0)
    assert ada.time.allocation().team.recorded == 0 * HOUR
    clock.advance(hours=22)
    lead.team.import_members(
        tuple(each for each in team(early=12, late=0) if each.login != "early2")
    )
    record(ada, clock, 0, 1)
    found = ada.time.allocation()
    assert found.team == replace(found.team, customer=0 * HOUR, internal=HOUR)
    assert {"early1", "early2", "late1"} <= {each.login for each in found.members}
    begins = MONDAY - HOUR
    told = lead.reports.report(begins, clock.now, UTC).allocation
    assert (told.team, {each.login for each in told.members}) == (
        found.team,
        {each.login for each in found.members},
    )


def test_the_first_internal_ticket_is_found_by_its_key(lead: Desk) -> None:
    """However long the queue: no walk past the tickets of customers, which stand before them."""
    with lead._session.read() as reader:
        dialect = reader.connection.dialect
        if dialect.name != "sqlite":
            return  # its planner looks at how much there is, and here is next to nothing
        for mode in Mode:
            for statement in (_NOBODYS_FIRST[mode], _OWN_FIRST[mode]):
                query = statement.params(of_logins=["early1"]).compile(
                    dialect=dialect, compile_kwargs={"literal_binds": True}
                )
                plan = str(reader.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all())
                assert f"order_internal_{mode} (assignee=?)" in plan
                assert "TEMP B-TREE" not in plan
