"""An import says aloud, once for each kind, whom it leaves waiting for want of a time."""

import json

from tests.tui.command_runs import CommandLine, line

ASKED_AGAIN = {
    "first_response_at": "2026-03-06T19:30:00Z",
    "last_customer_message_at": "2026-03-06T20:00:00Z",
}
KEYS = ["read", "admitted", "declined", "updated", "unchanged", "rejected"]


def test_it_says_how_many_on_the_error_stream_and_nothing_else_changes(
    numberone: CommandLine,
) -> None:
    lines = [
        line(1, received_at="2026-03-06T19:00:00Z", **ASKED_AGAIN),
        line(2, status="pending"),
        line(3, status="on_hold"),
        line(4),
    ]
    (numberone.folder / "t.jsonl").write_text("\n".join(lines))
    ran = numberone("import t.jsonl --json")
    assert list(ran.json) == KEYS
    assert ran.err.splitlines() == [
        "numberone: t.jsonl: 1 ticket is left owed for want of last_response_at: the customer wrote"
        " after first_response_at, and nothing says that we answered since",
        "numberone: t.jsonl: 2 pending or on_hold tickets are without any time of an answer"
        " (first_response_at, last_response_at): owed unless answered here",
    ]
    owed = {each["external_id"] for each in numberone.json("list --all")["tickets"] if each["owed"]}
    assert owed == {"1", "2", "3", "4"}


def test_nothing_is_said_where_nothing_is_wanting(numberone: CommandLine) -> None:
    answered = ASKED_AGAIN | {"last_response_at": "2026-03-06T20:30:00Z", "status": "pending"}
    (numberone.folder / "t.jsonl").write_text(
        line(1, received_at="2026-03-06T19:00:00Z", **answered)
    )
    assert numberone("import t.jsonl").err == ""
    assert not numberone.json("show 1")["ticket"]["owed"]


def test_a_zendesk_page_of_tickets_alone_says_what_to_ask_for(numberone: CommandLine) -> None:
    ticket = {
        "id": 7, "subject": "Down", "status": "open", "tags": ["team"], "requester_id": 5,
        "created_at": "2026-03-06T20:00:00Z",
    }  # fmt: skip
    (numberone.folder / "page.json").write_text(json.dumps({"tickets": [ticket]}))
    said = numberone("import page.json").err
    assert said.count("\n") == 1
    assert "metric_sets" in said
    assert "comments or audits" in said
