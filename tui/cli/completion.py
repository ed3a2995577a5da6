"""Completion in the shell: the script a shell is given, and the answers when it asks."""

import os

import click
from click.shell_completion import get_completion_class, shell_complete

PROGRAM = "numberone"
SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_NUMBERONE_COMPLETE"
"""The variable through which the script asks for completions."""


def completion_script(command: click.Command, shell: str) -> str:
    """Return the script that makes ``shell``, one of ``SHELLS``, complete the program."""
    known = get_completion_class(shell)
    if known is None:
        raise AssertionError(shell)
    completion = known(command, {}, PROGRAM, _VARIABLE)
    # Its own source() also starts the shell to look at its version; a script may be for another.
    return completion.source_template % completion.source_vars()


def answer_shell(command: click.Command) -> int | None:
    """Print completions when the shell asks for them, and return the exit code; None otherwise."""
    asked = os.environ.get(_VARIABLE)
    return shell_complete(command, {}, PROGRAM, _VARIABLE, asked) if asked else None
