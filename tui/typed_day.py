"""When somebody is out, as a person types it: a whole day, or any time."""

import re
from datetime import date, datetime, tzinfo

from policy.refusal import Refusal
from policy.sentences import expected
from policy.typed_time import typed_time

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def typed_day(text: str, now: datetime, zone: tzinfo, *, end: bool = False) -> date | datetime:
    """Return the date that was typed, or else the instant in UTC.

    A date such as ``2026-03-06`` is a whole day, wherever the member is; every other time is as
    everywhere: ``3h``, ``17:00`` or ``Fri 17:00`` in ``zone``, where ``end`` says which of two.

    Raises:
        Refusal: it is neither.
    """
    written = text.strip()
    if _DATE.fullmatch(written) is None:
        return typed_time(text, now, zone, end=end)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refusal(expected("a date such as 2026-03-06", text)) from None
