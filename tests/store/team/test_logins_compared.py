"""Logins in any spelling are one person's, and an agent's address is the member's who has it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from policy.refusal import Refusal
from policy.words import Work
from store.desk import Desk
from store.queue.query import Scope, parse_query
from store.read_models import EventFilter
from tests.examples import WORDS, incoming
from tests.store.checking import check
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team

BO = "early1"
MEMBERS = tuple(
    entry.replaced(email="Bo@us.example") if entry.login == BO else entry for entry in team(early=2)
)


def found(desk: Desk, text: str) -> list[int]:
    """Return the numbers of the tickets that a query finds, in their order."""
    return sorted(each.id for each in desk.queue.page(parse_query(text, WORDS, Scope.ALL), 0, None))


def test_without_a_team_a_login_is_one_person_in_any_capitals(
    open_desk: OpenDesk, address: str, clock: Clock
) -> None:
    small, large = open_desk("jürgen"), open_desk("JÜRGEN")
    small.transfer.take_in([incoming(number) for number in (1, 2, 3)])
    small.tickets.take(1)
    assert large.tickets.take(1).assignee == "jürgen"
    assert large.tickets.assign(1, "Jürgen").assignee == "jürgen"
    large.tickets.take(2)
    for desk in (small, large):
        assert found(desk, "assignee:me") == found(desk, "assignee:Jürgen") == [1, 2]
        assert found(desk, "-assignee:me") == [3]
    (load,) = small.queue.loads()
    assert (load.total, [each.id for each in load.first]) == (2, [1, 2])
    small.time.start_timer(work=Work.INTERNAL)
    clock.now += timedelta(minutes=5)
    assert large.time.timer() is not None
    assert large.time.stop_timer().login == "jürgen"
    assert len(large.time.entries("Jürgen")) == 1
    assert large.time.remove_entry(1).login == "jürgen"
    with small.history.events(EventFilter(actor="JürgEN")) as events:
        assert {event.actor for event in events} == {"jürgen", "JÜRGEN"}
    assert small.history.undo()[0].kind == "entry_removed"
    check(small, address)


def test_a_member_acts_under_the_login_of_the_team(open_desk: OpenDesk, address: str) -> None:
    open_desk("lee").team.import_members(MEMBERS)
    for named in ("EARLY1", "bo@US.example", "Early1"):
        desk = open_desk(named)
        desk.transfer.take_in([incoming(named)])
        taken = desk.tickets.take(desk.tickets.resolve(f"test:{named}"))
        assert taken.assignee == BO
        assert desk.tickets.history(taken.id)[-1].actor == BO
        assert desk.shift.handover_note().login == BO
        assert desk.actor == BO
        assert desk.team.set_at_capacity("Early1", named == "EARLY1")
    assert desk.team.roster().known(BO).at_capacity is False
    with pytest.raises(Refusal, match=r"^early1 is in support"):
        desk.team.set_at_capacity("EARLY2", True)
    check(desk, address)


def test_a_person_gives_tickets_only_to_the_team(open_desk: OpenDesk) -> None:
    desk = open_desk("LEE")
    desk.transfer.take_in([incoming(1), incoming(2)])
    assert desk.tickets.assign(1, "whoever").assignee == "whoever"
    desk.team.import_members(MEMBERS)
    assert desk.tickets.assign(1, "Bo@us.example").assignee == BO
    assert [each.assignee for each in desk.tickets.assign_each([1, 2], "EARLY2")] == ["early2"] * 2
    with pytest.raises(Refusal, match=r'^login: "eraly1"; expected .*did you mean early1[?]$'):
        desk.tickets.assign_each([1, 2], "eraly1")
    assert desk.tickets.get(2).assignee == "early2"
    assert desk.tickets.assign(2, None).assignee is None


def test_an_agent_is_the_member_with_that_address_or_login(
    open_desk: OpenDesk, address: str
) -> None:
    desk = open_desk("lee")
    before = [
        incoming(1, assignee="bo@us.example"),
        incoming(2, assignee="EARLY2"),
        incoming(3, assignee="Agent-77"),
        incoming(4, assignee="bo@us.example", status="closed", first_response_at=desk.now()),
    ]
    desk.transfer.take_in(before)
    assert desk.tickets.get(1).assignee == "bo@us.example"
    desk.team.import_members(MEMBERS)
    whose = [desk.tickets.get(number).assignee for number in (1, 2, 3, 4)]
    assert whose == [BO, "early2", "Agent-77", "bo@us.example"]
    assert desk.tickets.history(1)[-1].kind == "assignee_matched"
    assert found(desk, "assignee:early1") == found(desk, "assignee:BO@us.example") == [1, 4]
    assert found(desk, "assignee:agent-77") == [3]
    assert sorted(load.login for load in desk.queue.loads()) == ["Agent-77", BO, "early2"]

    again = [each.value for each in desk.transfer.take_in(before)]
    assert again == ["unchanged"] * 4
    desk.transfer.take_in([incoming(3, assignee="BO@us.example"), incoming(5, assignee="Early2")])
    assert [desk.tickets.get(number).assignee for number in (3, 5)] == [BO, "early2"]
    assert [event.kind for event in desk.tickets.history(3)].count("assignee_matched") == 0
    desk.history.undo()
    assert desk.tickets.get(3).assignee == "Agent-77"
    check(desk, address)


def test_a_team_that_is_taken_back_leaves_the_tickets(open_desk: OpenDesk, address: str) -> None:
    desk = open_desk("lee")
    desk.transfer.take_in([incoming(1, assignee="EARLY1")])
    desk.team.import_members(MEMBERS)
    assert desk.history.undo()[0].kind == "team_imported"
    assert desk.team.roster().members == ()
    assert desk.tickets.get(1).assignee == BO
    check(desk, address)


def test_time_off_stays_with_who_is_spelled_otherwise(open_desk: OpenDesk) -> None:
    desk = open_desk("lee")
    desk.team.import_members(MEMBERS)
    desk.team.mark_out("EARLY1", reason="sick")
    renamed = [entry.replaced(login="Early1") if entry.login == BO else entry for entry in MEMBERS]
    desk.team.import_members(renamed)
    roster = desk.team.roster()
    assert roster.out_at("Early1", desk.now()) is not None
    assert desk.team.if_back("bo@us.example").sentence.startswith("Early1 is back")
    assert desk.team.mark_back("bo@us.example").startswith("Early1 is back")
    assert replace(desk.team.roster(), members=()).out_at("early1", desk.now()) is None
