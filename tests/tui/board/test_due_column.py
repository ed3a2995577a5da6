"""The last column of the queue: until when an answer is due, else until when it is to be solved."""

from datetime import UTC, datetime, timedelta

import pytest

from policy.ticket import Ticket
from tests.examples import WORDS, ticket
from tui.board.queue.queue_rows import QueueRow, columns, row_spans

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
CELLS = 78


def column(each: Ticket) -> tuple[str, str]:
    row = QueueRow(
        ticket=each, words=WORDS, position=1, now=NOW, zone=UTC, here=False, focused=False
    )
    spans = row_spans(row, columns(CELLS, 9, WORDS, ranked=True))
    assert sum(len(text) for text, _ in spans) == CELLS
    return "".join(said for said, _ in spans[-2:]).strip(), spans[-1][1]


@pytest.mark.parametrize(
    ("respond_in", "resolve_in", "expected"),
    [
        (2 * HOUR, 9 * HOUR, ("2h00m", "")),
        (-16 * HOUR, 9 * HOUR, ("16h late", "late")),
        (None, 33 * HOUR, ("◇1d09h", "dim")),
        (None, HOUR / 6, ("◇10m", "soon")),
        (None, -16 * HOUR, ("◇overdue", "late")),
        (None, None, ("–", "dim")),
    ],
)
def test_an_answer_goes_before_a_solution(
    respond_in: timedelta | None, resolve_in: timedelta | None, expected: tuple[str, str]
) -> None:
    each = ticket(
        respond_by=None if respond_in is None else NOW + respond_in,
        resolve_by=None if resolve_in is None else NOW + resolve_in,
    )
    assert column(each) == expected
