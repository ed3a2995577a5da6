"""What a ticket's card says of its neighbours, also while what expired is still in the table."""

from datetime import timedelta

from store.desk import Desk
from store.tickets.card import EVENTS_ON_A_CARD
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock

MINUTE = timedelta(minutes=1)


def test_it_says_why_behind_the_one_before_and_before_the_next(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1, severity=1), incoming(2), incoming(3, severity=3)])
    said = [(card.why_behind, card.why) for card in map(desk.tickets.card, (1, 2, 3))]
    assert said == [
        ("", "#1 is p1, #2 is p2."),
        ("#1 is p1, #2 is p2.", "#2 is p2, #3 is p3."),
        ("#2 is p2, #3 is p3.", "It is the last in the queue; nothing stands behind it."),
    ]


def test_neighbours_are_those_of_the_queue_as_it_stands_now(desk: Desk, clock: Clock) -> None:
    desk.transfer.take_in([incoming(1, severity=1), incoming(2), incoming(3, severity=3)])
    desk.deviations.put_first(3, reason="The board asks.", until=MONDAY + 5 * MINUTE)
    assert desk.tickets.card(1).why_behind.startswith("#3 ")
    clock.advance(minutes=6)
    assert desk.tickets.card(1).why_behind == ""
    assert desk.tickets.card(3).why_behind == "#2 is p2, #3 is p3."


def test_outside_the_queue_nothing_stands_before_it(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1), incoming(2, tier="presales")])
    assert desk.tickets.card(2).why_behind == ""


def test_it_counts_what_happened_before_what_it_has_of_the_history(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1)])
    assert desk.tickets.card(1).earlier_events == 0
    for number in range(EVENTS_ON_A_CARD + 4):
        desk.tickets.assign(1, f"p{number}")
    card = desk.tickets.card(1)
    assert (len(card.history), card.earlier_events) == (EVENTS_ON_A_CARD, 5)
