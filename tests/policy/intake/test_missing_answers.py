"""What an import says of a file that does not tell when we answered."""

from collections.abc import Mapping

import pytest

from policy.intake.incoming import incoming_ticket
from policy.intake.missing_answers import MissingAnswers
from tests.connections.files_of_tickets import fields
from tests.examples import WORDS

ANSWERED = {"first_response_at": "2026-03-02T10:00Z"}
WROTE_LATER = ANSWERED | {"last_customer_message_at": "2026-03-02T11:00Z"}


def counted(*changed: Mapping[str, object], declined: bool = False) -> MissingAnswers:
    answers = MissingAnswers(WORDS)
    for each in changed:
        answers = answers.plus(incoming_ticket(fields(**each), WORDS), declined=declined)
    return answers


@pytest.mark.parametrize(
    ("changed", "told", "newest", "any_at_all"),
    [
        ({}, 0, 0, 0),
        ({"status": "open"}, 0, 0, 0),
        ({"status": "pending"}, 0, 0, 1),
        ({"status": "on_hold"}, 0, 0, 1),
        ({"status": "solved"}, 0, 0, 0),
        ({"status": "pending", **ANSWERED}, 1, 0, 0),
        ({"status": "pending", "last_response_at": "2026-03-02T10:00Z"}, 1, 0, 0),
        (ANSWERED, 1, 0, 0),
        (WROTE_LATER, 1, 1, 0),
        (WROTE_LATER | {"status": "pending"}, 1, 1, 0),
        (WROTE_LATER | {"status": "closed"}, 1, 0, 0),
        (WROTE_LATER | {"tier": "internal"}, 1, 0, 0),
        ({"status": "pending", "tier": "internal"}, 0, 0, 0),
        (WROTE_LATER | {"last_response_at": "2026-03-02T10:00Z"}, 1, 0, 0),
        (WROTE_LATER | {"last_response_at": None}, 1, 1, 0),
        (ANSWERED | {"last_customer_message_at": "2026-03-02T09:30Z"}, 1, 0, 0),
    ],
)
def test_each_ticket_counts_for_what_it_wants(
    changed: Mapping[str, object], told: int, newest: int, any_at_all: int
) -> None:
    assert counted(changed) == MissingAnswers(WORDS, told, newest, any_at_all)


def test_what_is_declined_is_never_owed() -> None:
    assert counted(WROTE_LATER, {"status": "pending"}, declined=True) == MissingAnswers(
        WORDS, told=1
    )


def test_each_kind_is_one_sentence_and_none_where_nothing_is_wanting() -> None:
    assert list(counted(ANSWERED, {}).sentences()) == []
    parked = {"status": "pending"}
    assert [each[:47] for each in counted(WROTE_LATER, parked, parked).sentences()] == [
        "1 ticket is left owed for want of last_response",
        "2 pending or on_hold tickets are without any ti",
    ]
