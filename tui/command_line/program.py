"""The program as one command, with all the others under it."""

import click

from policy.words import Action
from tui.command_line import (
    acting,
    calendars,
    databases,
    delivering,
    engineering,
    exporting,
    history,
    importing,
    looking,
    merging,
    places,
    policies,
    report,
    team,
    time,
    waits,
)
from tui.command_line.board import open_board
from tui.command_line.completing import PROGRAM
from tui.command_line.grammar import TopGroup, pass_session
from tui.command_line.session import Session

_WHAT_FOR = """Always the one ticket that comes first, and why. Without a command: the board.

A ticket's ID is our number, such as 4127, or source:external_id. Exit codes: 0 done, 1 refused or
bad input, 2 wrong usage.
"""


def _show_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: PLC0415 - slow, and seldom asked for

        click.echo(f"{PROGRAM} {version(PROGRAM)}")
        ctx.exit()


@click.group(
    PROGRAM,
    cls=TopGroup,
    action=Action.LOOK,
    invoke_without_command=True,
    help=_WHAT_FOR,
    examples=[
        ("numberone", "open the board"),
        ("numberone demo", "open it on a made-up team and its queue"),
        ("numberone import tickets.jsonl", "take your own tickets in"),
        ("numberone next", "the number one, without the board"),
        ("numberone COMMAND --help", "more about a command, with examples"),
    ],
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Print the version.",
)
@pass_session
@click.pass_context
def program(ctx: click.Context, session: Session) -> None:
    """Open the board when no command is named."""
    if ctx.invoked_subcommand is None:
        open_board(session)


for command in (
    looking.next_command,
    looking.list_command,
    looking.show_command,
    looking.explain_command,
    history.history_command,
    report.report_command,
    merging.handover_note_command,
    acting.take_command,
    acting.assign_command,
    acting.reply_command,
    acting.heard_command,
    acting.status_command,
    acting.priority_command,
    acting.deviate_command,
    history.undo_command,
    history.redo_command,
    engineering.comment_command,
    engineering.context_command,
    engineering.handover_command,
    engineering.escalate_command,
    engineering.review_command,
    time.timer_group,
    merging.merge_command,
    merging.split_command,
    team.team_group,
    team.out_command,
    team.back_command,
    team.coverage_command,
    team.capacity_command,
    time.allocation_command,
    calendars.calendar_group,
    waits.waits_group,
    delivering.deliver_command,
    importing.import_command,
    exporting.export_command,
    acting.mode_command,
    policies.policy_group,
    databases.db_group,
    places.demo_command,
    places.where_command,
    places.completion_command,
):
    program.add_command(command)
