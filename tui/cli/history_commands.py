"""What happened, and taking it back: ``history``, ``undo`` and ``redo``."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from policy.words import Action
from store.read_models import Event, EventFilter
from tui.actions import timeline
from tui.cli.grammar import CommandHeading, Count, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.render import printing
from tui.cli.render.ticket_documents import event_document
from tui.phrasing import times

if TYPE_CHECKING:
    from store.desk import Desk

_SHOWN = 100
_DIGITS = 18

_COLUMNS = (
    printing.TableColumn(),  # when
    printing.TableColumn(right=True),  # ticket
    printing.TableColumn(at_least=20),  # what
)


@click.command(
    "history",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="What happened: by ticket, person, kind and time.",
    examples=[
        ("numberone history", f"the last {_SHOWN} things that happened"),
        ("numberone history --ticket 4127", "all that happened to one ticket"),
        ("numberone history --person mariam --from 2026-03-06T09:00", "what she did since then"),
        ("numberone history --kind policy_adopted --json", "every policy that was in force"),
    ],
)
@click.option("--ticket", metavar="ID", type=Text(), help="Only what happened to this ticket.")
@click.option("--person", metavar="LOGIN", type=Text(), help="Only what this person did.")
@click.option("--kind", metavar="KIND", type=Text(), help="Only this kind: taken, replied …")
@click.option("--from", "start", metavar="TIME", type=Text(), help="Only from this time on.")
@click.option("--until", "end", metavar="TIME", type=Text(), help="Only before this time.")
@click.option("--limit", metavar="N", type=Count(), help="Only the latest N.")
@pass_invocation
def history_command(
    invocation: Invocation,
    *,
    ticket: str | None,
    person: str | None,
    kind: str | None,
    start: str | None,
    end: str | None,
    limit: int | None,
) -> None:
    """Say what happened, the latest last: who, when, what it was before and what after."""
    with invocation.snapshot() as desk:
        wanted = EventFilter(
            ticket=None if ticket is None else _number(desk, ticket),
            actor=person,
            kind=kind,
            start=None if start is None else invocation.typed("--from", start, back=True),
            end=None if end is None else invocation.typed("--until", end, end=True, back=True),
        )
        shown = _SHOWN if limit is None and not invocation.json else limit
        with desk.history.events(wanted, shown) as events:
            if invocation.json:
                documents = (event_document(event) for event in events)
                printing.print_json_list({}, "events", documents)
            else:
                _tell(events, invocation)


@click.command(
    "undo",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.WORK,
    short_help="Take back the last thing you did.",
    examples=[("numberone undo", "what you did last is as it was, and it says what that was")],
)
@pass_invocation
def undo_command(invocation: Invocation) -> None:
    """Take back the last thing you did, whole, unless somebody has changed it since."""
    with invocation.transaction() as desk:
        undone = desk.history.undo()
    _tell_reversed(invocation, "Took back", undone)


@click.command(
    "redo",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.WORK,
    short_help="Do again what you took back last.",
    examples=[("numberone redo", "what was taken back is done again")],
)
@pass_invocation
def redo_command(invocation: Invocation) -> None:
    """Do again what you took back last, unless you have done something else since."""
    with invocation.transaction() as desk:
        redone = desk.history.redo()
    _tell_reversed(invocation, "Did again", redone)


def _number(desk: "Desk", reference: str) -> int:
    """Return the number of a ticket, also of one that was taken back since."""
    number = reference.removeprefix("#")
    if number.isascii() and number.isdecimal() and len(number) <= _DIGITS:
        return int(number)
    return desk.tickets.resolve(reference)


def _tell(events: Iterable[Event], invocation: Invocation) -> None:
    now, out = invocation.now(), invocation.printer()
    rows = [
        [
            (times.at(event.at, now, out.zone), "dim"),
            (f"#{event.ticket}" if event.ticket else "", ""),
            (timeline.sentence(event, out.zone), ""),
        ]
        for event in events
    ]
    if not rows:
        out.say("Nothing of that kind has happened.")
    out.table(_COLUMNS, rows)


def _tell_reversed(invocation: Invocation, did: str, events: Sequence[Event]) -> None:
    if invocation.json:
        tickets = sorted({event.ticket for event in events if event.ticket is not None})
        documents = [event_document(event) for event in events]
        printing.print_json({"tickets": tickets, "events": documents})
        return
    out = invocation.printer()
    out.say(timeline.reversal(did, events, out.zone))
