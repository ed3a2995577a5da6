"""Who reads a connection: a process of a machine, and whether it still runs."""

import os
import socket

_MARK = "process "


def this_worker() -> str:
    """Return the name of this process among all that may read a connection."""
    return f"{_MARK}{os.getpid()} on {socket.gethostname()}"


def is_gone(worker: str) -> bool:
    """Return whether a worker is known to run no more; of other machines nothing is known."""
    number, _, host = worker.removeprefix(_MARK).partition(" on ")
    if not worker.startswith(_MARK) or host != socket.gethostname() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # somebody else's, or no number of a process at all
        return False
    return False
