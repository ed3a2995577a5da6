"""Nothing is told falsely, whatever the network, the server or another client does."""

import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from policy.refusal import Refusal
from store.desk import Desk
from store.engines import server_settings
from store.engines.addresses import kind_of
from store.stopping import TAKEN_BACK
from tests.store.engines.faults import (
    FAULTS,
    LONG_ENOUGH,
    Place,
    Told,
    ask_for,
    silence,
    stopped_client,
)
from tests.store.postgres_server import PostgresServer
from tests.store.tcp_proxy import Proxy


@pytest.fixture
def place(postgres: PostgresServer) -> Iterator[Place]:
    with Proxy(postgres.socket) as proxy:
        yield Place(postgres, proxy)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_what_is_told_is_so(place: Place, fault: Callable[[Place], Told]) -> None:
    fault(place)


def test_what_took_long_is_told_when_it_is_done(place: Place) -> None:
    assert silence(place) is Told.DONE


def test_a_server_that_never_answers_is_left_after_a_while(place: Place) -> None:
    address = place.address(statement_timeout="1ms", connect_timeout="1")
    assert server_settings.answer_within({"statement_timeout": "1ms"}) < LONG_ENOUGH
    with closing(Desk.open(place.address(connect_timeout="2"), actor="mo")) as desk:
        number = place.next_number()
        place.proxy.fall_silent()
        told, why = ask_for(desk, number)  # what lay in the pool says nothing, nor does a new one
        assert told is Told.NOT_DONE
        assert why.endswith("connection timeout expired; nothing was changed")
        place.proxy.speak()
        assert ask_for(desk, number)[0] is Told.DONE
    with pytest.raises(Refusal, match="longer than the server allows"):
        Desk.open(address, actor="mo").queue.overview()


def test_what_stands_in_the_address_counts(place: Place) -> None:
    kind = kind_of(place.address(lock_timeout="7s", tcp_user_timeout="4321"))
    engine = kind.engine()
    with engine.connect() as connection:
        shown = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in (
                "application_name",
                "idle_in_transaction_session_timeout",
                "lock_timeout",
                "statement_timeout",
            )
        }
    engine.dispose()
    assert shown.pop("application_name") == server_settings.application_name()
    assert list(shown.values()) == ["15s", "7s", "40s"]
    assert kind.settings is not None
    assert "tcp_user_timeout 4321" in kind.settings
    assert "lock_timeout 7s" in kind.settings


def test_ids_of_changes_are_kept_for_a_day(place: Place) -> None:
    def ids() -> list[tuple[str]]:
        with psycopg.connect(place.direct) as connection:
            return connection.execute("SELECT id::text FROM change_id").fetchall()

    with closing(Desk.open(place.direct, actor="mo")) as desk:
        ask_for(desk, place.next_number())
        before = ids()
    with psycopg.connect(place.direct) as connection:
        connection.execute("UPDATE change_id SET at = at - interval '25 hours'")
    with closing(Desk.open(place.direct, actor="mo")) as desk:
        ask_for(desk, place.next_number())
    assert before
    assert len(ids()) == 1
    assert not {*before} & {*ids()}


def test_whoever_writes_a_file_for_too_long_is_named(empty_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(empty_file.read_bytes())
    with (
        stopped_client(str(path), 1) as stopped,
        closing(Desk.open(f"sqlite:///{path}?timeout=0.1", actor="mo")) as desk,
    ):
        told, why = ask_for(desk, 2)
        assert told is Told.NOT_DONE
        named = f"process {stopped.pid} (python"
        assert named in why
        assert why.endswith("which is stopped) has been writing for 0.1 seconds; try again;"
                            " nothing was changed")  # fmt: skip
        stopped.send_signal(signal.SIGCONT)
        assert stopped.communicate("\n", LONG_ENOUGH)[0] == "done\n"
        assert ask_for(desk, 2)[0] is Told.DONE


def test_a_step_that_waits_for_a_lock_can_be_taken_back(address: str) -> None:
    given_up = Event()
    outcome: list[tuple[Told, str]] = []
    with closing(Desk.open(address, actor="mo")) as desk, stopped_client(address, 1):
        waiting = Thread(target=lambda: outcome.append(ask_for(desk, 2, given_up)))
        waiting.start()
        given_up.set()
        waiting.join()
    assert [told for told, _ in outcome] == [Told.NOT_DONE]
    assert TAKEN_BACK in outcome[0][1]
