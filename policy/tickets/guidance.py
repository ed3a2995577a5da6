"""What the policy says about one ticket, and what to do next, in sentences for the board."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from policy.engineering.handover import asks_to_drop_everything
from policy.engineering.wording import in_words, is_to_be_told, to_tell
from policy.names import same_name
from policy.phrases import ReadersClock, sentence
from policy.refusal import one_of
from policy.roster.holders import HolderAway
from policy.ticket import HandOver, Ticket
from policy.vocabulary import Vocabulary
from policy.words import ACTIONABLE_STATUSES, Action, OpenedBy, PriorityInput, Status

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


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one thing to do next with a ticket: whole, in a few words, and as what a person does.

    ``sentence`` stands alone; ``short`` follows "Next:" and has no full stop. ``action`` is None
    where there is nothing to do here.
    """

    sentence: str
    short: str
    action: Action | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A step as it stands within a sentence, and the same in a few words."""

    within: str
    short: str
    action: Action | None


def next_step(
    ticket: Ticket,
    login: str,
    words: Vocabulary,
    lacking: Sequence[str] = (),
    away: HolderAway | None = None,
    *,
    clock: ReadersClock,
) -> NextAction:
    """Return the one thing to do next with the ticket, as seen by ``login``.

    ``lacking`` are the names of the context for engineering that nobody has filled in; ``away`` is
    why whoever has the ticket is away: until when, in the reader's zone, is for whoever shows it.
    Times are as the reader's ``clock`` shows them.
    """
    if ticket.declined is not None:
        return _declined(ticket)
    if not ticket.actionable:
        return _nothing(_resting(ticket, clock.zone))
    news = _news(ticket)
    step = news or _step_of_whoever_has_it(ticket, words, lacking, clock)
    if ticket.assignee is None:
        return _take(news or _how_it_stands(ticket, clock), step)
    if same_name(ticket.assignee, login):
        return NextAction(step.within[0].upper() + step.within[1:], step.short, step.action)
    if away is not None:
        over = f"take it over, and {step.short}"
        return NextAction(f"Take it over, and {step.within}", over, Action.TAKE)
    return NextAction(f"{ticket.assignee} has it: {step.within}", step.short, step.action)


def next_step_of_ce(ticket: Ticket, words: Vocabulary) -> NextAction:
    """Return the one thing to do next for a CE, who looks at a ticket and may not work on it.

    "`ce` opens tickets for trial customers and reads."
    """
    if ticket.declined is not None and ticket.opened_by is OpenedBy.CE:
        worse = f"a {one_of(words.urgent)}" if words.urgent else "worse"
        return NextAction(
            f"Tell the trial customer, or open another ticket if it has become {worse}.",
            "tell the trial customer",
            Action.OPEN_TRIAL_TICKET,
        )
    return NextAction(
        "Open a ticket for a trial customer who needs one; the steps here are support's.",
        "support's; yours is to open tickets for trial customers",
        Action.OPEN_TRIAL_TICKET,
    )


def _nothing(sentence_of_it: str) -> NextAction:
    """Return that nothing is to be done here, and why."""
    within = sentence_of_it[0].lower() + sentence_of_it[1:]
    return NextAction(sentence_of_it, within.rstrip("."), None)


def _take(at_once: _Step | None, then: _Step) -> NextAction:
    """Return that a ticket is to be taken that nobody has, and what comes after that."""
    said = (
        f"Take it, and {at_once.within}"
        if at_once is not None
        else "Take it: whoever takes it is accountable from then on."
    )
    return NextAction(said, f"take it, and {then.short}", Action.TAKE)


def _news(ticket: Ticket) -> _Step | None:
    """Return what to tell the customer of what engineering decided, None when there is nothing."""
    if ticket.review is None or not is_to_be_told(ticket):
        return None
    said = f"tell the customer: {to_tell(ticket.review)}"
    return _Step(f"{said}.", said, Action.REPLY)


def _how_it_stands(ticket: Ticket, clock: ReadersClock) -> _Step | None:
    """Return that the customer is to hear how it stands, where no answer is owed but an update.

    "Keep the customer informed", by when the contract says.
    """
    if ticket.owed or ticket.update_by is None:
        return None
    said = "tell the customer how it stands"
    return _Step(f"{said}: an update {clock.due(ticket.update_by)}.", said, Action.REPLY)


def _step_of_whoever_has_it(
    ticket: Ticket, words: Vocabulary, lacking: Sequence[str], clock: ReadersClock
) -> _Step:
    if not ticket.owed:
        return _step_while_nobody_waits(ticket, words, lacking, clock)
    if ticket.first_response_at is None:
        return _Step(
            "send the first response, a thoughtful one: “we are on it” does not count.",
            "send the first answer, a thoughtful one",
            Action.REPLY,
        )
    again = "answer the customer, who wrote again"
    return _Step(f"{again}.", again, Action.REPLY)


def _step_while_nobody_waits(
    ticket: Ticket, words: Vocabulary, lacking: Sequence[str], clock: ReadersClock
) -> _Step:
    rests = ticket.status not in ACTIONABLE_STATUSES  # and only an update keeps it in the queue
    towards = None if rests else _step_towards_engineering(ticket, words, lacking)
    informing = _how_it_stands(ticket, clock)
    if towards is not None and ticket.update_by is not None and not ticket.is_late(clock.now):
        return replace(towards, within=f"{towards.within} An update {clock.due(ticket.update_by)}.")
    return informing or towards or _work_on_it(ours=ticket.internal)


def _work_on_it(*, ours: bool) -> _Step:
    """Return that there is work to do, and the status after it; ``ours`` no customer waits for."""
    status = Status.SOLVED if ours else Status.PENDING
    then = "once it is done" if ours else "once the next step is the customer's"
    return _Step(
        f"work on it, and set it to {status} {then}.",
        f"work on it, then set it to {status}",
        Action.SET_STATUS,
    )


def _step_towards_engineering(
    ticket: Ticket, words: Vocabulary, lacking: Sequence[str]
) -> _Step | None:
    """Return the next step of a ticket whose context was begun, or of which engineering asked."""
    if asks_to_drop_everything(ticket, words):
        together = "work on it with engineering"
        return _Step(f"{together}, who were asked to drop everything.", together, None)
    review = ticket.review
    if review is not None:
        if review.timing is not None:
            return None
        return _Step(
            f"answer engineering in the context, then hand it over again: {sentence(review.note)}",
            "answer engineering in the context",
            Action.FILL_CONTEXT,
        )
    if not ticket.context:
        return None
    if lacking:
        names = one_of(map(in_words, lacking), "and")
        fill = f"fill in {names} for engineering"
        return _Step(f"{fill}, then hand it over.", fill, Action.FILL_CONTEXT)
    over = "hand it over to engineering"
    return _Step(f"{over}: the context is complete.", over, Action.HAND_OVER)


def _declined(ticket: Ticket) -> NextAction:
    if ticket.waiting_since is None or ticket.status in (Status.SOLVED, Status.CLOSED):
        return _nothing("Nothing more: it was declined.")
    if ticket.opened_by is OpenedBy.CE:
        ready = "send the ready reply to the CE who opened it"
        return NextAction(f"S{ready[1:]}.", ready, Action.REPLY)
    return NextAction(
        "Send the ready reply; a CE may open a ticket on the customer's behalf.",
        "send the ready reply",
        Action.REPLY,
    )


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
