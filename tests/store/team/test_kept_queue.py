"""What is kept of the queue while somebody tries whom to mark out, and when it counts no more."""

from datetime import timedelta

from store.desk import Desk
from store.team.team_models import Consequence
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team


def test_what_is_foreseen_is_of_the_queue_as_it_stands(open_desk: OpenDesk, clock: Clock) -> None:
    lead = open_desk("lee")
    lead.team.import_members(team())
    more = [
        incoming(number, severity=1, received_at=MONDAY - timedelta(minutes=10 * number))
        for number in range(1, 9)
    ]
    lead.transfer.take_in(more[:3])
    for number in range(1, 5):
        lead.team.mark_out(f"early{number}")

    def foreseen(desk: Desk = lead) -> Consequence:
        return desk.team.if_out("early5")

    def foreseen_anew() -> Consequence:
        return foreseen(open_desk("lee"))

    first = foreseen()
    assert first == foreseen() == foreseen_anew()
    with lead.rehearsal():
        lead.transfer.take_in(more[3:5])
        among_five = foreseen()
    assert foreseen() == first
    open_desk("early9").transfer.take_in(more[5:])
    assert foreseen() == foreseen_anew() not in (first, among_five)
    clock.advance(hours=2)
    assert foreseen() == foreseen_anew()
