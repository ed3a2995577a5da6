"""The database of a demonstration: gone at the end, unless somebody wants to keep it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from policy.refusal import Refusal

if TYPE_CHECKING:
    from tui.demo.filling import DemoPolicy


@contextmanager
def demo_database(
    keep: str | None,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    policy: "DemoPolicy | None" = None,
) -> Iterator[str]:
    """Give the path of a database that is filled with a lively desk as of ``now`` (UTC).

    It goes by the handbook, or by another ``policy``.

    It is removed at the end of the ``with`` block, unless ``keep`` is the path to keep it at.

    Raises:
        Refusal: something is there already, or it cannot be written there.
    """
    from tui.demo.filling import fill  # noqa: PLC0415 - the store is heavy, and help is not

    if keep is None:
        with TemporaryDirectory(prefix="numberone-demo-", ignore_cleanup_errors=True) as folder:
            path = str(Path(folder) / "demo.db")
            fill(path, now, progress, policy)
            yield path
        return
    _check_free(keep)
    try:
        fill(keep, now, progress, policy)
    except BaseException:
        _remove(keep)
        raise
    yield keep


def _check_free(keep: str) -> None:
    if "://" in keep:
        raise Refusal(f"--keep: {keep}; expected the path of a new file")
    if Path(keep).expanduser().exists():
        raise Refusal(f"--keep: {keep} exists already; name a new file, or open it with --db")


def _remove(keep: str) -> None:
    """Remove a database that was not finished, with the files SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-presence"):
        with suppress(OSError):
            Path(f"{keep}{ending}").expanduser().unlink()
