"""What reading a calendar has done, in words and as JSON: what counts, and what does not."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from tui.cli.render.ticket_documents import instant

if TYPE_CHECKING:
    from connections.calendars.calendar_series import LeftOutEvent
    from connections.calendars.time_off_calendar import CalendarReading
    from policy.roster.members import TimeOff

_BY_ITSELF: Final = 10
"""So many broken events are named in a line each; more are grouped by what is wrong with them."""

_FREE_BY_NAME: Final = 5


def reading_sentence(
    name: str, source: str, come: int, gone: int, reading: "CalendarReading"
) -> str:
    """Return the sentence that says what reading somebody's calendar has changed."""
    if not reading.replaces:
        events = _counted(len(reading.cancelled), "event")
        said = f"{gone} gone" if gone else "none of it is here, nothing has changed"
        return f"{source} cancels {events} of {name}: {said}."
    said = f"{come} new, {gone} gone" if come or gone else "nothing has changed"
    number = len(reading.absences)
    times = "1 time off" if number == 1 else f"{number} times off"
    return f"{times} of {name} in {source}: {said}."


def free_sentence(free: "Sequence[LeftOutEvent]") -> str:
    """Return the sentence that names the events that take up no time, and how they would."""
    names = [f"{each.name} ({_day(each)})" for each in free[:_FREE_BY_NAME]]
    if len(free) > _FREE_BY_NAME:
        names.append(f"{len(free) - _FREE_BY_NAME:,} more")
    listed = ", ".join(names)
    events = _counted(len(free), "free event")
    return f"{events} left out: {listed}. Shown as busy or out of office there, it would count."


def left_out_lines(reading: "CalendarReading") -> Iterator[str]:
    """Yield a line for each event that cannot be read, or for each kind when there are many."""
    yield from reading.remarks
    alike: dict[str, list[LeftOutEvent]] = {}
    for each in reading.broken:
        # So few are each a kind of their own.
        kind = each.why if len(reading.broken) > _BY_ITSELF else str(len(alike))
        alike.setdefault(kind, []).append(each)
    for first, *others in alike.values():
        named = f'"{first.name}" ({_day(first) or "without a day"})'
        if others:
            yield f"{len(others) + 1:,} events are left out, such as {named}: {first.why}"
        else:
            yield f"the event {named} is left out: {first.why}"


def calendar_document(
    login: str, come: int, gone: int, found: "Sequence[TimeOff]", reading: "CalendarReading"
) -> dict[str, object]:
    """Return what reading a calendar has done as plain JSON values; times are UTC."""
    return {
        "login": login,
        "come": come,
        "gone": gone,
        "time_off": [
            {"from": instant(off.start), "until": instant(off.until), "reason": off.reason}
            for off in found
        ],
        "left_out": [
            {"day": each.day or None, "event": each.name, "why": each.why}
            for each in reading.broken
        ],
        "free": [{"day": each.day, "event": each.name} for each in reading.free],
    }


def _day(left_out: "LeftOutEvent") -> str:
    if not left_out.day:
        return ""
    day = date.fromisoformat(left_out.day)
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
