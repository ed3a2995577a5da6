"""Where a browser comes back to after a login: an address on this machine alone, for a moment."""

import os
import threading
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from policy.refusal import Refusal

_THANKS: Final = "numberone has it. Close this page and go back to the terminal.\n"
_NOT_OURS: Final = "This is no answer to the login that is going on; nothing was taken from it.\n"
_SLOW: Final = 10
"""After how many seconds a client that says nothing is hung up on: browsers connect ahead."""


class Loopback:
    """Listens on 127.0.0.1 while the ``with`` lasts; readable once the answer is there.

    Only an answer with our ``state`` counts: any page in the browser can send one here.
    """

    def __init__(self, redirect: str, state: str) -> None:
        parts = urlsplit(redirect)
        self._root = f"{parts.scheme}://{parts.netloc}"
        self._path = parts.path
        self._state = state
        self._answer: str | None = None
        self._readable, self._written = os.pipe()
        self._server = _listening(parts.port or 0, self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        os.close(self._readable)
        os.close(self._written)

    def fileno(self) -> int:
        """Return what can be selected on until the answer is there."""
        return self._readable

    def answer(self) -> str | None:
        """Return the whole address to which the browser came back, None before that."""
        return self._answer

    def _take(self, path: str) -> bool:
        """Take a request's path if it answers the login, the first one alone."""
        parts = urlsplit(path)
        state = parse_qs(parts.query).get("state", [""])[0]
        if parts.path != self._path or not compare_digest(state.encode(), self._state.encode()):
            return False
        if self._answer is None:
            self._answer = f"{self._root}{path}"
            os.write(self._written, b".")
        return True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _SLOW
            server_version = "numberone"
            sys_version = ""

            def do_GET(self) -> None:
                """Say whether that was the answer to the login."""
                taken = loopback._take(self.path)
                said = (_THANKS if taken else _NOT_OURS).encode()
                self.send_response(200 if taken else 400)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(said)))
                self.send_header("Referrer-Policy", "no-referrer")
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Say nothing: the path holds the code."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


def _listening(port: int, handler: type[BaseHTTPRequestHandler]) -> _Server:
    try:
        return _Server(("127.0.0.1", port), handler)
    except OSError as error:
        raise Refusal(f"port {port} of this machine: {error.strerror}") from None
