"""What there is of a ticket for engineering, and from them."""

from datetime import datetime

from policy.engineering.handover import checklist, missing, thin, ways
from policy.engineering.wording import answer_draft, is_to_be_told
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from store.read_models import TowardsEngineering


def towards_engineering(ticket: Ticket, rulebook: Rulebook, now: datetime) -> TowardsEngineering:
    """Return what there is of a ticket for engineering, and from them, at ``now`` (UTC)."""
    review = ticket.review if is_to_be_told(ticket) else None
    return TowardsEngineering(
        checklist=checklist(ticket, rulebook),
        missing=missing(ticket, rulebook),
        thin=thin(ticket, rulebook),
        fewest_words=rulebook.engineering.fewest_words,
        examples=rulebook.engineering.examples,
        ways=ways(ticket, rulebook, now),
        draft=None if review is None else answer_draft(ticket, review),
    )
