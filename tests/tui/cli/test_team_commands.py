"""A lead keeps the team at the command line: who is in, out and back, who covers which hours."""

import json
from pathlib import Path

import pytest

from tests.databases import address_of
from tests.tui.command_runs import NOW, CommandLine

TEAM = """
[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-23:00"]

[[member]]
login = "ada"
name = "Ada"
role = "support"
region = "EMEA"
timezone = "Europe/Berlin"
hours = ["Mon-Fri 15:00-24:00"]
holidays = "DE-BE"
email = "ada@example.com"

[[member]]
login = "gabe"
name = "Gabe"
role = "support"
region = "US"
timezone = "America/New_York"
hours = ["Mon-Fri 09:00-13:00", "Mon-Fri 14:00-18:00"]
backup = "luz"

[[member]]
login = "luz"
name = "Luz"
role = "support"
region = "US"
timezone = "America/Los_Angeles"
hours = ["Mon-Fri 09:00-17:00"]
at_capacity = true

[[member]]
login = "eve"
name = "Eve"
role = "engineer"
region = "APAC"
timezone = "Asia/Tokyo"
hours = ["Mon-Fri 18:00-02:00"]
"""
MEMBER_KEYS = [
    "login", "name", "role", "region", "timezone", "local_time", "holidays", "email",
    "at_capacity", "backup", "state", "until", "reason",
]  # fmt: skip
CAPACITY_KEYS = [
    "level", "mode", "by_hand", "why", "scheduled", "available", "actionable", "owed",
    "next_arrivals",
    "calm_since",
]  # fmt: skip
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:holiday@example.com
DTSTAMP:20260301T000000Z
DTSTART;VALUE=DATE:20260309
DTEND;VALUE=DATE:20260311
SUMMARY:Away
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def team(numberone: CommandLine) -> CommandLine:
    """Give a desk with mo as lead, ada, gabe and luz in support and eve in engineering."""
    (numberone.folder / "team.toml").write_text(TEAM)
    numberone("team import team.toml")
    return numberone


class TestTeam:
    def test_without_one_it_says_how_to_make_it(self, numberone: CommandLine) -> None:
        assert "numberone team import FILE makes one." in numberone("team").out
        assert numberone.json("team") == {"members": []}

    def test_who_is_in_with_their_local_time(self, team: CommandLine) -> None:
        assert team("team").out.splitlines() == [
            "mo    Mo    lead      EMEA  Fri 22:00                      in, 1 h left",
            "ada   Ada   support   EMEA  Fri 23:00 Europe/Berlin        in, 1 h left",
            "gabe  Gabe  support   US    Fri 17:00 America/New_York     in, 1 h left",
            "luz   Luz   support   US    Fri 14:00 America/Los_Angeles  in, 3 h left, at capacity",
            "eve   Eve   engineer  APAC  Sat 07:00 Asia/Tokyo           off, in 2 d 11 h",
            "4 in, 0 out",
        ]

    def test_in_json(self, team: CommandLine) -> None:
        document = team.json("team")
        assert list(document) == ["members"]
        assert [list(each) for each in document["members"]] == [MEMBER_KEYS] * 5
        ada = document["members"][1]
        assert (ada["local_time"], ada["until"]) == (
            "2026-03-06T23:00:00+01:00", "2026-03-06T23:00:00Z",
        )  # fmt: skip
        assert (ada["state"], ada["holidays"], ada["email"]) == ("in", "DE-BE", "ada@example.com")

    def test_what_is_exported_imports_back_and_changes_nothing(self, team: CommandLine) -> None:
        exported = team("team --export").out
        (team.folder / "again.toml").write_text(exported)
        assert team("team import again.toml").out == "5 members: nothing changed.\n"
        assert team("team --export").out == exported
        assert team.json("team --export")["member"][0]["login"] == "mo"

    def test_a_later_file_says_who_came_and_went(self, team: CommandLine) -> None:
        later = TEAM.replace('login = "eve"', 'login = "ines"').replace('"Gabe"', '"Gabriel"')
        (team.folder / "team.toml").write_text(later)
        assert team.json("team import team.toml") == {
            "members": 5, "come": ["ines"], "gone": ["eve"], "changed": ["gabe"], "tickets": [],
        }  # fmt: skip

    def test_time_off_stays_with_those_who_stay(self, team: CommandLine) -> None:
        team("out gabe --until 2026-03-10")
        (team.folder / "team.toml").write_text(TEAM.replace('"Ada"', '"Ada L."'))
        team("team import team.toml")
        assert "out until" in team("team").out

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ('"Europe/Berlin"', 'member ada, timezone: "Europe/Berlim"'),
            ('"DE-BE"', "DE-XX"),
            ('"support"', "supprt"),
            ('backup = "luz"', "backup"),
        ],
    )
    def test_a_wrong_file_is_one_line_and_changes_nothing(
        self, team: CommandLine, written: str, said: str
    ) -> None:
        wrong = {
            '"Europe/Berlin"': '"Europe/Berlim"',
            '"DE-BE"': '"DE-XX"',
            '"support"': '"supprt"',
            'backup = "luz"': 'backup = "nobody"',
        }
        (team.folder / "wrong.toml").write_text(TEAM.replace(written, wrong[written], 1))
        refusal = team.refused("team import wrong.toml")
        assert said.partition(": ")[0].strip('"') in refusal
        assert len(team.json("team")["members"]) == 5

    def test_a_file_that_is_not_there(self, numberone: CommandLine) -> None:
        said = numberone.refused("team import nowhere.toml")
        assert said == "nowhere.toml: cannot be read: No such file or directory"

    def test_a_huge_file(self, numberone: CommandLine) -> None:
        (numberone.folder / "huge.toml").write_bytes(b"#" * 2_000_000)
        assert "more than 1,048,576 bytes" in numberone.refused("team import huge.toml")

    def test_one_that_is_no_text(self, numberone: CommandLine) -> None:
        (numberone.folder / "team.toml").write_bytes(b"\xff\xfe")
        assert "expected a team, a TOML file in UTF-8" in numberone.refused("team import team.toml")

    def test_who_is_not_in_the_team_may_only_look(self, team: CommandLine) -> None:
        assert '"stranger" is not in the team' in team.refused("--as stranger out gabe")
        assert team("--as stranger capacity").out
        assert "that is for a lead (mo)" in team.refused("--as ada out gabe")
        assert "may look" in team.refused("--as eve waits send --all")


class TestOut:
    def test_it_says_what_it_does_before_and_after(self, team: CommandLine) -> None:
        team.take_in(*({"assignee": "gabe"} if number == 0 else {} for number in range(6)))
        said = team("out gabe --until 3h --reason sick --dry-run").out
        assert "Gabe is out from Fri 6 Mar 2026 17:00 until Fri 6 Mar 2026 20:00" in said
        assert "1 ticket stays assigned to Gabe, who is away: #1" in said
        assert "hand over to ada (fewest tickets of those in, 0)" in said, "luz is full"
        assert "Nothing was changed: this was a dry run." in said
        assert team.json("team")["members"][2]["state"] == "in"
        again = team("out gabe --until 3h --reason sick").out
        assert said.splitlines()[:-1] == again.splitlines()
        gabe = team.json("team")["members"][2]
        assert (gabe["state"], gabe["reason"]) == ("out", "sick")

    def test_in_json(self, team: CommandLine) -> None:
        team.take_in({"assignee": "gabe"})
        document = team.json("out gabe --until 3h")
        assert list(document) == [
            "sentence", "done", "warnings", "hand_overs", "answers", "before", "after",
            "number_one_before",
            "number_one_after",
        ]  # fmt: skip
        assert list(document["after"]) == [*CAPACITY_KEYS, "waits"]
        assert document["done"] is True
        assert document["before"]["available"] == ["ada", "gabe", "luz"]
        assert document["after"]["available"] == ["ada", "luz"]
        assert document["number_one_after"]["id"] == 1

    def test_hand_over_gives_the_tickets_to_whoever_is_proposed(self, team: CommandLine) -> None:
        team.take_in({"assignee": "gabe"}, {"assignee": "ada"})
        (proposed,) = team.json("out gabe --hand-over")["hand_overs"]
        assert team.json("show 1")["ticket"]["assignee"] == proposed["to"] == "ada"

    def test_a_date_is_a_whole_day_where_they_live_the_last_one_too(
        self, team: CommandLine
    ) -> None:
        sentence = team.json("out gabe --from 2026-03-09 --until 2026-03-10")["sentence"]
        assert sentence == "Gabe is out from Mon 9 Mar 2026 to Tue 10 Mar 2026."
        view = team.json("coverage --hours 96 --from 2026-03-09T00:00")
        counts = [
            (each["from"], each["scheduled"], each["available"])
            for each in view["intervals"]
            if each["scheduled"] != each["available"]
        ]
        assert counts[0] == ("2026-03-09T13:00:00Z", 1, 0)
        assert counts[-1][0] < "2026-03-11"

    def test_one_that_overlaps_is_an_entry_of_its_own(self, team: CommandLine) -> None:
        team("out gabe --from 2026-03-09 --until 2026-03-11 --reason ill")
        said = team.json("out gabe --from 2026-03-11 --until 2026-03-13 --reason course")
        assert said["sentence"] == (
            "Gabe is out from Wed 11 Mar 2026 to Fri 13 Mar 2026: course."
            " Also out from Mon 9 Mar 2026 to Wed 11 Mar 2026: ill."
        )
        assert "already" in team.refused(
            "out gabe --from 2026-03-09 --until 2026-03-11 --reason ill"
        )
        at_both = team("--at 2026-03-11T15:00Z team").out.splitlines()
        assert at_both[2:5] == [
            "gabe  Gabe  support   US    Wed 11:00 America/New_York     out until Sat 04:00",
            f"{' ' * 61}from Mon 9 Mar 2026 to Wed 11 Mar 2026: ill",
            f"{' ' * 61}from Wed 11 Mar 2026 to Fri 13 Mar 2026: course",
        ]
        gabe = team.json("--at 2026-03-11T15:00Z team")["members"][2]
        assert (gabe["until"], gabe["reason"]) == ("2026-03-14T04:00:00Z", "ill; course")

    def test_with_the_reason_of_one_that_runs_its_end_changes(self, team: CommandLine) -> None:
        team("out gabe --until 3h --reason ill")
        said = team.json("out gabe --until 2026-03-10 --reason ill")["sentence"]
        assert said == (
            "Gabe is out from Fri 6 Mar 2026 17:00 to the end of Tue 10 Mar 2026"
            " (America/New_York): ill. Before, it was from Fri 6 Mar 2026 17:00 until"
            " Fri 6 Mar 2026 20:00 (America/New_York): ill."
        )
        assert len(team.json("team --out")["absences"]) == 1

    def test_one_is_changed_by_its_number_and_the_rest_of_it_stays(self, team: CommandLine) -> None:
        team("out gabe --from 2026-03-09 --until 2026-03-13 --reason holidays")
        (listed,) = team.json("team --out")["absences"]
        team(f"out gabe --entry {listed['id']} --until 2026-03-16")
        (changed,) = team.json("team --out")["absences"]
        assert changed == listed | {"until": "2026-03-17T04:00:00Z", "last_day": "2026-03-16"}
        team(f"out gabe --entry {listed['id']} --reason ill --from 2026-03-10T10:00Z")
        (changed,) = team.json("team --out")["absences"]
        assert (changed["from"], changed["first_day"], changed["reason"]) == (
            "2026-03-10T10:00:00Z", None, "ill",
        )  # fmt: skip
        assert changed["last_day"] == "2026-03-16"
        assert team.refused("out gabe --entry 9 --until 3h").startswith(
            f"entry: 9; expected one of Gabe's, {listed['id']} (from Tue 10 Mar 2026 06:00 to the"
        )
        assert "nothing is changed" in team.refused(f"out gabe --entry {listed['id']}")

    def test_time_off_is_listed_with_its_numbers(self, team: CommandLine) -> None:
        assert team("team --out").out == "Nobody is out, and no time off is to come.\n"
        team("out gabe --until 3h --reason ill")
        team("out ada --from 2026-03-09 --until 2026-03-10")
        assert team("team --out").out.splitlines() == [
            "2  ada   from Mon 9 Mar 2026 to Tue 10 Mar 2026",
            "1  gabe  from Fri 6 Mar 2026 17:00 until Fri 6 Mar 2026 20:00 (America/New_York): ill",
        ]
        assert team.json("team --out")["absences"][1] == {
            "id": 1, "login": "gabe", "from": "2026-03-06T22:00:00Z",
            "until": "2026-03-07T01:00:00Z", "first_day": None, "last_day": None, "running": True,
            "reason": "ill", "entered_by": "mo", "calendar": None,
        }  # fmt: skip
        assert len(team.json("--at 2026-03-08T00:00Z team --out")["absences"]) == 1
        team("team --out --export", code=2)
        team("team --out import team.toml", code=2)

    def test_everybody_marks_themselves_and_only_a_lead_others(self, team: CommandLine) -> None:
        for login in ("ada", "eve"):
            assert "is out from" in team(f"--as {login} out {login} --reason ill").out
            assert "is back" in team(f"--as {login} back {login}").out
        assert "that is for a lead (mo)" in team.refused("--as eve out ada")
        assert "that is for a lead (mo)" in team.refused("--as ada back eve --dry-run")
        assert "may only look" in team.refused("--as zoe out zoe")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("out gab", 'login: "gab"; expected a member of the team; did you mean gabe?'),
            ("back nobody", 'login: "nobody"; expected'),
            ("back gabe", "Gabe is not out, and no time off is to come"),
            ("out gabe --until yesterday", "--until: expected a time such as"),
            ("out gabe --until 2026-02-31", "--until: expected a date such as 2026-03-06"),
            ("out gabe --until 2026-03-05", "until: 2026-03-05; expected a time after now"),
            ("out gabe --from 2026-03-10 --until 2026-03-09", "expected a time after from"),
            ("out gabe --from 2026-03-10T10:00Z --until 2026-03-10T10:00Z", "expected a time"),
            ("out gabe --until 9999-12-31", "until: 9999-12-31; expected a year"),
            ("back gabe --all", "Gabe is not out, and no time off is to come"),
            ("back gabe --entry 7", "entry: 7; expected one of Gabe's, none, as there is none"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, team: CommandLine, typed: str, said: str) -> None:
        assert team.refused(typed).startswith(said) or said in team.refused(typed)
        assert all(each["state"] != "out" for each in team.json("team")["members"])

    def test_back_ends_it_now_and_cancels_what_is_to_come(self, team: CommandLine) -> None:
        team("out gabe")
        assert team("back gabe").out.startswith("Gabe is back.")
        team("out gabe --from 2026-03-09 --until 2026-03-10")
        said = team("back gabe").out
        assert said.startswith("Cancelled before it began: Gabe is out from Mon 9 Mar")
        assert "not out" in team.refused("back gabe")

    def test_back_names_what_still_holds_and_all_ends_all_that_runs(
        self, team: CommandLine
    ) -> None:
        team("out gabe --reason ill")
        team("out gabe --until 3h --reason dentist")
        team("out gabe --from 2026-03-09 --until 2026-03-10 --reason holidays")
        assert team("back gabe --dry-run").out.splitlines()[0] == (
            "Ended: from Fri 6 Mar 2026 17:00 until Fri 6 Mar 2026 20:00 (America/New_York):"
            " dentist. Gabe is still out from Fri 6 Mar 2026 17:00 until further notice"
            " (America/New_York): ill."
        )
        assert team("back gabe --all").out.splitlines()[0] == (
            "Gabe is back. Gabe is out from Mon 9 Mar 2026 to Tue 10 Mar 2026: holidays."
        )
        assert "without --all, back cancels: Gabe is out from Mon 9" in team.refused(
            "back gabe --all"
        )
        team("undo")
        numbers = {each["reason"]: each["id"] for each in team.json("team --out")["absences"]}
        assert list(numbers) == ["ill", "dentist", "holidays"]
        said = team(f"back gabe --entry {numbers['ill']}").out
        assert said.startswith("Ended: from Fri 6 Mar 2026 17:00 until further notice")
        said = team(f"back gabe --entry {numbers['holidays']}").out
        assert said.startswith("Cancelled before it began: Gabe is out from Mon 9 Mar 2026")
        team("back gabe --all --entry 2", code=2)

    def test_whoever_has_no_hours_is_listed_and_may_be_out(self, team: CommandLine) -> None:
        without = TEAM.replace('hours = ["Mon-Fri 09:00-23:00"]\n', "")
        (team.folder / "team.toml").write_text(without.replace('["Mon-Fri 18:00-02:00"]', "[]"))
        team("team import team.toml")
        lines = team("team").out.splitlines()
        assert lines[0].split(maxsplit=4)[4].split() == ["Fri", "22:00", "not", "scheduled"]
        assert lines[4].endswith("Sat 07:00 Asia/Tokyo           not scheduled")
        team("out mo --until 3h")
        assert "out until" in team("team").out.splitlines()[0]
        assert team("coverage").out
        assert team("calendar write - --days 2").out


class TestCapacity:
    def test_in_json(self, team: CommandLine) -> None:
        team.take_in({}, {})
        document = team.json("capacity")
        assert list(document) == [*CAPACITY_KEYS, "durations"]
        assert document["scheduled"] == document["available"] == ["ada", "gabe", "luz"]
        assert (document["level"], document["mode"], document["actionable"]) == (1, "normal", 2)
        assert document["next_arrivals"][0] == {"login": "gabe", "at": "2026-03-09T13:00:00Z"}
        assert list(document["next_arrivals"][0]) == ["login", "at"]

    def test_the_level_decides_the_mode_and_next_says_both(self, team: CommandLine) -> None:
        team.take_in({})
        team("out gabe")
        team("out luz")
        document = team.json("next")
        assert (document["level"], document["mode"]) == (5, "hard_choices")
        assert team.json("mode")["mode"] == "hard_choices"
        assert "Only 1 of 3 scheduled is in" in team("capacity").out
        team('mode normal --reason "a demonstration" --until 3h')
        assert team.json("capacity")["mode"] == "normal"
        team("mode auto")
        assert team.json("capacity")["mode"] == "hard_choices"

    def test_without_a_team(self, numberone: CommandLine) -> None:
        document = numberone.json("capacity")
        assert (document["level"], document["scheduled"]) == (1, [])


class TestCoverage:
    def test_in_json(self, team: CommandLine) -> None:
        document = team.json("coverage --hours 4")
        assert list(document) == ["from", "until", "intervals", "gaps"]
        assert (document["from"], document["until"]) == (
            "2026-03-06T22:00:00Z", "2026-03-07T02:00:00Z",
        )  # fmt: skip
        assert document["intervals"] == [
            {"from": "2026-03-06T22:00:00Z", "until": "2026-03-06T23:00:00Z",
             "scheduled": 3, "available": 3},
            {"from": "2026-03-06T23:00:00Z", "until": "2026-03-07T01:00:00Z",
             "scheduled": 1, "available": 1},
            {"from": "2026-03-07T01:00:00Z", "until": "2026-03-07T02:00:00Z",
             "scheduled": 0, "available": 0},
        ]  # fmt: skip
        assert document["gaps"] == []

    def test_a_gap_is_named(self, team: CommandLine) -> None:
        team("out luz")
        document = team.json("coverage --hours 4")
        assert document["gaps"] == [
            {"from": "2026-03-06T23:00:00Z", "until": "2026-03-07T01:00:00Z"}
        ]
        assert "Gap: nobody covers 23:00 to Sat 01:00." in team("coverage --hours 4").out

    def test_without_a_team_and_with_no_hours(self, numberone: CommandLine) -> None:
        assert "There is no team yet" in numberone("coverage").out
        numberone("coverage --hours 0", code=2)


class TestCalendars:
    def test_time_off_is_read_and_read_again(self, team: CommandLine) -> None:
        (team.folder / "gabe.ics").write_text(CALENDAR)
        document = team.json("calendar read gabe.ics --for gabe")
        assert list(document) == ["login", "come", "gone", "time_off", "left_out", "free"]
        assert (document["come"], document["gone"]) == (1, 0)
        assert document["time_off"] == [
            {"from": "2026-03-09T04:00:00Z", "until": "2026-03-11T04:00:00Z", "reason": "Away"}
        ]
        assert "nothing has changed" in team("calendar read gabe.ics --for gabe").out
        (team.folder / "gabe.ics").write_text(CALENDAR.replace("20260311", "20260312"))
        assert "1 new, 1 gone" in team("calendar read gabe.ics --for gabe").out

    def test_two_people_with_calendars_of_one_name_do_not_disturb_each_other(
        self, team: CommandLine
    ) -> None:
        (team.folder / "off.ics").write_text(CALENDAR)
        team("calendar read off.ics --for gabe")
        team("calendar read off.ics --for luz")
        assert "nothing has changed" in team("calendar read off.ics --for gabe").out

    def test_what_is_in_the_calendar_comes_back_from_it(self, team: CommandLine) -> None:
        (team.folder / "gabe.ics").write_text(CALENDAR)
        team("calendar read gabe.ics --for gabe")
        assert "It is in the calendar gabe.ics, too" in team("back gabe").out

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"<html>not found</html>", "is no calendar"),
            (CALENDAR.replace("END:VCALENDAR", "").encode(), "is cut off"),
            (b"BEGIN:VCALENDAR\n" + b"X" * 11_000_000, "is larger than 10 MB"),
        ],
    )
    def test_broken_and_huge_ones_are_one_line(
        self, team: CommandLine, content: bytes, said: str
    ) -> None:
        (team.folder / "gabe.ics").write_bytes(content)
        assert said in team.refused("calendar read gabe.ics --for gabe")
        assert team.json("team")["members"][2]["state"] == "in"

    def test_one_that_repeats_for_ever_is_taken_over_for_a_year(self, team: CommandLine) -> None:
        repeated = CALENDAR.replace("SUMMARY", "RRULE:FREQ=WEEKLY\nSUMMARY")
        (team.folder / "gabe.ics").write_text(repeated)
        document = team.json("calendar read gabe.ics --for gabe")
        assert 50 <= document["come"] <= 60

    def test_for_somebody_unknown(self, team: CommandLine) -> None:
        (team.folder / "off.ics").write_text(CALENDAR)
        assert team.refused("calendar read off.ics --for nobody").startswith('login: "nobody"')

    def test_the_team_is_written_and_reasons_stay_here(self, team: CommandLine) -> None:
        team("out gabe --until 3h --reason 'a secret'")
        said = team("calendar write team.ics --days 7").out
        assert said == "team.ics: the team's calendar, for 7 days.\n"
        written = (team.folder / "team.ics").read_text()
        assert "Gabe: out" in written
        assert "secret" not in written
        assert [path.name for path in team.folder.glob("*.ics")] == ["team.ics"]

    def test_a_place_that_cannot_be_written(self, team: CommandLine, tmp_path: Path) -> None:
        said = team.refused(f"calendar write {tmp_path}/nowhere/team.ics")
        assert "cannot be written: No such file or directory" in said


def test_json_is_one_document_a_run(team: CommandLine) -> None:
    for typed in ("team", "capacity", "coverage", "waits", "out gabe --dry-run"):
        assert json.loads(team(typed, "--json").out)


class TestNames:
    def test_a_ticket_is_given_to_members_alone(self, team: CommandLine) -> None:
        team.take_in({}, {})
        assert "ada has it." in team("assign 1 ADA").out
        assert "ada has it." in team("assign 1 Ada@example.com").out
        assert team.refused("assign 1 2 adda") == (
            'login: "adda"; expected a member of the team; did you mean ada?'
        )
        assert team.refused("assign 1 nobody-here").startswith('login: "nobody-here"; expected ')
        assert team.json("show 2")["ticket"]["assignee"] is None
        assert [each["id"] for each in team.json("list assignee:ADA")["tickets"]] == [1]

    def test_who_acts_is_known_by_any_spelling(self, team: CommandLine) -> None:
        team.take_in({}, {})
        as_ada = ["--db", address_of(team.db), "--at", NOW, "--as"]
        assert "ada has it." in team.plain([*as_ada, "ADA", "take", "1"]).out
        assert "ada has it." in team.plain([*as_ada, "ada@EXAMPLE.com", "take", "2"]).out
        listed = team.plain([*as_ada, "Ada", "list", "assignee:me", "--json"]).json
        assert [each["assignee"] for each in listed["tickets"]] == ["ada", "ada"]
        ran = team.plain([*as_ada, "aada", "take", "1"], code=1)
        assert '"aada" is not in the team (did you mean ada?) and may only look' in ran.err

    def test_out_and_back_know_a_member_by_address(self, team: CommandLine) -> None:
        assert team("out ADA@example.com --until 3h").out.startswith("Ada is out from ")
        assert team("back Ada").out.startswith("Ada is back")
        assert "did you mean ada?" in team.refused("out adaa")

    def test_a_team_that_spells_a_login_otherwise_has_the_same_member(
        self, team: CommandLine
    ) -> None:
        (team.folder / "team.toml").write_text(TEAM.replace('"ada"', '"Ada"'))
        document = team.json("team import team.toml")
        assert (document["come"], document["gone"], document["changed"]) == ([], [], ["Ada"])


class TestAtCapacity:
    def test_everybody_says_it_of_themselves(self, team: CommandLine) -> None:
        assert team("at-capacity --as ada").out == "Ada takes no new tickets.\n"
        member = team.json("at-capacity --as ada --end")["member"]
        assert list(member) == MEMBER_KEYS
        assert (member["login"], member["at_capacity"]) == ("ada", False)
        assert "Ada takes new tickets again." in team("at-capacity ada --end").out

    def test_of_somebody_else_a_lead_does(self, team: CommandLine) -> None:
        assert team.json("at-capacity gabe")["member"]["at_capacity"]
        assert "not change who is out" in team.refused("at-capacity gabe --end --as ada")
        assert "did you mean gabe?" in team.refused("at-capacity gab")
        team("undo")
        members = team.json("team")["members"]
        assert not next(each for each in members if each["login"] == "gabe")["at_capacity"]
