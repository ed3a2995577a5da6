"""Which key does what: the commands' own keys with the person's laid over them, and checked.

A config file says ``[keys]`` and a line a command, ``take = "t"`` or ``help = ["?", "f1"]``.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from policy.refusal import Refusal, shown
from tui.actions.screens import ALL_COMMANDS, SCREENS

Keys = Mapping[str, tuple[str, ...]]
"""The keys of each command by its id; a key is one character or a name such as ``ctrl+k``."""

DEFAULT_KEYS: Final[Keys] = {command.id: command.keys for command in ALL_COMMANDS.values()}

_TAKEN: Final = {
    "ctrl+a": "GNU screen takes it",
    "ctrl+b": "tmux takes it",
    "ctrl+c": "the terminal takes it",
    "ctrl+d": "the terminal takes it",
    "ctrl+g": "Zellij takes it",
    "ctrl+q": "the terminal takes it",
    "ctrl+s": "the terminal takes it",
    "ctrl+z": "the terminal takes it",
    "ctrl+backslash": "the terminal takes it",
    "ctrl+i": "the terminal sends it as tab",
    "ctrl+m": "the terminal sends it as enter",
    "ctrl+j": "the terminal sends it as enter",
    "ctrl+h": "the terminal sends it as backspace",
}
_NAMED: Final = frozenset(
    (
        *("enter", "escape", "tab", "space", "backspace", "delete", "insert"),
        *("home", "end", "pageup", "pagedown", "up", "down", "left", "right", "backslash"),
    )
) | {f"f{number}" for number in range(1, 13)}
_FUNCTION_KEY: Final = re.compile(r"f\d+")
_MODIFIED = re.compile(r"(?:(ctrl|alt|shift)\+)(.+)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a key was configured, for a line about it."""

    file: Path
    command: str

    def refusal(self, problem: str) -> Refusal:
        return Refusal(f"{self.file}: keys.{self.command} = {problem}")


def keymap(configured: Mapping[str, object], file: Path) -> Keys:
    """Return the keys of every command: the configured ones, else the command's own.

    Raises:
        Refusal: an unknown command, something that is no key, a key that a multiplexer or the
            terminal takes, or one key for two commands; the line names file, command and key.
    """
    chosen = {name: _keys(_Place(file, name), value) for name, value in configured.items()}
    keys = {**DEFAULT_KEYS, **chosen}
    for commands in SCREENS.values():
        _check_distinct({name: keys[name] for name in commands}, chosen, file)
    return keys


def textual_keys(keys: Keys) -> dict[str, str]:
    """Return the keys as Textual's own keymap takes them: by command, divided by commas."""
    return {
        command: ",".join("comma" if key == "," else key for key in chosen)
        for command, chosen in keys.items()
    }


def changed_keys(keys: Keys) -> dict[str, str]:
    """Return those keys that are not the commands' own, as Textual's own keymap takes them."""
    return textual_keys({
        command: chosen for command, chosen in keys.items() if chosen != DEFAULT_KEYS[command]
    })  # fmt: skip


def display(key: str) -> str:
    """Return a key as the footer and the help page write it: ``^p``, ``esc``, ``↑``, ``PgDn``."""
    signs = {
        "escape": "esc", "enter": "⏎", "up": "↑", "down": "↓", "left": "←", "right": "→",
        "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "tab": "Tab",
        "shift+tab": "⇧Tab", "space": "Space",
    }  # fmt: skip
    shown = signs.get(key) or key.replace("ctrl+", "^").replace("alt+", "⌥")
    return shown.upper() if _FUNCTION_KEY.fullmatch(shown) else shown


def _keys(place: _Place, value: object) -> tuple[str, ...]:
    if place.command not in ALL_COMMANDS:
        raise Refusal(f"{place.file}: keys.{shown(place.command)}: {_unknown(place.command)}")
    several = value if isinstance(value, list) else [value]
    if not several:
        raise place.refusal("[]; expected at least one key")
    return tuple(_key(place, key) for key in several)


def _unknown(command: str) -> str:
    near = get_close_matches(command, ALL_COMMANDS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(ALL_COMMANDS)}"
    return f"there is no such command; {hint}"


def _key(place: _Place, key: object) -> str:
    try:
        return checked_key(key)
    except Refusal as refusal:
        raise place.refusal(refusal.reason) from None


def checked_key(key: object) -> str:
    """Return a key that a person configured.

    Raises:
        Refusal: it is none, or the terminal or a multiplexer takes it.
    """
    if not isinstance(key, str) or not _is_key(key):
        raise Refusal(
            f'{shown(key)} is not a key; expected one character or a name such as "f5", "ctrl+k"'
        )
    if reason := _TAKEN.get(key):
        raise Refusal(f"{shown(key)} cannot be used: {reason}")
    return key


def _is_key(key: str) -> bool:
    if len(key) == 1:
        return key.isprintable() and unicodedata.category(key) != "Zs"
    if key in _NAMED:
        return True
    modified = _MODIFIED.fullmatch(key)
    return bool(modified) and _is_modifiable(modified[1], modified[2]) if modified else False


def _is_modifiable(modifier: str, key: str) -> bool:
    if key in _NAMED:
        return True
    return modifier != "shift" and len(key) == 1 and key.isascii() and key.isalnum()


def _check_distinct(keys: Keys, chosen: Keys, file: Path) -> None:
    """Refuse one key for two commands, naming the line in the file that has to change."""
    owners: dict[str, str] = {}
    ordered = sorted(keys, key=lambda command: command in chosen)
    for command in ordered:
        for key in keys[command]:
            owner = owners.setdefault(key, command)
            if owner != command:
                raise _Place(file, command).refusal(
                    f"{shown(key)} is the key of {owner} already; give {owner} another one"
                )
