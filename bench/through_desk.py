"""What is done through ``Desk``: one change, a search, another policy, the demonstration."""

from collections.abc import Mapping
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from bench.report import Measure, Row, measured, milliseconds
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from policy.words import Status
from store.desk import Desk, whole_second
from store.queue.query import Query, parse_query
from tui.demo.filling import fill

_SEARCHES: Final = ("hedgehog", "proxy", "registry stale tier:team", "assignee:nobody p:p1", "缓存")
_SHOWN: Final = 50
_OTHER_POLICY: Final = '[response]\np2 = "6h"\n'


def changes(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return how long a change takes together with reading the number one after it."""
    with ExitStack() as opened:
        desks = _opened(opened, databases)
        random = Random(1)  # noqa: S311 - nothing here is a secret
        steps: dict[str, dict[int, Measure]] = {
            "change any ticket, read the number one": {
                size: partial(_change_any, desk, random) for size, desk in desks.items()
            },
            "take the number one out, read the new one, and back": {
                size: partial(_change_first, desk) for size, desk in desks.items()
            },
        }
        return measured(rounds, "ms", steps)


def searches(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return how long counting what a query finds and reading the first of it take."""
    with ExitStack() as opened:
        desks = _opened(opened, databases)
        return measured(
            rounds,
            "ms",
            {
                f"list {text}": {
                    size: partial(_search, desk, parse_query(text, desk.policy.words()))
                    for size, desk in desks.items()
                }
                for text in _SEARCHES
            },
        )


def policies(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return how long it takes to adopt another policy, which ranks every ticket again."""
    other = load_rulebook(_OTHER_POLICY, "the other policy")
    with ExitStack() as opened:
        desks = _opened(opened, databases)
        adoptions = {size: partial(_adopt, desk, other) for size, desk in desks.items()}
        return measured(rounds, "ms", {"adopt another policy": adoptions})


def demonstration(folder: Path, rounds: int) -> float:
    """Return how many milliseconds it takes to fill a new database for ``numberone demo``."""
    paths = [str(folder / f"demo-{number}.db") for number in range(rounds)]
    return median(milliseconds(partial(fill, path, whole_second())) for path in paths)


def _opened(opened: ExitStack, databases: Mapping[int, Path]) -> dict[int, Desk]:
    return {
        size: opened.enter_context(closing(Desk.open(str(database), actor="bench")))
        for size, database in databases.items()
    }


def _change_any(desk: Desk, random: Random) -> float:
    number = random.randrange(desk.queue.overview().total) + 1

    def change() -> None:
        desk.tickets.heard(number)
        desk.queue.overview()

    return milliseconds(change)


def _change_first(desk: Desk) -> float:
    def change() -> None:
        first = desk.queue.overview().number_one
        if first is None:
            raise ValueError("the queue is empty")
        desk.tickets.set_status(first.id, Status.PENDING)
        desk.queue.overview()
        desk.tickets.set_status(first.id, Status.OPEN)
        desk.queue.overview()

    return milliseconds(change)


def _search(desk: Desk, query: Query) -> float:
    def search() -> None:
        desk.queue.total(query)
        desk.queue.page(query, 0, _SHOWN)

    return milliseconds(search)


def _adopt(desk: Desk, other: Rulebook) -> float:
    wanted = handbook() if desk.policy.rulebook() == other else other
    return milliseconds(lambda: desk.policy.adopt(wanted))
