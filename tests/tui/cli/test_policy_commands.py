"""The policy at the command line: shown, checked, compared, asked for deadlines, and adopted."""

import tomllib
from collections.abc import Sequence

import pytest

from policy.rulebook.rulebook import describe, handbook
from tests.tui.cli.test_shift_journeys import TICKET_KEYS
from tests.tui.command_runs import CommandLine

QUESTIONS_FIRST = """
[[intake]]
when = { severity = [3] }
assign = "p0"
because = "Questions are what we are here for."
[[intake]]
when = { }
assign = "p3"
because = "All else waits."
"""


@pytest.fixture
def numberone_with_policies(numberone: CommandLine) -> CommandLine:
    """Give the command line with a good policy file and a bad one."""
    (numberone.folder / "ours.toml").write_text(QUESTIONS_FIRST)
    (numberone.folder / "bad.toml").write_text('x = 1\n[response]\np0 = "two"\n')
    return numberone


class TestShow:
    def test_as_a_policy_file_that_says_the_same(self, numberone: CommandLine) -> None:
        shown = numberone("policy show").out
        assert tomllib.loads(shown) == describe(handbook())
        (numberone.folder / "shown.toml").write_text(shown, encoding="utf-8")
        assert numberone("policy check shown.toml").out == "shown.toml: nothing is wrong with it.\n"

    def test_as_json(self, numberone: CommandLine) -> None:
        assert numberone.json("policy show") == describe(handbook())

    def test_of_a_file_over_the_handbook(self, numberone_with_policies: CommandLine) -> None:
        shown = numberone_with_policies.json("policy show --policy ours.toml")
        assert [rule["assign"] for rule in shown["intake"]] == ["p0", "p3"]
        assert shown["response"] == describe(handbook())["response"]

    def test_it_makes_no_database(self, numberone: CommandLine) -> None:
        numberone("policy show")
        assert not numberone.db.exists()


class TestCheck:
    def test_all_problems_a_line_each(self, numberone_with_policies: CommandLine) -> None:
        ran = numberone_with_policies("policy check bad.toml", code=1)
        assert not ran.out
        lines = sorted(ran.err.splitlines())
        assert len(lines) == 2
        assert lines[0].startswith("numberone: bad.toml: response.p0: expected a length of time")
        assert lines[1].startswith("numberone: bad.toml: x: expected calendar, calendars, tiers")

    def test_as_json(self, numberone_with_policies: CommandLine) -> None:
        assert numberone_with_policies.json("policy check ours.toml") == {
            "problems": [], "warnings": [],
        }  # fmt: skip
        bad = numberone_with_policies("policy check bad.toml --json", code=1)
        assert len(bad.json["problems"]) == 2

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"a" * 1_100_000, b"= 1"])
    def test_what_is_no_policy_at_all(self, numberone: CommandLine, content: bytes) -> None:
        (numberone.folder / "odd.toml").write_bytes(content)
        assert numberone.refused("policy check odd.toml").startswith("odd.toml: ")

    @pytest.mark.parametrize("file", ["nowhere.toml", ".", "/dev/zero"])
    def test_what_is_no_file(self, numberone: CommandLine, file: str) -> None:
        assert numberone.refused(f"policy check {file}").startswith(f"{file}: ")


class TestDifference:
    def test_in_json(self, numberone_with_policies: CommandLine) -> None:
        numberone = numberone_with_policies
        numberone.take_in({"severity": 0}, {"severity": 3}, {"tier": "presales", "severity": 3})
        document = numberone.json("policy diff ours.toml")
        assert list(document) == [
            "keys", "warnings", "number_one_before", "number_one_after", "total", "answers",
            "late", "late_no_longer", "moves",
        ]  # fmt: skip
        before, after = document["number_one_before"], document["number_one_after"]
        assert list(before) == list(after) == TICKET_KEYS
        assert (before["id"], before["priority"]) == (1, "p0")
        assert (after["id"], after["priority"]) == (2, "p0")
        assert document["total"] == 3
        moves = document["moves"]
        assert all(list(each) == ["ticket", "before", "after", "why"] for each in moves)
        assert [(each["ticket"]["id"], each["before"], each["after"]) for each in moves] == [
            (2, 2, 1), (3, None, 2), (1, 1, 3),
        ]  # fmt: skip
        assert moves[2]["why"] == "It would be p3 instead of p0: All else waits."

    def test_in_words(self, numberone_with_policies: CommandLine) -> None:
        numberone = numberone_with_policies
        numberone.take_in({"severity": 0}, {"severity": 3}, {"tier": "presales", "severity": 3})
        lines = numberone("policy diff ours.toml").out.splitlines()
        assert lines[0].split("  ")[0] == "intake rule 1, when.tier"
        lines = lines[next(n for n, line in enumerate(lines) if line.startswith("Number one")) :]
        assert lines[:5] == [
            "Number one now  #1  p0  Enterprise  Acme · Ticket 1",
            "it would be     #2  p0  Enterprise  Acme · Ticket 2",
            "#2    2  →  1  up 1      It would be p0 instead of p3:"
            " Questions are what we are here for.",
            "#3  out  →  2  comes in  It would be admitted as p0: Questions are what we are here"
            " for.",
            "#1    1  →  3  down 2    It would be p3 instead of p0: All else waits.",
        ]
        assert lines[5:] == ["3 would move; 3 would be in the queue."]

    def test_nothing_is_adopted(self, numberone_with_policies: CommandLine) -> None:
        numberone = numberone_with_policies
        numberone.take_in({"severity": 0}, {"severity": 3})
        numberone("policy diff ours.toml")
        numberone("policy diff ours.toml --policy ours.toml")
        numberone("policy show --policy ours.toml")
        assert numberone.json("policy show") == describe(handbook())
        assert numberone.json("next")["number_one"]["id"] == 1

    def test_of_an_empty_queue_and_of_what_moves_nothing(
        self, numberone_with_policies: CommandLine
    ) -> None:
        numberone = numberone_with_policies
        (numberone.folder / "same.toml").write_text("")
        document = numberone.json("policy diff same.toml")
        assert document.pop("answers")["would_break"] == []
        assert document == {
            "keys": [], "warnings": [], "number_one_before": None, "number_one_after": None,
            "total": 0, "late": [], "late_no_longer": [], "moves": [],
        }  # fmt: skip
        assert "nobody: the queue is empty" in numberone("policy diff ours.toml").out
        numberone.take_in({"severity": 0})
        said = numberone("policy diff same.toml").out
        assert said.startswith(
            "It says the same as the policy in force.\nThe number one stays  #1  p0"
        )
        assert said.endswith("None of 1 would move.\n")

    def test_which_keys_differ_and_what_becomes_late_or_is_late_no_longer(
        self, numberone: CommandLine
    ) -> None:
        numberone.take_in(
            {"severity": 1, "received_at": "2026-03-06T20:00:00Z"},
            {"severity": 0, "received_at": "2026-03-06T19:00:00Z"},
        )
        (numberone.folder / "ours.toml").write_text('[response]\np0 = "4h"\np1 = "90m"\n')
        document = numberone.json("policy diff ours.toml")
        assert document["keys"] == [
            {"key": "response.p0", "before": "2h", "after": "4h"},
            {"key": "response.p1", "before": "4h", "after": "90m"},
        ]
        (late,), (no_longer,) = document["late"], document["late_no_longer"]
        assert (late["ticket"]["id"], late["respond_by_before"], late["respond_by_after"]) == (
            1, "2026-03-07T00:00:00Z", "2026-03-06T21:30:00Z",
        )  # fmt: skip
        assert (no_longer["ticket"]["id"], no_longer["ticket"]["position"]) == (2, 1)
        assert list(no_longer) == ["ticket", "respond_by_before", "respond_by_after"]
        lines = numberone("policy diff ours.toml").out.splitlines()
        assert lines[:2] == ['response.p0  "2h"  →  "4h"', 'response.p1  "4h"  →  "90m"']
        assert lines[-4:] == [
            "1 would be late:",
            "#1  respond by Sat 00:00, in 2 h  →  respond by 21:30, 30 m late  Acme · Ticket 1",
            "1 would be late no longer:",
            "#2  respond by 21:00, 1 h late  →  respond by 23:00, in 1 h  Acme · Ticket 2",
        ]
        then = numberone("policy diff ours.toml --at 2026-03-06T20:30Z").out
        assert "late" not in then

    def test_with_a_past_time_it_is_the_queue_of_that_time(self, numberone: CommandLine) -> None:
        numberone.take_in({"severity": 0}, {"severity": 1})
        numberone("reply 1 --at 2026-03-06T23:00Z")
        (numberone.folder / "ours.toml").write_text('[response]\np0 = "3h"\n')
        later = numberone.json("policy diff ours.toml --at 2026-03-07T02:00Z")
        assert later["late_no_longer"] == []
        then = numberone.json("policy diff ours.toml --at 2026-03-06T22:30Z")
        assert [each["ticket"]["id"] for each in then["late_no_longer"]] == [1]

    def test_what_a_day_means_in_a_short_calendar_is_told(self, numberone: CommandLine) -> None:
        said = (
            "response.p3 is 48 h of open time (a day counts as 24 h of it); the calendar is open"
            " 8 h a day, so that is 6 working days."
        )
        (numberone.folder / "office.toml").write_text(
            OFFICE.format(zone="UTC", hours='["Mon-Fri 09:00-17:00"]') + '[response]\np3 = "2d"\n'
        )
        assert numberone("policy check office.toml").out.splitlines() == [
            f"Mind: {said}",
            "office.toml: nothing is wrong with it.",
        ]
        assert numberone.json("policy check office.toml")["warnings"] == [said]
        assert f"Mind: {said}\n" in numberone("policy diff office.toml").out
        assert numberone.json("policy diff office.toml")["warnings"] == [said]
        assert numberone("next --policy office.toml").err == f"numberone: mind: {said}\n"
        assert not numberone("next --policy office.toml").err  # it is in force already

    def test_a_wrong_file_is_refused(self, numberone_with_policies: CommandLine) -> None:
        assert "(and 1 more)" in numberone_with_policies.refused("policy diff bad.toml")


OFFICE = """
[calendar]
timezone = "{zone}"
open = {hours}
holidays = ["2026-12-25"]
"""


class TestDue:
    def due(
        self, numberone: CommandLine, priority: str, received: str, *more: str
    ) -> tuple[str, str]:
        typed = f"policy due --priority {priority} --received {received}"
        document = numberone.json(typed, *more)
        assert list(document) == ["priority", "contract", "respond_by", "aim_by", "targets"]
        assert document["targets"]["first_response"] == document["respond_by"]
        return document["respond_by"], document["aim_by"]

    @pytest.mark.parametrize(
        ("priority", "received", "respond_by", "aim_by"),
        [
            # No contract time runs from Friday 17:00 to Sunday 14:00 in Los Angeles, where the
            # clocks change on that Sunday: from 2026-03-07T01:00Z to 2026-03-08T21:00Z.
            ("p0", "2026-03-06T22:00Z", "2026-03-07T00:00:00Z", "2026-03-07T00:00:00Z"),
            ("p1", "2026-03-06T22:00Z", "2026-03-08T22:00:00Z", "2026-03-07T00:00:00Z"),
            ("p2", "2026-03-06T16:00-08:00", "2026-03-09T04:00:00Z", "2026-03-08T22:00:00Z"),
            ("p3", "2026-03-04T12:00Z", "2026-03-06T12:00:00Z", "2026-03-04T14:00:00Z"),
            ("p0", "2026-03-06T23:00Z", "2026-03-07T01:00:00Z", "2026-03-07T01:00:00Z"),
        ],
    )
    def test_by_the_handbook(
        self, numberone: CommandLine, *, priority: str, received: str, respond_by: str, aim_by: str
    ) -> None:
        assert self.due(numberone, priority, received) == (respond_by, aim_by)
        assert not numberone.db.exists()

    @pytest.mark.parametrize(
        ("zone", "hours", "received", "respond_by"),
        [
            # 2 hours for a p0, over: a weekend, a holiday, lunch, midnight, both clock changes
            ("UTC", ["Mon-Fri 09:00-17:00"], "2026-03-06T16:00Z", "2026-03-09T10:00:00Z"),
            ("UTC", ["Mon-Fri 09:00-17:00"], "2026-12-24T16:00Z", "2026-12-28T10:00:00Z"),
            ("UTC", ["Mon-Fri 09:00-12:00", "Mon-Fri 13:00-17:00"], "2026-03-06T11:30Z",
             "2026-03-06T14:30:00Z"),
            ("UTC", ["Mon-Fri 18:00-02:00"], "2026-03-07T01:00Z", "2026-03-09T19:00:00Z"),
            ("Europe/Berlin", ["Mon-Sun 00:00-24:00"], "2026-03-29T00:30+01:00",
             "2026-03-29T01:30:00Z"),
            ("Europe/Berlin", ["Mon-Sun 01:00-04:00"], "2026-03-29T00:30+01:00",
             "2026-03-29T02:00:00Z"),
            ("Europe/Berlin", ["Mon-Sun 01:00-04:00"], "2026-10-25T00:30+02:00",
             "2026-10-25T01:00:00Z"),
            ("America/New_York", ["Mon-Sun 01:00-04:00"], "2026-03-08T00:00-05:00",
             "2026-03-08T08:00:00Z"),
            ("America/New_York", ["Mon-Sun 01:00-04:00"], "2026-11-01T00:00-04:00",
             "2026-11-01T07:00:00Z"),
            ("Australia/Lord_Howe", ["Mon-Sun 01:00-05:00"], "2026-04-05T00:30+11:00",
             "2026-04-04T16:00:00Z"),
            ("Australia/Lord_Howe", ["Mon-Sun 01:00-05:00"], "2026-10-04T00:30+10:30",
             "2026-10-03T16:30:00Z"),
        ],
    )  # fmt: skip
    def test_by_a_file(
        self,
        numberone: CommandLine,
        *,
        zone: str,
        hours: Sequence[str],
        received: str,
        respond_by: str,
    ) -> None:
        listed = "[" + ", ".join(f'"{span}"' for span in hours) + "]"
        (numberone.folder / "office.toml").write_text(OFFICE.format(zone=zone, hours=listed))
        found = self.due(numberone, "p0", received, "--policy", "office.toml")
        assert found == (respond_by, respond_by)
        assert not numberone.db.exists()

    def test_by_the_databases_policy_once_it_has_one(self, numberone: CommandLine) -> None:
        (numberone.folder / "quick.toml").write_text('[response]\np3 = "1h"\n')
        numberone("next --policy quick.toml")
        assert self.due(numberone, "p3", "2026-03-04T12:00Z")[0] == "2026-03-04T13:00:00Z"
        (numberone.folder / "slow.toml").write_text('[response]\np3 = "3h"\n')
        slow = self.due(numberone, "p3", "2026-03-04T12:00Z", "--policy", "slow.toml")
        assert slow[0] == "2026-03-04T15:00:00Z"
        assert self.due(numberone, "p3", "2026-03-04T12:00Z")[0] == "2026-03-04T13:00:00Z"

    def test_in_words(self, numberone: CommandLine) -> None:
        assert numberone("policy due --priority p0 --received 2026-03-04T12:00").out == (
            "respond by  Wed 4 Mar 2026 14:00:00 UTC  2026-03-04T14:00:00Z\n"
            "we aim for  Wed 4 Mar 2026 14:00:00 UTC  2026-03-04T14:00:00Z\n"
        )

    def test_what_is_refused(self, numberone: CommandLine) -> None:
        refused = numberone.refused("policy due --priority p0 --received lately")
        assert refused.startswith("--received: expected a time such as")
        assert "years" in numberone.refused("policy due --priority p0 --received 9999-01-01T00:00Z")
        numberone("policy due --priority p0", code=2)
        numberone("policy due --priority p9 --received 3h", code=2)


class TestAdoption:
    def test_the_policy_belongs_to_the_database(self, numberone_with_policies: CommandLine) -> None:
        numberone = numberone_with_policies
        numberone.take_in({"severity": 0}, {"severity": 3})
        assert numberone.json("next --policy ours.toml")["number_one"]["id"] == 2
        assert numberone.json("next")["number_one"]["id"] == 2
        (numberone.folder / "handbook.toml").write_text("")
        assert numberone.json("--policy handbook.toml next")["number_one"]["id"] == 1

    def test_by_the_environment(
        self, numberone_with_policies: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numberone = numberone_with_policies
        numberone.take_in({"severity": 0}, {"severity": 3})
        monkeypatch.setenv("NUMBERONE_POLICY", "ours.toml")
        assert numberone.json("next")["number_one"]["id"] == 2
        monkeypatch.setenv("NUMBERONE_POLICY", "bad.toml")
        assert numberone.json("next --policy ours.toml")["number_one"]["id"] == 2
        assert numberone.refused("next").startswith("bad.toml: response.p0: expected a length")

    def test_a_wrong_file_changes_nothing(self, numberone_with_policies: CommandLine) -> None:
        numberone = numberone_with_policies
        assert numberone.refused("next --policy bad.toml").endswith('not "two" (and 1 more)')
        assert numberone.refused("next --policy nowhere.toml").startswith("nowhere.toml: ")
        assert not numberone.db.exists()
