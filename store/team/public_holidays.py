"""Which days are public holidays where: a country in a team file becomes dates."""

from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from policy.refusal import Refusal, expected, one_of

MOST_YEARS: Final = 200
"""For how many years holidays are reckoned at once."""

_NAMED_AT_MOST = 20


@lru_cache(maxsize=512)
def holiday_dates(code: str, years: range) -> frozenset[date]:
    """Return the public holidays of a country, or of a part of it such as ``DE-BY``.

    Those of the whole country and of the part; where one falls on a weekend and another day is
    free instead, that day too. ``years`` are of the Gregorian calendar.

    Raises:
        Refusal: the code names no country or part that is known; it says which are.
    """
    # Imported here, as it takes longer to come than the board to start.
    import holidays  # noqa: PLC0415 - as above

    if len(years) > MOST_YEARS:
        raise ValueError(f"holidays are reckoned for at most {MOST_YEARS} years, not {years}")
    country, part = _known(code)
    found = holidays.country_holidays(country, subdiv=part, years=years, expand=False)
    return frozenset(found)


def check_holiday_code(code: str) -> None:
    """Raise Refusal when ``code`` names no country or part of one whose holidays are known."""
    _known(code)


def _known(code: str) -> tuple[str, str | None]:
    """Return the country and the part of it that ``code`` names."""
    country, _, part = code.partition("-")
    parts = _parts().get(country)
    if parts is None:
        raise Refusal(f"holidays: {expected(_a_country(country), code)}")
    if "-" in code and part not in parts:
        raise Refusal(f"holidays: {expected(_a_part(country, parts), code)}")
    return country, part or None


@lru_cache(maxsize=1)
def _parts() -> dict[str, tuple[str, ...]]:
    """Return the known countries by their codes, each with the codes of its parts."""
    import holidays  # noqa: PLC0415 - as above

    known = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in known.items()}


def _a_country(country: str) -> str:
    near = get_close_matches(country.upper(), _parts(), n=1)
    example = near[0] if near else "EG"
    return f"a country by its two letters such as {example}, or a part of it such as DE-BY"


def _a_part(country: str, parts: tuple[str, ...]) -> str:
    if not parts:
        return f"{country} alone, whose parts have no holidays of their own"
    some = parts[:_NAMED_AT_MOST]
    more = [] if len(parts) == len(some) else [f"another of its {len(parts)} parts"]
    return f"{country} alone, or with {one_of([*some, *more])} after a hyphen"
