"""What a shift looked like, from the command line: in words, for a wiki, for a spreadsheet."""

import csv
import io
import json

import pytest

from connections.files.csv_lines import original
from tests.databases import address_of
from tests.tui.command_runs import NOW, CommandLine

DAY_KEYS = [
    "day", "arrived", "declined", "answered", "solved", "longest_queue", "worst_level",
    "hard_choices_seconds",
]  # fmt: skip


def at(numberone: CommandLine, time: str, typed: str, *more: str) -> None:
    """Type a command at another time than that of all others."""
    numberone.plain(
        ["--db", address_of(numberone.db), "--as", "mo", "--at", time, *typed.split(), *more]
    )


@pytest.fixture
def shift(numberone: CommandLine) -> CommandLine:
    """Give a desk after a shift: three came, two were answered, one was solved."""
    file = numberone.folder / "tickets.jsonl"
    fields = {"subject": "Ticket", "customer": "Acme", "tier": "enterprise"}
    lines = [
        {"external_id": "1", "severity": 1, "received_at": "2026-03-06T14:00:00Z", **fields},
        {"external_id": "2", "severity": 2, "received_at": "2026-03-06T14:30:00Z", **fields},
        {"external_id": "3", "severity": 3, "received_at": "2026-03-06T14:45:00Z",
         **fields, "tier": "presales"},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, lines)))
    at(numberone, "2026-03-06T15:00:00Z", f"import {file}")
    at(numberone, "2026-03-06T15:20:00Z", "take 1")
    at(numberone, "2026-03-06T16:00:00Z", "reply 1 --status pending")
    at(numberone, "2026-03-06T21:00:00Z", "reply 2 --status solved")
    return numberone


def test_the_figures_of_the_last_week(shift: CommandLine) -> None:
    said = [" ".join(line.split()) for line in shift("report").out.splitlines()]
    assert said[0] == "Support report, Fri 27 Feb 2026 22:00 to Fri 6 Mar 2026 22:00 UTC"
    for line in (
        "within contract 100 % (2 of 2)",
        "p1 1 1 100 %",
        "up to the aim 1 50 %",
        "up to 4 × aim 1 50 %",
        "the longest waited 5 h (#2)",
        "Fri 6 Mar 2 1 2 1 2 1 –",
    ):
        assert line in said


def test_json_has_everything(shift: CommandLine) -> None:
    found = shift.json("report --from 2026-03-06 --until 2026-03-06T22:00Z")
    assert (found["from"], found["until"]) == ("2026-03-06T00:00:00Z", NOW)
    assert found["first_responses"]["share"] == 1.0
    assert found["first_responses"]["by_nearness"]["aim"] == 1
    assert found["first_responses"]["longest_seconds"] == 6.5 * 3600
    assert [each["ticket"] for each in found["number_one"]["timeline"]] == [None, 1, 2, None]
    assert found["promises"] == {"made": 0, "due": 0, "kept": 0, "share": None, "meant": 0.9}
    (day,) = found["days"]
    assert list(day) == DAY_KEYS
    assert (day["day"], day["arrived"], day["solved"]) == ("2026-03-06", 2, 1)
    assert shift("report --from 2026-03-06 --format json").json["days"] == found["days"]


def test_a_mode_set_by_hand_is_told_with_by_whom_why_and_until_when(shift: CommandLine) -> None:
    typed = "mode hard_choices --until 2026-03-06T20:00Z --reason"
    at(shift, "2026-03-06T16:00:00Z", typed, "half are ill")
    at(shift, "2026-03-06T18:30:00Z", "mode auto")
    said = [" ".join(line.split()) for line in shift("report --days 1").out.splitlines()]
    assert "set once" in said
    assert ("hard choices mo Fri 6 Mar 16:00 Fri 6 Mar 20:00 Fri 6 Mar 18:30 half are ill") in said
    (held,) = shift.json("report --days 1")["modes_by_hand"]
    assert held == {
        "mode": "hard_choices", "by": "mo", "reason": "half are ill",
        "since": "2026-03-06T16:00:00Z", "until": "2026-03-06T20:00:00Z",
        "ended_at": "2026-03-06T18:30:00Z",
    }  # fmt: skip


def test_markdown_is_whole_and_harmless(shift: CommandLine) -> None:
    shift("mode hard_choices --reason |rows| --until 3h")
    said = shift("report --format markdown").out
    assert said.startswith("# Support report, ")
    assert "\n- within contract: **100 % (2 of 2)**\n" in said
    assert "\n| priority | owed | within contract | share |\n| --- | ---: | ---: | ---: |\n" in said
    for line in said.splitlines():
        assert line.count("|") in {0, 4, 5, 9}


def test_a_spreadsheet_gets_one_figure_a_line(shift: CommandLine) -> None:
    rows = list(csv.DictReader(io.StringIO(shift("report --days 1 --format csv").out)))
    figures = {(row["section"], row["item"], row["figure"]): row["value"] for row in rows}
    assert figures["first_responses", "by_priority/p1", "share"] == "1.0"
    assert figures["days", "2", "solved"] == "1"
    assert figures["until", "", ""] == NOW
    assert all(original(row["value"]) == row["value"] for row in rows)


def test_a_report_is_written_to_a_file_once(shift: CommandLine) -> None:
    file = shift.folder / "week.md"
    assert shift(f"report --format markdown --output {file}").out == f"The report is in {file}.\n"
    first = file.read_bytes()
    assert first.startswith(b"# Support report, ")
    told = shift.refused(f"report --output {file}")
    assert told == f"{file}: exists already; name a new file, or say --force"
    assert file.read_bytes() == first
    shift(f"report --output {file} --force")
    assert file.read_text().splitlines()[2] == "First responses"
    missing = shift.folder / "none" / "week.md"
    assert "cannot be written" in shift.refused(f"report --output {missing}")
    assert sorted(each.name for each in shift.folder.iterdir() if "week" in each.name) == [
        "week.md"
    ]


def test_nothing_happened_is_said(numberone: CommandLine) -> None:
    said = numberone("report --days 28").out
    assert said.endswith(
        "\nNothing happened in this time: no ticket came, and none was answered or solved.\n"
    )
    assert "Nothing happened" in numberone("report --format markdown").out


def test_a_time_must_lie_before_another(shift: CommandLine) -> None:
    assert "expected a time before the end and now" in shift.refused(
        "report --from 2026-03-06 --until 2026-03-05"
    )
    assert shift.refused("report --from yesterday").startswith("--from: ")
    said = shift("report --from 2026-03-06 --days 2", code=2).err
    assert "--from and --days exclude each other." in said
    assert shift("report --days 0", code=2).err


def test_times_of_the_past_are_typed_as_they_are_said(shift: CommandLine) -> None:
    found = shift.json("report --from 2h --until 30m")
    assert (found["from"], found["until"]) == ("2026-03-06T20:00:00Z", "2026-03-06T21:30:00Z")
    assert found["first_responses"]["count"] == 1


def test_a_report_over_the_time_before_an_import_goes_by_the_sources_times(
    numberone: CommandLine,
) -> None:
    came = {"tier": "team", "severity": 1, "received_at": "2026-02-03T09:00:00Z"}
    late = {"first_response_at": "2026-02-05T09:00:00Z", "status": "solved"}
    numberone.take_in(came, came | late, came | late | {"first_response_at": "2026-02-03T09:30Z"})
    found = numberone.json("report --from 2026-02-01 --until 2026-02-10")
    given = found["first_responses"]
    assert (given["count"], given["within_contract"], given["overdue"]) == (2, 1, 1)
    assert [each["longest_queue"] for each in found["days"]] == [0, 0, 3, 2, 2, 1, 1, 1, 1]
    assert (
        numberone.json("report --from 2026-02-03 --until 2026-02-05")["first_responses"]["overdue"]
        == 2
    )
    assert found["history_since"] == NOW
    unknown = (
        found["number_one"]["changes"], found["promises"]["made"], found["hard_choices_seconds"],
        found["days"][0]["worst_level"],
    )  # fmt: skip
    assert unknown == (None,) * 4
    said = [
        " ".join(line.split())
        for line in numberone("report --from 2026-02-01 --until 2026-02-10").out.splitlines()
    ]
    place = said.index("What only the history knows")
    assert said[place + 1] == "the history begins Fri 6 Mar 22:00"
    assert not {"Number one", "Put first by a person"} & set(said)
    assert "Tue 3 Feb 3 0 1 0 3 – –" in said
    later = numberone.json("report --from 2026-02-10 --at 2026-03-06T23:00Z")
    assert (later["number_one"]["changes"], later["history_since"]) == (1, NOW)
    assert later["days"][0]["longest_queue"] == 1


def test_a_desk_whose_history_is_whole_says_nothing_of_it(numberone: CommandLine) -> None:
    numberone.take_in({"received_at": NOW})
    assert numberone.json("report --from 1d --at 2026-03-06T23:00Z")["history_since"] is None
