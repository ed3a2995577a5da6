"""Places in the order, with blocks so small that they split and join all the time."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import Connection, bindparam, insert, text, update
from sqlmodel import col

from policy.words import Mode
from store.database import Database
from store.queue.order_index import Moved, count_moves
from store.queue.places import place_of, ranked_from
from store.schema.tables import KEYS, OrderRow
from tests.store.checking import check_blocks

BLOCK = 4


class TakenBackError(Exception):
    """Ends a transaction of which nothing is to stay."""


@pytest.fixture
def connection(address: str) -> Iterator[Connection]:
    """Give a connection on an empty database that does not ask whose keys it is given."""
    database = Database(address)
    with suppress(TakenBackError), database.write() as connection:
        connection.execute(
            text(
                "PRAGMA defer_foreign_keys = ON"
                if connection.dialect.name == "sqlite"
                else "ALTER TABLE ticket_order DROP CONSTRAINT ticket_order_ticket_id_fkey"
            )
        )
        yield connection
        raise TakenBackError
    database.close()


def key(number: int, ticket_id: int) -> bytes:
    return number.to_bytes(2, "big") + ticket_id.to_bytes(2, "big")


class Queue:
    """The order's table and its blocks beside a plain list that says the same."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.keys: dict[int, bytes] = {}

    def put(self, keys: dict[int, bytes]) -> None:
        """Let tickets stand at these keys, whether they stood in the queue before or not."""
        moves = [*self._moves(keys.values(), 1)]
        moves += self._moves([self.keys[each] for each in keys if each in self.keys], -1)
        for ticket_id, new in keys.items():
            row = {"ticket_id": ticket_id, "normal_key": new, "hard_choices_key": new[::-1]}
            if ticket_id in self.keys:
                moved = update(OrderRow).where(col(OrderRow.ticket_id) == bindparam("that"))
                self.connection.execute(
                    moved.values(normal_key=new, hard_choices_key=new[::-1]), {"that": ticket_id}
                )
            else:
                self.connection.execute(insert(OrderRow), row)
        count_moves(self.connection, moves, BLOCK)
        self.keys |= keys

    def take_out(self, ids: list[int]) -> None:
        for ticket_id in ids:
            statement = text("DELETE FROM ticket_order WHERE ticket_id = :that")
            self.connection.execute(statement, {"that": ticket_id})
        count_moves(self.connection, self._moves([self.keys.pop(each) for each in ids], -1), BLOCK)

    def _moves(self, keys: Iterable[bytes], step: int) -> list[Moved]:
        return [
            move
            for each in keys
            for move in ((Mode.NORMAL, each, step), (Mode.HARD_CHOICES, each[::-1], step))
        ]

    def check(self) -> None:
        check_blocks(self.connection, BLOCK)
        for mode, turned in ((Mode.NORMAL, 1), (Mode.HARD_CHOICES, -1)):
            by_key = sorted((key[::turned], ticket_id) for ticket_id, key in self.keys.items())
            ranked = [ticket_id for _, ticket_id in by_key]
            for place, ticket_id in enumerate(ranked):
                assert place_of(self.connection, mode, self.keys[ticket_id][::turned]) == place
            for place in range(len(ranked) + 2):
                found = ranked_from(self.connection, mode, place, 3)
                expected = ranked[place : place + 3]
                assert found == [(each, self.keys[each][::turned]) for each in expected]


def test_an_empty_queue_has_no_places(connection: Connection) -> None:
    for mode in KEYS:
        assert ranked_from(connection, mode, 0, 5) == ranked_from(connection, mode, 9, 5) == []
        assert place_of(connection, mode, b"anything") == 0


@pytest.mark.parametrize("seed", range(3))
def test_places_hold_while_tickets_come_move_and_go(connection: Connection, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - nothing secret
    queue = Queue(connection)
    for _ in range(25):
        ids = chance.sample(range(1, 60), chance.choice([1, 1, 2, 20]))
        if chance.random() < 0.6:
            queue.put({each: key(chance.randrange(1_000), each) for each in ids})
        else:
            queue.take_out([each for each in ids if each in queue.keys])
        queue.check()
    queue.take_out(list(queue.keys))
    queue.check()
    assert connection.scalar(text("SELECT count(*) FROM order_block")) == len(Mode)


def test_a_queue_that_grows_at_its_end_and_empties_at_its_start(connection: Connection) -> None:
    """As deadlines do: the later ones come last, the earlier ones are done first."""
    queue = Queue(connection)
    for number in range(60):
        queue.put({number + 1: key(number, number + 1)})
        if number >= 30:
            queue.take_out([number - 29])
    queue.check()
    assert len(queue.keys) == 30


def test_moving_to_the_very_same_key_moves_nothing(connection: Connection) -> None:
    queue = Queue(connection)
    queue.put({each: key(each, each) for each in range(1, 30)})
    queue.put({each: key(each, each) for each in range(1, 30)})
    queue.check()
