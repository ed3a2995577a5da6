"""The page that a person hands over at the end of a shift, as Markdown."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy.phrases import MODE_NAMES, STATUS_NAMES
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from store.file_access import settle_mode
from tui.actions import timeline
from tui.environment.desktop import is_web_address
from tui.phrasing import times
from tui.phrasing.holder_words import whose
from tui.phrasing.text import escaped, linked
from tui.phrasing.ticket_facts import due_label

if TYPE_CHECKING:  # the policy behind it is heavy
    from policy.capacity.mode import ModeSetting
    from policy.roster.holders import HolderAway
    from policy.time.entries import TimeEntry
    from store.history.shift_models import HandedOn, HeldByAway, ShiftNote
    from store.notices.notice_models import Notice
    from store.read_models import Event, Overview

_HEADINGS: Final = {
    "queue": "In the queue: the next step is ours",
    "pending": "Pending: the next step is the customer's",
    "on_hold": "On hold: the next step is another team's",
}


def markdown(note: "ShiftNote", zone: tzinfo | None) -> str:
    """Return the note as Markdown; times are shown in ``zone`` (None: the terminal's).

    What customers wrote stays text, whatever it looks like.
    """
    return "\n".join(_lines(note, _Clock(note.overview.now, zone, note.overview.words))) + "\n"


def file_name(note: "ShiftNote", zone: tzinfo | None) -> str:
    """Return what a file with this note may be called: whose it is, and which day of ``zone``."""
    login = "".join(sign if sign.isalnum() or sign in "._-" else "-" for sign in note.login)
    return f"handover-{login.lstrip('.')}-{note.overview.now.astimezone(zone):%Y-%m-%d}.md"


def write(path: Path, text: str, *, overwrite: bool) -> bool:
    """Write a note to a file; return False where there is one already, and it is left alone.

    Raises:
        Refusal: it cannot be written there.
    """
    try:
        with path.open("w" if overwrite else "x", encoding="utf-8") as file:
            settle_mode(path)
            file.write(text)
    except FileExistsError:
        return False
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Refusal(f"{path}: cannot be written: {reason}") from None
    return True


class _Clock:
    """Says times as of one moment, in one zone, and tiers in the policy's words."""

    def __init__(self, now: datetime, zone: tzinfo | None, words: Vocabulary) -> None:
        self._now = now
        self.words = words
        self._zone = zone

    @property
    def heading(self) -> str:
        """Now, with its day and zone: the page is read later, and elsewhere."""
        local = self._now.astimezone(self._zone)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({local.tzname()})"

    def at(self, moment: datetime) -> str:
        """Return a moment as short as is clear."""
        return times.at(moment, self._now, self._zone)

    def sentence(self, event: "Event") -> str:
        """Return what happened, with its times as all the others."""
        return timeline.sentence(event, self._zone)

    def by_hand(self, setting: "ModeSetting") -> str:
        """Return by whom, until when and why the mode was set by hand."""
        end = "without an end" if setting.until is None else f"until {self.at(setting.until)}"
        why = f": {escaped(setting.reason)}" if setting.reason else ""
        return f"**Mode set by hand:** {escaped(setting.by)} {end}{why}"

    def due(self, moment: datetime) -> str:
        """Return a deadline and the time left."""
        return f"{self.at(moment)}, {times.in_words(moment, self._now)}"

    def whose(self, ticket: Ticket, away: "HolderAway | None") -> str:
        """Return who has a ticket, and if they are away until when."""
        return escaped(whose(ticket, away, self._now, self._zone))


def _lines(note: "ShiftNote", clock: _Clock) -> Iterator[str]:
    overview = note.overview
    mode = MODE_NAMES[overview.mode.mode]
    yield f"# Hand-over: {escaped(note.name)}"
    yield ""
    queue = f"{overview.queue:,} in the queue"
    yield f"{clock.heading} · {queue} · level {overview.capacity.level} · {mode}"
    if overview.mode.by_hand is not None:
        yield ""
        yield clock.by_hand(overview.mode.by_hand)
    yield ""
    yield from _number_one(overview, clock)
    if note.timer is not None:
        yield ""
        yield _timer(note.timer, clock)
    for standing, handed in groupby(note.tickets, key=lambda each: each.standing):
        group = list(handed)
        yield ""
        yield f"## {_HEADINGS[standing]} ({len(group)})"
        for each in group:
            yield from _ticket(each, clock)
    yield from _rest(note)
    yield from _held_by_away(note.away, clock)
    yield from _promises(note.promises, clock)


def _number_one(overview: "Overview", clock: _Clock) -> Iterator[str]:
    ticket = overview.number_one
    if ticket is None:
        yield "**Number one:** nobody is waiting for us."
        return
    whose = clock.whose(ticket, overview.holders.away(ticket))
    why = escaped(" ".join(overview.why[:1]))
    yield f"**Number one:** {_headline(ticket, clock.words)}; {whose}. {why}"


def _timer(timer: "TimeEntry", clock: _Clock) -> str:
    on = f" on #{timer.ticket}" if timer.ticket is not None else ""
    noted = f": {escaped(timer.note)}" if timer.note else ""
    since = clock.at(timer.started_at)
    return f"**Still running:** the timer for {timer.work} work{on}, since {since}{noted}"


def _ticket(handed: "HandedOn", clock: _Clock) -> Iterator[str]:
    ticket = handed.ticket
    yield ""
    yield f"### {_headline(ticket, clock.words)}"
    yield ""
    yield f"- Stands: {'; '.join(_stands(handed, clock))}"
    if handed.about:
        yield f"- About: {escaped(handed.about)}"
    for name, text in ticket.context:
        yield f"- {escaped(name.replace('_', ' ').capitalize())}: {escaped(text)}"
    if handed.history:
        yield "- Last:"
    for event in handed.history:
        yield f"  - {clock.at(event.at)} {escaped(clock.sentence(event))}"
    by = f"; by {clock.due(handed.next.by)}" if handed.next.by is not None else ""
    yield f"- Next ({handed.next.whose}{by}): {escaped(handed.next.what)}"
    if ticket.url and is_web_address(ticket.url):
        yield f"- Link: {linked(ticket.url)}"


def _stands(handed: "HandedOn", clock: _Clock) -> Iterator[str]:
    ticket = handed.ticket
    if handed.holder_away is not None:
        yield clock.whose(ticket, handed.holder_away)
    place = f", number {handed.position:,} in the queue" if handed.position is not None else ""
    yield f"{STATUS_NAMES[ticket.status]}{place}"
    if ticket.waiting_since is not None:
        yield f"the customer waits since {clock.at(ticket.waiting_since)}"
    elif ticket.first_response_at is not None:
        yield "the customer has our answer"
    if ticket.respond_by is not None and ticket.actionable:
        yield f"{due_label(ticket)} {clock.due(ticket.respond_by)}"


def _rest(note: "ShiftNote") -> Iterator[str]:
    if note.left_out:
        yield ""
        yield f"… and {note.left_out:,} more: `numberone list --all assignee:{note.login}`"
    if not note.tickets:
        yield ""
        yield "No ticket is theirs: there is nothing to hand over."


def _held_by_away(held: "tuple[HeldByAway, ...]", clock: _Clock) -> Iterator[str]:
    """Yield what others have who are away: it counts as nobody's, and somebody takes it over."""
    if not held:
        return
    yield ""
    yield f"## Held by who is away ({len(held)})"
    yield ""
    for each in held:
        by = each.ticket.respond_by
        label = due_label(each.ticket)
        due = f"; {label} {clock.due(by)}" if by is not None and each.ticket.actionable else ""
        whose = clock.whose(each.ticket, each.holder_away)
        yield f"- {_headline(each.ticket, clock.words)}: {whose}{due}"


def _promises(promises: "tuple[Notice, ...]", clock: _Clock) -> Iterator[str]:
    if not promises:
        return
    yield ""
    yield f"## Promises to keep ({len(promises)})"
    yield ""
    for notice in promises:
        when = "no time was known"
        if notice.expect_by is not None:
            when = f"an answer by {clock.due(notice.expect_by)}"
        elif notice.arrive_at is not None:
            when = f"help arrives {clock.due(notice.arrive_at)}"
        tickets = ", ".join(f"\\#{number}" for number in notice.tickets)
        yield f"- {escaped(notice.customer)}, {escaped(notice.name)} ({tickets}): {when}"


def _headline(ticket: Ticket, words: Vocabulary) -> str:
    """Return a ticket in one line, its number first and its subject last."""
    tier = words.tier_name(ticket.tier)
    who = escaped(ticket.customer) + (f" ({tier})" if tier else "")
    return f"\\#{ticket.id} · {ticket.priority} · {who} · {escaped(ticket.subject)}"
