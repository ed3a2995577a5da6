"""Completion in the shell: the script a shell is given, and the answers when it asks."""

import os

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
    shell_complete,
)

PROGRAM = "numberone"
SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_NUMBERONE_COMPLETE"
"""The variable through which the script asks for completions."""

_BREAKS = (":", "=")
"""What bash takes for words of their own: tier:team is three for it."""


class _WholeWords(BashComplete):
    """Bash's completion with ``tier:team`` and ``kind=incident`` as the one word that they are."""

    _before = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words before the one that is begun, and that one."""
        *before, begun = _joined([*self._typed()])
        last = self._typed()[-1]
        self._before = begun if last in _BREAKS else begun.removesuffix(last)
        return before, begun

    def format_completion(self, item: CompletionItem) -> str:
        """Return what bash is to write in place of what it takes for the last word."""
        item.value = item.value.removeprefix(self._before)
        return super().format_completion(item)

    def _typed(self) -> list[str]:
        arguments, begun = super().get_completion_args()
        return [*arguments, begun]


add_completion_class(_WholeWords)


def _joined(words: list[str]) -> list[str]:
    whole: list[str] = []
    for place, word in enumerate(words):
        if whole and (word in _BREAKS or words[place - 1] in _BREAKS):
            whole[-1] += word
        else:
            whole.append(word)
    return whole


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
