"""Everything as records, and back: all of it, all or nothing, and only where there is nothing."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from policy.refusal import Refusal
from policy.words import Mode, PriorityInput, Status
from store.desk import Desk
from store.transfer.archive import EVENT, RECORD, TICKET, Record
from tests.databases import ENGINES
from tests.examples import incoming
from tests.store.checking import EVERYTHING, check_lists, check_positions, independent_queue
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk, unmade_address
from tests.store.teams import team


@pytest.fixture
def full(open_desk: OpenDesk, clock: Clock) -> Desk:
    """Return a desk on which something of everything has happened."""
    desk = open_desk("lee")
    desk.transfer.take_in(
        [incoming(0, subject="=HYPERLINK(1)", body="- a\n- b", tags=["x y", "z"])]
    )
    desk.team.import_members(team())
    desk.transfer.take_in([incoming(n, requester_name=f"R{n}", body="Body") for n in range(1, 600)])
    desk.transfer.take_in([incoming(900, tier="presales"), incoming(901, tier="free", severity=0)])
    clock.advance(minutes=7)
    desk.tickets.take(1)
    desk.tickets.reply(2, Status.PENDING)
    desk.tickets.assign_priority(
        3, "p0", reason="They cannot ship.", rests_on=PriorityInput.CUSTOMER
    )
    desk.team.mark_out("early1", reason="the flu")
    desk.policy.set_mode(
        Mode.HARD_CHOICES, reason="Too much.", until=desk.now() + timedelta(hours=1)
    )
    clock.advance(hours=3)
    desk.tickets.heard(2)
    drafts = desk.waits.read().drafts
    desk.waits.send(drafts[:2], domain="example.com")
    desk.tickets.reply(1)
    return desk


@pytest.fixture
def other(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """Return a desk on a new file, on which nothing has happened."""
    with closing(Desk.open(str(tmp_path / "other.db"), actor="lee", clock=clock)) as desk:
        yield desk


def records_of(desk: Desk) -> list[Record]:
    """Return everything that a desk tells."""
    with desk.transfer.archive() as archive:
        records = list(archive.records)
        assert len(records) == sum(archive.counts.values())
    return records


def test_everything_comes_back(full: Desk, other: Desk) -> None:
    told = records_of(full)
    assert other.transfer.take_back(lambda: told, dry_run=True)
    assert not records_of(other)
    assert other.transfer.take_back(lambda: told)
    assert records_of(other) == told
    assert other.transfer.problems() == []
    tickets = other.queue.page(EVERYTHING, 0, None)
    assert tickets == full.queue.page(EVERYTHING, 0, None)
    check_lists(other, tickets)
    check_positions(other, independent_queue(other, tickets))
    assert other.queue.overview() == full.queue.overview()
    for number in (1, 2, 3):
        assert other.tickets.history(number) == full.tickets.history(number)
        assert other.tickets.card(number) == full.tickets.card(number)
    assert not other.transfer.take_back(lambda: told)
    assert records_of(other) == told


@pytest.fixture(params=ENGINES)
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a second database can be, of each engine."""
    return unmade_address(request, tmp_path / "elsewhere")


def test_an_export_of_an_older_version_says_whose_work_a_ticket_is_by_its_tier(
    full: Desk, other: Desk
) -> None:
    full.transfer.take_in([incoming(70, tier="internal", source="ours")])
    told = [
        {name: value for name, value in each.items() if name != "internal"}
        for each in records_of(full)
    ]
    assert other.transfer.take_back(lambda: told)
    assert other.queue.page(EVERYTHING, 0, None) == full.queue.page(EVERYTHING, 0, None)


def test_from_each_engine_into_each(full: Desk, elsewhere: str) -> None:
    told = records_of(full)
    with closing(Desk.open(elsewhere, actor="lee", clock=full.now)) as back:
        assert back.transfer.take_back(lambda: told)
        assert records_of(back) == told
        assert back.transfer.problems() == []
        back.team.mark_out("early2")  # what comes next gets numbers of its own
        back.transfer.take_in([incoming(950)])
        back.tickets.take(5)
        assert back.transfer.problems() == []


def test_only_the_records_that_are_wanted(full: Desk) -> None:
    with full.transfer.archive([TICKET]) as archive:
        assert {record[RECORD] for record in archive.records} == {TICKET}


def test_a_database_with_a_history_of_its_own_takes_nothing(full: Desk, other: Desk) -> None:
    told = records_of(full)
    other.transfer.take_in([incoming(1)])
    before = records_of(other)
    with pytest.raises(Refusal, match=r"taken back into an empty database only; name a new file"):
        other.transfer.take_back(lambda: told)
    assert records_of(other) == before
    full.tickets.take(7)
    with pytest.raises(Refusal, match="into an empty database only"):
        full.transfer.take_back(lambda: told)  # the history has gone on


@pytest.mark.parametrize("change", [
    {RECORD: "milk"}, {"litres": 3}, {"severity": "two"}, {"received_at": "soon"},
    {"status": "lost"}, {"respond_by": "2030-01-01T00:00:00Z"},
    {"tags": -1}, {"tags": [1]}, {"severity": 2**70}, {"facts": [1]}, {"id": -1},
])  # fmt: skip
def test_records_that_cannot_be_are_refused_whole(
    full: Desk, other: Desk, change: dict[str, object]
) -> None:
    told = records_of(full)
    place = next(at for at, record in enumerate(told) if record[RECORD] == TICKET)
    told[place] = {**told[place], **change}
    with pytest.raises(Refusal):
        other.transfer.take_back(lambda: told)
    assert records_of(other) == []


def test_a_history_without_its_tickets_is_refused(full: Desk, other: Desk) -> None:
    told = [record for record in records_of(full) if record[RECORD] == EVENT]
    with pytest.raises(Refusal, match="the history tells"):
        other.transfer.take_back(lambda: told)
    assert other.history.revision() == 0
