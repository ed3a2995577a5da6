"""The first command on an older database says which customers it brought back into the queue."""

import pytest

from tests.tui.command_runs import CommandLine
from tests.tui.older_databases import made_older

pytestmark = pytest.mark.on_files("what an older version left is made of a file")

MANY = range(1, 13)


@pytest.fixture
def older(numberone: CommandLine) -> CommandLine:
    """Return the command line on a database of schema 4 in which #2 and #3 wait unseen."""
    numberone.take_in({}, {"severity": 0}, {})
    made_older(numberone.db, [2, 3])
    return numberone


SAID = (
    "numberone: mind: 2 tickets are back in the queue: their customers wait, and no list showed"
    " them before the upgrade: #2 and #3; numberone history --kind brought_back says each\n"
)


def test_the_first_command_says_it_once_beside_its_json(older: CommandLine) -> None:
    first = older("list --json")
    assert first.err == SAID
    assert [each["id"] for each in first.json["tickets"]] == [2, 1, 3]
    assert not older("list").err
    events = older.json("history --kind brought_back")["events"]
    assert [each["ticket"] for each in events] == [2, 3]


def test_so_does_one_that_asks_for_the_zone_of_the_person_first(older: CommandLine) -> None:
    assert older("coverage --at 17:00 --hours 2").err == SAID


def test_one_ticket_is_named_in_the_singular(numberone: CommandLine) -> None:
    numberone.take_in({})
    made_older(numberone.db, [1])
    assert numberone("next").err == (
        "numberone: mind: #1 is back in the queue: its customer waits, and no list showed it"
        " before the upgrade; numberone history --kind brought_back says each\n"
    )


def test_of_many_the_first_are_named(numberone: CommandLine) -> None:
    numberone.take_in(*({} for _ in MANY))
    made_older(numberone.db, MANY)
    told = numberone("next").err
    assert "12 tickets are back in the queue" in told
    assert "#1, #2, #3, #4, #5, #6, #7, #8 and 4 more;" in told


def test_an_upgrade_names_all_in_its_json(older: CommandLine) -> None:
    upgraded = older("db upgrade --json")
    document = dict(upgraded.json)
    backup = document.pop("backup")
    assert document == {"schema": "0017", "from": "0004", "brought_back": [2, 3]}
    assert older(f"db check --db {backup} --json").json["problems"] == []
    assert upgraded.err == SAID
    assert older.json("db upgrade")["brought_back"] == []


def test_who_waits_in_an_older_backup_is_brought_back_as_well(older: CommandLine) -> None:
    backup = older.db
    older.db = older.folder / "new.db"
    assert older(f"db restore {backup}").err == SAID
    assert older.json("list")["total"] == 3


def test_nothing_is_said_where_nobody_waited_unseen(numberone: CommandLine) -> None:
    numberone.take_in({})
    made_older(numberone.db, [])
    assert not numberone("list").err
