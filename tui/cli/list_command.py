"""The command that lists the queue, or what a query finds: ``list``."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

import click

from connections.state_folder import state_folder
from policy.words import Action
from store.queue.query import ME, NOBODY, Query, QueryField, Scope, State, parse_query
from store.read_models import Listing
from tui.cli.grammar import CommandHeading, Count, ShellCommand, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.query_words import QueryWord
from tui.cli.render import printing, ticket_lines
from tui.cli.render.ticket_documents import ticket_document
from tui.environment.saved_filters import SIGN, expanded, saved_filters

if TYPE_CHECKING:
    from policy.contract.ticket_clocks import Targets
    from policy.roster.holders import Holders
    from policy.ticket import Ticket
    from policy.waits.forecast import AnswerForecast
    from store.quick.look import FirstLook

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
