"""The keys of the board: every command with its keys, as the help page lists them."""

from collections.abc import Iterator
from itertools import groupby

from tui.actions.declaration import Command
from tui.actions.only_here import OnlyHere
from tui.actions.screens import ALL_COMMANDS
from tui.environment.keymap import DEFAULT_KEYS, display

_HEAD = """# The keys

These are the keys that do something on the board; `?` shows the same list there. Whatever the board
can do the command line can, with what stands in the third column; where nothing does the same, it
says why. The config file can give a command other keys, by the name in the last column:

```toml
[keys]
take = "ctrl+t"
```
"""


def page() -> str:
    """Return the page about the keys, as Markdown."""
    return "\n".join([_HEAD, *_groups()])


def _groups() -> Iterator[str]:
    for group, commands in groupby(ALL_COMMANDS.values(), key=lambda command: command.group):
        yield f"## {group}"
        yield ""
        yield "| keys | what they do | on the command line | name |"
        yield "|---|---|---|---|"
        for command in commands:
            keys = " ".join(f"`{display(key)}`" for key in DEFAULT_KEYS[command.id])
            what = f"**{command.title}.** {command.help}"
            yield f"| {keys} | {what} | {_typed(command)} | `{command.id}` |"
        yield ""


def _typed(command: Command) -> str:
    if isinstance(command.typed, OnlyHere):
        return f"– {command.typed.because}"
    return ", ".join(f"`numberone {typed}`" for typed in command.typed)
