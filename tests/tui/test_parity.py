"""Whatever the board can do the command line can, and the other way round.

Two tables are held to each other: the board's commands, each with what is typed for it, and the
command line's. Below them, every method of the desk that changes something is called by both. An
exception says why, and is named here once it is needed no longer.
"""

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

import tui.board
import tui.cli
from docs.roles import typed_commands
from policy.words import Action
from store.desk import Desk, DeskReading
from store.session import Session
from tui.actions.declaration import Command, CommandGroup, never
from tui.actions.only_here import OnlyHere
from tui.actions.screens import ALL_COMMANDS
from tui.cli.grammar import ShellCommand

TYPED = {" ".join(path): command for path, command in typed_commands()}
"""Every command of the command line by the words that name it."""

CHANGES_NOTHING = (None, Action.LOOK)

NAMESAKES = {
    "back": "on the board a step back; typed, somebody who was out is in again",
    "team": "on the board the way to the team's pane, which all see; typed, who is in it",
}
"""The ids of commands of the board alone after which another command is called that is typed."""

CALLED_BY_ONE = {
    "team.import_members": "the team is a file, which is written in an editor",
    "team.take_in_calendar": "it reads a file or an address, and says what it left out",
    "policy.adopt": "a policy is a file, and is adopted as a command begins: --policy FILE",
    "connections.import_entries": "connections are a file, which is written in an editor",
    "connections.to_sync": "the loop runs beside the board, for the whole team, as on a server",
    "conversation.keep_draft": "what is half written on the board; an editor keeps its own file",
    "tickets.close_due": "an open board writes what is due by itself; a command, beside its change",
}
"""What only the board, or only the command line, asks of the desk, and why."""


# The two tables


def untyped(commands: Iterable[Command], known: Mapping[str, ShellCommand]) -> Iterator[str]:
    """Yield what is wrong with what the board's commands say is typed for them."""
    for command in commands:
        if isinstance(command.typed, OnlyHere):
            if command.action is not None:
                yield f"{command.id} changes something, and nothing is typed for it"
            if command.id.replace("_", "-") in known and command.id not in NAMESAKES:
                yield f"{command.id} is only on the board no longer: it can be typed"
            continue
        for typed in command.typed:
            name = _name(typed)
            if name not in known:
                yield f"{command.id}: there is no command {typed}"
                continue
            options = {option for each in known[name].params for option in each.opts}
            asked = {word for word in typed.split() if word.startswith("--")}
            for option in sorted(asked - options):
                yield f"{command.id}: {name} has no option {option}"
        first = known.get(_name(command.typed[0]))
        if command.action is not None and first is not None and first.action != command.action:
            yield f"{command.id} needs the right to {command.action}, {command.typed[0]} does not"


def not_on_the_board(
    known: Mapping[str, ShellCommand], commands: Iterable[Command]
) -> Iterator[str]:
    """Yield the command line's commands that change something and that no key does."""
    declared = {
        _name(typed)
        for command in commands
        if not isinstance(command.typed, OnlyHere)
        for typed in command.typed
    }
    for name, command in known.items():
        changes = command.action not in CHANGES_NOTHING
        if command.only_here is not None and (name in declared or not changes):
            yield f"{name} is only on the command line no longer"
        elif changes and command.only_here is None and name not in declared:
            yield f"{name} changes something, and no command of the board does it"


def _name(typed: str) -> str:
    return " ".join(word for word in typed.split() if not word.startswith("--"))


def test_whatever_the_board_can_do_the_command_line_can() -> None:
    assert list(untyped(ALL_COMMANDS.values(), TYPED)) == []


def test_the_namesakes_are_some_still() -> None:
    for name in NAMESAKES:
        assert isinstance(ALL_COMMANDS[name].typed, OnlyHere)
        assert name in TYPED


def test_whatever_the_command_line_changes_the_board_can() -> None:
    assert list(not_on_the_board(TYPED, ALL_COMMANDS.values())) == []


def test_every_exception_says_why_in_a_sentence() -> None:
    reasons = [
        each.because
        for each in (
            *(command.typed for command in ALL_COMMANDS.values()),
            *(command.only_here for command in TYPED.values()),
        )
        if isinstance(each, OnlyHere)
    ]
    assert reasons
    assert all(len(reason.split()) >= 4 and not reason.endswith(".") for reason in reasons)


def an_action(typed: tuple[str, ...] | OnlyHere, action: Action | None = None) -> Command:
    """Return a command of the board of which only this matters."""
    return Command(
        id="jump",
        title="Jump",
        label="jump",
        keys=("J",),
        tooltip="Jump",
        help="Jumps.",
        typed=typed,
        group=CommandGroup.TICKET,
        unusable=never,
        action=action,
    )


def a_typed_one(action: Action | None, only_here: OnlyHere | None = None) -> ShellCommand:
    """Return a command of the command line of which only this matters."""
    return ShellCommand("jump", examples=[], action=action, only_here=only_here)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (an_action(("leap",)), "there is no command leap"),
        (an_action(("jump --high",)), "jump has no option --high"),
        (an_action(OnlyHere("it is for legs alone")), "jump is only on the board no longer"),
        (an_action(OnlyHere("it is for legs"), Action.TAKE), "jump changes something"),
        (an_action(("jump",), Action.TAKE), "jump needs the right to take"),
    ],
)
def test_what_cannot_be_typed_is_found(action: Command, said: str) -> None:
    (found, *_) = untyped([action], {"jump": a_typed_one(Action.LOOK)})
    assert said in found


def test_what_no_key_does_is_found() -> None:
    why = OnlyHere("it is for legs alone")
    jumps = an_action(("jump",))
    for known, commands, said in (
        (a_typed_one(Action.TAKE), [], "no command of the board does it"),
        (a_typed_one(Action.TAKE, why), [jumps], "only on the command line no longer"),
        (a_typed_one(Action.LOOK, why), [], "only on the command line no longer"),
    ):
        (found,) = not_on_the_board({"jump": known}, commands)
        assert said in found
    assert list(not_on_the_board({"jump": a_typed_one(Action.TAKE, why)}, [])) == []
    assert list(not_on_the_board({"jump": a_typed_one(Action.TAKE)}, [jumps])) == []


# What both ask of the desk


def changing_methods() -> set[str]:
    """Return what changes something at the desk, as ``part.method``.

    ``transfer`` is left out: it copies the desk as a whole, into files and from them.
    """
    nowhere = cast(Session, None)
    changing, reading = vars(Desk(nowhere)), vars(DeskReading(nowhere))
    return {
        f"{part}.{name}"
        for part in reading.keys() - {"_session"}
        for name, _ in inspect.getmembers(type(changing[part]), inspect.isfunction)
        if not name.startswith("_") and not hasattr(type(reading[part]), name)
    }


def called(source: str) -> set[str]:
    """Return each ``part.method`` that a module names, of whatever desk."""
    return {
        f"{node.value.attr}.{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
    }


def asked_of_the_desk(package: ModuleType) -> set[str]:
    """Return what changes something and is called by a package, to one ticket or to several."""
    (folder,) = package.__path__
    names = {
        name for file in Path(folder).rglob("*.py") for name in called(file.read_text("utf-8"))
    }
    return {name.removesuffix("_each") for name in names & changing_methods()}


def test_both_ask_the_same_of_the_desk() -> None:
    by_board, by_command_line = asked_of_the_desk(tui.board), asked_of_the_desk(tui.cli)
    assert {"tickets.take", "tickets.open_ticket", "waits.send"} <= by_board & by_command_line
    assert by_board ^ by_command_line == CALLED_BY_ONE.keys()


def test_what_one_alone_would_ask_is_found() -> None:
    assert called("def f(desk):\n    desk.team.mark_back(login)") == {"team.mark_back"}
    assert {"team.mark_back", "tickets.comment", "history.undo"} <= changing_methods()
    assert not any(name.startswith("transfer.") for name in changing_methods())
