"""Opening, unpacking and cutting into lines, whatever the pieces in which a file is read."""

import gzip
import io
import os
import random
import sys
import threading
from pathlib import Path

import pytest

from connections.files.gzip_members import unpacked
from connections.files.reading_limits import LONGEST_LINE
from connections.files.ticket_file import Line, TicketFile
from policy.refusal import Refusal

LINES = [b"first", b"", b"third \xff", b"x" * 300_000, b"last\r"]


def lines_of(path: Path) -> list[bytes | Refusal]:
    with TicketFile.open(str(path)) as file:
        return [line.content for line in file.lines()]


@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_lines_are_the_same_plain_and_packed_and_with_or_without_a_last_break(
    tmp_path: Path, ending: bytes
) -> None:
    content = b"\n".join(LINES) + ending
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content))
    assert lines_of(plain) == lines_of(packed) == LINES


def test_lines_are_counted_from_one_at_every_reading(tmp_path: Path) -> None:
    path = tmp_path / "tickets"
    path.write_bytes(b"a\nb\n")
    with TicketFile.open(str(path)) as file:
        assert list(file.lines()) == list(file.lines()) == [Line(1, b"a"), Line(2, b"b")]
        assert (file.bytes_read, file.size) == (8, 4)


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "tickets"
    path.write_bytes(b"\xef\xbb\xbfa\n\xef\xbb\xbfb")
    assert lines_of(path) == [b"a", b"\xef\xbb\xbfb"]


def test_a_line_that_is_too_long_is_passed_over_and_the_next_one_read(tmp_path: Path) -> None:
    path = tmp_path / "tickets"
    path.write_bytes(b"a\n" + b"x" * (LONGEST_LINE + 1) + b"\nb\n" + b"y" * LONGEST_LINE)
    first, long, next_one, longest = lines_of(path)
    assert (first, next_one, longest) == (b"a", b"b", b"y" * LONGEST_LINE)
    assert isinstance(long, Refusal)
    assert long.reason == "16,777,217 bytes in one line; at most 16,777,216"


def test_gzip_members_one_after_the_other_and_padding_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "tickets.gz"
    path.write_bytes(gzip.compress(b"a\nb") + gzip.compress(b"c\n") + b"\0" * 1000)
    assert lines_of(path) == [b"a", b"bc"]


def test_a_damaged_gzip_gives_what_came_before() -> None:
    content = random.Random(1).randbytes(3_000_000)  # noqa: S311 - nothing secret
    packed = bytearray(gzip.compress(content))
    packed[2_000_000:2_000_010] = b"\xff" * 10
    before = b""
    pieces = unpacked(
        iter([bytes(packed[at : at + 1000]) for at in range(0, len(packed), 1000)]), len(packed)
    )
    with pytest.raises(Refusal, match="the file is damaged here"):  # noqa: PT012 - read until then
        for piece in pieces:
            before += piece
    assert len(before) > 1_000_000
    assert content.startswith(before[:1_900_000])


def test_much_that_is_packed_small_comes_in_small_pieces() -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    assert len(packed) < 100_000
    sizes = [len(piece) for piece in unpacked(iter([packed]), len(packed))]
    assert sum(sizes) == 50_000_000
    assert max(sizes) <= 256 * 1024


def test_standard_input_can_be_read_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(gzip.compress(b"a\nb\n")))
    monkeypatch.setattr(sys, "stdin", stream)
    with TicketFile.open("-") as file:
        assert [line.content for line in file.lines()] == [b"a", b"b"]
        assert [line.content for line in file.lines()] == [b"a", b"b"]
        assert file.name == "standard input"


def test_a_pipe_with_a_name_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"a\nb\n",))
    writer.start()
    assert lines_of(path) == [b"a", b"b"]
    writer.join()


def test_reading_is_told_in_bytes_as_stored(tmp_path: Path) -> None:
    path = tmp_path / "tickets"
    path.write_bytes(b"line\n" * 200_000)
    told: list[int] = []
    with TicketFile.open(str(path)) as file:
        file.on_read = lambda: told.append(file.bytes_read)
        assert sum(1 for _ in file.lines()) == 200_000
    assert told[-1] == 1_000_000
    assert told == sorted(told)
    assert len(told) > 2
