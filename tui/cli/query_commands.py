"""The commands that only look: ``next``, ``list``, ``show`` and ``explain``."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import click

from policy.refusal import Refusal
from policy.words import Action
from store.queue.query import ME, NOBODY, Query, QueryField, Scope, State, parse_query
from store.read_models import Listing
from tui.cli.grammar import CommandHeading, Count, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import placed
from tui.cli.query_words import QueryWord
from tui.cli.render import printing, ticket_lines
from tui.cli.render.status_line import checked_format, needs_forecast, status_line
from tui.cli.render.ticket_documents import by_hand_document, event_document, ticket_document
from tui.environment.config import state_folder
from tui.environment.saved_filters import SIGN, expanded, saved_filters
from tui.phrasing.ready_replies import reply_of
from tui.phrasing.text import plain_block

if TYPE_CHECKING:
    from policy.contract.ticket_clocks import Targets
    from policy.roster.holders import Holders
    from policy.ticket import Ticket
    from policy.waits.forecast import AnswerForecast
    from store.quick.look import FirstLook
    from store.read_models import Card, Event, Overview
    from tui.cli.render.ticket_documents import Document

_MORE_OF_FIELDS = {
    QueryField.PRIORITY: "p",
    QueryField.IS: ", ".join(State),
    QueryField.ASSIGNEE: f"{ME}, {NOBODY}, a login",
}
_FIELDS = ", ".join(
    f"{field} ({_MORE_OF_FIELDS[field]})" if field in _MORE_OF_FIELDS else field
    for field in QueryField
)
_LIST_HELP = f"""List the queue in its order, or the tickets that a query finds.

A query is words to be found in subject, body and customer, and fields: {_FIELDS}. A field may have
several values, tier:team,free; a minus in front of a field or a word denies it. @name stands for a
filter that was saved on the board.

Each fact that the policy in force names is a field, too: kind:incident, special:yes, "amount:>500"
or "amount:500 EUR", and kind:none for what says nothing of it.
"""

_LOOKED_AT = 200
"""How many tickets at most of a first look are held at once; more are read piece by piece."""

_DENIED = re.compile(r'-(?:[^\W\d]|").*', re.DOTALL)


class QueryCommand(ShellCommand):
    """A command whose words may be ``-tier:free``, which is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put what a query denies behind all options, where nothing is taken for one."""
        denied = [word for word in args if _DENIED.fullmatch(word)]
        if denied and "--" not in args:
            args = [word for word in args if not _DENIED.fullmatch(word)] + ["--", *denied]
        return super().parse_args(ctx, args)


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
    "list",
    cls=QueryCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    help=_LIST_HELP,
    short_help="The queue in its order, or what a query finds.",
    examples=[
        ("numberone list", "the queue in its order"),
        ("numberone list --limit 10", "the first ten"),
        ("numberone list tier:enterprise p:p1 assignee:me", "mine, enterprise, p1"),
        ("numberone list -tier:free status:pending login", "pending, free ones not"),
        ("numberone list is:away", "whoever has it is away, so that it counts as nobody's"),
        ("numberone list is:late", "our answer, or an update, is overdue"),
        ("numberone list --declined", "what is not ours"),
        ("numberone list @mine", "by a filter that was saved as mine on the board"),
    ],
)
@click.argument("query", nargs=-1, type=QueryWord())
@click.option("--limit", metavar="N", type=Count(), help="At most N tickets.")
@click.option("--all", "everything", is_flag=True, help="Solved, pending and declined ones too.")
@click.option("--declined", is_flag=True, help="Only the tickets that intake declined.")
@pass_invocation
def list_command(
    invocation: Invocation,
    query: tuple[str, ...],
    limit: int | None,
    everything: bool,
    declined: bool,
) -> None:
    """List the queue in its order, or the tickets that a query finds."""
    if everything and declined:
        raise click.UsageError("--all and --declined exclude each other.")
    scope = Scope.ALL if everything else Scope.DECLINED if declined else Scope.QUEUE
    _list(invocation, _expanded(query), scope, limit)


def _expanded(words: Sequence[str]) -> str:
    if not any(word.startswith(SIGN) for word in words):
        return expanded(words, {})

    return expanded(words, saved_filters(state_folder()))


class _Listed(NamedTuple):
    """What a list is printed of; ``forecasts`` are empty where nobody asks for JSON."""

    listing: "Listing"
    holders: "Holders"
    targets_of: "Callable[[Ticket], Targets]"
    forecasts: "Mapping[int, AnswerForecast]"


def _list(invocation: Invocation, typed: str, scope: Scope, limit: int | None) -> None:
    if scope is Scope.QUEUE and not typed and limit is not None and limit <= _LOOKED_AT:
        _list_first(invocation, limit)
        return
    with ExitStack() as opened:
        desk = opened.enter_context(invocation.snapshot_then())
        query = parse_query(typed, desk.policy.words(), scope)
        listing = opened.enter_context(desk.queue.listing(query, limit))
        forecasts = desk.waits.forecasts() if invocation.json else {}
        listed = _Listed(listing, desk.team.holders(), desk.policy.targets_of(), forecasts)
        _print_list(invocation, query, listed)


def _list_first(invocation: Invocation, limit: int) -> None:
    """List the first of the queue, as a first look sees it."""

    def read(look: "FirstLook") -> _Listed:
        tickets = look.first(limit)
        owed = {each.id for each in tickets if each.owed} if invocation.json else ()
        ranked = iter([(each, place) for place, each in enumerate(tickets, 1)])
        listing = Listing(total=look.in_queue, tickets=ranked)
        return _Listed(listing, look.holders, look.targets_of, look.forecasts(owed))

    _print_list(invocation, Query(), invocation.look(read, then=True))


def _print_list(invocation: Invocation, query: Query, listed: _Listed) -> None:
    listing, holders, targets_of, forecasts = listed
    if not invocation.json:
        ticket_lines.tell_list(invocation.printer(), query, listing, holders)
        return
    tickets = (
        ticket_document(
            ticket, position, holders.away(ticket), targets_of(ticket), forecasts.get(ticket.id)
        )
        for ticket, position in listing.tickets
    )
    printing.print_json_list({"total": listing.total}, "tickets", tickets)


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
