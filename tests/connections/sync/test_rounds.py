"""Rounds with a help desk: what comes in, what goes out, both at once, and bad days."""

from contextlib import suppress
from datetime import timedelta

import pytest

from policy.conversation.connections import ConnectionState
from policy.conversation.messages import MessageState
from policy.intake.conversation import MessageRole
from policy.refusal import Refusal
from policy.words import PriorityInput, Status
from store.queue.query import Query, Scope
from tests.connections.sync.conftest import InStep
from tests.connections.sync.small_help_desk import Killed
from tests.store.checking import check

CUSTOMER, US, PROGRAM = MessageRole.CUSTOMER, MessageRole.US, MessageRole.PROGRAM


def said(both: InStep, name: str = "1") -> list[tuple[str, str]]:
    """Return what was said in a ticket here, with how far each message is."""
    return [(each.text, str(each.state)) for each in both.desk.conversation.of(both.ticket(name))]


# In


def test_a_ticket_comes_in_with_its_conversation(both: InStep) -> None:
    both.there.asked(text="It is down.")
    both.later(minutes=5)
    both.there.says("1", PROGRAM, "We have got your message.")
    both.there.says("1", US, "An old customer.", public=False)
    done = both.round()
    assert (done.taken.read, done.taken.admitted, done.taken.messages) == (1, 1, 3)
    ticket = both.desk.tickets.get(both.ticket("1"))
    assert (ticket.source, ticket.owed, ticket.first_response_at) == ("desk", True, None)
    assert [text for text, _ in said(both)] == [
        "It is down.", "We have got your message.", "An old customer.",
    ]  # fmt: skip
    found = both.desk.queue.page(Query(scope=Scope.ALL, words=("old customer",)), 0, None)
    assert [each.id for each in found] == [ticket.id]
    assert both.desk.transfer.problems() == []
    check(both.desk, both.address)


def test_clocks_come_from_what_people_say_publicly(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=10)
    both.there.says("1", US, "Please restart.")
    both.round()
    answered = both.desk.tickets.get(1)
    assert (answered.first_response_at, answered.owed) == (both.clock.now, False)
    both.later(minutes=10)
    both.there.says("1", CUSTOMER, "It did not help.", author="ada@acme.example")
    both.round()
    assert both.desk.tickets.get(1).waiting_since == both.clock.now
    check(both.desk, both.address)


def test_the_same_again_changes_nothing(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.there.feed.append("1")
    before = both.desk.history.revision()
    done = both.round()
    assert (done.taken.read, done.taken.unchanged, done.taken.messages) == (1, 1, 0)
    assert both.desk.history.revision() == before


def test_what_the_mapping_cannot_decide_is_named_and_comes_in_once_it_can(both: InStep) -> None:
    both.there.asked(tier=None)
    both.there.asked(tier="gold")
    done = both.round()
    assert done.taken.admitted == 0
    assert done.taken.refused["1"].startswith("tier: missing")
    assert done.taken.refused["2"].startswith('tier: "gold"')
    status = both.desk.connections.status("desk")
    assert status.error is not None
    assert status.error.startswith("2 tickets cannot be taken in, such as 1: tier: missing")
    both.there.sets("1", tier="team")
    both.round()
    assert both.desk.tickets.get(both.ticket("1")).tier == "team"
    assert list(both.desk.connections.status("desk").refused) == ["2"]


def test_deleted_there_is_deleted_here_and_kept_in_the_history(both: InStep) -> None:
    both.there.asked()
    both.round()
    number = both.ticket("1")
    both.there.deletes("1")
    both.round()
    with pytest.raises(Refusal):
        both.desk.tickets.get(number)
    assert [each.kind for each in both.desk.tickets.history(number)][-1] == "deleted_there"
    check(both.desk, both.address)


def test_merged_there_is_merged_here_with_all_that_was_said(both: InStep) -> None:
    both.there.asked(text="First.")
    both.later(minutes=1)
    both.there.asked(text="Again.")
    both.round()
    both.there.merges("2", "1")
    both.round()
    duplicate = both.desk.tickets.get(both.ticket("2"))
    assert (duplicate.status, duplicate.merged_into) == (Status.CLOSED, both.ticket("1"))
    assert [text for text, _ in said(both)] == ["First.", "Again."]
    check(both.desk, both.address)


def test_twenty_pages_are_read_in_order_and_go_on_where_they_stopped(both: InStep) -> None:
    for _ in range(450):
        both.there.asked()
    both.there.bad_days = ["lost read"]
    assert both.round().error == "it does not answer"
    status = both.desk.connections.status("desk")
    assert (status.state, status.error) == (
        ConnectionState.FAILING,
        "since 2026-03-02T09:00:00Z: it does not answer",
    )
    both.round()
    assert both.desk.queue.overview().total == 450
    assert both.desk.connections.status("desk").read_until == both.clock.now
    assert both.desk.connections.status("desk").state is ConnectionState.OK


# Out


def test_what_is_done_here_is_done_there(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.tickets.take(1)
    both.desk.conversation.answer(1, "Please restart.", Status.PENDING)
    both.desk.conversation.note(1, "Asked them.")
    assert both.desk.connections.status("desk").waiting_out == 3
    assert said(both)[1:] == [("Please restart.", "sending"), ("Asked them.", "sending")]
    done = both.round()
    assert (done.sent, done.failed) == (3, 0)
    there = both.there.tickets["1"]
    assert (there.assignee, there.status) == ("mo", "pending")
    assert both.there.texts("1") == ["Please restart.", "Asked them."]
    assert [each.public for each in there.messages] == [True, True, False]
    both.later(minutes=1)
    both.round()
    both.round()
    assert said(both) == [
        ("It fails.", "received"), ("Please restart.", "sent"), ("Asked them.", "sent"),
    ]  # fmt: skip
    ticket = both.desk.tickets.get(1)
    assert (ticket.status, ticket.assignee, ticket.owed) == (Status.PENDING, "mo", False)
    check(both.desk, both.address)


def test_a_step_on_its_way_is_not_undone_by_what_else_changes_there(both: InStep) -> None:
    both.there.asked(status="open")
    both.later(minutes=1)
    both.there.says("1", US, "Please restart.")
    both.round()
    both.later(minutes=1)
    both.desk.tickets.set_status(1, Status.PENDING)
    both.there.bad_days = ["lost before writing"]
    both.later(minutes=1)
    both.there.sets("1", assignee="luz")
    both.round()
    assert (both.desk.tickets.get(1).status, both.desk.tickets.get(1).assignee) == (
        Status.PENDING,
        "luz",
    )
    both.quiet()
    assert both.there.tickets["1"].status == "pending"
    check(both.desk, both.address)


def test_an_answer_counts_from_when_it_was_sent_not_from_when_it_arrived(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    sent_at = both.clock.now
    both.desk.conversation.answer(1, "Please restart.")
    both.later(minutes=2)
    both.there.says("1", CUSTOMER, "Hello?", author="ada@acme.example")
    wrote_at = both.clock.now
    both.later(minutes=2)
    both.round()
    both.round()
    ticket = both.desk.tickets.get(1)
    assert (ticket.first_response_at, ticket.waiting_since) == (sent_at, wrote_at)
    check(both.desk, both.address)


def test_nothing_goes_out_before_what_changed_there_was_read(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.tickets.take(1)
    both.there.bad_days = ["lost read"]
    assert both.round().sent == 0
    assert both.there.tickets["1"].assignee is None
    assert both.round().sent == 1


def test_a_bare_reply_and_what_a_source_says_send_nothing(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.tickets.reply(1)
    both.desk.history.undo()
    both.desk.history.redo()
    both.there.sets("1", assignee="luz")
    both.round()
    assert both.there.written == []
    assert both.desk.connections.status("desk").waiting_out == 0


def test_a_priority_goes_out_only_where_it_is_mapped(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.desk.tickets.assign_priority(
        1, "p0", reason="They cannot ship.", rests_on=PriorityInput.CUSTOMER
    )
    assert both.desk.connections.status("desk").waiting_out == 0


def test_what_is_undone_before_it_went_out_is_taken_out(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please restart.", Status.PENDING)
    both.desk.history.undo()
    assert both.desk.tickets.get(1).owed
    both.desk.tickets.take(1)
    both.desk.history.undo()
    both.round()
    assert both.there.written == []
    assert said(both) == [("It fails.", "received")]
    both.desk.history.redo()
    assert both.round().sent == 1


def test_what_is_undone_after_it_went_out_is_written_back_but_no_answer(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.tickets.take(1)
    both.round()
    both.later(minutes=1)
    both.desk.history.undo()
    both.round()
    assert both.there.tickets["1"].assignee is None
    both.desk.conversation.answer(1, "Please restart.")
    both.round()
    with pytest.raises(Refusal) as refused:
        both.desk.history.undo()
    assert refused.value.reason == ("#1: the answer has gone out to desk, and cannot be taken back")


def test_an_answer_that_is_refused_for_good_lets_the_customer_wait_again(both: InStep) -> None:
    both.there.asked()
    both.round()
    waiting = both.desk.tickets.get(1).waiting_since
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please restart.")
    both.desk.tickets.set_status(1, Status.SOLVED)
    both.there.refuses = "the queue takes no answers"
    done = both.round()
    assert (done.sent, done.failed) == (0, 1)
    ticket = both.desk.tickets.get(1)
    assert (ticket.owed, ticket.waiting_since, ticket.status) == (True, waiting, Status.NEW)
    assert said(both)[-1] == ("Please restart.", "failed")
    assert both.desk.conversation.of(1)[-1].outcome == "the queue takes no answers"
    both.there.refuses = ""
    both.quiet()
    assert both.there.written == [], "nothing ends it on the strength of a lost answer"
    check(both.desk, both.address)


def test_what_was_refused_for_good_is_sent_again_or_given_up(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please restart.")
    both.there.refuses = "the queue takes no answers"
    both.round()
    failed = both.desk.conversation.of(1)[-1].id
    both.later(minutes=1)
    both.there.refuses = ""
    again = both.desk.conversation.send_again(failed)
    assert (again.owed, again.first_response_at) == (False, both.clock.now)
    with pytest.raises(Refusal, match="has not failed: it is sending"):
        both.desk.conversation.drop(failed)
    assert both.round().sent == 1
    assert both.there.texts("1") == ["Please restart."]
    both.there.refuses = "the queue takes no notes"
    both.later(minutes=1)
    both.desk.conversation.note(1, "A note.")
    both.round()
    both.desk.conversation.drop(both.desk.conversation.of(1)[-1].id)
    assert said(both)[1:] == [("Please restart.", "sent")]
    assert both.desk.connections.status("desk").failed == 0
    assert both.desk.transfer.problems() == []
    check(both.desk, both.address)


def test_an_answer_that_comes_back_lets_the_customer_wait_again(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please restart.")
    both.round()
    both.round()
    answer = both.there.tickets["1"].messages[-1].external_id
    both.there.bounced("1", answer, "no such mailbox")
    both.round()
    assert both.desk.tickets.get(1).owed
    assert both.desk.conversation.of(1)[-1].state is MessageState.FAILED
    check(both.desk, both.address)


# Bad days


@pytest.mark.parametrize("moment", ["before writing", "after writing"])
@pytest.mark.parametrize("how", ["lost", "killed"])
def test_an_answer_is_there_once_whatever_happened(both: InStep, how: str, moment: str) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please restart.")
    both.there.bad_days = [f"{how} {moment}"]
    try:
        assert both.round().error == "it does not answer"
    except Killed:
        assert how == "killed"
    both.quiet()
    assert both.there.texts("1") == ["Please restart."]
    assert said(both)[-1] == ("Please restart.", "sent")
    check(both.desk, both.address)


@pytest.mark.parametrize("how", ["lost", "killed"])
def test_what_arrived_is_found_by_its_mark_before_its_change_is_told(
    both: InStep, how: str
) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please restart.")
    both.there.shown_until = len(both.there.feed)
    both.there.bad_days = [f"{how} after writing"]
    with suppress(Killed):
        both.round()
    both.quiet()
    assert both.there.texts("1") == ["Please restart."]
    assert both.desk.connections.status("desk").waiting_out == 0
    both.there.shown_until = None
    both.round()
    assert said(both) == [("It fails.", "received"), ("Please restart.", "sent")]


def test_nobody_looks_for_it_before_it_can_be_there(both: InStep) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please restart.")
    both.there.bad_days = ["lost after writing", "lost find"]
    both.round()
    both.later(seconds=29)
    both.round()
    assert both.there.bad_days == ["lost find"], "it was not asked yet"


def test_without_a_mark_our_own_words_are_known_again(both: InStep) -> None:
    both.there.knows_marks = False
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please  restart.")
    both.round()
    both.round()
    assert said(both) == [("It fails.", "received"), ("Please  restart.", "sent")]


def test_who_is_killed_reading_loses_nothing_and_another_goes_on(both: InStep) -> None:
    both.there.asked()
    both.there.bad_days = ["killed read"]
    with pytest.raises(Killed):
        both.round("first")
    assert both.round("second").taken.read == 0, "the first has it still"
    both.later(minutes=2)
    assert both.round("second").taken.admitted == 1


# Both at once


def test_changed_there_only_is_theirs(both: InStep) -> None:
    both.there.asked(status="open")
    both.round()
    both.there.sets("1", status="pending", assignee="luz")
    both.round()
    ticket = both.desk.tickets.get(1)
    assert (ticket.status, ticket.assignee) == (Status.PENDING, "luz")
    assert both.there.written == []


def test_on_both_the_safer_status_holds_whoever_was_later(both: InStep) -> None:
    both.there.asked(status="pending")
    both.there.says("1", US, "Please restart.")
    both.round()
    both.later(minutes=1)
    both.desk.tickets.set_status(1, Status.OPEN)
    both.later(minutes=1)
    both.there.sets("1", status="solved")
    both.round()
    both.round()
    assert both.desk.tickets.get(1).status is Status.OPEN
    assert both.there.tickets["1"].status == "open"
    notes = [each.note for each in both.desk.tickets.history(1) if each.kind == "both_changed"]
    assert notes == ["mo's open holds, not solved of desk"]
    check(both.desk, both.address)


def test_on_both_the_later_holds_where_none_is_safer(both: InStep) -> None:
    both.there.asked(status="open")
    both.there.says("1", US, "Please restart.")
    both.round()
    both.later(minutes=1)
    both.desk.tickets.assign(1, "mo")
    both.later(minutes=1)
    both.there.sets("1", assignee="luz")
    both.round()
    assert both.desk.tickets.get(1).assignee == "luz"
    assert both.there.tickets["1"].assignee == "luz"
    both.there.sets("1", assignee="ben")
    both.later(minutes=1)
    both.desk.tickets.assign(1, "mo")
    both.round()
    both.round()
    assert (both.desk.tickets.get(1).assignee, both.there.tickets["1"].assignee) == ("mo", "mo")
    notes = [each.note for each in both.desk.tickets.history(1) if each.kind == "both_changed"]
    assert notes == ["luz of desk holds, not mo's mo", "mo's mo holds, not ben of desk"]
    check(both.desk, both.address)


def test_our_own_change_that_comes_back_overrides_nothing_newer(both: InStep) -> None:
    both.there.asked(status="open")
    both.later(minutes=1)
    both.there.says("1", US, "Please restart.")
    both.round()
    both.later(minutes=1)
    both.desk.tickets.set_status(1, Status.PENDING)
    both.round()
    both.later(minutes=1)
    both.desk.tickets.set_status(1, Status.SOLVED)
    both.round()
    both.round()
    assert both.desk.tickets.get(1).status is Status.SOLVED
    assert both.there.tickets["1"].status == "solved"


def test_a_help_desk_with_fewer_statuses_moves_nothing_by_its_own_words(both: InStep) -> None:
    both.there.in_its_own_words = {"on_hold": "pending"}
    both.there.asked(status="open")
    both.there.says("1", US, "Please wait.")
    both.round()
    both.later(minutes=1)
    both.desk.tickets.set_status(1, Status.ON_HOLD)
    both.round()
    both.round()
    both.round()
    assert both.desk.tickets.get(1).status is Status.ON_HOLD
    both.later(minutes=1)
    both.there.sets("1", status="open")
    both.round()
    assert both.desk.tickets.get(1).status is Status.OPEN
    check(both.desk, both.address)


def test_the_answer_in_a_follow_up_goes_to_where_the_customer_wrote(both: InStep) -> None:
    both.there.asked(status="open")
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Done.", Status.SOLVED)
    both.round()
    both.desk.tickets.set_status(1, Status.CLOSED)
    both.later(hours=1)
    both.there.says("1", CUSTOMER, "Not at all.", author="ada@acme.example")
    both.there.sets("1", status="open")
    both.round()
    follow_up = both.desk.tickets.get(2)
    assert (follow_up.split_from, follow_up.owed) == (1, True)
    assert [each.text for each in both.desk.conversation.of(2)] == ["Not at all."]
    both.later(minutes=1)
    both.desk.conversation.answer(2, "We look again.")
    both.round()
    assert both.there.texts("1")[-1] == "We look again."
    both.round()
    assert not both.desk.tickets.get(2).owed
    assert both.clock.now - timedelta(hours=1) > follow_up.received_at - timedelta(hours=2)
    check(both.desk, both.address)


def test_a_word_that_comes_after_the_echo_is_no_echo(both: InStep) -> None:
    name = both.there.asked()
    both.round()
    number = both.ticket(name)
    both.desk.conversation.answer(number, "Restart it.", None)
    both.later(seconds=30)
    both.round()
    both.desk.tickets.set_status(number, Status.SOLVED)
    both.there.bad_days.append("lost after writing")
    both.later(seconds=30)
    both.round()
    for _ in range(3):
        both.later(minutes=5)
        both.round()
    assert both.desk.connections.status("desk").waiting_out == 0
    both.there.sets(name, status="closed")
    both.later(minutes=5)
    both.round()
    assert both.desk.tickets.get(number).status is Status.CLOSED
    notes = [each.note for each in both.desk.tickets.history(number)]
    assert not any("holds" in note for note in notes if note)
