"""A year at a desk, exported and taken back: equal ticket by ticket and event by event."""

from contextlib import closing
from pathlib import Path

import pytest

from bench.year import Year
from connections.files.exporting import export_file
from connections.files.formats import Format
from connections.files.importing import import_file
from store.desk import Desk
from store.queue.query import Query, Scope
from store.read_models import EventFilter
from tests.databases import ENGINES
from tests.store.conftest import unmade_address

EVERYTHING = Query(scope=Scope.ALL)


def events_of(desk: Desk) -> list[object]:
    """Return all that ever happened, earliest first."""
    with desk.history.events(EventFilter()) as events:
        return list(events)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_year_comes_back(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> None:
    address = unmade_address(request, tmp_path, engine)
    year = Year(address, tickets=16, deeds=110)
    year.live()
    assert year.done.keys() > {"take", "reply", "undo", "work", "hand_over", "review"}

    def opened(place: str) -> Desk:
        return Desk.open(place, actor="mariam", clock=lambda: year.now)

    with closing(opened(address)) as lived:
        tickets = lived.queue.page(EVERYTHING, 0, None)
        assert len(tickets) >= 16
        for file_format in (Format.JSONL, Format.CSV):
            file = tmp_path / f"year.{file_format}"
            export_file(lived.transfer, str(file), file_format)
            with closing(opened(str(tmp_path / f"{file_format}.db"))) as back:
                assert import_file(back.transfer, file).read == len(tickets)
                assert back.queue.page(EVERYTHING, 0, None) == tickets
                assert events_of(back) == events_of(lived)
                assert back.queue.overview() == lived.queue.overview()
                assert back.waits.read() == lived.waits.read()
                for ticket in tickets:
                    assert back.tickets.card(ticket.id) == lived.tickets.card(ticket.id)
                assert back.transfer.problems() == []
