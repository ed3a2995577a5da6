"""What a running process has used and holds, as Linux tells it."""

from pathlib import Path

KIBIBYTE, MEBIBYTE = 1024, 1024 * 1024

STOPPED = "T"
"""How Linux calls it when a process is stopped."""

_NANOSECONDS = 1_000_000_000


def processor_seconds(process: int) -> float:
    """Return for how many seconds all threads of a process have been on a processor."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sum(_on_processor(task) for task in tasks) / _NANOSECONDS


def _on_processor(task: Path) -> int:
    try:
        return int((task / "schedstat").read_text().split()[0])
    except FileNotFoundError:  # the thread has ended meanwhile
        return 0


def mebibytes(process: int) -> float:
    """Return what a process holds, its part of what it shares with others (PSS)."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        name, _, amount = line.partition(":")
        if name == "Pss":
            return int(amount.split()[0]) * KIBIBYTE / MEBIBYTE
    raise AssertionError(process)


def threads_and_handles(process: int) -> tuple[int, int]:
    """Return how many threads a process has, and how many files and sockets it holds open."""
    entry = Path(f"/proc/{process}")
    return len(list((entry / "task").iterdir())), len(list((entry / "fd").iterdir()))


def state(process: int) -> str:
    """Return the letter that Linux has for what a process does now."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
