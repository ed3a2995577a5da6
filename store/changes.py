"""Writes changed tickets: their rows, keys, counts, search and history, all in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlmodel import col

from policy.assessment import assess
from policy.order import Order, order_of
from policy.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import Mode
from store import order_index, tallies
from store.engines import DatabaseKind
from store.people import customer_ids, free_id, requester_ids
from store.rows import facts, to_columns
from store.tables import BodyRow, EventRow, OrderRow, TicketRow
from store.upsert import insert_into
from store.words_in_text import folded

_BOOKKEEPING = frozenset({"version"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A ticket before and after; ``before`` None for a new one, whose id is given when written.

    ``body`` and ``imported`` are None where they stay as they are.
    """

    before: Ticket | None
    after: Ticket
    kind: str
    note: str = ""
    body: str | None = None
    imported: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """One transaction's way to write: who does it, when (UTC), and under which policy."""

    connection: Connection
    kind: DatabaseKind
    rulebook: Rulebook
    actor: str
    now: datetime

    def write(self, changes: Sequence[Change]) -> list[Ticket]:
        """Write the changes under the policy and return the tickets as they now stand.

        "Written whenever the ticket changes": every ticket is assessed and keyed anew, its
        version goes up by one, and one event is appended for each.
        """
        if not changes:
            return []
        assessed = self._assessed(changes)
        self._write_tickets(assessed)
        self._write_bodies_and_search(assessed)
        self._write_order(assessed)
        tallies.count_changes(self.connection, [(c.before, c.after) for c in assessed])
        self._append_events(assessed)
        return [change.after for change in assessed]

    def _assessed(self, changes: Sequence[Change]) -> list[Change]:
        next_id = None
        assessed = []
        for change in changes:
            after = change.after
            if change.before is None:
                next_id = free_id(self.connection, TicketRow) if next_id is None else next_id + 1
                after = replace(after, id=next_id, version=1)
            else:
                after = replace(after, version=change.before.version + 1)
            assessed.append(replace(change, after=assess(self.rulebook, after)))
        return assessed

    def _write_tickets(self, changes: Sequence[Change]) -> None:
        tickets = [change.after for change in changes]
        customers = customer_ids(self.connection, tickets)
        requesters = requester_ids(self.connection, tickets, customers)
        new: list[dict[str, Any]] = []
        changed: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for change in changes:
            row = to_columns(
                change.after,
                customers[change.after.customer],
                requesters.get(change.after.id),
            )
            if change.before is None:
                new.append({**row, "imported": change.imported})
            elif change.imported is None:
                changed[False].append(row)
            else:
                changed[True].append({**row, "imported": change.imported})
        if new:
            self.connection.execute(insert(TicketRow), new)
        for rows in changed.values():
            self._update_tickets(rows)

    def _update_tickets(self, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        values: dict[str, Any] = {name: bindparam(f"_{name}") for name in rows[0] if name != "id"}
        self.connection.execute(
            update(TicketRow).where(col(TicketRow.id) == bindparam("_id")).values(values),
            [{f"_{name}": value for name, value in row.items()} for row in rows],
        )

    def _write_bodies_and_search(self, changes: Sequence[Change]) -> None:
        bodies = [
            {"ticket_id": change.after.id, "text": change.body}
            for change in changes
            if change.body is not None
        ]
        if bodies:
            put = insert_into(self.connection, BodyRow)
            self.connection.execute(
                put.on_conflict_do_update(
                    index_elements=["ticket_id"], set_={"text": put.excluded.text}
                ),
                bodies,
            )
        worded = [change for change in changes if _words_changed(change)]
        documents = [(c.after.id, folded(self._searchable(c))) for c in worded]
        if documents:
            self.kind.put_search(self.connection, documents)

    def _searchable(self, change: Change) -> str:
        body = change.body
        if body is None:
            text = select(col(BodyRow.text)).where(col(BodyRow.ticket_id) == change.after.id)
            body = self.connection.scalar(text) or ""
        after = change.after
        requester = after.requester.name if after.requester else ""
        return f"{after.subject}\n{after.customer}\n{after.external_id}\n{requester}\n{body}"

    def _write_order(self, changes: Sequence[Change]) -> None:
        """Replace the keys of the tickets that were in the queue by those that now are."""
        were = [c.after.id for c in changes if c.before is not None and c.before.actionable]
        gone: dict[Mode, list[bytes]] = {mode: [] for mode in Mode}
        if were:
            ticket_id = col(OrderRow.ticket_id)
            keys = select(*(order_index.KEYS[mode] for mode in Mode)).where(ticket_id.in_(were))
            for row in self.connection.execute(keys):
                for mode, key in zip(Mode, row, strict=True):
                    gone[mode].append(key)
            self.connection.execute(delete(OrderRow).where(ticket_id.in_(were)))
        orders = {mode: order_of(self.rulebook, mode) for mode in Mode}
        standing = [_order_columns(c.after, orders) for c in changes if c.after.actionable]
        if standing:
            self.connection.execute(insert(OrderRow), standing)
        for mode in Mode:
            come = [row[order_index.KEYS[mode].key] for row in standing]
            order_index.count_moves(self.connection, mode, gone[mode], come)

    def _append_events(self, changes: Sequence[Change]) -> None:
        self.connection.execute(
            insert(EventRow),
            [
                {
                    "at": self.now,
                    "actor": self.actor,
                    "kind": change.kind,
                    "ticket_id": change.after.id,
                    "note": change.note,
                    **_before_and_after(change),
                }
                for change in changes
            ],
        )


def _order_columns(ticket: Ticket, orders: Mapping[Mode, Order]) -> dict[str, Any]:
    keys = {order_index.KEYS[mode].key: order.key(ticket) for mode, order in orders.items()}
    return {
        "ticket_id": ticket.id,
        "assignee": ticket.assignee,
        "respond_by": ticket.respond_by,
        **keys,
    }


def _before_and_after(change: Change) -> dict[str, Any]:
    """Return what changed, as plain values; of a new ticket all of it."""
    after = facts(change.after)
    if change.before is None:
        return {"before": None, "after": after}
    before = facts(change.before)
    differing = [
        name for name, value in after.items() if value != before[name] and name not in _BOOKKEEPING
    ]
    return {
        "before": {name: before[name] for name in differing},
        "after": {name: after[name] for name in differing},
    }


def _words_changed(change: Change) -> bool:
    before, after = change.before, change.after
    return (
        before is None
        or change.body is not None
        or (before.subject, before.customer, before.requester)
        != (after.subject, after.customer, after.requester)
    )
