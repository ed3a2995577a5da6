"""One line about the number one, for a status bar or a prompt."""

import json

import pytest

from tests.tui.command_runs import CommandLine

NAMES = ("due", "why", "level", "mode", "queue")


@pytest.fixture
def desk(numberone: CommandLine) -> CommandLine:
    """Give a desk whose number one is a p0 with a subject that wants to be obeyed."""
    numberone.take_in(
        {"severity": 0, "subject": "Down\n\x1b[31mnow\u202e", "customer": "Acme $id"},
        {"subject": "Slow"},
    )
    return numberone


def line(desk: CommandLine, form: str) -> str:
    """Return the one line that is printed."""
    out = desk("next --format", form).out
    assert out.count("\n") == 1
    return out.removesuffix("\n")


def test_a_line_of_names(desk: CommandLine) -> None:
    form = "#$id $priority ${tier}: $due, $level $mode, $queue in all, $$5"
    assert line(desk, form) == "#1 p0 enterprise: due now, 1 normal, 2 in all, $5"
    assert line(desk, "$why").startswith("The only p0 in the queue; #2 behind it is p2.")
    assert line(desk, "[$assignee] $position") == "[] 1"


def test_every_key_of_a_ticket_is_a_name(desk: CommandLine) -> None:
    first = desk.json("next")["number_one"]
    for name, value in first.items():
        if name not in ("subject", "deviation"):
            said = "" if value is None else value if isinstance(value, str) else json.dumps(value)
            assert line(desk, f"${name}") == said
    for name in NAMES:
        assert line(desk, f"${name}")


def test_what_holds_more_is_as_in_json(desk: CommandLine) -> None:
    desk("deviate 2 --reason Launch --until answered")
    assert json.loads(line(desk, "$deviation")) == desk.json("next")["number_one"]["deviation"]


def test_nothing_in_it_is_obeyed(desk: CommandLine) -> None:
    assert line(desk, "$subject of $customer") == "Down ␛[31mnow⟨U+202E⟩ of Acme $id"
    assert line(desk, "a\nb\x07") == "a⏎b␇"


def test_while_nobody_waits(numberone: CommandLine) -> None:
    assert line(numberone, "#$id, $due") == "Nobody is waiting for us."
    assert line(numberone, "$why") == "Nobody is waiting for us."
    assert line(numberone, "$queue at level $level") == "0 at level 1"
    assert line(numberone, "nothing in it") == "nothing in it"


@pytest.mark.parametrize("full", [True, False])
def test_what_is_no_name_is_refused(numberone: CommandLine, full: bool) -> None:
    if full:
        numberone.take_in({})
    for form, said in (
        ("$subjekt", "--format: $subjekt: unknown name; did you mean $subject?"),
        ("$xyzzy", "--format: $xyzzy: unknown name; expected one of id, source, "),
        ("5 $ each", '--format: "5 $ each"; expected $name or ${name}, and $$ for a $'),
        ("${id", '--format: "${id"; expected $name'),
    ):
        assert numberone.refused("next --format", form).startswith(said)


def test_a_line_is_no_json(desk: CommandLine) -> None:
    assert "exclude each other" in desk("next --json --format $id", code=2).err


def test_of_another_time(desk: CommandLine) -> None:
    desk("reply 1 --status pending --at 2026-03-06T23:00:00Z")
    assert line(desk, "$id") == "1"  # an hour before
    assert desk("next --format $id --at 2026-03-06T23:30:00Z").out == "2\n"
