"""The docs are true: every example prints what its page says, and every command named is there."""

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from tests.docs.a_desk import AS, NOW
from tests.docs.pages import PAGES, Example, commands_named, examples
from tests.tui.command_runs import CommandLine
from tui.cli.app import program

EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@EACH_PAGE
def test_every_example_prints_what_the_page_says(
    page: Path, desk: Path, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(desk, numberone.folder, dirs_exist_ok=True)
    monkeypatch.setenv("NUMBERONE_DB", "desk.db")
    monkeypatch.setenv("NUMBERONE_AS", AS)
    monkeypatch.setenv("LOGNAME", AS)
    for example in examples(page):
        printed = type_in(numberone, example)
        assert example.fits(printed), f"{example.page}, line {example.line}:\n{printed}"


def type_in(numberone: CommandLine, example: Example) -> str:
    """Do what a line of an example says, and return all that it prints."""
    typed, _, file = example.typed.partition(" > ")
    words = shlex.split(typed, comments=True)
    if words[0] == "cat":
        return "".join(Path(name).read_text() for name in words[1:])
    assert words[0] == "numberone", example
    ran = numberone.ended(["--at", NOW.isoformat(), *words[1:]])
    if file:
        Path(file).write_text(ran.out)
        return ran.err
    return ran.out + ran.err


@EACH_PAGE
def test_every_command_that_is_named_exists(page: Path) -> None:
    for line, typed in commands_named(page):
        problem = problem_with(typed)
        assert problem is None, f"{page.name}, line {line}: {typed}: {problem}"


def problem_with(typed: str) -> str | None:
    """Return what is wrong with how a command is named, None when it exists as it is named."""
    words = [word for word in shlex.split(typed.replace("…", "x"), comments=True) if word != "[…]"]
    command: click.Command = program
    for word in words[1:]:
        known = {name for each in command.params for name in each.opts}
        if word.startswith("--"):
            if word.partition("=")[0] not in known | {"--help"}:
                return f"has no option {word}"
        elif isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
        elif isinstance(command, click.Group) and re.fullmatch(r"[a-z-]+", word):
            before = words[words.index(word) - 1]
            if not before.startswith("--"):
                return f"there is no command {word}"
    return None


def test_what_does_not_exist_is_found() -> None:
    assert problem_with("numberone next --json") is None
    assert problem_with("numberone --as mariam deliver --once") is None
    assert problem_with("numberone nxt") == "there is no command nxt"
    assert problem_with("numberone db repair") == "there is no command repair"
    assert problem_with("numberone out gabe --tomorrow") == "has no option --tomorrow"
