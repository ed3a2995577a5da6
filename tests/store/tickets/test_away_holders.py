"""Tickets of who is away count as nobody's: in lists, in counts, and when somebody takes one."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import pytest

from policy.intake.incoming import IncomingTicket
from policy.names import comparable, same_name
from policy.refusal import Refusal
from policy.roster.holders import AwayReason, HolderAway
from policy.roster.team_file import load_team
from policy.ticket import Ticket
from policy.words import Status
from store.desk import Desk
from store.queue.query import Query, Scope, parse_query
from tests.examples import MONDAY, WORDS, incoming
from tests.store.checking import check
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import member, team

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LOGINS = ("early1", "EARLY2", "late1", "lee", "eve", "gone", None)


@pytest.fixture
def lead(open_desk: OpenDesk) -> Desk:
    """Return the lead's desk: on Monday at nine, who is early is in and who is late comes at noon.

    Each of the logins has a ticket of every kind of deadline, one that is late already included.
    """
    desk = open_desk("lee")
    desk.team.import_members(team(early=3))
    desk.transfer.take_in(every_kind())
    return desk


def every_kind() -> list[IncomingTicket]:
    kinds: list[dict[str, object]] = [
        {"severity": 0},  # to be answered at eleven
        {"severity": 1},  # at one, when who is late is in
        {"severity": 0, "received_at": MONDAY - 3 * HOUR},
        {"first_response_at": MONDAY, "status": "open"},
        {"tier": "internal", "opened_by": "support", "severity": 3},
        {"status": "pending", "first_response_at": MONDAY},
    ]
    return [
        incoming(number, **{"received_at": MONDAY - HOUR, "assignee": login, **kind})
        for number, (login, kind) in enumerate(product(LOGINS, kinds), start=1)
    ]


def every_ticket(desk: Desk) -> Sequence[Ticket]:
    return desk.queue.page(Query(Scope.ALL), 0, None)


def found(desk: Desk, text: str, scope: Scope = Scope.ALL) -> set[int]:
    query = parse_query(text, WORDS, scope)
    page = desk.queue.page(query, 0, None)
    assert desk.queue.total(query) == len(page)
    for row, each in enumerate(page):
        assert desk.queue.row_of(each.id, query) == row
    return {each.id for each in page}


@pytest.mark.parametrize("hours", [0, 2, 3.5, 8, 15, 24, 5 * 24])
@pytest.mark.parametrize("out", [(), ("early1", "lee"), ("late1",)])
def test_lists_and_counts_know_whose_tickets_count_as_nobodys(
    lead: Desk, clock: Clock, hours: float, out: tuple[str, ...]
) -> None:
    clock.advance(hours=hours)
    for login in out:
        lead.team.mark_out(login)
    holders = lead.team.holders()
    away = {each.id for each in every_ticket(lead) if holders.away(each) is not None}
    assert away, "who is gone is always away"
    everything = {each.id for each in every_ticket(lead)}
    unassigned = {each.id for each in every_ticket(lead) if each.assignee is None}
    assert found(lead, "is:away") == away
    assert found(lead, "-is:away") == everything - away
    assert found(lead, "assignee:nobody") == away | unassigned
    assert found(lead, "-assignee:nobody") == everything - away - unassigned
    in_queue = {each.id for each in lead.queue.page(Query(), 0, None)}
    assert found(lead, "is:away", Scope.QUEUE) == away & in_queue
    counted = {comparable(load.login): load.nobodys for load in lead.queue.loads()}
    for login in filter(None, LOGINS):
        theirs = {each.id for each in every_ticket(lead) if same_name(each.assignee, login)}
        assert counted[comparable(login)] == len(theirs & in_queue & away), login


def test_until_a_team_exists_nobody_is_away(desk: Desk) -> None:
    desk.transfer.take_in(every_kind())
    assert found(desk, "is:away") == set()
    assert {each.assignee for each in map(desk.tickets.get, found(desk, "assignee:nobody"))} == {
        None
    }
    assert all(load.nobodys == 0 for load in desk.queue.loads())


def test_a_card_says_why_and_what_to_do(lead: Desk) -> None:
    number = next(iter(found(lead, "assignee:gone p:p0")))
    card = lead.tickets.card(number)
    assert card.holder_away == HolderAway(why=AwayReason.NOT_IN_THE_TEAM, until=None)
    assert card.next_step.sentence.startswith("Take it over, and send the first response")
    theirs = next(iter(found(lead, "assignee:early1 p:p0")))
    assert lead.tickets.card(theirs).holder_away is None


def first_of(desk: Desk, login: str) -> int:
    return min(found(desk, f"assignee:{login}", Scope.QUEUE))


def test_taking_takes_over_from_who_is_away_and_undo_gives_it_back(
    lead: Desk, open_desk: OpenDesk, address: str
) -> None:
    number = first_of(lead, "early1")
    mine = open_desk("early3")
    with pytest.raises(Refusal, match="is early1's already"):
        mine.tickets.take(number)
    lead.team.mark_out("early1", reason="a cold")
    assert mine.tickets.take(number).assignee == "early3"
    assert mine.tickets.history(number)[-1].before == {"assignee": "early1"}
    mine.history.undo()
    assert mine.tickets.get(number).assignee == "early1"
    check(mine, address)


def test_several_are_taken_over_at_once_or_none(
    lead: Desk, open_desk: OpenDesk, address: str
) -> None:
    mine = open_desk("early3")
    gone, here = first_of(lead, "gone"), first_of(lead, "early1")
    with pytest.raises(Refusal, match="is early1's already"):
        mine.tickets.take_each([gone, here])
    assert mine.tickets.get(gone).assignee == "gone"
    assert [each.assignee for each in mine.tickets.take_each([gone, first_of(lead, "eve")])] == [
        "early3",
        "early3",
    ]
    check(mine, address)


def test_a_person_gives_tickets_only_to_the_team(lead: Desk) -> None:
    number = first_of(lead, "gone")
    with pytest.raises(Refusal, match=r'"earli1"; expected .* did you mean early1\?'):
        lead.tickets.assign(number, "earli1")
    assert lead.tickets.get(number).assignee == "gone"
    assert lead.tickets.assign(number, "Early1").assignee == "early1"
    assert lead.tickets.assign(number, None).assignee is None


def test_giving_it_to_who_is_away_is_warned_of(lead: Desk, clock: Clock) -> None:
    number = first_of(lead, "gone")
    assert lead.team.warning_of("early1", [number]) is None
    until = clock.now + DAY
    lead.team.mark_out("early1", until=until)
    warned = lead.team.warning_of("Early1", [number])
    assert warned is not None
    assert warned.away == HolderAway(why=AwayReason.OUT, until=until)
    assert warned.instead is not None
    assert (warned.instead.login, warned.instead.tickets) == ("early3", 0)
    lead.team.set_at_capacity("early3", True)
    full = lead.team.warning_of("early3", [number])
    assert full is not None
    assert (full.at_capacity, full.instead and full.instead.login) == (True, "early2")


def test_a_new_team_leaves_the_tickets_of_who_is_gone_behind(lead: Desk) -> None:
    lead.tickets.reply(first_of(lead, "early1"), Status.SOLVED)
    solved = {each.id for each in every_ticket(lead) if each.status is Status.SOLVED}
    before = lead.team.holders()
    entries = [each for each in lead.team.entries() if each.login != "early1"]
    moved = [
        *(each for each in entries if each.login != "early2"),
        *load_team(member("early2", role="engineer"), "team.toml"),
    ]
    lead.team.import_members(moved)
    left = {each.id for each in lead.team.left_behind(before)}
    assert left == {
        each.id
        for each in every_ticket(lead)
        if comparable(each.assignee or "") in ("early1", "early2") and each.id not in solved
    }
    assert len(left) == 11


def test_nobody_is_left_behind_where_nobody_goes(lead: Desk) -> None:
    before = lead.team.holders()
    lead.team.import_members(lead.team.entries())
    assert lead.team.left_behind(before) == ()


def test_a_note_lists_what_others_have_who_are_away(lead: Desk) -> None:
    lead.team.mark_out("early1")
    note = lead.shift.handover_note("early3")
    listed = {each.ticket.id: each.holder_away for each in note.away}
    assert set(listed) == found(lead, "is:away")
    own = lead.shift.handover_note("early1")
    assert {each.ticket.assignee for each in own.away}.isdisjoint({"early1", None})
    assert all(each.holder_away is not None for each in own.tickets)


def test_the_overview_says_it_of_the_number_one(lead: Desk) -> None:
    overview = lead.queue.overview()
    first = overview.number_one
    assert first is not None
    assert overview.holders.away(first) == lead.team.holders().away(first)
