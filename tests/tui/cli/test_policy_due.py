"""Until when what is due, at the command line, and the book of policies to start from."""

import pytest

from tests.tui.command_runs import CommandLine

CONTRACT = """
[tiers]
order = ["gold", "silver"]
[severities]
order = [1, 2]
[priorities]
order = ["P1", "P2"]
[facts]
kind = ["incident", "request"]
paged = "flag"
[calendars.always]
timezone = "UTC"
open = ["Mon-Sun 00:00-24:00"]
[calendars.office]
timezone = "customer"
otherwise = "Europe/Berlin"
open = ["Mon-Fri 09:00-17:00"]
[clock]
stops_in = ["pending"]
[[intake]]
when = { kind = ["request"], severity = [2] }
decline = "Requests go to the portal."
because = "It is a request, and a small one."
[[intake]]
when = { severity = [1] }
assign = "P1"
because = "It is of severity 1."
[[intake]]
when = {}
assign = "P2"
because = "It is all else."
[[contract]]
when = { tier = ["gold"], priority = ["P1"] }
calendar = "always"
first_response = "1h"
update = "2h"
resolution = "1d"
[[contract]]
when = { tier = ["gold"] }
calendar = "office"
first_response = "1bd"
next_reply = "4h"
[[contract]]
when = {}
first_response = "none"
"""
WEDNESDAY = "--received 2026-03-04T10:00Z"


@pytest.fixture
def numberone_by_contract(numberone: CommandLine) -> CommandLine:
    """Give the command line with a policy that has a contract, adopted by its database."""
    (numberone.folder / "contract.toml").write_text(CONTRACT)
    numberone("next --policy contract.toml")
    return numberone


class TestDue:
    def test_intake_decides_the_priority(self, numberone_by_contract: CommandLine) -> None:
        due = numberone_by_contract.json(f"policy due {WEDNESDAY} --tier gold --severity 1")
        assert due == {
            "priority": "P1",
            "contract": {"row": 1, "calendars": ["always"]},
            "respond_by": "2026-03-04T11:00:00Z",
            "aim_by": "2026-03-04T12:00:00Z",
            "targets": {
                "first_response": "2026-03-04T11:00:00Z",
                "next_reply": "2026-03-04T14:00:00Z",
                "update": "2026-03-04T12:00:00Z",
                "resolution": "2026-03-05T10:00:00Z",
                "not_before": None,
            },
        }

    def test_by_a_file_without_a_database(self, numberone: CommandLine) -> None:
        (numberone.folder / "contract.toml").write_text(CONTRACT)
        typed = f"policy due {WEDNESDAY} --priority p2 --tier gold --zone Asia/Tokyo"
        due = numberone.json(f"--policy contract.toml {typed}")
        assert due["respond_by"] == "2026-03-05T08:00:00Z"
        assert not numberone.db.exists()

    def test_by_a_name_of_the_book(self, numberone: CommandLine) -> None:
        typed = "policy due --received 2026-03-07T09:00Z --tier priority --severity emergency"
        assert numberone.json(f"--policy gitlab {typed}")["respond_by"] == "2026-03-07T09:30:00Z"

    def test_a_file_comes_before_the_book(self, numberone: CommandLine) -> None:
        (numberone.folder / "gitlab").write_text('[response]\np0 = "7h"\n')
        due = numberone.json(f"--policy gitlab policy due {WEDNESDAY} --priority p0")
        assert due["respond_by"] == "2026-03-04T17:00:00Z"

    def test_the_status_says_which_answer_is_due(self, numberone_by_contract: CommandLine) -> None:
        typed = f"policy due {WEDNESDAY} --tier gold --priority P1 --status"
        due = {
            status: numberone_by_contract.json(f"{typed} {status}")["respond_by"]
            for status in ("new", "open", "pending", "on_hold", "solved")
        }
        assert due == {
            "new": "2026-03-04T11:00:00Z",
            "open": "2026-03-04T12:00:00Z",
            "pending": None,
            "on_hold": "2026-03-04T12:00:00Z",
            "solved": None,
        }

    def test_pauses(self, numberone_by_contract: CommandLine) -> None:
        due = numberone_by_contract.json(
            f"policy due {WEDNESDAY} --tier gold --priority P1"
            " --paused 2026-03-04T11:00Z..2026-03-04T11:30Z"
            " --paused 2026-03-04T12:00Z..2026-03-04T12:10Z"
        )
        assert due["targets"]["update"] == "2026-03-04T12:40:00Z"
        assert due["targets"]["resolution"] == "2026-03-05T10:40:00Z"
        assert due["targets"]["first_response"] == "2026-03-04T11:00:00Z"

    def test_what_is_declined_has_nothing_due(self, numberone_by_contract: CommandLine) -> None:
        typed = f"policy due {WEDNESDAY} --tier gold --severity 2 --fact kind=request"
        due = numberone_by_contract.json(typed)
        assert (due["priority"], due["contract"], due["respond_by"]) == (None, None, None)
        assert set(due["targets"].values()) == {None}
        assert numberone_by_contract(typed).out == (
            "priority    declined  It is a request, and a small one.\n"
        )

    def test_in_words(self, numberone_by_contract: CommandLine) -> None:
        shown = numberone_by_contract(f"policy due {WEDNESDAY} --tier gold --severity 1")
        assert shown.out == (
            "priority    P1  It is of severity 1.\n"
            "contract    row 1, always\n"
            "respond by  Wed 4 Mar 2026 11:00:00 UTC  2026-03-04T11:00:00Z\n"
            "we aim for  Wed 4 Mar 2026 12:00:00 UTC  2026-03-04T12:00:00Z\n"
            "next reply  Wed 4 Mar 2026 14:00:00 UTC  2026-03-04T14:00:00Z\n"
            "update      Wed 4 Mar 2026 12:00:00 UTC  2026-03-04T12:00:00Z\n"
            "resolution  Thu 5 Mar 2026 10:00:00 UTC  2026-03-05T10:00:00Z\n"
        )

    @pytest.mark.parametrize(
        ("typed", "reason"),
        [
            ("--fact kind", '--fact: expected NAME=VALUE, not "kind"'),
            ("--fact kind=incidents",
             '--fact: kind: "incidents"; expected incident or request; did you mean incident?'),
            ("--fact knd=incident",
             '--fact: "knd": expected a fact, kind or paged; did you mean kind?'),
            ("--zone Mars",
             '--zone: expected a time zone such as Europe/Berlin or UTC, not "Mars"'),
            ("--paused 10:00", '--paused: expected FROM..UNTIL, not "10:00"'),
            ("--paused 2026-03-04T11:00Z..2026-03-04T10:00Z",
             "--paused: expected an end that is not before its start, not"
             ' "2026-03-04T11:00Z..2026-03-04T10:00Z"'),
        ],
    )  # fmt: skip
    def test_what_is_refused(
        self, numberone_by_contract: CommandLine, *, typed: str, reason: str
    ) -> None:
        whole = f"policy due {WEDNESDAY} --priority P1 {typed}"
        assert numberone_by_contract.refused(whole) == reason

    def test_what_intake_needs_is_asked_for(self, numberone_by_contract: CommandLine) -> None:
        lacking = numberone_by_contract(f"policy due {WEDNESDAY} --tier gold", code=2)
        assert "Missing option '--severity'" in lacking.err


class TestBook:
    def test_a_line_for_each(self, numberone: CommandLine) -> None:
        policies = numberone.json("policy book")["policies"]
        assert len(policies) == 12
        lines = numberone("policy book").out.splitlines()
        assert len(lines) == 12
        for policy, line in zip(policies, lines, strict=True):
            assert line.split(maxsplit=1)[0] == policy["name"]
            assert policy["about"].startswith(line.split(maxsplit=1)[1].removesuffix("…"))

    def test_one_is_printed_as_it_is(self, numberone: CommandLine) -> None:
        printed = numberone("policy book redhat").out
        (numberone.folder / "ours.toml").write_text(printed, encoding="utf-8")
        assert numberone("policy check ours.toml").out == "ours.toml: nothing is wrong with it.\n"
        assert numberone.json("policy book redhat") == {"name": "redhat", "text": printed}

    def test_another_name_is_refused(self, numberone: CommandLine) -> None:
        assert numberone.refused("policy book redhad").endswith("did you mean redhat?")
