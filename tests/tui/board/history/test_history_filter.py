"""The line that filters the history: what it means, and what is wrong with it in one line."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.refusal import Refusal
from store.read_models import EventFilter
from tui.board.history.history_filter import (
    EXAMPLE,
    HistoryReader,
    parse_history_filter,
    with_ticket,
)

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
READER = HistoryReader("mariam", NOW, ZoneInfo("Africa/Cairo"))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", EventFilter()),
        ("#12", EventFilter(ticket=12)),
        ("ticket:12", EventFilter(ticket=12)),
        ("ticket:#12 BY:gabe", EventFilter(ticket=12, actor="gabe")),
        ("by:me kind:status-changed", EventFilter(actor="mariam", kind="status_changed")),
        ('kind:"status changed"', EventFilter(kind="status_changed")),
        ("from:3h", EventFilter(start=at(4, 11, 5))),
        ("from:09:00 until:17:00", EventFilter(start=at(4, 7), end=at(3, 15))),
        ("from:Fri 17:00 by:gabe", EventFilter(start=datetime(2026, 2, 27, 15, tzinfo=UTC),
                                               actor="gabe")),
        ('until:"Tue 9:30"', EventFilter(end=at(3, 7, 30))),
        ("from:2026-03-01T10:00Z", EventFilter(start=at(1, 10))),
    ],
)  # fmt: skip
def test_what_a_line_asks_for(typed: str, wanted: EventFilter) -> None:
    assert parse_history_filter(typed, READER) == wanted


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("gabe", '"gabe" is not known; expected #12, by:LOGIN, kind:WORD, from:TIME or until:TIME'),
        ("who:gabe", "who: is not known; expected #12,"),
        ("#", 'ticket: ""; expected a ticket\'s number, such as #12'),
        ("#x1", 'ticket: "x1"; expected a ticket\'s number'),
        ("#" + "9" * 40, "ticket: "),
        ("by:", "by: nothing after the colon; expected a login, or me"),
        ("kind:", "kind: nothing after the colon; expected what was done, such as replied"),
        ("from:soon", "from: expected a time such as"),
        ("from:", "from: expected a time such as"),
        ("#1 ticket:2", "ticket: is given twice; one of each can be asked for"),
    ],
)
def test_what_is_wrong_is_one_line(typed: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_history_filter(typed, READER)
    assert refused.value.reason.startswith(reason)
    assert "\n" not in refused.value.reason


def test_the_example_is_one() -> None:
    wanted = parse_history_filter(EXAMPLE, READER)
    assert (wanted.ticket, wanted.actor, wanted.kind) == (12, "mariam", "replied")
    assert wanted.start is not None
    assert wanted.end is not None


def test_only_one_ticket_and_back() -> None:
    assert with_ticket("", 12) == "#12"
    assert with_ticket('from:Fri 17:00 by:"gabe"', 12) == '#12 from:Fri 17:00 by:"gabe"'
    assert with_ticket("by:gabe #12", 13) == "#13 by:gabe"
    assert with_ticket("#12 by:gabe ticket:4", None) == "by:gabe"


@given(st.text())
def test_any_text_is_read_or_refused(typed: str) -> None:
    with suppress(Refusal):
        assert parse_history_filter(typed, READER) == parse_history_filter(f" {typed} ", READER)
