"""How a step of the outbox ends, and what that makes of its message and its ticket here."""

from typing import Any, Final

from sqlalchemy import select, update
from sqlmodel import col

from policy.conversation.messages import MessageState
from policy.conversation.steps import MESSAGE_KINDS, UNSENT, StepKind, StepState
from policy.conversation.unanswered import unanswered
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.tickets.sources import written_to
from policy.words import DECIDED_STATUSES
from store.conversations.message_rows import set_state
from store.conversations.origins import origin_of
from store.conversations.outgoing import answer_before, end_step, put_common_value
from store.desk_reader import DeskReader
from store.schema.conversation_tables import OutgoingStepRow
from store.tickets.ingest import next_of
from store.tickets.ticket_writer import TicketUpdate, Writer

_ID: Any = col(OutgoingStepRow.id)
_COLUMNS: Any = OutgoingStepRow.__table__.c  # type: ignore[attr-defined] # SQLModel's table

_SETTLED: Final = frozenset({StepState.SENT, StepState.TAKEN_BACK})


def end_of_step(
    writer: Writer,
    reader: DeskReader,
    number: int,
    state: StepState,
    outcome: str,
    *,
    attempts: int | None = None,
) -> bool:
    """Write down that a step was sent or has failed for good; return whether that was news.

    ``attempts`` is that of whoever says so; that it was sent is true whoever has it by now. What
    came back after it was sent has failed, too.
    """
    row = writer.connection.execute(select(*_COLUMNS).where(number == _ID)).first()
    if row is None or row.state in (state, StepState.TAKEN_BACK):
        return False
    is_another_attempt = attempts is not None and row.attempts != attempts
    if state is StepState.FAILED and is_another_attempt:
        return False
    end_step(writer.connection, number, state, outcome, writer.now)
    if row.message_id is not None:
        said = MessageState.SENT if state is StepState.SENT else MessageState.FAILED
        set_state(writer.connection, row.message_id, said, outcome)
    if state is StepState.SENT:
        _keep_common_values(writer, reader, row)
    elif row.kind == StepKind.ANSWER:
        _unanswered(writer, reader, row, outcome)
    else:
        what = "note" if row.kind in MESSAGE_KINDS else row.kind
        writer.journal.append(
            "step_failed", note=f"{row.connection} refused the {what}: {outcome}",
            ticket=row.ticket_id,
        )  # fmt: skip
    return True


def numbers_marked(writer: Writer, marks: frozenset[str]) -> list[int]:
    """Return the steps with these marks that are not known to be sent."""
    rows = writer.connection.scalars(
        select(_ID)
        .where(
            col(OutgoingStepRow.mark).in_(sorted(marks)),
            col(OutgoingStepRow.state).not_in(sorted(_SETTLED)),
        )
        .order_by(_ID)
    )
    return list(rows)


def step_of_message(writer: Writer, message: int) -> int | None:
    """Return the step that sends a message, None where none does."""
    return writer.connection.scalar(
        select(_ID).where(col(OutgoingStepRow.message_id) == message).limit(1)
    )


def _keep_common_values(writer: Writer, reader: DeskReader, row: Any) -> None:
    """Keep what was written there as what both sides say, until the source says it back.

    What was refused of the same field before needs nobody's decision any more.
    """
    if row.kind not in MESSAGE_KINDS:
        writer.connection.execute(
            update(OutgoingStepRow)
            .where(
                col(OutgoingStepRow.ticket_id) == row.ticket_id,
                col(OutgoingStepRow.kind) == row.kind,
                col(OutgoingStepRow.state) == StepState.FAILED,
            )
            .values(state=StepState.TAKEN_BACK)
        )
    ticket = _found(reader, row.ticket_id)
    origin = None if ticket is None else origin_of(writer.connection, ticket)
    if origin is None:
        return
    # What it has said already, before we knew that it was written, is not said back once more: a
    # later word would be taken for that.
    if row.status is not None and origin.said.get("status") != row.status:
        put_common_value(writer.connection, origin.ticket, "status", row.status)
    if row.kind == StepKind.ASSIGN and origin.said.get("assignee", "") != row.assignee:
        put_common_value(writer.connection, origin.ticket, "assignee", row.assignee)


def _unanswered(writer: Writer, reader: DeskReader, row: Any, outcome: str) -> None:
    """Let the customer wait again since when they had waited before an answer that failed."""
    ticket = _found(reader, row.ticket_id)
    if ticket is None:
        return
    again = unanswered(ticket, row.made_at, answer_before(row.before))
    note = f"{row.connection} did not take the answer: {outcome}"
    since = again.waiting_since
    if ticket.merged_into is not None and since is not None:
        live = _live(reader, ticket)
        woken = written_to(live, since)
        writer.write([TicketUpdate(before=live, after=woken, kind="answer_failed", note=note)])
    else:
        writer.write([TicketUpdate(before=ticket, after=again, kind="answer_failed", note=note)])
    _take_out_endings(writer, row)


def _take_out_endings(writer: Writer, row: Any) -> None:
    """Take out of the outbox what would end the ticket on the strength of a lost answer."""
    writer.connection.execute(
        update(OutgoingStepRow)
        .where(
            col(OutgoingStepRow.ticket_id) == row.ticket_id,
            row.id < _ID,
            col(OutgoingStepRow.kind) == StepKind.STATUS,
            col(OutgoingStepRow.status).in_(sorted(DECIDED_STATUSES)),
            col(OutgoingStepRow.state).in_(sorted(UNSENT)),
        )
        .values(
            state=StepState.TAKEN_BACK,
            outcome="The answer before it did not arrive.",
            ended_at=writer.now,
        )
    )


def _live(reader: DeskReader, ticket: Ticket) -> Ticket:
    while (further := next_of(ticket)) is not None:
        ticket = reader.ticket(further)
    return ticket


def _found(reader: DeskReader, number: int) -> Ticket | None:
    try:
        return reader.ticket(number)
    except Refusal:
        return None
