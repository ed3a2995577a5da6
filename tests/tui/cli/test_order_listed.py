"""Random queues in both modes: the command line lists them in the order of docs/design.md."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from policy.ticket import Ticket
from policy.words import Mode, OpenedBy, Status
from tests.examples import SEVERITIES, TIERS
from tests.independent_order import CRITERIA, ranked
from tests.tui.command_runs import NOW, CommandLine, Document


def random_tickets(random: Random, count: int) -> list[dict[str, Any]]:
    """Return tickets that often tie in one thing or another."""
    start = datetime.fromisoformat(NOW) - timedelta(hours=60)
    return [
        {
            "tier": random.choice([*TIERS]),
            "severity": random.choice([*SEVERITIES]),
            "opened_by": random.choice([*OpenedBy]),
            "status": random.choice([None, Status.NEW, Status.OPEN, Status.PENDING, Status.SOLVED]),
            "received_at": (start + timedelta(minutes=20 * random.randrange(60))).isoformat(),
        }
        for _ in range(count)
    ]


def seen(tickets: Sequence[Document]) -> list[Ticket]:
    """Return tickets from JSON as the independent order looks at them: their names are ours."""
    times = ("received_at", "respond_by", "resolve_by")
    return [
        cast(
            "Ticket",
            SimpleNamespace(
                **each
                | {name: each[name] and datetime.fromisoformat(each[name]) for name in times}
                | {"internal": each["tier"] == "internal", "update_by": each["targets"]["update"]}
            ),
        )
        for each in tickets
    ]


@pytest.mark.parametrize("mode", [*Mode])
def test_list_next_explain_and_positions_agree(numberone: CommandLine, mode: Mode) -> None:
    random = Random(mode.value)  # noqa: S311 - the same queue every time
    numberone.take_in(*random_tickets(random, 300))
    numberone(f"mode {mode} --reason x --until 3h")
    for number in range(1, 300, 9):  # some were answered, and then some customers wrote again
        numberone(f"{random.choice(['reply', 'heard'])} {number}")
    everything = numberone.json("list --all")["tickets"]
    expected = [each.id for each in ranked(seen(everything), CRITERIA[mode])]
    queue = numberone.json("list")["tickets"]
    assert [each["id"] for each in queue] == expected
    assert [each["position"] for each in queue] == list(range(1, len(expected) + 1))
    assert numberone.json("next")["number_one"] == queue[0]
    for _ in range(25):
        one, other = random.sample(range(len(queue)), 2)
        told = numberone.json(f"explain {expected[one]} --versus {expected[other]}")
        assert told["before"] is (one < other)
        assert told["criterion"] in (*CRITERIA[mode], "id")
        assert told["ticket"] == queue[one]
        assert told["versus"] == queue[other]
