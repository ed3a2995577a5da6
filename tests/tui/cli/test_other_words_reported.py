"""A day at desks of other policies, told by every command that tells: in their words alone."""

import re

import pytest

from tests.tui.command_runs import CommandLine

TEAM = """
[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Sun 00:00-24:00"]
[[member]]
login = "jo"
name = "Jo"
role = "support"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Sun 00:00-24:00"]
"""
HANDBOOK = re.compile(
    r"(?-i:\bp[0-3]\b)|\bpre-?sales\b|\benterprise\b|\bopen.source\b|\bself.support\b",
    re.IGNORECASE,
)
PLACES = {
    "bu": (("impact=campus", "urgency=critical", "kind=incident"), "P3"),
    "wikimedia": (("urgency=unbreak_now",), "lowest"),
    "skyltmax": (("kind=b2b_quote", "special=yes"), "normal"),
}


def day(desk: CommandLine, name: str) -> list[str]:
    """Go through a day, and return all that was said of it."""
    facts, priority = PLACES[name]
    (desk.folder / "team.toml").write_text(TEAM)
    desk(f"--policy {name} team import team.toml")
    said = [
        f"new --subject Down --customer Ada {' '.join(f'--fact {each}' for each in facts)}",
        "new --subject Slow --customer Bob",
        "new --subject Question --customer Cy",
        "next",
        "take 1",
        "reply 1",
        "status 1 solved",
        "take 2",
        "heard 1",
        f"priority 3 {priority} --reason Asked --input customer",
        "deviate 3 --reason Board --until 3h",
        "context 2 --set environment=web",
        "split 2 --subject Part",
    ]
    told = [
        *("next", "list --all", "show 1", "show 2", "explain 1", "explain 2 --versus 3"),
        *("capacity", "mode", "waits", "allocation", "coverage --hours 12", "review"),
        *("report", "handover-note", "history", "policy show"),
    ]
    out = [desk(each).out for each in said]
    for each in told:
        out.append(desk(each).out)
        if each != "handover-note":
            desk.json(each)
    return out


@pytest.mark.parametrize("name", sorted(PLACES))
def test_no_word_of_the_handbook_is_left(numberone: CommandLine, name: str) -> None:
    for each in day(numberone, name):
        assert not HANDBOOK.search(each), each
    assert numberone("db check").out.endswith("nothing is wrong with it.\n")


def test_the_report_counts_by_its_priorities_in_their_order(numberone: CommandLine) -> None:
    day(numberone, "bu")
    report = numberone.json("report --until 2026-03-07T00:00Z")
    assert list(report["first_responses"]["by_priority"]) == ["P1"]
    note = numberone.json("handover-note")
    assert [(each["ticket"]["priority"], each["ticket"]["facts"]) for each in note["tickets"]] == [
        ("P1", {"impact": "campus", "kind": "incident", "urgency": "critical"}),
        ("P4", {}),
    ]


def test_what_only_a_lead_may_is_said_in_its_words(numberone: CommandLine) -> None:
    day(numberone, "wikimedia")
    refused = numberone.refused("deviate 2 --reason Board --until 3h --as jo")
    assert refused.startswith("#1 in the queue is unbreak_now: jo is in support")
    assert "not put a ticket above an unbreak_now" in refused
