"""The board through a browser's requests: nothing without the password, all of it with it."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import psycopg
import pytest

from policy.roster.team_file import load_team
from store.desk import Desk
from tests.databases import address_of
from tests.store.postgres_server import PostgresServer
from tests.tui.boards import NOW, small_queue
from tests.tui.command_runs import CommandLine
from tui.browser.doorkeeper import Board, Doorkeeper, TooManyError
from tui.environment.sync_process import PROGRAM

_LONG_ENOUGH = 60.0


@asynccontextmanager
async def served(
    folder: Path, *database: str, how: str = r"the password (\S+)"
) -> AsyncIterator[re.Match[str]]:
    """Serve a board from a process of its own, and give its address and how one logs in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, *database, "serve", "--port", str(port)),
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "HOME": str(folder)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        found = re.fullmatch(rf"Open (\S+) and log in with {how}\n", line)
        assert found is not None, line
        async with asyncio.timeout(_LONG_ENOUGH):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except ConnectionRefusedError:
                    continue
                writer.close()
                await writer.wait_closed()
                break
        yield found
    finally:
        process.terminate()
        await process.communicate()


@pytest.mark.on_files("on a server it asks for the server's login, which the next one tells")
async def test_nothing_is_shown_without_the_password_and_the_board_with_it(
    numberone: CommandLine,
) -> None:
    numberone.take_in({"subject": "Instance down for all users", "severity": 0})
    async with (
        served(numberone.folder, "--db", address_of(numberone.db), "--as", "mo") as started,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        url, password = started.groups()
        here = {"Origin": url}
        page = await browser.get(url)
        assert page.url.path == "/login"
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        for path in ("/static/js/textual.js", "/download/x", "/static/", "/nowhere"):
            assert (await browser.get(f"{url}{path}")).status == 401, path
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await browser.ws_connect(f"{url}/ws", headers=here)
        wrong = await browser.post(f"{url}/login", data={"password": "x"}, headers=here)
        assert wrong.status == 401
        assert "That is not the password." in await wrong.text()
        elsewhere = {"Origin": "https://evil.example"}
        asked = {"password": password}
        assert (await browser.post(f"{url}/login", data=asked, headers=elsewhere)).status == 403
        assert (await browser.get(url, headers={"Host": "evil.example"})).status == 421
        right = await browser.post(f"{url}/login", data=asked, headers=here, allow_redirects=False)
        assert right.status == 303
        assert right.headers["Set-Cookie"].endswith("; HttpOnly; Path=/; SameSite=Strict")
        assert "keys.focus()" in await (await browser.get(url)).text()
        assert (await browser.get(f"{url}/static/js/textual.js")).status == 200
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await browser.ws_connect(f"{url}/ws", headers=elsewhere)
        board = await browser.ws_connect(f"{url}/ws?width=120&height=36", headers=here)
        async with asyncio.timeout(_LONG_ENOUGH):
            while b"Instance down for all users" not in (await board.receive()).data:
                pass
        await board.close()


async def test_on_a_server_each_is_who_the_server_says(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    address = postgres.new_database()
    with closing(Desk.open(address, actor="maker", clock=lambda: NOW)) as desk:
        desk.transfer.take_in(small_queue())
        desk.team.import_members(load_team(_TEAM, "team.toml"))
        desk.access.make()
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("CREATE ROLE browsing LOGIN IN ROLE numberone_support PASSWORD 'right: @/%'")
    postgres.ask_for_password("browsing")
    async with (
        served(tmp_path, "--db", address, how="your login at the database") as started,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        url = started[1]
        here = {"Origin": url}

        async def logged_in(login: str, password: str) -> int:
            typed = {"login": login, "password": password}
            answer = await browser.post(
                f"{url}/login", data=typed, headers=here, allow_redirects=False
            )
            return answer.status

        assert 'name="login"' in await (await browser.get(url)).text()
        assert await logged_in("browsing", "wrong") == 401
        assert await logged_in("browsing", "") == 401
        assert await logged_in("brow\0sing", "right: @/%") == 401
        assert await logged_in("numberone", "anything") == 503  # let in unasked: nothing is proved
        assert await logged_in("browsing", "right: @/%") == 303
        board = await browser.ws_connect(f"{url}/ws?width=120&height=36", headers=here)
        async with asyncio.timeout(_LONG_ENOUGH):
            while b"nobody is out" not in (await board.receive()).data:
                pass  # the last of what a board shows when it opens
            await board.send_json(["resize", {"width": 10**9, "height": 36}])
            await board.send_json(["stdin", "t"])
            with psycopg.connect(address, autocommit=True) as owner:
                while not (done := owner.execute(_WHO_TOOK).fetchall()):
                    await board.receive()
        assert done == [("browsing", None)]
        await board.close()


_TEAM = """
[[member]]
login = "browsing"
name = "Bo"
role = "support"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Sun 00:00-24:00"]
"""
_WHO_TOOK = "SELECT actor, entered_by FROM event WHERE actor <> 'maker'"


class RightIsLuz:
    """Knows one password, and that it is of luz."""

    asks_login = True

    def board_of(self, login: str, password: str) -> Board | None:
        return {"NUMBERONE_AS": login} if (login, password) == ("luz", "right") else None


async def test_each_wrong_password_makes_the_next_answer_slower_for_that_login() -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    door = Doorkeeper(RightIsLuz(), pause)
    assert [await door.let_in("luz", "wrong") for _ in range(8)] == [None] * 8
    assert await door.let_in("mo", "wrong") is None
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 0.5]
    token = await door.let_in("luz", "right")
    assert door.board_of(token) == {"NUMBERONE_AS": "luz"}
    assert door.board_of("right") is None


@pytest.mark.parametrize(("asked", "let"), [(["luz"] * 6, 5), (list(map(str, range(51))), 50)])
async def test_few_are_looked_at_at_once(asked: list[str], let: int) -> None:
    async def pause(_: float) -> None:
        pass

    door = Doorkeeper(RightIsLuz(), pause)
    tries = [door.let_in(login, "wrong") for login in asked]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert answers[:let] == [None] * let
    assert isinstance(answers[let], TooManyError)


def test_beyond_this_machine_it_is_shown_with_tls_only(numberone: CommandLine) -> None:
    assert "not to travel in the open" in numberone.refused("serve --host 0.0.0.0")
    assert "expected an address" in numberone.refused("serve --url desk.example")
    assert "no certificate with its key" in numberone.refused("serve --certificate c --key k")
