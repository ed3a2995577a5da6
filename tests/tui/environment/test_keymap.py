"""Keys from a config file: taken over, or refused with the file, the command and the key."""

from pathlib import Path

import pytest

from policy.refusal import Refusal
from tui.actions.commands import (
    COMMANDS,
    FOOTER,
    FOOTER_OF_DECLINED,
    FOOTER_OF_MARKED,
    FOOTER_OF_PAST,
)
from tui.actions.engineering_actions import SHARED_WITH_ENGINEERS
from tui.actions.history_actions import SHARED_WITH_HISTORY
from tui.actions.screens import ALL_COMMANDS, SCREENS
from tui.actions.time_actions import SHARED_WITH_TIME
from tui.actions.waits_actions import SHARED
from tui.board.handlers import HANDLERS
from tui.environment.keymap import DEFAULT_KEYS, display, keymap, textual_keys

FILE = Path("/home/mariam/config.toml")


def refusal(**keys: object) -> str:
    with pytest.raises(Refusal) as refused:
        keymap(keys, FILE)
    return refused.value.reason


def test_without_a_config_every_command_has_its_own_keys() -> None:
    assert keymap({}, FILE) == DEFAULT_KEYS
    for commands in SCREENS.values():
        keys = [key for command in commands for key in DEFAULT_KEYS[command]]
        assert len(keys) == len(set(keys))


def test_two_commands_may_swap_their_keys() -> None:
    keys = keymap({"take": "a", "assign": ["t", "f7"]}, FILE)
    assert (keys["take"], keys["assign"]) == (("a",), ("t", "f7"))
    assert textual_keys(keymap({"take": ","}, FILE))["take"] == "comma"


@pytest.mark.parametrize(
    ("command", "key", "expected"),
    [
        ("tkae", "t", "keys.\"tkae\": there is no such command; did you mean take?"),
        ("zzz", "t", 'keys."zzz": there is no such command; expected one of take, assign'),
        ("take", "tt", 'keys.take = "tt" is not a key; expected one character or a name such as'),
        ("take", 7, "keys.take = 7 is not a key"),
        ("take", " ", 'keys.take = " " is not a key'),
        ("take", "", 'keys.take = "" is not a key'),
        ("take", "\x1b", r'keys.take = "\x1b" is not a key'),
        ("take", "shift+t", 'keys.take = "shift+t" is not a key'),
        ("take", "ctrl+", 'keys.take = "ctrl+" is not a key'),
        ("take", [], "keys.take = []; expected at least one key"),
        ("take", "ctrl+b", 'keys.take = "ctrl+b" cannot be used: tmux takes it'),
        ("take", "ctrl+a", 'keys.take = "ctrl+a" cannot be used: GNU screen takes it'),
        ("take", "ctrl+s", 'keys.take = "ctrl+s" cannot be used: the terminal takes it'),
        ("take", "a", 'keys.take = "a" is the key of assign already; give assign another one'),
        ("take", "down", 'keys.take = "down" is the key of down already'),
        ("take", ["ü", "ü"], None),
    ],
)  # fmt: skip
def test_a_wrong_key_is_one_line(command: str, key: object, expected: str | None) -> None:
    if expected is None:
        assert keymap({command: key}, FILE)[command] == ("ü", "ü")
        return
    reason = refusal(**{command: key})
    assert reason.startswith(f"{FILE}: {expected}")
    assert "\n" not in reason


@pytest.mark.parametrize(
    "key", ["ü", "É", "f12", "ctrl+k", "alt+1", "shift+up", "ctrl+left", "delete"]
)
def test_what_is_a_key(key: str) -> None:
    assert keymap({"take": key}, FILE)["take"] == (key,)


def test_keys_as_the_footer_writes_them() -> None:
    shown = [display(key) for key in ("t", "ctrl+p", "escape", "shift+tab", "pagedown", "alt+x")]
    assert shown == ["t", "^p", "esc", "⇧Tab", "PgDn", "⌥x"]


def test_every_command_is_declared_once_and_done_somewhere() -> None:
    assert set(COMMANDS) == set(HANDLERS.on_ticket) | set(HANDLERS.on_board)
    assert set(SHARED) | set(SHARED_WITH_ENGINEERS) | set(SHARED_WITH_TIME) <= set(COMMANDS)
    assert set(SHARED_WITH_HISTORY) <= set(COMMANDS)
    assert not set(HANDLERS.on_ticket) & set(HANDLERS.on_board)
    assert set(HANDLERS.on_marked) <= set(HANDLERS.on_ticket)
    for handlers in (HANDLERS.on_ticket, HANDLERS.on_marked, HANDLERS.on_board):
        assert all(map(callable, handlers.values()))
    assert {*FOOTER, *FOOTER_OF_DECLINED, *FOOTER_OF_MARKED, *FOOTER_OF_PAST} <= set(COMMANDS)


def test_every_command_says_what_it_does_in_sentences() -> None:
    for command in ALL_COMMANDS.values():
        assert command.help.endswith(".")
        assert command.help[0].isupper()
        assert len(command.tooltip) <= 80
        assert command.tooltip.casefold() != command.title.casefold(), "said twice in the palette"
