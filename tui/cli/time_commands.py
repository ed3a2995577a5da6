"""The commands about time: the timer, what was recorded, and how it is split."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import click

from policy.names import same_name
from policy.refusal import Refusal
from policy.words import Action, Work
from tui.cli.grammar import CommandHeading, ShellCommand, ShellGroup, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import placed
from tui.cli.render import printing

if TYPE_CHECKING:
    from policy.time.entries import TimeEntry
    from store.desk import Desk

# What these tell brings the policy of allocation, which is heavy: help and completion do without.
# ruff: noqa: PLC0415

_ENTRY = click.IntRange(1, 2**62)
Decorated = TypeVar("Decorated", bound=Callable[..., object])


def _without_ticket(command: Decorated) -> Decorated:
    """Give a command the two options for time that is on no ticket."""
    internal = click.option("--internal", is_flag=True, help="On internal work, on no ticket.")
    customer = click.option("--customer", is_flag=True, help="On customer work, on no ticket.")
    return customer(internal(command))


@click.group(
    "timer",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.WORK,
    invoke_without_command=True,
    short_help="What your timer runs on; start it, stop it.",
    examples=[
        ("numberone timer", "what it runs on, and since when"),
        ("numberone timer start 4127", "work on that ticket"),
        ("numberone timer stop", "done"),
        ("numberone timer list", "what you recorded"),
    ],
)
@pass_invocation
@click.pass_context
def timer_group(ctx: click.Context, invocation: Invocation) -> None:
    """Say what your timer runs on and since when, and whether it looks forgotten.

    Everybody has one timer: starting it on something else stops it first. What was recorded can
    be edited afterwards.
    """
    if ctx.invoked_subcommand is not None:
        return
    from tui.cli.render.time_text import tell_timer

    with invocation.snapshot() as desk:
        entry, left = desk.time.timer(), desk.time.left_running()
    if invocation.json:
        _print_entry(invocation, entry, left)
    else:
        tell_timer(invocation.printer(), entry, invocation.now(), left)


@timer_group.command(
    "start",
    action=Action.RECORD_TIME,
    short_help="Start your timer; one that runs is stopped.",
    examples=[
        ("numberone timer start 4127", "on a ticket: internal if it is, else a customer's"),
        ("numberone timer start", "on customer work, no ticket of it in particular"),
        ('numberone timer start --internal --note "hiring"', "on no ticket"),
        ("numberone timer start --protected", "on the internal ticket you are offered, now yours"),
    ],
)
@click.argument("reference", metavar="[ID]", type=Text(), required=False)
@_without_ticket
@click.option("--protected", is_flag=True, help="Take the ticket that allocation offers you.")
@click.option("--note", metavar="TEXT", type=Text(), default="", help="What it is about.")
@pass_invocation
def start_command(
    invocation: Invocation,
    *,
    reference: str | None,
    customer: bool,
    internal: bool,
    protected: bool,
    note: str,
) -> None:
    """Start your timer on a ticket, or without one on customer work, or on internal work.

    Protected time makes the internal ticket that you are offered yours, too.
    """
    from tui.cli.render.time_documents import entry_document
    from tui.cli.render.time_text import tell_stopped, tell_timer

    work = _spent_on(reference, customer=customer, internal=internal)
    if protected and (reference is not None or work is not None):
        raise click.UsageError("--protected goes with no ID, --customer or --internal.")
    if reference is None and work is None and not protected:
        work = Work.CUSTOMER
    with invocation.transaction() as desk, desk.one_action():
        ticket = None if reference is None else desk.tickets.resolve(reference)
        if protected:
            ticket = desk.tickets.take(_offered(desk)).id
        done = desk.time.start_timer(ticket, work, note=note)
    now = invocation.now()
    if invocation.json:
        stopped = None if done.stopped is None else entry_document(done.stopped, now)
        printing.print_json({"entry": entry_document(done.entry, now), "stopped": stopped})
        return
    if done.stopped is not None:
        tell_stopped(invocation.printer(), done.stopped, now)
    tell_timer(invocation.printer(), done.entry, now)


@timer_group.command(
    "stop",
    action=Action.RECORD_TIME,
    short_help="Stop your timer.",
    examples=[
        ("numberone timer stop", "now"),
        ("numberone timer stop --until 17:00", "the last 17:00: it was left running"),
        ("numberone timer stop --until 30m", "30 minutes ago"),
    ],
)
@click.option("--until", metavar="TIME", type=Text(), help="When it ended; by default now.")
@pass_invocation
def stop_command(invocation: Invocation, until: str | None) -> None:
    """Stop your timer, now or at a time that is past."""
    from tui.cli.render.time_text import tell_stopped

    at = _past(invocation, "--until", until, end=True)
    with invocation.transaction() as desk:
        entry = desk.time.stop_timer(at)
    if invocation.json:
        _print_entry(invocation, entry)
    else:
        tell_stopped(invocation.printer(), entry, invocation.now())


@timer_group.command(
    "list",
    action=Action.LOOK,
    short_help="What you recorded, the latest first.",
    examples=[
        ("numberone timer list", "over the window of the policy, 7 days"),
        ("numberone timer list --since 2026-03-02", "since a day"),
        ("numberone timer list --of ada", "what somebody else recorded"),
    ],
)
@click.option("--since", metavar="TIME", type=Text(), help="Since when; 2d is 2 days ago.")
@click.option("--of", "login", metavar="LOGIN", type=Text(), help="Whose; by default yours.")
@pass_invocation
def list_command(invocation: Invocation, since: str | None, login: str | None) -> None:
    """List the entries that you, or somebody else, recorded, the latest first."""
    from tui.cli.render.time_documents import entry_document
    from tui.cli.render.time_text import tell_entries

    begin = _past(invocation, "--since", since)
    with invocation.snapshot() as desk:
        entries = desk.time.entries(login, begin)
        left = desk.time.left_running() if login is None or same_name(login, desk.actor) else None
    now = invocation.now()
    if invocation.json:
        documents = (
            entry_document(each, now, left if each.stopped_at is None else None) for each in entries
        )
        printing.print_json({"entries": list(documents)})
    else:
        tell_entries(invocation.printer(), entries, now)


@timer_group.command(
    "edit",
    action=Action.RECORD_TIME,
    short_help="Change an entry.",
    examples=[
        ("numberone timer edit 12 --from 09:00 --until 10:30", "the last 09:00 and 10:30"),
        ("numberone timer edit 12 --ticket 4127", "it was that ticket"),
        ('numberone timer edit 12 --internal --note "planning"', "it was no ticket"),
    ],
)
@click.argument("number", metavar="ENTRY", type=_ENTRY)
@click.option("--from", "start", metavar="TIME", type=Text(), help="When it began.")
@click.option("--until", metavar="TIME", type=Text(), help="When it ended.")
@click.option("--ticket", "reference", metavar="ID", type=Text(), help="The ticket it was on.")
@_without_ticket
@click.option("--note", metavar="TEXT", type=Text(), help="What it was about.")
@pass_invocation
def edit_command(
    invocation: Invocation,
    *,
    number: int,
    start: str | None,
    until: str | None,
    reference: str | None,
    customer: bool,
    internal: bool,
    note: str | None,
) -> None:
    """Change an entry of yours; a lead may change anybody's."""
    work = _spent_on(reference, customer=customer, internal=internal)
    if (start, until, reference, work, note) == (None, None, None, None, None):
        raise click.UsageError("Say what to change: --from, --until, --ticket, --note …")
    begins = _past(invocation, "--from", start)
    ends = _past(invocation, "--until", until, end=True)
    with invocation.transaction() as desk:
        entry = desk.time.edit_entry(
            number,
            started_at=begins,
            stopped_at=ends,
            ticket=None if reference is None else desk.tickets.resolve(reference),
            work=work,
            note=note,
        )
    _tell_entry(invocation, entry)


@timer_group.command(
    "remove",
    action=Action.RECORD_TIME,
    short_help="Take an entry out.",
    examples=[("numberone timer remove 12", "it never was")],
)
@click.argument("number", metavar="ENTRY", type=_ENTRY)
@pass_invocation
def remove_command(invocation: Invocation, number: int) -> None:
    """Take an entry of yours out, the running timer too; a lead may anybody's."""
    with invocation.transaction() as desk:
        entry = desk.time.remove_entry(number)
    if invocation.json:
        _print_entry(invocation, entry)
    else:
        invocation.printer().say(f"Entry {entry.id} of {entry.login} is removed.")


@click.command(
    "allocation",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.WHO,
    short_help="How time is split: customer and internal work.",
    examples=[
        ("numberone allocation", "the team's and everybody's, and what you are offered"),
        ("numberone allocation --json", "shares as fractions of 1"),
    ],
)
@pass_invocation
def allocation_command(invocation: Invocation) -> None:
    """Say how time was split between customer and internal work over the policy's window.

    Time at a level at which internal work pauses is left out. Who is short of internal work, while
    no p0 or p1 waits, is offered the first internal ticket as protected time.
    """
    from tui.cli.render.time_documents import allocation_document
    from tui.cli.render.time_text import tell_allocation

    with invocation.snapshot() as desk:
        allocation = desk.time.allocation()
        suggestion = desk.time.mine(allocation, desk.team.capacity()).suggestion
        offered = None if suggestion is None else placed(invocation, desk, suggestion.ticket)
    if invocation.json:
        document = None if offered is None else offered.document
        printing.print_json(allocation_document(allocation, suggestion, document))
    else:
        tell_allocation(invocation.printer(), allocation, suggestion)


def _offered(desk: "Desk") -> int:
    """Return the internal ticket that this person is offered as protected time.

    Raises:
        Refusal: none is.
    """
    suggestion = desk.time.mine(desk.time.allocation(), desk.team.capacity()).suggestion
    if suggestion is None:
        raise Refusal("no protected time is offered to you now; numberone allocation says why")
    return suggestion.ticket.id


def _spent_on(reference: str | None, *, customer: bool, internal: bool) -> Work | None:
    """Return the work that was named, or fail where more than one thing was."""
    if [reference is not None, customer, internal].count(True) > 1:
        raise click.UsageError("Say only one of a ticket's ID, --customer and --internal.")
    if customer:
        return Work.CUSTOMER
    return Work.INTERNAL if internal else None


def _past(
    invocation: Invocation, option: str, text: str | None, *, end: bool = False
) -> datetime | None:
    return None if text is None else invocation.typed(option, text, end=end, back=True)


def _print_entry(
    invocation: Invocation, entry: "TimeEntry | None", left: datetime | None = None
) -> None:
    from tui.cli.render.time_documents import entry_document

    document = None if entry is None else entry_document(entry, invocation.now(), left)
    printing.print_json({"entry": document})


def _tell_entry(invocation: Invocation, entry: "TimeEntry") -> None:
    from tui.cli.render.time_text import tell_entries

    if invocation.json:
        _print_entry(invocation, entry)
    else:
        tell_entries(invocation.printer(), [entry], invocation.now())
