"""Who may do what: every command of the command line and of the board, for every role."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import click

from policy.roster.members import Roster
from policy.roster.permissions import refusal_for
from policy.roster.team_file import load_team, member_of
from policy.words import Action, Role
from store.access.table_rights import EVENTS, RIGHTS_OF_GROUPS, TABLES, TICKET_WORK
from tui.actions.screens import ALL_COMMANDS
from tui.cli.app import program
from tui.cli.grammar import ShellCommand
from tui.environment.keymap import DEFAULT_KEYS, display

UNKNOWN: Final = "stranger"
"""Somebody who is not in the team."""

LOGINS: Final = {str(role): role.value for role in Role} | {"not in the team": UNKNOWN}
"""Somebody of each role, by the table's headings; a login is called like the role."""

TEAM_FILE: Final = "\n".join(
    f'[[member]]\nlogin = "{role}"\nname = "{role.title()}"\nrole = "{role}"\nregion = "EMEA"\n'
    f'timezone = "UTC"\nhours = ["Mon-Fri 08:00-18:00"]\n'
    for role in Role
)
"""A team with one member of each role."""

ROSTER: Final = Roster(
    tuple(member_of(entry, frozenset()) for entry in load_team(TEAM_FILE, "team.toml"))
)


class Row(NamedTuple):
    """One command: what is typed or pressed, what it does, and the right that it needs."""

    typed: str
    title: str
    action: Action | None


def typed_commands() -> Iterator[tuple[tuple[str, ...], ShellCommand]]:
    """Yield every command of the command line with the words that name it, the board's first."""
    yield (), _ours(program)
    yield from _below(program, ())


def may(login: str, action: Action | None) -> bool:
    """Return whether somebody of the table's team may do it."""
    return action is None or refusal_for(action, login, ROSTER) is None


def page() -> str:
    """Return the page about the roles, as Markdown."""
    typed = [
        Row(f"numberone {' '.join(path)}".rstrip(), command.get_short_help_str(200), command.action)
        for path, command in typed_commands()
    ]
    pressed = [
        Row(" ".join(map(display, DEFAULT_KEYS[name])), command.title, command.action)
        for name, command in ALL_COMMANDS.items()
        if command.action is not None
    ]
    looking = "Every other command of the board only changes what is shown, which anybody may."
    return "\n".join(
        [_HEAD, "## On the command line", "", *_table(typed), "", "## On the board", "",
         *_table(pressed), "", looking, "", "## On a server", "", *_on_a_server(), ""]
    )  # fmt: skip


def _ours(command: click.Command) -> ShellCommand:
    if not isinstance(command, ShellCommand):
        raise TypeError(f"{command.name} says no right that it needs")
    return command


def _below(
    group: click.Group, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], ShellCommand]]:
    for name, command in group.commands.items():
        yield (*path, name), _ours(command)
        if isinstance(command, click.Group):
            yield from _below(command, (*path, name))


def _on_a_server() -> Iterator[str]:
    """Yield the table of what the server lets each group write, of the history by its events."""
    yield f"| what is written | {' | '.join(f'`{group}`' for group in RIGHTS_OF_GROUPS)} |"
    yield f"|---|{':-:|' * len(RIGHTS_OF_GROUPS)}"
    written = {"a ticket, whole": TICKET_WORK, "the policy": frozenset({Action.ADOPT_POLICY})}
    written |= {
        "the mode": frozenset({Action.SET_MODE}),
        "the team": frozenset({Action.IMPORT_TEAM}),
    }
    written |= {"connections": frozenset({Action.SET_UP_CONNECTIONS})}
    written |= {f"table `{table}`": rights for table, rights in TABLES.items()}
    written |= {f"event `{kind}`": rights for kind, rights in EVENTS.items()}
    for what, rights in written.items():
        marks = ("✓" if rights & own else "–" for own in RIGHTS_OF_GROUPS.values())
        yield f"| {what} | {' | '.join(marks)} |"
    yield ""
    yield (
        "Every other event is of ticket work. `numberone_engineer` writes of a ticket what a review"
        " changes, `numberone_ce` one for a trial customer. Whoever has no group reads nothing,"
        " `numberone_reader` the views alone. A role that the team has nobody of is stood in for"
        " there as here."
    )


def _table(rows: list[Row]) -> Iterator[str]:
    yield f"| command | what it does | {' | '.join(LOGINS)} |"
    yield f"|---|---|{':-:|' * len(LOGINS)}"
    for row in rows:
        marks = ("✓" if may(login, row.action) else "–" for login in LOGINS.values())
        yield f"| `{row.typed}` | {row.title.rstrip('.')} | {' | '.join(marks)} |"


_HEAD = """# Who may do what

`support` does everything about tickets and waits; a `lead` all of that, the team, who is out, the
mode and the policy; an `engineer` reviews what was handed over and comments; a `ce` opens tickets
for trial customers and reads. Everybody may mark themselves out and back, and a lead anybody.
Whoever is not in the team may only look.

Until there is a team anybody may do anything, under the name they give. While a team has no lead
its support does what a lead would, and while it has no engineer its support writes down what
engineering decided. The desk itself refuses everything else, whatever calls it, and says who may;
on the board, what you may not do is shown disabled with that reason.

A command that can both show and change, such as `numberone mode`, shows to everybody: the table
says who may change. What one may do to one's own entries alone is said on the page about it.

On a PostgreSQL server, `numberone db roles` makes the server itself refuse the same, by the last
table of this page ([how](team-server.md)); there a restored backup is the owner's alone.
"""
