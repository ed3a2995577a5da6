"""What the policy says about one ticket, and what to do next, in sentences for the board."""

from collections.abc import Sequence
from datetime import tzinfo

from policy.engineering.handover import asks_to_drop_everything
from policy.engineering.wording import in_words, is_to_be_told, to_tell
from policy.names import same_name
from policy.phrases import ReadersClock, sentence
from policy.refusal import one_of
from policy.roster.holders import HolderAway
from policy.ticket import HandOver, Ticket
from policy.vocabulary import Vocabulary
from policy.words import ACTIONABLE_STATUSES, OpenedBy, PriorityInput, Status

_INPUTS = {
    PriorityInput.CUSTOMER: "with the customer's input",
    PriorityInput.ANOTHER_TEAM: "with another team's input",
    PriorityInput.CONTRACT: "as the contract obliges us",
}
"""What an assigned priority rests on, in words: "with input from the customer and/or …"."""


def handling(ticket: Ticket, clock: ReadersClock) -> tuple[str, ...]:
    """Return what the policy says about the ticket, a sentence each: the definition comes first.

    "The ticket then shows both what the definition says and what was assigned." Times are as the
    reader's ``clock`` shows them.
    """
    if ticket.declined is not None:
        return (f"Declined: {ticket.declined}",)
    sentences = [ticket.because]
    assigned = ticket.assigned_priority
    if assigned is not None:
        sentences.append(
            sentence(
                f"By definition {ticket.defined_priority}; {assigned.by} assigned"
                f" {assigned.priority}, {_INPUTS[assigned.rests_on]}: {assigned.reason}"
            )
        )
    if ticket.waiting_since is None and ticket.actionable:
        but = "" if ticket.update_by is None else f", but an update {clock.due(ticket.update_by)}"
        sentences.append(f"Answered: nobody waits for a reply from us{but}.")
    elif ticket.respond_by is None and ticket.actionable:
        sentences.append("No contract sets a time for it.")
    return tuple(sentences)


def next_step(
    ticket: Ticket,
    login: str,
    words: Vocabulary,
    lacking: Sequence[str] = (),
    away: HolderAway | None = None,
    *,
    clock: ReadersClock,
) -> str:
    """Return the one thing to do next with the ticket, as seen by ``login``.

    ``lacking`` are the names of the context for engineering that nobody has filled in; ``away`` is
    why whoever has the ticket is away: until when, in the reader's zone, is for whoever shows it.
    Times are as the reader's ``clock`` shows them.
    """
    if ticket.declined is not None:
        return _declined(ticket)
    if not ticket.actionable:
        return _resting(ticket, clock.zone)
    news = _news(ticket)
    if ticket.assignee is None:
        news = news or _how_it_stands(ticket, clock)
        return (
            f"Take it, and {news}"
            if news
            else "Take it: whoever takes it is accountable from then on."
        )
    step = news or _step_of_whoever_has_it(ticket, words, lacking, clock)
    if same_name(ticket.assignee, login):
        return step[0].upper() + step[1:]
    if away is not None:
        return f"Take it over, and {step}"
    return f"{ticket.assignee} has it: {step}"


def next_step_of_ce(ticket: Ticket, words: Vocabulary) -> str:
    """Return the one thing to do next for a CE, who looks at a ticket and may not work on it.

    "`ce` opens tickets for trial customers and reads."
    """
    if ticket.declined is not None and ticket.opened_by is OpenedBy.CE:
        worse = f"a {one_of(words.urgent)}" if words.urgent else "worse"
        return f"Tell the trial customer, or open another ticket if it has become {worse}."
    return "Open a ticket for a trial customer who needs one; the steps here are support's."


def _news(ticket: Ticket) -> str | None:
    """Return what to tell the customer of what engineering decided, None when there is nothing."""
    if ticket.review is None or not is_to_be_told(ticket):
        return None
    return f"tell the customer: {to_tell(ticket.review)}."


def _how_it_stands(ticket: Ticket, clock: ReadersClock) -> str | None:
    """Return that the customer is to hear how it stands, where no answer is owed but an update.

    "Keep the customer informed", by when the contract says.
    """
    if ticket.owed or ticket.update_by is None:
        return None
    return f"tell the customer how it stands: an update {clock.due(ticket.update_by)}."


def _step_of_whoever_has_it(
    ticket: Ticket, words: Vocabulary, lacking: Sequence[str], clock: ReadersClock
) -> str:
    if not ticket.owed:
        return _step_while_nobody_waits(ticket, words, lacking, clock)
    if ticket.first_response_at is None:
        return "send the first response, a thoughtful one: “we are on it” does not count."
    return "answer the customer, who wrote again."


def _step_while_nobody_waits(
    ticket: Ticket, words: Vocabulary, lacking: Sequence[str], clock: ReadersClock
) -> str:
    rests = ticket.status not in ACTIONABLE_STATUSES  # and only an update keeps it in the queue
    towards = None if rests else _step_towards_engineering(ticket, words, lacking)
    informing = _how_it_stands(ticket, clock)
    if towards is not None and ticket.update_by is not None and not ticket.is_late(clock.now):
        return f"{towards} An update {clock.due(ticket.update_by)}."
    ours = ticket.internal  # which no customer waits for
    then = "solved once it is done" if ours else "pending once the next step is the customer's"
    return informing or towards or f"work on it, and set it to {then}."


def _step_towards_engineering(
    ticket: Ticket, words: Vocabulary, lacking: Sequence[str]
) -> str | None:
    """Return the next step of a ticket whose context was begun, or of which engineering asked."""
    if asks_to_drop_everything(ticket, words):
        return "work on it with engineering, who were asked to drop everything."
    review = ticket.review
    if review is not None:
        if review.timing is not None:
            return None
        return (
            f"answer engineering in the context, then hand it over again: {sentence(review.note)}"
        )
    if not ticket.context:
        return None
    if lacking:
        names = one_of(map(in_words, lacking), "and")
        return f"fill in {names} for engineering, then hand it over."
    return "hand it over to engineering: the context is complete."


def _declined(ticket: Ticket) -> str:
    if ticket.waiting_since is None or ticket.status in (Status.SOLVED, Status.CLOSED):
        return "Nothing more: it was declined."
    if ticket.opened_by is OpenedBy.CE:
        return "Send the ready reply to the CE who opened it."
    return "Send the ready reply; a CE may open a ticket on the customer's behalf."


def _resting(ticket: Ticket, zone: tzinfo) -> str:
    match ticket.status:
        case Status.PENDING:
            return "Nothing: the next step is the customer's."
        case Status.ON_HOLD:
            if ticket.handed_over is not None:
                return _with_engineering(ticket.handed_over, zone)
            return "Wait for the other team, and keep the customer informed."
        case Status.SOLVED:
            return "Nothing: it may be reopened if the customer writes again."
        case _:
            return "Nothing: it is closed, which is final."


def _with_engineering(handed_over: HandOver, zone: tzinfo) -> str:
    at = handed_over.at.astimezone(zone)
    return (
        f"Nothing: it is with engineering since {at:%a} {at.day} {at:%b %H:%M}, and sits"
        " without shame. Keep the customer informed."
    )
