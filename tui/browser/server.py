"""The server of the board in a browser: textual-serve's, with a login before all it gives."""

import ssl
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Mapping
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.app_service import AppService
from textual_serve.server import Server

from policy.refusal import Refusal
from tui.browser.doorkeeper import Board, Doorkeeper, TooManyError
from tui.environment.sync_process import PROGRAM

_COOKIE: Final = "numberone"
_LOGIN: Final = "/login"
_BOARD: Final = "/ws"
_MOST_CELLS: Final = 1000
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer says; nothing is fetched from elsewhere, a font of Google's neither."""

_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>numberone</title>
<style>:root{{color-scheme:dark}}
body{{font:16px monospace;background:#16181d;color:#d8dbe2;margin:20vh auto;width:22em}}
label{{display:block;margin-top:1em}}
input,button{{font:inherit;padding:.4em;width:100%;box-sizing:border-box;margin-top:.6em}}</style>
<h1>numberone</h1><p role="status">{said}</p><form method="post" action="/login">{login}
<label>Password<input name="password" type="password" autocomplete="{keeps}"{focus}></label>
<button>Log in</button></form></html>
"""
_LOGIN_FIELD: Final = """
<label>Login<input name="login" autocomplete="username" autocapitalize="none" autofocus></label>"""
_FOCUS: Final = """<script>new MutationObserver((_, seen) => {
const keys = document.querySelector("textarea"); if (keys) { seen.disconnect(); keys.focus(); }
}).observe(document.body, {childList: true, subtree: true});</script></body>"""
"""Gives the board the keys at once, without a click."""

_ASKS: Final = "The password stands where numberone serve was started."
_ASKS_LOGIN: Final = "Log in as you do at the team's database."
_WRONG: Final = "That is not the password."
_WRONG_LOGIN: Final = "The database does not let that login in with that password."
_LATER: Final = "Too many try at once; try again in a minute."


class BrowserServer(Server):
    """Shows the board to whoever is let in: each page is a board of its own.

    ``said`` is what the environment of a board says beside what it has from here; ``url`` is the
    address in the browser, and requests for any other are not answered.
    """

    def __init__(
        self,
        doorkeeper: Doorkeeper,
        said: Mapping[str, str],
        *,
        host: str,
        port: int,
        url: str,
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__("numberone", host=host, port=port, public_url=url)
        self._doorkeeper = doorkeeper
        self._said = said
        self._tls = tls
        self._secure = url.startswith("https:")

    def answer_until_stopped(self) -> None:
        """Answer until a signal ends it."""
        web.run_app(
            self._make_app(),
            host=self.host,
            port=self.port,
            ssl_context=self._tls,
            print=None,
            access_log=None,
        )

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: what there is to say was said before."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        app.add_routes([web.get(_LOGIN, self._ask), web.post(_LOGIN, self._let_in)])
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer whoever is logged in and comes from this very address; others may log in."""
        try:
            answer = await self._guarded(request, handler)
        except web.HTTPException as refused:
            refused.headers.update(_HEADERS)
            raise
        if not answer.prepared:
            answer.headers.update(_HEADERS)
        return answer

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host != urlsplit(self.public_url).netloc:
            raise web.HTTPMisdirectedRequest(text=f"open {self.public_url}\n")
        changes = request.method != "GET" or request.path == _BOARD
        if changes and request.headers.get("Origin") != self.public_url:
            raise web.HTTPForbidden(text="asked for by another page\n")
        if request.path != _LOGIN and self._board_of(request) is None:
            if request.path == "/":
                raise web.HTTPSeeOther(_LOGIN)
            raise web.HTTPUnauthorized(text="log in first\n")
        return await handler(request)

    def _board_of(self, request: web.Request) -> Board | None:
        return self._doorkeeper.board_of(request.cookies.get(_COOKIE))

    async def _ask(self, _: web.Request) -> web.Response:
        return self._page(_ASKS_LOGIN if self._doorkeeper.asks_login else _ASKS)

    async def _let_in(self, request: web.Request) -> web.Response:
        typed = await request.post()
        login, password = (typed.get(name) for name in ("login", "password"))
        try:
            token = await self._doorkeeper.let_in(
                login if self._doorkeeper.asks_login and isinstance(login, str) else "",
                password if isinstance(password, str) else "",
            )
        except TooManyError:
            return self._page(_LATER, 429)
        except Refusal as refusal:
            return self._page(f"Not now: {refusal.reason}.", 503)
        if token is None:
            return self._page(_WRONG_LOGIN if self._doorkeeper.asks_login else _WRONG, 401)
        answer = web.Response(status=303, headers={"Location": "/"})
        answer.set_cookie(
            _COOKIE, token, httponly=True, samesite="Strict", secure=self._secure, path="/"
        )
        return answer

    def _page(self, said: str, status: int = 200) -> web.Response:
        asks_login = self._doorkeeper.asks_login
        text = _PAGE.format(
            said=escape(said),
            login=_LOGIN_FIELD if asks_login else "",
            keeps="current-password" if asks_login else "off",
            focus="" if asks_login else " autofocus",
        )
        return web.Response(text=text, status=status, content_type="text/html")

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """Give the page of a board, which has the keys from the beginning."""
        page = await super().handle_index(request)
        if isinstance(page, web.Response):
            page.text = (page.text or "").replace("</body>", _FOCUS)
        return page

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Start a board for a page, and end it with the page."""
        websocket = web.WebSocketResponse(heartbeat=15)
        await websocket.prepare(request)
        board = _BoardService(
            {**self._said, **(self._board_of(request) or {})},
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=websocket.close,
            download_manager=self.download_manager,
        )
        await board.start(_cells(request, "width", 80), _cells(request, "height", 24))
        try:
            await self._process_messages(websocket, board)
        finally:
            await board.stop()
        return websocket


class _BoardService(AppService):
    """Starts a board as a list of arguments, told by its environment what is not for all to see."""

    def __init__(self, said: Mapping[str, str], **rest: Any) -> None:  # noqa: ANN401 - handed on
        super().__init__("numberone", **rest)
        self._said = said

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await create_subprocess_exec(
            *(sys.executable, "-P", "-c", PROGRAM),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height) | dict(self._said),
        )
        self._stdin = process.stdin
        return process

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell the board of another size, as far as a screen can be so large."""
        await super().set_terminal_size(_within(width), _within(height))


def _cells(request: web.Request, name: str, usual: int) -> int:
    asked = request.query.get(name, "")
    known = asked.isascii() and asked.isdecimal() and len(asked) <= len(str(_MOST_CELLS))
    return _within(int(asked)) if known else usual


def _within(cells: int) -> int:
    return min(_MOST_CELLS, max(1, int(cells)))
