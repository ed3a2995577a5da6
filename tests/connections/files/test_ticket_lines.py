"""Several lines of an event log that become one ticket: the first, the last, those that say so."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connections.files.import_report import ImportReport
from connections.files.importing import import_file
from tests.connections.recording_desk import RecordingDesk

MAPPING = """
[columns]
external_id = "id"
subject = "title"
received_at = "opened"
status = "state"
assignee = "agent"
first_response_at = "at"
solved_at = "at"
[values.status]
New = "new"
Active = "open"
Asked = "pending"
Done = "solved"
[constants]
customer = "Acme"
tier = "team"
severity = 2
subject = "nothing said"
[when.first_response_at]
state = ["Asked", "Done"]
[when.solved_at]
state = "Done"
[lines]
ticket = "id"
"""
HEADINGS = "id,n,at,title,opened,state,agent"
EVENTS = [
    "a,1,2026-03-01T10:00Z,,2026-03-01T09:00Z,New,",
    "a,2,2026-03-01T11:00Z,Down,2026-03-01T09:30Z,Active,mo",
    "a,3,2026-03-01T12:00Z,Down!,2026-03-01T09:30Z,Asked,mo",
    "a,10,2026-03-01T13:00Z,Down!!,2026-03-01T09:30Z,Active,kim",
    "b,1,2026-03-02T10:00Z,Up,2026-03-02T09:00Z,New,mo",
    "b,2,2026-03-02T11:00Z,Up,2026-03-02T09:00Z,Done,",
]


def imported(
    tmp_path: Path, rows: Sequence[str], lines: str, mapping: str = MAPPING
) -> tuple[RecordingDesk, ImportReport]:
    (tmp_path / "log.csv").write_text("\n".join([HEADINGS, *rows, ""]))
    (tmp_path / "log.toml").write_text(mapping + lines)
    desk = RecordingDesk()
    report = import_file(desk, tmp_path / "log.csv", mapping=str(tmp_path / "log.toml"))
    return desk, report


def at(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.mark.parametrize("order", ["n", "at"])
@pytest.mark.parametrize("seed", range(4))
def test_first_and_last_lines_become_one_ticket_in_the_order_of_a_number_or_a_time(
    tmp_path: Path, order: str, seed: int
) -> None:
    rows = list(permutations(EVENTS))[seed * 97]
    desk, report = imported(tmp_path, rows, f'order_by = "{order}"\nfirst = ["subject"]\n')
    assert (report.read, report.rejected, report.faults.beyond) == (2, [], 0)
    a, b = desk.tickets["import:a"], desk.tickets["import:b"]
    assert (a.received_at, a.status, a.assignee) == (at(9), "open", "kim")
    assert (a.first_response_at, a.solved_at, a.subject) == (at(12), None, "Down")
    assert (b.received_at, b.status, b.assignee) == (at(9, 2), "solved", None)
    assert (b.first_response_at, b.solved_at) == (at(11, 2), at(11, 2))
    assert "assignee" in b.spoken


@pytest.mark.parametrize(
    ("lines", "status", "agent", "hour"),
    [
        ('keep = "first"', "new", None, 9),
        ('keep = "last"', "open", "kim", 9),
        ('keep = "first"\nlast = ["status"]', "open", None, 9),
        ('keep = "last"\nfirst = ["assignee"]', "open", "mo", 9),
    ],
)
def test_which_line_tells_a_field_may_be_said(
    tmp_path: Path, lines: str, status: str, agent: str | None, hour: int
) -> None:
    desk, _ = imported(tmp_path, EVENTS, f'order_by = "n"\n{lines}\n')
    ticket = desk.tickets["import:a"]
    assert (ticket.status, ticket.assignee) == (status, agent)
    assert ticket.received_at.hour == hour


def test_lines_in_between_may_be_as_wrong_as_they_like(tmp_path: Path) -> None:
    rows = [*EVENTS[:3], "a,4,soon,?,never,Nonsense,x y", *EVENTS[3:]]
    desk, report = imported(tmp_path, rows, 'order_by = "n"\n')
    assert (sorted(desk.ids), report.rejected, list(report.warnings)) == (["a", "b"], [], [])


def test_lines_that_are_left_out_tell_nothing(tmp_path: Path) -> None:
    desk, report = imported(tmp_path, EVENTS, 'order_by = "n"\n[leave_out]\nagent = "kim"\n')
    assert desk.tickets["import:a"].status == "pending"
    assert report.notes[0] == "1 line is left out, as the mapping says"


def test_a_day_first_date_orders_as_a_time_though_it_looks_like_a_number(tmp_path: Path) -> None:
    mapping = MAPPING + 'order_by = "n"\n[dates]\nformat = ["%d%m%Y", "iso"]\n'
    rows = ["a,31012026,,x,2026-01-01,New,", "a,01022026,,x,2026-01-01,Active,mo"]
    desk, report = imported(tmp_path, rows, "", mapping)
    assert report.rejected == []
    assert desk.tickets["import:a"].assignee == "mo"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 5), st.sampled_from(["New", "Done"])),
        max_size=30,
    )
)
def test_one_ticket_for_each_id_whatever_the_lines(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    rows = [f"{id_},{n},2026-03-0{n + 1},s,2026-03-01,{state}," for id_, n, state in events]
    desk, report = imported(folder, rows, 'order_by = "n"\n')
    assert report.rejected == []
    lines = list(csv.reader(rows))
    for id_ in {row[0] for row in lines}:
        own = [row for row in lines if row[0] == id_]
        last = max(enumerate(own), key=lambda each: (int(each[1][1]), each[0]))[1]
        done = [row[2] for row in sorted(own, key=lambda row: int(row[1])) if row[5] == "Done"]
        ticket = desk.tickets[f"import:{id_}"]
        assert ticket.status == {"New": "new", "Done": "solved"}[last[5]]
        first = datetime.fromisoformat(done[0]).replace(tzinfo=UTC) if done else None
        assert ticket.first_response_at == first
    assert len(desk.tickets) == len({row[0] for row in lines})
