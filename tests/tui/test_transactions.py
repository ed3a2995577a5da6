"""How many transactions a person's action, a look, and a reading of the board take: one each.

Opening the database is a transaction of its own, which looks at its schema, and is counted apart.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from textual.worker import Worker, get_current_worker

from store.desk import Desk
from store.queue.query import Query
from tests.databases import address_of
from tests.tui.boards import NOW, filled, opened_board, small_queue
from tests.tui.command_runs import CommandLine
from tests.tui.teams import member
from tui.board import snapshot
from tui.board.snapshot import Request

OPENING = 1
"""The look at the schema of a database that is at the newest."""

ONE = 1

_COUNTED = {
    # what is looked at
    "next": ONE,
    "next --format $id": ONE,
    "show 6 --reply": ONE,
    "waits draft 1 2": ONE,
    "new --subject Help --customer Acme --tier team --severity 2 --dry-run": ONE,
    "list": ONE,
    "list --all --json": ONE,
    "list tier:enterprise": ONE,
    "show test:1": ONE,
    "show 1 --json": ONE,
    "messages 1": ONE,
    "messages test:1 --json": ONE,
    "explain 1": ONE,
    "explain 1 --versus test:2 --json": ONE,
    "history --ticket test:1": ONE,
    "history --json": ONE,
    "handover-note": ONE,
    "report": ONE,
    "mode": ONE,
    "policy show": ONE,
    "team": ONE,
    "team --export": ONE,
    "coverage": ONE,
    "capacity": ONE,
    "allocation --json": ONE,
    "connections": ONE,
    "connections --export": ONE,
    "timer": ONE,
    "timer list": ONE,
    "waits": ONE,
    "waits send --all --dry-run": ONE,
    "out ada --until 3h --dry-run": ONE,
    "review --json": ONE,
    "context 1": ONE,
    "db check": ONE,
    "export - --format jsonl": ONE,
    # what is done
    "new --subject Help --customer Acme --tier team --severity 2": ONE,
    "take": ONE,
    "take 1 test:2": ONE,
    "take 1 --json": ONE,
    "assign 1 test:2 ada --json": ONE,
    "reply 1": ONE,
    "reply test:1 --text team.toml --json": ONE,
    "reply 1 --text team.toml --internal": ONE,
    "heard test:1": ONE,
    "status 1 2 pending": ONE,
    "priority 2 p0 --reason Down --input customer": ONE,
    "deviate 2 --reason Launch --until answered": ONE,
    "mode hard_choices --reason ill --until 3h": ONE,
    "merge 1 test:7": ONE,
    "split test:1 --subject Part": ONE,
    "comment 1 Same": ONE,
    "context test:1 --set logs=502": ONE,
    "escalate 1 --because Boats": ONE,
    "timer start test:1": ONE,
    "timer start --internal": ONE,
    "out ada --until 3h --hand-over": ONE,
    "waits send --all": ONE,
    "waits draft 1 --send": ONE,
    "at-capacity ada": ONE,
    "waits take-back": ONE,
    "waits retry": ONE,
}
"""Each command with how many transactions it takes once the database is open."""

_REFUSED = ("take 999", "take 1 999", "status 1 999 solved", "merge 1 1", "redo", "handover 1")


@contextmanager
def transactions() -> Iterator[list[bool]]:
    """Give a list to which every transaction adds whether it writes."""
    begun: list[bool] = []

    def note(connection: Connection) -> None:
        begun.append(bool(connection.get_execution_options().get("writes", False)))

    event.listen(Engine, "begin", note)
    try:
        yield begun
    finally:
        event.remove(Engine, "begin", note)


@pytest.fixture
def shift(numberone: CommandLine) -> CommandLine:
    """Give the command line on a desk with a queue and a team of three."""
    filled(numberone.db, [*small_queue(), *(_seventh())])
    team = numberone.folder / "team.toml"
    people = (member("mo", role="lead"), member("ada"), member("ben", shift=2))
    team.write_text("\n".join(people), encoding="utf-8")
    numberone("team import", str(team))
    return numberone


def _seventh() -> list[Any]:
    first = small_queue()[0]
    return [first.model_copy(update={"external_id": "7", "subject": "Down, too"})]


_MAKE_NONE = ("db check", "policy show")


@pytest.mark.parametrize(("typed", "expected"), _COUNTED.items(), ids=_COUNTED)
def test_each_command_takes_one_transaction_beside_opening(
    shift: CommandLine, engine: str, typed: str, expected: int
) -> None:
    """And a server is asked before whether there is a desk, by those that must not make one."""
    with transactions() as begun:
        shift(typed)
    asked = engine == "postgresql" and typed in _MAKE_NONE
    assert len(begun) - OPENING - asked == expected


def test_what_changes_something_is_one_transaction_that_writes(shift: CommandLine) -> None:
    for typed, writes in (("take", True), ("mode auto", True), ("mode", False), ("next", False)):
        with transactions() as begun:
            shift(typed)
        assert begun[OPENING:] == [writes], typed


def test_taking_back_and_what_follows_on_something_take_one_too(shift: CommandLine) -> None:
    shift("take 1")
    steps = (
        "undo", "redo", "deviate 2 --reason Launch --until 3h", "deviate 2 --end",
        "timer start 1", "timer stop", "timer edit 1 --ticket 2", "timer remove 1", "back ben",
    )  # fmt: skip
    shift("out ben --until 3h")
    for typed in steps:
        with transactions() as begun:
            shift(typed)
        assert len(begun) - OPENING == ONE, typed


@pytest.mark.parametrize("typed", _REFUSED)
def test_what_is_refused_took_one_and_changed_nothing(shift: CommandLine, typed: str) -> None:
    before = shift.json("history")
    with transactions() as begun:
        assert shift.refused(typed)
    assert len(begun) - OPENING == ONE
    assert shift.json("history") == before


@pytest.mark.on_files("the schema that is lent has its tables")
def test_a_new_database_is_looked_at_and_made(numberone: CommandLine) -> None:
    with transactions() as begun:
        numberone("next")
    assert begun == [False, True, False], "the schema's look, its making, and the reading"


def _reading(known: snapshot.Cache | None = None) -> Request:
    return Request(query=Query(), followed=1, row=0, top=0, height=20, known=known)


def test_a_whole_reading_of_the_board_is_one_transaction(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
        with transactions() as begun:
            whole = snapshot.read(desk, _reading())
        assert begun == [False]
        assert whole.board_state is not None
        assert whole.card is not None


def test_another_list_of_the_same_desk_is_read_without_what_is_no_lists_own(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
        whole = snapshot.read(desk, _reading())
        state = whole.board_state
        assert state is not None
        known = snapshot.Cache(
            query=whole.query,
            revision=whole.revision,
            minute=whole.minute,
            valid_until=None,
            total=state.total,
            pages=frozenset(whole.pages),
            card=1,
            state=state,
            time=state.time,
        )
        other = replace(_reading(), query=Query(words=("login",)), watched=state.watched)
        anew, found = (snapshot.read(desk, replace(other, known=each)) for each in (None, known))
        assert found == replace(anew, card=found.card, ready_reply=found.ready_reply)
        assert found.board_state is not None
        assert found.board_state.overview is state.overview
        desk.tickets.take(2)
        assert snapshot.read(desk, replace(other, known=known)).board_state != found.board_state


async def test_whatever_the_board_does_in_a_thread_is_one_transaction(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    async with opened_board(path) as board:
        with by_worker() as begun:
            for key in ("j", "w", "E", "I", "H"):
                await board.press(key)
                await board.press("escape")
            await board.press("i", "i", "z")
        names = {name for name, _ in begun}
        assert {"reading", "waits", "engineering", "entries", "history", "timer", "undo"} <= names
        assert {key: number for key, number in begun.items() if number > 1} == {}


async def test_t_is_one_transaction_that_writes_and_one_reading_after_it(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    async with opened_board(path) as board:
        with by_worker() as begun, transactions() as kinds:
            await board.press("t")
        assert "#1 is yours." in " ".join(board.toasts)
        assert kinds[:2] == [True, False]
        assert [name for name, _ in begun][:2] == ["take", "reading"]
        assert set(begun.values()) == {1}


@contextmanager
def by_worker() -> Iterator[Counter[tuple[str, int]]]:
    """Give how many transactions each worker of the board began, by its name and a number."""
    begun: Counter[tuple[str, int]] = Counter()
    workers: list[Worker[Any]] = []

    def note(_: Connection) -> None:
        worker = get_current_worker()
        if worker not in workers:
            workers.append(worker)
        begun[worker.name, workers.index(worker)] += 1

    event.listen(Engine, "begin", note)
    try:
        yield begun
    finally:
        event.remove(Engine, "begin", note)
