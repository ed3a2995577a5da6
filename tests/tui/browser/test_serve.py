"""The board through a browser's requests: nothing without the password, all of it with it."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.databases import address_of
from tests.tui.command_runs import CommandLine
from tui.browser.doorkeeper import Doorkeeper
from tui.environment.sync_process import PROGRAM

_LONG_ENOUGH = 60.0


@asynccontextmanager
async def served(numberone: CommandLine) -> AsyncIterator[tuple[str, str]]:
    """Serve a board from a process of its own, and give its address and password."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, "--db", address_of(numberone.db), "--as", "mo", "serve"),
        *("--port", str(port)),
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "HOME": str(numberone.folder)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        found = re.fullmatch(r"Open (\S+) and log in with the password (\S+)\n", line)
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
        yield found[1], found[2]
    finally:
        process.terminate()
        await process.communicate()


async def test_nothing_is_shown_without_the_password_and_the_board_with_it(
    numberone: CommandLine,
) -> None:
    numberone.take_in({"subject": "Instance down for all users", "severity": 0})
    async with (
        served(numberone) as (url, password),
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
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


async def test_each_wrong_password_makes_the_next_answer_slower() -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    door = Doorkeeper("right", pause)
    assert [await door.let_in("wrong") for _ in range(8)] == [None] * 8
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    token = await door.let_in("right")
    assert door.knows(token)
    assert not door.knows("right")


def test_beyond_this_machine_it_is_shown_with_tls_only(numberone: CommandLine) -> None:
    assert "not to travel in the open" in numberone.refused("serve --host 0.0.0.0")
    assert "expected an address" in numberone.refused("serve --url desk.example")
    assert "no certificate with its key" in numberone.refused("serve --certificate c --key k")
