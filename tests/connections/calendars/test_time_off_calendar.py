"""Time off is read from what calendar programs write, and from what they should not have."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.calendars.calendar_feeds import MOST_BYTES, calendar_text
from connections.calendars.time_off_calendar import (
    MOST_ABSENCES,
    MOST_EVENTS,
    CalendarAbsence,
    CalendarReading,
    calendar_reading,
    read_calendar,
)
from policy.clocks.calendar import Interval
from policy.refusal import Refusal
from tests.connections.web_server import STALL, Answer, Asked, WebServer

UNHURRIED = hypothesis.settings(deadline=None)
YEAR = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
BERLIN = "Europe/Berlin"
START = "DTSTART:20260302T090000Z"
A_MOMENT = "a day as 20260316 or a time as 20260316T090000Z"
NOWHERE = "sends on to something that is no address of the web"


def calendar(*parts: str, head: str = "") -> bytes:
    lines = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//EN\n{head}{''.join(parts)}END:VCALENDAR\n"
    )
    return lines.replace("\n", "\r\n").encode()


def event(lines: str, uid: str = "off-1", summary: str = "Off") -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{summary}\n{lines.strip()}\nEND:VEVENT\n"


def reading(*events: str, zone: str = BERLIN, head: str = "") -> CalendarReading:
    return calendar_reading(calendar(*events, head=head), "team.ics", zone, YEAR)


def read(*events: str, zone: str = BERLIN, head: str = "") -> tuple[CalendarAbsence, ...]:
    return reading(*events, zone=zone, head=head).absences


def spans(*events: str, zone: str = BERLIN, head: str = "") -> list[tuple[str, str]]:
    """Return when time off starts and ends, in UTC and to the minute."""
    found = read(*events, zone=zone, head=head)
    return [(f"{each.start:%m-%d %H:%M}", f"{each.end:%m-%d %H:%M}") for each in found]


def broken(*events: str, head: str = "") -> list[str]:
    """Return what is left out because it cannot be read, as its day, name and what is wrong."""
    found = reading(*events, head=head).broken
    assert all(each.name.isprintable() and each.why.isprintable() for each in found)
    return [f"{each.day} {each.name}: {each.why}" for each in found]


def refusal(*events: str, head: str = "") -> str:
    with pytest.raises(Refusal) as refused:
        read(*events, head=head)
    assert refused.value.reason.startswith("team.ics: ")
    assert refused.value.reason.isprintable()
    return refused.value.reason.removeprefix("team.ics: ")


class TestOneEvent:
    def test_whole_days_are_days_of_the_person(self) -> None:
        holiday = event(
            "DTSTART;VALUE=DATE:20260803\nDTEND;VALUE=DATE:20260808", summary="Sea\\, sun"
        )
        assert read(holiday, zone="Asia/Tokyo") == (
            CalendarAbsence(
                uid="off-1",
                start=datetime(2026, 8, 2, 15, tzinfo=UTC),
                end=datetime(2026, 8, 7, 15, tzinfo=UTC),
                all_day=True,
                summary="Sea, sun",
            ),
        )
        assert spans(holiday, zone="America/Los_Angeles") == [("08-03 07:00", "08-08 07:00")]

    @pytest.mark.parametrize("end", ["", "DTEND;VALUE=DATE:20260803", "DURATION:P1D"])
    def test_one_day(self, end: str) -> None:
        assert spans(event(f"DTSTART;VALUE=DATE:20260803\n{end}")) == [
            ("08-02 22:00", "08-03 22:00")
        ]

    def test_days_across_a_clock_change(self) -> None:
        weekend = event("DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330")
        assert spans(weekend) == [("03-27 23:00", "03-29 22:00")]

    def test_a_day_whose_midnight_does_not_exist_or_comes_twice(self) -> None:
        spring = event("DTSTART;VALUE=DATE:20260424")  # Egypt goes on from 00:00 to 01:00
        autumn = event("DTSTART;VALUE=DATE:20261029")  # and back from 24:00 to 23:00
        assert spans(spring, zone="Africa/Cairo") == [("04-23 22:00", "04-24 21:00")]
        assert spans(autumn, zone="Africa/Cairo") == [("10-28 21:00", "10-29 22:00")]

    def test_hours_in_any_zone(self) -> None:
        assert spans(
            event("DTSTART:20260302T090000Z\nDTEND:20260302T100000Z", "utc"),
            event("DTSTART;TZID=America/New_York:20260303T090000\nDURATION:PT1H30M", "named"),
            event("DTSTART;TZID=Eastern Standard Time:20260304T090000\nDURATION:PT1H", "windows"),
            event("DTSTART;TZID=/example.org/Asia/Tokyo:20260305T090000\nDURATION:PT1H", "global"),
            event("DTSTART:20260306T090000\nDTEND:20260306T100000", "floating"),
        ) == [
            ("03-02 09:00", "03-02 10:00"),
            ("03-03 14:00", "03-03 15:30"),
            ("03-04 14:00", "03-04 15:00"),
            ("03-05 00:00", "03-05 01:00"),
            ("03-06 08:00", "03-06 09:00"),
        ]

    def test_an_hour_that_comes_twice_is_wholly_off(self) -> None:
        assert spans(event("DTSTART:20261025T023000\nDTEND:20261025T024500")) == [
            ("10-25 00:30", "10-25 01:45")
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "STATUS:CANCELLED",
            "TRANSP:TRANSPARENT",
            "TRANSP:transparent",
            "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
            "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
        ],
    )
    def test_what_takes_up_no_time_is_no_time_off(self, line: str) -> None:
        assert spans(event(f"DTSTART;VALUE=DATE:20260803\n{line}\nRRULE:FREQ=SECONDLY")) == []

    @pytest.mark.parametrize(
        "line", ["STATUS:TENTATIVE", "TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"]
    )
    def test_what_does_is(self, line: str) -> None:
        assert len(read(event(f"DTSTART;VALUE=DATE:20260803\n{line}"))) == 1

    def test_a_moment_and_other_things_are_no_time_off(self) -> None:
        task = "BEGIN:VTODO\nUID:task\nDTSTART:20260302T090000Z\nDUE:20260303T090000Z\nEND:VTODO\n"
        assert spans(event("DTSTART:20260302T090000Z"), task) == []

    def test_only_what_touches_the_window(self) -> None:
        assert [each.uid for each in read(
            event("DTSTART:20251231T220000Z\nDTEND:20260101T000000Z", "before"),
            event("DTSTART:20251231T220000Z\nDTEND:20260101T000001Z", "into"),
            event("DTSTART:20261231T235959Z\nDTEND:20270301T000000Z", "out of"),
            event("DTSTART:20270101T000000Z\nDTEND:20270301T000000Z", "after"),
            event("DTSTART:20200101T000000Z\nDTEND:20300101T000000Z", "around"),
        )] == ["around", "into", "out of"]  # fmt: skip


class TestRepetitions:
    def test_every_week_across_the_clock_changes_with_exceptions(self) -> None:
        school_run = event(
            """
DTSTART;TZID=Europe/Berlin:20260311T150000
DTEND;TZID=Europe/Berlin:20260311T160000
RRULE:FREQ=WEEKLY;UNTIL=20260408T130000Z
EXDATE;TZID=Europe/Berlin:20260318T150000
            """
        )
        moved = event(
            """
RECURRENCE-ID;TZID=Europe/Berlin:20260325T150000
DTSTART;TZID=Europe/Berlin:20260326T080000
DTEND;TZID=Europe/Berlin:20260326T100000
            """
        )
        cancelled = event(
            """
RECURRENCE-ID;TZID=Europe/Berlin:20260408T150000
DTSTART;TZID=Europe/Berlin:20260408T150000
DTEND;TZID=Europe/Berlin:20260408T160000
STATUS:CANCELLED
            """
        )
        assert spans(school_run, moved, cancelled) == [
            ("03-11 14:00", "03-11 15:00"),
            ("03-26 07:00", "03-26 09:00"),
            ("04-01 13:00", "04-01 14:00"),
        ]
        assert spans(cancelled, moved, school_run) == spans(school_run, moved, cancelled)

    def test_for_ever_is_finite(self) -> None:
        fridays = event("DTSTART;VALUE=DATE:20200103\nRRULE:FREQ=WEEKLY;BYDAY=FR")
        found = read(fridays)
        assert len(found) == 53  # the first begins on 1 January, 23:00 in UTC
        assert {each.start.astimezone(ZoneInfo(BERLIN)).weekday() for each in found} == {4}
        assert {each.end - each.start for each in found} == {timedelta(days=1)}
        assert len({each.repetition for each in found}) == 53
        assert (found[0].uid, found[0].repetition) == ("off-1", "20260102")

    def test_repeated_times_are_known_by_the_same_names_the_next_time(self) -> None:
        nap = event(
            "DTSTART;TZID=Europe/Berlin:20260105T130000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
        )
        assert [each.repetition for each in read(nap)] == [
            "20260105T120000Z",
            "20260106T120000Z",
            "20260107T120000Z",
        ]
        later = Interval(datetime(2026, 1, 6, 12, tzinfo=UTC), YEAR.end)
        again = calendar_reading(calendar(nap), "team.ics", BERLIN, later).absences
        assert again == read(nap)[1:]

    def test_floating_repetitions_keep_their_local_time(self) -> None:
        nap = event("DTSTART:20260328T130000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2")
        assert spans(nap) == [("03-28 12:00", "03-28 13:00"), ("03-29 11:00", "03-29 12:00")]
        assert spans(nap, zone="Asia/Tokyo") == [
            ("03-28 04:00", "03-28 05:00"),
            ("03-29 04:00", "03-29 05:00"),
        ]

    def test_extra_dates(self) -> None:
        days = event("DTSTART;VALUE=DATE:20260105\nRDATE;VALUE=DATE:20260204,20260306")
        assert [start for start, _ in spans(days)] == ["01-04 23:00", "02-03 23:00", "03-05 23:00"]

    def test_this_and_all_that_follow(self) -> None:
        assert spans(
            event("DTSTART:20260105T120000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"),
            event(
                "RECURRENCE-ID;RANGE=THISANDFUTURE:20260112T120000Z\nDTSTART:20260112T140000Z\n"
                "DURATION:PT1H"
            ),
        ) == [
            ("01-05 12:00", "01-05 13:00"),
            ("01-12 14:00", "01-12 15:00"),
            ("01-19 14:00", "01-19 15:00"),
        ]

    def test_birthdays_since_before_there_were_computers(self) -> None:
        assert spans(event("DTSTART;VALUE=DATE:16040229\nRRULE:FREQ=YEARLY")) == []
        assert len(read(event("DTSTART;VALUE=DATE:16040301\nRRULE:FREQ=YEARLY"))) == 1


class TestZonesOfCalendars:
    def test_a_calendar_names_its_zone_as_googles_do(self) -> None:
        daily = event(
            "DTSTART:20260328T080000Z\nDTEND:20260328T090000Z\nRRULE:FREQ=DAILY;COUNT=2", "utc"
        )
        floating = event("DTSTART:20260330T090000\nDTEND:20260330T100000", "floating")
        head = "X-WR-TIMEZONE:Europe/Berlin\n"
        assert spans(daily, floating, head=head, zone="Asia/Tokyo") == [
            ("03-28 08:00", "03-28 09:00"),
            ("03-29 07:00", "03-29 08:00"),
            ("03-30 07:00", "03-30 08:00"),
        ]

    def test_its_whole_days_are_the_persons_all_the_same(self) -> None:
        day = event("DTSTART;VALUE=DATE:20260330")
        head = "X-WR-TIMEZONE:America/New_York\n"
        assert spans(day, head=head) == [("03-29 22:00", "03-30 22:00")]

    def test_the_name_that_windows_has_for_it(self) -> None:
        day = event("DTSTART:20260302T090000\nDURATION:PT1H")
        head = "X-WR-TIMEZONE:Tokyo Standard Time\n"
        assert spans(day, head=head) == [("03-02 00:00", "03-02 01:00")]

    def test_an_unknown_one(self) -> None:
        found = reading(event("DTSTART;VALUE=DATE:20260302"), head="X-WR-TIMEZONE:Mars/Olympus\n")
        assert found.remarks == (
            'X-WR-TIMEZONE: expected a time zone such as Europe/Berlin or UTC, not "Mars/Olympus";'
            " times without a zone are taken as Europe/Berlin's",
        )
        assert len(found.absences) == 1

    @pytest.mark.parametrize(
        ("line", "where"),
        [
            ("DTSTART;TZID=Mars/Olympus:20260302T090000", "DTSTART"),
            ("DTSTART:20260302T090000\nDTEND;TZID=Mars/Olympus:20260302T090000", "DTEND"),
            (
                "DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY\n"
                "EXDATE;TZID=Mars/Olympus:20260303T090000",
                "EXDATE",
            ),
        ],
    )
    def test_an_event_in_an_unknown_one(self, line: str, where: str) -> None:
        assert broken(event(line)) == [
            f"2026-03-02 Off: {where}: expected a time zone that is known or described in the"
            ' calendar, not "Mars/Olympus"'
        ]

    def test_each_calendar_describes_its_own(self) -> None:
        def described(offset: str) -> str:
            return (
                "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
                f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
            )

        morning = event("DTSTART;TZID=Ours:20260302T090000\nDTEND;TZID=Ours:20260302T100000")
        assert spans(described("+0300"), morning) == [("03-02 06:00", "03-02 07:00")]
        assert spans(described("-0700"), morning) == [("03-02 16:00", "03-02 17:00")]
        assert spans(morning, described("+0100")) == [("03-02 08:00", "03-02 09:00")]

    @pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;INTERVAL=0"])
    def test_one_whose_clocks_never_stop_changing(self, rule: str) -> None:
        zone = (
            "BEGIN:VTIMEZONE\nTZID:Mad\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
            f"RRULE:{rule}\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
        [said] = broken(zone, event("DTSTART;TZID=Mad:20260302T090000"))
        assert 'expected a time zone that is known or described in the calendar, not "Mad"' in said


class TestBrokenCalendars:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (b"", 'is no calendar: it begins with ""'),
            (b"\x89PNG\r\n\x1a\n", "is no calendar: it begins with"),
            (b"<!DOCTYPE html>\n<title>Log in", 'is no calendar: it begins with "<!DOCTYPE html>'),
            (b'{"BEGIN": "VCALENDAR"}', "is no calendar: it begins with"),
            ("BEGIN:VCALENDAR\n".encode("utf-16"), "is no calendar: it begins with"),
            (calendar(event("DTSTART:20260302"))[:-17], "is cut off: expected END:VCALENDAR"),
            (calendar(head="CALSCALE:HEBREW\n"), 'CALSCALE: expected GREGORIAN, not "HEBREW"'),
        ],
    )
    def test_what_is_none_is_said(self, text: bytes, words: str) -> None:
        with pytest.raises(Refusal) as refused:
            calendar_reading(text, "team.ics", BERLIN, YEAR)
        assert refused.value.reason.startswith(f"team.ics: {words}")
        assert refused.value.reason.isprintable()

    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ("LOCATION:x", "has no start"),
            ("DTSTART:2026", f'DTSTART: expected {A_MOMENT}, not "2026"'),
            ("DTSTART:tomorrow\nDTEND:20260302", f'DTSTART: expected {A_MOMENT}, not "tomorrow"'),
            ("DTSTART;VALUE=DATE:20260230", f'DTSTART: expected {A_MOMENT}, not "20260230"'),
            ("DTSTART:20260302T256000Z", f'DTSTART: expected {A_MOMENT}, not "20260302T256000Z"'),
            ("DTSTART;VALUE=TIME:090000", f'DTSTART: expected {A_MOMENT}, not "090000"'),
            (f"{START}\nDTEND:tomorrow", f'DTEND: expected {A_MOMENT}, not "tomorrow"'),
            (f"{START}\nDTEND:20260301T090000Z", "ends before it starts"),
            (f"{START}\nDURATION:-PT1H", "ends before it starts"),
            (f"{START}\nDURATION:PT1W", "DURATION: expected a length such as P1D or PT1H30M, not"),
            (f"{START}\nDURATION:P", "DURATION: expected a length"),
            (f"{START}\nRRULE:FREQ=SOMETIMES", "RRULE: expected a repetition such as"),
            (f"{START}\nRRULE:", "RRULE: expected a repetition such as"),
            (f"{START}\nRRULE:FREQ=DAILY;UNTIL=soon", "RRULE: expected a repetition such as"),
            (f"{START}\nRRULE:FREQ=DAILY;BYDAY=XX", ""),
            (f"{START}\nRDATE:always", f'RDATE: expected {A_MOMENT}, not "always"'),
            (f"{START}\nRDATE;VALUE=PERIOD:20260302/PT1H", f"RDATE: expected {A_MOMENT}"),
            (f"{START}\nEXDATE:never", f'EXDATE: expected {A_MOMENT}, not "never"'),
            (f"{START}\nEXRULE:FREQ=DAILY", "EXRULE: expected EXDATE"),
            (f"{START}\nRECURRENCE-ID:once", f'RECURRENCE-ID: expected {A_MOMENT}, not "once"'),
            (f"{START}\nDTSTART:20260303T090000Z", "says DTSTART twice"),
            (
                f"{START}\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20260309T090000Z",
                "repeats with COUNT and UNTIL",
            ),
            (f"{START}\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "repeats on days that no month"),
            (f"{START}\nRRULE:FREQ=MONTHLY;BYMONTHDAY=32,0", "repeats on days that no month"),
        ],
    )
    def test_the_event_is_named_and_the_rest_counts(self, lines: str, words: str) -> None:
        holiday = event("DTSTART;VALUE=DATE:20260803", uid="holiday")
        bad = event(lines, summary="Sea")
        day = "2026-03-02" if re.search(r":20260302(\D|$)", lines) else ""
        for order in ((holiday, bad), (bad, holiday)):
            [said] = broken(*order)
            assert said.startswith(f"{day} Sea: {words}")
            assert [each.uid for each in read(*order)] == ["holiday"]

    def test_what_does_not_matter_may_be_broken(self) -> None:
        assert len(read(event("DTSTART;VALUE=DATE:20260803\nGEO:nowhere\nCREATED:once"))) == 1

    def test_an_event_without_a_name(self) -> None:
        assert broken("BEGIN:VEVENT\nEND:VEVENT\n") == [" without a name: has no start"]

    def test_events_without_an_identifier_stand_alone(self) -> None:
        first = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260803\nEND:VEVENT\n"
        second = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260804\nEND:VEVENT\n"
        found = read(first, second)
        assert len({each.uid for each in found}) == 2
        assert found == read(second, first)

    def test_a_summary_of_several_lines_is_one_harmless_line(self) -> None:
        [found] = read(event("DTSTART;VALUE=DATE:20260803", summary="\\n\x1b[2J" + "a\\nb" * 200))
        assert found.summary.isprintable()
        assert len(found.summary) <= 201

    @UNHURRIED
    @given(st.data())
    def test_whatever_is_done_to_a_calendar_there_is_an_answer(self, data: st.DataObject) -> None:
        whole = calendar(
            event(
                "DTSTART;TZID=Europe/Berlin:20260311T150000\nDTEND;TZID=Europe/Berlin:20260311T160000\n"
                "RRULE:FREQ=WEEKLY;UNTIL=20260408T130000Z\nEXDATE;TZID=Europe/Berlin:20260318T150000"
            ),
            event("RECURRENCE-ID:20260325T140000Z\nDTSTART:20260326T080000\nDURATION:PT1H"),
            head="X-WR-TIMEZONE:Europe/Berlin\n",
        )
        lines = data.draw(st.lists(st.sampled_from(whole.split(b"\r\n")), max_size=30))
        text = b"\r\n".join(data.draw(st.permutations([*whole.split(b"\r\n"), *lines])))
        at = data.draw(st.integers(0, len(text)))
        noise = data.draw(st.binary(max_size=10))
        for broken in (text, whole[:at] + noise + whole[at + len(noise) :]):
            try:
                found = calendar_reading(broken, "team.ics", BERLIN, YEAR).absences
            except Refusal as refused:
                assert refused.reason.isprintable()  # noqa: PT017 - either answer will do
            else:
                assert all(each.start < each.end for each in found)


class TestTooMuch:
    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ("DTSTART:20260302T090000Z\nRRULE:FREQ=SECONDLY", " repeats more than 24 times a day"),
            ("DTSTART:20260302T090000Z\nRRULE:FREQ=HOURLY", " repeats more than 24 times a day"),
            (
                "DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5",
                " repeats more than 24 times a day",
            ),
            ("DTSTART:00010101T090000Z\nRRULE:FREQ=DAILY", " repeats since so long ago"),
            ("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;INTERVAL=0", " repeats at an INTERVAL of"),
            ("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;INTERVAL=-1", " repeats at an INTERVAL"),
            ("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;BYSETPOS=2", " repeats daily with BYSET"),
            ("DTSTART:20260302T090000Z\nDURATION:P367D\nRRULE:FREQ=DAILY", " repeats, and lasts"),
            ("DTSTART:20260302T090000Z\nRECURRENCE-ID:20290101T000000Z", " is moved by more"),
        ],
    )
    def test_repetitions_without_measure(self, lines: str, words: str) -> None:
        holiday = event("DTSTART;VALUE=DATE:20260803", uid="holiday")
        [said] = broken(event(lines), holiday)
        assert f" Off:{words}" in said
        assert [each.uid for each in read(event(lines), holiday)] == ["holiday"]

    def test_too_many_times_off(self) -> None:
        hours = ",".join(map(str, range(24)))
        often = f"DTSTART:20260101T000000Z\nDURATION:PT1M\nRRULE:FREQ=DAILY;BYHOUR={hours}"
        assert broken(event(often)) == [
            f"2026-01-01 Off: comes more than {MOST_ABSENCES:,} times; expected fewer"
        ]
        half = [event(f"{often};INTERVAL=2", uid=uid) for uid in ("one", "two")]
        assert refusal(*half) == f"has more than {MOST_ABSENCES:,} times off; expected fewer"

    def test_too_many_events(self) -> None:
        one = event("DTSTART:20260302T090000Z")
        assert refusal(one * (MOST_EVENTS + 1)) == (
            f"has more than {MOST_EVENTS:,} events; expected fewer"
        )

    def test_working_it_out_is_given_up(self) -> None:
        never = event("DTSTART:20260302T090000Z\nRRULE:FREQ=YEARLY")
        with pytest.raises(Refusal, match="repeats so often that working it out takes too long"):
            calendar_reading(calendar(never), "team.ics", BERLIN, YEAR, patience=timedelta(0))


class TestPlaces:
    def one(self) -> bytes:
        return calendar(event("DTSTART;VALUE=DATE:20260803"))

    def test_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "team.ics"
        file.write_bytes(self.one())
        now = datetime(2026, 7, 1, tzinfo=UTC)
        assert [each.uid for each in read_calendar(str(file), BERLIN, now).absences] == ["off-1"]
        assert read_calendar(str(file), BERLIN, now + timedelta(days=64)).absences == ()
        assert read_calendar(str(file), BERLIN, now - timedelta(days=368)).absences == ()

    def test_an_address(self) -> None:
        with WebServer(lambda _asked: Answer(body=self.one())) as server:
            now = datetime(2026, 7, 1, tzinfo=UTC)
            assert (
                len(read_calendar(f"{server.address}/s3cr3t/basic.ics", BERLIN, now).absences) == 1
            )
        assert server.asked[0].path == "/s3cr3t/basic.ics"

    def test_an_address_that_sends_on(self) -> None:
        def answer(asked: Asked) -> Answer:
            if asked.path == "/team.ics":
                return Answer(body=self.one())
            return Answer(302, headers={"Location": "/team.ics"})

        with WebServer(answer) as server:
            assert (
                len(
                    read_calendar(server.address, BERLIN, datetime(2026, 7, 1, tzinfo=UTC)).absences
                )
                == 1
            )

    def refused(self, place: str) -> str:
        with pytest.raises(Refusal) as refused:
            read_calendar(place, BERLIN, datetime(2026, 7, 1, tzinfo=UTC))
        assert "s3cr3t" not in refused.value.reason
        return refused.value.reason

    def test_files_that_are_none(self, tmp_path: Path) -> None:
        assert self.refused(f"{tmp_path}/no.ics") == (
            f"{tmp_path}/no.ics: cannot be read: No such file or directory"
        )
        assert self.refused(str(tmp_path)) == f"{tmp_path}: expected a file"
        assert self.refused("/dev/zero") == "/dev/zero: expected a file"
        assert "cannot be read" in self.refused("a\0b")

    def test_a_huge_file(self, tmp_path: Path) -> None:
        file = tmp_path / "huge.ics"
        with file.open("wb") as written:
            written.write(self.one())
            written.truncate(MOST_BYTES + 1)
        assert (
            self.refused(str(file)) == f"{file}: is larger than 10 MB; expected a calendar of less"
        )

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (Answer(404), "answers 404; expected a calendar"),
            (Answer(code=None), "closed the connection"),
            (Answer(body=b"BEGIN:VCAL", length=100), "closed the connection"),
            (Answer(302, headers={"Location": "/s3cr3t"}), "sends on and on to other addresses"),
            (Answer(302, headers={"Location": "mailto:x"}), "answers 302; expected a calendar"),
            (Answer(302, headers={"Location": "http://a..b/"}), NOWHERE),
            (Answer(body=b"<html>"), 'is no calendar: it begins with "<html>"'),
            (
                Answer(body=b" " * MOST_BYTES + b" "),
                "is larger than 10 MB; expected a calendar of less",
            ),
        ],
    )
    def test_addresses_that_have_none(self, answer: Answer, words: str) -> None:
        with WebServer(lambda _asked: answer) as server:
            assert self.refused(f"{server.address}/s3cr3t") == f"{server.address}: {words}"

    def test_addresses_that_cannot_be_reached(self) -> None:
        with WebServer(lambda _asked: Answer()) as server:
            pass
        reason = self.refused(f"{server.address}/s3cr3t")
        assert reason == f"{server.address}: cannot be reached: Connection refused"
        assert "webcal://" not in self.refused("webcal://nowhere.invalid/s3cr3t")
        for place in ("https:///s3cr3t", "https://[::1/s3cr3t", "http://a..b/s3cr3t"):
            assert "expected an address that starts with https://" in self.refused(place)

    def test_an_address_that_never_answers(self) -> None:
        words = "does not answer in time"
        with WebServer(lambda _asked: STALL) as server, pytest.raises(Refusal, match=words):
            calendar_text(server.address, timeout=0.2)
