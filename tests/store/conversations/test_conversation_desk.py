"""Answers and notes without any connection: kept as sent by hand, searched, taken back."""

from datetime import timedelta

import pytest

from policy.conversation.messages import MessageState
from policy.intake.conversation import MessageRole
from policy.refusal import Refusal
from policy.words import Status
from store.desk import Desk
from store.history.past_desk import PastDesk
from store.queue.query import Query, Scope
from store.tickets.card import CHARACTERS_ON_A_CARD, MESSAGES_ON_A_CARD
from tests.examples import incoming
from tests.store.checking import check
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk


def texts(desk: Desk, ticket: int = 1) -> list[str]:
    """Return what was said in a ticket."""
    return [each.text for each in desk.conversation.of(ticket)]


def found(desk: Desk, word: str) -> list[int]:
    """Return the tickets in which a word is found."""
    return [each.id for each in desk.queue.page(Query(scope=Scope.ALL, words=(word,)), 0, None)]


@pytest.fixture
def asked(desk: Desk, clock: Clock) -> Desk:
    """Return a desk with one ticket whose customer waits."""
    desk.transfer.take_in([incoming(1, body="It broke.", requester_name="Ada")])
    clock.advance(minutes=5)
    return desk


def test_an_answer_counts_and_is_kept_as_sent_by_hand(asked: Desk, address: str) -> None:
    answered = asked.conversation.answer(1, "Try again, please.\n", Status.PENDING)
    assert (answered.status, answered.owed, answered.last_response_at) == (
        Status.PENDING,
        False,
        asked.now(),
    )
    first, second = asked.conversation.of(1)
    assert (first.text, first.role) == ("It broke.", MessageRole.CUSTOMER)
    assert (second.text, second.role, second.public, second.author, second.state) == (
        "Try again, please.",
        MessageRole.US,
        True,
        "mo",
        MessageState.SENT,
    )
    check(asked, address)
    assert asked.transfer.problems() == []


def test_a_note_answers_nobody(asked: Desk) -> None:
    noted = asked.conversation.note(1, "They are on the old version.")
    assert noted.owed
    assert [each.public for each in asked.conversation.of(1)] == [True, False]
    moved = asked.conversation.note(1, "Asked the vendor.", Status.ON_HOLD)
    assert (moved.status, moved.owed) == (Status.ON_HOLD, True)


def test_what_was_said_is_found_by_its_words_whatever_changes_later(asked: Desk) -> None:
    asked.conversation.answer(1, "Restart the flux capacitor.")
    assert found(asked, "capacitor") == [1]
    asked.transfer.take_in([incoming(1, subject="Another", body="It broke.")])
    assert found(asked, "capacitor") == [1]
    assert found(asked, "broke") == [1]


def test_an_answer_is_taken_back_and_written_again(asked: Desk, address: str) -> None:
    before = asked.tickets.get(1)
    asked.conversation.answer(1, "Restart the capacitor.")
    asked.history.undo()
    taken_back = asked.tickets.get(1)
    assert (taken_back.status, taken_back.waiting_since, taken_back.first_response_at) == (
        before.status,
        before.waiting_since,
        None,
    )
    assert texts(asked) == ["It broke."]
    assert found(asked, "capacitor") == []
    asked.history.redo()
    assert texts(asked) == ["It broke.", "Restart the capacitor."]
    assert found(asked, "capacitor") == [1]
    check(asked, address)


def test_what_is_merged_here_was_said_here(asked: Desk) -> None:
    asked.transfer.take_in([incoming(2, body="The same.")])
    asked.conversation.note(2, "A duplicate.")
    asked.merging.merge(2, 1)
    assert texts(asked) == ["It broke.", "A duplicate."]


def test_the_past_knows_only_what_had_been_said(asked: Desk, clock: Clock) -> None:
    asked.conversation.answer(1, "First.")
    then = asked.now()
    clock.advance(minutes=5)
    asked.conversation.answer(1, "Second.")
    before_all = asked.history.as_of(then - timedelta(minutes=1))
    past = PastDesk(before_all, actor="mo")
    try:
        assert [each.text for each in past.conversation.of(1)] == ["It broke."]
        past.move_to(then)
        assert [each.text for each in past.conversation.of(1)] == ["It broke.", "First."]
        past.move_to(asked.now())
        assert [each.text for each in past.conversation.of(1)] == ["It broke.", "First.", "Second."]
    finally:
        past.close()


def test_a_draft_is_kept_by_ticket_and_person_until_it_is_sent(
    asked: Desk, open_desk: OpenDesk
) -> None:
    asked.conversation.keep_draft(1, "Dear Ada", status=Status.PENDING)
    other = open_desk("jo")
    assert other.conversation.draft(1) is None
    other.conversation.keep_draft(1, "Hi", public=False)
    kept = asked.conversation.draft(1)
    assert kept is not None
    assert (kept.text, kept.public, kept.status) == ("Dear Ada", True, Status.PENDING)
    asked.conversation.answer(1, "Dear Ada, it is mended.")
    assert asked.conversation.draft(1) is None
    assert other.conversation.draft(1) is not None
    other.conversation.keep_draft(1, " ")
    assert other.conversation.draft(1) is None


def test_nothing_is_said_in_what_is_closed(asked: Desk) -> None:
    asked.conversation.answer(1, "Done.", Status.SOLVED)
    asked.tickets.set_status(1, Status.CLOSED)
    with pytest.raises(Refusal, match="closed, which is final"):
        asked.conversation.answer(1, "One more.")
    assert texts(asked) == ["It broke.", "Done."]


def test_what_is_taken_back_is_the_draft_again_above_what_was_begun_since(asked: Desk) -> None:
    asked.conversation.answer(1, "Restart it.")
    asked.history.undo()
    kept = asked.conversation.draft(1)
    assert kept is not None
    assert (kept.text, kept.public) == ("Restart it.", True)
    asked.history.redo()
    assert asked.conversation.draft(1) is None, "it is written again"
    asked.conversation.keep_draft(1, "And then")
    asked.history.undo()
    kept = asked.conversation.draft(1)
    assert kept is not None
    assert kept.text == "Restart it.\n\nAnd then"


def test_a_card_has_the_end_of_the_conversation_and_no_more(asked: Desk, clock: Clock) -> None:
    assert asked.tickets.card(1).conversation.messages == (), "the description alone is none"
    asked.conversation.note(1, "x" * (CHARACTERS_ON_A_CARD + 5))
    end = asked.tickets.card(1).conversation
    assert [(len(each.text), each.more) for each in end.messages] == [
        (CHARACTERS_ON_A_CARD, 5),
        (len("It broke."), 0),
    ]
    assert (end.earlier, end.failed, end.connection) == (0, (), None)
    for number in range(MESSAGES_ON_A_CARD):
        clock.advance(minutes=1)
        asked.conversation.answer(1, f"Answer {number}.")
    end = asked.tickets.card(1).conversation
    assert [each.text for each in end.messages] == [
        f"Answer {number}." for number in reversed(range(MESSAGES_ON_A_CARD))
    ]
    assert end.earlier == 2
    assert [each.text for each in asked.conversation.of(1)][: -MESSAGES_ON_A_CARD - 1 : -1] == [
        each.text for each in end.messages
    ]


def test_a_card_of_the_past_has_what_had_been_said(asked: Desk, clock: Clock) -> None:
    asked.conversation.answer(1, "First.")
    then = asked.now()
    clock.advance(minutes=5)
    asked.conversation.answer(1, "Second.")
    past = PastDesk(asked.history.as_of(then), actor="mo")
    try:
        texts_then = [each.text for each in past.tickets.card(1).conversation.messages]
    finally:
        past.close()
    assert texts_then == ["First.", "It broke."]
