"""Faults of the program itself: written to a file for whoever mends it, one line for the person.

What a fault says may be a customer's words: of a subject that cannot be drawn, of a line that
cannot be read. So the log holds where it happened and of which kind it is, and no message.
"""

import json
import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from store.file_access import OWNERS_ALONE, OWNERS_FOLDER

LOG: Final = "faults.log"
OLDER: Final = "faults.log.1"

_AT_MOST: Final = 256 * 1024
"""Bytes after which a log makes room for a new one; one older is kept."""

_DEEPEST: Final = 5


def note_fault(folder: Path, fault: BaseException) -> str:
    """Write a fault down and return where it can be read; never raises.

    The log is the owner's alone, a JSON object a fault, and holds the program's version, kinds of
    faults, modules, functions and line numbers: no text from outside, and nothing of the
    environment.
    """
    log = folder / LOG
    record = {
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "version": version("numberone"),
        "faults": list(faults_of(fault)),
    }
    told = json.dumps(record) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=OWNERS_FOLDER)
        _make_room(log)
        file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNERS_ALONE)
        with os.fdopen(file, "w", encoding="utf-8", errors="backslashreplace") as lines:
            os.chmod(log, OWNERS_ALONE)  # noqa: PTH101 - an older program's was for all
            lines.write(told)
    except OSError:
        return f"{type(fault).__name__}, and {log} cannot be written"
    return f"the details are in {log}"


def faults_of(fault: BaseException, depth: int = 0) -> Iterator[dict[str, object]]:
    """Yield the kind of a fault and where it was raised, then the same of what led to it."""
    kind = type(fault)
    raised = [
        {
            "module": frame.f_globals.get("__name__", "?"),
            "function": frame.f_code.co_qualname,
            "line": number,
        }
        for frame, number in traceback.walk_tb(fault.__traceback__)
    ]
    yield {"kind": f"{kind.__module__}.{kind.__qualname__}", "raised": raised}
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if before is not None and depth < _DEEPEST:
        yield from faults_of(before, depth + 1)


def faults_noted(folder: Path) -> Iterator[Any]:  # a log may hold anything
    """Yield the faults that were written down, the oldest first; what is no record is left out."""
    for name in (OLDER, LOG):
        with suppress(OSError):
            for line in (folder / name).read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError):
                    yield json.loads(line)


def _make_room(log: Path) -> None:
    if log.exists() and log.stat().st_size > _AT_MOST:
        log.replace(log.with_name(OLDER))
