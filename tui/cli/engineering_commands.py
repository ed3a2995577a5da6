"""The commands about engineering: the context, the hand-over, and what engineers decide of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from policy.engineering.handover import SCHEDULED
from policy.refusal import Refusal
from policy.words import Action
from tui.actions.commands import COMMANDS
from tui.cli.decided_on import as_seen, on_tickets, seen_before, takes_versions
from tui.cli.grammar import CommandHeading, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import placed, placed_each, tell_placed
from tui.cli.render import printing, ticket_lines
from tui.cli.render.engineering_text import tell_engineering, tell_review
from tui.cli.render.ticket_documents import Document
from tui.environment.config import state_folder
from tui.environment.editor import kept_file, write_in_editor, written
from tui.phrasing.engineering_facts import context_text, read_context_text
from tui.phrasing.times import typed_day

if TYPE_CHECKING:
    from store.read_models import Card


@click.command(
    "context",
    cls=ShellCommand,
    action=Action.FILL_CONTEXT,
    heading=CommandHeading.ENGINEERING,
    short_help="What engineering needs to know, filled in or missing.",
    examples=[
        ("numberone context 4127", "what is filled in, and what is missing"),
        ("numberone context 4127 --set logs='502 at 9:14'", "fill in one of it"),
        ("numberone context 4127 --set logs=", "clear it"),
        ("numberone context 4127 --edit", "all of it, in your editor"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option(
    "--set",
    "settings",
    metavar="NAME=TEXT",
    type=Text(),
    multiple=True,
    help="Fill in one name; an empty text clears it. May be given several times.",
)
@click.option("--edit", is_flag=True, help="Write it in $VISUAL or $EDITOR, a heading a name.")
@takes_versions
@pass_invocation
def context_command(
    invocation: Invocation, reference: str, settings: tuple[str, ...], *, edit: bool
) -> None:
    """Show or fill in the context that engineering needs to decide, as the policy names it.

    A p2 is handed over once all of it is there.
    """
    if settings and edit:
        raise click.UsageError("--set and --edit exclude each other.")
    answers = _answers(settings)
    card = _edited(invocation, reference) if edit else _filled_in(invocation, reference, answers)
    if invocation.json:
        printing.print_json(
            {
                "ticket": _document(invocation, card),
                "context": dict(card.engineering.checklist),
                "missing": list(card.engineering.missing),
                "thin": list(card.engineering.thin),
            }
        )
        return
    out = invocation.printer()
    out.line(*ticket_lines.headline(card.ticket, out.words))
    ticket_lines.tell_context(out, card, invocation.now())


def _answers(settings: Sequence[str]) -> Mapping[str, str]:
    answers = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign:
            raise click.UsageError(f"--set {setting}: expected NAME=TEXT.")
        answers[name.strip()] = text
    return answers


def _filled_in(invocation: Invocation, reference: str, answers: Mapping[str, str]) -> "Card":
    """Return a ticket, after what was answered is filled in."""
    if not answers:
        with invocation.snapshot() as desk:
            return desk.tickets.card(desk.tickets.resolve(reference))
    with on_tickets(invocation, [reference]) as (desk, (number,)):
        desk.engineering.fill_context(number, answers)
        return desk.tickets.card(number)


def _edited(invocation: Invocation, reference: str) -> "Card":
    """Return a ticket after its context was written in an editor; meanwhile others may write."""
    with invocation.desk() as desk:
        with desk.snapshot():
            invocation.zone.settle(desk.zone())
            card = desk.tickets.card(desk.tickets.resolve(reference))
        checklist = card.engineering.checklist
        file = kept_file(state_folder(), invocation.place, card.ticket.id)
        write_in_editor(file, context_text(card.ticket, checklist))
        seen = as_seen(invocation, desk, seen_before(invocation, card.ticket))
        with written(file) as text, seen, desk.transaction():
            answers = read_context_text(text, checklist)
            if answers:
                desk.engineering.fill_context(card.ticket.id, answers)
            return desk.tickets.card(card.ticket.id)


@click.command(
    "handover",
    cls=ShellCommand,
    action=Action.HAND_OVER,
    heading=CommandHeading.ENGINEERING,
    short_help="Hand a ticket over to engineering.",
    examples=[("numberone handover 4127", "its context is complete; it rests on hold with them")],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--as-it-is", is_flag=True, help="Though some of its context says little.")
@takes_versions
@pass_invocation
def handover_command(invocation: Invocation, reference: str, *, as_it_is: bool) -> None:
    """Hand a ticket over to engineering, where it rests on hold until they decide its timing.

    Refused with what is missing in its context, or says too little in it. A p0 or p1 goes this way
    only when it can wait a day: numberone escalate ID --can-wait.
    """
    with on_tickets(invocation, [reference]) as (desk, (number,)):
        handed = placed(invocation, desk, desk.engineering.hand_over(number, as_it_is=as_it_is))
    tell_placed(invocation, handed, "It is with engineering.")


@click.command(
    "escalate",
    cls=ShellCommand,
    action=Action.ESCALATE,
    heading=CommandHeading.ENGINEERING,
    short_help="Ask engineering to drop everything, or say that it can wait.",
    examples=[
        ('numberone escalate 4127 --because "the boats stop tonight"', "it cannot wait a day"),
        ("numberone escalate 4127 --can-wait", "it can; then numberone handover 4127"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--because", metavar="TEXT", type=Text(), help="It cannot wait a day, and why.")
@click.option("--can-wait", is_flag=True, help="It can wait a day.")
@takes_versions
@pass_invocation
def escalate_command(
    invocation: Invocation, reference: str, because: str | None, *, can_wait: bool
) -> None:
    """Answer whether a p0 or p1 can wait a day; if not, engineering is asked to drop everything.

    Both answers are counted, because they should be rare.
    """
    if can_wait is (because is not None):
        raise click.UsageError("Say either --because TEXT or --can-wait.")
    with on_tickets(invocation, [reference]) as (desk, (number,)):
        ticket = desk.engineering.escalate(number, cannot_wait=not can_wait, because=because or "")
        answered = placed(invocation, desk, ticket)
    said = "It can wait." if can_wait else "Engineering is asked to drop everything."
    tell_placed(invocation, answered, said)


@click.command(
    "review",
    cls=ShellCommand,
    action=Action.REVIEW,
    heading=CommandHeading.ENGINEERING,
    short_help="What waits for engineering; decide the timing of one.",
    examples=[
        ("numberone review", "what waits for engineering, the oldest first"),
        ('numberone review 4127 next_release --note "in the parser"', "decide the timing"),
        ("numberone review 4127 --on 2026-03-12", "scheduled for that day"),
        ('numberone review 4127 --question "Which version?"', "back to support"),
    ],
)
@click.argument("reference", metavar="[ID]", type=Text(), required=False)
@click.argument("timing", metavar="[TIMING]", type=Text(), required=False)
@click.option("--on", "day", metavar="DATE", type=Text(), help="The day it is scheduled for.")
@click.option("--note", metavar="TEXT", type=Text(), help="For support; no customer sees it.")
@click.option("--question", metavar="TEXT", type=Text(), help="Back to support: what is missing.")
@takes_versions
@pass_invocation
def review_command(
    invocation: Invocation,
    *,
    reference: str | None,
    timing: str | None,
    day: str | None,
    note: str | None,
    question: str | None,
) -> None:
    """List what waits for engineering, or decide the timing of one ticket.

    The timings are the policy's: now, next_release, scheduled (with --on), backlog, wont_do. The
    ticket is support's again, to tell the customer, for whom an answer is drafted.
    """
    if timing is None and day is not None:
        timing = SCHEDULED
    if reference is None:
        if any(each is not None for each in (day, note, question)):
            raise click.UsageError("Say which ticket: ID.")
        _list(invocation)
    elif (timing is None) is (question is None):
        raise click.UsageError("Say either a TIMING or --question TEXT.")
    elif timing is None or question is not None:
        if note is not None:
            raise click.UsageError("--note and --question exclude each other.")
        with on_tickets(invocation, [reference]) as (desk, (number,)):
            desk.engineering.send_back(number, question or "")
            card = desk.tickets.card(number)
        _tell_reviewed(invocation, card)
    else:
        with on_tickets(invocation, [reference]) as (desk, (number,)):
            desk.engineering.review(
                number,
                _named(desk.policy.rulebook().engineering.timings, timing),
                scheduled_for=None if day is None else _day(invocation, day),
                note=note or "",
            )
            card = desk.tickets.card(number)
        _tell_reviewed(invocation, card)


@click.command(
    "comment",
    cls=ShellCommand,
    action=Action.COMMENT,
    heading=CommandHeading.WORK,
    help=COMMANDS["comment"].help,
    short_help=f"{COMMANDS['comment'].tooltip}.",
    examples=[('numberone comment 4127 "The same as #4090."', "for the team")],
)
@click.argument("reference", metavar="ID", type=Text())
@click.argument("text", type=Text())
@pass_invocation
def comment_command(invocation: Invocation, reference: str, text: str) -> None:
    """Write a comment into a ticket's history."""
    with invocation.transaction() as desk:
        said = placed(invocation, desk, desk.tickets.comment(desk.tickets.resolve(reference), text))
    tell_placed(invocation, said, "Commented.")


def _named(timings: Sequence[str], typed: str) -> str:
    """Return the policy's timing that was typed in another way: "Won't do" is ``wont_do``."""
    return {_bare(timing): timing for timing in timings}.get(_bare(typed), typed)


def _bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _day(invocation: Invocation, typed: str) -> date:
    zone = invocation.zone
    try:
        day = typed_day(typed, invocation.now(), zone)
    except Refusal as refusal:
        raise Refusal(f"--on: {refusal.reason}") from None
    return day.astimezone(zone).date() if isinstance(day, datetime) else day


def _list(invocation: Invocation) -> None:
    with invocation.snapshot() as desk:
        found, now = desk.engineering.waiting(), desk.now()
        tickets = placed_each(
            invocation, desk, [each.ticket for each in found.waiting] if invocation.json else []
        )
    if invocation.json:
        documents = [each.document for each in tickets]
        printing.print_json({"total": found.total, "tickets": documents})
    else:
        tell_engineering(invocation.printer(), found, now)


def _tell_reviewed(invocation: Invocation, card: "Card") -> None:
    if invocation.json:
        printing.print_json(
            {
                "ticket": _document(invocation, card),
                "tell_the_customer": card.engineering.draft,
            }
        )
    else:
        tell_review(invocation.printer(), card)


def _document(invocation: Invocation, card: "Card") -> Document:
    with invocation.snapshot() as desk:
        (found,) = placed_each(invocation, desk, [card.ticket])
    return found.document
