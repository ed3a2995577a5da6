"""Taking an action back, and doing it again: every event of it reversed, as one new action.

"`undo` takes back one's own last action (bulk ones whole), says what it takes back, refuses where
someone has changed the ticket since, and is itself in the history; redo."
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from policy.conversation.steps import StepKind
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import Action
from store.conversations.message_events import MESSAGE_WRITTEN, why_gone
from store.conversations.outgoing import queue_changes
from store.engines.statements import AT_ONCE
from store.history.events import actors_meant, events_of_action, events_since
from store.history.journal import REDONE, UNDONE, original_kind
from store.history.targets import SUBJECTS, Value
from store.notices.notice_events import ROW
from store.policies.policy_change import rank_all_again
from store.queue.search_documents import put_documents
from store.read_models import Event
from store.schema.conversation_tables import OutgoingStepRow
from store.schema.settings_in_force import settings_of
from store.schema.tables import ActionRow, TicketRow
from store.tickets.ticket_json import BESIDE, Facts, facts, instant, ticket_of
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import TicketUpdate, Writer

_POLICY = "policy_adopted"
_RE_RANKED = "ranked_again"
"""What a policy makes of a ticket follows from it, and is reckoned anew with every change."""

_SAID_BY_SOURCES = frozenset({"imported", "updated", "continued", "heard_in_merged"})
"""What a source has said is not to be said to it when it is taken back here."""

_ACTION: Any = ActionRow.__table__  # type: ignore[attr-defined] # SQLModel's table
_ID, _ACTOR, _UNDONE = col(ActionRow.id), col(ActionRow.actor), col(ActionRow.undone)
_OWN = (
    select(*_ACTION.c)
    .where(_ACTOR.in_(bindparam("of_logins", expanding=True)), _UNDONE.is_(False))
    .order_by(_ID.desc())
    .limit(1)
)
_LAST_DONE = _OWN.where(col(ActionRow.undoes).is_(None), col(ActionRow.undoable).is_(True))
_TAKEN_BACK = aliased(ActionRow)
_LAST_TAKEN_BACK = _OWN.join(_TAKEN_BACK, col(ActionRow.undoes) == col(_TAKEN_BACK.id)).where(
    col(_TAKEN_BACK.undoes).is_(None)
)
_THERE = select(col(TicketRow.id), col(TicketRow.source), col(TicketRow.external_id)).where(
    col(TicketRow.source).in_(bindparam("sources", expanding=True)),
    col(TicketRow.external_id).in_(bindparam("names", expanding=True)),
)
_STATUS_SAID = (
    select(col(OutgoingStepRow.id))
    .where(
        col(OutgoingStepRow.ticket_id).in_(bindparam("tickets", expanding=True)),
        col(OutgoingStepRow.action).in_(bindparam("actions", expanding=True)),
        col(OutgoingStepRow.kind) == StepKind.STATUS,
    )
    .limit(1)
)
_MARK = (
    update(ActionRow).where(bindparam("that_action") == _ID).values(undone=bindparam("is_undone"))
)


@dataclass(frozen=True, slots=True)
class Done:
    """An action to be reversed, and its events in the order in which they happened."""

    id: int
    wanted: Action
    undoes: int | None
    events: tuple[Event, ...]


def last_done(connection: Connection, login: str) -> Done:
    """Return the last action of a person that is in force and can be taken back.

    Raises:
        Refusal: there is none.
    """
    row = connection.execute(_LAST_DONE, {"of_logins": actors_meant(connection, login)}).first()
    if row is None:
        raise Refusal(f"there is nothing that {login} has done and could take back")
    return _done(connection, row)


def last_taken_back(connection: Connection, login: str) -> Done:
    """Return the last action by which a person took something back, with nothing done since.

    Raises:
        Refusal: there is none.
    """
    those = {"of_logins": actors_meant(connection, login)}
    row = connection.execute(_LAST_TAKEN_BACK, those).first()
    other = connection.execute(_LAST_DONE, those).first()
    if row is None or (other is not None and other.id > row.id):
        raise Refusal(f"there is nothing that {login} has taken back and could do again")
    return _done(connection, row)


def reverse(writer: Writer, done: Done) -> None:
    """Reverse an action: put all that it changed to what it was before.

    Raises:
        Refusal: somebody has changed since what it changed.
    """
    writer.journal.undoes = done.id
    kind = UNDONE if done.undoes is None else REDONE
    repriced = any(original_kind(event) == _POLICY for event in done.events)
    of_tickets = [each for each in done.events if _of_ticket(each, repriced)]
    _refuse_changes_since(writer.connection, done, of_tickets)
    writer = _with_policy_reversed(writer, done, kind)
    _reverse_tickets(writer, of_tickets, kind, _unsent(writer.connection, done))
    for event in reversed(done.events):
        if original_kind(event) in SUBJECTS and original_kind(event) != _POLICY:
            _reverse_subject(writer, event, kind)
    worded = {each.ticket for each in done.events if original_kind(each) == MESSAGE_WRITTEN}
    put_documents(writer.connection, writer.kind, [each for each in worded if each is not None])
    marks = [{"that_action": done.id, "is_undone": True}]
    if done.undoes is not None:
        marks.append({"that_action": done.undoes, "is_undone": False})
    writer.connection.execute(_MARK, marks)


def _done(connection: Connection, row: Any) -> Done:
    return Done(
        id=row.id,
        wanted=Action(row.wanted),
        undoes=row.undoes,
        events=events_of_action(connection, row.id),
    )


def _of_ticket(event: Event, repriced: bool) -> bool:
    """Return whether an event is about its ticket alone; what a policy re-ranks follows from it."""
    kind = original_kind(event)
    ranked_by_policy = repriced and kind == _RE_RANKED
    return event.ticket is not None and kind not in SUBJECTS and not ranked_by_policy


def _refuse_changes_since(connection: Connection, done: Done, of_tickets: Sequence[Event]) -> None:
    for event in done.events:
        if original_kind(event) in SUBJECTS:
            _refuse_unless_it_stands(connection, event)
    last = {event.ticket: event.id for event in of_tickets if event.ticket is not None}
    for ticket, event_id in last.items():
        for later in events_since(connection, ticket, event_id, in_force_beside=done.id):
            kind = original_kind(later)
            is_beside = later.before is None and later.after is None  # a comment
            if not is_beside and kind not in SUBJECTS and kind != _RE_RANKED:
                what = later.kind.replace("_", " ")
                raise Refusal(
                    f"#{ticket} was changed since by {later.actor} ({what}),"
                    " so what came before cannot be taken back"
                )


def _refuse_unless_it_stands(connection: Connection, event: Event) -> None:
    if original_kind(event) == MESSAGE_WRITTEN:
        gone = why_gone(connection, event.after)
        if gone is not None:
            raise Refusal(f"#{event.ticket}: {gone}")
    if SUBJECTS[original_kind(event)].stands(connection, event.after):
        return
    if ROW in (event.after or {}):
        raise Refusal("the notice has gone out since, or has ended, and cannot be taken back")
    what = original_kind(event).replace("_", " ")
    raise Refusal(f"what was done ({what}) was changed since, and cannot be taken back")


def _with_policy_reversed(writer: Writer, done: Done, kind: str) -> Writer:
    """Return the writer under the policy that is in force after the reversal."""
    for event in reversed(done.events):
        if original_kind(event) == _POLICY:
            present = writer.rulebook
            _reverse_subject(writer, event, kind)
            writer = replace(writer, rulebook=settings_of(writer.connection).rulebook)
            rank_all_again(writer, present)
    return writer


def _reverse_subject(writer: Writer, event: Event, kind: str) -> None:
    original = original_kind(event)
    was, becomes = event.after, event.before
    if kind == UNDONE and original == "wait_promised" and ROW in (was or {}):
        was, becomes = _notice_taken_back(writer, event)
    SUBJECTS[original].put(writer.connection, was, becomes)
    writer.journal.append(kind, before=was, after=becomes, note=original, ticket=event.ticket)


def _notice_taken_back(writer: Writer, event: Event) -> tuple[Value, Value]:
    """Return what a promised notice was and becomes: the ledger forgets none, it is taken back."""
    promised = event.after or {}
    row = promised[ROW]
    was = {name: row[name] for name in ("id", "state", "ended_at", "outcome")}
    taken_back = {
        "id": row["id"],
        "state": "taken_back",
        "ended_at": instant(writer.now),
        "outcome": "Taken back.",
    }
    beside = {name: value for name, value in promised.items() if name != ROW}
    return beside | {ROW: was}, beside | {ROW: taken_back}


def _unsent(connection: Connection, done: Done) -> frozenset[StepKind]:
    """Return the steps that reversing an action does not send, as it had sent none itself.

    A reply says nothing of a status to a help desk, or says it with its answer.
    """
    if not any(original_kind(event) == "replied" for event in done.events):
        return frozenset()
    those = {
        "actions": [done.id, *([] if done.undoes is None else [done.undoes])],
        "tickets": sorted({each.ticket for each in done.events if each.ticket is not None}),
    }
    said = connection.scalar(_STATUS_SAID, those)
    return frozenset({StepKind.STATUS} if said is None else ())


def _reverse_tickets(
    writer: Writer, events: Sequence[Event], kind: str, unsent: frozenset[StepKind]
) -> None:
    """Put each ticket to what it was before the first of its events; the changes are one each.

    What has gone out to a help desk is written back there, what has not is taken out of the outbox.
    """
    befores: dict[int, Facts | None] = {}
    kinds: dict[int, str] = {}
    for event in reversed(events):
        number = event.ticket or 0
        befores[number] = _folded(befores.get(number, {}), event)
        kinds[number] = original_kind(event)
    present = {ticket.id: ticket for ticket in by_ids(writer.connection, sorted(befores))}
    changes = []
    removed: dict[str, list[Ticket]] = {}
    for number in sorted(befores):
        before = befores[number]
        if before is not None:
            changes.append(_change(present.get(number), before, kind, kinds[number]))
        elif number in present:
            removed.setdefault(kinds[number], []).append(present[number])
    _refuse_what_came_again(writer.connection, [each.after for each in changes if not each.before])
    for change, ticket in zip(changes, writer.write(changes), strict=True):
        if change.before is not None and kinds[ticket.id] not in _SAID_BY_SOURCES:
            queue_changes(writer, change.before, ticket, unsent)
    for note, tickets in removed.items():
        writer.remove(tickets, note, kind)


def _refuse_what_came_again(connection: Connection, tickets: Sequence[Ticket]) -> None:
    """Refuse to bring back tickets that their source has told of since, under other numbers."""
    for start in range(0, len(tickets), AT_ONCE):
        wanted = {(each.source, each.external_id): each for each in tickets[start:][:AT_ONCE]}
        those = {"sources": {each[0] for each in wanted}, "names": [each[1] for each in wanted]}
        for row in connection.execute(_THERE, {name: list(said) for name, said in those.items()}):
            ticket = wanted.get((row.source, row.external_id))
            if ticket is not None:
                raise Refusal(
                    f"#{ticket.id} cannot come back: {row.source}:{row.external_id} has come again"
                    f" since, as #{row.id}"
                )


def _folded(known: Facts | None, event: Event) -> Facts | None:
    """Return what a ticket was, further back by one event; None before there was one."""
    if event.before is None and event.after:
        return None
    return (known or {}) | dict(event.before or {})


def _change(present: Ticket | None, before: Facts, kind: str, note: str) -> TicketUpdate:
    beside = {name: before[name] for name in BESIDE if name in before}
    said = {name: value for name, value in before.items() if name not in BESIDE}
    if present is None:
        again = ticket_of(said | {"version": before["version"] + 2})
        return TicketUpdate(before=None, after=again, kind=kind, note=note, told=True, **beside)
    was = ticket_of(facts(present) | said)
    return TicketUpdate(before=present, after=was, kind=kind, note=note, told=True, **beside)
