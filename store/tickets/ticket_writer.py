"""Writes changed tickets: their rows, keys, counts, search and history, all in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, null, select
from sqlmodel import col

from policy.intake.rules import assess
from policy.ordering.deviations import in_force
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Deviation, Ticket, with_values
from policy.tickets.actions import closed_by_itself_at
from policy.words import DECIDED_STATUSES, Action, Status
from store.engines.kind import DatabaseKind
from store.forecast.kept_promises import keep
from store.history.journal import PROGRAM, Journal, JournalEntry
from store.queue import counters, positions
from store.queue.counters import put_count
from store.queue.search_documents import document, said_in
from store.schema.promise_tables import NoticeTicketRow, PickUpRow
from store.schema.tables import BodyRow, TicketRow
from store.tickets.pausing import Pausing
from store.tickets.people import (
    Renewal,
    customer_ids,
    free_ticket_id,
    known_spellings,
    requester_ids,
)
from store.tickets.ticket_json import Facts, facts, read
from store.tickets.ticket_rows import insert_tickets, put_bodies, update_tickets

_BOOKKEEPING = frozenset({"version"})
_KEPT = (
    select(col(TicketRow.id), col(BodyRow.text), col(TicketRow.imported))
    .outerjoin(BodyRow, col(BodyRow.ticket_id) == col(TicketRow.id))
    .where(col(TicketRow.id).in_(bindparam("ids", expanding=True)))
)
_DEVIATIONS = select(col(TicketRow.id), col(TicketRow.deviation)).where(
    col(TicketRow.id).in_(bindparam("ids", expanding=True)),
    col(TicketRow.deviation).is_not(null()),
)
_NOT_YET_CLOSED = select(col(TicketRow.id)).where(
    col(TicketRow.id).in_(bindparam("ids", expanding=True)),
    col(TicketRow.status) == Status.SOLVED,
)
_BODY = select(col(BodyRow.text)).where(col(BodyRow.ticket_id) == bindparam("of_ticket"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUpdate:
    """A ticket before and after; ``before`` None for a new one.

    A new one gets its id when it is written, unless it has one, from before it was taken back.
    ``body`` and ``imported`` are None where they stay as they are. ``told`` says that
    ``after`` is what the history tells: what is decided stays as it was decided under the policy
    of that time.
    """

    before: Ticket | None
    after: Ticket
    kind: str
    note: str = ""
    body: str | None = None
    imported: dict[str, Any] | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """One transaction's way to write: who does it, when (UTC), and under which policy.

    ``exact`` is for what the history tells: nothing is assessed, and every ticket becomes what is
    said of it, as it is said. ``roster`` is by whose hours it is kept how long work takes.
    """

    connection: Connection
    kind: DatabaseKind
    rulebook: Rulebook
    journal: Journal
    exact: bool = False
    roster: Roster | None = None

    @property
    def actor(self) -> str:
        """Who writes."""
        return self.journal.actor

    @property
    def now(self) -> datetime:
        """The time of all that is written, in UTC."""
        return self.journal.now

    def write(self, changes: Sequence[TicketUpdate]) -> list[Ticket]:
        """Write the changes under the policy and return the tickets as they now stand.

        "Written whenever the ticket changes": every ticket is assessed and keyed anew, its
        version goes up by one, and one event is appended for each. A deviation that is over by
        now goes with it, which the event says, too.
        """
        if not changes:
            return []
        assessed = self._assessed(self._closed_first(self._spelled(changes)))
        tickets = [change.after for change in assessed]
        kept = self._kept(assessed)
        self._write_tickets(assessed)
        self._write_search([change for change in assessed if _words_changed(change)])
        new = {change.after.id for change in assessed if change.before is None}
        positions.put(self.connection, tickets, self.rulebook, new)
        keep(self.connection, assessed, self.now, self.roster)
        self._count([(change.before, change.after) for change in assessed])
        self.journal.append_all([_entry(change, kept) for change in assessed])
        return tickets

    def close_due(self, tickets: Sequence[Ticket]) -> None:
        """Write down that these solved tickets closed by themselves, each when it was due.

        "The next change or an open board writes the event, dated that instant": nobody did it, so
        nobody takes it back.
        """
        for ticket in tickets:
            due = closed_by_itself_at(ticket, self.rulebook.statuses.close_after)
            if due is None:
                raise AssertionError(ticket)
            after = replace(ticket, status=Status.CLOSED)
            journal = Journal(
                connection=self.connection,
                actor=PROGRAM,
                now=due,
                wanted=Action.LOOK,
                undoable=False,
            )
            closing = TicketUpdate(before=ticket, after=after, kind="closed_by_itself", told=True)
            replace(self, journal=journal).write([closing])

    def _closed_first(self, changes: Sequence[TicketUpdate]) -> Sequence[TicketUpdate]:
        """Write the closing of tickets that count as closed already, before they change."""
        befores = [change.before for change in changes if change.before is not None]
        ids = [each.id for each in befores if each.status is Status.CLOSED and each.solved_at]
        if not ids or self.exact:
            return changes
        open_still = set(self.connection.scalars(_NOT_YET_CLOSED, {"ids": ids}))
        told = []
        for change in changes:
            before = change.before
            if before is not None and before.id in open_still:
                self.close_due([replace(before, status=Status.SOLVED)])
                told.append(replace(change, before=replace(before, version=before.version + 1)))
            else:
                told.append(change)
        return told

    def remove(self, tickets: Sequence[Ticket], note: str, kind: str) -> None:
        """Take tickets away whose coming here is taken back; the history keeps all of them."""
        if not tickets:
            return
        ids = [ticket.id for ticket in tickets]
        kept = self._kept_of(ids)
        positions.take_out(self.connection, ids)
        self._count([(ticket, None) for ticket in tickets])
        self.kind.remove_search(self.connection, ids)
        for statement in _REMOVALS:
            self.connection.execute(statement, [{"that_ticket": number} for number in ids])
        self.journal.append_all(
            [
                JournalEntry(
                    kind=kind,
                    ticket=ticket.id,
                    before=facts(ticket) | kept[ticket.id],
                    note=note,
                )
                for ticket in tickets
            ]
        )

    def _kept(self, changes: Sequence[TicketUpdate]) -> Mapping[int, Facts]:
        """Return what is kept beside the tickets whose body or source is said anew, by their id."""
        ids = [
            change.before.id
            for change in changes
            if change.before is not None
            and (change.body is not None or change.imported is not None)
        ]
        return self._kept_of(ids)

    def _kept_of(self, ids: Sequence[int]) -> Mapping[int, Facts]:
        rows = self.connection.execute(_KEPT, {"ids": ids}) if ids else ()
        return {row.id: {"body": row.text, "imported": row.imported} for row in rows}

    def _count(self, changes: Sequence[tuple[Ticket | None, Ticket | None]]) -> None:
        counters.count_changes(self.connection, changes)
        if not self.exact and counters.queue_changes(changes):
            put_count(self.connection, self.now)

    def _spelled(self, changes: Sequence[TicketUpdate]) -> Sequence[TicketUpdate]:
        """Return the changes with each customer as it is spelled here already."""
        if self.exact:
            return changes
        said = [each for each in changes if _names_a_customer(each)]
        if not said:
            return changes
        known = known_spellings(self.connection, [each.after.customer for each in said])
        if all(name == spelled for name, spelled in known.items()):
            return changes
        return [
            replace(each, after=replace(each.after, customer=spelled))
            if _names_a_customer(each)
            and (spelled := known[each.after.customer]) != each.after.customer
            else each
            for each in changes
        ]

    def _assessed(self, changes: Sequence[TicketUpdate]) -> Sequence[TicketUpdate]:
        if self.exact:
            return changes
        deviations = self._deviations(changes)
        pausing = Pausing.of(self.connection, self.rulebook, self.now, changes)
        next_id = 0
        assessed = []
        for change in changes:
            after, before = in_force(change.after, self.now), change.before
            if before is not None:
                kept = deviations.get(before.id, before.deviation)
                if kept != before.deviation:
                    before = replace(before, deviation=kept)
                after = with_values(after, version=before.version + 1)
            elif not after.id:
                next_id = next_id + 1 if next_id else free_ticket_id(self.connection)
                after = replace(after, id=next_id)
            after = pausing.paused(change, after)
            if not (change.told and after.status in DECIDED_STATUSES):
                after = assess(self.rulebook, after)
            if before is not change.before or after is not change.after:
                change = replace(change, before=before, after=after)  # noqa: PLW2901 - as it is now
            assessed.append(change)
        return assessed

    def _deviations(self, changes: Sequence[TicketUpdate]) -> Mapping[int, Deviation | None]:
        """Return what the tickets have of deviations: who read one that is over was told of none.

        What this change takes away with it is to be in the history, as all that it changes.
        """
        ids = [change.before.id for change in changes if change.before is not None]
        rows = self.connection.execute(_DEVIATIONS, {"ids": ids}) if ids else ()
        return {row.id: read(Deviation, row.deviation) for row in rows}

    def _write_tickets(self, changes: Sequence[TicketUpdate]) -> None:
        people = self._people([change.after for change in changes if _people_changed(change)])
        new = ((each.after, each.imported) for each in changes if each.before is None)
        changed = (
            (each.before, each.after, each.imported) for each in changes if each.before is not None
        )
        insert_tickets(self.connection, new, people)
        update_tickets(self.connection, changed, people)
        bodies = ((each.after.id, each.body) for each in changes if each.body is not None)
        put_bodies(self.connection, bodies)

    def _people(self, tickets: Sequence[Ticket]) -> Mapping[int, dict[str, int | None]]:
        """Return the columns that say whose each of these tickets is, by the ticket's id."""
        if not tickets:
            return {}
        customers = customer_ids(self.connection, tickets)
        requesters, renewals = requester_ids(self.connection, tickets, customers)
        self.journal.append_all([_renewed(renewal) for renewal in renewals])
        return {
            ticket.id: {
                "customer_id": customers[ticket.customer],
                "requester_id": requesters.get(ticket.id),
            }
            for ticket in tickets
        }

    def _write_search(self, changes: Iterable[TicketUpdate]) -> None:
        worded = list(changes)
        said = said_in(self.connection, [each.after.id for each in worded])
        documents = [(each.after.id, self._document(each, said)) for each in worded]
        if documents:
            self.kind.put_search(self.connection, documents)

    def _document(self, change: TicketUpdate, said: Mapping[int, str]) -> str:
        after, body = change.after, change.body
        if body is None:
            body = self.connection.scalar(_BODY, {"of_ticket": after.id})
        return document(
            subject=after.subject,
            customer=after.customer,
            external_id=after.external_id,
            requester=after.requester.name if after.requester else None,
            address=after.requester.email if after.requester else None,
            body=body,
            said=said.get(after.id, ""),
        )


_REMOVALS = tuple(
    delete(row).where(number == bindparam("that_ticket"))
    for row, number in (
        (BodyRow, col(BodyRow.ticket_id)),
        (NoticeTicketRow, col(NoticeTicketRow.ticket_id)),
        (PickUpRow, col(PickUpRow.ticket_id)),
        (TicketRow, col(TicketRow.id)),
    )
)


def _entry(change: TicketUpdate, kept: Mapping[int, Facts]) -> JournalEntry:
    """Return the event of a change: of a new ticket all of it, else what differs."""
    after = facts(change.after)
    said = {"body": change.body, "imported": change.imported}
    anew = {name: value for name, value in said.items() if value is not None}
    if change.before is None:
        return JournalEntry(
            kind=change.kind, ticket=change.after.id, after=after | anew, note=change.note
        )
    before = facts(change.before)
    differing = [
        name
        for name in {**before, **after}
        if after.get(name) != before.get(name) and name not in _BOOKKEEPING
    ]
    was = kept.get(change.after.id, {})
    return JournalEntry(
        kind=change.kind,
        ticket=change.after.id,
        before={name: before.get(name) for name in differing} | {name: was[name] for name in anew},
        after={name: after.get(name) for name in differing} | anew,
        note=change.note,
    )


def _renewed(renewal: Renewal) -> JournalEntry:
    """Return the event of what became known of a person, which shows on all of their tickets."""
    who = {"customer": renewal.customer, "identity": renewal.identity}
    return JournalEntry(
        kind="requester_updated",
        before={"requester": who | asdict(renewal.before)},
        after={"requester": who | asdict(renewal.after)},
    )


def _names_a_customer(change: TicketUpdate) -> bool:
    return change.before is None or change.before.customer != change.after.customer


def _people_changed(change: TicketUpdate) -> bool:
    """Return whether a customer is new to this ticket, of another tier, or asks through others."""
    before, after = change.before, change.after
    return before is None or (before.customer, before.tier, before.requester) != (
        after.customer,
        after.tier,
        after.requester,
    )


def _words_changed(change: TicketUpdate) -> bool:
    before, after = change.before, change.after
    return (
        before is None
        or change.body is not None
        or (before.subject, before.customer, before.requester)
        != (after.subject, after.customer, after.requester)
    )
