"""One ticket with all that the detail pane shows of it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from policy.contract.ticket_clocks import clocks_of, targets_of
from policy.conversation.messages import ConversationEnd
from policy.ordering.explanation import explain
from policy.ticket import Ticket
from policy.tickets.guidance import handling
from store.conversations.drafts import draft_of
from store.conversations.message_rows import end_of_conversation
from store.conversations.outgoing import origin_of
from store.desk_reader import DeskReader
from store.engineering.handed_over import towards_engineering
from store.queue.overview import next_step_of
from store.read_models import Card
from store.schema.tables import BodyRow

EVENTS_ON_A_CARD = 200
"""How many events the detail pane gets; ``history`` gives all."""

MESSAGES_ON_A_CARD = 6
"""How many messages the detail pane gets, of however long a conversation."""

CHARACTERS_ON_A_CARD = 6_000
"""How much of each message's text it gets."""

_THAT_TICKET: Any = bindparam("that_ticket")
_BODY = select(col(BodyRow.text)).where(col(BodyRow.ticket_id) == _THAT_TICKET)


def card(reader: DeskReader, ticket_id: int) -> Card:
    """Return one ticket with all that the detail pane shows of it."""
    ticket = reader.ticket(ticket_id)
    away = reader.holders.away(ticket)
    engineering = towards_engineering(ticket, reader.rulebook, reader.now)
    targets = targets_of(reader.rulebook, ticket)
    return Card(
        ticket=ticket,
        holder_away=away,
        position=reader.position(ticket_id),
        targets=targets,
        clocks=clocks_of(reader.rulebook, ticket, targets),
        body=reader.connection.scalar(_BODY, {"that_ticket": ticket_id}) or "",
        conversation=conversation_end(reader, ticket),
        history=reader.history(ticket_id, newest=EVENTS_ON_A_CARD)[::-1],
        why=explain(ticket, reader.behind(ticket), reader.order, reader.clock).why,
        handling=handling(ticket, reader.clock),
        next_step=next_step_of(reader, ticket),
        engineering=engineering,
        words=reader.words,
    )


def conversation_end(reader: DeskReader, ticket: Ticket) -> ConversationEnd:
    """Return the end of a ticket's conversation, and by which connection an answer goes out."""
    found = end_of_conversation(reader, ticket, MESSAGES_ON_A_CARD, CHARACTERS_ON_A_CARD)
    origin = origin_of(reader.connection, ticket)
    if origin is None:
        return found
    begun = draft_of(reader.connection, ticket.id, reader.login)
    return replace(found, connection=origin.connection, is_begun=begun is not None)
