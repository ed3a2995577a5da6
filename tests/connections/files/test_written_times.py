"""Times as exports write them: forms, epochs, and zones that are obeyed on any machine."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.files.written_times import TimeReader
from connections.files.zone_words import ZoneWords
from policy.clocks.zones import zone_named

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
FORM = "%Y-%m-%d %H:%M:%S %Z"


def read(written: object, *forms: str, zone: str = "UTC", **words: str) -> datetime | None:
    known = zone_named(zone)
    moment = TimeReader(forms, known, ZoneWords(known, words)).read(written)
    return None if moment is None else moment.astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("2026-03-04 12:00:00 UTC", FORM),
        ("2026-03-04 12:00:00 GMT", FORM),
        ("2026-03-04 13:00:00 CET", FORM),
        ("2026-03-04 14:00:00 CEST", FORM),
        ("2026-03-04 07:00:00 EST", FORM),
        ("2026-03-04 04:00:00 PST", FORM),
        ("2026-03-04 21:00:00 JST", FORM),
        ("2026-03-04 13:00:00 MEZ", FORM),
        ("2026-03-04 13:00:00 +0100", FORM),
        ("2026-03-04 14:30:00 GMT+02:30", FORM),
        ("2026-03-04 14:00:00 UTC+2", FORM),
        ("2026-03-04 13:00:00 Europe/Berlin", FORM),
        ("2026-03-04 07:00:00", FORM),
        ("Wed Mar 04 13:00:00 CET 2026", "%a %b %d %H:%M:%S %Z %Y"),
        ("2026-03-04T13:00:00+0100", "%Y-%m-%dT%H:%M:%S%z"),
        ("2026-03-04T13:00:00 CET", "%Y-%m-%dT%H:%M:%S %z"),
        ("2026-03-04T12:00:00Z", "%Y-%m-%dT%H:%M:%SZ"),
        ("04.03.2026 12:00 UTC", "%d.%m.%Y %H:%M UTC"),
        ("04.03.2026 13:00 (CET)", "%d.%m.%Y %H:%M (CET)"),
        ("04.03.2026 13:00 CET", "%d.%m.%Y %H:%M"),
        ("04.03.2026 13:00 +01:00", "%d.%m.%Y %H:%M"),
        ("04.03.2026 07:00", "%d.%m.%Y %H:%M"),
        ("04/Mar/26 7:00 AM", "%d/%b/%y %I:%M %p"),
        ("04/Mar/26 1:00 PM CET", "%d/%b/%y %I:%M %p"),
        ("2026-03-04 12:00:00 UTC", "iso"),
        ("2026-03-04T13:00+01:00[Europe/Berlin]", "iso"),
        ("2026-03-04T12:00:00.000Z", "iso"),
        ("Wed, 04 Mar 2026 13:00:00 CET", "iso"),
        ("Wed, 04 Mar 2026 12:00:00 +0000", "iso"),
        ("Wed, 04 Mar 2026 07:00:00", "iso"),
        ("1772625600", "unix"),
        ("1772625600000", "unix_ms"),
        ("46085.2916666666667", "excel"),
    ],
)
def test_the_zone_a_time_names_is_obeyed_and_others_are_in_the_mapping_s(
    written: str, form: str
) -> None:
    moment = read(written, form, zone="America/New_York")
    assert moment is not None
    assert abs((moment - NOON).total_seconds()) < 1


def test_without_a_form_times_are_iso_mail_dates_or_numbers_since_1970() -> None:
    for written in ("2026-03-04T12:00Z", "Wed, 4 Mar 2026 12:00:00 GMT", 1772625600, 1772625600000):
        assert read(written, zone="Asia/Tokyo") == NOON


def test_the_first_form_that_fits_counts() -> None:
    forms = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "iso")
    for written in ("04/03/2026 12:00", "04/03/2026 12:00:00", "2026-03-04T12:00"):
        assert read(written, *forms) == NOON


@pytest.mark.parametrize(
    ("word", "zone", "hour"),
    [
        ("IST", "Asia/Kolkata", "17:30"),
        ("IST", "Asia/Jerusalem", "14:00"),
        ("CST", "Asia/Shanghai", "20:00"),
        ("CST", "America/Chicago", "06:00"),
        ("CST", "Europe/Berlin", "06:00"),
        ("AEDT", "Australia/Sydney", "23:00"),
    ],
)
def test_a_word_of_several_zones_is_the_mapping_s_own(word: str, zone: str, hour: str) -> None:
    assert read(f"2026-03-04 {hour}:00 {word}", FORM, zone=zone) == NOON


def test_what_a_word_means_may_be_said_and_an_unknown_one_is_no_time() -> None:
    assert read("2026-03-04 17:30:00 IST", FORM) is None
    assert read("2026-03-04 17:30:00 IST", FORM, IST="Asia/Kolkata") == NOON
    assert read("2026-03-04 12:00 XYZ", "%Y-%m-%d %H:%M") is None


@pytest.mark.parametrize("written", ["", "soon", True, None, [], "31/02/2026 10:00", "nan", 1e300])
def test_what_is_no_time_is_none(written: object) -> None:
    assert read(written, "%d/%m/%Y %H:%M", "iso", "unix", "excel") is None


@given(st.text(max_size=40), st.sampled_from([FORM, "iso", "%d.%m.%Y %H:%M", "unix", "excel"]))
def test_no_text_makes_it_fail(written: str, form: str) -> None:
    moment = TimeReader((form,), UTC, ZoneWords(UTC, {})).read(written)
    assert moment is None or moment.tzinfo is not None


@pytest.mark.parametrize("machine", ["America/New_York", "Europe/Berlin", "Asia/Kolkata"])
def test_the_machine_s_own_zone_changes_nothing(machine: str) -> None:
    script = (
        "from tests.connections.files.test_written_times import FORM, read\n"
        "for word in ('UTC', 'EST', 'CET', 'IST'):\n"
        "    print(read(f'2026-03-04 13:00:00 {word}', FORM, zone='America/New_York'))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TZ": machine},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split("\n")[:4] == [
        "2026-03-04 13:00:00+00:00",
        "2026-03-04 18:00:00+00:00",
        "2026-03-04 12:00:00+00:00",
        "None",
    ]
