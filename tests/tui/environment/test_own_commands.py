"""A person's own commands as the config file says them: what they are given, and what is wrong."""

import sys
from pathlib import Path

import pytest

from policy.refusal import Refusal
from tui.environment.keymap import DEFAULT_KEYS
from tui.environment.own_commands import OwnCommand, own_commands

FILE = Path("/home/mariam/config.toml")
RIGHT = {"key": "alt+c", "run": [sys.executable, "$subject"]}


def own(**settings: object) -> OwnCommand:
    return own_commands({"crm": RIGHT | settings}, DEFAULT_KEYS, FILE)["crm"]


def test_each_argument_is_filled_in_by_itself_and_harmless() -> None:
    crm = own(run=[sys.executable, "a b", "--title=$subject", "$$", "--", "$subject", "$url"])
    fields = {"subject": "-rf $(id) \x1b[2J; `id`", "url": ""}
    assert crm.argument_list(fields) == [
        *(sys.executable, "a b", "--title=-rf $(id) ␛[2J; `id`", "$", "--"),
        *("-rf $(id) ␛[2J; `id`", ""),
    ]


def test_what_a_customer_wrote_becomes_no_option() -> None:
    with pytest.raises(Refusal, match='for an option; put "--" before'):
        own().argument_list({"subject": "--exec=id"})


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"key": "t"}, 'commands.crm.key = "t" is the key of take already; choose another'),
        ({"key": "tt"}, 'commands.crm.key = "tt" is not a key'),
        ({"key": None}, "commands.crm.key: missing"),
        ({"run": [sys.executable, "$sbject"]}, "commands.crm.run: $sbject: unknown name; did you"),
        ({"run": [sys.executable, "$"]}, "commands.crm.run: \"$\"; expected $name or ${name}"),
        ({"run": ["no-such-program"]}, 'commands.crm.run: "no-such-program": there is no such'),
        ({"run": ["$subject"]}, "commands.crm.run: \"$subject\"; no program is named by a ticket"),
        ({"run": "ls $subject"}, 'commands.crm.run: "ls $subject"; expected a list'),
        ({"terminal": "yes"}, 'commands.crm.terminal: "yes"; expected true or false'),
        ({"title": ""}, 'commands.crm.title: ""; expected a few words'),
        ({"shell": True}, "commands.crm.shell: expected key, title, run or terminal"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_with_its_place(
    settings: dict[str, object], expected: str
) -> None:
    with pytest.raises(Refusal) as refused:
        own(**settings)
    assert refused.value.reason.startswith(f"{FILE}: {expected}")


def test_two_of_ones_own_have_two_keys_and_names_that_the_board_has_not() -> None:
    for names, expected in (
        (("crm", "log"), "the key of crm already"),
        (("take",), "of that name"),
    ):
        with pytest.raises(Refusal, match=expected):
            own_commands(dict.fromkeys(names, RIGHT), DEFAULT_KEYS, FILE)
