"""The commands about the program: the board, the demonstration, where things are, completion."""

import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.completion import SHELLS, completion_script
from tui.cli.grammar import CommandHeading, OneOf, ShellCommand, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.policy_files import read_policy
from tui.cli.progress import progress_bar
from tui.cli.render import printing
from tui.environment.config import config_file, state_folder
from tui.environment.terminal import at_a_terminal, require_terminal
from tui.phrasing.text import plain_block, plain_line

if TYPE_CHECKING:
    from tui.demo.filling import DemoPolicy
    from tui.environment.sync_process import SyncProcess

_LEAD = "mariam"
"""Who leads the made-up team, and may do everything."""

_MAILS_SHOWN = 20


@click.command(
    "demo",
    cls=ShellCommand,
    action=None,
    heading=CommandHeading.PROGRAM,
    short_help="The board on a made-up team and its queue.",
    examples=[
        ("numberone demo", "in a database that is thrown away"),
        ("numberone demo --policy gitlab", "by another policy, a file or one of the book"),
        ("numberone demo --keep demo.db", "in one that stays, for numberone --db demo.db"),
    ],
)
@click.option("--keep", metavar="PATH", type=click.Path(), help="Keep the database in a new file.")
@pass_invocation
def demo_command(invocation: Invocation, keep: str | None) -> None:
    """Open the board on a lively, made-up team and its queue, as Mariam, who leads it.

    People go out while you look, so that customers must be told that they will wait; what is sent
    arrives at a mail server of the demonstration's own. With --policy the queue is made up in the
    words of that policy, a file or one that numberone policy book lists. Without a terminal there
    is no board: then --keep makes the database, and that is all.
    """
    from tui.demo.throwaway import demo_database  # noqa: PLC0415 - it is seldom wanted

    if keep is None:
        require_terminal()
    policy = None if invocation.policy is None else _demo_policy(invocation.policy)
    with ExitStack() as to_the_end:
        with progress_bar("Making up a queue", shown=True) as progress:
            made = demo_database(keep, invocation.now(), progress, policy)
            path = to_the_end.enter_context(made)
        if at_a_terminal():
            login = invocation.as_login or _LEAD
            _play(replace(invocation, db=path, policy=None, as_login=login))
    if keep is not None:
        invocation.printer().say(f"The demonstration is kept: numberone --db {keep}")


def _demo_policy(named: str) -> "DemoPolicy":
    from tui.demo.filling import DemoPolicy  # noqa: PLC0415 - as above
    from tui.demo.trades import trade_of  # noqa: PLC0415 - as above

    return DemoPolicy(read_policy(named), trade_of(named))


def _play(invocation: Invocation) -> None:
    from tui.demo.playing import play  # noqa: PLC0415 - as above

    arrived = play(
        invocation.open, clock=invocation.now, address=invocation.address, place=invocation.place
    )
    out = invocation.printer()
    for mail in arrived[:_MAILS_SHOWN]:
        out.line((plain_line(f"{mail.to}  "), ""), (plain_line(mail.subject), "dim"))
    if arrived:
        mails = "1 mail" if len(arrived) == 1 else f"{len(arrived):,} mails"
        out.say(f"{mails} arrived at the demonstration's own mail server, the first one saying:")
        out.line()
        for line in plain_block(arrived[0].body).splitlines():
            out.line((line, ""))


@click.command(
    "where",
    cls=ShellCommand,
    action=None,
    heading=CommandHeading.PROGRAM,
    short_help="Where the database and the settings are.",
    examples=[("numberone where", "the database, the config file, the state folder, the policy")],
)
@pass_invocation
def where_command(invocation: Invocation) -> None:
    """Say where the database, the config file, the state folder and the policy file are.

    The policy belongs to the database; a policy file is named here when --policy gives one. How
    a board knows of what others change is said as well: it is told, or looks again and again.
    """
    places = {
        "database": _absolute(invocation.place),
        "config": str(config_file().absolute()),
        "state": str(state_folder().absolute()),
        "policy": None if invocation.policy is None else _absolute(invocation.policy),
        "changes": invocation.told_of_changes,
        "limits": invocation.limits,
    }
    if invocation.json:
        printing.print_json(places)
        return
    shown = [[(name, "dim"), (place or "none given", "")] for name, place in places.items()]
    invocation.printer().table([printing.TableColumn(), printing.TableColumn()], shown)


@click.command(
    "completion",
    cls=ShellCommand,
    action=None,
    heading=CommandHeading.PROGRAM,
    short_help="Print what makes a shell complete these commands.",
    examples=[
        ("numberone completion bash >> ~/.bashrc", "bash, from the next shell on"),
        ("numberone completion zsh >> ~/.zshrc", "zsh"),
        ("numberone completion fish > ~/.config/fish/completions/numberone.fish", "fish"),
    ],
)
@click.argument("shell", type=OneOf(SHELLS))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands, options and words."""
    click.echo(completion_script(ctx.find_root().command, shell), nl=False)


def _absolute(place: str) -> str:
    return place if "://" in place else str(Path(place).expanduser().absolute())


def open_board(invocation: Invocation) -> None:
    """Open the board and return when the person leaves it.

    Raises:
        Refusal: there is no terminal, or the board cannot be opened.
    """
    require_terminal()
    invocation.check()  # what was given wrongly is told before the screen is taken
    from tui.board.app import run_board  # noqa: PLC0415 - heavy: other commands do without
    from tui.board.snapshot import first_sight  # noqa: PLC0415 - as above

    run_board(
        invocation.open,
        clock=invocation.now,
        place=invocation.place,
        sync=_sync_beside(invocation),
        first_sight=lambda: invocation.quick_look(first_sight),
    )


def _sync_beside(invocation: Invocation) -> "SyncProcess | None":
    """Return what keeps in step with the connections beside a board; none at another time."""
    from tui.environment.sync_process import SyncProcess  # noqa: PLC0415 - as above

    if invocation.at is not None:
        return None
    return SyncProcess(board_environment(invocation))


def board_environment(invocation: Invocation) -> dict[str, str]:
    """Return the environment of a process that works beside, or as, this person's board."""
    said = {"NUMBERONE_DB": _absolute(invocation.address)}
    if invocation.as_login is not None:
        said["NUMBERONE_AS"] = invocation.as_login
    rest = {name: value for name, value in os.environ.items() if name != "NUMBERONE_POLICY"}
    return rest | said
