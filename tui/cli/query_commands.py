"""The commands that look at one ticket: ``next``, ``show`` and ``explain``."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from policy.refusal import Refusal
from policy.words import Action
from tui.cli.grammar import CommandHeading, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import placed
from tui.cli.render import printing, ticket_lines
from tui.cli.render.status_line import checked_format, needs_forecast, status_line
from tui.cli.render.ticket_documents import by_hand_document, event_document, ticket_document
from tui.phrasing.ready_replies import reply_of
from tui.phrasing.text import plain_block

if TYPE_CHECKING:
    from policy.waits.forecast import AnswerForecast
    from store.quick.look import FirstLook
    from store.read_models import Card, Event, Overview
    from tui.cli.render.ticket_documents import Document


@click.command(
    "next",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="The single number one, and why it is that one.",
    examples=[
        ("numberone next", "what comes first now, and why"),
        ("numberone next --at 2026-03-06T17:00", "what came first then, and why"),
        ("numberone next --format '#$id $priority $customer, $due'", "a line for a status bar"),
    ],
)
@click.option("--format", "line", metavar="LINE", type=Text(), help="Print one line of this form.")
@pass_invocation
def next_command(invocation: Invocation, line: str | None) -> None:
    """Say which ticket is the single number one, why it is that one, and until when.

    With --at a past time it is the one of that time, rebuilt from the history under the policy of
    that time; so it is in list and explain. A LINE has $name for each key of a ticket in JSON, and
    $due, $why, $level, $mode and $queue.
    """
    if line is not None and invocation.json:
        raise click.UsageError("--format and --json exclude each other.")
    template = None if line is None else checked_format(line)
    forecast = invocation.json or (template is not None and needs_forecast(template))

    def read(look: "FirstLook") -> "tuple[Overview, Document | None]":
        overview = look.overview
        ticket = overview.number_one
        if ticket is None:
            return overview, None
        return overview, ticket_document(
            ticket,
            1,
            overview.holders.away(ticket),
            look.targets_of(ticket),
            look.forecasts({ticket.id}).get(ticket.id) if forecast else None,
        )

    overview, first = invocation.look(read, then=True)
    if template is not None:
        click.echo(status_line(template, first, overview))
    elif invocation.json:
        printing.print_json(
            {
                "number_one": first,
                "why": list(overview.why),
                "mode": overview.mode.mode,
                "by_hand": by_hand_document(overview.mode),
                "level": overview.capacity.level,
                "queue": overview.queue,
            }
        )
    else:
        ticket_lines.tell_number_one(invocation.printer(), overview)


@click.command(
    "show",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="All about one ticket.",
    examples=[
        ("numberone show 4127", "by our number"),
        ("numberone show zendesk:20417", "by its number where it comes from"),
        ("numberone show 4127 --reply", "only what to tell the customer of a declined one"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--reply", is_flag=True, help="Only the ready reply, or the drafted answer.")
@pass_invocation
def show_command(invocation: Invocation, reference: str, *, reply: bool) -> None:
    """Show all about one ticket: facts, what the policy says, what to do next, what happened.

    A declined one has a ready reply, and one whose timing engineering decided a drafted answer.
    Once it is sent, numberone reply ID says so.
    """

    def read(look: "FirstLook") -> "tuple[Card, datetime, Sequence[Event], AnswerForecast | None]":
        card = look.card(reference)
        ticket = card.ticket
        if reply:
            return card, look.now, (), None
        forecasts = look.forecasts({ticket.id} if ticket.owed else ())
        return card, look.now, look.history(ticket.id), forecasts.get(ticket.id)

    card, now, events, forecast = invocation.look(read)
    if reply:
        _tell_reply(invocation, card)
    elif invocation.json:
        history = [event_document(event) for event in events]
        ticket = ticket_document(
            card.ticket, card.position, card.holder_away, card.targets, forecast
        )
        printing.print_json({"ticket": ticket, "history": history})
    else:
        ticket_lines.tell_card(invocation.printer(), card, events[::-1], now, forecast)


def _tell_reply(invocation: Invocation, card: "Card") -> None:
    text = reply_of(card)
    if text is None:
        raise Refusal(
            f"#{card.ticket.id} has no ready reply: it was not declined, and engineering decided"
            " nothing of it that the customer is to be told"
        )
    if invocation.json:
        printing.print_json({"reply": text})
    else:
        click.echo(plain_block(text).rstrip())


@click.command(
    "explain",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="Why a ticket stands where it does.",
    examples=[
        ("numberone explain 4127", "why it comes before the one behind it"),
        ("numberone explain 4127 --versus 4090", "why it comes before that one, or behind"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--versus", metavar="ID", type=Text(), help="The ticket to compare it with.")
@pass_invocation
def explain_command(invocation: Invocation, reference: str, versus: str | None) -> None:
    """Say in words why a ticket stands before the next one, or before or behind another."""
    with invocation.snapshot_then() as desk:
        number = desk.tickets.resolve(reference)
        other = None if versus is None else desk.tickets.resolve(versus)
        explanation = desk.queue.explain(number, other)
        ticket = placed(invocation, desk, explanation.ticket)
        behind = (
            None if explanation.versus is None else placed(invocation, desk, explanation.versus)
        )
    if invocation.json:
        printing.print_json(
            {
                "ticket": ticket.document,
                "versus": None if behind is None else behind.document,
                "before": explanation.before,
                "criterion": explanation.criterion,
                "why": explanation.why,
            }
        )
    else:
        ticket_lines.tell_explanation(invocation.printer(), explanation)
