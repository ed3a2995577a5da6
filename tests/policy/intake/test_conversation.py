"""Who wrote when, and who waits for whom by that."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from policy.intake.conversation import Message, MessageRole, conversation_times

CAME = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CUSTOMER, US, OTHER, PROGRAM = MessageRole


def at(minutes: int) -> datetime:
    return CAME + timedelta(minutes=minutes)


def test_the_first_and_the_newest_public_answer_and_the_customers_last_word() -> None:
    times = conversation_times(
        [
            Message(at(0), CUSTOMER),
            Message(at(5), US, public=False),
            Message(at(1), PROGRAM),
            Message(at(40), US),
            Message(at(10), US),
            Message(at(50), CUSTOMER),
            Message(at(60), OTHER),
        ],
        CAME,
    )
    assert (times.first_response_at, times.last_response_at) == (at(10), at(40))
    assert times.last_customer_message_at == at(50)


def test_what_opens_a_ticket_answers_nobody_though_one_of_us_wrote_it_down() -> None:
    times = conversation_times([Message(at(0), US)], CAME)
    assert (times.first_response_at, times.last_response_at) == (None, None)
    assert times.last_customer_message_at is None


MESSAGES = st.lists(
    st.builds(Message, st.integers(0, 99).map(at), st.sampled_from(MessageRole), st.booleans())
)


@given(MESSAGES)
def test_notes_and_programs_change_nothing(messages: list[Message]) -> None:
    spoken = [each for each in messages if each.public and each.role in (CUSTOMER, US)]
    assert conversation_times(messages, CAME) == conversation_times(spoken, CAME)


@given(MESSAGES)
def test_a_first_answer_is_never_after_the_newest_nor_at_the_beginning(
    messages: list[Message],
) -> None:
    times = conversation_times(messages, CAME)
    first, newest = times.first_response_at, times.last_response_at
    assert (first is None) == (newest is None)
    assert first is None or newest is None or CAME < first <= newest
