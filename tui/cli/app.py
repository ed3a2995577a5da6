"""The program as one command, with all the others under it."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module

import click

from policy.words import Action
from tui.cli.completion import PROGRAM
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


_COMMANDS = {
    "next": "query_commands.next_command",
    "list": "list_command.list_command",
    "show": "query_commands.show_command",
    "explain": "query_commands.explain_command",
    "watch": "watch_command.watch_command",
    "messages": "conversation_commands.messages_command",
    "attachments": "conversation_commands.attachments_command",
    "filters": "filter_commands.filters_group",
    "history": "history_commands.history_command",
    "report": "report_commands.report_command",
    "rehearse": "rehearsal_commands.rehearse_command",
    "handover-note": "merging_commands.handover_note_command",
    "new": "intake_commands.new_command",
    "take": "ticket_commands.take_command",
    "assign": "ticket_commands.assign_command",
    "reply": "conversation_commands.reply_command",
    "heard": "ticket_commands.heard_command",
    "status": "ticket_commands.status_command",
    "priority": "ticket_commands.priority_command",
    "deviate": "ticket_commands.deviate_command",
    "undo": "history_commands.undo_command",
    "redo": "history_commands.redo_command",
    "comment": "engineering_commands.comment_command",
    "context": "engineering_commands.context_command",
    "handover": "engineering_commands.handover_command",
    "escalate": "engineering_commands.escalate_command",
    "review": "engineering_commands.review_command",
    "timer": "time_commands.timer_group",
    "merge": "merging_commands.merge_command",
    "split": "merging_commands.split_command",
    "team": "team_commands.team_group",
    "out": "team_commands.out_command",
    "back": "team_commands.back_command",
    "coverage": "team_commands.coverage_command",
    "capacity": "team_commands.capacity_command",
    "at-capacity": "team_commands.at_capacity_command",
    "allocation": "time_commands.allocation_command",
    "calendar": "calendar_commands.calendar_group",
    "waits": "waits_commands.waits_group",
    "deliver": "delivery_commands.deliver_command",
    "connections": "connection_commands.connections_group",
    "login": "connection_commands.login_command",
    "sync": "connection_commands.sync_command",
    "import": "transfer_commands.import_command",
    "export": "transfer_commands.export_command",
    "mapping": "mapping_commands.mapping_group",
    "mode": "ticket_commands.mode_command",
    "policy": "policy_commands.policy_group",
    "db": "database_commands.db_group",
    "demo": "environment_commands.demo_command",
    "where": "environment_commands.where_command",
    "doctor": "doctor_command.doctor_command",
    "mcp": "mcp_command.mcp_command",
    "serve": "serve_command.serve_command",
    "completion": "environment_commands.completion_command",
}
"""Where each command is to be found, in the order in which they are listed."""


class _OnceNamed(MutableMapping[str, click.Command]):
    """The commands by their names, each imported only when it is asked for."""

    def __init__(self) -> None:
        self._found: dict[str, click.Command | None] = dict.fromkeys(_COMMANDS)

    def __getitem__(self, name: str) -> click.Command:
        found = self._found[name]
        if found is None:
            module, _, attribute = _COMMANDS[name].partition(".")
            found = getattr(import_module(f"tui.cli.{module}"), attribute)
            if not isinstance(found, click.Command):
                raise AssertionError(name)
            self._found[name] = found
        return found

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._found[name] = command

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@click.group(
    PROGRAM,
    cls=TopGroup,
    commands=_OnceNamed(),
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
        from tui.cli.environment_commands import open_board  # noqa: PLC0415 - as the commands

        open_board(invocation)
