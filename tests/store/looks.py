"""The first look at a desk, taken quickly and by the whole desk, to be compared."""

from typing import Any

from store.desk import Desk
from store.quick.look import FirstLook, quick_look
from tests.store.clock import Clock


def seen_by(look: FirstLook) -> dict[str, Any]:
    """Return all that a first look sees of a small desk."""
    overview, queue = look.overview, look.first(20)
    every = {ticket.id for ticket in queue} | {1, 2, 3}
    cards = {each: look.card(str(each)) for each in sorted(every) if each <= overview.total}
    return {
        "overview": overview,
        "words": look.words,
        "zone": str(look.zone),
        "queue": queue,
        "in_queue": look.in_queue,
        "holders": [look.holders.away(ticket) for ticket in queue],
        "targets": [look.targets_of(ticket) for ticket in queue],
        "forecasts": look.forecasts(every),
        "cards": cards,
        "histories": {each: look.history(each) for each in cards},
    }


def check_first_look(desk: Desk, address: str, clock: Clock) -> None:
    """See that a quick look at a desk sees what the whole desk does."""
    zone = desk._session._zone
    with desk.first_look() as look:
        whole = seen_by(look)
    with quick_look(address, actor=desk._session._person.actor, clock=clock, zone=zone) as look:
        quick = seen_by(look)
    for name, found in whole.items():
        assert quick[name] == found, name
