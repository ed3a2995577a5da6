"""One ticket with all that the detail pane shows of it."""

from dataclasses import replace

from policy.contract.ticket_clocks import clocks_of, targets_of
from policy.conversation.messages import ConversationEnd
from policy.ordering.explanation import explain
from policy.ticket import Ticket
from policy.tickets.guidance import handling
from store.conversations.begun_drafts import draft_of
from store.conversations.conversation_end import end_of_conversation
from store.conversations.origins import origin_of, refused_steps
from store.engineering.towards_engineering import towards_engineering
from store.history.event_reading import count_of_ticket
from store.queue.overview import next_step_of
from store.quick.reads import Read
from store.read_models import Card
from store.reader import Reader

EVENTS_ON_A_CARD = 50
"""How many events the detail pane gets at once; those before them are read when one nears them."""

MESSAGES_ON_A_CARD = 6
"""How many messages the detail pane gets, of however long a conversation."""

CHARACTERS_ON_A_CARD = 6_000
"""How much of each message's text it gets."""

_BODY = Read("body")


def card(reader: Reader, ticket_id: int) -> Card:
    """Return one ticket with all that the detail pane shows of it."""
    ticket = reader.ticket(ticket_id)
    away = reader.holders.away(ticket)
    engineering = towards_engineering(ticket, reader.rulebook, reader.now)
    targets = targets_of(reader.rulebook, ticket)
    history = reader.history(ticket_id, newest=EVENTS_ON_A_CARD)[::-1]
    beside = reader.standing(ticket)
    return Card(
        ticket=ticket,
        holder_away=away,
        position=beside.position,
        targets=targets,
        clocks=clocks_of(reader.rulebook, ticket, targets),
        body=_BODY.value(reader.reads, {"of_ticket": ticket_id}) or "",
        conversation=conversation_end(reader, ticket),
        history=history,
        earlier_events=_earlier_events(reader, ticket_id, len(history)),
        why=explain(ticket, beside.behind, reader.order, reader.clock).why,
        why_behind=_why_behind(reader, beside.ahead, ticket),
        refused_steps=refused_steps(reader.reads, ticket_id),
        handling=handling(ticket, reader.clock),
        next_step=next_step_of(reader, ticket),
        engineering=engineering,
        words=reader.words,
    )


def conversation_end(reader: Reader, ticket: Ticket) -> ConversationEnd:
    """Return the end of a ticket's conversation, and by which connection an answer goes out."""
    found = end_of_conversation(reader, ticket, MESSAGES_ON_A_CARD, CHARACTERS_ON_A_CARD)
    origin = origin_of(reader.reads, ticket)
    if origin is None:
        return found
    begun = draft_of(reader.reads, ticket.id, reader.login)
    return replace(found, connection=origin.connection, is_begun=begun is not None)


def _why_behind(reader: Reader, ahead: Ticket | None, ticket: Ticket) -> str:
    """Return why it stands "behind the one before it", nothing where none stands there."""
    return "" if ahead is None else explain(ahead, ticket, reader.order).why


def _earlier_events(reader: Reader, ticket_id: int, read: int) -> int:
    """Return how many events of a ticket happened before the newest ``read``."""
    if read < EVENTS_ON_A_CARD:
        return 0
    return count_of_ticket(reader.reads, ticket_id) - read
