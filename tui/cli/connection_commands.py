"""The commands about connections: which there are, logging in, and keeping in step with them."""

import getpass
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from policy.refusal import Refusal
from policy.words import Action
from tui.actions.only_here import OnlyHere
from tui.cli.alert_loop import alerted_beside
from tui.cli.exit_codes import REFUSED
from tui.cli.grammar import CommandHeading, ShellCommand, ShellGroup, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.progress import progress_bar
from tui.cli.render import printing
from tui.cli.render.connection_text import (
    account_lines,
    connection_document,
    connections_document,
    rehearsal_document,
    round_sentence,
    tell_connections,
    tell_rehearsal,
)
from tui.cli.stopping import stopped_by_signals
from tui.cli.text_files import toml_in
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from pydantic import SecretStr

    from connections.sync.rounds import Rehearsed, Round
    from policy.conversation.connections import ConnectionEntry
    from store.desk import Desk

# Help desks are heavy to import: help and completion do without.
# ruff: noqa: PLC0415

_FIRST = 10


@click.group(
    "connections",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.TEAM,
    invoke_without_command=True,
    short_help="The help desks that are read and written by themselves.",
    examples=[
        ("numberone connections", "each, how far it has been read, and what waits to go out"),
        ("numberone connections --export > connections.toml", "their file, to be changed"),
        ("numberone connections import connections.toml", "make it the connections"),
    ],
)
@click.option("--export", is_flag=True, help="Print them as the file that import reads.")
@pass_invocation
@click.pass_context
def connections_group(ctx: click.Context, invocation: Invocation, export: bool) -> None:
    """List the connections: how each fares, how far it was read, what waits to go out."""
    if ctx.invoked_subcommand is not None:
        if export:
            raise click.UsageError("--export goes without another command.")
        return
    with invocation.snapshot() as desk:
        if export:
            _export(invocation, desk)
            return
        found, now = desk.connections.statuses(), desk.now()
    if invocation.json:
        printing.print_json(connections_document(found))
    else:
        tell_connections(invocation.printer(), found, now)


def _export(invocation: Invocation, desk: "Desk") -> None:
    import tomli_w

    from connections.sync.connection_file import connections_toml

    document = connections_toml(desk.connections.entries())
    if invocation.json:
        printing.print_json(document)
    else:
        printing.print_file(tomli_w.dumps(document))


@connections_group.command(
    "import",
    action=Action.SET_UP_CONNECTIONS,
    only_here=OnlyHere("connections are a file, which is written in an editor"),
    short_help="Make a file the connections.",
    examples=[
        ("numberone connections import connections.toml", "one that is not in it is read no more"),
        ("numberone connections import -", "from standard input"),
    ],
)
@click.argument("file", type=click.Path())
@pass_invocation
def import_command(invocation: Invocation, file: str) -> None:
    """Make the connections in a TOML file those of the desk, in place of those before.

    Tickets stay. No secret belongs in the file: numberone login NAME asks for it. One whose
    settings have changed is read from its beginning again, which takes in only what differs.
    """
    from connections.sync.connection_file import load_connections

    text = toml_in(file, "connections")
    with invocation.transaction() as desk:
        entries = load_connections(text, file, desk.policy.words())
        desk.connections.import_entries(entries)
        found, now = desk.connections.statuses(), desk.now()
    if invocation.json:
        printing.print_json(connections_document(found))
    else:
        tell_connections(invocation.printer(), found, now)


@click.command(
    "login",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.TEAM,
    short_help="Log in to a connection.",
    examples=[
        ("numberone login desk", "in a browser, or by a token; kept in the system's keyring"),
        ("numberone login desk < token.txt", "reads it from standard input"),
    ],
)
@click.argument("name", metavar="NAME", type=Text())
@pass_invocation
def login_command(invocation: Invocation, name: str) -> None:
    """Log in to a connection with a browser, or a token or password, and keep that login.

    It lies in this system's keyring, for this person alone: their answers are written with it.
    Where there is no keyring, NUMBERONE_NAME_TOKEN in the environment gives it, and for a loop
    NUMBERONE_NAME_CLIENT_SECRET the secret of an OAuth client. What the account lacks there is said
    in words.
    """
    from connections.sync.logins import keep_secret
    from connections.sync.opening import access_of_environment, access_with, checked_account

    with invocation.desk() as desk:
        status = desk.connections.status(name)
        name, login = status.entry.name, desk.actor
        members = desk.connections.team_addresses()
        access = access_of_environment(status.entry)
        secret = None
        if access is None:
            secret, is_kept = _new_secret(status.entry, login)
            access = access_with(status.entry, login, secret)
        account = checked_account(status.entry, access, members)
        if secret is not None and not is_kept:
            keep_secret(name, login, secret)
        status = desk.connections.status(name)
    for line in account.lacks:
        sys.stderr.write(f"numberone: {plain_line(f'{name}: {line}')}\n")
    if invocation.json:
        printing.print_json(connections_document([status]))
    else:
        for line in account_lines(name, account.login, account.name, account.lacks):
            invocation.printer().say(line)


def _new_secret(entry: "ConnectionEntry", login: str) -> "tuple[SecretStr, bool]":
    """Return a person's new secret for a connection, and whether the keyring has it already.

    A pair of tokens has to be there before it is used: its first use may be its last.
    """
    from pydantic import SecretStr

    from connections.sync.kinds import oauth_of
    from connections.sync.logins import check_keyring, keep_secret
    from tui.cli.browser_login import logged_in_with_browser

    server = oauth_of(entry)
    if server is None:
        return SecretStr(_asked_for(f"Token or password for {entry.name}: ")), False
    check_keyring(entry.name, login)
    secret = logged_in_with_browser(entry.name, server).written()
    keep_secret(entry.name, login, secret)
    return secret, True


def _asked_for(prompt: str) -> str:
    """Return what a person types without it being shown, or the first line of standard input."""
    typed = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    if not typed.strip():
        raise Refusal("no token or password was given")
    return typed.strip()


@click.command(
    "sync",
    cls=ShellCommand,
    action=Action.SYNC,
    only_here=OnlyHere("it runs beside the board, for the whole team, as on a server"),
    heading=CommandHeading.TEAM,
    short_help="Keep in step with the connections.",
    examples=[
        ("numberone sync", "until it is stopped, as on a server"),
        ("numberone sync --once", "what changed there comes in, what was done here goes out"),
        ("numberone sync --once --dry-run", "only what would come in, and what is undecided"),
    ],
)
@click.option("--once", is_flag=True, help="Go round once with each, and end.")
@click.option("--dry-run", is_flag=True, help="Only say what would come in; with --once.")
@click.option("--attached", is_flag=True, hidden=True, help="End with whoever started this.")
@pass_invocation
def sync_command(invocation: Invocation, *, once: bool, dry_run: bool, attached: bool) -> None:
    """Read what changed in the help desks, and write there what was done here.

    Any number may run at once, here and elsewhere. It ends at the next step when it is told to
    stop; one that is killed loses nothing, and nothing goes out twice.
    """
    if dry_run and not once:
        raise click.UsageError("--dry-run goes with --once.")
    with invocation.desk() as desk, stopped_by_signals() as stop:
        if attached:
            threading.Thread(target=_stop_at_its_end, args=(stop,), daemon=True).start()
        entries = desk.connections.to_sync()
        if dry_run:
            _rehearse(invocation, desk, entries)
        elif once:
            with alerted_beside(invocation, desk, once=True):
                _once(invocation, desk, entries, stop)
        elif attached:  # the board that started it alerts by itself
            _loop(invocation, desk, stop)
        else:
            with alerted_beside(invocation, desk):
                _loop(invocation, desk, stop)


def _once(
    invocation: Invocation,
    desk: "Desk",
    entries: "tuple[ConnectionEntry, ...]",
    stop: threading.Event,
) -> None:
    from connections.sync.loop import one_round
    from connections.sync.workers import this_worker

    rounds: dict[str, Round] = {}
    for entry in entries:
        with progress_bar(f"Reading {entry.name}", shown=not invocation.json) as progress:
            rounds[entry.name] = one_round(
                desk,
                entry,
                worker=this_worker(),
                login=desk.actor,
                go_on=lambda: not stop.is_set(),
                progress=progress,
            )
    _tell_rounds(invocation, desk, rounds)
    if any(done.error for done in rounds.values()):
        raise click.exceptions.Exit(REFUSED)


def _tell_rounds(invocation: Invocation, desk: "Desk", rounds: "Mapping[str, Round]") -> None:
    for name, done in rounds.items():
        for external_id, why in done.taken.refused.items():
            sys.stderr.write(f"numberone: {plain_line(f'{name}, ticket {external_id}: {why}')}\n")
        if done.error is not None:
            sys.stderr.write(f"numberone: {plain_line(f'{name}: {done.error}')}\n")
    if invocation.json:
        found = desk.connections.statuses()
        documents = [connection_document(each, rounds.get(each.entry.name)) for each in found]
        printing.print_json({"connections": documents})
        return
    for name, done in rounds.items():
        if done.error is None:
            invocation.printer().say(round_sentence(name, done))


def _rehearse(invocation: Invocation, desk: "Desk", entries: "tuple[ConnectionEntry, ...]") -> None:
    from connections.helpdesks.help_desk import Unreachable
    from connections.sync.opening import OpenedHelpDesks
    from connections.sync.rounds import rehearse

    found: dict[str, Rehearsed] = {}
    for entry in entries:
        opened = OpenedHelpDesks(entry, desk.actor, desk.connections.team_addresses())
        try:
            with progress_bar(f"Reading {entry.name}", shown=not invocation.json) as progress:
                found[entry.name] = rehearse(
                    desk, entry, opened(""), first=_FIRST, progress=progress
                )
        except Unreachable as error:
            raise Refusal(f"{entry.name}: {error.why}") from None
        finally:
            opened.close()
    statuses = {each.entry.name: each for each in desk.connections.statuses()}
    if invocation.json:
        documents = [rehearsal_document(statuses[name], each) for name, each in found.items()]
        printing.print_json({"connections": documents})
        return
    for name, each in found.items():
        tell_rehearsal(invocation.printer(), name, each)


def _loop(invocation: Invocation, desk: "Desk", stop: threading.Event) -> None:
    from connections.sync.loop import Loop
    from connections.sync.workers import this_worker

    printing_lock = threading.Lock()
    last: dict[str, str | None] = {}

    def told(name: str, done: "Round") -> None:
        with printing_lock:
            if done.error is not None and last.get(name) != done.error:
                sys.stderr.write(f"numberone: {plain_line(f'{name}: {done.error}')}\n")
                sys.stderr.flush()
            last[name] = done.error
            is_news = done.taken.read or done.sent or done.failed
            if done.error is None and is_news:
                _tell_round(invocation, desk, name, done)

    Loop(desk, this_worker(), desk.actor, stop, told).run()
    sys.stderr.write("numberone: told to stop; everything that had begun is through\n")


def _tell_round(invocation: Invocation, desk: "Desk", name: str, done: "Round") -> None:
    """Print what a round did as soon as it is through: in JSON, one document a line."""
    if invocation.json:
        status = desk.connections.status(name)
        printing.print_json({"connections": [connection_document(status, done)]})
    else:
        invocation.printer().say(round_sentence(name, done))
    sys.stdout.flush()


def _stop_at_its_end(stop: threading.Event) -> None:
    """Stop once standard input ends: whoever holds its other end is no more, or wants it so."""
    while sys.stdin.buffer.read(1):
        pass
    stop.set()
