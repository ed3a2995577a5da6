"""The command that sends what is on its way: once, or again and again on a server."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from policy.refusal import Refusal
from policy.words import Action
from store.notices.notice_models import Notice
from tui.actions.only_here import OnlyHere
from tui.cli.grammar import CommandHeading, ShellCommand, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.render import printing
from tui.cli.stopping import stopped_by_signals
from tui.environment.config import config_file
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from connections.delivery.alerting import Alerted, Alerting
    from connections.delivery.outbox import Outbox
    from store.desk import Desk

# Sending is heavy to import: help and completion do without.
# ruff: noqa: PLC0415

_LONGEST_REST = 3600


@click.command(
    "deliver",
    cls=ShellCommand,
    action=Action.DELIVER,
    only_here=OnlyHere("an open board sends what is due by itself"),
    heading=CommandHeading.WHO,
    short_help="Send the wait notices and alerts that are due.",
    examples=[
        ("numberone deliver", "until it is stopped, as on a server"),
        ("numberone deliver --once", "what is due now, and no more"),
    ],
)
@click.option("--once", is_flag=True, help="Send what is due now, and end.")
@click.option(
    "--every",
    metavar="SECONDS",
    type=click.FloatRange(0.1, _LONGEST_REST),
    default=2.0,
    show_default=True,
    help="How often to look for what is due.",
)
@pass_invocation
def deliver_command(invocation: Invocation, once: bool, every: float) -> None:
    """Send the wait notices that are due, and alert who is to be, as the config file says.

    Several may run at once, here and elsewhere: each notice goes out from one of them. It ends at
    the next notice when it is told to stop; one that is killed loses nothing.
    """
    from tui.environment.configured_alerts import BY_A_LOOP, configured_alerting
    from tui.environment.configured_outbox import configured_outbox

    outbox, alerting = configured_outbox(), configured_alerting(BY_A_LOOP)
    if not outbox.is_set_up and not alerting.is_set_up:
        tables = "[mail], [chat], [webhook] or [alerts]"
        raise Refusal(f"{config_file()}: expected {tables}, and there is none")
    with invocation.desk() as desk, stopped_by_signals() as stop:
        if once:
            notices = list(_pass(desk, outbox, stop))
            alerts = list(alerting.tell(desk))
            _tell_all(invocation, notices, alerts)
        else:
            _loop(invocation, desk, outbox, alerting, stop, every=every)


def _loop(
    invocation: Invocation,
    desk: "Desk",
    outbox: "Outbox",
    alerting: "Alerting",
    stop: threading.Event,
    *,
    every: float,
) -> None:
    """Pass again and again; only the first pass may fail, as then it is set up wrongly."""
    passed = False
    while not stop.is_set():
        try:
            for notice in _pass(desk, outbox, stop):
                _tell(invocation, notice)
            for alerted in alerting.tell(desk):
                tell_alerted(invocation, alerted)
            passed = True
        except Refusal as refusal:
            if not passed:
                raise
            sys.stderr.write(f"numberone: {plain_line(refusal.reason)}\n")
            sys.stderr.flush()
        stop.wait(every)


def _pass(desk: "Desk", outbox: "Outbox", stop: threading.Event) -> Iterator[Notice]:
    """Send all that is due and yield each as it stands then."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    with outbox:
        while not stop.is_set() and (delivered := outbox.send_next(desk.waits, worker)) is not None:
            yield delivered.notice


def _tell_all(invocation: Invocation, notices: list[Notice], alerts: "list[Alerted]") -> None:
    from tui.cli.render.team_documents import notices_document

    if invocation.json:
        printing.print_json(notices_document(notices))
        for alerted in alerts:
            tell_alerted(invocation, alerted)
        return
    for notice in notices:
        _tell(invocation, notice)
    for alerted in alerts:
        tell_alerted(invocation, alerted)
    if not notices and not alerts:
        invocation.printer().say("Nothing is due.")


def _tell(invocation: Invocation, notice: Notice) -> None:
    """Print a notice as soon as it is through: in a loop, JSON is one document a line."""
    from tui.cli.render.team_documents import notice_document
    from tui.cli.render.team_text import outcome_line

    if invocation.json:
        printing.print_json(notice_document(notice))
    else:
        invocation.printer().say(outcome_line(notice))
    sys.stdout.flush()


def tell_alerted(invocation: Invocation, alerted: "Alerted") -> None:
    """Print what came of an alert: with JSON only, on standard error, that it was not told."""
    said = plain_line(f"alerts {alerted.receiver}: {alerted.title}")
    if not alerted.is_told:
        sys.stderr.write(f"numberone: {said}: {plain_line(alerted.delivery.why)}\n")
        sys.stderr.flush()
    elif not invocation.json:
        invocation.printer().say(f"Told {said}")
        sys.stdout.flush()
