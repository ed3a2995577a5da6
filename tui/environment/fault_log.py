"""Faults of the program itself: written to a file for whoever mends it, one line for the person."""

import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

LOG: Final = "faults.log"


def note_fault(folder: Path, fault: BaseException) -> str:
    """Write a fault down and return where it can be read; never raises.

    The log holds the traceback only: no ticket's text, and nothing of the environment.
    """
    log = folder / LOG
    told = "".join(traceback.format_exception(fault))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8", errors="backslashreplace") as lines:
            lines.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{told}\n")
    except OSError:
        return f"{type(fault).__name__}, and {log} cannot be written"
    return f"the details are in {log}"
