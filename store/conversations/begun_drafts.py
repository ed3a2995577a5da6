"""What a person has begun to write about a ticket, as it is read."""

from policy.conversation.messages import Draft
from policy.words import Status
from store.quick.reads import Read, Reads

_DRAFT = Read("draft")


def draft_of(reads: Reads, ticket: int, login: str) -> Draft | None:
    """Return what a person has begun to write about a ticket, None for nothing."""
    row = _DRAFT.first(reads, {"of_ticket": ticket, "of_login": login})
    if row is None:
        return None
    status = None if row.status is None else Status(row.status)
    return Draft(ticket=ticket, at=row.at, text=row.text, public=row.public, status=status)
