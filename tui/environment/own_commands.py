"""A person's own commands on the board: a key, a name, a program with a ticket's fields.

A config file says ``[commands.NAME]`` with ``key``, ``run`` and, where they differ, ``title`` and
``terminal``. A program is started with a list of arguments and never through a shell.
"""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from policy.refusal import Refusal, one_of, quoted, shown
from tui.actions.declaration import (
    ActionContext,
    Command,
    CommandGroup,
    of_now_only,
    without_ticket,
)
from tui.actions.only_here import OnlyHere
from tui.actions.screens import ALL_COMMANDS, SCREENS
from tui.cli.render.status_line import OF_THE_TICKET, checked_template
from tui.environment.keymap import Keys, checked_key
from tui.phrasing.text import plain_line

_SETTINGS: Final = ("key", "title", "run", "terminal")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
FIELDS: Final = (*OF_THE_TICKET, "url")
"""The names that an argument may have, as ``next --format`` has them, and the ticket's link."""

_END_OF_OPTIONS: Final = "--"


@dataclass(frozen=True, slots=True)
class OwnCommand:
    """A command of the person's own: its declaration, its program, and what the program is given.

    ``terminal`` is whether the program needs the terminal; the board steps aside for it. ``place``
    names it in lines about it.
    """

    command: Command
    program: str
    arguments: tuple[Template, ...]
    terminal: bool
    place: str

    def argument_list(self, fields: Mapping[str, str]) -> list[str]:
        """Return the program and its arguments for a ticket of these fields, each one harmless.

        Raises:
            Refusal: a field at the beginning of an argument begins with a dash, so that the
                program would take what a customer wrote for an option.
        """
        given: list[str] = []
        for argument in self.arguments:
            filled = plain_line(argument.substitute(fields))
            begins_with_field = argument.template.startswith("$")
            if begins_with_field and filled.startswith("-") and _END_OF_OPTIONS not in given:
                raise Refusal(
                    f"{argument.template} is {quoted(filled)}, which {self.program} may take for an"
                    f' option; put "--" before it in {self.place}.run, or join it to an option'
                )
            given.append(filled)
        return [self.program, *given]


def own_commands(
    configured: Mapping[str, object], keys: Keys, file: Path
) -> Mapping[str, OwnCommand]:
    """Return the person's own commands by their names, in the file's order.

    Raises:
        Refusal: a name, key, field or setting is wrong, a key is taken by the board or twice, or
            the program is not there; the line names file, command and setting.
    """
    taken = {key: name for name in SCREENS["board"] for key in keys[name]}
    found: dict[str, OwnCommand] = {}
    for name, value in configured.items():
        place = f"commands.{plain_line(name)}"
        try:
            found[name] = _own_command(name, value, place, taken)
        except Refusal as refusal:
            raise Refusal(f"{file}: {refusal.reason}") from None
    return found


def _own_command(name: str, value: object, place: str, taken: dict[str, str]) -> OwnCommand:
    if not _NAME.fullmatch(name) or name in ALL_COMMANDS:
        why = "the board has a command of that name" if name in ALL_COMMANDS else "no name"
        raise Refusal(f"{place}: {why}; expected small letters, digits and _ of your own")
    if not isinstance(value, dict):
        raise Refusal(f'{place}: {shown(value)}; expected a table with key = "…" and run = ["…"]')
    for setting in value:
        if setting not in _SETTINGS:
            raise Refusal(f"{place}.{plain_line(setting)}: expected {one_of(_SETTINGS)}")
    key = _free_key(value.get("key"), place, name, taken)
    title = value.get("title", name.replace("_", " "))
    if not isinstance(title, str) or not title.strip():
        raise Refusal(f"{place}.title: {shown(title)}; expected a few words")
    terminal = value.get("terminal", False)
    if not isinstance(terminal, bool):
        raise Refusal(f"{place}.terminal: {shown(terminal)}; expected true or false")
    program, arguments = _program(value.get("run"), f"{place}.run")
    declared = _declared(name, key, plain_line(title), program)
    return OwnCommand(declared, program, arguments, terminal, place)


def _free_key(value: object, place: str, name: str, taken: dict[str, str]) -> str:
    if value is None:
        raise Refusal(f'{place}.key: missing; expected a key such as "alt+c"')
    try:
        key = checked_key(value)
    except Refusal as refusal:
        raise Refusal(f"{place}.key = {refusal.reason}") from None
    owner = taken.setdefault(key, name)
    if owner != name:
        raise Refusal(f"{place}.key = {shown(key)} is the key of {owner} already; choose another")
    return key


def _program(value: object, said: str) -> tuple[str, tuple[Template, ...]]:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
        raise Refusal(f'{said}: {shown(value)}; expected a list such as ["xdg-open", "$url"]')
    program, *arguments = value
    if "$" in program:
        raise Refusal(f"{said}: {quoted(program)}; no program is named by a ticket")
    if shutil.which(Path(program).expanduser()) is None:
        raise Refusal(f"{said}: {quoted(program)}: there is no such program here")
    return (
        str(Path(program).expanduser()),
        tuple(checked_template(each, said, FIELDS) for each in arguments),
    )


def _declared(name: str, key: str, title: str, program: str) -> Command:
    return Command(
        id=name,
        title=title,
        label=title,
        keys=(key,),
        tooltip=f"Start {plain_line(program)} with this ticket",
        help=f"Starts {plain_line(program)} with the ticket under the cursor, as your config says.",
        typed=OnlyHere("it starts a program of the person's own"),
        group=CommandGroup.OWN,
        unusable=_unusable,
    )


def _unusable(situation: ActionContext) -> str | None:
    return of_now_only(situation) or without_ticket(situation)
