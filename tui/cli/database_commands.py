"""The commands about the database as a whole: brought up to date, looked at, copied, put back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.refusal import Refusal
from policy.words import Action
from store.stopping import ReadingStop
from tui.actions.only_here import OnlyHere
from tui.cli.exit_codes import REFUSED
from tui.cli.grammar import CommandHeading, ShellGroup, pass_invocation
from tui.cli.invocation import Invocation, login_of_the_system
from tui.cli.progress import Progress, progress_bar
from tui.cli.render import printing
from tui.cli.stopping import done_beside
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from store.transfer.copy_models import HistoryEnd, Restored

# The store is heavy: help and completion do without it, so each command imports what it needs.
# ruff: noqa: PLC0415


@click.group(
    "db",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.PROGRAM,
    short_help="Back the database up, restore, move, check it.",
    examples=[
        ("numberone db backup monday.db", "everything in one file, while others work on"),
        ("numberone db restore monday.db", "as it was then; what is there now is kept beside"),
        ("numberone db check", "is anything wrong with it?"),
        ("numberone db roles", "let a server hold everybody to their role"),
    ],
)
def db_group() -> None:
    """Back the database up, put a backup back, look whether it is sound, bring it up to date."""


@db_group.command(
    "upgrade",
    action=Action.LOOK,
    short_help="Bring the database up to date.",
    examples=[("numberone db upgrade", "after a new version was installed")],
)
@pass_invocation
def upgrade_command(invocation: Invocation) -> None:
    """Bring the database up to date, and say from which schema to which.

    Tickets of customers who waited in no list before come back into the queue, and are named.
    Every other command does so too when it opens an older one; here it is all that happens.
    """
    with invocation.desk() as desk:
        upgraded = desk.transfer.upgraded()
        place = desk.place
    if invocation.json:
        brought_back = list(upgraded.brought_back)
        document = {"schema": upgraded.schema, "from": upgraded.before}
        backup = None if upgraded.backup is None else str(upgraded.backup)
        printing.print_json({**document, "brought_back": brought_back, "backup": backup})
    elif upgraded.before is None:
        invocation.printer().say(f"{place}: made new, at schema {upgraded.schema}.")
    elif upgraded.before == upgraded.schema:
        invocation.printer().say(f"{place}: is at schema {upgraded.schema}, the newest.")
    else:
        said = f"brought from schema {upgraded.before} to {upgraded.schema}"
        kept = "" if upgraded.backup is None else f"; as it was, it is kept in {upgraded.backup}"
        invocation.printer().say(f"{place}: {said}{kept}.")


@db_group.command(
    "check",
    action=Action.LOOK,
    short_help="Look whether anything in it is wrong.",
    examples=[("numberone db check", "exit 0 when it is sound, 1 when it is not")],
)
@pass_invocation
def check_command(invocation: Invocation) -> None:
    """Look at every page, event and ticket: what is damaged, or disagrees with the rest.

    The history is read from its beginning, and what it tells is compared with what is kept. Says
    what is wrong, and from which event on, in a line each. Nothing is changed. With --json it
    tells the newest event's hash, which you can keep elsewhere.
    """
    _require_database(invocation)
    with invocation.desk() as desk, progress_bar("Checking", shown=not invocation.json) as progress:
        schema, place = desk.transfer.upgraded().schema, desk.place

        def checked(stop: ReadingStop) -> "tuple[HistoryEnd, list[str]]":
            with desk.snapshot(stop):
                return desk.transfer.history_end(), desk.transfer.problems(progress, stop)

        end, problems = done_beside(checked)
    for problem in problems:
        sys.stderr.write(f"numberone: {plain_line(problem)}\n")
    if invocation.json:
        told = {"events": end.events, "hash": end.hash or None}
        printing.print_json({"schema": schema, **told, "problems": problems})
    elif not problems:
        invocation.printer().say(f"{place}: nothing is wrong with it.")
    if problems:
        raise click.exceptions.Exit(REFUSED)


@db_group.command(
    "backup",
    action=Action.LOOK,
    short_help="Copy everything into one file.",
    examples=[
        ("numberone db backup monday.db", "a new file"),
        ("numberone db backup latest.db --force", "in place of the one that is there"),
    ],
)
@click.argument("file", type=click.Path())
@click.option("--force", is_flag=True, help="Replace the file when there is one.")
@pass_invocation
def backup_command(invocation: Invocation, file: str, force: bool) -> None:
    """Copy everything, as of one instant, into one SQLite file, while others work on.

    From PostgreSQL, too. numberone --db FILE opens it, db restore puts it back.
    """
    path = Path(file)
    _require_database(invocation)
    if path.exists() and not force:
        raise Refusal(f"{file}: exists already; name a new file, or say --force")
    with invocation.desk() as desk, progress_bar("Copying", shown=not invocation.json) as progress:
        copied = desk.transfer.back_up(path, progress)
    if invocation.json:
        counts = {"tickets": copied.tickets, "events": copied.events, "bytes": copied.size}
        printing.print_json({"schema": copied.schema, "file": file, **counts})
    else:
        invocation.printer().say(f"{file}: {_counted(copied.tickets, copied.events)}.")


@db_group.command(
    "restore",
    action=Action.RESTORE,
    only_here=OnlyHere("it replaces the database that a board has open"),
    short_help="Put a backup in the place of what is there.",
    examples=[
        ("numberone db restore monday.db", "as it was on Monday"),
        ("numberone --db new.db db restore monday.db", "the same in another place"),
    ],
)
@click.argument("file", type=click.Path())
@pass_invocation
def restore_command(invocation: Invocation, file: str) -> None:
    """Put a backup in the place of all that is in the database, in one go.

    It is looked at first, and refused when anything is wrong with it. What was there is kept
    beside. Boards that are open show the new state; a notice that may have gone out since the
    backup was made is in doubt, and not sent again by itself.
    """
    with progress_bar("Restoring", shown=not invocation.json) as progress:
        restored = _restore(invocation, Path(file), progress)
    invocation.say_who_is_back(restored.brought_back)
    kept = None if restored.kept is None else str(restored.kept)
    if invocation.json:
        counts = {"tickets": restored.tickets, "events": restored.events}
        printing.print_json({"schema": restored.from_schema, "file": file, **counts, "kept": kept})
        return
    out = invocation.printer()
    out.say(f"{file}: {_counted(restored.tickets, restored.events)} are back.")
    if kept is not None:
        out.say(f"What was there before is kept: {kept}")


@db_group.command(
    "move",
    action=Action.RESTORE,
    only_here=OnlyHere("a board has the old database open, which opens no more then"),
    short_help="Move everything to another database.",
    examples=[
        ("numberone db move --to postgresql://host/desk", "from a file to a server"),
        ("numberone --db postgresql://host/desk db move --to desk.db", "and back"),
    ],
)
@click.option("--to", "address", required=True, metavar="ADDRESS", help="A path or a URL.")
@pass_invocation
def move_command(invocation: Invocation, address: str) -> None:
    """Move everything to another database, and compare it there row by row.

    Nobody writes meanwhile; boards read on. What is interrupted goes on where it was when it is
    called again. At the end the new one opens and the old one opens no more.
    """
    _require_database(invocation)
    with invocation.desk() as desk, progress_bar("Moving", shown=not invocation.json) as progress:
        moved = desk.transfer.move(address, progress)
    if invocation.json:
        printing.print_json({"from": moved.source, "to": moved.target, "rows": moved.rows})
    else:
        out = invocation.printer()
        out.say(f"{moved.target}: {moved.rows:,} rows are here, each compared.")
        out.say(f"{moved.source} opens no more; say --db, or NUMBERONE_DB, for the new one.")


@db_group.command(
    "roles",
    action=Action.LOOK,
    short_help="Let a PostgreSQL server hold everybody to their role.",
    examples=[
        ("numberone db roles", "make the groups, and what each of them may do"),
        ("numberone db roles --sql > roles.sql", "the statements, for whoever runs the server"),
    ],
)
@click.option("--sql", is_flag=True, help="Print the statements instead of running them.")
@pass_invocation
def roles_command(invocation: Invocation, sql: bool) -> None:
    """Make the groups numberone_support, _lead, _engineer, _ce, _reader and _loop on a server.

    The server then refuses everybody what the policy refuses, whatever they reach it with, and
    lets nobody but the owner alter the history. Run it as the owner of the database, and again
    after each upgrade; what is made already stays.
    """
    _require_database(invocation)
    with invocation.desk() as desk:
        steps = desk.access.steps() if sql else desk.access.make()
    if sql:
        statements = [f"{each};" for step in steps for each in step.statements]
        if invocation.json:
            printing.print_json({"statements": statements})
        else:
            click.echo("\n".join(["BEGIN;", *statements, "COMMIT;"]))
    elif invocation.json:
        printing.print_json({"done": [step.does for step in steps]})
    else:
        out = invocation.printer()
        for step in steps:
            out.say(f"Done: {step.does}.")


def _restore(invocation: Invocation, path: Path, progress: Progress | None) -> "Restored":
    from store.engines.damage import Damaged
    from store.transfer.copies_desk import restore_over_damaged

    try:
        with invocation.desk() as desk:
            return desk.transfer.restore(path, progress)
    except Damaged:
        actor = invocation.as_login or login_of_the_system()
        return restore_over_damaged(invocation.address, path, actor=actor, now=invocation.now())


def _require_database(invocation: Invocation) -> None:
    if not invocation.has_database():
        raise Refusal(f"{invocation.place}: there is no database yet")


def _counted(tickets: int, events: int) -> str:
    return f"{tickets:,} tickets with {events:,} events"
