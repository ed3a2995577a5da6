"""The keys of the board: every command with its keys, as the help page lists them."""

from collections.abc import Iterator
from itertools import groupby

from tui.actions.screens import ALL_COMMANDS
from tui.environment.keymap import DEFAULT_KEYS, display

_HEAD = """# The keys

These are the keys that do something on the board; `?` shows the same list there. The config file
can give a command other keys, by the name in the last column:

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
        yield "| keys | what they do | name |"
        yield "|---|---|---|"
        for command in commands:
            keys = " ".join(f"`{display(key)}`" for key in DEFAULT_KEYS[command.id])
            yield f"| {keys} | **{command.title}.** {command.help} | `{command.id}` |"
        yield ""
