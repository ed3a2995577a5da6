"""The commands about the policy: what it says, whether a file is one, and what it would change."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from policy.words import Action, Status
from tui.cli.exit_codes import REFUSED
from tui.cli.grammar import CommandHeading, OneOf, ShellGroup, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.policy_due import DueQuestion, answered
from tui.cli.policy_files import policy_text, read_policy
from tui.cli.policy_words import FactPair, WordKind, WordOf
from tui.cli.render import policy_lines, printing, ticket_lines
from tui.cli.render.ticket_documents import Document, instant, ticket_document
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.contract.ticket_clocks import Targets
    from policy.roster.holders import Holders
    from policy.rulebook.lost_words import LostWord
    from policy.rulebook.rulebook import Rulebook
    from policy.ticket import Ticket
    from store.policies.policy_difference import LatenessChange, Move

    TargetsOf = Callable[[Ticket], Targets]

# The rulebook is heavy: help and completion do without it, so each command imports what it needs.
# ruff: noqa: PLC0415


@click.group(
    "policy",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.TEAM,
    short_help="Write, show, check and compare policies.",
    examples=[
        ("numberone policy new ours.toml", "write your own, question by question"),
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

    described = describe(invocation.rulebook_in_force())
    if invocation.json:
        printing.print_json(described)
    else:
        printing.print_file(tomli_w.dumps(described, multiline_strings=True))


@policy_group.command(
    "check",
    action=None,
    short_help="List all that is wrong with a policy.",
    examples=[
        ("numberone policy check ours.toml", "exit 0 when it is good, 1 when it is not"),
        ("numberone policy check", "the policy in force: what it lacks of the handbook's"),
    ],
)
@click.argument("file", type=click.Path(), required=False)
@pass_invocation
def check_command(invocation: Invocation, file: str | None) -> None:
    """List all that is wrong with a policy file: key, value and what was expected.

    Without a file it is the policy in force. What is right but may mean something else than it
    says is told, too, and what the handbook has gained that the policy's own lists and texts lack.
    """
    from policy.rulebook.renewals import lacks
    from policy.rulebook.warnings import warnings_of

    problems, rulebook = ([], invocation.rulebook_in_force()) if file is None else _checked(file)
    warnings = [] if rulebook is None else [*warnings_of(rulebook), *lacks(rulebook)]
    for problem in problems:
        sys.stderr.write(f"numberone: {plain_line(problem)}\n")
    if invocation.json:
        printing.print_json({"problems": problems, "warnings": warnings})
    elif not problems:
        ticket_lines.tell_warnings(invocation.printer(), warnings)
        invocation.printer().say(f"{file or 'The policy in force'}: nothing is wrong with it.")
    if problems:
        raise click.exceptions.Exit(REFUSED)


def _checked(file: str) -> "tuple[list[str], Rulebook | None]":
    """Return all that is wrong with a policy file, or the policy when it is good."""
    from policy.rulebook.rulebook import check_rulebook, load_rulebook

    text = policy_text(file)
    problems = check_rulebook(text, file)
    return problems, None if problems else load_rulebook(text, file)


@policy_group.command(
    "diff",
    action=Action.LOOK,
    short_help="Say what another policy says otherwise, and what it does to the queue.",
    examples=[
        ("numberone policy diff ours.toml", "which keys, which tickets up and down, what is late"),
        ("numberone policy diff ours.toml --at 2026-03-06T17:00", "as the queue stood then"),
    ],
)
@click.argument("file", type=click.Path())
@pass_invocation
def diff_command(invocation: Invocation, file: str) -> None:
    """Say what another policy says otherwise, and what it would do; nothing is changed.

    Which keys differ, which number one before and after, which tickets go up and down, and why,
    and which become late or are late no longer.
    """
    from policy.contract.ticket_clocks import targets_of
    from tui.cli.render.difference_lines import tell_policy_difference
    from tui.cli.render.forecast_text import changes_document

    other = read_policy(file)
    targets_then = partial(targets_of, other)
    now_in_force = replace(invocation, policy=None)
    with now_in_force.snapshot_then() as desk:
        difference, holders = desk.policy.difference(other), desk.team.holders()
        targets_now = desk.policy.targets_of()
    if not invocation.json:
        tell_policy_difference(now_in_force.printer(), difference)
        return
    before, after = difference.number_one_before, difference.number_one_after
    head = {
        "keys": [
            {"key": each.key, "before": each.before, "after": each.after}
            for each in difference.keys
        ],
        "warnings": list(difference.warnings),
        **_lost_document(difference.lost.words),
        "number_one_before": None
        if before is None
        else ticket_document(before, 1, holders.away(before), targets_now(before), None),
        "number_one_after": None
        if after is None
        else ticket_document(after, 1, holders.away(after), targets_then(after), None),
        "total": difference.total,
        "answers": changes_document(difference.answers),
        "late": [_lateness_document(each, holders, targets_then) for each in difference.late],
        "late_no_longer": [
            _lateness_document(each, holders, targets_then) for each in difference.late_no_longer
        ],
    }
    moves = (_move_document(move, holders, targets_then) for move in difference.moves)
    printing.print_json_list(head, "moves", moves)


@policy_group.command(
    "due",
    action=Action.LOOK,
    short_help="Say until when an answer would be due.",
    examples=[
        ("numberone policy due --priority p1 --received 2026-03-06T16:00", "by our policy"),
        ("numberone policy due --priority p2 --received 3h --policy ours.toml", "by a file"),
        ("numberone policy due --received 3h --tier team --severity 2", "as intake decides"),
    ],
)
@click.option(
    "--received", metavar="TIME", type=Text(), required=True, help="When we became aware of it."
)
@click.option(
    "--priority",
    type=WordOf(WordKind.PRIORITY),
    help="The ticket's priority, a word of the policy; else intake decides it.",
)
@click.option("--tier", type=WordOf(WordKind.TIER), help="The customer's tier.")
@click.option("--severity", type=WordOf(WordKind.SEVERITY), help="The severity reported.")
@click.option(
    "--fact",
    "facts",
    metavar="NAME=VALUE",
    type=FactPair(),
    multiple=True,
    help="What else the ticket carries, a fact that the policy names; as often as there are.",
)
@click.option("--zone", metavar="ZONE", type=Text(), help="The customer's time zone.")
@click.option(
    "--status",
    type=OneOf([*Status]),
    default=Status.NEW,
    help="Which answer is due: new the first, open the next one.",
)
@click.option(
    "--paused",
    metavar="FROM..UNTIL",
    type=Text(),
    multiple=True,
    help="A time in which update and resolution stood still; as often as there are.",
)
@pass_invocation
def due_command(
    invocation: Invocation,
    *,
    received: str,
    priority: str | None,
    tier: str | None,
    severity: str | None,
    facts: tuple[str, ...],
    zone: str | None,
    status: Status,
    paused: tuple[str, ...],
) -> None:
    """Say until when the contract wants an answer, and all else that it promises.

    Every target is reckoned from --received; the answer is the one that is due in --status. By the
    policy in force, or by the file given with --policy. Needs no database.
    """
    rulebook = invocation.rulebook_in_force()
    asked = DueQuestion(
        received=received,
        priority=priority,
        tier=tier,
        severity=severity,
        facts=facts,
        zone=zone,
        status=Status(status),
        paused=paused,
    )
    answer = answered(invocation, rulebook, asked)
    if invocation.json:
        printing.print_json(answer.document(rulebook.target_names))
    else:
        policy_lines.tell_due(invocation.printer(), answer.priority, answer.because, answer.due)


@policy_group.command(
    "book",
    action=None,
    short_help="List the policies that come with the program, or print one.",
    examples=[
        ("numberone policy book", "which there are"),
        ("numberone policy book gitlab > ours.toml", "one to start from"),
    ],
)
@click.argument("name", required=False, type=Text())
@pass_invocation
def book_command(invocation: Invocation, name: str | None) -> None:
    """List the policies that come with the program, with a line each, or print one of them.

    Each is a real team's public policy, with its source and date in comments.
    """
    from policy.rulebook.book import book, text_in_the_book

    if name is None:
        policies = [{"name": each.name, "about": each.about} for each in book()]
        if invocation.json:
            printing.print_json({"policies": policies})
        else:
            policy_lines.tell_book(invocation.printer(), book())
        return
    text = text_in_the_book(name)
    if invocation.json:
        printing.print_json({"name": name, "text": text})
    else:
        printing.print_file(text)


@policy_group.command(
    "new",
    action=Action.LOOK,
    short_help="Write your own policy, question by question.",
    examples=[
        ("numberone policy new ours.toml", "answer, and see what each answer does to the queue"),
        ("numberone policy new ours.toml < answers.txt", "the answers from a file, a line each"),
    ],
)
@click.argument("file", type=click.Path())
@pass_invocation
def new_command(invocation: Invocation, file: str) -> None:
    """Ask for your plans, priorities, hours, times and who comes first; write them into a new FILE.

    What each answer does is shown on the queue as it is now, on a made-up one where the desk has
    no tickets. Enter takes what stands in brackets, < goes back one question, ctrl+c leaves nothing
    behind. The file is commented, to be gone on with in an editor; nothing is adopted.
    """
    from tui.cli.policy_new import new_policy

    new_policy(invocation, file)


def _lost_document(lost: "Sequence[LostWord]") -> Document:
    """Return the words that the policy does not know; most policies know all, and say nothing."""
    words = [{"field": each.field, "word": each.word, "tickets": each.tickets} for each in lost]
    return {"words_lost": words} if words else {}


def _move_document(move: "Move", holders: "Holders", targets_then: "TargetsOf") -> Document:
    ticket = move.ticket
    return {
        "ticket": ticket_document(
            ticket, move.after, holders.away(ticket), targets_then(ticket), None
        ),
        "before": move.before,
        "after": move.after,
        "why": move.why,
    }


def _lateness_document(
    change: "LatenessChange", holders: "Holders", targets_then: "TargetsOf"
) -> Document:
    ticket = change.ticket
    return {
        "ticket": ticket_document(
            ticket, change.place, holders.away(ticket), targets_then(ticket), None
        ),
        "respond_by_before": instant(change.respond_by_before),
        "respond_by_after": instant(change.respond_by_after),
    }
