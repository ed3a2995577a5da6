"""Messages: what a person may write, and the description as the first one."""

import pytest

from policy.conversation.messages import (
    LONGEST_MESSAGE,
    checked_text,
    opening_of,
    written_by,
)
from policy.intake.conversation import MessageRole
from policy.refusal import Refusal
from policy.ticket import Requester
from policy.words import OpenedBy
from tests.examples import MONDAY, ticket


def test_a_text_is_kept_as_it_was_written_but_for_what_is_around_it() -> None:
    assert checked_text("\n  Hello,\r\n\tthanks.  \n\n") == "  Hello,\n\tthanks."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "text: empty; expected what is to be said"),
        ("x" * (LONGEST_MESSAGE + 1), "text: 1,000,001 characters; expected at most 1,000,000"),
        ("a\0b", "text: expected text without NUL characters"),
        ("\ud800", "text: expected text in Unicode"),
    ],
    ids=("empty", "long", "NUL", "surrogate"),
)
def test_what_cannot_be_sent_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_text(text)
    assert refused.value.reason == said


def test_the_description_is_the_customers_first_message() -> None:
    asked = ticket(requester=Requester(name="Ada", email="ada@acme.example"))
    first = opening_of(asked, "It broke.")
    assert first is not None
    assert (first.id, first.at, first.role, first.text) == (
        0,
        MONDAY,
        MessageRole.CUSTOMER,
        "It broke.",
    )
    assert (first.author, written_by(first)) == ("ada@acme.example", "Ada")
    assert opening_of(asked, " \n") is None


def test_what_one_of_us_opened_was_written_by_us() -> None:
    first = opening_of(ticket(opened_by=OpenedBy.SUPPORT), "On the phone: it broke.")
    assert first is not None
    assert (first.role, written_by(first)) == (MessageRole.US, "support")
