"""Several tickets at once, merging, splitting and the note of a shift on the command line."""

from pathlib import Path

from tests.tui.command_runs import CommandLine

HOSTILE = "[/] **bold** <b>\x1b[31m # [link](https://example.com)"
SIX = "2026-03-06T18:00:00Z"


def taken_in(numberone: CommandLine) -> None:
    numberone.take_in(
        {"body": "It began\nthis morning.", "requester_name": "Eve"},
        {"severity": 1, "subject": HOSTILE, "url": "https://desk.example.com/2"},
        {"customer": "Globex", "received_at": SIX},
        {"status": "closed", "first_response_at": "2026-03-06T20:30:00Z"},
    )


def test_several_tickets_at_once_are_all_changed_or_none(numberone: CommandLine) -> None:
    taken_in(numberone)
    both = numberone.json("assign 1 2 jo")
    assert [(each["id"], each["assignee"]) for each in both["tickets"]] == [(1, "jo"), (2, "jo")]
    assert numberone.json("assign 3 jo")["ticket"]["assignee"] == "jo"
    assert numberone.json("assign 3 --nobody")["ticket"]["assignee"] is None
    assert numberone("take 3").out.count("mo has it.") == 1
    assert numberone.refused("take 1 3").startswith("#1 is jo's already")
    assert numberone.refused("status 1 4 pending").startswith("#4 is closed")
    assert numberone.json("show 1")["ticket"]["status"] == "new"
    said = numberone("status 1 2 pending").out
    assert said.count("It is pending, number ") == 2, "who waits stays in the queue"
    numberone("reply 1")
    numberone("reply 2")
    said = numberone("status 1 2 on-hold").out
    assert said.count("It is on hold, not in the queue.") == 2
    assert "Say an ID" in numberone("assign jo", code=2).err
    assert "Missing argument" in numberone("status pending", code=2).err


def test_a_duplicate_is_merged(numberone: CommandLine) -> None:
    taken_in(numberone)
    merged = numberone.json("merge 1 2")
    assert (merged["ticket"]["id"], merged["ticket"]["status"]) == (1, "closed")
    assert (merged["into"]["id"], merged["into"]["position"]) == (2, 1)
    assert list(merged) == ["ticket", "into"]
    assert "merged it into #2" in numberone("show 1").out
    assert "mo merged #1 into it" in numberone("show 2").out
    assert numberone.refused("merge 1 2") == "#1 was merged into #2 already"
    assert "what one customer wrote is not for another" in numberone.refused("merge 2 3")


def test_a_mixed_ticket_is_split(numberone: CommandLine) -> None:
    taken_in(numberone)
    split = numberone.json("split 1", "--subject", HOSTILE, "--severity", "1", "--body", "Too.")
    assert list(split) == ["ticket", "from"]
    new = split["ticket"]
    assert (new["subject"], new["severity"], new["priority"]) == (HOSTILE, 1, "p1")
    assert (new["customer"], new["received_at"]) == ("Acme", "2026-03-06T20:00:00Z")
    assert split["from"]["id"] == 1
    said = numberone("split 1 --subject Part").out
    assert "It is split off from #1. It is new, number" in said
    assert numberone.refused("split 4 --subject Part").startswith("#4 is closed")
    assert numberone.refused("split 1", "--subject", " ").startswith("subject: ")


def test_the_note_of_a_shift(numberone: CommandLine, tmp_path: Path) -> None:
    taken_in(numberone)
    numberone("take 1 2")
    numberone("reply 1 --status pending")
    note = numberone("handover-note").out
    assert note == EXPECTED
    assert "\x1b" not in note
    document = numberone.json("handover-note --of mo")
    assert [each["standing"] for each in document["tickets"]] == ["queue", "pending"]
    assert document["tickets"][0]["next"] == {
        "what": "Send the first response, a thoughtful one: “we are on it” does not count.",
        "whose": "ours",
        "by": "2026-03-07T00:00:00Z",
    }
    assert document["timer"] is None
    file = tmp_path / "note.md"
    assert numberone("handover-note --output note.md").out == "The note is in note.md.\n"
    assert file.read_text(encoding="utf-8") == note
    file.write_text("mine", encoding="utf-8")
    assert "exists already" in numberone.refused("handover-note --output note.md")
    assert file.read_text(encoding="utf-8") == "mine"
    numberone("handover-note --output note.md --overwrite")
    assert file.read_text(encoding="utf-8") == note
    assert "cannot be written" in numberone.refused("handover-note --output nowhere/note.md")
    assert "No ticket is theirs" in numberone("handover-note --of jo").out


EXPECTED = r"""# Hand-over: mo

Fri 6 Mar 2026, 22:00 (UTC) · 2 in the queue · level 1 · normal

**Number one:** \#2 · p1 · Acme (Enterprise) · {hostile}; mo has it. {why}

## In the queue: the next step is ours (1)

### \#2 · p1 · Acme (Enterprise) · {hostile}

- Stands: {stands}; respond by Sat 00:00, in 2 h
- Last:
  - 22:00 mo took it
  - 22:00 mo took it in from import as p1
- Next (ours; by Sat 00:00, in 2 h): Send the first response, {thoughtful}
- Link: <https://desk.example.com/2>

## Pending: the next step is the customer's (1)

### \#1 · p2 · Acme (Enterprise) · Ticket 1

- Stands: pending; the customer has our answer
- About: It began this morning.
- Last:
  - 22:00 mo answered the customer; now pending
  - 22:00 mo took it
  - 22:00 mo took it in from import as p2
- Next (the customer's): Nothing: the next step is the customer's.
""".format(
    hostile=r"\[/\] \*\*bold\*\* \<b\>␛\[31m \# \[link\](https\://example\.com)",
    why=r"The only p1 in the queue; \#3 behind it is p2.",
    stands="new, number 1 in the queue; the customer waits since 20:00",
    thoughtful="a thoughtful one: “we are on it” does not count.",
)


def test_undo_and_redo_say_which_ticket_was_merged_into_which(numberone: CommandLine) -> None:
    taken_in(numberone)
    numberone("merge 1 2")
    said = "merged #1 into #2, where the customer is answered."
    assert numberone("undo").out == f"Took back: {said}\n"
    assert numberone("redo").out == f"Did again: {said}\n"
    assert numberone("undo").out == f"Took back: {said}\n"
    told = [line.split("mo ", 1)[1] for line in numberone("history --ticket 2").out.splitlines()]
    assert told[-3:] == [
        "took back: merged another ticket into it",
        "did again: merged another ticket into it",
        "took back: merged another ticket into it",
    ]
    numberone("split 1 --subject Part")
    assert numberone("undo").out == "Took back: split #5 off from #1.\n"
    assert numberone("redo").out == "Did again: split #5 off from #1.\n"
