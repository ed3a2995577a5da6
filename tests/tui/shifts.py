"""A shift that is over, on a real desk, for the report at the board."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from policy.intake.incoming import IncomingTicket
from policy.roster.team_file import load_team
from policy.words import PriorityInput, Status
from store.desk import Desk
from tests.databases import made
from tests.examples import incoming
from tests.tui.boards import NOW, Clock
from tests.tui.teams import nine_in_a_room

HOUR = timedelta(hours=1)
BEGAN = NOW - timedelta(days=3)
"""When the first of the shift's tickets came: a Sunday, before the desk opens."""


def played(path: Path) -> Path:
    """Play three days with a rush on the second, and return the path of the desk."""
    clock = Clock(BEGAN)
    with closing(Desk.open(made(path), actor="mariam", clock=clock)) as desk:
        desk.team.import_members(load_team(nine_in_a_room(), "team.toml"))
        for number in range(1, 41):
            clock.now = BEGAN + number * 100 * timedelta(minutes=1)
            desk.transfer.take_in([_ticket(number, clock)])
            if number == 15:
                desk.transfer.take_in([_ticket(100 + each, clock) for each in range(60)])
            if number > 3:
                _work(desk, clock, number - 3)
        desk.team.mark_out("m1", reason="sick")
    return path


def _ticket(number: int, clock: Clock) -> IncomingTicket:
    return incoming(
        number,
        severity=(1, 2, 3)[number % 3],
        customer=f"Customer {number}",
        tier=("enterprise", "team", "free")[number % 3],
        received_at=clock.now,
    )


def _work(desk: Desk, clock: Clock, number: int) -> None:
    clock.now += number % 5 * timedelta(minutes=7)
    first = desk.queue.overview().number_one
    if first is None:
        return
    number_one = first.id
    if number % 4:
        desk.tickets.take(number_one)
        clock.now += timedelta(minutes=5)
    if number % 10 == 0:
        desk.tickets.assign_priority(
            number_one, "p3", reason="They can wait.", rests_on=PriorityInput.CUSTOMER
        )
    desk.tickets.reply(number_one, Status.PENDING if number % 2 else Status.SOLVED)
