"""What keys send over the line: ``python -m bench.bytes_sent`` prints it as a Markdown table.

The board stands on the demonstration's desk, in terminals of three sizes. What it draws by itself
while nobody touches a key is counted over a minute with ``--idle``.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from bench.program import environment, numberone
from bench.terminal import Terminal
from tui.demo.filling import fill

_SIZES: Final = ((80, 24), (120, 36), (200, 50))
_KEYS: Final = {
    "j": "j",
    "page down": "\x1b[6~",
    "Tab": "\t",
    "a form opened": "p",
    "a form closed": "\x1b",
}
_TIMES: Final = 5
_ONCE: Final = frozenset(("a form opened", "a form closed"))
_MINUTE: Final = 60.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", action="store_true", help="watch for a minute, too")
    idle = parser.parse_args().idle
    with TemporaryDirectory(prefix="numberone-bench-") as folder:
        database = Path(folder) / "desk.db"
        fill(str(database), datetime.now(UTC))
        columns = [dict(_sent(database, size, idle=idle)) for size in _SIZES]
    print(f"| bytes (frames) | {' | '.join(f'{wide}x{high}' for wide, high in _SIZES)} |")
    print(f"| --- |{' ---: |' * len(_SIZES)}")
    for name in columns[0]:
        print(f"| {name} | {' | '.join(column[name] for column in columns)} |")


def _sent(database: Path, size: tuple[int, int], *, idle: bool) -> Iterator[tuple[str, str]]:
    """Yield what each key sends, on average, and in how many pieces it comes."""
    with ExitStack() as opened:
        command = [numberone(), "--as", "mariam"]
        terminal = opened.enter_context(Terminal(command, environment(database), size))
        terminal.shown("Next: ")
        terminal.pieces()
        for name, key in _KEYS.items():
            pieces = [terminal.after(key) for _ in range(1 if name in _ONCE else _TIMES)]
            yield name, _average(pieces)
        if idle:
            yield "an idle minute", f"{_idle(terminal):,}"


def _average(pressed: Sequence[Sequence[bytes]]) -> str:
    sent = sum(len(piece) for pieces in pressed for piece in pieces) / len(pressed)
    return f"{sent:,.0f} ({sum(map(len, pressed)) / len(pressed):.0f})"


def _idle(terminal: Terminal) -> int:
    """Return how many bytes are sent in a minute in which nobody does anything."""
    end, sent = monotonic() + _MINUTE, 0
    while (left := end - monotonic()) > 0:
        sent += len(terminal.read(left))
    return sent


if __name__ == "__main__":
    main()
