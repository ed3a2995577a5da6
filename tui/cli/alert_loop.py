"""Alerts beside another loop: in a thread of its own, so that neither waits for the other."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from policy.refusal import Refusal
from tui.cli.delivery_commands import tell_alerted
from tui.cli.invocation import Invocation
from tui.environment.configured_alerts import BY_A_LOOP, configured_alerting
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from connections.delivery.alerting import Alerting
    from store.desk import Desk

_EVERY: Final = 2.0
"""How often to look what is due, in seconds."""


@contextmanager
def alerted_beside(invocation: Invocation, desk: "Desk", *, once: bool = False) -> Iterator[None]:
    """Alert who is to be while the ``with`` lasts, or ``once`` at its end.

    What is wrong with alerts is said in a line, and keeps nothing else from going on.
    """
    alerting = _configured()
    if alerting is None or not alerting.is_set_up:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(
        target=_go, args=(invocation, desk, alerting, stop), name="alerts", daemon=True
    )
    if not once:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if once:
            _tell(invocation, desk, alerting)
        else:
            thread.join()


def _configured() -> "Alerting | None":
    try:
        return configured_alerting(BY_A_LOOP)
    except Refusal as refusal:
        sys.stderr.write(f"numberone: {plain_line(refusal.reason)}; nobody is alerted\n")
        return None


def _go(invocation: Invocation, desk: "Desk", alerting: "Alerting", stop: threading.Event) -> None:
    last = ""
    while not stop.is_set():
        last = _tell(invocation, desk, alerting, last)
        stop.wait(_EVERY)


def _tell(invocation: Invocation, desk: "Desk", alerting: "Alerting", last: str = "") -> str:
    """Tell what is due, and return why that failed, which is said once for as long as it lasts."""
    try:
        for alerted in alerting.tell(desk):
            tell_alerted(invocation, alerted)
    except Refusal as refusal:
        if refusal.reason != last:
            sys.stderr.write(f"numberone: {plain_line(f'alerts: {refusal.reason}')}\n")
            sys.stderr.flush()
        return refusal.reason
    return ""
