"""Faults of the program itself: written to a file for whoever mends it, one line for the person.

What a fault says may be a customer's words: of a subject that cannot be drawn, of a line that
cannot be read. So the log holds where it happened and of which kind it is, and no message.
"""

import os
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

LOG: Final = "faults.log"
OLDER: Final = "faults.log.1"

_AT_MOST: Final = 256 * 1024
"""Bytes after which a log makes room for a new one; one older is kept."""

_OWNERS_ALONE: Final = 0o600
_DEEPEST: Final = 5


def note_fault(folder: Path, fault: BaseException) -> str:
    """Write a fault down and return where it can be read; never raises.

    The log is the owner's alone, and holds kinds of faults, modules, functions and line numbers:
    no text from outside, and nothing of the environment.
    """
    log = folder / LOG
    told = "\n".join([f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", *fault_lines(fault), "", ""])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make_room(log)
        file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNERS_ALONE)
        with os.fdopen(file, "w", encoding="utf-8", errors="backslashreplace") as lines:
            os.chmod(log, _OWNERS_ALONE)  # noqa: PTH101 - an older program's was for all
            lines.write(told)
    except OSError:
        return f"{type(fault).__name__}, and {log} cannot be written"
    return f"the details are in {log}"


def fault_lines(fault: BaseException, depth: int = 0) -> Iterator[str]:
    """Yield the kind of a fault and where it was raised, then the same of what led to it."""
    kind = type(fault)
    yield f"{kind.__module__}.{kind.__qualname__}"
    for frame, number in traceback.walk_tb(fault.__traceback__):
        module = frame.f_globals.get("__name__", "?")
        yield f"  {module} {frame.f_code.co_qualname} {number}"
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if before is not None and depth < _DEEPEST:
        yield "after"
        yield from fault_lines(before, depth + 1)


def _make_room(log: Path) -> None:
    if log.exists() and log.stat().st_size > _AT_MOST:
        log.replace(log.with_name(OLDER))
