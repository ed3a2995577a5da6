"""The ledger of wait notices: each requester told once, whoever sends and whatever crashes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from policy.refusal import Refusal
from policy.words import NoticeState, NoticeWay, Status
from store.desk import Desk
from store.notices.ledger import LEASE, TAKE_BACK_SECONDS
from store.notices.notice_models import Notice
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team

DOMAIN = "desk.example"


@pytest.fixture
def lead(open_desk: OpenDesk) -> Desk:
    """Return the lead's desk with nobody in, and twelve tickets of four requesters."""
    desk = open_desk("lee")
    desk.team.import_members(team(early=2))
    desk.transfer.take_in(
        [
            incoming(
                number,
                customer=f"Customer {number % 4}",
                requester_name=f"Person {number % 4}",
                requester_email=f"Person{number % 4}@example.com",
                message_id=f"<ticket-{number}@customer.example>",
            )
            for number in range(12)
        ]
    )
    desk.team.mark_out("early1")
    desk.team.mark_out("early2")
    return desk


def sent(desk: Desk, way: NoticeWay = NoticeWay.MAIL) -> tuple[Notice, ...]:
    return desk.waits.send(desk.waits.read().drafts, way=way, domain=DOMAIN)


def states(desk: Desk) -> list[NoticeState]:
    return [notice.state for notice in sorted(desk.waits.read().ledger, key=lambda each: each.id)]


def test_one_draft_a_requester_for_all_their_tickets(lead: Desk) -> None:
    drafts = lead.waits.read().drafts
    assert [len(draft.tickets) for draft in drafts] == [3, 3, 3, 3]
    assert {draft.arrivals[0].login for draft in drafts} == {"late1"}
    assert drafts[0].arrivals[0].at == MONDAY.replace(hour=12)


def test_who_was_told_is_not_drafted_and_not_sent_again(lead: Desk, open_desk: OpenDesk) -> None:
    drafts = lead.waits.read().drafts
    first = lead.waits.send(drafts[:3], domain=DOMAIN)
    both = open_desk("late1").waits.send(drafts, domain=DOMAIN)
    assert [notice.asker for notice in (*first, *both)] == [draft.asker for draft in drafts]
    assert lead.waits.read().drafts == ()
    assert len({notice.message_id for notice in lead.waits.read().ledger}) == 4


def test_an_edited_text_is_what_is_sent(lead: Desk) -> None:
    draft = replace(lead.waits.read().drafts[0], subject="We know", body="Soon.")
    (notice,) = lead.waits.send([draft], domain=DOMAIN)
    assert (notice.subject, notice.body) == ("We know", "Soon.")
    assert notice.answers == "<ticket-0@customer.example>"


def test_ten_seconds_to_take_it_back(lead: Desk, clock: Clock) -> None:
    notices = sent(lead)
    assert lead.waits.claim("worker") is None
    assert lead.waits.next_due() == clock.now + timedelta(seconds=TAKE_BACK_SECONDS)
    taken = lead.waits.take_back([notices[0].id])
    assert [notice.state for notice in taken] == [NoticeState.TAKEN_BACK]
    assert [draft.asker for draft in lead.waits.read().drafts] == [notices[0].asker]
    clock.advance(seconds=TAKE_BACK_SECONDS)
    claimed = lead.waits.claim("worker")
    assert claimed is not None
    assert lead.waits.take_back([claimed.id]) == (), "it has begun to go out"
    assert sent(lead)[0].episode == notices[0].episode, "what was taken back was never told"


def test_a_reply_that_comes_first_cancels_it(lead: Desk, clock: Clock) -> None:
    notice = sent(lead)[0]
    for ticket in notice.tickets[:-1]:
        lead.tickets.reply(ticket)
    assert states(lead)[0] is NoticeState.QUEUED, "one ticket still waits"
    lead.tickets.reply(notice.tickets[-1], Status.PENDING)
    assert states(lead)[0] is NoticeState.CANCELLED
    clock.advance(seconds=TAKE_BACK_SECONDS)
    claimed = lead.waits.claim("worker")
    assert claimed is not None
    assert claimed.id != notice.id


def test_what_is_solved_meanwhile_is_cancelled_when_its_turn_comes(
    lead: Desk, clock: Clock
) -> None:
    notice = sent(lead)[0]
    for ticket in notice.tickets:
        lead.tickets.set_status(ticket, Status.SOLVED, unanswered="They called.")
    clock.advance(seconds=TAKE_BACK_SECONDS)
    claimed = lead.waits.claim("worker")
    assert claimed is not None
    assert claimed.id != notice.id
    assert states(lead)[0] is NoticeState.CANCELLED


def test_every_notice_is_claimed_once_and_ends_once(lead: Desk, clock: Clock) -> None:
    sent(lead)
    clock.advance(seconds=TAKE_BACK_SECONDS)
    claimed = [lead.waits.claim(worker) for worker in "abcde"]
    assert [notice and notice.id for notice in claimed] == [1, 2, 3, 4, None]
    for notice in claimed[:4]:
        assert notice is not None
        lead.waits.record(notice, NoticeState.SENT, "250 OK")
    assert states(lead) == [NoticeState.SENT] * 4
    kinds = [event.kind for event in lead.tickets.history(1)]
    assert kinds[-2:] == ["wait_promised", "wait_told"]


def test_what_a_crashed_worker_claimed_goes_out_under_the_same_message_id(
    lead: Desk, clock: Clock
) -> None:
    sent(lead)
    clock.advance(seconds=TAKE_BACK_SECONDS)
    first = lead.waits.claim("crashed")
    clock.now += LEASE
    again = [lead.waits.claim("other") for _ in range(4)]
    assert first is not None
    assert first.message_id in {notice.message_id for notice in again if notice}


def test_a_temporary_failure_waits_and_an_undeliverable_one_is_kept(
    lead: Desk, clock: Clock
) -> None:
    sent(lead)
    clock.advance(seconds=TAKE_BACK_SECONDS)
    first, second = lead.waits.claim("worker"), lead.waits.claim("worker")
    assert first is not None
    assert second is not None
    later = clock.now + timedelta(minutes=5)
    lead.waits.record(first, NoticeState.QUEUED, "451 busy", later)
    lead.waits.record(second, NoticeState.UNDELIVERABLE, "550 no such person")
    assert lead.waits.read().drafts[0].asker == second.asker, "they have not been told"
    (again,) = lead.waits.retry([second.id])
    assert again.state is NoticeState.QUEUED
    assert lead.waits.retry([second.id]) == ()
    others = [notice for _ in range(3) if (notice := lead.waits.claim("worker"))]
    assert [notice.id for notice in others] == [2, 3, 4]
    for notice in others:
        lead.waits.record(notice, NoticeState.SENT, "250 OK")
    clock.now = later
    retried = lead.waits.claim("worker")
    assert retried is not None
    assert (retried.id, retried.attempts) == (first.id, 2)


def test_sent_by_hand_is_told_at_once(lead: Desk) -> None:
    assert {notice.state for notice in sent(lead, NoticeWay.BY_HAND)} == {NoticeState.SENT}
    assert lead.waits.next_due() is None
    assert lead.waits.read().drafts == ()


def test_a_promise_about_to_be_broken_prompts_a_new_notice(lead: Desk, clock: Clock) -> None:
    sent(lead, NoticeWay.BY_HAND)
    clock.advance(minutes=30)
    assert lead.waits.read().drafts == ()
    lead.team.mark_out("late1")
    lead.team.mark_out("late2")
    drafts = lead.waits.read().drafts
    assert [draft.renews for draft in drafts] == [True] * 4
    assert len(lead.waits.send(drafts, way=NoticeWay.BY_HAND, domain=DOMAIN)) == 4


def test_promises_are_kept_by_an_answer_in_time_whoever_arrives(lead: Desk, clock: Clock) -> None:
    first, *_ = sent(lead, NoticeWay.BY_HAND)
    assert first.expect_by is not None
    assert lead.waits.read().promises.share is None, "the time of none has come"
    clock.now = first.expect_by - timedelta(minutes=5)
    for ticket in first.tickets:
        lead.tickets.reply(ticket)
    clock.now = max(each.expect_by or MONDAY for each in lead.waits.read().ledger)
    kept = lead.waits.read().promises
    assert (kept.kept, kept.due, kept.meant) == (1, 4, 0.9)


def test_an_answer_taken_back_keeps_no_promise(lead: Desk, clock: Clock) -> None:
    first, *_ = sent(lead, NoticeWay.BY_HAND)
    assert first.expect_by is not None
    clock.now = first.expect_by - timedelta(minutes=5)
    lead.tickets.reply(first.tickets[0])
    lead.history.undo()
    clock.now = first.expect_by
    assert lead.waits.read().promises.kept == 0


def test_what_nobody_waits_for_any_more_counts_for_nothing(lead: Desk, clock: Clock) -> None:
    sent(lead, NoticeWay.BY_HAND)
    ledger = lead.waits.read().ledger
    for ticket in ledger[0].tickets:
        lead.tickets.set_status(ticket, Status.SOLVED, unanswered="They withdrew it.")
    clock.now = max(each.expect_by or MONDAY for each in ledger)
    assert lead.waits.read().promises.due == 3


def test_an_engineer_sends_nothing(lead: Desk, open_desk: OpenDesk) -> None:
    drafts = lead.waits.read().drafts
    with pytest.raises(Refusal, match="engineer"):
        open_desk("eve").waits.send(drafts, domain=DOMAIN)
