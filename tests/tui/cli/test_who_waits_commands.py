"""Whoever waits is in the queue: what a person says, what ends it, and what closes by itself."""

import pytest

from tests.tui.command_runs import NOW, CommandLine, Document, line

SOLVED_AT = NOW
DUE = "2026-03-09T22:00:00Z"
"""72 hours later."""
JUST_BEFORE = "2026-03-09T21:59:59Z"
LATER = "2026-03-10T09:00:00Z"


@pytest.fixture
def filled(numberone: CommandLine) -> CommandLine:
    """Give a desk with two tickets that are owed an answer, and one that has it."""
    numberone.take_in({}, {}, {"status": "open", "last_response_at": "2026-03-06T21:00:00Z"})
    return numberone


def shown(numberone: CommandLine, ticket: int, at: str = NOW) -> Document:
    document: Document = numberone.json(f"show {ticket} --at {at}")["ticket"]
    return document


def happened(numberone: CommandLine, ticket: int, at: str = LATER) -> list[tuple[str, str, str]]:
    """Return what happened to a ticket: when, who did it, and what."""
    events = numberone.json(f"show {ticket} --at {at}")["history"]
    return [(event["at"], event["actor"], event["kind"]) for event in events]


def found(numberone: CommandLine, query: str, at: str = NOW) -> list[int]:
    return [each["id"] for each in numberone.json(f"list {query} --at {at}")["tickets"]]


class TestStatus:
    @pytest.mark.parametrize("status", ["pending", "on_hold"])
    def test_who_waits_stays_in_the_queue_until_answered(
        self, filled: CommandLine, status: str
    ) -> None:
        parked = filled.json(f"status 1 {status}")["ticket"]
        assert (parked["status"], parked["owed"]) == (status, True)
        assert isinstance(parked["position"], int)
        assert found(filled, "is:owed") == [1, 2]
        assert found(filled, "") == [1, 2, 3]
        answered = filled.json("reply 1")["ticket"]
        assert (answered["status"], answered["owed"]) == (status, False)
        assert answered["position"] is None
        assert (found(filled, "is:owed"), found(filled, "")) == ([2], [2, 3])

    @pytest.mark.parametrize("status", ["solved", "closed"])
    def test_one_who_waits_is_not_done_with(self, filled: CommandLine, status: str) -> None:
        before = shown(filled, 1)
        assert filled.refused(f"status 1 {status}") == (
            f"#1 cannot be {status} while its customer waits for an answer;"
            " answer it, or say with --unanswered why nobody needs one"
        )
        assert filled.refused(f"status 1 {status} --unanswered ' '")
        assert shown(filled, 1) == before

    @pytest.mark.parametrize("status", ["solved", "closed"])
    def test_unless_somebody_says_why_nobody_needs_an_answer(
        self, filled: CommandLine, status: str
    ) -> None:
        over = filled.json(f"status 1 {status} --unanswered 'spam, again'")["ticket"]
        assert (over["status"], over["owed"], over["position"]) == (status, False, None)
        assert (over["waiting_since"], over["first_response_at"]) == (None, None)
        assert over["solved_at"] == NOW
        event = filled.json("show 1")["history"][-1]
        assert (event["kind"], event["note"]) == ("solved_unanswered", "spam, again")
        assert "spam, again" in filled("show 1").out
        filled("undo")
        assert shown(filled, 1)["owed"] is True

    def test_a_reason_is_refused_where_nobody_waits(self, filled: CommandLine) -> None:
        said = "unanswered: nobody waits for an answer of #3; leave it out"
        assert filled.refused("status 3 solved --unanswered spam") == said
        said = "unanswered: only for solved or closed, and this is pending"
        assert filled.refused("status 1 pending --unanswered spam") == said
        assert shown(filled, 3)["status"] == "open"

    def test_of_several_those_are_asked_about_who_wait(self, filled: CommandLine) -> None:
        assert filled.refused("status 1 3 solved").startswith("#1 cannot be solved while")
        assert shown(filled, 3)["status"] == "open"
        over = filled.json("status 1 3 solved --unanswered 'the same outage'")["tickets"]
        assert [(each["status"], each["owed"]) for each in over] == [("solved", False)] * 2
        assert [happened(filled, number)[-1][2] for number in (1, 3)] == [
            "solved_unanswered", "status_changed",
        ]  # fmt: skip

    def test_a_message_after_that_is_a_first_one_again(self, filled: CommandLine) -> None:
        filled("status 1 solved --unanswered spam --at 2026-03-06T21:00Z")
        again = filled.json("heard 1")["ticket"]
        assert (again["status"], again["waiting_since"], again["owed"]) == ("open", NOW, True)
        assert (again["first_response_at"], again["solved_at"]) == (None, None)
        assert again["respond_by"] == "2026-03-09T02:00:00Z", "eight hours of open time"


class TestClosing:
    @pytest.fixture
    def solved(self, filled: CommandLine) -> CommandLine:
        """Give a desk where the answered ticket was solved at 22:00 on Friday."""
        filled("status 3 solved")
        return filled

    def test_every_reading_says_closed_from_that_instant_on(self, solved: CommandLine) -> None:
        assert shown(solved, 3, JUST_BEFORE)["status"] == "solved"
        assert found(solved, "status:solved --all", JUST_BEFORE) == [3]
        assert found(solved, "status:closed --all", JUST_BEFORE) == []
        for at in (DUE, LATER):
            assert shown(solved, 3, at)["status"] == "closed"
            assert found(solved, "status:solved --all", at) == []
            assert found(solved, "status:closed --all", at) == [3]
            assert "closed" in solved(f"show 3 --at {at}").out
        assert shown(solved, 3, JUST_BEFORE)["status"] == "solved"

    def test_the_next_change_writes_the_event_dated_that_instant(self, solved: CommandLine) -> None:
        refused = solved.refused(f"status 3 open --at {LATER}")
        assert refused == "#3 is closed, which is final; open a new ticket instead"
        assert happened(solved, 3)[-1] == (SOLVED_AT, "mo", "status_changed"), "nothing changed"
        solved(f"heard 3 --at {LATER}")
        told = happened(solved, 3)
        assert told[-2][0] == DUE
        assert told[-2][2] == "closed_by_itself"
        assert told[-2][1] != "mo"
        assert told[-1] == (LATER, "mo", "heard")

    def test_one_that_was_opened_again_does_not_close(self, solved: CommandLine) -> None:
        solved("heard 3 --at 2026-03-08T10:00Z")
        assert shown(solved, 3, LATER)["status"] == "open"
        assert found(solved, "status:closed --all", LATER) == []

    def test_a_file_says_since_when_it_is_solved(self, numberone: CommandLine) -> None:
        answered = {"first_response_at": "2026-03-06T20:30:00Z", "status": "solved"}
        numberone.take_in(
            answered | {"solved_at": "2026-03-06T21:00:00Z"},
            answered | {"received_at": "2026-03-01T20:00:00Z", "solved_at": "2026-03-02T21:00:00Z",
                        "first_response_at": "2026-03-02T20:00:00Z"},
            answered,
        )  # fmt: skip
        assert found(numberone, "status:solved --all") == [1, 3]
        assert found(numberone, "status:closed --all") == [2]
        assert shown(numberone, 1, "2026-03-09T21:00:00Z")["status"] == "closed"
        assert shown(numberone, 3, "2026-03-09T21:59:59Z")["status"] == "solved"
        assert shown(numberone, 3, DUE)["status"] == "closed"

    def test_the_policy_says_how_long(self, solved: CommandLine) -> None:
        policy = solved.folder / "policy.toml"
        policy.write_text('[statuses]\nclose_after = "1h"\n')
        for at, status in (("22:59:59", "solved"), ("23:00:00", "closed")):
            read = solved.json(f"show 3 --at 2026-03-06T{at}Z --policy {policy}")["ticket"]
            assert read["status"] == status


class TestHeard:
    def test_a_message_after_the_close_makes_a_ticket_of_its_own(self, filled: CommandLine) -> None:
        filled("status 3 closed")
        new = filled.json("heard 3")["ticket"]
        assert new["id"] == 4
        assert (new["split_from"], new["status"], new["owed"]) == (3, "new", True)
        assert (new["received_at"], new["waiting_since"]) == (NOW, NOW)
        assert isinstance(new["position"], int)
        closed = shown(filled, 3)
        assert (closed["status"], closed["position"], closed["owed"]) == ("closed", None, False)
        assert filled.refused("reply 3") == "#3 is closed, which is final; it goes on in #4"
        assert "#4" in filled("show 3").out
        assert "#3" in filled("show 4").out
        assert filled.json("heard 3")["ticket"]["id"] == 4, "further messages go there"
        assert filled.json("list --all")["total"] == 4

    def test_so_does_one_to_what_has_closed_by_itself(self, filled: CommandLine) -> None:
        filled("status 3 solved")
        new = filled.json(f"heard 3 --at {LATER}")["ticket"]
        assert (new["split_from"], new["waiting_since"]) == (3, LATER)

    def test_a_message_in_a_merged_one_wakes_the_other(self, filled: CommandLine) -> None:
        filled("reply 2 --status pending")
        filled("merge 3 2")
        woken = filled.json("heard 3")["ticket"]
        assert (woken["id"], woken["status"], woken["waiting_since"]) == (2, "open", NOW)
        merged = shown(filled, 3)
        assert (merged["merged_into"], merged["status"]) == (2, "closed")
        assert (merged["owed"], merged["position"]) == (False, None)

    def test_a_file_does_not_undo_a_merge_or_a_close(self, filled: CommandLine) -> None:
        filled("reply 2 --status pending")
        filled("merge 3 2")
        filled("reply 1 --status closed")
        answered = {"last_response_at": "2026-03-06T21:00:00Z"}
        filled.take_in({"status": "open"}, answered | {"status": "pending"}, answered)
        assert [shown(filled, number)["status"] for number in (1, 2, 3)] == [
            "closed", "pending", "closed",
        ]  # fmt: skip

    def test_a_message_in_a_file_wakes_the_other_and_goes_on_after_a_close(
        self, filled: CommandLine
    ) -> None:
        filled("reply 2 --status pending")
        filled("merge 3 2")
        filled("reply 1 --status closed")
        wrote = {"last_customer_message_at": "2026-03-06T22:30:00Z"}
        file = filled.folder / "later.jsonl"
        answered = {"status": "open", "last_response_at": "2026-03-06T21:00:00Z"}
        file.write_text(f"{line(1, **wrote)}\n{line(3, **answered, **wrote)}\n")
        filled(f"import {file} --at 2026-03-06T23:00:00Z")
        merged, woken = shown(filled, 3), shown(filled, 2)
        assert (merged["merged_into"], merged["status"], merged["owed"]) == (2, "closed", False)
        assert (woken["status"], woken["owed"]) == ("open", True)
        assert woken["waiting_since"] == wrote["last_customer_message_at"]
        (new,) = filled.json("list is:owed --at 2026-03-06T23:00:00Z")["tickets"][1:]
        assert (new["split_from"], new["waiting_since"]) == (1, woken["waiting_since"])
        assert shown(filled, 1)["status"] == "closed"
        assert "2 unchanged" in filled(f"import {file} --at 2026-03-06T23:05:00Z").out


def test_db_check_finds_all_of_it_sound(filled: CommandLine) -> None:
    filled("status 1 pending")
    filled("status 2 solved --unanswered spam")
    filled("status 3 closed")
    filled("heard 3")
    filled("heard 2")
    assert filled.json("db check")["problems"] == []
