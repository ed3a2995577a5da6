"""Customers in several spellings are one customer, wherever they are compared."""

import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy import update

from policy.refusal import Refusal
from policy.words import Mode
from store.desk import Desk
from store.queue.query import Scope, parse_query
from store.schema.tables import CustomerRow
from store.tickets.people import renew_plain_names
from tests.examples import MONDAY, WORDS, incoming
from tests.store.checking import check
from tests.store.conftest import OpenDesk
from tests.store.teams import team

CAFE = "Café Zürich"
SPELLINGS = (
    CAFE,
    unicodedata.normalize("NFD", CAFE),
    "café zürich",
    "CAFÉ  ZÜRICH",
    "Café\u00a0Zürich",
    "Ｃａｆé Zürich\u200b",
)


def test_every_spelling_is_one_customer_in_the_first(desk: Desk, address: str) -> None:
    desk.transfer.take_in(
        [incoming(number, customer=each) for number, each in enumerate(SPELLINGS, 1)]
    )
    desk.transfer.take_in(
        [incoming(7, customer="cafe zurich"), incoming(8, customer=" CAFÉ zürich ")]
    )
    names = [desk.tickets.get(number).customer for number in range(1, 9)]
    assert names == [*[CAFE] * 6, "cafe zurich", CAFE]
    assert [each.id for each in desk.merging.candidates(1)] == [2, 3, 4, 5, 6, 8]
    for number in (2, 3, 4, 5, 6, 8):
        desk.merging.merge(number, 1)
    with pytest.raises(Refusal, match="what one customer wrote is not for another"):
        desk.merging.merge(7, 1)
    check(desk, address)


@pytest.mark.parametrize("value", [*SPELLINGS, "cafe zürich", "zürich"])
def test_a_query_finds_the_customer_in_any_spelling(desk: Desk, value: str) -> None:
    desk.transfer.take_in([incoming(1, customer=" Café   Zürich"), incoming(2)])
    found = desk.queue.page(parse_query(f'customer:"{value}"', WORDS, Scope.ALL), 0, None)
    assert [each.id for each in found] == [1]


def test_a_source_that_spells_otherwise_changes_no_customer(desk: Desk, address: str) -> None:
    desk.transfer.take_in([incoming(1, customer=CAFE), incoming(2, customer="Other")])
    desk.transfer.take_in([incoming(1, customer="CAFÉ ZÜRICH"), incoming(2, customer=SPELLINGS[1])])
    assert [desk.tickets.get(number).customer for number in (1, 2)] == [CAFE, CAFE]
    assert (desk.tickets.history(2)[-1].after or {})["customer"] == CAFE
    desk.history.undo()
    assert desk.tickets.get(2).customer == "Other"
    check(desk, address)


def test_one_person_of_them_is_told_once_that_they_will_wait(open_desk: OpenDesk) -> None:
    desk = open_desk("lee")
    desk.team.import_members(team(early=2))
    desk.policy.set_mode(Mode.HARD_CHOICES, reason="Few", until=MONDAY + timedelta(hours=9))
    desk.transfer.take_in(
        [
            incoming(
                number,
                customer=each,
                requester_name=f"{jose} {number % 2}",
                requester_email=mail,
            )
            for number, (each, jose, mail) in enumerate(
                [
                    (SPELLINGS[0], "José", "Jose@Cafe.example"),
                    (SPELLINGS[1], "Jose\u0301", "jose@cafe.example"),
                    (SPELLINGS[2], "José", None),
                    (SPELLINGS[3], "Jose\u0301", "JOSE@CAFE.EXAMPLE"),
                    (SPELLINGS[4], "Jose\u0301", None),
                ]
            )
        ]
    )
    desk.team.mark_out("early1")
    desk.team.mark_out("early2")
    drafts = desk.waits.read().drafts
    assert [[ticket.id for ticket in draft.tickets] for draft in drafts] == [[1, 2, 4], [3, 5]]
    sent = desk.waits.send(drafts, domain="desk.example")
    assert {notice.customer for notice in sent} == {CAFE}
    desk.transfer.take_in([incoming(9, customer=SPELLINGS[2], requester_email="JOSE@cafe.example")])
    assert desk.waits.read().drafts == ()


def test_what_an_older_version_kept_is_found_after_an_upgrade(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1, customer="Café  Zürich\u200b"), incoming(2)])
    with desk._session.write() as (writer, _):
        writer.connection.execute(update(CustomerRow).values(plain_name="as it was"))
    assert found(desk, "zurich") == []
    with desk._session.write() as (writer, _):
        renew_plain_names(writer.connection)
        renew_plain_names(writer.connection)
    assert found(desk, "café zürich") == [1]
    desk.transfer.take_in([incoming(3, customer="CAFÉ ZÜRICH")])
    assert found(desk, "zurich") == [1, 3]
    assert desk.tickets.get(3).customer == "Café  Zürich\u200b"


def found(desk: Desk, customer: str) -> list[int]:
    """Return the numbers of a customer's tickets."""
    query = parse_query(f'customer:"{customer}"', WORDS, Scope.ALL)
    return sorted(each.id for each in desk.queue.page(query, 0, None))
