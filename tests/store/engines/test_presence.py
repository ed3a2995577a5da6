"""Who is at which ticket: told to the others, kept nowhere, and gone when nobody says so again."""

import os
import sqlite3
import stat
from contextlib import ExitStack, closing
from pathlib import Path
from queue import SimpleQueue

from store.desk import Desk
from store.engines.presence_file import PresenceFile
from store.presence import (
    GONE_AFTER,
    SAID_EVERY,
    AtTicket,
    Company,
    Doing,
    at_ticket,
    read,
    written,
)
from tests.store.conftest import OpenDesk

_LONG_ENOUGH = 60.0
LOOKS = AtTicket(7, "jo", Doing.LOOKS)
ANSWERS = AtTicket(8, "jo", Doing.ANSWERS)


def test_others_are_told_and_nothing_is_changed(open_desk: OpenDesk) -> None:
    mo, jo = open_desk("mo"), open_desk("jo")
    heard: SimpleQueue[tuple[AtTicket, ...]] = SimpleQueue()
    changed: SimpleQueue[bool] = SimpleQueue()
    begun = mo.history.revision()
    with ExitStack() as boards:
        watching = mo.changes(lambda: changed.put(True), heard.put)
        boards.enter_context(closing(watching))
        watching.be_at(AtTicket(1, "mo", Doing.LOOKS), "mo")
        again = boards.enter_context(closing(mo.changes(lambda: None, lambda _: None)))
        again.be_at(AtTicket(2, "MO", Doing.LOOKS), "mo")
        with closing(jo.changes(lambda: None, lambda _: None)) as board:
            for place in (LOOKS, ANSWERS):
                board.be_at(place, "jo")
                assert heard.get(timeout=_LONG_ENOUGH) == (place,)
        assert heard.get(timeout=_LONG_ENOUGH) == ()
        assert changed.get(timeout=_LONG_ENOUGH)
        assert changed.empty()
    assert mo.history.revision() == begun


def test_whoever_is_not_heard_is_gone() -> None:
    company = Company()
    company.hear("a", LOOKS, 100.0)
    company.hear("b", LOOKS, 101.0)
    company.hear(company.board, ANSWERS, 101.0)
    assert company.others("mo", 100.0 + GONE_AFTER) == (LOOKS,)
    assert company.others("JO", 102.0) == ()
    assert company.others("mo", 101.1 + GONE_AFTER) == ()
    company.hear("a", ANSWERS, 200.0)
    assert company.others("mo", 100.0) == ()  # said in the future, after a clock was set back
    assert SAID_EVERY * 2 < GONE_AFTER


def test_it_is_said_when_somebody_moves_and_now_and_then() -> None:
    company = Company()
    assert not company.is_due(None, 1.0)
    assert company.is_due(LOOKS, 1.0)
    company.said(LOOKS, 1.0)
    assert not company.is_due(LOOKS, 2.0)
    assert company.is_due(ANSWERS, 2.0)
    assert company.is_due(None, 2.0)
    assert company.is_due(LOOKS, 1.0 + SAID_EVERY)


def test_what_makes_no_sense_is_nobody() -> None:
    assert at_ticket(read(written("b", LOOKS, "public").encode())) == LOOKS
    for said in (b"", b"\xff", b"[]", b"{}", b'{"board": 1}', b"[" * 9000):
        assert read(said) == {}
    for wrong in (
        {"ticket": "7"}, {"login": ""}, {"login": "x" * 65}, {"login": None}, {"login": "\ud800"},
        {"doing": "steals"},
    ):  # fmt: skip
        assert at_ticket({"ticket": 7, "login": "jo", "doing": "looks"} | wrong) is None


def test_the_file_is_its_owners_and_is_there_while_somebody_is(tmp_path: Path) -> None:
    database, file = tmp_path / "desk.db", tmp_path / "desk.db-presence"
    Desk.open(str(database), actor="mo").close()
    mo, jo = PresenceFile(database), PresenceFile(database)
    assert jo.company(None, "jo") == ()
    assert not file.exists()
    assert jo.company(LOOKS, "jo") == ()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert mo.company(None, "mo") == (LOOKS,)
    file.write_bytes(b"no database at all " * 300)  # whoever wrote it was ended in the middle
    assert jo.company(ANSWERS, "jo") == ()
    assert mo.company(None, "mo") == ()
    assert jo.company(ANSWERS, "jo") == ()
    assert mo.company(None, "mo") == (ANSWERS,)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE at_ticket SET ticket = 'x', login = x'ff', at = 'now'")
    os.utime(file)
    assert mo.company(None, "mo") == ()
    jo.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["desk.db"]
