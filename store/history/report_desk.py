"""The desk's report: what a shift looked like, reckoned from its history."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy import Connection

from policy.capacity.levels import AHEAD
from policy.phrases import at
from policy.refusal import Refusal
from policy.report.levels_held import Circumstances
from policy.report.report import Report, ReportedPast, ReportStage, Step, report
from policy.report.ticket_changes import TicketChange
from policy.roster.coverage import INSTANT
from policy.ticket import Ticket
from store.desk_reader import DeskReader
from store.history import as_of
from store.history.as_of import PastTickets
from store.history.events import any_before
from store.notices import promise_rows
from store.queue.counted import counts_between
from store.read_models import Event
from store.session import ReadSession
from store.time.entry_rows import entries_between, priorities_of


class ReportReading:
    """What a shift looked like."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def report(
        self, start: datetime, end: datetime, zone: tzinfo, step: Step = lambda _: None
    ) -> Report:
        """Return what ``start`` to before ``end`` (UTC) looked like, by days of ``zone``.

        What is still to come is left out. ``step`` is told what is being done, and may raise to
        stop it. Reads the whole history since ``start``, so it is for a thread.

        Raises:
            Refusal: there is nothing between the two, or the history is damaged.
        """
        with self._session.read() as reader:
            until = min(end, reader.now + INSTANT)
            if start >= until:
                said = at(start, reader.now, reader.zone)
                raise Refusal(f"from: {said}; expected a time before the end and now")
            past = _past(reader, start, until, zone, step)
        return report(past, step)


def _past(
    reader: DeskReader, start: datetime, end: datetime, zone: tzinfo, step: Step
) -> ReportedPast:
    connection = reader.connection
    step(ReportStage.HISTORY)
    events = as_of.events_since(connection, start)
    step(ReportStage.TICKETS)
    changed = as_of.past_tickets(connection, events, as_of.taken_back(events))
    changes = [change for change in changed.changes if change.at < end]
    afterwards = [change for change in changed.changes if change.at >= end]
    circumstances = _circumstances(reader, events, start, end)
    one_policy = len(circumstances.rulebooks) == 1
    promises = promise_rows.all_promises(connection, start - AHEAD)
    entries = list(entries_between(connection, start, end))
    return ReportedPast(
        start=start,
        end=end,
        zone=zone,
        circumstances=circumstances,
        tickets=[*changed.at_start.values(), *_untouched(reader, changed, one_policy=one_policy)],
        changes=changes,
        afterwards=afterwards,
        history_since=_history_since(connection, events, start),
        answered=_answered(reader, changes, start, end),
        solved=list(as_of.tickets_of(connection, as_of.solved_between(connection, start, end))),
        arrived=as_of.received_between(connection, start, end, declined=False),
        declined=as_of.received_between(connection, start, end, declined=True),
        untouched_overdue=as_of.unanswered_of_the_rest(connection, changed.touched, start, end),
        promises=[promise for promise in promises if promise.made_at < end],
        entries=entries,
        priorities=priorities_of(connection, entries),
    )


def _history_since(
    connection: Connection, events: Sequence[Event], start: datetime
) -> datetime | None:
    """Return when the history begins, None where it does before ``start``.

    ``events`` are all since then; a clock that was set back may have dated later ones earlier.
    """
    if any_before(connection, start):
        return None
    return min((event.at for event in events), default=None)


def _circumstances(
    reader: DeskReader, events: Sequence[Event], start: datetime, end: datetime
) -> Circumstances:
    connection = reader.connection
    rulebooks = as_of.rulebooks_of(connection, events, start)
    calm_for = max(each.value.capacity.calm_for for each in rulebooks)
    return Circumstances(
        rulebooks=rulebooks,
        rosters=as_of.rosters_of(connection, events, start),
        settings=as_of.settings_since(connection, events, start),
        counts=counts_between(connection, start - calm_for, end),
    )


def _untouched(reader: DeskReader, changed: PastTickets, *, one_policy: bool) -> list[Ticket]:
    """Return the tickets that did not change and can have been number one, or were put first.

    Under another policy any of them can have come first.
    """
    connection, touched = reader.connection, changed.touched
    of_the_queue = (
        as_of.firsts_of_the_rest(connection, touched)
        if one_policy
        else as_of.rest_of_the_queue(connection, touched)
    )
    ids = of_the_queue | as_of.put_first(connection, touched)
    return list(as_of.tickets_of(connection, sorted(ids)))


def _answered(
    reader: DeskReader, changes: Sequence[TicketChange], start: datetime, end: datetime
) -> list[tuple[Ticket, datetime | None]]:
    """Return the tickets first answered in that time, with when that was owed as it stood then."""
    replies = {
        change.ticket_id: change
        for change in changes
        if not change.taken_back and _is_first_response(change)
    }
    ids = as_of.answered_between(reader.connection, start, end)
    return [_as_answered(ticket, replies.get(ticket.id))
            for ticket in as_of.tickets_of(reader.connection, ids)]  # fmt: skip


def _is_first_response(change: TicketChange) -> bool:
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    return before.first_response_at is None and after.first_response_at is not None


def _as_answered(ticket: Ticket, reply: TicketChange | None) -> tuple[Ticket, datetime | None]:
    if reply is None or reply.before is None or reply.after is None:
        return ticket, None
    same = reply.after.first_response_at == ticket.first_response_at
    return (reply.after, reply.before.respond_by) if same else (ticket, None)
