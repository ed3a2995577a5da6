"""Backups put back: looked at first, all or nothing, the old one kept, and every board sees it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from policy.refusal import Refusal
from policy.words import NoticeState, NoticeWay
from store.database import SCHEMA, Database
from store.desk import Desk
from store.engines.damage import Damaged
from store.read_models import EventFilter
from store.transfer.copies_desk import restore_over_damaged
from tests.examples import incoming
from tests.store.checking import EVERYTHING, check
from tests.store.clock import Clock
from tests.store.conftest import OpenDesk
from tests.store.teams import team


@pytest.fixture
def lee(open_desk: OpenDesk) -> Desk:
    """Return the desk of a lead, with a team and some tickets."""
    desk = open_desk("lee")
    desk.team.import_members(team())
    desk.transfer.take_in([incoming(number, body=f"Body {number}") for number in range(1, 20)])
    desk.tickets.take(1)
    return desk


@pytest.fixture
def backup(lee: Desk, tmp_path: Path) -> Path:
    """Return a backup of the desk as it was then; since then much has happened."""
    path = tmp_path / "backup.db"
    copied = lee.transfer.back_up(path)
    assert (copied.schema, copied.tickets) == (SCHEMA, 19)
    assert copied.size == path.stat().st_size
    lee.tickets.reply(1)
    lee.transfer.take_in([incoming(number) for number in range(30, 40)])
    lee.team.mark_out("early1")
    return path


def test_a_backup_brings_everything_back(
    lee: Desk, backup: Path, address: str, clock: Clock
) -> None:
    revision = lee.history.revision()
    with closing(Desk.open(str(backup), actor="lee", clock=clock)) as stored:
        then = stored.queue.page(EVERYTHING, 0, None)
    restored = lee.transfer.restore(backup)
    assert (restored.from_schema, restored.tickets) == (SCHEMA, 19)
    assert lee.queue.page(EVERYTHING, 0, None) == then
    check(lee, address)
    assert lee.transfer.problems() == []
    assert lee.history.revision() == revision + 1  # it never goes back: boards compare it
    assert not lee.team.roster().time_off
    lee.tickets.take(2)
    lee.team.mark_out("early2")
    lee.transfer.take_in([incoming(77)])
    check(lee, address)


def test_what_was_there_is_kept_beside(lee: Desk, backup: Path, clock: Clock) -> None:
    before = lee.queue.page(EVERYTHING, 0, None)
    first, second = lee.transfer.restore(backup).kept, lee.transfer.restore(backup).kept
    assert first is not None
    assert second is not None
    assert first != second
    assert ".before-restore" in first.name
    with closing(Desk.open(str(first), actor="lee", clock=clock)) as kept:
        assert kept.queue.page(EVERYTHING, 0, None) == before


def test_another_board_sees_that_all_is_new(lee: Desk, backup: Path, open_desk: OpenDesk) -> None:
    board = open_desk("early2")
    seen = board.queue.overview()
    assert "early1" in {off.login for off in board.team.roster().time_off}
    lee.transfer.restore(backup)
    after = board.queue.overview()
    assert after.revision > seen.revision
    assert after.total == 19
    assert not board.team.roster().time_off


def test_into_an_empty_database_anybody_may(backup: Path, tmp_path: Path, clock: Clock) -> None:
    with closing(Desk.open(str(tmp_path / "new.db"), actor="anybody", clock=clock)) as other:
        restored = other.transfer.restore(backup)
        assert restored.kept is None
        assert other.queue.total(EVERYTHING) == 19
        assert other.transfer.problems() == []
        with pytest.raises(Refusal, match=r"not in the team and may only look, not restore"):
            other.transfer.restore(backup)


def test_only_a_lead_restores(backup: Path, open_desk: OpenDesk) -> None:
    with pytest.raises(Refusal, match=r"not restore a backup; that is for a lead \(lee\)"):
        open_desk("early2").transfer.restore(backup)


def test_a_failure_halfway_leaves_the_old_one(
    lee: Desk, backup: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, revision = lee.queue.page(EVERYTHING, 0, None), lee.history.revision()

    def power_cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("store.transfer.copying.put_all_documents", power_cut)
    with pytest.raises(KeyboardInterrupt):
        lee.transfer.restore(backup)
    assert lee.queue.page(EVERYTHING, 0, None) == before
    assert lee.history.revision() == revision
    check(lee, address)


def test_what_may_have_gone_out_since_does_not_go_out_again(
    lee: Desk, tmp_path: Path, clock: Clock, database: Database
) -> None:
    for number in range(1, 8):
        lee.team.mark_out(f"early{number}")
    clock.advance(hours=5)
    lee.transfer.take_in(
        [incoming(n, requester_name="Ada", customer=f"C{n}") for n in range(100, 160)]
    )
    drafts = lee.waits.read().drafts
    assert len(drafts) > 1
    lee.waits.send(drafts[:2], way=NoticeWay.WEBHOOK, domain="example.com")
    backup = tmp_path / "backup.db"
    lee.transfer.back_up(backup)
    clock.advance(minutes=1)
    claimed = lee.waits.claim("loop")
    assert claimed is not None
    lee.waits.record(claimed, NoticeState.SENT, outcome="Taken.")
    lee.transfer.restore(backup)
    with database.read() as connection:
        states = connection.scalars(text("SELECT state FROM notice ORDER BY id")).all()
    assert states == [NoticeState.IN_DOUBT, NoticeState.QUEUED]


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """Give the test's database, beside the desks on it."""
    with closing(Database(address)) as opened:
        yield opened


def test_what_is_no_backup_is_refused(lee: Desk, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Buy milk.")
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE milk (litres)").connection.close()
    newer = tmp_path / "newer.db"
    lee.transfer.back_up(newer)
    run(newer, "UPDATE alembic_version SET version_num = '9999'")
    for name, reason in (
        ("missing.db", r"missing\.db: cannot be read: No such file"),
        ("notes.txt", r"notes\.txt: is no backup; expected a file that numberone db backup made"),
        ("other.db", r"other\.db: is no backup"),
        ("newer.db", r"newer\.db: made by a newer numberone \(schema 9999"),
    ):
        with pytest.raises(Refusal, match=reason):
            lee.transfer.restore(tmp_path / name)
    assert lee.queue.total(EVERYTHING) == 19


def test_a_damaged_backup_is_refused(lee: Desk, backup: Path) -> None:
    wrong = Path(shutil.copy(backup, backup.with_name("wrong.db")))
    run(wrong, "DELETE FROM ticket_order WHERE ticket_id = 3")
    with pytest.raises(Refusal, match=r"wrong\.db: is damaged: #3: is actionable and not in the"):
        lee.transfer.restore(wrong)
    half = backup.with_name("half.db")
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(Refusal, match=r"half\.db: is damaged: .*take another backup"):
        lee.transfer.restore(half)
    unsaid = backup.with_name("unsaid.db")  # what SQLite says of it is no text
    table = b"tablealembic_versionalembic_version"
    kept = backup.read_bytes().replace(table, table.replace(b"bic", b"b\x8dc"))
    unsaid.write_bytes(kept.replace(b"CREATE TABLE alembic", b"CREATE TABXE alembic"))
    with pytest.raises(Refusal, match=r"unsaid\.db: is damaged: .*take another backup"):
        lee.transfer.restore(unsaid)


def test_a_damaged_database_is_replaced(tmp_path: Path, clock: Clock) -> None:
    place, backup = tmp_path / "desk.db", tmp_path / "backup.db"
    with closing(Desk.open(str(place), actor="lee", clock=clock)) as desk:
        desk.team.import_members(team())
        desk.transfer.take_in([incoming(number) for number in range(1, 200)])
        desk.transfer.back_up(backup)
    content = bytearray(place.read_bytes())
    content[4096 : len(content)] = bytes(len(content) - 4096)
    place.write_bytes(content)
    with (
        pytest.raises(Damaged),
        closing(Desk.open(str(place), actor="lee", clock=clock)) as desk,
    ):
        desk.transfer.restore(backup)
    restored = restore_over_damaged(str(place), backup, actor="lee", now=clock())
    assert restored.tickets == 199
    assert restored.kept is not None
    assert restored.kept.read_bytes() == content
    with closing(Desk.open(str(place), actor="lee", clock=clock)) as desk:
        check(desk, str(place))
        assert desk.transfer.problems() == []


WRONG = {
    "DELETE FROM ticket_order WHERE ticket_id = 2": ["#2: is actionable and not in the queue"],
    "UPDATE ticket SET status = 'pending', waiting_since = NULL, respond_by = NULL, aim_by = NULL"
    " WHERE id = 2": [
        "#2: is in the queue and not actionable",
        "the count queue is 19; expected 18",
        "the count queue:p2 is 19; expected 18",
    ],
    "UPDATE ticket SET status = 'solved' WHERE id = 2": [
        "#2: is solved while its customer waits for an answer"
    ],
    "UPDATE ticket SET merged_into = 3 WHERE id = 2": [
        "#2: is merged into #3 and new; expected closed"
    ],
    "UPDATE ticket SET last_customer_message_at = received_at + 9, last_response_at = received_at,"
    " waiting_since = NULL WHERE id = 2": [
        "#2: its customer wrote after our last answer, and it says that nobody waits"
    ],
    "UPDATE ticket SET respond_by = NULL WHERE id = 2": [
        "#2: its priority or times are not what the policy gives",
        "#2: its place in the queue is not the one that the policy gives",
    ],
    "UPDATE ticket_order SET assignee = 'mo' WHERE ticket_id = 2": [
        "#2: its place in the queue is not the one that the policy gives"
    ],
    "UPDATE ticket SET priority = 'p0' WHERE id = 2": ["#2: its priority is p0; expected p2"],
    "UPDATE ticket SET version = 7 WHERE id = 2": [
        "#2: its history has 1 events; expected 7 or more"
    ],
    "UPDATE tally SET tickets = 5 WHERE name = 'all'": ["the count all is 5; expected 19"],
    "UPDATE order_block SET tickets = 5 WHERE mode = 'normal'": [
        "the order normal counts 5 tickets in a block; expected 19"
    ],
    "DELETE FROM ticket_search": ["#1: is not found by its words"],
    "UPDATE ticket SET status = 'lost' WHERE id = 2": ["#2 is damaged in the database"],
    "UPDATE ticket SET url = 'else' WHERE id = 2": ["#2: its url is not what the history tells"],
    "UPDATE event SET actor = 'mo' WHERE id = 2": ["event 2 ("],
    "DELETE FROM event WHERE id = 2": ["event 3 (", "#1: its history has 1 events"],
}


@pytest.mark.parametrize("statement", WRONG)
def test_the_check_names_what_is_wrong(lee: Desk, database: Database, statement: str) -> None:
    assert lee.transfer.problems() == []
    with database.write() as connection:
        connection.execute(text(statement))
    found = lee.transfer.problems()
    for expected in WRONG[statement]:
        assert any(line.startswith(expected) for line in found), found


def test_a_damaged_event_hides_none_of_the_others(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "desk.db"
    with closing(Desk.open(str(path), actor="lee", clock=clock)) as desk:
        desk.transfer.take_in([incoming(1), incoming(2)])
        desk.tickets.take(2)
        run(path, "UPDATE event SET after = '{' WHERE id = 2")
        (line, *_) = desk.transfer.problems()
        assert line.startswith("event 2 (")
        assert "cannot be read" in line
        with desk.history.events(EventFilter()) as events:
            assert [each.kind for each in events] == ["imported", "unreadable", "taken"]
        assert [each.kind for each in desk.tickets.history(2)] == ["unreadable", "taken"]
        desk.tickets.reply(2)
        with pytest.raises(Refusal, match="event 2"):
            desk.transfer.back_up(tmp_path / "backup.db")


def run(path: Path, statement: str) -> None:
    """Change a database file behind everybody's back."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
