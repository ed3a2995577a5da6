"""What a ticket may be answered with, ready to be sent: a declined one's reply, or a draft."""

from store.read_models import Card


def reply_of(card: Card) -> str | None:
    """Return the reply to a declined ticket, or else the drafted answer of a reviewed one.

    None where there is neither: then a person writes it.
    """
    ticket = card.ticket
    if ticket.declined is None:
        return card.engineering.draft
    # The rulebook costs more than the first frame and help may take; the desk has it by now.
    from policy.intake.rules import ready_reply  # noqa: PLC0415 - it brings the rules

    name = ticket.requester.name if ticket.requester else ticket.customer
    return ready_reply(name, ticket.declined)
