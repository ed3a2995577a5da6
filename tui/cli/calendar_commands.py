"""The commands about calendars: read somebody's time off from one, write the team's."""

import hashlib
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final

import click

from policy.refusal import Refusal
from policy.words import Action
from tui.actions.only_here import OnlyHere
from tui.cli.grammar import CommandHeading, ShellGroup, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.render import printing
from tui.cli.render.calendar_text import (
    calendar_document,
    free_sentence,
    left_out_lines,
    reading_sentence,
)
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from connections.calendars.time_off_calendar import CalendarAbsence
    from policy.roster.calendar_change import CalendarEntry

# Calendars are heavy to import: help and completion do without.
# ruff: noqa: PLC0415

_WRITTEN_BACK = timedelta(days=30)
_MOST_DAYS = 2 * 366

_TO_BE_SERVED: Final = 0o644
"""Who may read a calendar: whatever serves it to the team's own calendars, too."""


@click.group(
    "calendar",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.WHO,
    short_help="Read time off from a calendar, write the team's.",
    examples=[
        ("numberone calendar read gabe.ics --for gabe", "take his time off over"),
        ("numberone calendar write team.ics", "for calendar programs to subscribe to"),
    ],
)
def calendar_group() -> None:
    """Take somebody's time off over from a calendar, and write shifts and time off as one."""


@calendar_group.command(
    "read",
    action=Action.CHANGE_WHO_IS_OUT,
    only_here=OnlyHere("it reads a file or an address, and says what it left out"),
    short_help="Take somebody's time off over from a calendar.",
    examples=[
        ("numberone calendar read gabe.ics --for gabe", "a file"),
        ("numberone calendar read https://cal.example/gabe.ics --for gabe", "an address"),
    ],
)
@click.argument("source", type=Text())
@click.option("--for", "login", metavar="LOGIN", type=Text(), required=True, help="Whose it is.")
@pass_invocation
def read_command(invocation: Invocation, source: str, login: str) -> None:
    """Take over what a calendar says about somebody's time off, in place of what it said before.

    Every event counts but cancelled ones and those that do not take up time. What cannot be read
    is left out and named, the rest counts. Read it again whenever it may have changed; whoever is
    marked out by hand stays out. A cancellation that a calendar program sends takes away what it
    cancels.
    """
    from connections.calendars.time_off_calendar import WINDOW_BEFORE, read_calendar

    name = _name_of(source)
    with invocation.desk() as desk:
        now = desk.now()
        member = desk.team.roster().known(login)
        reading = read_calendar(source, member.hours.timezone, now)
        entries = [_entry(each, member.login, desk.actor, name) for each in reading.absences]
        come, gone = desk.team.take_in_calendar(
            name,
            entries,
            login=member.login,
            since=now - WINDOW_BEFORE,
            cancelled=reading.cancelled,
            replaces=reading.replaces,
        )
    for line in left_out_lines(reading):
        sys.stderr.write(f"numberone: {plain_line(f'{name}: {line}')}\n")
    if invocation.json:
        found = [entry.off for entry in entries]
        printing.print_json(calendar_document(member.login, come, gone, found, reading))
        return
    out = invocation.printer()
    out.say(reading_sentence(member.name, name, come, gone, reading))
    if reading.free:
        out.say(free_sentence(reading.free))


@calendar_group.command(
    "write",
    action=Action.LOOK,
    short_help="Write the team's shifts and time off as a calendar.",
    examples=[
        ("numberone calendar write /srv/www/team.ics", "put it where a web server serves it"),
        ("numberone calendar write - --days 30", "a month, to standard output"),
    ],
)
@click.argument("file", type=click.Path())
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1, _MOST_DAYS),
    default=180,
    show_default=True,
    help="How many days ahead.",
)
@pass_invocation
def write_command(invocation: Invocation, file: str, days: int) -> None:
    """Write everybody's shifts and time off as an iCalendar file; reasons stay here."""
    from connections.calendars.roster_calendar import roster_ics

    with invocation.desk() as desk:
        roster, now = desk.team.roster(), desk.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    text = roster_ics(roster, midnight - _WRITTEN_BACK, midnight + timedelta(days=days))
    if file == "-":
        if sys.stdout.isatty():
            printing.print_file(text.decode())
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
        return
    _replace(Path(file), text)
    if invocation.json:
        printing.print_json({"file": file, "members": len(roster.members)})
    else:
        invocation.printer().say(f"{file}: the team's calendar, for {days} days.")


def _name_of(source: str) -> str:
    """Return what a calendar is known by: a path, or a host with a sign for the rest, a secret."""
    from connections.calendars.calendar_feeds import label_of

    label = label_of(source)
    if label == source:
        return label
    return f"{label} ({hashlib.sha256(source.encode()).hexdigest()[:6]})"


def _entry(absence: "CalendarAbsence", login: str, actor: str, source: str) -> "CalendarEntry":
    from policy.roster.calendar_change import CalendarEntry
    from policy.roster.members import TimeOff

    off = TimeOff(
        login=login,
        start=absence.start,
        until=absence.end,
        reason=absence.summary,
        entered_by=actor,
        source=source,
        starts_with_day=absence.all_day,
        ends_with_day=absence.all_day,
    )
    return CalendarEntry(off=off, uid=absence.uid, repetition=absence.repetition)


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that whoever reads it meanwhile sees the one before or this one, whole.

    Raises:
        Refusal: it cannot be written there.
    """
    written = None
    try:
        with NamedTemporaryFile(dir=path.absolute().parent, delete=False) as file:
            written = file.name
            file.write(content)
        Path(written).chmod(_TO_BE_SERVED)
        Path(written).replace(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        if written is not None:
            with suppress(OSError):
                Path(written).unlink()
        reason = getattr(error, "strerror", None) or error
        raise Refusal(f"{path}: cannot be written: {reason}") from None
