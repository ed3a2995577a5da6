"""Tables fit the terminal by the cells they take, whatever stands in them."""

import io
from contextlib import redirect_stdout
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import WORDS
from tui.cli.render.printing import Printer, TableColumn
from tui.phrasing.text import plain_line, width

COLUMNS = [TableColumn(right=True), TableColumn(at_least=4), TableColumn(at_least=6), TableColumn()]
CELLS = st.text(max_size=40).map(plain_line)


def printed(rows: list[list[str]], cells: int | None) -> list[str]:
    table = [[(text, "") for text in row] for row in rows]
    with redirect_stdout(io.StringIO()) as out:
        Printer(cells, coloured=False, zone=UTC, read_words=lambda: WORDS).table(COLUMNS, table)
    return out.getvalue().split("\n")[:-1]


def test_without_a_terminal_nothing_is_cut() -> None:
    rows = [["1", "Acme", "x" * 200, "end"], ["10", "系统", "y", ""]]
    assert printed(rows, None) == [f" 1  Acme  {'x' * 200}  end", "10  系统  y"]


def test_the_widest_column_gives_way_first() -> None:
    rows = [["1", "Acme Incorporated", "x" * 60, "end"]]
    (line,) = printed(rows, 40)
    assert line == "1  Acme Incorpor…  xxxxxxxxxxxxxxx…  end"


def test_an_empty_column_takes_no_room() -> None:
    assert printed([["", "Acme", "down", "now"]], 80) == ["Acme  down  now"]


def test_no_rows_are_no_lines() -> None:
    assert printed([], 80) == []


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS).map(list), max_size=5),
       cells=st.integers(1, 100))  # fmt: skip
def test_no_line_is_wider_than_the_terminal(rows: list[list[str]], cells: int) -> None:
    lines = printed(rows, cells)
    assert len(lines) == len(rows)
    assert all(width(line) <= cells for line in lines)
