"""The commands that send wait notices: those that are due, or to whoever waits in some tickets."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from policy.refusal import Refusal, quoted
from policy.words import Action, NoticeWay
from store.notices.notice_models import Notice
from tui.cli.grammar import ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.render import printing
from tui.environment.config import config_file, state_folder
from tui.environment.editor import kept_notice, write_in_editor, written

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice
    from store.desk import Desk, DeskReading

# What these tell brings the roster, which is heavy: help and completion do without.
# ruff: noqa: PLC0415

Choose = Callable[["DeskReading"], "Sequence[WaitNotice]"]
"""Gives the notices to be sent, from the desk as it stands."""

_SUBJECT: Final = "Subject:"


@dataclass(frozen=True, slots=True)
class Sending:
    """How notices are sent: which way, and whether a person words them first."""

    way: NoticeWay
    edit: bool


def _sending(*, by_hand: bool, webhook: bool, edit: bool) -> Sending:
    if by_hand and webhook:
        raise click.UsageError("--by-hand and --webhook exclude each other.")
    way = NoticeWay.BY_HAND if by_hand else NoticeWay.WEBHOOK if webhook else NoticeWay.MAIL
    return Sending(way, edit)


_BY_HAND = click.option("--by-hand", is_flag=True, help="Only write down that they were told.")
_WEBHOOK = click.option(
    "--webhook", is_flag=True, help="To the chat tool, those with an address too."
)
_EDIT = click.option("--edit", is_flag=True, help="First word each in $VISUAL or $EDITOR.")


@click.command(
    "send",
    cls=ShellCommand,
    action=Action.SEND_WAITS,
    short_help="Send drafts: all, or those to some requesters.",
    examples=[
        ("numberone waits send --all", "every draft"),
        ("numberone waits send ada@acme.example", "the one to her"),
        ("numberone waits send ada@acme.example --edit", "in your own words"),
        ("numberone waits send --all --dry-run", "read them first"),
        ("numberone waits send ada@acme.example --by-hand", "she was told on the phone"),
    ],
)
@click.argument("requesters", metavar="[REQUESTER]...", nargs=-1, type=Text())
@click.option("--all", "everybody", is_flag=True, help="Every draft there is.")
@_BY_HAND
@_WEBHOOK
@_EDIT
@click.option("--dry-run", is_flag=True, help="Only print what would be sent.")
@pass_invocation
def send_command(
    invocation: Invocation,
    *,
    requesters: tuple[str, ...],
    everybody: bool,
    by_hand: bool,
    webhook: bool,
    edit: bool,
    dry_run: bool,
) -> None:
    """Send drafts; they go out in ten seconds, and until then take-back stops them.

    A REQUESTER is an address, else a name, as numberone waits shows it.
    """
    if everybody is bool(requesters):
        raise click.UsageError("Say either --all or who: REQUESTER...")
    if edit and dry_run:
        raise click.UsageError("--edit and --dry-run exclude each other.")
    sending = _sending(by_hand=by_hand, webhook=webhook, edit=edit)

    def choose(desk: "DeskReading") -> "Sequence[WaitNotice]":
        drafts = desk.waits.read().drafts
        return drafts if everybody else _to(requesters, drafts)

    if dry_run:
        _show(invocation, choose, "This was a dry run.")
    else:
        _send(invocation, choose, sending)


@click.command(
    "draft",
    cls=ShellCommand,
    action=Action.SEND_WAITS,
    short_help="Draft a notice to whoever waits in some tickets, due or not.",
    examples=[
        ("numberone waits draft 4127 4130", "what their requesters would be told"),
        ("numberone waits draft 4127 4130 --send", "and send it"),
        ("numberone waits draft 4127 --send --edit", "in your own words"),
    ],
)
@click.argument("references", metavar="ID...", nargs=-1, required=True, type=Text())
@click.option("--send", is_flag=True, help="Send them; they go out in ten seconds.")
@_BY_HAND
@_WEBHOOK
@_EDIT
@pass_invocation
def draft_command(
    invocation: Invocation,
    *,
    references: tuple[str, ...],
    send: bool,
    by_hand: bool,
    webhook: bool,
    edit: bool,
) -> None:
    """Draft a notice about the wait to each requester of these tickets, and show or send it.

    One who has several of them gets one notice about all of these.
    """
    sending = _sending(by_hand=by_hand, webhook=webhook, edit=edit)
    if not send and sending != Sending(NoticeWay.MAIL, edit=False):
        raise click.UsageError("--by-hand, --webhook and --edit go with --send.")

    def choose(desk: "DeskReading") -> "Sequence[WaitNotice]":
        tickets = [desk.tickets.resolve(reference) for reference in references]
        return desk.waits.drafts_for(list(dict.fromkeys(tickets)))

    if send:
        _send(invocation, choose, sending)
    else:
        _show(invocation, choose, "Nothing was sent: --send does.")


def _to(requesters: Sequence[str], drafts: "Sequence[WaitNotice]") -> "list[WaitNotice]":
    """Return the drafts to these requesters.

    Raises:
        Refusal: one of them has none.
    """
    from tui.cli.render.team_text import requester_of

    by_requester: dict[str, list[WaitNotice]] = {}
    for draft in drafts:
        by_requester.setdefault(requester_of(draft).casefold(), []).append(draft)
    for requester in requesters:
        if requester.casefold() not in by_requester:
            near = get_close_matches(requester.casefold(), by_requester, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise Refusal(f"{quoted(requester)}: there is no draft to them{meant}")
    wanted = dict.fromkeys(requester.casefold() for requester in requesters)
    return [draft for requester in wanted for draft in by_requester[requester]]


def _show(invocation: Invocation, choose: Choose, not_sent: str) -> None:
    """Print the notices as their requesters would read them, and that none was sent."""
    from tui.cli.render.team_documents import draft_document
    from tui.cli.render.team_text import tell_notice

    with invocation.snapshot() as desk:
        drafts = choose(desk)
    if invocation.json:
        printing.print_json({"notices": [draft_document(draft) for draft in drafts]})
        return
    out = invocation.printer()
    for draft in drafts:
        tell_notice(out, draft)
    out.say(f"{how_many_notices(len(drafts))} would be sent. {not_sent}")


def _send(invocation: Invocation, choose: Choose, sending: Sending) -> None:
    from tui.environment.configured_outbox import notice_domain

    domain = notice_domain()
    if sending.edit:
        with invocation.desk() as desk:
            sent = _send_worded(invocation, desk, choose, sending.way, domain)
    else:
        with invocation.transaction() as desk:
            sent = desk.waits.send(choose(desk), way=sending.way, domain=domain)
    _tell_sent(invocation, sent, by_hand=sending.way is NoticeWay.BY_HAND)


def _send_worded(
    invocation: Invocation, desk: "Desk", choose: Choose, way: NoticeWay, domain: str
) -> tuple[Notice, ...]:
    """Send notices after each was worded in an editor; meanwhile others may write."""
    with desk.snapshot():
        drafts = choose(desk)
    files = [_worded_in(invocation, draft) for draft in drafts]
    with ExitStack() as kept_until_sent:
        texts = [kept_until_sent.enter_context(written(file)) for file in files]
        worded = [_worded(draft, text) for draft, text in zip(drafts, texts, strict=True)]
        return desk.waits.send(worded, way=way, domain=domain)


def _worded_in(invocation: Invocation, draft: "WaitNotice") -> Path:
    """Let the person word a notice, and return the file in which they did."""
    file = notice_file(invocation, draft)
    write_in_editor(file, notice_text(draft))
    return file


def notice_text(draft: "WaitNotice") -> str:
    """Return a notice as it is written in an editor: its subject, and below it the body."""
    return f"{_SUBJECT} {draft.subject}\n\n{draft.body}"


def notice_file(invocation: Invocation, draft: "WaitNotice") -> Path:
    """Return where a notice is kept while it is written."""
    drafted = f"{draft.asker}{notice_text(draft)}"
    return kept_notice(state_folder(), invocation.place, drafted)


def _worded(draft: "WaitNotice", text: str) -> "WaitNotice":
    """Return a notice in the words of a file: its subject, and below it the body."""
    first, _, body = text.lstrip().partition("\n")
    if not first.casefold().startswith(_SUBJECT.casefold()):
        raise Refusal(f'expected "{_SUBJECT} …" on the first line, and the body below it')
    return draft.reworded(first[len(_SUBJECT) :], body)


def _tell_sent(invocation: Invocation, sent: Sequence[Notice], *, by_hand: bool) -> None:
    from tui.cli.render.team_documents import notices_document
    from tui.environment.configured_outbox import can_post

    if invocation.json:
        printing.print_json(notices_document(sent))
        return
    out = invocation.printer()
    if not sent:
        out.say("Nobody needs to be told that they will wait.")
    elif by_hand:
        out.say(f"{how_many_notices(len(sent))} written down as sent.")
    else:
        out.say(
            f"{how_many_notices(len(sent))} will go out in ten seconds;"
            " until then: numberone waits take-back"
        )
        if not can_post():
            out.say(f"Not from here: {config_file()} says no [mail], [chat] or [webhook].")


def how_many_notices(count: int) -> str:
    """Return how many notices these are, as people say it."""
    return "1 notice" if count == 1 else f"{count:,} notices"
