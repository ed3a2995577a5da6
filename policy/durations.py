"""Lengths of time as people write them in a policy file: 90m, 2h, 1h30m, 2d."""

import re
from datetime import timedelta

from policy.sentences import expected

LONGEST_DURATION = timedelta(days=36_500)
"""The longest length of time that anyone may write, a hundred years."""

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WRITTEN = re.compile(
    r"(?=[0-9])"
    r"(?:(?P<days>[0-9]{1,8})\s*d\s*)?"
    r"(?:(?P<hours>[0-9]{1,9})\s*h\s*)?"
    r"(?:(?P<minutes>[0-9]{1,9})\s*m)?"
)
_EXPECTATION = "a length of time such as 90m, 2h, 1h30m or 2d"


def parse_duration(text: str) -> timedelta:
    """Return the length of time that ``text`` says in days (of 24 h), hours and minutes.

    Units come in the order d, h, m, each at most once, with or without spaces between. Raises
    ValueError with a sentence that names the text for anything else, and above a hundred years.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError(expected(_EXPECTATION, text))
    days, hours, minutes = (int(number or 0) for number in written.groups())
    duration = days * _DAY + hours * _HOUR + minutes * _MINUTE
    if duration > LONGEST_DURATION:
        raise ValueError(expected(f"at most {LONGEST_DURATION.days}d", text))
    return duration


def format_duration(duration: timedelta) -> str:
    """Return the one way to write ``duration`` that ``parse_duration`` reads back exactly.

    Whole hours are hours ("48h"), from three whole days on days ("7d"), all else minutes ("90m").
    Raises ValueError for a negative length of time or one that is not whole minutes.
    """
    if duration < timedelta(0) or duration % _MINUTE:
        raise ValueError(expected("whole minutes, none or more", duration))
    if duration >= 3 * _DAY and not duration % _DAY:
        return f"{duration // _DAY}d"
    if duration and not duration % _HOUR:
        return f"{duration // _HOUR}h"
    return f"{duration // _MINUTE}m"
