"""Times typed and shown at the command line are those of the person who acts, not the machine's."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.databases import address_of
from tests.tui.command_runs import CommandLine
from tests.tui.teams import member

NOW = ("--at", "2026-03-06T22:00:00Z")
"""Midnight in Cairo, 23:00 in Berlin, 14:00 in Los Angeles; the machine is in UTC."""


class Shift:
    """Types commands as one of several people."""

    def __init__(self, numberone: CommandLine) -> None:
        self._numberone = numberone

    def __call__(self, login: str, *typed: str, at: Sequence[str] = NOW) -> str:
        """Return what a command prints for somebody."""
        return self._numberone.plain(self._line(login, typed, at)).out

    def json(self, login: str, *typed: str, at: Sequence[str] = NOW) -> dict[str, Any]:
        """Return the JSON that a command prints for somebody."""
        return self._numberone.plain([*self._line(login, typed, at), "--json"]).json

    def refused(self, login: str, *typed: str) -> str:
        """Return the line with which somebody is refused."""
        return self._numberone.plain(self._line(login, typed, NOW), code=1).err

    def _line(self, login: str, typed: Sequence[str], at: Sequence[str]) -> list[str]:
        return ["--db", address_of(self._numberone.db), "--as", login, *at, *typed]


@pytest.fixture
def shift(numberone: CommandLine) -> Shift:
    """Give a desk with two tickets, three leads around the world, and somebody in support."""
    numberone.take_in({}, {"severity": 1})
    people = (
        member("mo", role="lead"),  # in Cairo
        member("kim", role="lead", shift=1),  # in Berlin
        member("luz", role="lead", shift=3),  # in Los Angeles
        member("ann"),
    )
    (numberone.folder / "team.toml").write_text("\n".join(people))
    numberone("team import team.toml")
    return Shift(numberone)


@pytest.mark.parametrize(
    ("login", "until", "said", "due"),
    [
        ("mo", "2026-03-06T23:30:00Z", "01:30", "2026-03-05T10:00:00Z"),
        ("kim", "2026-03-07T00:30:00Z", "Sat 01:30", "2026-03-05T11:00:00Z"),
        ("luz", "2026-03-07T09:30:00Z", "Sat 01:30", "2026-03-05T20:00:00Z"),
    ],
)
def test_what_is_typed_is_in_the_persons_zone(
    shift: Shift, login: str, until: str, said: str, due: str
) -> None:
    first = shift(login, "deviate", "1", "--reason", "Launch", "--until", "01:30")
    assert f"It is first by deviation until {said}, in" in first
    assert shift.json(login, "show", "1")["ticket"]["deviation"]["until"] == until
    mode = shift.json(login, "mode", "normal", "--reason", "So", "--until", "01:30")
    assert (mode["until"], mode["why"]) == (until, f"Set by {login} until {said}: So.")
    reckoned = shift.json(
        login, "policy", "due", "--priority", "p0", "--received", "2026-03-05T10:00"
    )
    assert reckoned["respond_by"] == due
    shift(login, "out", "ann", "--until", "01:30")
    ann = next(each for each in shift.json(login, "team")["members"] if each["login"] == "ann")
    assert ann["until"] == until


@pytest.mark.parametrize(
    ("login", "clock", "until", "end"),
    [
        ("mo", "00:00", "12:00", "Sat 7 Mar 12:00"),
        ("kim", "23:00", "Sat 11:00", "Sat 7 Mar 11:00"),
        ("luz", "14:00", "Sat 02:00", "Sat 7 Mar 02:00"),
    ],
)
def test_what_is_shown_is_in_the_same_zone(
    shift: Shift, login: str, clock: str, until: str, end: str
) -> None:
    shift("mo", "deviate", "1", "--reason", "Launch", "--until", "2026-03-07T10:00Z")
    shift("mo", "take", "2")
    shift("mo", "escalate", "2", "--because", "It burns")
    assert f"put it first until {until}, in 12 h: Launch" in shift(login, "next")
    shown = shift(login, "show", "1")
    assert f"▲ until {until}, in 12 h, by mo" in shown
    assert f"{clock}       mo put it first until {end}: Launch" in shown
    history = shift(login, "history")
    assert history.startswith(f"{clock} ")
    assert f"mo put it first until {end}: Launch" in history
    note = shift(login, "handover-note", "--of", "mo")
    assert f", {clock} (" in note
    assert f"  - {clock} mo took it" in note
    assert f" {clock} " in shift(login, "report", "--days", "1").splitlines()[0]
    assert shift(login, "coverage", "--hours", "3").startswith(clock)


def test_time_is_recorded_and_told_in_the_persons_zone(shift: Shift) -> None:
    shift("luz", "timer", "start", "1")
    later = ("--at", "2026-03-07T01:00Z")
    assert "since 14:00, 3 h" in shift("luz", "timer", at=later)
    entry = shift.json("luz", "timer", "stop", "--until", "15:30", at=later)["entry"]
    assert entry["stopped_at"] == "2026-03-06T23:30:00Z"
    assert "14:00  15:30" in shift("luz", "timer", "list", at=later)
    refused = shift.refused("luz", "timer", "edit", "1", "--from", "2026-03-06T16:00")
    assert "from: 16:00 is still to come" in refused


@pytest.mark.parametrize(
    ("login", "now"),
    [
        ("mo", "2026-03-06T20:00:00Z"),
        ("kim", "2026-03-06T21:00:00Z"),
        ("luz", "2026-03-07T06:00:00Z"),
        ("stranger", "2026-03-06T22:00:00Z"),
    ],
)
def test_the_time_that_is_used_instead_of_now_too(shift: Shift, login: str, now: str) -> None:
    assert shift.json(login, "handover-note", at=("--at", "2026-03-06T22:00"))["at"] == now


def test_a_refusal_says_times_in_the_persons_zone(shift: Shift) -> None:
    past = ["--until", "2026-03-06T20:00Z", "--reason", "x"]
    for login, said in (("mo", "Fri 22:00"), ("kim", "21:00"), ("luz", "12:00")):
        for what in (["deviate", "1"], ["mode", "normal"]):
            refused = shift.refused(login, *what, *past)
            assert refused == f"numberone: until: {said}; expected a time after now\n"
    times = ("--from", "2026-03-06T10:00", "--until", "2026-03-06T09:00")
    refused = shift.refused("luz", "report", *times)
    assert refused == "numberone: from: 10:00; expected a time before the end and now\n"


@pytest.mark.on_files("what lies there is no database")
def test_without_a_database_that_can_be_read_it_is_the_machines_zone(
    numberone: CommandLine,
) -> None:
    (numberone.folder / "p.toml").write_text("")
    typed = "policy due --priority p0 --received 2026-03-05T10:00 --policy p.toml"
    assert numberone.json(typed)["respond_by"] == "2026-03-05T12:00:00Z"
    numberone.db.write_text("no database at all, and far too short for one")
    assert numberone.json(typed)["respond_by"] == "2026-03-05T12:00:00Z"
    assert "desk.db" in numberone.refused("deviate 1 --reason x --until 17:00")


def test_a_time_in_another_zone_names_it(shift: Shift) -> None:
    mo, kim, luz, _ = shift("kim", "team").splitlines()[:4]
    assert "Sat 00:00 Africa/Cairo " in mo
    assert "Fri 23:00  " in kim
    assert "Fri 14:00 America/Los_Angeles " in luz
