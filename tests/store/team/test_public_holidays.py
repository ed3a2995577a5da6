"""A country in a team file becomes the days on which nobody of there works."""

from datetime import date

import pytest

from policy.refusal import Refusal
from store.team.public_holidays import MOST_YEARS, check_holiday_code, holiday_dates

YEARS = range(2026, 2028)
A_COUNTRY = "holidays: expected a country by its two letters such as "


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("EG", date(2026, 7, 23)),
        ("DE", date(2026, 10, 3)),
        ("DE-BY", date(2026, 1, 6)),
        ("US", date(2026, 11, 26)),
        ("US", date(2026, 7, 3)),  # the fourth is a Saturday
        ("GB-SCT", date(2026, 11, 30)),
        ("JP", date(2027, 2, 11)),
        ("IN", date(2027, 1, 26)),
    ],
)
def test_days_that_are_free(code: str, day: date) -> None:
    assert day in holiday_dates(code, YEARS)


def test_a_part_has_the_countrys_and_its_own() -> None:
    assert holiday_dates("DE", YEARS) < holiday_dates("DE-BY", YEARS)
    assert date(2026, 1, 6) not in holiday_dates("DE", YEARS)


def test_only_the_years_that_were_asked_for() -> None:
    assert {day.year for day in holiday_dates("EG", YEARS)} == {2026, 2027}
    assert holiday_dates("EG", range(2026, 2026)) == frozenset()


def test_they_are_reckoned_once() -> None:
    assert holiday_dates("FR", YEARS) is holiday_dates("FR", YEARS)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("XX", f'{A_COUNTRY}EG, or a part of it such as DE-BY, not "XX"'),
        ("eg", f'{A_COUNTRY}EG, or a part of it such as DE-BY, not "eg"'),
        ("DEU", f'{A_COUNTRY}DE, or a part of it such as DE-BY, not "DEU"'),
        ("GB-UK", 'expected GB alone, or with ENG, NIR, SCT or WLS after a hyphen, not "GB-UK"'),
        ("EG-C", 'expected EG alone, whose parts have no holidays of their own, not "EG-C"'),
        ("DE-", "holidays: expected DE alone, or with BB, BE, BW, "),
        ("US-", 'another of its 57 parts after a hyphen, not "US-"'),
        ("NYSE", A_COUNTRY),
        ("", A_COUNTRY),
    ],
)
def test_a_code_that_is_none(code: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        holiday_dates(code, YEARS)
    assert words in refused.value.reason
    with pytest.raises(Refusal):
        check_holiday_code(code)


def test_a_known_code_passes() -> None:
    check_holiday_code("EG")
    check_holiday_code("US-CA")


def test_centuries_are_not_reckoned() -> None:
    with pytest.raises(ValueError, match="at most 200 years"):
        holiday_dates("EG", range(1, 2 + MOST_YEARS))
