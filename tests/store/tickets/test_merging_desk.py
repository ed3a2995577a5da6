"""Duplicates made one ticket and mixed ones two, on a real database: both sides of the history."""

from dataclasses import replace
from datetime import timedelta

import pytest

from policy.refusal import Refusal
from policy.roster.team_file import load_team
from policy.words import Status
from store.desk import Desk
from store.queue.query import parse_query
from tests.examples import MONDAY, WORDS, incoming
from tests.store.checking import check
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk

HOUR = timedelta(hours=1)
EVE = {"requester_name": "Eve", "requester_email": "eve@example.com"}


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return a desk with three tickets of Acme and one of Globex."""
    desk.transfer.take_in(
        [
            incoming(1, received_at=MONDAY - HOUR, body="The second floor."),
            incoming(2, severity=1, **EVE),
            incoming(3, status="solved", first_response_at=MONDAY),
            incoming(4, customer="Acme & Sons"),
            incoming(5, tier="presales"),
        ]
    )
    return desk


def test_a_duplicate_is_closed_and_both_remember(filled: Desk, address: str) -> None:
    both = filled.merging.merge(1, 2)
    assert (both.duplicate.status, both.duplicate.merged_into) == (Status.CLOSED, 2)
    assert both.into.waiting_since == MONDAY - HOUR
    assert filled.tickets.get(1) == both.duplicate
    assert filled.tickets.get(2) == both.into
    assert [event.kind for event in filled.tickets.history(1)] == ["imported", "merged"]
    merged_here = filled.tickets.history(2)[-1]
    assert (merged_here.kind, merged_here.note) == ("merged_here", "#1")
    assert merged_here.after is not None
    assert merged_here.after["waiting_since"] == "2026-03-02T08:00:00Z"
    assert filled.queue.position(1) is None
    check(filled, address)


def test_merging_into_what_was_solved_brings_it_back(filled: Desk, address: str) -> None:
    filled.merging.merge(1, 3)
    assert filled.tickets.get(3).status is Status.OPEN
    assert filled.queue.position(3) is not None
    check(filled, address)


def test_an_answered_duplicate_is_remembered_too(filled: Desk, address: str) -> None:
    filled.merging.merge(3, 1)
    assert filled.tickets.history(1)[-1].kind == "merged_here"
    check(filled, address)


@pytest.mark.parametrize(
    ("duplicate", "into", "reason"),
    [
        (1, 1, "#1 cannot be merged into itself"),
        (1, 4, "#1 is Acme's and #4 is Acme & Sons's"),
        (1, 99, '"99": no such ticket'),
        (1, 5, "#5 was declined"),
    ],
)
def test_what_is_refused_changes_neither(
    filled: Desk, address: str, duplicate: int, into: int, reason: str
) -> None:
    revision = filled.history.revision()
    with pytest.raises(Refusal) as refused:
        filled.merging.merge(duplicate, into)
    assert refused.value.reason.startswith(reason)
    assert filled.history.revision() == revision
    check(filled, address)


def test_merged_twice_or_in_a_circle_is_refused(filled: Desk) -> None:
    filled.merging.merge(1, 2)
    with pytest.raises(Refusal, match="#1 was merged into #2 already"):
        filled.merging.merge(1, 3)
    with pytest.raises(Refusal, match="#1 was merged into #2; merge into #2"):
        filled.merging.merge(3, 1)


def test_only_the_same_customers_open_tickets_are_offered(filled: Desk) -> None:
    assert [each.id for each in filled.merging.candidates(1)] == [2, 3]
    filled.merging.merge(1, 2)
    assert [each.id for each in filled.merging.candidates(2)] == [3]
    with pytest.raises(Refusal, match="#5 was declined"):
        filled.merging.candidates(5)


def test_a_part_becomes_a_ticket_of_its_own(filled: Desk, address: str, clock: Clock) -> None:
    clock.now += HOUR
    opened = filled.merging.split(2, "And the bill", "It is too high.", 2)
    assert (opened.source, opened.split_from, opened.customer) == ("numberone", 2, "Acme")
    assert (opened.received_at, opened.waiting_since) == (MONDAY, MONDAY)
    assert opened.priority == "p2"
    assert opened.requester == filled.tickets.get(2).requester
    assert filled.tickets.card(opened.id).body == "It is too high."
    assert [event.kind for event in filled.tickets.history(opened.id)] == ["opened"]
    whole = filled.tickets.history(2)[-1]
    assert (whole.kind, whole.note, whole.after) == ("split_off", f"#{opened.id}", {})
    found = filled.queue.page(parse_query('"too high"', WORDS), 0, 9)
    assert [each.id for each in found] == [opened.id]
    check(filled, address)


def test_a_part_of_what_was_merged_is_refused(filled: Desk) -> None:
    filled.merging.merge(1, 2)
    with pytest.raises(Refusal, match="#1 was merged into #2; go on in #2"):
        filled.merging.split(1, "Part")


TEAM = """
[[member]]
login = "mo"
name = "Mo"
role = "support"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-17:00"]

[[member]]
login = "erin"
name = "Erin"
role = "engineer"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-17:00"]
"""


def test_who_may_merge_and_split(filled: Desk, open_desk: OpenDesk) -> None:
    filled.team.import_members(load_team(TEAM, "team.toml"))
    engineer = open_desk("erin")
    with pytest.raises(Refusal, match="not merge tickets"):
        engineer.merging.merge(1, 2)
    with pytest.raises(Refusal, match="not split tickets"):
        engineer.merging.split(1, "Part")


def test_merging_and_splitting_are_taken_back_whole(filled: Desk, address: str) -> None:
    before = [filled.tickets.get(number) for number in (1, 2)]
    filled.merging.merge(1, 2)
    filled.history.undo()
    for was in before:
        now = filled.tickets.get(was.id)
        assert replace(now, version=was.version) == was
    opened = filled.merging.split(2, "Part")
    filled.history.undo()
    with pytest.raises(Refusal, match="no such ticket"):
        filled.tickets.get(opened.id)
    filled.tickets.assign_each([1, 2], "jo")
    filled.history.undo()
    assert filled.tickets.get(1).assignee is None
    assert filled.tickets.get(2).assignee is None
    check(filled, address)


# Drafts that a person asks for


def test_drafts_for_picked_tickets_are_one_to_each_requester(filled: Desk) -> None:
    filled.team.import_members(load_team(TEAM, "team.toml"))
    drafts = filled.waits.drafts_for([2, 1, 4])
    assert [[each.id for each in draft.tickets] for draft in drafts] == [[2], [1], [4]]
    assert "Eve" in drafts[0].body
    (sent, *_) = filled.waits.send(drafts, domain="example.com")
    assert sent.email == "eve@example.com"
    (again,) = filled.waits.drafts_for([2])
    assert again.episode == 1


def test_where_nobody_waits_there_is_no_draft(filled: Desk) -> None:
    with pytest.raises(Refusal, match="there is no team yet"):
        filled.waits.drafts_for([1])
    filled.team.import_members(load_team(TEAM, "team.toml"))
    with pytest.raises(Refusal, match="no customer waits for us in #3"):
        filled.waits.drafts_for([3])
    with pytest.raises(Refusal, match="no customer waits for us in any of these tickets"):
        filled.waits.drafts_for([3, 5])


# Handing over at the end of a shift


def test_a_note_says_what_is_mine_and_what_is_next(filled: Desk, clock: Clock) -> None:
    filled.tickets.take_each([1, 2, 3])
    filled.tickets.reply(1, Status.PENDING)
    clock.now += HOUR
    note = filled.shift.handover_note()
    assert note.login == note.name == "mo"
    assert [(each.ticket.id, each.standing) for each in note.tickets] == [
        (2, "queue"),
        (1, "pending"),
    ]
    first, second = note.tickets
    assert first.position == 1
    assert second.about == "The second floor."
    assert [event.kind for event in second.history] == ["replied", "taken", "imported"]
    assert note.overview.number_one == first.ticket
    assert (note.left_out, note.promises, note.timer) == (0, (), None)


def test_a_note_has_the_promises_that_are_still_to_be_kept(filled: Desk) -> None:
    filled.team.import_members(load_team(TEAM, "team.toml"))
    filled.waits.send(filled.waits.drafts_for([2]), domain="example.com")
    (promise,) = filled.shift.handover_note().promises
    assert promise.tickets == (2,)
    filled.tickets.reply(2, Status.PENDING)
    assert filled.shift.handover_note().promises == ()


def test_the_note_of_somebody_unknown_is_refused(filled: Desk) -> None:
    assert filled.shift.handover_note("jo").tickets == ()
    filled.team.import_members(load_team(TEAM, "team.toml"))
    with pytest.raises(Refusal, match='login: "jo"'):
        filled.shift.handover_note("jo")
    assert filled.shift.handover_note("erin").name == "Erin"
