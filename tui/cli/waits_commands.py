"""The commands about customers who wait: whom to tell, and what became of the notices."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from policy.words import Action, NoticeState
from store.notices.notice_models import Notice
from tui.cli.grammar import CommandHeading, ShellGroup, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.notice_commands import draft_command, how_many_notices, send_command
from tui.cli.render import printing

if TYPE_CHECKING:
    from store.desk import Desk

# What these tell brings the roster, which is heavy: help and completion do without.
# ruff: noqa: PLC0415

_NUMBER = click.IntRange(1, 2**62)


@click.group(
    "waits",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.WHO,
    invoke_without_command=True,
    short_help="Who is to be told that they wait, and what became of it.",
    examples=[
        ("numberone waits", "the drafts, and the notices sent before"),
        ("numberone waits --why", "what the times rest on, and how promises were kept"),
        ("numberone waits send --all", "send every draft in ten seconds"),
        ("numberone waits draft 4127 4130", "what those who wait in these would be told"),
        ("numberone waits take-back", "no, do not"),
        ("numberone waits retry", "send what could not be delivered once more"),
    ],
)
@click.option("--why", is_flag=True, help="What the times rest on: durations, margins, promises.")
@pass_invocation
@click.pass_context
def waits_group(ctx: click.Context, invocation: Invocation, *, why: bool) -> None:
    """List who is to be told now that they will wait, and what became of the notices before.

    While choices are hard, every customer whose answer will be late gets a draft. A notice goes out
    ten seconds after it is sent, by numberone deliver or a board.
    """
    if ctx.invoked_subcommand is not None:
        if why:
            raise click.UsageError("--why goes with no other command.")
        return
    from tui.cli.render.forecast_text import tell_basis, why_document
    from tui.cli.render.team_documents import (
        draft_document,
        notice_document,
        unreachable_document,
    )
    from tui.cli.render.team_text import tell_waits

    with invocation.snapshot() as desk:
        waits = desk.waits.read()
        now = desk.now()
    if invocation.json:
        notices = [
            *(draft_document(draft) for draft in waits.drafts),
            *(notice_document(notice) for notice in waits.ledger),
        ]
        unreachable = [unreachable_document(each) for each in waits.unreachable]
        reasons = {"why": why_document(waits.basis, waits.promises)} if why else {}
        printing.print_json({"notices": notices, "unreachable": unreachable, **reasons})
    elif why:
        tell_basis(invocation.printer(), waits.basis, waits.promises)
    else:
        tell_waits(invocation.printer(), waits, now)


waits_group.add_command(send_command)
waits_group.add_command(draft_command)


@waits_group.command(
    "take-back",
    action=Action.SEND_WAITS,
    short_help="Stop notices that have not gone out yet.",
    examples=[
        ("numberone waits take-back", "all that have not gone out"),
        ("numberone waits take-back 12 13", "these two"),
    ],
)
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1, type=_NUMBER)
@pass_invocation
def take_back_command(invocation: Invocation, numbers: tuple[int, ...]) -> None:
    """Take back notices that have not begun to go out: those named, or all."""
    _change(
        invocation,
        lambda desk: desk.waits.take_back(numbers or _in_state(desk, NoticeState.QUEUED)),
        "taken back",
    )


@waits_group.command(
    "retry",
    action=Action.SEND_WAITS,
    short_help="Send what could not be delivered once more.",
    examples=[
        ("numberone waits retry", "all that are undeliverable"),
        ("numberone waits retry 12", "that one, though it is in doubt"),
    ],
)
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1, type=_NUMBER)
@pass_invocation
def retry_command(invocation: Invocation, numbers: tuple[int, ...]) -> None:
    """Send undeliverable notices once more: those named, or all.

    A notice in doubt may have arrived, so it goes out again only when it is named; its Message-ID
    stays the same, and most mailboxes drop a second copy by that.
    """
    _change(
        invocation,
        lambda desk: desk.waits.retry(numbers or _in_state(desk, NoticeState.UNDELIVERABLE)),
        "on their way once more",
    )


@waits_group.command(
    "taken",
    action=Action.SEND_WAITS,
    short_help="Say that a notice in doubt did arrive.",
    examples=[("numberone waits taken 12", "the mail server's log has its Message-ID")],
)
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True, type=_NUMBER)
@pass_invocation
def taken_command(invocation: Invocation, numbers: tuple[int, ...]) -> None:
    """Write down that notices in doubt were taken after all."""
    _change(invocation, lambda desk: desk.waits.settle(numbers), "written down as sent")


def _change(
    invocation: Invocation, change: "Callable[[Desk], tuple[Notice, ...]]", what: str
) -> None:
    from tui.cli.render.team_documents import notices_document

    with invocation.transaction() as desk:
        changed = change(desk)
    if invocation.json:
        printing.print_json(notices_document(changed))
        return
    out = invocation.printer()
    for notice in changed:
        out.say(f"#{notice.id} to {notice.email or notice.name}")
    out.say(f"{how_many_notices(len(changed))} {what}.")


def _in_state(desk: "Desk", state: NoticeState) -> list[int]:
    return [notice.id for notice in desk.waits.read().ledger if notice.state is state]
