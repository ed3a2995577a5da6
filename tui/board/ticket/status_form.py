"""The two questions with a handful of answers: after a reply, and which status."""

from collections.abc import Sequence

from policy.phrases import STATUS_NAMES
from policy.ticket import Ticket
from policy.words import DECIDED_STATUSES, Status
from tui.board.widgets.line_forms import SentenceForm
from tui.board.widgets.pick import Option, Pick

_MEANINGS = {
    Status.NEW: "nobody has answered yet",
    Status.OPEN: "the next step is ours",
    Status.PENDING: "the next step is the customer's",
    Status.ON_HOLD: "the next step is another team's",
    Status.SOLVED: "nothing is left to do; may be reopened",
    Status.CLOSED: "final",
}
_KEYS = {
    Status.NEW: "n",
    Status.OPEN: "o",
    Status.PENDING: "p",
    Status.ON_HOLD: "h",
    Status.SOLVED: "s",
    Status.CLOSED: "c",
}


def after_reply(ticket: Ticket) -> Pick[Status | None]:
    """Return the question whose step is next, now that we answered; None keeps the status."""
    stays = "open" if ticket.status is Status.NEW else STATUS_NAMES[ticket.status]
    return Pick(
        f"#{ticket.id}: we answered. And now?",
        [
            Option(None, "r", f"stays {stays}", "only record the reply"),
            _option(Status.PENDING),
            _option(Status.SOLVED),
        ],
    )


def after_answer(ticket: Ticket, *, public: bool) -> Pick[Status | None]:
    """Return the question whose step is next, with what is sent now; None keeps the status.

    An answer that goes out makes a new ticket open; a note changes nothing by itself.
    """
    is_opened = public and ticket.status is Status.NEW
    stays = "open" if is_opened else STATUS_NAMES[ticket.status]
    what = "the answer goes to the customer" if public else "the note is for us alone"
    ends = [Status.SOLVED] if public else []
    return Pick(
        f"#{ticket.id}: {what}. Whose step is next?",
        [
            Option(None, "r", f"{'is' if is_opened else 'stays'} {stays}", "only send it"),
            *(_option(each) for each in (Status.PENDING, Status.ON_HOLD, *ends)),
        ],
    )


def which_status(ticket: Ticket) -> Pick[Status]:
    """Return the question which status the ticket is to have; its own is not offered."""
    offered = [status for status in Status if status is not ticket.status]
    if ticket.first_response_at is not None:
        offered = [status for status in offered if status is not Status.NEW]
    return Pick(
        f"#{ticket.id} is {STATUS_NAMES[ticket.status]}. Whose step is next?",
        [_option(status) for status in offered],
    )


def which_status_of(what: str) -> Pick[Status]:
    """Return the question which status several tickets are to have."""
    offered = [status for status in Status if status is not Status.NEW]
    return Pick(f"{what}. Whose step is next?", [_option(status) for status in offered])


def why_unanswered(what: str) -> SentenceForm:
    """Return the question why nobody needs an answer of what is to be solved though it is owed."""
    return SentenceForm(
        f"{what}: a customer waits for an answer. Why does nobody need one?",
        "Because",
        verb="end it unanswered",
        hint="Stays in the history, and is counted in the report. Esc leaves it as it is.",
        missing="Say in a sentence why nobody needs an answer, or answer the customer first.",
        example="e.g. they wrote that it works again",
    )


def needs_reason(tickets: Sequence[Ticket], status: Status) -> bool:
    """Return whether one of the tickets is owed an answer and would be ended without it."""
    return status in DECIDED_STATUSES and any(ticket.owed for ticket in tickets)


def _option(status: Status) -> Option:  # type: ignore[type-arg] # of Status and of Status | None alike
    return Option(status, _KEYS[status], STATUS_NAMES[status], _MEANINGS[status])
