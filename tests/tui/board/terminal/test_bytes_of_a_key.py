"""A key repaints what it changed: over a slow line every byte is felt."""

import re
from pathlib import Path
from typing import Final

from tests.examples import incoming
from tests.tui.boards import minutes_ago
from tests.tui.pseudo_terminal import board_in_a_terminal

_AT_MOST: Final = 4_096
"""Bytes that one `j` may send at 120 columns and 36 rows."""

_KEYS: Final = 6


def test_a_step_down_sends_little(tmp_path: Path) -> None:
    tickets = [
        incoming(number, subject=f"Exports drop column {number}", body="It began today. " * 40,
                 received_at=minutes_ago(100 - number))
        for number in range(1, 30)
    ]  # fmt: skip
    with board_in_a_terminal(tmp_path, tickets=tickets) as terminal:
        terminal.press(b"j")
        terminal.until_matched(_title(2))
        before = len(terminal.written.encode())
        for number in range(3, 3 + _KEYS):
            terminal.press(b"j")
            terminal.until_matched(_title(number))
        sent = len(terminal.written.encode()) - before
    assert sent / _KEYS <= _AT_MOST


def _title(number: int) -> re.Pattern[str]:
    """Return how the ticket's pane is called while it shows a ticket."""
    return re.compile(rf"─ #{number} ")
