"""Tickets of who is away, at the command line: marked, found, taken over and warned of."""

from pathlib import Path

import pytest

from tests.tui.command_runs import CommandLine

MEMBER = """
[[member]]
login = "{login}"
name = "{name}"
role = "{role}"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri {hours}"]
"""


def team_file(*people: tuple[str, str, str]) -> str:
    """Return a team of people with their logins, roles and hours."""
    return "".join(
        MEMBER.format(login=login, name=login.capitalize(), role=role, hours=hours)
        for login, role, hours in people
    )


MO = ("mo", "lead", "09:00-23:00")
GABE, LUZ = ("gabe", "support", "14:00-23:00"), ("luz", "support", "14:00-23:30")
FAY, EVE = ("fay", "support", "08:00-16:00"), ("eve", "engineer", "09:00-17:00")


@pytest.fixture
def desk(numberone: CommandLine) -> CommandLine:
    """Return a desk on a Friday at ten in the evening: gabe and luz are in, fay comes on Monday."""
    import_team(numberone, MO, GABE, LUZ, FAY, EVE)
    numberone.take_in({"assignee": "gabe"}, {}, {"assignee": "fay"}, {"assignee": "nobody-here"})
    return numberone


def import_team(numberone: CommandLine, *people: tuple[str, str, str]) -> Path:
    """Make these people the team."""
    file = numberone.folder / "team.toml"
    file.write_text(team_file(*people), encoding="utf-8")
    numberone(f"team import {file}")
    return file


def away(numberone: CommandLine) -> dict[int, object]:
    """Return why the holder of each ticket is away."""
    found = numberone.json("list --all")["tickets"]
    return {each["id"]: each["holder_away"] for each in found}


def test_the_json_of_a_ticket_says_why_and_until_when(desk: CommandLine) -> None:
    desk("out gabe --until 2026-03-06T22:30Z")
    off = {"why": "off", "until": "2026-03-09T08:00:00Z"}
    assert away(desk) == {
        1: {"why": "out", "until": "2026-03-06T22:30:00Z"},
        2: None,
        3: off,
        4: {"why": "not in the team", "until": None},
    }
    assert desk.json("show 3")["ticket"]["holder_away"] == off
    assert desk.json("next")["number_one"]["holder_away"] is not None
    assert desk.json("explain 3")["ticket"]["holder_away"] == off
    assert desk.json("status 3 open")["ticket"]["holder_away"] == off
    desk("reply 3")
    assert desk.json("show 3")["ticket"]["holder_away"] is None, "nobody waits: it is fay's still"


def test_lists_mark_and_find_them(desk: CommandLine) -> None:
    lines = desk("list").out.splitlines()
    assert lines[0].endswith("  gabe")
    assert lines[2].endswith("  fay⌂ off until Mon 08:00")
    assert lines[3].endswith("  nobody-here⌂ not in the team")
    assert [each["id"] for each in desk.json("list is:away")["tickets"]] == [3, 4]
    assert [each["id"] for each in desk.json("list assignee:nobody")["tickets"]] == [2, 3, 4]
    assert [each["id"] for each in desk.json("list assignee:fay")["tickets"]] == [3]
    assert desk.refused("list is:lost").startswith("query: is: 'lost'; expected owed, parked, away")


def test_what_to_do_next_says_it_and_take_takes_over(desk: CommandLine) -> None:
    desk("out gabe --until 2026-03-06T22:30Z")
    shown = desk("show 1").out
    assert "gabe has it and is out until 22:30: take it over, and send the first response" in shown
    assert "assignee    gabe, out until 22:30" in shown
    assert "gabe⌂ is out until 22:30" in desk("next").out
    assert "mo has it." in desk("take").out
    assert "took it over from gabe, who was away" in desk("show 1").out
    desk("undo")
    assert desk.json("show 1")["ticket"]["assignee"] == "gabe"
    desk("back gabe")
    assert desk.refused("take 1").startswith("#1 is gabe's already")


def test_giving_one_to_who_is_away_is_done_and_warned_of(desk: CommandLine) -> None:
    desk("out luz --until 2026-03-09T14:00Z")
    ran = desk("assign 2 luz")
    assert ran.err == (
        "numberone: luz is out until Mon 14:00; gabe is in with the fewest, 1 ticket\n"
    )
    assert "luz has it." in ran.out
    eve = desk("assign 2 eve")
    assert eve.err.startswith("numberone: eve is not in support; gabe is in")
    assert desk("assign 2 gabe").err == ""
    assert desk("assign 2 --nobody").err == ""
    both = desk("assign 2 3 fay --json")
    assert both.err.startswith("numberone: fay is off until Mon 08:00; gabe is in")
    assert [each["assignee"] for each in both.json["tickets"]] == ["fay", "fay"]


def test_nobody_outside_the_team_is_given_any(desk: CommandLine) -> None:
    assert desk.refused("assign 2 gaeb") == (
        'login: "gaeb"; expected a member of the team; did you mean gabe?'
    )
    assert desk.json("show 2")["ticket"]["assignee"] is None


def test_a_team_that_drops_somebody_lists_their_tickets(desk: CommandLine) -> None:
    desk("reply 1 --status pending")
    file = desk.folder / "smaller.toml"
    file.write_text(team_file(MO, LUZ, ("fay", "engineer", "08:00-16:00"), EVE))
    document = desk.json(f"team import {file}")
    assert (document["gone"], document["changed"]) == (["gabe"], ["fay"])
    assert [(each["id"], each["holder_away"]["why"]) for each in document["tickets"]] == [
        (3, "not in support"), (1, "not in the team"),
    ]  # fmt: skip
    desk("undo")
    assert desk(f"team import {file}").out.splitlines() == [
        "4 members: 1 changed, 1 gone.",
        "2 tickets count as nobody's now; list --all is:away finds them:",
        "#3  p2  Enterprise  Acme  Ticket 3  in 2 d 2 h  fay⌂ not in support",
        "#1  p2  Enterprise  Acme  Ticket 1     pending  gabe⌂ not in the team",
    ]
    assert desk(f"team import {file}").out == "4 members: nothing changed.\n"


def test_a_hand_over_note_lists_what_is_held_by_who_is_away(desk: CommandLine) -> None:
    note = desk("handover-note --of gabe").out
    assert "## Held by who is away (2)" in note
    assert "fay has it and is off until Mon 08:00; respond by" in note
    assert "nobody-here has it and is not in the team" in note
    document = desk.json("handover-note --of gabe")
    assert [each["id"] for each in document["held_by_away"]] == [3, 4]
    assert (
        "- Stands: fay has it and is off until Mon 08:00; new" in desk("handover-note --of fay").out
    )


def test_until_a_team_exists_nobody_is_away(numberone: CommandLine) -> None:
    numberone.take_in({"assignee": "anybody"})
    assert away(numberone) == {1: None}
    assert numberone("assign 1 whoever").err == ""
    assert numberone.json("list is:away")["total"] == 0
