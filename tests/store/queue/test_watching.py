"""What somebody is told of is read anew only where it may have changed, and is the same then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from store.desk import Desk
from tests.examples import incoming
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk


def test_a_look_after_each_change_is_as_one_that_knows_nothing(
    open_desk: OpenDesk, clock: Clock
) -> None:
    mo, jo = open_desk("mo"), open_desk("jo")
    mo.transfer.take_in([incoming(number) for number in range(1, 6)])
    changes: list[Callable[[Desk], object]] = [
        lambda desk: desk.tickets.assign(1, "mo"),
        lambda desk: desk.tickets.assign(2, "jo"),
        lambda desk: desk.tickets.heard(1),
        lambda desk: desk.tickets.assign(3, "MO"),
        lambda desk: desk.tickets.assign(1, "jo"),
        lambda desk: desk.tickets.heard(4),
        lambda desk: desk.tickets.reply(3),
        lambda desk: desk.transfer.take_in([incoming(number) for number in range(6, 80)]),
    ]
    before = mo.queue.watched(mo.queue.overview(), None)
    for change in changes:
        clock.now += timedelta(seconds=1)
        change(jo)
        overview = mo.queue.overview()
        found = mo.queue.watched(overview, before)
        anew = mo.queue.watched(overview, replace(before, revision=overview.revision + 1))
        assert found == anew
        before = found
