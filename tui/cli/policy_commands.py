"""The commands about the policy: what it says, whether a file is one, and what it would change."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from policy.words import Action, Priority
from tui.cli.exit_codes import REFUSED
from tui.cli.grammar import CommandHeading, OneOf, ShellGroup, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.policy_files import policy_text, read_policy
from tui.cli.render import printing, ticket_lines
from tui.cli.render.ticket_documents import Document, instant, ticket_document
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.rulebook.rulebook import Rulebook
    from store.read_models import Move

# The rulebook is heavy: help and completion do without it, so each command imports what it needs.
# ruff: noqa: PLC0415


@click.group(
    "policy",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.TEAM,
    short_help="Show, check and compare policies.",
    examples=[
        ("numberone policy show > ours.toml", "the policy in force, to be changed"),
        ("numberone policy check ours.toml", "is anything wrong with it?"),
        ("numberone policy diff ours.toml", "what would it do to the queue?"),
        ("numberone --policy ours.toml next", "make it the team's"),
    ],
)
def policy_group() -> None:
    """Show the policy in force, check a file, see what it would change. Nothing is changed here.

    A policy file says only what differs from the handbook that comes with the program. It becomes
    the team's when any other command is given --policy FILE.
    """


@policy_group.command(
    "show",
    action=Action.LOOK,
    short_help="Print the policy in force.",
    examples=[
        ("numberone policy show", "all of it, as a policy file"),
        ("numberone policy show --policy ours.toml", "what a file and the handbook say together"),
    ],
)
@pass_invocation
def show_command(invocation: Invocation) -> None:
    """Print the whole policy in force as a policy file; with --json as JSON."""
    import tomli_w

    from policy.rulebook.rulebook import describe

    described = describe(_policy_in_force(invocation))
    if invocation.json:
        printing.print_json(described)
    else:
        sys.stdout.write(tomli_w.dumps(described, multiline_strings=True))


@policy_group.command(
    "check",
    action=None,
    short_help="List all that is wrong with a policy file.",
    examples=[("numberone policy check ours.toml", "exit 0 when it is good, 1 when it is not")],
)
@click.argument("file", type=click.Path())
@pass_invocation
def check_command(invocation: Invocation, file: str) -> None:
    """List all that is wrong with a policy file: key, value and what was expected."""
    from policy.rulebook.rulebook import check_rulebook

    problems = check_rulebook(policy_text(file), file)
    for problem in problems:
        sys.stderr.write(f"numberone: {plain_line(problem)}\n")
    if invocation.json:
        printing.print_json({"problems": problems})
    elif not problems:
        invocation.printer().say(f"{file}: nothing is wrong with it.")
    if problems:
        raise click.exceptions.Exit(REFUSED)


@policy_group.command(
    "diff",
    action=Action.LOOK,
    short_help="Say how the queue would move under another policy.",
    examples=[("numberone policy diff ours.toml", "which tickets up, which down, and why")],
)
@click.argument("file", type=click.Path())
@pass_invocation
def diff_command(invocation: Invocation, file: str) -> None:
    """Say how the present queue would move under another policy; nothing is changed.

    It says which number one before and after, which tickets go up and down, and why.
    """
    other = read_policy(file)
    with replace(invocation, policy=None).desk() as desk:
        difference = desk.policy.difference(other)
    if not invocation.json:
        ticket_lines.tell_policy_difference(invocation.printer(), difference)
        return
    before, after = difference.number_one_before, difference.number_one_after
    head = {
        "number_one_before": None if before is None else ticket_document(before, 1),
        "number_one_after": None if after is None else ticket_document(after, 1),
        "total": difference.total,
    }
    printing.print_json_list(head, "moves", map(_move_document, difference.moves))


@policy_group.command(
    "due",
    action=Action.LOOK,
    short_help="Say until when an answer would be due.",
    examples=[
        ("numberone policy due --priority p1 --received 2026-03-06T16:00", "by our policy"),
        ("numberone policy due --priority p2 --received 3h --policy ours.toml", "by a file"),
    ],
)
@click.option("--priority", type=OneOf([*Priority]), required=True, help="The ticket's priority.")
@click.option(
    "--received", metavar="TIME", type=Text(), required=True, help="When we became aware of it."
)
@pass_invocation
def due_command(invocation: Invocation, priority: Priority, received: str) -> None:
    """Say until when the contract wants a first response, and what we aim for.

    By the policy in force, or by the file given with --policy. Needs no database.
    """
    from policy.clocks.deadlines import first_response_deadlines

    rulebook = _policy_in_force(invocation)
    deadlines = first_response_deadlines(
        rulebook, priority, invocation.typed("--received", received)
    )
    if invocation.json:
        times_due = {"respond_by": deadlines.respond_by, "aim_by": deadlines.aim_by}
        printing.print_json({name: instant(moment) for name, moment in times_due.items()})
    else:
        ticket_lines.tell_deadlines(invocation.printer(), deadlines)


def _policy_in_force(invocation: Invocation) -> "Rulebook":
    """Return the policy in the file given, else the database's, else the handbook.

    No database is made, and none is changed.
    """
    if invocation.policy is not None:
        return read_policy(invocation.policy)
    if invocation.has_database():
        with invocation.desk() as desk:
            return desk.policy.rulebook()
    from policy.rulebook.rulebook import handbook

    return handbook()


def _move_document(move: "Move") -> Document:
    return {
        "ticket": ticket_document(move.ticket, move.after),
        "before": move.before,
        "after": move.after,
        "why": move.why,
    }
