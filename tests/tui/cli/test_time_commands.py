"""A week at the command line: the timer, entries edited afterwards, and how time is split."""

import pytest

from tests.tui.cli.test_team_commands import TEAM
from tests.tui.command_runs import NOW, CommandLine

ENTRY_KEYS = [
    "id", "login", "work", "ticket", "started_at", "stopped_at", "note", "seconds", "left_running",
]  # fmt: skip


@pytest.fixture
def desk(numberone: CommandLine) -> CommandLine:
    """Give a desk with a team, a customer's ticket #1 and our own #2; it is Friday 22:00."""
    (numberone.folder / "team.toml").write_text(TEAM)
    numberone("team import team.toml")
    numberone.take_in({}, {"tier": "internal", "severity": 3, "subject": "Write it down"})
    return numberone


def at(desk: CommandLine, time: str, typed: str, *more: str) -> str:
    """Type a command at another time of that Friday, and return what it prints."""
    return desk(typed, *more, "--at", f"2026-03-06T{time}:00Z").out


def test_a_shift_with_the_timer(desk: CommandLine) -> None:
    assert desk("timer").out == "No timer runs.\n"
    assert desk.json("timer") == {"entry": None}
    assert at(desk, "09:00", "timer start 1") == "Entry 1  #1, customer work  since 09:00, 0 s\n"
    assert at(desk, "10:30", "timer start --internal", "--note", "hiring\nplan") == (
        "Stopped: #1, customer work, 09:00 to 10:30, 1 h 30 m.\n"
        "Entry 2  internal work  since 10:30, 0 s\n"
        "hiring plan\n"
    )
    assert at(desk, "11:00", "timer").startswith("Entry 2  internal work  since 10:30, 30 m\n")
    assert at(desk, "11:30", "timer stop") == ("Stopped: internal work, 10:30 to 11:30, 1 h.\n")
    assert at(desk, "12:00", "timer list").splitlines() == [
        "2  10:30  11:30       1 h  internal      hiring plan",
        "1  09:00  10:30  1 h 30 m  customer  #1",
        "customer 1 h 30 m",
        "internal 1 h",
    ]
    assert "No time is recorded." in desk("timer list --of ada").out


def test_the_entry_in_json(desk: CommandLine) -> None:
    started = desk.json("timer start 2 --note docs")
    assert started["stopped"] is None
    assert list(started["entry"]) == ENTRY_KEYS
    assert started["entry"] == {
        "id": 1,
        "login": "mo",
        "work": "internal",
        "ticket": 2,
        "started_at": NOW,
        "stopped_at": None,
        "note": "docs",
        "seconds": 0,
        "left_running": None,
    }
    assert desk.json("timer")["entry"] == started["entry"]
    switched = desk.json("timer start 1")
    assert switched["stopped"]["stopped_at"] == NOW
    assert desk.json("timer stop")["entry"]["ticket"] == 1
    assert [each["id"] for each in desk.json("timer list")["entries"]] == [2, 1]


def test_left_running_overnight_and_stopped_where_it_ended(desk: CommandLine) -> None:
    desk("timer start 1 --at 2026-03-05T15:00Z")
    said = at(desk, "09:00", "timer")
    assert "Left running? It looks forgotten since Thu 23:00:" in said
    assert "numberone timer stop --until 2026-03-05T23:00" in said
    left = desk.json("timer", "--at", "2026-03-06T09:00Z")["entry"]["left_running"]
    assert left == "2026-03-05T23:00:00Z"
    assert desk.refused("timer stop --until 2026-03-07T10:00Z").startswith(
        "until: Sat 10:00 is still to come"
    )
    assert "Thu 15:00 to Thu 17:00, 2 h." in desk("timer stop --until", "Thu 17:00").out


def test_entries_are_edited_and_removed(desk: CommandLine) -> None:
    at(desk, "09:00", "timer start 1")
    at(desk, "11:00", "timer start 2")
    at(desk, "12:00", "timer stop")
    assert "#1" in desk("timer edit 1 --from 08:30 --until 10:45").out
    edited = desk.json("timer edit 1 --ticket 2")["entry"]
    assert (edited["work"], edited["seconds"]) == ("internal", 8100)
    assert desk.json("timer edit 1 --customer --note", "on the phone")["entry"]["ticket"] is None
    assert desk.refused("timer edit 1 --until 11:30") == (
        "the time overlaps entry 2, on #2, 11:00 to 12:00; nobody does two things at once"
    )
    assert desk.refused("timer edit 9 --until 11:30").startswith("entry 9: no such entry")
    assert "is in support" in desk.refused("timer edit 1 --note x --as ada")
    assert desk("timer remove 2").out == "Entry 2 of mo is removed.\n"
    assert [each["id"] for each in desk.json("timer list --since 2d")["entries"]] == [1]


def test_what_cannot_be_meant_is_said(desk: CommandLine) -> None:
    assert "only one of" in desk("timer start 1 --internal", code=2).err
    assert "only one of" in desk("timer edit 1 --customer --internal", code=2).err
    assert "Say what to change" in desk("timer edit 1", code=2).err
    assert "--until: expected a time" in desk.refused("timer stop --until soon")
    assert desk.refused("timer stop") == "no timer runs for mo"
    assert "eve is an engineer" in desk.refused("timer start 1 --as eve")


def test_the_split_and_protected_time(desk: CommandLine) -> None:
    none = desk.json("allocation")
    assert {name: none["team"][name] for name in ("customer", "internal", "usual")} == {
        "customer": None, "internal": None, "usual": None,
    }  # fmt: skip
    assert "No time is recorded, over the last 7 days; 80 and 20 are meant." in (
        desk("allocation").out
    )
    at(desk, "09:00", "timer start 1")
    at(desk, "14:00", "timer start --internal")
    at(desk, "15:00", "timer stop")
    at(desk, "16:00", "timer start 1 --as ada")
    found = desk.json("allocation --at 2026-03-06T20:00Z --as ada")
    assert list(found) == ["window", "team", "members", "suggestion"]
    assert found["window"] == "7d"
    assert found["team"] == {
        "customer": 0.9, "internal": 0.1, "urgent": 0.0, "usual": 1.0,
        "by_priority": {"p0": 0.0, "p1": 0.0, "p2": 1.0, "p3": 0.0},
        "meant": {"customer": 0.8, "internal": 0.2},
    }  # fmt: skip
    assert [
        (each["login"], each["customer"], each["internal"], each["seconds"])
        for each in found["members"]
    ] == [
        ("ada", 1.0, 0.0, 14400),
        ("gabe", None, None, 0),
        ("luz", None, None, 0),
        ("mo", 0.8333, 0.1667, 21600),
    ]
    offered = found["suggestion"]
    assert (offered["login"], offered["ticket"]["id"], offered["ticket"]["position"]) == (
        "ada",
        2,
        2,
    )
    said = desk("allocation --at 2026-03-06T20:00Z --as ada").out
    assert "90 % customer, 10 % internal, over the last 7 days; 80 and 20 are meant." in said
    assert "mo 83 % 17 % 6 h 0 % 100 %" in " ".join(said.split())
    assert "Of the customers' time: 0 % p0 and p1, meant to be rare; 100 % p2; 0 % p3." in said
    assert "Protected time for you: #2" in said
    assert "0 % of your last 7 days was internal," in said


def test_protected_time_is_taken_and_taken_back_whole(desk: CommandLine) -> None:
    assert desk.refused("timer start --protected").startswith("no protected time is offered")
    at(desk, "16:00", "timer start 1 --as ada")
    said = at(desk, "20:00", "timer start --protected --note docs --as ada")
    assert "#2, internal work" in said
    assert desk.json("show 2")["ticket"]["assignee"] == "ada"
    at(desk, "20:30", "undo --as ada")
    assert desk.json("show 2")["ticket"]["assignee"] is None
    assert "#1" in at(desk, "20:30", "timer --as ada")
    for more in ("1", "--internal", "--customer"):
        assert "goes with no ID" in desk(f"timer start --protected {more}", code=2).err


def test_at_level_3_internal_work_pauses(desk: CommandLine) -> None:
    at(desk, "09:00", "timer start 1")
    for login in ("ada", "luz", "gabe"):
        desk(f"out {login}")
    assert desk.json("allocation")["suggestion"] is None
    said = desk("allocation").out
    assert "Internal work pauses at this level, and the split is not held against anyone." in said
