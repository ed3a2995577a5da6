"""A progress bar for long work, on the error stream of a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import click

Progress = Callable[[int, int], None]
"""Told how much is done of how much there is."""

_STEPS = 1_000


@contextmanager
def progress_bar(label: str, *, shown: bool) -> Iterator[Progress | None]:
    """Give what moves the bar; None when it is not to be shown or nobody sits at a terminal.

    The bar appears with the first step, so that work which is not needed shows none.
    """
    if not shown or not sys.stderr.isatty():
        yield None
        return
    with ExitStack() as until_done:
        yield _Bar(label, until_done)


class _Bar:
    """A bar that is drawn once there is something to show."""

    def __init__(self, label: str, until_done: ExitStack) -> None:
        self._until_done = until_done
        self._bar = click.progressbar(length=_STEPS, label=label, file=sys.stderr)
        self._drawn = False

    def __call__(self, done: int, total: int) -> None:
        """Move the bar to ``done`` of ``total``."""
        if not self._drawn:
            self._until_done.enter_context(self._bar)
            self._drawn = True
        position = _STEPS * done // total if total else _STEPS
        self._bar.update(position - self._bar.pos)
