"""The commands about customers who wait: whom to tell, and what became of the notices."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from policy.refusal import Refusal, quoted
from policy.words import Action, NoticeState, NoticeWay
from store.read_models import Notice
from tui.cli.grammar import CommandHeading, ShellGroup, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.render import printing
from tui.environment.config import config_file

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice
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
        ("numberone waits send --all", "send every draft in ten seconds"),
        ("numberone waits take-back", "no, do not"),
        ("numberone waits retry", "send what could not be delivered once more"),
    ],
)
@pass_invocation
@click.pass_context
def waits_group(ctx: click.Context, invocation: Invocation) -> None:
    """List who is to be told now that they will wait, and what became of the notices before.

    While choices are hard, every customer whose answer will be late gets a draft. A notice goes out
    ten seconds after it is sent, by numberone deliver or a board.
    """
    if ctx.invoked_subcommand is not None:
        return
    from tui.cli.render.team_documents import draft_document, notice_document
    from tui.cli.render.team_text import tell_waits

    with invocation.snapshot() as desk:
        waits = desk.waits.read()
        now = desk.now()
    if invocation.json:
        notices = [
            *(draft_document(draft) for draft in waits.drafts),
            *(notice_document(notice) for notice in waits.ledger),
        ]
        printing.print_json({"notices": notices})
    else:
        tell_waits(invocation.printer(), waits, now)


@waits_group.command(
    "send",
    action=Action.SEND_WAITS,
    short_help="Send drafts: all, or those to some requesters.",
    examples=[
        ("numberone waits send --all", "every draft"),
        ("numberone waits send ada@acme.example", "the one to her"),
        ("numberone waits send --all --dry-run", "read them first"),
        ("numberone waits send ada@acme.example --by-hand", "she was told on the phone"),
    ],
)
@click.argument("requesters", metavar="[REQUESTER]...", nargs=-1, type=Text())
@click.option("--all", "everybody", is_flag=True, help="Every draft there is.")
@click.option("--by-hand", is_flag=True, help="Only write down that they were told.")
@click.option("--webhook", is_flag=True, help="To the chat tool, those with an address too.")
@click.option("--dry-run", is_flag=True, help="Only print what would be sent.")
@pass_invocation
def send_command(
    invocation: Invocation,
    *,
    requesters: tuple[str, ...],
    everybody: bool,
    by_hand: bool,
    webhook: bool,
    dry_run: bool,
) -> None:
    """Send drafts; they go out in ten seconds, and until then take-back stops them.

    A REQUESTER is an address, else a name, as numberone waits shows it.
    """
    if everybody is bool(requesters):
        raise click.UsageError("Say either --all or who: REQUESTER...")
    if by_hand and webhook:
        raise click.UsageError("--by-hand and --webhook exclude each other.")
    from tui.environment.configured_outbox import notice_domain

    way = NoticeWay.BY_HAND if by_hand else NoticeWay.WEBHOOK if webhook else NoticeWay.MAIL
    domain = notice_domain()
    with invocation.snapshot() if dry_run else invocation.transaction() as desk:
        drafts = desk.waits.read().drafts
        chosen = drafts if everybody else _chosen(drafts, requesters)
        sent = () if dry_run else desk.waits.send(chosen, way=way, domain=domain)
    if dry_run:
        _show_drafts(invocation, chosen)
    else:
        _tell_sent(invocation, sent, by_hand=by_hand)


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
    out.say(f"{_notices(len(changed))} {what}.")


def _in_state(desk: "Desk", state: NoticeState) -> list[int]:
    return [notice.id for notice in desk.waits.read().ledger if notice.state is state]


def _chosen(drafts: "Sequence[WaitNotice]", requesters: Sequence[str]) -> "list[WaitNotice]":
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


def _show_drafts(invocation: Invocation, drafts: "Sequence[WaitNotice]") -> None:
    from tui.cli.render.team_documents import draft_document
    from tui.cli.render.team_text import tell_notice

    if invocation.json:
        printing.print_json({"notices": [draft_document(draft) for draft in drafts]})
        return
    out = invocation.printer()
    for draft in drafts:
        tell_notice(out, draft)
    out.say(f"{_notices(len(drafts))} would be sent. This was a dry run.")


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
        out.say(f"{_notices(len(sent))} written down as sent.")
    else:
        out.say(
            f"{_notices(len(sent))} will go out in ten seconds;"
            " until then: numberone waits take-back"
        )
        if not can_post():
            out.say(f"Not from here: {config_file()} says neither [mail] nor [webhook].")


def _notices(count: int) -> str:
    return "1 notice" if count == 1 else f"{count:,} notices"
