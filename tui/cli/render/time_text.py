"""What the commands about time tell a person, in words."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from policy.phrases import span
from policy.words import Work
from tui.cli.render.printing import Printer, TableColumn
from tui.cli.render.ticket_lines import headline
from tui.phrasing import times
from tui.phrasing.shares import NOTHING, customers_time, percent, priority_kind
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import Span

if TYPE_CHECKING:  # these bring the rules, which help does without
    from policy.time.allocation import Allocation, Split, Suggestion
    from policy.time.entries import TimeEntry

_ENTRIES: Final = (
    TableColumn(right=True),  # number
    TableColumn(),  # from
    TableColumn(),  # until
    TableColumn(right=True),  # how long
    TableColumn(),  # work
    TableColumn(),  # ticket
    TableColumn(at_least=8),  # note
)
_MEMBERS: Final = (
    TableColumn(),  # login
    TableColumn(right=True),  # customer
    TableColumn(right=True),  # internal
    TableColumn(right=True),  # recorded
)
_WORK_NAMES: Final = {Work.CUSTOMER: "customer", Work.INTERNAL: "internal"}


def tell_timer(
    out: Printer, entry: "TimeEntry | None", now: datetime, left_running: datetime | None = None
) -> None:
    """Print what a timer runs on and for how long, and whether it looks forgotten."""
    if entry is None:
        out.say("No timer runs.")
        return
    since = f"since {times.at(entry.started_at, now, out.zone)}, {span(entry.length(now))}"
    out.line((f"Entry {entry.id}  ", "dim"), (_on(entry), "strong"), (f"  {since}", ""))
    if entry.note:
        out.line((plain_line(entry.note), "dim"))
    if left_running is not None:
        when = times.at(left_running, now, out.zone)
        until = f"{left_running.astimezone(out.zone):%Y-%m-%dT%H:%M}"
        out.line((f"Left running? It looks forgotten since {when}:", "late"))
        out.line((f"numberone timer stop --until {until}", ""))


def tell_stopped(out: Printer, entry: "TimeEntry", now: datetime) -> None:
    """Print that a timer was stopped, and what it recorded."""
    end = entry.until(now)
    out.line(
        ("Stopped: ", ""),
        (_on(entry), "strong"),
        (f", {times.at(entry.started_at, now, out.zone)} to {times.at(end, now, out.zone)}, ", ""),
        (f"{span(entry.length(now))}.", ""),
    )


def tell_entries(out: Printer, entries: Sequence["TimeEntry"], now: datetime) -> None:
    """Print entries in columns, and what they come to."""
    if not entries:
        out.say("No time is recorded.")
        return
    out.table(_ENTRIES, [_entry_row(each, now, out.zone) for each in entries])
    for work in Work:
        total = sum((each.length(now) for each in entries if each.work is work), start=now - now)
        if total:
            out.line((f"{_WORK_NAMES[work]} {span(total)}", "dim"))


def tell_allocation(
    out: Printer, allocation: "Allocation", suggestion: "Suggestion | None"
) -> None:
    """Print how time is split, for the team and each person, and who is offered what."""
    from policy.time.allocation import said_window  # noqa: PLC0415 - heavy: help does without

    aim = round(100 * allocation.internal_aim)
    window = said_window(allocation.window)
    out.line(
        *_team(allocation.team),
        (f", over the last {window}; {100 - aim} and {aim} are meant.", ""),
    )
    if allocation.paused:
        out.say("Internal work pauses at this level, and the split is not held against anyone.")
    if went := customers_time(allocation):
        out.say(f"Of the customers' time: {plain_line('; '.join(went))}.")
    kinds = [kind for kind in (allocation.urgent, allocation.usual) if kind]
    rows = [
        [(plain_line(each.login), ""), *_columns(each.split, kinds)] for each in allocation.members
    ]
    if rows:
        words = ("", "customer", "internal", "recorded", *map(priority_kind, kinds))
        columns = (*_MEMBERS, *(TableColumn(right=True) for _ in kinds))
        out.table(columns, [[(plain_line(word), "dim") for word in words], *rows])
    if suggestion is not None:
        out.line(("Protected time for you: ", "strong"), *headline(suggestion.ticket, out.words))
        out.say(suggestion.why)


def _team(split: "Split") -> list[Span]:
    if split.customer_share is None:
        return [("No time is recorded", "strong")]
    customer = round(100 * split.customer_share)
    return [(f"{customer} % customer, {100 - customer} % internal", "strong")]


def _columns(split: "Split", kinds: Sequence[Sequence[str]]) -> list[Span]:
    if split.customer_share is None:
        return [(NOTHING, "dim")] * (3 + len(kinds))
    customer = round(100 * split.customer_share)
    return [
        (f"{customer} %", ""),
        (f"{100 - customer} %", ""),
        (span(split.recorded), "dim"),
        *((percent(split.share_of(kind)), "dim") for kind in kinds),
    ]


def _entry_row(entry: "TimeEntry", now: datetime, zone: tzinfo) -> list[Span]:
    running = entry.stopped_at is None
    return [
        (str(entry.id), "strong"),
        (times.at(entry.started_at, now, zone), ""),
        (
            "running" if running else times.at(entry.until(now), now, zone),
            "strong" if running else "",
        ),
        (span(entry.length(now)), ""),
        (_WORK_NAMES[entry.work], "dim"),
        ("" if entry.ticket is None else f"#{entry.ticket}", ""),
        (plain_line(entry.note), "dim"),
    ]


def _on(entry: "TimeEntry") -> str:
    if entry.ticket is not None:
        return f"#{entry.ticket}, {_WORK_NAMES[entry.work]} work"
    return f"{_WORK_NAMES[entry.work]} work"
