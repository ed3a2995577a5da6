"""A policy that a database kept through an upgrade: renewed where it was the handbook's."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import pytest

from policy.rulebook.rulebook import describe, handbook
from tests.tui.command_runs import CommandLine
from tests.tui.older_databases import made_older

BEFORE = ["deviation", "priority", "tier", "respond_by", "received_at"]
OURS = ["deviation", "tier", "priority", "respond_by", "received_at"]
LACKS = (
    'order.hard_choices lacks "owed", which the handbook has since, so that those who wait for us'
    " stand before those who have their answer."
)


older = pytest.mark.on_files("what an older version left is made of a file")


def kept_by_an_older_version(numberone: CommandLine, hard_choices: Sequence[str]) -> CommandLine:
    """Make the database as it was with a policy of that order, adopted then."""
    policy = describe(handbook())
    policy["order"]["hard_choices"] = list(hard_choices)
    del policy["statuses"]
    numberone("db upgrade")
    with closing(sqlite3.connect(numberone.db)) as database:
        value = json.dumps({"rulebook": json.dumps(policy)})
        database.execute("INSERT INTO setting (name, value) VALUES ('policy', ?)", [value])
        database.commit()
    made_older(numberone.db, [])
    return numberone


@older
def test_the_earlier_handbooks_order_becomes_the_new_one(numberone: CommandLine) -> None:
    kept_by_an_older_version(numberone, BEFORE)
    assert numberone.json("policy show") == describe(handbook())
    assert numberone.json("policy check") == {"problems": [], "warnings": []}
    assert len(numberone.json("history --kind policy_adopted")["events"]) == 1


@older
def test_a_teams_own_order_stays_and_the_check_names_what_it_lacks(numberone: CommandLine) -> None:
    kept_by_an_older_version(numberone, OURS)
    assert numberone.json("policy show")["order"]["hard_choices"] == OURS
    assert numberone.json("policy check") == {"problems": [], "warnings": [LACKS]}
    said = numberone("policy check")
    assert " ".join(said.out.split()) == (
        f"Mind: {LACKS} The policy in force: nothing is wrong with it."
    )
    assert not numberone.json("history --kind policy_adopted")["events"]


@pytest.mark.parametrize(("criteria", "warnings"), [(OURS, [LACKS]), ([*OURS, "owed"], [])])
def test_so_does_the_check_of_a_file(
    numberone: CommandLine, criteria: list[str], warnings: list[str]
) -> None:
    file = numberone.folder / "ours.toml"
    file.write_text(f"[order]\nhard_choices = {criteria}\n")
    assert numberone.json("policy check ours.toml") == {"problems": [], "warnings": warnings}
    assert numberone.json("policy check --policy ours.toml")["warnings"] == warnings
    assert not numberone.db.exists()


def test_without_a_database_it_is_the_handbook(numberone: CommandLine) -> None:
    assert numberone("policy check").out == "The policy in force: nothing is wrong with it.\n"
    assert not numberone.db.exists()
