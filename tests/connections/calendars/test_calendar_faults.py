"""One thing wrong in a calendar loses nothing else of it, and what is long past never matters.

"An event that cannot be read is left out and named with its date; the rest counts."
"""

from datetime import UTC, date, datetime

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.calendars.time_off_calendar import CalendarReading, calendar_reading
from policy.clocks.calendar import Interval

UNHURRIED = hypothesis.settings(deadline=None)
YEAR = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
BERLIN = "Europe/Berlin"
HOLIDAY = "BEGIN:VEVENT\nUID:holiday\nSUMMARY:Sea\nDTSTART;VALUE=DATE:20260803\nEND:VEVENT\n"
SHIFT = (
    "BEGIN:VEVENT\nUID:series\nSUMMARY:Course\nDTSTART;TZID=Europe/Berlin:20260310T090000\n"
    "DTEND;TZID=Europe/Berlin:20260310T100000\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n"
)
RUBBISH = [
    "BEGIN:VTIMEZONE\nTZID:A\nTZID:B\nEND:VTIMEZONE\n",
    "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:x\nRRULE:y\nEND:STANDARD\n"
    "END:VTIMEZONE\n",
    "BEGIN:VTIMEZONE\nBEGIN:DAYLIGHT\nEND:VTIMEZONE\n",
    "BEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=BUSY:20170623T070000Z/20170223T110000Z\nEND:VFREEBUSY\n",
    "BEGIN:VFREEBUSY\nFREEBUSY:always\nDTSTART:never\nEND:VFREEBUSY\n",
    "BEGIN:VTODO\nDUE:soon\nRRULE:FREQ=SECONDLY\nBEGIN:VALARM\nTRIGGER:now\nEND:VALARM\nEND:VTODO\n",
    "BEGIN:VJOURNAL\nDTSTART;TZID=Nowhere:20260310T090000\nEND:VJOURNAL\n",
    "BEGIN:VAVAILABILITY\nBEGIN:AVAILABLE\nDTSTART:x\nEND:AVAILABLE\nEND:VAVAILABILITY\n",
    "BEGIN:X-OURS\nBEGIN:X-INNER\nEND:X-OURS\n",
    "BEGIN:VALARM\nTRIGGER:garbage\n",
    "BEGIN:VEVENT\n",
    "BEGIN:VEVENT\nDTSTART:nonsense\nEND:VEVENT\n",
    "BEGIN:VEVENT\nUID:series\nRECURRENCE-ID:nonsense\nDTSTART:20260501T090000Z\nEND:VEVENT\n",
    "BEGIN:VEVENT\nUID:holiday\nDTSTART;TZID=Nowhere:20260310T090000\nEND:VEVENT\n",
    "BEGIN:VEVENT\nUID:rule\nDTSTART:20260310T090000Z\nRRULE:FREQ=OFTEN\nEND:VEVENT\n",
    "BEGIN:VEVENT\nUID:clock\nDTSTART:20260310T090000Z\nRRULE:FREQ=DAILY;UNTIL=090000\nEND:VEVENT\n",
    f"BEGIN:VEVENT\nUID:many\nDTSTART:20260310\nRDATE:{'20260311,' * 5_000}\nEND:VEVENT\n",
    "BEGIN:X\n" * 200 + "END:Y\n" * 200,
    "BEGIN:VEVENT\nUID:long\nDTSTART:20260310T090000Z\nDURATION:P9999999D\nEND:VEVENT\n",
    "END:VEVENT\n",
    "END:VALARM\n",
    "this is no line\n",
    "X-WR-TIMEZONE;:::\n",
    ":\n;\n\n\x00\n",
]


def reading(*parts: str) -> CalendarReading:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{''.join(parts)}END:VCALENDAR\n"
    return calendar_reading(text.encode(), "team.ics", BERLIN, YEAR)


def event(lines: str, uid: str = "off", summary: str = "Off") -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{summary}\n{lines}\nEND:VEVENT\n"


def starts(*parts: str) -> list[str]:
    return [f"{each.start:%m-%d %H:%M}" for each in reading(*parts).absences]


def shuffled(rubbish: list[str]) -> st.SearchStrategy[list[str]]:
    return st.permutations([*rubbish, SHIFT, HOLIDAY])


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_whatever_is_broken_the_rest_counts(rubbish: str) -> None:
    wanted = reading(SHIFT, HOLIDAY).absences
    assert len(wanted) == 4
    for parts in ((rubbish, SHIFT, HOLIDAY), (SHIFT, rubbish, HOLIDAY), (SHIFT, HOLIDAY, rubbish)):
        assert reading(*parts).absences == wanted


def test_a_time_before_all_years_of_one_of_two_series_with_one_id_loses_neither() -> None:
    first = event("DTSTART:20260310T090000Z\nDTEND:20260310T100000Z\nRRULE:FREQ=DAILY;COUNT=2")
    other = event("DTSTART:20260410T090000Z\nDTEND:20260410T100000Z\nRRULE:FREQ=DAILY;COUNT=2")
    wanted = ["03-10 09:00", "03-11 09:00", "04-10 09:00", "04-11 09:00"]
    assert starts(first, other) == wanted
    before = "RECURRENCE-ID;TZID=Asia/Tokyo:00010101T010000\nDTSTART:20260311T080000Z"
    for of_it in (event(before), event(f"{before}\nSTATUS:CANCELLED")):
        assert starts(first, of_it, other) == wanted


@UNHURRIED
@given(st.lists(st.sampled_from(RUBBISH), max_size=6).flatmap(shuffled))
def test_however_much_is_broken_the_rest_counts(parts: list[str]) -> None:
    assert reading(*parts).absences == reading(SHIFT, HOLIDAY).absences


MOMENTS = st.sampled_from(
    [
        f"{zone}:{day}{time}"
        for zone in ("", ";TZID=Asia/Tokyo", ";TZID=America/New_York", ";VALUE=DATE")
        for day in ("00010101", "00020101", "20260310", "20261231", "99981231", "99991231")
        for time in ("", "T000000", "T235959", "T235959Z")
    ]
)


@UNHURRIED
@given(
    st.dictionaries(
        st.sampled_from(["DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"]), MOMENTS
    ),
    st.sampled_from(
        ["", "FREQ=DAILY", "FREQ=YEARLY;UNTIL=99991231", "FREQ=WEEKLY;UNTIL=00010101Z"]
    ),
    st.sampled_from(["", "X-WR-TIMEZONE:America/New_York\n", "METHOD:CANCEL\n"]),
)
def test_the_first_and_the_last_years_are_years(
    lines: dict[str, str], rule: str, head: str
) -> None:
    told = [f"{name}{value}" for name, value in lines.items()]
    far = event("\n".join([*told, *([f"RRULE:{rule}"] if rule else [])]))
    found = reading(head, HOLIDAY, far, far.replace("RECURRENCE-ID", "X-KNOWN-AS"))
    assert "CANCEL" in head or "holiday" in {each.uid for each in found.absences}
    assert all(each.start < each.end for each in found.absences)


@UNHURRIED
@given(
    st.sampled_from(["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"]),
    st.text(st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=30),
)
def test_whatever_an_event_says_the_rest_counts_and_it_is_told_in_one_line(
    name: str, value: str
) -> None:
    bad = event(f"DTSTART:20260310T090000Z\nDURATION:PT1H\n{name}:{value}", summary=value)
    found = reading(HOLIDAY, bad)
    assert "holiday" in {each.uid for each in found.absences}
    assert all(each.name.isprintable() and each.why.isprintable() for each in found.broken)


class TestLongAgo:
    @pytest.mark.parametrize(
        "lines",
        [
            "DTSTART;TZID=Nowhere:20120301T090000\nDTEND;TZID=Nowhere:20120301T100000",
            "DTSTART:20190301T090000Z\nDTEND:20190228T100000Z",
            "DTSTART:20210301T090000Z\nDURATION:PT1W",
            "DTSTART:20210301T090000Z\nDURATION:lots",
            "DTSTART:20210301T090000Z\nDTEND:20210302",
            "DTSTART:20210301T090000Z\nRDATE:20210302T090000Z\nEXDATE:x",
            "DTSTART;TZID=Nowhere:20150401T000000\nRRULE:FREQ=WEEKLY;UNTIL=20160101T000000Z",
            "DTSTART;TZID=Nowhere:20150401T000000\nRRULE:FREQ=WEEKLY;COUNT=3",
            "DTSTART;TZID=Nowhere:20150401T000000\nRRULE:FREQ=WEEKLY;UNTIL=20160101\nEXDATE:x",
            "DTSTART:20150401T000000Z\nRRULE:FREQ=SECONDLY;UNTIL=20160101T000000Z",
            "DTSTART;TZID=Nowhere:20251230T090000\nDTEND;TZID=Nowhere:20251230T100000",
            "DTSTART;TZID=Nowhere:20280101T090000\nRRULE:FREQ=WEEKLY",
            "DTSTART:20280101T090000Z\nRRULE:FREQ=SOMETIMES",
            "DTSTART:tomorrow\nDTEND:20120301T100000Z",
            "RECURRENCE-ID:20120301T100000Z\nDTSTART:tomorrow",
            "STATUS:CANCELLED\nDTSTART:tomorrow",
            "TRANSP:TRANSPARENT\nDTSTART:tomorrow",
        ],
    )
    def test_what_is_broken_outside_the_window_is_not_spoken_of(self, lines: str) -> None:
        found = reading(event(lines), HOLIDAY)
        assert not found.broken
        assert [each.uid for each in found.absences] == ["holiday"]

    def test_many_of_them_are_not_too_many(self) -> None:
        old = "".join(
            event("DTSTART;VALUE=DATE:20120301", uid=str(number)) for number in range(10_001)
        )
        assert len(reading(old, HOLIDAY).absences) == 1

    def test_a_series_that_still_runs_is_named_by_its_first_day_inside(self) -> None:
        [found] = reading(event("DTSTART;TZID=Nowhere:20150401T000000\nRRULE:FREQ=WEEKLY")).broken
        assert date.fromisoformat(found.day).year == 2026
        assert date.fromisoformat(found.day).weekday() == date(2015, 4, 1).weekday()

    def test_what_ends_in_the_window_or_never_counts(self) -> None:
        assert len(reading(
            event("DTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:20260201"),
            event("DTSTART;TZID=Asia/Tokyo:00010101T000000\nDTEND:20260201T000000Z", "a"),
            event("DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:99991231", "b"),
            event("DTSTART;TZID=America/New_York:20260301T000000\nDTEND:99991231T235959Z", "c"),
            event("DTSTART;VALUE=DATE:00010601\nRRULE:FREQ=YEARLY", "d"),
        ).absences) == 5  # fmt: skip


class TestSharedIds:
    def test_events_that_are_no_series_are_events_each(self) -> None:
        evening = (
            "DTSTART;TZID=Europe/London:202603{}T193000\nDTEND;TZID=Europe/London:202603{}T233000"
        )
        found = starts(*(event(evening.format(day, day)) for day in (16, 17, 18)))
        assert found == ["03-16 19:30", "03-17 19:30", "03-18 19:30"]

    def test_a_series_and_a_single_day(self) -> None:
        mondays = event("DTSTART;VALUE=DATE:20260309\nRRULE:FREQ=WEEKLY;COUNT=2")
        extra = event("DTSTART;VALUE=DATE:20260320")
        assert starts(mondays, extra) == starts(extra, mondays)
        assert starts(mondays, extra) == ["03-08 23:00", "03-15 23:00", "03-19 23:00"]

    def test_two_series_and_a_time_moved_of_one_of_them(self) -> None:
        first = event("DTSTART:20260310T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2")
        second = event("DTSTART:20260401T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2")
        moved = event("RECURRENCE-ID:20260402T100000Z\nDTSTART:20260420T080000Z\nDURATION:PT1H")
        wanted = ["03-10 09:00", "03-11 09:00", "04-01 10:00", "04-20 08:00"]
        assert starts(first, second, moved) == starts(moved, second, first) == wanted

    def test_a_broken_one_leaves_the_others(self) -> None:
        good = event("DTSTART;VALUE=DATE:20260309")
        bad = event("DTSTART;TZID=Nowhere:20260310T090000")
        found = reading(good, bad)
        assert (len(found.absences), len(found.broken)) == (1, 1)

    def test_one_that_was_cancelled_since_is_gone_and_the_others_stay(self) -> None:
        times = "DTSTART:20260310T090000Z\nDURATION:PT1H"
        before, after = (
            event(f"{times}\nSEQUENCE:0"),
            event(f"{times}\nSEQUENCE:1\nSTATUS:CANCELLED"),
        )
        other = event("DTSTART:20260311T090000Z\nDURATION:PT1H")
        assert starts(before, after, other) == starts(after, other, before) == ["03-11 09:00"]

    def test_a_series_that_was_cancelled_takes_its_moved_times_with_it(self) -> None:
        series = event("DTSTART:20260310T090000Z\nRRULE:FREQ=DAILY\nSTATUS:CANCELLED")
        moved = event("RECURRENCE-ID:20260311T090000Z\nDTSTART:20260420T080000Z\nDURATION:PT1H")
        assert starts(series, moved) == []


class TestSingleTimesOfASeries:
    SERIES = event(
        "DTSTART;TZID=Europe/Berlin:20260310T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
    )

    @pytest.mark.parametrize(
        "known_as",
        [
            "RECURRENCE-ID;TZID=Europe/Berlin:20260311T090000",
            "RECURRENCE-ID:20260311T080000Z",
            "RECURRENCE-ID:20260311T090000",
            "RECURRENCE-ID;VALUE=DATE:20260311",
            "RECURRENCE-ID;TZID=America/New_York:20260311T040000",
        ],
    )
    def test_one_that_is_moved_or_cancelled_however_it_is_named(self, known_as: str) -> None:
        moved = event(f"{known_as}\nDTSTART:20260320T080000Z\nDURATION:PT1H")
        assert starts(self.SERIES, moved) == ["03-10 08:00", "03-12 08:00", "03-20 08:00"]
        cancelled = event(f"{known_as}\nSTATUS:CANCELLED")
        assert starts(cancelled, self.SERIES) == ["03-10 08:00", "03-12 08:00"]
        free = event(f"{known_as}\nDTSTART:20260311T080000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT")
        assert starts(free, self.SERIES) == ["03-10 08:00", "03-12 08:00"]
        assert [each.day for each in reading(free, self.SERIES).free] == ["2026-03-11"]

    @pytest.mark.parametrize(
        "exception",
        [
            "EXDATE;TZID=Europe/Berlin:20260311T090000",
            "EXDATE:20260311T080000Z",
            "EXDATE:20260311T090000",
            "EXDATE;VALUE=DATE:20260311",
            "EXDATE:\nEXDATE:20200101T000000Z,20260311T080000Z",
        ],
    )
    def test_an_exception_however_it_is_told(self, exception: str) -> None:
        series = self.SERIES.replace("END:VEVENT", f"{exception}\nEND:VEVENT")
        assert starts(series) == ["03-10 08:00", "03-12 08:00"]

    def test_one_that_is_broken_is_left_out_and_named_and_is_not_when_it_was(self) -> None:
        bad = event("RECURRENCE-ID:20260311T080000Z\nDTSTART:nonsense", summary="Moved")
        found = reading(self.SERIES, bad)
        assert [each.start.day for each in found.absences] == [10, 12]
        assert [(each.day, each.name) for each in found.broken] == [("2026-03-11", "Moved")]

    def test_those_of_a_series_that_is_broken_or_not_there_are_events_each(self) -> None:
        moved = event("RECURRENCE-ID:20260311T080000Z\nDTSTART:20260320T080000Z\nDURATION:PT1H")
        broken = event("DTSTART:nonsense\nRRULE:FREQ=DAILY")
        impossible = event("DTSTART:20260310T080000Z\nRRULE:FREQ=DAILY;BYDAY=5MO")
        assert starts(moved) == starts(broken, moved) == ["03-20 08:00"]
        assert "03-20 08:00" in starts(impossible, moved)

    def test_one_that_is_moved_out_of_the_window_is_gone_from_it(self) -> None:
        away = event("RECURRENCE-ID:20260311T080000Z\nDTSTART:20280320T080000Z\nDURATION:PT1H")
        assert starts(self.SERIES, away) == ["03-10 08:00", "03-12 08:00"]


class TestUntil:
    @pytest.mark.parametrize(
        ("start", "until", "last"),
        [
            ("DTSTART;TZID=America/New_York:20260309T090000", "20260311", "03-11 13:00"),
            ("DTSTART;TZID=America/New_York:20260309T230000", "20260311", "03-12 03:00"),
            ("DTSTART;TZID=Australia/Sydney:20260309T080000", "20260311", "03-10 21:00"),
            ("DTSTART:20260309T233000Z", "20260311", "03-11 23:30"),
            ("DTSTART:20260309T233000", "20260311", "03-11 22:30"),
            ("DTSTART:20260309T090000", "20260311T080000Z", "03-11 08:00"),
            ("DTSTART;TZID=Europe/Berlin:20260309T090000", "20260311T090000", "03-11 08:00"),
            ("DTSTART;TZID=Europe/Berlin:20260309T090000", "20260311T075959Z", "03-10 08:00"),
            ("DTSTART;VALUE=DATE:20260309", "20260311", "03-10 23:00"),
            ("DTSTART;VALUE=DATE:20260309", "20260311T225959Z", "03-10 23:00"),
            ("DTSTART;VALUE=DATE:20260309", "20260311T000000Z", "03-10 23:00"),
            ("DTSTART;VALUE=DATE:20260309", "20260310T230000Z", "03-10 23:00"),
            ("DTSTART;VALUE=DATE:20260309", "20260311T120000", "03-10 23:00"),
        ],
    )
    def test_the_last_day_counts_as_a_whole_where_the_event_is(
        self, start: str, until: str, last: str
    ) -> None:
        rule = f"RRULE:FREQ=DAILY;UNTIL={until}"
        length = "" if "VALUE=DATE" in start else "DURATION:PT15M\n"
        assert starts(event(f"{start}\n{length}{rule}"))[-1] == last

    def test_on_the_clocks_that_the_calendar_has_for_all_of_itself(self) -> None:
        late = event("DTSTART:20260309T040000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260311")
        assert starts("X-WR-TIMEZONE:America/Los_Angeles\n", late)[-1] == "03-12 04:00"

    @pytest.mark.parametrize("until", ["99991231", "99991231T235959Z", "99991231T235959"])
    def test_one_that_is_as_good_as_never(self, until: str) -> None:
        zones = ("", ";TZID=America/New_York", ";TZID=Asia/Tokyo", ";VALUE=DATE")
        for zone in zones:
            at = "20260309" if "DATE" in zone else "20260309T090000"
            lines = f"DTSTART{zone}:{at}\nRRULE:FREQ=WEEKLY;UNTIL={until}"
            found = starts(event(lines if "DATE" in zone else f"{lines}\nDURATION:PT1H"))
            assert len(found) == 43


class TestLengths:
    @pytest.mark.parametrize(
        ("length", "end"),
        [
            ("DURATION:PT8H", "03-29 05:00"),
            ("DURATION:P1D", "03-29 20:00"),
            ("DURATION:P1DT1H", "03-29 21:00"),
            ("DTEND;TZID=Europe/Berlin:20260329T060000", "03-29 04:00"),
            ("DTEND:20260329T060000", "03-29 04:00"),
            ("DTEND;TZID=Europe/Berlin:20260329T023000", "03-29 01:00"),
        ],
    )
    @pytest.mark.parametrize("rule", ["", "\nRRULE:FREQ=DAILY;COUNT=1"])
    def test_hours_are_hours_and_days_are_days_when_clocks_change(
        self, length: str, end: str, rule: str
    ) -> None:
        night = event(f"DTSTART;TZID=Europe/Berlin:20260328T220000\n{length}{rule}")
        [found] = reading(night).absences
        assert f"{found.end:%m-%d %H:%M}" == end


class TestFree:
    def test_what_takes_up_no_time_is_named_once_with_its_first_day(self) -> None:
        lunch = event(
            "DTSTART:20260202T110000Z\nRRULE:FREQ=DAILY\nTRANSP:TRANSPARENT", "l", "Lunch"
        )
        office = event(
            "DTSTART;VALUE=DATE:20260105\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", "o", "Home"
        )
        past = event("DTSTART;VALUE=DATE:20200105\nTRANSP:TRANSPARENT", "p", "Past")
        found = reading(lunch, office, past, HOLIDAY)
        assert [(each.day, each.name) for each in found.free] == [
            ("2026-01-05", "Home"),
            ("2026-02-02", "Lunch"),
        ]
        assert len(found.absences) == 1

    def test_a_list_of_busy_times_is_named_when_it_is_of_now(self) -> None:
        busy = "BEGIN:VFREEBUSY\nFREEBUSY:2026{}T080000Z/PT1H\nEND:VFREEBUSY\n"
        assert reading(busy.format("0310"), busy.format("0311")).remarks == (
            "2 lists of free and busy times (VFREEBUSY) left out; expected events",
        )
        assert reading(busy.format("0310").replace("2026", "2016")).remarks == ()


class TestCancellations:
    def cancelled(self, *parts: str) -> CalendarReading:
        return reading("METHOD:CANCEL\n", *parts)

    def test_it_adds_nothing_and_says_what_goes(self) -> None:
        found = self.cancelled(event("DTSTART:20260316T090000Z\nDTEND:20260316T170000Z"))
        assert (found.absences, found.replaces) == ((), False)
        [gone] = found.cancelled
        assert (gone.uid, gone.repetition, gone.and_later) == ("off", "", False)
        assert gone.starts == {datetime(2026, 3, 16, 9, tzinfo=UTC)}

    def test_of_one_time_of_a_series_and_of_all_later_ones(self) -> None:
        times = "RECURRENCE-ID{};TZID=Europe/Berlin:20260311T090000\nDTSTART:nonsense"
        one, later = self.cancelled(
            event(times.format("")), event(times.format(";RANGE=THISANDFUTURE"))
        ).cancelled
        assert (one.repetition, one.and_later) == ("20260311T080000Z", False)
        assert one.starts == {datetime(2026, 3, 11, 8, tzinfo=UTC)}
        assert later.and_later

    def test_what_says_nothing_but_an_id_will_do_and_what_has_none_does_nothing(self) -> None:
        assert [each.uid for each in self.cancelled(event("")).cancelled] == ["off"]
        assert self.cancelled("BEGIN:VEVENT\nEND:VEVENT\n").cancelled == ()

    @pytest.mark.parametrize(
        ("which", "why"),
        [
            (";TZID=Asia/Tokyo:00010101T010000", "is at a time that cannot be reckoned"),
            (";TZID=America/New_York:99991231T230000", "is at a time that cannot be reckoned"),
            (":00010101T000000", "is at a time that cannot be reckoned"),
            (
                ":nonsense",
                "RECURRENCE-ID: expected a day as 20260316 or a time as 20260316T090000Z,"
                ' not "nonsense"',
            ),
        ],
    )
    def test_of_a_time_that_cannot_be_read_takes_back_none_of_a_series_and_is_named(
        self, which: str, why: str
    ) -> None:
        text = f"RECURRENCE-ID{which}\nDTSTART:20260311T080000Z"
        found = self.cancelled(event(text), event("", "whole"))
        assert [each.uid for each in found.cancelled] == ["whole"]
        [broken] = found.broken
        assert (broken.day, broken.name, broken.why) == ("2026-03-11", "Off", why)

    def test_beside_a_calendar_in_the_same_file(self) -> None:
        whole = f"BEGIN:VCALENDAR\n{HOLIDAY}END:VCALENDAR\n"
        cancel = f"BEGIN:VCALENDAR\nMETHOD:CANCEL\n{event('')}END:VCALENDAR\n"
        found = calendar_reading(f"{whole}{cancel}".encode(), "team.ics", BERLIN, YEAR)
        assert (len(found.absences), len(found.cancelled), found.replaces) == (1, 1, True)
