"""What it would do if half of a large team were out, before anything is done."""

from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bench.desks import copied
from bench.report import Goal, Measures, Row, measured, milliseconds
from bench.team import LEAD, MEMBERS, WAITING, team
from store.desk import Desk


def foreseen(database: Path, folder: Path, rounds: int) -> list[Row]:
    """Return how long the lead waits for what one more person out would do; half are out already.

    ``database`` has as many open tickets as the row says.
    """
    with closing(Desk.open(str(copied(database, folder)), actor=LEAD)) as desk:
        desk.team.import_members(team(MEMBERS))
        tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 - a whole day, wherever they are
        *out, last = (f"member{number}" for number in range(MEMBERS // 2))
        for login in out:
            desk.team.mark_out(login, None, tomorrow, "bench")
        foresee = partial(desk.team.if_out, last, None, tomorrow, "bench")
        return measured(
            rounds,
            [
                Measures(
                    what=f"what if half are out, {MEMBERS} members",
                    by_size={WAITING: lambda: milliseconds(foresee)},
                    goals=(Goal(150),),
                )
            ],
        )
