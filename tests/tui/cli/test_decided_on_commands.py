"""``--decided-on``: whoever comes second at the command line is told what changed, and decides."""

import pytest

from tests.tui.command_runs import CommandLine

COMMANDS = (
    "assign 1 mo",
    "context 1 --set logs=502",
    "deviate 1 --reason Launch --until answered",
    "escalate 1 --can-wait",
    "handover 1",
    "heard 1",
    "merge 1 2",
    "priority 1 p2 --reason Less --input customer",
    "reply 1 --text answer.txt",
    "review 1 now",
    "split 1 --subject Bill",
    "status 1 on_hold",
    "take 1",
)
"""Every command that changes a ticket, and one that says what it is to be."""


@pytest.fixture
def shared(numberone: CommandLine) -> CommandLine:
    """Give a desk with two tickets, of which jo has changed the first after it was looked at."""
    numberone.take_in({"subject": "Down", "severity": 0}, {"subject": "Slow", "tier": "team"})
    assert "version     1" in numberone("show 1").out
    numberone("--as jo status 1 open")
    return numberone


def test_every_command_on_a_ticket_takes_the_version(shared: CommandLine) -> None:
    for command in COMMANDS:
        assert "--decided-on VERSION" in shared(f"{command.split()[0]} --help").out


def test_the_second_is_told_and_decides(shared: CommandLine) -> None:
    refused = shared.refused("status 1 2 pending --decided-on 1 --decided-on 1")
    assert refused.startswith(
        "changed meanwhile, so nothing was done: #1: jo changed the status from new to open "
    )
    assert refused.endswith("To do it all the same: --decided-on 2 --decided-on 1")
    assert shared.json("show 2")["ticket"]["status"] == "new"
    shared("status 1 2 pending --decided-on 2 --decided-on 1")
    shared("status 1 2 open")


def test_one_version_goes_with_each_ticket(shared: CommandLine) -> None:
    for typed in ("take --decided-on 1", "take 1 2 --decided-on 2", "take 1 --decided-on 0"):
        assert "--decided-on" in shared(typed, code=2).err
    assert "#1 is at version 2 only" in shared.refused("take 1 --decided-on 9")
