"""A board whose server says nothing: it says so, answers keys, and tells how each step ended."""

import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import pytest

from store.desk import Desk
from tests.store.engines.faults import COMMIT, Place
from tests.store.postgres_server import PostgresServer
from tests.store.tcp_proxy import Proxy, close
from tests.tui.boards import NOW, Driver, opened_board, small_queue
from tui.board.conversation.sending_line import SendingLine
from tui.environment.keymap import DEFAULT_KEYS

_UNDO = DEFAULT_KEYS["undo"][0]


@pytest.fixture
def place(postgres: PostgresServer) -> Iterator[Place]:
    with Proxy(postgres.socket) as proxy:
        place = Place(postgres, proxy)
        with closing(_desk(place.direct)) as desk:
            desk.transfer.take_in(small_queue())
        yield place


async def test_a_key_into_a_silent_network_is_shown_taken_back_and_never_done(
    place: Place, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def fall_silent(_: socket.socket, __: socket.socket) -> bool:
        place.proxy.fall_silent()
        return True

    path = tmp_path_factory.mktemp("board") / "unused"
    address = place.address(connect_timeout="2")
    async with opened_board(path, open_desk=lambda: _desk(address)) as board:
        place.proxy.once(b"INSERT INTO event", fall_silent)
        await board.pilot.press("t")
        await board.until(lambda: "no answer from the database yet, for" in _line(board))
        await board.pilot.press("j")
        assert board.cursor == 2
        await board.until(lambda: "! nothing heard from the database for" in board.header)
        assert "what is shown is that old" in board.header
        await board.pilot.press(_UNDO)
        await board.until(lambda: any("it was given up before" in each for each in board.toasts))
        assert board.toasts[-1].endswith("nothing was changed")
        place.proxy.speak()
        await board.until(lambda: "LEVEL 1" in board.header)
        await board.press("t")
        assert board.toasts[-1].startswith("#2 is yours")
        assert _holders(place)[:2] == [None, "mariam"]


async def test_an_answer_that_was_lost_is_told_once_the_server_is_heard_again(
    place: Place, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def lose(client: socket.socket, server: socket.socket) -> bool:
        place.proxy.fall_silent()
        server.sendall(COMMIT)
        while _holders(place)[0] is None:
            pass
        close(client)
        return False

    path = tmp_path_factory.mktemp("board") / "unused"
    address = place.address(connect_timeout="2")
    async with opened_board(path, open_desk=lambda: _desk(address)) as board:
        place.proxy.on_commit(lose)
        await board.pilot.press("t")
        await board.until(lambda: "takes it back" in _line(board))
        await board.pilot.press(_UNDO)
        await board.until(lambda: any("is not known yet" in each for each in board.toasts))
        place.proxy.speak()
        await board.until(lambda: "it was done after all" in board.toasts[-1])
        assert _holders(place)[0] == "mariam"


def _desk(address: str) -> Desk:
    def now() -> datetime:
        return NOW

    return Desk.open(address, actor="mariam", clock=now)


def _holders(place: Place) -> list[str | None]:
    with closing(_desk(place.direct)) as desk:
        return [desk.tickets.get(number).assignee for number in range(1, 6)]


def _line(board: Driver) -> str:
    return str(board.board.query_one(SendingLine).render())
