"""A flipped bit is found, and the rest stays readable: history, tickets, order and search."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store.desk import Desk
from tests.store.engines.flips import LOOKS, RARE, flip, make_desk, ran


def _after(content: bytes, text: str, before: bytes = b"") -> int:
    """Return where the text begins that stands behind these bytes."""
    return content.index(before + text.encode()) + len(before)


def _key(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        key: bytes = connection.execute(
            "SELECT normal_key FROM ticket_order WHERE ticket_id = 7"
        ).fetchone()[0]
    return key


def _hash(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        found: str = connection.execute("SELECT hash FROM event WHERE id = 3").fetchone()[0]
    return found


_OF_ELEVEN = bytes([13 + 2 * 11])
"""How SQLite says that a text of eleven bytes follows."""

PLACES: dict[str, tuple[Callable[[Path, bytes], int], str]] = {
    "event": (lambda _, content: _after(content, RARE, b'"body":"'), "event 7 ("),
    "hash": (lambda path, content: _after(content, _hash(path)), "event 3 ("),
    "order": (lambda path, content: content.index(_key(path)), "row "),
    "search": (lambda _, content: _after(content, RARE.lower(), b" "), "the index of the search"),
    "text": (lambda _, content: _after(content, "A note on 7", _OF_ELEVEN), "message 7: is not"),
    "ticket": (lambda _, content: _body(content), "#7: its body is not"),
}


def _body(content: bytes) -> int:
    """Return where the text of a ticket stands that is in no event."""
    first = content.index(RARE.encode())
    while content[first - 1 : first] == b'"':
        first = content.index(RARE.encode(), first + 1)
    return first


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flips") / "sound.db"
    make_desk(path, 8)
    return path


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_flip_is_found_and_hides_nothing_else(sound: Path, tmp_path: Path, place: str) -> None:
    where, expected = PLACES[place]
    path = tmp_path / "desk.db"
    path.write_bytes(sound.read_bytes())
    flip(path, where(path, path.read_bytes()))
    with closing(Desk.open(str(path), actor="mo")) as desk:
        found = desk.transfer.problems()
    assert any(line.startswith(expected) for line in found), found
    for look in LOOKS:
        end = ran(path, look)
        assert end.code == 0, (look, end)
