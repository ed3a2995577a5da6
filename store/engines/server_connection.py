"""A connection to a PostgreSQL server that waits for no answer without an end.

It is imported by whoever has the driver only.
"""

import select
from collections.abc import Generator
from time import monotonic
from typing import Any, Final

from psycopg import Connection, OperationalError
from psycopg.pq import TransactionStatus

from store.stopping import TAKEN_BACK, is_given_up

_LOOK_EVERY: Final = 0.1
_PING_SECONDS: Final = 3.0
"""How long a connection that lay in the pool may take to say that it is still there."""


class ServerConnection(Connection[Any]):
    """A connection that is closed when nothing is heard for too long, or nobody waits any more."""

    answer_within = float("inf")
    """After how many seconds of silence, while an answer is due, it counts as dead."""

    def wait(self, gen: Any, interval: float = _LOOK_EVERY, *arguments: Any, **named: Any) -> Any:
        """Wait for an answer, as the driver does, but not for ever."""
        return super().wait(self._limited(gen), interval, *arguments, **named)

    def is_there(self) -> bool:
        """Return whether the server answers soon; asking nothing is answered, too."""
        if self.closed or self.pgconn.transaction_status != TransactionStatus.IDLE:
            return False
        until = monotonic() + _PING_SECONDS
        try:
            self.pgconn.send_query(b"")
            self.pgconn.flush()
            answered = False
            while not answered:
                self.pgconn.consume_input()
                if not self.pgconn.is_busy():
                    answered = self.pgconn.get_result() is None
                    continue
                left = until - monotonic()
                if left <= 0 or is_given_up():
                    return False
                select.select([self.pgconn.socket], [], [], min(left, _LOOK_EVERY))
        except (OperationalError, OSError, ValueError):
            return False
        return self.pgconn.transaction_status == TransactionStatus.IDLE

    def _limited(self, gen: Any) -> Generator[Any, Any, Any]:
        """Hand on what the driver waits for, and end that when it takes too long."""
        heard = monotonic()
        try:
            waits_for = next(gen)
            while True:
                ready = yield waits_for
                if ready:
                    heard = monotonic()
                elif is_given_up():
                    self._leave(TAKEN_BACK)
                elif monotonic() - heard > self.answer_within:
                    self._leave(f"nothing was heard from it for {self.answer_within:.0f} s")
                waits_for = gen.send(ready)
        except StopIteration as ended:
            return ended.value

    def _leave(self, why: str) -> None:
        """Close it.

        Raises:
            OperationalError: always.
        """
        self.close()
        raise OperationalError(why)
