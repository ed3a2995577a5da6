"""How the columns hold what no engine has a type of its own for: times, and words of a policy."""

from datetime import UTC, datetime, timedelta

from policy.words import Severity, Tier
from store.engines.damage import RESTORE, Damaged

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
NO_WORD = ""
"""What stands for no word at all: the columns are older than desks that have none."""


def number_of(moment: datetime) -> int:
    """Return how a time is stored: as whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(stored: int | None) -> datetime | None:
    """Return the stored number as an aware UTC datetime, None for none.

    Raises:
        Damaged: it is no time.
    """
    try:
        return None if stored is None else _EPOCH + timedelta(microseconds=stored)
    except (OverflowError, TypeError) as error:
        raise Damaged(f"a time in the database is damaged: {error}; {RESTORE}") from error


def tier_of(stored: str | None) -> Tier | None:
    """Return the tier that a stored text stands for, None for none."""
    return stored or None


def severity_of(written: str) -> Severity:
    """Return the severity that a text says: a number where it says one, as no word is one."""
    return int(written) if written.isdecimal() else written


def severity_as_it_is(stored: Severity | None) -> Severity | None:
    """Return the severity where a column takes numbers and texts alike, None for none."""
    return None if stored == NO_WORD else stored


def severity_in_text(stored: str | None) -> Severity | None:
    """Return the severity where a column takes texts alone, None for none."""
    return None if stored is None or stored == NO_WORD else severity_of(stored)
