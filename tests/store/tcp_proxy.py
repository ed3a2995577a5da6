"""A bad network: what stands between a client and a real server, and fails on demand."""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Self

_AT_ONCE = 65536
_CHANGE = b"LOCK TABLE setting"
_COMMIT = b"COMMIT\0"


class Proxy:
    """Hands on what goes to a server's socket and back, in a ``with`` block.

    What is called when a text, or a COMMIT, is about to go to the server is told both ends of its
    connection, and returns whether it still goes.
    """

    def __init__(self, server: Path) -> None:
        self._server = server
        self._open = Event()
        self._open.set()
        self._ends = list[socket.socket]()
        self.text = b""
        self._changes: socket.socket | None = None
        self.on_text: Callable[[socket.socket, socket.socket], bool] | None = None

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """End all connections."""
        self.speak()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def fall_silent(self) -> None:
        """Keep all connections, and hand on nothing."""
        self._open.clear()

    def speak(self) -> None:
        """Hand on again what came meanwhile, too."""
        self._open.set()

    def cut(self) -> None:
        """End all connections."""
        for end in self._ends:
            close(end)
        self._ends.clear()

    def once(self, text: bytes, then: Callable[[socket.socket, socket.socket], bool]) -> None:
        """Have ``then`` called when a client next sends this text."""
        self.text, self.on_text = text, then

    def on_commit(self, then: Callable[[socket.socket, socket.socket], bool]) -> None:
        """Have ``then`` called when a client next commits a change."""

        def changes(client: socket.socket, _: socket.socket) -> bool:
            self._changes = client
            self.once(_COMMIT, then)
            return True

        self.once(_CHANGE, changes)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            Thread(target=self._connect, args=[client], daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._open.wait()
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(str(self._server))
        except OSError:
            close(server)
            close(client)
            return
        self._ends += [client, server]
        Thread(target=self._hand_on, args=[server, client, None], daemon=True).start()
        self._hand_on(client, server, self._look_for)

    def _hand_on(
        self,
        here: socket.socket,
        there: socket.socket,
        look: Callable[[socket.socket, socket.socket, bytes], bool] | None,
    ) -> None:
        with suppress(OSError):
            while sent := here.recv(_AT_ONCE):
                self._open.wait()
                if look is None or look(here, there, sent):
                    self._open.wait()
                    there.sendall(sent)
        close(here)
        close(there)

    def _look_for(self, client: socket.socket, server: socket.socket, sent: bytes) -> bool:
        then = self.on_text
        if then is None or self.text not in sent or self._changes not in (None, client):
            return True
        self._changes = None
        self.on_text = None
        return then(client, server)


def close(end: socket.socket) -> None:
    """End a connection, whoever reads from it."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
