"""A case of Red Hat's book at the command line: updated every hour, but while it is pending."""

import json

import pytest

from policy.rulebook.book import text_in_the_book
from tests.tui.command_runs import CommandLine, Document

CASES = (
    {"subject": "Nodes are down", "tier": "premium", "severity": 1},
    {"subject": "Slow at noon", "tier": "premium", "severity": 1},
    {"subject": "How to", "tier": "self_support", "severity": 4},
)
NO_TARGET = dict.fromkeys(["first_response", "next_reply", "update", "resolution", "not_before"])


@pytest.fixture
def red_hat(numberone: CommandLine) -> CommandLine:
    """Give a desk by that policy, with a case of three customers' each."""
    (numberone.folder / "redhat.toml").write_text(text_in_the_book("redhat"))
    lines = [
        {"external_id": f"{number}", "customer": "Acme", "received_at": "2026-03-04T09:00Z", **each}
        for number, each in enumerate(CASES, 1)
    ]
    (numberone.folder / "cases.jsonl").write_text("\n".join(map(json.dumps, lines)))
    policy, cases = numberone.folder / "redhat.toml", numberone.folder / "cases.jsonl"
    numberone(f"--at 2026-03-04T09:00Z --policy {policy} import {cases}")
    return numberone


def at(clock: str, typed: str) -> str:
    """Return what is typed on the day of the cases at a time of UTC."""
    return f"--at 2026-03-04T{clock}Z {typed}"


def ticket(desk: CommandLine, clock: str, number: int = 1) -> Document:
    found: Document = desk.json(at(clock, f"show {number}"))["ticket"]
    return found


def test_a_case_is_updated_stands_still_and_goes_on(red_hat: CommandLine) -> None:
    came = ticket(red_hat, "09:00")
    assert came["targets"] == {**NO_TARGET, "first_response": "2026-03-04T10:00:00Z"}
    assert came["respond_by"] == "2026-03-04T10:00:00Z"

    red_hat(at("09:20", "reply 1"))
    answered = ticket(red_hat, "09:20")
    assert answered["targets"] == {**NO_TARGET, "update": "2026-03-04T10:20:00Z"}
    assert answered["respond_by"] == "2026-03-04T10:20:00Z"
    assert (answered["owed"], answered["aim_by"], answered["position"]) == (False, None, 2)

    red_hat(at("09:30", "status 1 pending"))
    rests = ticket(red_hat, "09:40")
    assert (rests["targets"], rests["respond_by"], rests["position"]) == (NO_TARGET, None, None)
    shown = red_hat(at("09:40", "show 1")).out
    assert "update      stands still while it is pending\n" in shown
    assert "respond by" not in shown

    red_hat(at("11:30", "status 1 open"))
    assert ticket(red_hat, "11:30")["targets"] == {**NO_TARGET, "update": "2026-03-04T12:20:00Z"}

    red_hat(at("11:30", "status 1 on_hold"))
    held = red_hat(at("11:40", "show 1")).out
    assert "respond by  12:20, in 40 m\nupdate      12:20, in 40 m\n" in held
    assert "Take it, and tell the customer how it stands: an update is due by 12:20.\n" in held
    assert "nobody waits for a reply from us, but an update is due by 12:20.\n" in held
    late = red_hat(at("12:30", "show 1")).out
    assert "update      12:20, 10 m late\n" in late
    assert "tell the customer how it stands: an update was due by 12:20.\n" in late
    found = red_hat.json(at("12:30", "list is:late"))["tickets"]
    assert [(each["id"], each["owed"]) for each in found] == [(2, True), (1, False)]

    for targets in (  # before each step, the last one first
        {"update": "2026-03-04T12:20:00Z"},
        {},
        {"update": "2026-03-04T10:20:00Z"},
        {"first_response": "2026-03-04T10:00:00Z"},
    ):
        red_hat(at("12:30", "undo"))
        assert ticket(red_hat, "12:30")["targets"] == {**NO_TARGET, **targets}


def test_what_an_update_decides_is_explained_with_its_time(red_hat: CommandLine) -> None:
    red_hat(at("09:20", "reply 1"))
    red_hat(at("09:30", "reply 2 --status on_hold"))
    update = "Both are sev1; an update on #1 is due by 10:20, 10 m before an update on #2."
    assert red_hat.json(at("09:40", "explain 1"))["why"] == update
    told = red_hat(at("09:40", "explain 1")).out
    assert told == f"#1 stands before #2.\n{update}\n"
    assert red_hat.json(at("09:40", "explain 2 --versus 1"))["why"] == (
        f"{update} It is on hold, and stands in the queue as an update is due by 10:30."
    )
    assert "update by 10:20, in 40 m · unassigned" in red_hat(at("09:40", "next")).out
    number_one = red_hat.json(at("09:40", "next"))
    assert number_one["number_one"]["id"] == 1
    assert number_one["why"][0] == update
    assert red_hat(at("09:40", "next --format '#$id $due $targets'")).out.startswith(
        '#1 in 40 m {"first_response": null,'
    )


def test_every_command_tells_the_targets(red_hat: CommandLine) -> None:
    red_hat(at("09:20", "reply 1"))
    for typed in ("list", "take 1", "handover-note"):
        found = red_hat.json(at("09:30", typed))
        tickets = found.get("tickets") or [found["ticket"]]
        mine = next(
            each for each in (each.get("ticket", each) for each in tickets) if each["id"] == 1
        )
        assert mine["targets"]["update"] == "2026-03-04T10:20:00Z"
