"""Stepping aside for another program that needs the terminal, and coming back whatever it did."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from textual import on
from textual.app import App, ReturnType, SuspendNotSupported
from textual.driver import Driver

from policy.refusal import Refusal
from tui.environment.fault_log import note_fault


class AsideApp(App[ReturnType]):
    """Knows while another program has the terminal."""

    is_aside = False
    """Whether another program has the terminal now, and its keys."""

    @on(Driver.SignalResume)
    def _draw_anew(self) -> None:
        """Draw all of it: a board that was stopped, as by ctrl+z, finds an empty screen."""
        self.refresh(layout=True)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Know for the length of a ``with`` block that another program has the terminal."""
        self.is_aside = True
        try:
            yield
        finally:
            self.is_aside = False


def step_aside(app: App[Any], work: Callable[[], object], fault_folder: Path) -> None:
    """Let ``work`` have the terminal, and come back when it is done or has failed.

    Raises:
        Refusal: the work refused or failed, or this terminal cannot be lent.
    """
    refusal: Refusal | None = None
    try:
        with app.suspend(), app.aside() if isinstance(app, AsideApp) else nullcontext():
            try:  # Textual does not come back when what it steps aside for raises
                work()
            except Refusal as refused:
                refusal = refused
            except Exception as fault:
                refusal = Refusal(f"that did not work; {note_fault(fault_folder, fault)}")
    except SuspendNotSupported:
        reason = "this terminal does not let the board step aside for an editor"
        raise Refusal(reason) from None
    if refusal is not None:
        raise refusal
