"""The command that answers other programs by the Model Context Protocol: ``mcp``."""

import sys
from dataclasses import replace

import click

from policy.refusal import Refusal
from policy.words import Action
from tui.cli.grammar import CommandHeading, ShellCommand, pass_invocation
from tui.cli.invocation import Invocation


@click.command(
    "mcp",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.PROGRAM,
    short_help="Let a program look, and draft what a person sends.",
    examples=[
        ("numberone mcp", "started by a program that speaks the Model Context Protocol"),
        ("numberone --db queue.db mcp", "on that database"),
    ],
)
@pass_invocation
def mcp_command(invocation: Invocation) -> None:
    """Answer a program on standard input and output by the Model Context Protocol.

    It can look: number one and why, queue, tickets with their conversations, team, waits, report.
    It can put down drafts of answers, notices and contexts, which a person sends. It can change
    nothing else, and what customers wrote is marked as data.
    """
    if invocation.json:
        raise click.UsageError("--json goes without mcp, which speaks a protocol of its own.")
    if sys.stdin.isatty():
        raise Refusal("mcp is started by a program that speaks its protocol, not at a terminal")
    try:
        from tui.programs.server import serve  # noqa: PLC0415 - heavy, and an extra
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] != "mcp":
            raise
        raise Refusal(
            'mcp is not installed; install it with: pip install "numberone[mcp]"'
        ) from None
    invocation.now()
    if not invocation.has_database():
        raise Refusal(f"{invocation.place}: there is no database yet; import your tickets")
    serve(replace(invocation, policy=None))  # none is adopted for a program, not even the one named
