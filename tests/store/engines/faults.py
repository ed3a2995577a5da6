"""What can go wrong between a desk and its server, each as often as is wanted.

``python -m tests.store.engines.faults 20`` does each 20 times and says what was told. Each asserts
that nothing was told falsely: what was told as done is there once, what was told as not done is
not there and never comes.
"""

import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from functools import partial
from threading import Event, Thread
from time import monotonic
from typing import Final

import psycopg

from policy.refusal import Refusal
from store.desk import Desk
from store.stopping import NotKnownYet, waited_for
from tests.examples import incoming
from tests.store.postgres_server import PostgresServer
from tests.store.tcp_proxy import Proxy, close

LONG_ENOUGH: Final = 60.0
COMMIT: Final = b"Q\0\0\0\x0bCOMMIT\0"
"""What a client sends to commit."""

_HOLDING: Final = """
import sys
from store.desk import Desk
from tests.examples import incoming
from policy.refusal import Refusal
desk = Desk.open(sys.argv[1], actor="jo")
try:
    with desk.transaction():
        desk.transfer.take_in([incoming(int(sys.argv[2]))])
        print("holds", flush=True)
        sys.stdin.readline()
except Refusal as refusal:
    print(refusal.reason, flush=True)
else:
    print("done", flush=True)
"""


class Told(StrEnum):
    """What the person was told."""

    DONE = "done"
    NOT_DONE = "not done"
    NOT_KNOWN = "not known yet"


class Place:
    """A schema on a server, reached over a bad network; tickets that are asked for get numbers."""

    def __init__(self, server: PostgresServer, proxy: Proxy) -> None:
        self.server = server
        self.proxy = proxy
        self.direct = server.new_schema()
        Desk.open(self.direct, actor="maker").close()
        self._numbers = 0

    def address(self, **settings: str) -> str:
        """Return the address that leads over the bad network."""
        schema = self.direct.rpartition("%3D")[2]
        more = "".join(f"&{name}={value}" for name, value in settings.items())
        return (
            f"postgresql://numberone@127.0.0.1:{self.proxy.port}/postgres"
            f"?options=-csearch_path%3D{schema}{more}"
        )

    def next_number(self) -> int:
        """Return the number of a ticket that nobody has asked for yet."""
        self._numbers += 1
        return self._numbers

    def times_there(self, number: int) -> int:
        """Return how often a ticket is there, asked over a good network."""
        with psycopg.connect(self.direct) as connection:
            found = connection.execute(
                "SELECT count(*) FROM event JOIN ticket ON ticket.id = event.ticket_id"
                " WHERE external_id = %s",
                [incoming(number).external_id],
            ).fetchone()
        return 0 if found is None else int(found[0])


def ask_for(desk: Desk, number: int, given_up: Event | None = None) -> tuple[Told, str]:
    """Ask for a ticket, and return what was told."""
    try:
        with waited_for(given_up):
            desk.transfer.take_in([incoming(number)])
    except NotKnownYet as unknown:
        return Told.NOT_KNOWN, unknown.reason
    except Refusal as refusal:
        return Told.NOT_DONE, refusal.reason
    return Told.DONE, ""


def assert_true(place: Place, number: int, told: Told) -> None:
    """Assert that what was told is so."""
    assert told is not Told.NOT_KNOWN
    assert place.times_there(number) == (told is Told.DONE), told


def answer_to_commit_dropped(place: Place) -> Told:
    """Lose the answer to a commit with the connection."""
    number = place.next_number()

    def drop(client: socket.socket, server: socket.socket) -> bool:
        place.proxy.fall_silent()  # the answer comes no further than that
        server.sendall(COMMIT)
        while not place.times_there(number):
            pass
        close(client)
        place.proxy.speak()
        return False

    with closing(Desk.open(place.address(), actor="mo")) as desk:
        place.proxy.on_commit(drop)
        told, _ = ask_for(desk, number)
    assert told is Told.DONE
    assert_true(place, number, told)
    return told


def commit_lost(place: Place) -> Told:
    """Cut the connection just before the server hears of the commit."""
    place.proxy.on_commit(_cut)
    return _not_done_then_done(place)


def cut_in_mid_transaction(place: Place) -> Told:
    """Cut the connection while the change is written."""
    place.proxy.once(b"INSERT INTO event", _cut)
    return _not_done_then_done(place)


def _cut(client: socket.socket, server: socket.socket) -> bool:
    close(client)
    close(server)
    return False


def _not_done_then_done(place: Place) -> Told:
    """See that a change is told as not done, and the same one afterwards as done."""
    with closing(Desk.open(place.address(), actor="mo")) as desk:
        number = place.next_number()
        told, why = ask_for(desk, number)
        assert told is Told.NOT_DONE
        assert why.endswith("nothing was changed")
        assert_true(place, number, told)
        again, _ = ask_for(desk, number)
    assert_true(place, number, again)
    assert again is Told.DONE
    return told


def commit_held_back(place: Place) -> Told:
    """Hold the commit back in the network until the step was taken back, and let it go on."""
    held = Event()
    given_up = Event()
    goes_on = Event()

    def hold(_: socket.socket, server: socket.socket) -> bool:
        held.set()
        goes_on.wait(LONG_ENOUGH)
        try:
            server.sendall(COMMIT)
        except OSError:
            return False
        return False

    with closing(Desk.open(place.address(), actor="mo")) as desk:
        number = place.next_number()
        place.proxy.on_commit(hold)
        Thread(target=_set_after, args=[held, given_up]).start()
        told, _ = ask_for(desk, number, given_up)
        goes_on.set()
        assert told is Told.NOT_DONE
        again, _ = ask_for(desk, place.next_number())  # the held commit has long had its chance
        assert again is Told.DONE
    assert_true(place, number, told)
    return told


def _set_after(first: Event, then: Event) -> None:
    first.wait(LONG_ENOUGH)
    then.set()


def server_killed(place: Place) -> Told:
    """Kill the server while changes are under way, and start it again."""
    told = dict[int, Told]()
    ended = Event()
    begun = Event()

    def work() -> None:
        with closing(Desk.open(place.address(), actor="mo")) as desk:
            while not ended.is_set():
                number = place.next_number()
                told[number], _ = ask_for(desk, number)
                if told[number] is not Told.DONE:
                    ended.wait(0.1)  # nobody answers: that need not be told a thousand times
                if len(told) > 2:
                    begun.set()

    worker = Thread(target=work)
    worker.start()
    begun.wait(LONG_ENOUGH)
    place.server.kill()
    place.server.start_again()
    ended.set()
    worker.join()
    for number, each in told.items():
        assert_true(place, number, each)
    with closing(Desk.open(place.address(), actor="mo")) as desk:
        assert ask_for(desk, place.next_number())[0] is Told.DONE
    return Told.DONE if all(each is Told.DONE for each in told.values()) else Told.NOT_DONE


def client_stopped(place: Place) -> Told:
    """Stop a client in its change: the server ends that, and both are told."""
    number, other = place.next_number(), place.next_number()
    address = place.address(idle_in_transaction_session_timeout="1s")
    with stopped_client(address, number) as stopped:
        with closing(Desk.open(place.address(), actor="mo")) as desk:
            told, _ = ask_for(desk, other)
        assert told is Told.DONE
        stopped.send_signal(signal.SIGCONT)
        said, _ = stopped.communicate("\n", LONG_ENOUGH)
        assert "this program stood still in it for too long; nothing was changed" in said
    assert_true(place, number, Told.NOT_DONE)
    return told


def client_holds_the_lock(place: Place) -> Told:
    """Stop a client for too long: whoever waits for it is told who that is."""
    number, other = place.next_number(), place.next_number()
    with stopped_client(place.address(), number) as stopped:
        with closing(Desk.open(place.address(lock_timeout="100ms"), actor="mo")) as desk:
            told, why = ask_for(desk, other)
        assert f" {stopped.pid} (login numberone, process " in why
    assert told is Told.NOT_DONE
    assert_true(place, other, told)
    return told


def silence(place: Place, seconds: float = 0.0) -> Told:
    """Let the network fall silent for so long in mid-change: it is done late, or not, as told."""
    began = Event()

    def fall_silent(_: socket.socket, __: socket.socket) -> bool:
        place.proxy.fall_silent()
        began.set()
        return True

    def speak() -> None:
        began.wait(LONG_ENOUGH)
        Event().wait(seconds)
        place.proxy.speak()

    with closing(Desk.open(place.address(), actor="mo")) as desk:
        number = place.next_number()
        place.proxy.once(b"INSERT INTO event", fall_silent)
        Thread(target=speak).start()
        told, _ = ask_for(desk, number)
    assert_true(place, number, told)
    return told


@contextmanager
def stopped_client(address: str, number: int) -> "Iterator[subprocess.Popen[str]]":
    """Give a program that is stopped while it takes in a ticket; it goes on with a line."""
    client = subprocess.Popen(
        [sys.executable, "-c", _HOLDING, address, str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with client:
        try:
            assert client.stdout is not None
            assert client.stdout.readline() == "holds\n"
            client.send_signal(signal.SIGSTOP)
            yield client
        finally:
            client.kill()


FAULTS: Final[tuple[Callable[[Place], Told], ...]] = (
    answer_to_commit_dropped,
    client_holds_the_lock,
    client_stopped,
    commit_held_back,
    commit_lost,
    cut_in_mid_transaction,
    server_killed,
)


def main(times: int, silent_seconds: float) -> None:
    """Do each so many times, and print what was told."""
    with PostgresServer() as server, Proxy(server.socket) as proxy:
        place = Place(server, proxy)
        faults: dict[str, Callable[[Place], Told]] = {each.__name__: each for each in FAULTS}
        faults["silence"] = partial(silence, seconds=silent_seconds)
        for name, fault in faults.items():
            began = monotonic()
            told = Counter(fault(place) for _ in range(times))
            said = ", ".join(f"{count} {each}" for each, count in sorted(told.items()))
            print(f"{name}: {said} ({monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 30.0)
