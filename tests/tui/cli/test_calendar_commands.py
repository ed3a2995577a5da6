"""A lead reads calendars at the command line, and is told what of them does not count and why."""

import pytest

from tests.connections.calendars.calendar_programs import PROGRAMS, Away, local
from tests.tui.command_runs import CommandLine

TEAM = """
[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-23:00"]

[[member]]
login = "gabe"
name = "Gabe"
role = "support"
region = "US"
timezone = "America/New_York"
hours = ["Mon-Fri 09:00-18:00"]
"""


def event(lines: str, uid: str = "off", summary: str = "Away") -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{summary}\n{lines}\nEND:VEVENT\n"


MARCH_16 = event("DTSTART:20260316T090000Z\nDTEND:20260316T170000Z", uid="a")
MARCH_17 = event("DTSTART:20260317T090000Z\nDTEND:20260317T170000Z", uid="b")


class Desk:
    """Mo's desk with a calendar beside it, that is read for Gabe."""

    def __init__(self, numberone: CommandLine) -> None:
        self.numberone = numberone

    def says(self, *parts: str, file: str = "gabe.ics") -> None:
        text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{''.join(parts)}END:VCALENDAR\n"
        (self.numberone.folder / file).write_text(text)

    def read(self, *parts: str, file: str = "gabe.ics") -> tuple[str, list[str]]:
        """Read a calendar that says this; return what is said, and the lines beside it."""
        self.says(*parts, file=file)
        ran = self.numberone(f"calendar read {file} --for gabe")
        return ran.out, ran.err.splitlines()

    def days_off(self) -> list[str]:
        """Return the days of the written calendar on which Gabe is out."""
        self.numberone("calendar write team.ics --days 60")
        written = (self.numberone.folder / "team.ics").read_text()
        outs = [each for each in written.split("BEGIN:VEVENT") if "Gabe: out" in each]
        return sorted(each.partition("DTSTART:")[2][4:8] for each in outs)


@pytest.fixture
def desk(numberone: CommandLine) -> Desk:
    (numberone.folder / "team.toml").write_text(TEAM)
    numberone("team import team.toml")
    return Desk(numberone)


class TestWhatDoesNotCount:
    def test_broken_events_are_named_in_a_line_each_and_the_rest_counts(self, desk: Desk) -> None:
        bad = event("DTSTART:20260320T090000Z\nDTEND:20260319T090000Z", "bad", "A [/] \x1b[31mtrip")
        undated = event("DTSTART:soon", "undated", "Someday")
        said, lines = desk.read(MARCH_16, bad, undated)
        assert said == "1 time off of Gabe in gabe.ics: 1 new, 0 gone.\n"
        assert lines == [
            'numberone: gabe.ics: the event "Someday" (without a day) is left out: DTSTART:'
            ' expected a day as 20260316 or a time as 20260316T090000Z, not "soon"',
            'numberone: gabe.ics: the event "A [/] \N{REPLACEMENT CHARACTER}[31mtrip" (Fri 20 Mar'
            " 2026) is left out: ends before it starts",
        ]
        assert desk.days_off() == ["0316"]

    def test_many_of_a_kind_are_one_line(self, desk: Desk) -> None:
        bad = [
            event(f"DTSTART;TZID=Nowhere:202604{day:02}T090000", str(day), f"Trip {day}")
            for day in range(1, 21)
        ]
        _, lines = desk.read(MARCH_16, *bad, event("DTSTART:20260320T090000Z\nDURATION:x"))
        assert lines == [
            'numberone: gabe.ics: the event "Away" (Fri 20 Mar 2026) is left out: DURATION:'
            ' expected a length such as P1D or PT1H30M, not "x"',
            'numberone: gabe.ics: 20 events are left out, such as "Trip 1" (Wed 1 Apr'
            " 2026): DTSTART: expected a time zone that is known or described in the calendar, not"
            ' "Nowhere"',
        ]

    def test_free_events_are_named_and_how_they_would_count(self, desk: Desk) -> None:
        said, lines = desk.read(
            event("DTSTART;VALUE=DATE:20260316\nDTEND;VALUE=DATE:20260321\nTRANSP:TRANSPARENT")
        )
        assert said == (
            "0 times off of Gabe in gabe.ics: nothing has changed.\n"
            "1 free event left out: Away (Mon 16 Mar 2026). Shown as busy or out of office there,"
            " it would count.\n"
        )
        assert not lines

    def test_many_free_events_are_the_first_few(self, desk: Desk) -> None:
        free = [
            event(f"DTSTART:202604{day:02}T090000Z\nTRANSP:TRANSPARENT", str(day), f"Lunch {day}")
            for day in range(1, 9)
        ]
        said, _ = desk.read(*free)
        assert "8 free events left out: Lunch 1 (Wed 1 Apr 2026), Lunch 2" in said
        assert "Lunch 5 (Sun 5 Apr 2026), 3 more. Shown as busy" in said

    def test_json_says_both(self, desk: Desk) -> None:
        desk.says(
            MARCH_16,
            event("DTSTART:soon", "undated", "Someday"),
            event("DTSTART;VALUE=DATE:20260318\nTRANSP:TRANSPARENT", "free", "Lunch"),
        )
        ran = desk.numberone("calendar read gabe.ics --for gabe --json")
        document = ran.json
        assert list(document) == ["login", "come", "gone", "time_off", "left_out", "free"]
        [left_out] = document["left_out"]
        assert (left_out["day"], left_out["event"]) == (None, "Someday")
        assert document["free"] == [{"day": "2026-03-18", "event": "Lunch"}]
        assert ran.err.count("\n") == 1

    def test_what_was_over_long_ago_is_not_spoken_of(self, desk: Desk) -> None:
        old = event("DTSTART;TZID=Nowhere:20120301T090000\nDTEND;TZID=Nowhere:20120301T100000")
        assert desk.read(old, MARCH_16)[1] == []


class TestCancellations:
    def test_they_take_away_what_was_read_and_leave_the_rest(self, desk: Desk) -> None:
        desk.read(MARCH_16, MARCH_17)
        said, lines = desk.read("METHOD:CANCEL\n", MARCH_16)
        assert said == "gabe.ics cancels 1 event of Gabe: 1 gone.\n"
        assert not lines
        assert desk.days_off() == ["0317"]
        assert "nothing has changed" in desk.read("METHOD:CANCEL\n", MARCH_16)[0]

    def test_they_go_by_the_id_though_the_time_was_moved(self, desk: Desk) -> None:
        desk.read(MARCH_16, MARCH_17)
        desk.read("METHOD:CANCEL\n", event("DTSTART:20260401T090000Z", uid="a"))
        assert desk.days_off() == ["0317"]

    def test_as_a_file_of_their_own(self, desk: Desk) -> None:
        desk.read(MARCH_16, MARCH_17)
        desk.read("METHOD:CANCEL\n", MARCH_16, file="cancel.ics")
        assert desk.days_off() == ["0317"]

    def test_one_time_of_a_series(self, desk: Desk) -> None:
        daily = "DTSTART:20260316T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
        desk.read(event(daily))
        desk.read("METHOD:CANCEL\n", event("RECURRENCE-ID:20260317T090000Z"))
        assert desk.days_off() == ["0316", "0318"]
        desk.read("METHOD:CANCEL\n", event(daily))
        assert desk.days_off() == []

    def test_what_was_not_read_before_is_not_added(self, desk: Desk) -> None:
        said, _ = desk.read("METHOD:CANCEL\n", MARCH_16)
        assert said == (
            "gabe.ics cancels 1 event of Gabe: none of it is here, nothing has changed.\n"
        )
        assert desk.days_off() == []

    def test_they_are_taken_back_and_done_again(self, desk: Desk) -> None:
        desk.read(MARCH_16, MARCH_17)
        desk.read("METHOD:CANCEL\n", MARCH_16)
        desk.numberone("undo")
        assert desk.days_off() == ["0316", "0317"]
        desk.read("METHOD:CANCEL\n", MARCH_16)
        assert desk.days_off() == ["0317"]
        desk.numberone("db check")

    def test_of_somebody_else_nothing_goes(self, desk: Desk) -> None:
        desk.read(MARCH_16)
        desk.says("METHOD:CANCEL\n", MARCH_16)
        assert "nothing has changed" in desk.numberone("calendar read gabe.ics --for mo").out
        assert desk.days_off() == ["0316"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_calendars_of_each_program_are_read(desk: Desk, program: str) -> None:
    aways = [
        Away(
            uid="course",
            title="Course",
            zone="America/New_York",
            start=local("2026-03-16 09:00"),
            end=local("2026-03-16 11:00"),
            every=1,
            times=3,
            not_on=frozenset([local("2026-03-17 09:00")]),
        ),
        Away(
            uid="lunch",
            title="Lunch",
            start=local("2026-03-20"),
            end=local("2026-03-21"),
            free=True,
        ),
    ]
    (desk.numberone.folder / "gabe.ics").write_bytes(PROGRAMS[program](aways))
    document = desk.numberone.json("calendar read gabe.ics --for gabe")
    assert [each["from"] for each in document["time_off"]] == [
        "2026-03-16T13:00:00Z",
        "2026-03-18T13:00:00Z",
    ]
    assert [each["event"] for each in document["free"]] == ["Lunch"]
    assert "nothing has changed" in desk.numberone("calendar read gabe.ics --for gabe").out
