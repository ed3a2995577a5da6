"""The commands that change a ticket, or the mode: each is one thing a person does at the desk."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from policy.ordering.deviations import UNTIL_ANSWERED
from policy.refusal import Refusal
from policy.words import Action, Mode, PriorityInput, Status
from store.queue.query import ME, NOBODY, Query
from tui.actions.commands import COMMANDS
from tui.cli.decided_on import on_tickets, takes_versions
from tui.cli.grammar import CommandHeading, Examples, OneOf, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import placed, placed_each, tell_each, tell_placed
from tui.cli.policy_words import WordKind, WordOf, meant
from tui.cli.render import printing, ticket_lines
from tui.cli.render.ticket_documents import mode_document
from tui.phrasing.holder_words import warned
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import until as until_words

if TYPE_CHECKING:
    from store.desk import Desk

_AUTOMATIC = "auto"
STATUS = OneOf([*Status])
"""A status as it is typed."""


def ticket_command(name: str, examples: Examples, more: str = "") -> Callable[[Any], ShellCommand]:
    """Declare a command on a ticket; its words are the board's."""
    said = COMMANDS[name]
    return click.command(
        name,
        cls=ShellCommand,
        action=said.action,
        heading=CommandHeading.WORK,
        help=f"{said.help} {more}".strip(),
        short_help=f"{said.tooltip}.",
        examples=examples,
    )


@ticket_command(
    "take",
    [
        ("numberone take", "take the number one"),
        ("numberone take 4127", "take that one"),
        ("numberone take 4127 4130", "take both, or neither"),
    ],
    "Without ID it is the number one.",
)
@click.argument("references", metavar="[ID]...", type=Text(), nargs=-1)
@takes_versions
@pass_invocation
def take_command(invocation: Invocation, references: tuple[str, ...]) -> None:
    """Make tickets, or the number one, this person's."""
    with on_tickets(invocation, references) as (desk, named):
        tickets = named or [_number_one(desk)]
        taken = placed_each(invocation, desk, desk.tickets.take_each(tickets))
    tell_each(invocation, taken, f"{taken[0].ticket.assignee} has it.")


@ticket_command(
    "assign",
    [
        ("numberone assign 4127 mariam", "mariam is accountable for it"),
        ("numberone assign 4127 4130 mariam", "for both, or for neither"),
        ("numberone assign 4127 --nobody", "nobody is"),
    ],
    "LOGIN may be me.",
)
@click.argument("words", metavar="ID... [LOGIN]", type=Text(), nargs=-1, required=True)
@click.option("--nobody", is_flag=True, help="Take it off whoever has it.")
@takes_versions
@pass_invocation
def assign_command(invocation: Invocation, words: tuple[str, ...], nobody: bool) -> None:
    """Make tickets somebody's, or nobody's, with a warning where they are away or at capacity."""
    references, login = (words, NOBODY) if nobody else (words[:-1], words[-1])
    if not references or (nobody and not all(map(_may_be_id, references))):
        raise click.UsageError("Say an ID, and either a LOGIN or --nobody.")
    with on_tickets(invocation, references) as (desk, tickets):
        meant = {ME: desk.actor, NOBODY: None}.get(login, login)
        changed = desk.tickets.assign_each(tickets, meant)
        holder = changed[0].assignee
        warning = None if holder is None else desk.team.warning_of(holder, tickets)
        assigned = placed_each(invocation, desk, changed)
        now = desk.now()
    if warning is not None:
        sys.stderr.write(f"numberone: {plain_line(warned(warning, now, invocation.zone))}\n")
    tell_each(invocation, assigned, f"{holder or 'Nobody'} has it.")


@ticket_command("heard", [("numberone heard 4127", "the customer wrote just now")])
@click.argument("reference", metavar="ID", type=Text())
@takes_versions
@pass_invocation
def heard_command(invocation: Invocation, reference: str) -> None:
    """Record that the customer wrote."""
    with on_tickets(invocation, [reference]) as (desk, (number,)):
        changed = placed(invocation, desk, desk.tickets.heard(number))
    tell_placed(invocation, changed, "The customer wrote.")


@ticket_command(
    "status",
    [
        ("numberone status 4127 pending", "the next step is the customer's"),
        ("numberone status 4127 on_hold", "it is another team's"),
        ("numberone status 4127 4130 solved", "both, or neither"),
        ('numberone status 4127 solved --unanswered "spam"', "nobody needs an answer"),
    ],
)
@click.argument(
    "references", metavar="ID...", type=Text(), nargs=-1, required=True,
    shell_complete=STATUS.shell_complete,
)  # fmt: skip
@click.argument("status", type=STATUS)
@click.option(
    "--unanswered",
    metavar="REASON",
    type=Text(),
    default="",
    help="Why nobody needs an answer, where a customer waits for one.",
)
@takes_versions
@pass_invocation
def status_command(
    invocation: Invocation, *, references: tuple[str, ...], status: Status, unanswered: str
) -> None:
    """Put tickets into another status."""
    with on_tickets(invocation, references) as (desk, tickets):
        changed = desk.tickets.set_status_each(tickets, status, unanswered=unanswered)
        stand = placed_each(invocation, desk, changed)
    tell_each(invocation, stand)


@ticket_command(
    "priority",
    [('numberone priority 4127 p0 --reason "nobody can log in" --input customer', "it is p0 now")],
)
@click.argument("reference", metavar="ID", type=Text())
@click.argument("priority", type=WordOf(WordKind.PRIORITY))
@click.option("--reason", type=Text(), required=True, help="Why, in a sentence.")
@click.option(
    "--input", "rests_on", type=OneOf([*PriorityInput]), required=True, help="What it rests on."
)
@takes_versions
@pass_invocation
def priority_command(
    invocation: Invocation,
    *,
    reference: str,
    priority: str,
    reason: str,
    rests_on: PriorityInput,
) -> None:
    """Assign a priority beside the definition's."""
    with on_tickets(invocation, [reference]) as (desk, (number,)):
        word = meant("PRIORITY", priority, invocation.words.priorities)
        ticket = desk.tickets.assign_priority(number, word, reason=reason, rests_on=rests_on)
        changed = placed(invocation, desk, ticket)
    tell_placed(invocation, changed, f"By definition it is {ticket.defined_priority}.")


@ticket_command(
    "deviate",
    [
        ('numberone deviate 4127 --reason "their launch" --until 17:00', "first until then"),
        ('numberone deviate 4127 --reason "the board" --until answered', "until we reply"),
        ("numberone deviate 4127 --end", "back in its place"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--reason", metavar="TEXT", type=Text(), help="Why, in a sentence.")
@click.option(
    "--until",
    metavar="TIME|answered",
    type=Text(),
    help="When it ends: 3h, 17:00, Fri 17:00, or when we answer.",
)
@click.option("--end", "ends", is_flag=True, help="End the deviation now.")
@takes_versions
@pass_invocation
def deviate_command(
    invocation: Invocation, *, reference: str, reason: str | None, until: str | None, ends: bool
) -> None:
    """Put a ticket first, or back into its place."""
    if ends:
        if reason is not None or until is not None:
            raise click.UsageError("--end goes with neither --reason nor --until.")
        with on_tickets(invocation, [reference]) as (desk, (number,)):
            ended = placed(invocation, desk, desk.deviations.end(number))
        tell_placed(invocation, ended, "It is in its place again.")
        return
    if reason is None or until is None:
        raise click.UsageError("Say --reason and --until, or --end.")
    answered = until.strip().lower() == UNTIL_ANSWERED
    end = None if answered else invocation.typed("--until", until, end=True)
    with on_tickets(invocation, [reference]) as (desk, (number,)):
        first = placed(
            invocation, desk, desk.deviations.put_first(number, reason=reason, until=end)
        )
        lasts = until_words(end, desk.now(), invocation.zone)
    tell_placed(invocation, first, f"It is first by deviation {lasts}.")


@click.command(
    "mode",
    cls=ShellCommand,
    action=Action.SET_MODE,
    heading=CommandHeading.TEAM,
    short_help="Which order is in force, or set it by hand.",
    examples=[
        ("numberone mode", "the mode in force, and why"),
        ('numberone mode hard_choices --reason "5 are ill" --until 3h', "by tier, for three hours"),
        ("numberone mode auto", "no longer by hand"),
    ],
)
@click.argument("mode", type=OneOf([*Mode, _AUTOMATIC]), required=False)
@click.option("--reason", metavar="TEXT", type=Text(), help="Why, in a sentence; a mode needs it.")
@click.option(
    "--until",
    metavar="TIME",
    type=Text(),
    help="When it ends: 3h, 17:00, Fri 17:00; a mode needs it.",
)
@pass_invocation
def mode_command(
    invocation: Invocation, mode: str | None, reason: str | None, until: str | None
) -> None:
    """Say which mode is in force, or set it by hand, with a reason and an end.

    Everybody then sees by whom, why and until when; auto leaves it to the level again. In normal
    mode the earliest answer due comes first within a priority; in hard choices the
    customer's tier decides before that.
    """
    if mode in (None, _AUTOMATIC) and until is not None:
        raise click.UsageError("--until is for a mode set by hand.")
    if mode is None and reason is not None:
        raise click.UsageError("--reason is for a mode that is set.")
    end = None if until is None else invocation.typed("--until", until, end=True)
    with invocation.snapshot() if mode is None else invocation.transaction() as desk:
        if mode is not None:
            by_hand = None if mode == _AUTOMATIC else Mode(mode)
            desk.policy.set_mode(by_hand, reason=reason or "", until=end)
        overview = desk.queue.overview()
    if invocation.json:
        printing.print_json(mode_document(overview.mode, overview.capacity.level))
    else:
        ticket_lines.tell_mode(invocation.printer(), overview.mode, overview.now)


def _number_one(desk: "Desk") -> int:
    first = desk.queue.page(Query(), 0, 1)
    if not first:
        raise Refusal("the queue is empty; there is no number one to take")
    return first[0].id


def _may_be_id(word: str) -> bool:
    """Return whether a word can name a ticket, and so is no login beside --nobody."""
    return ":" in word or word.removeprefix("#").isdecimal()
