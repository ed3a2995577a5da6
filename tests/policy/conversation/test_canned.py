"""Canned answers with a ticket's fields in them."""

import pytest

from policy.conversation.canned import FIELDS, CannedAnswer, fields_of, filled
from policy.refusal import Refusal
from policy.ticket import Requester
from tests.examples import WORDS, ticket


def answer(text: str) -> str:
    """Return a text with the fields of a ticket of Ada's."""
    asked = ticket(7, requester=Requester(name="Ada Byron", email="ada@acme.example"))
    return filled(CannedAnswer("a", text), fields_of(asked, WORDS, "Mariam"))


def test_fields_are_put_in_and_two_dollars_are_one() -> None:
    said = answer("Dear $first_name, #$number (${subject}) of $customer costs $$5. $me")
    assert said == "Dear Ada, #7 (Ticket 7) of Acme costs $5. Mariam"


def test_what_is_put_in_is_not_read_as_a_field_again() -> None:
    asked = ticket(7, subject="$me and $nobody")
    said = filled(CannedAnswer("a", "$subject"), fields_of(asked, WORDS, "Mariam"))
    assert said == "$me and $nobody"


def test_every_field_is_known_of_every_ticket() -> None:
    assert tuple(fields_of(ticket(1), WORDS, "mo")) == FIELDS
    assert fields_of(ticket(1), WORDS, "mo")["name"] == "Acme", "nobody is known who asked"


@pytest.mark.parametrize(
    ("canned", "said"),
    [
        (CannedAnswer("a", "$custmer"), "canned answer a: $custmer is no field of a ticket; did"),
        (CannedAnswer("a", "$xyzzy"), "canned answer a: $xyzzy is no field of a ticket; expected"),
        (CannedAnswer("a", "5 $"), "canned answer a: a $ that names no field; expected $$"),
        (CannedAnswer("a", "", "is empty"), "canned answer a: is empty"),
    ],
)
def test_what_is_wrong_is_one_line(canned: CannedAnswer, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        filled(canned, fields_of(ticket(1), WORDS, "mo"))
    assert refused.value.reason.startswith(said)
    assert "\n" not in refused.value.reason
