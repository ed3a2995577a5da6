"""Both sides changed a ticket: which change holds, before what its source says is taken in.

What loses over there is not taken over here, and what loses here does not go out; "the history
names both".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select, update
from sqlmodel import col

from policy.conversation.merge import FieldChange, Winner, is_echo, is_safe_status, winner
from policy.conversation.steps import UNSENT, StepKind, StepState
from policy.intake.incoming import IncomingTicket
from policy.words import Status
from store.conversations.origins import common_values
from store.conversations.outgoing import drop_common_value, end_step, is_untouched, plain, sets
from store.schema.conversation_tables import OutgoingStepRow
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import Writer

_ID: Any = col(OutgoingStepRow.id)
_COLUMNS: Any = OutgoingStepRow.__table__.c  # type: ignore[attr-defined] # SQLModel's table
_FIELDS: Final = {"status": StepKind.STATUS, "assignee": StepKind.ASSIGN}

Said = Mapping[str, Any]


@dataclass(slots=True)
class Reconciled:
    """What of a source's words is taken in, and what only counts as said.

    ``read`` holds by ticket what it says of fields that stay as they are here all the same;
    ``notes`` what the history tells of it.
    """

    tickets: list[IncomingTicket] = field(default_factory=list)
    read: dict[int, dict[str, str | None]] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=dict)


def reconciled(
    writer: Writer,
    name: str,
    incoming: Sequence[IncomingTicket],
    known: Mapping[tuple[str, str], tuple[int, Said | None]],
) -> Reconciled:
    """Return what is to be taken in of what a connection says, after steps that lost were ended."""
    return _Reconciling(writer, name, incoming, known).done()


class _Reconciling:
    """One batch, ticket by ticket."""

    def __init__(
        self,
        writer: Writer,
        name: str,
        incoming: Sequence[IncomingTicket],
        known: Mapping[tuple[str, str], tuple[int, Said | None]],
    ) -> None:
        self._writer = writer
        self._name = name
        self._incoming = incoming
        self._known = known
        self._result = Reconciled()
        self._waiting = self._unsent([each.external_id for each in incoming])

    def done(self) -> Reconciled:
        for each in self._incoming:
            number, said = self._known.get((each.source, each.external_id), (None, None))
            told = each
            if number is not None and said is not None:
                for name in _FIELDS:
                    if name in each.spoken:
                        told = self._field(told, name, number, said)
            self._result.tickets.append(told)
        return self._result

    def _field(self, told: IncomingTicket, name: str, number: int, said: Said) -> IncomingTicket:
        """Return what a ticket's source says, without a field where ours holds."""
        theirs, before = plain(getattr(told, name)), said.get(name)
        if theirs == before:
            return told
        kept = common_values(self._writer.connection, number)
        step = self._last_step(told.external_id, _FIELDS[name])
        drop_common_value(self._writer.connection, number, name)
        if name in kept and _says_the_same(name, kept[name], theirs):
            is_ours = step is not None or self._here(number, name) == kept[name]
            return self._only_read(told, name, number, theirs, said) if is_ours else told
        if step is None:
            return told
        change = FieldChange(
            common=kept.get(name, before),
            ours=getattr(step, name),
            theirs=theirs,
            ours_at=step.made_at,
            theirs_at=told.updated_at or self._writer.now,
        )
        holds = winner(change, _is_safe if name == "status" else None)
        if holds is Winner.OURS or not is_untouched(step):
            if theirs != change.common and holds is not Winner.SAME:
                self._note(
                    number, f"{step.author}'s {change.ours} holds, not {theirs} of {self._name}"
                )
            return self._only_read(told, name, number, theirs, said)
        if holds is Winner.THEIRS:
            self._note(number, f"{theirs} of {self._name} holds, not {step.author}'s {change.ours}")
        self._end(step, name, holds)
        return told

    def _only_read(
        self, told: IncomingTicket, name: str, number: int, theirs: str | None, said: Said
    ) -> IncomingTicket:
        """Return a ticket as if its source said of a field what it had said before."""
        self._result.read.setdefault(number, {})[name] = theirs
        before = said.get(name)
        value = Status(before) if name == "status" and before is not None else before
        return told.model_copy(update={name: value})

    def _end(self, step: Any, name: str, holds: Winner) -> None:
        """Take a step out of the outbox whose field is so already, or is no longer ours to set."""
        outcome = "It is so there already." if holds is Winner.SAME else "It was changed there."
        if step.kind == _FIELDS[name]:
            end_step(
                self._writer.connection, step.id, StepState.TAKEN_BACK, outcome, self._writer.now
            )
        else:  # an answer goes out all the same, without its status
            self._writer.connection.execute(
                update(OutgoingStepRow).where(step.id == _ID).values(status=None)
            )

    def _note(self, number: int, note: str) -> None:
        self._result.notes.setdefault(number, []).append(note)

    def _here(self, number: int, name: str) -> object:
        (ticket,) = by_ids(self._writer.connection, [number]) or (None,)
        if ticket is not None and ticket.continued_in is not None:
            (ticket,) = by_ids(self._writer.connection, [ticket.continued_in]) or (None,)
        return None if ticket is None else plain(getattr(ticket, name))

    def _last_step(self, external_id: str, kind: StepKind) -> Any:
        rows = self._waiting.get(external_id, [])
        return next((row for row in reversed(rows) if sets(row, kind)), None)

    def _unsent(self, external_ids: Sequence[str]) -> dict[str, list[Any]]:
        rows = self._writer.connection.execute(
            select(*_COLUMNS)
            .where(
                col(OutgoingStepRow.connection) == self._name,
                col(OutgoingStepRow.state).in_(sorted(UNSENT)),
                col(OutgoingStepRow.external_id).in_(external_ids),
            )
            .order_by(_ID)
        )
        found: dict[str, list[Any]] = {}
        for row in rows:
            found.setdefault(row.external_id, []).append(row)
        return found


def _is_safe(status: str | None) -> bool:
    return is_safe_status(None if status is None else Status(status))


def _says_the_same(name: str, ours: str | None, theirs: str | None) -> bool:
    if ours == theirs:
        return True
    is_status = name == "status" and ours is not None and theirs is not None
    return is_status and is_echo(Status(ours or ""), Status(theirs or ""))
