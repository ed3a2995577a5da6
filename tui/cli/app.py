"""The program as one command, with all the others under it."""

import click

from policy.words import Action
from tui.cli import (
    calendar_commands,
    connection_commands,
    conversation_commands,
    database_commands,
    delivery_commands,
    doctor_command,
    engineering_commands,
    environment_commands,
    filter_commands,
    history_commands,
    intake_commands,
    mapping_commands,
    merging_commands,
    policy_commands,
    query_commands,
    rehearsal_commands,
    report_commands,
    team_commands,
    ticket_commands,
    time_commands,
    transfer_commands,
    waits_commands,
    watch_command,
)
from tui.cli.completion import PROGRAM
from tui.cli.environment_commands import open_board
from tui.cli.grammar import TopGroup, pass_invocation
from tui.cli.invocation import Invocation

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
@pass_invocation
@click.pass_context
def program(ctx: click.Context, invocation: Invocation) -> None:
    """Open the board when no command is named."""
    if ctx.invoked_subcommand is None:
        open_board(invocation)


for command in (
    query_commands.next_command,
    query_commands.list_command,
    query_commands.show_command,
    query_commands.explain_command,
    watch_command.watch_command,
    conversation_commands.messages_command,
    conversation_commands.attachments_command,
    filter_commands.filters_group,
    history_commands.history_command,
    report_commands.report_command,
    rehearsal_commands.rehearse_command,
    merging_commands.handover_note_command,
    intake_commands.new_command,
    ticket_commands.take_command,
    ticket_commands.assign_command,
    conversation_commands.reply_command,
    ticket_commands.heard_command,
    ticket_commands.status_command,
    ticket_commands.priority_command,
    ticket_commands.deviate_command,
    history_commands.undo_command,
    history_commands.redo_command,
    engineering_commands.comment_command,
    engineering_commands.context_command,
    engineering_commands.handover_command,
    engineering_commands.escalate_command,
    engineering_commands.review_command,
    time_commands.timer_group,
    merging_commands.merge_command,
    merging_commands.split_command,
    team_commands.team_group,
    team_commands.out_command,
    team_commands.back_command,
    team_commands.coverage_command,
    team_commands.capacity_command,
    team_commands.at_capacity_command,
    time_commands.allocation_command,
    calendar_commands.calendar_group,
    waits_commands.waits_group,
    delivery_commands.deliver_command,
    connection_commands.connections_group,
    connection_commands.login_command,
    connection_commands.sync_command,
    transfer_commands.import_command,
    transfer_commands.export_command,
    mapping_commands.mapping_group,
    ticket_commands.mode_command,
    policy_commands.policy_group,
    database_commands.db_group,
    environment_commands.demo_command,
    environment_commands.where_command,
    doctor_command.doctor_command,
    environment_commands.completion_command,
):
    program.add_command(command)
