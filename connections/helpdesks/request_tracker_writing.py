"""What is done here, done at a Request Tracker: one step at a time, and read back.

A change is answered by 200 whether it was done or not, with sentences that are meant for people. So
each is compared with what stands there afterwards; the sentences are only passed on.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from connections.attempts import Delivery, DeliveryOutcome, never
from connections.helpdesks.help_desk import OutgoingStep, StepKind, Unreachable
from connections.helpdesks.request_tracker_feed import (
    MAY_COME_FOR,
    TransactionRow,
    identity,
    text,
    whole,
)
from connections.helpdesks.request_tracker_people import NOBODY, TrackerUser, TrackerUsers
from connections.helpdesks.request_tracker_reading import TrackerReader
from connections.helpdesks.request_tracker_settings import RequestTrackerSettings
from connections.helpdesks.request_tracker_tickets import custom_value
from connections.helpdesks.request_tracker_transactions import TrackerTransactions
from connections.helpdesks.request_tracker_wire import (
    MOST_ROWS,
    Json,
    NothingDone,
    TrackerAnswer,
    TrackerWire,
    in_query,
)
from policy.words import Status

_CHANGED_MEANWHILE: Final = 412
_WRITTEN: Final = 201
_AGO: Final = MAY_COME_FOR
_WAYS: Final = {StepKind.ANSWER: "correspond", StepKind.NOTE: "comment"}
_KINDS: Final = {StepKind.ANSWER: "Correspond", StepKind.NOTE: "Comment"}
_OWN_PRIORITY: Final = "Priority"
_REJECTED: Final = "rejected"


class TrackerWriter:
    """Writes to one Request Tracker under one login; one thread at a time."""

    def __init__(
        self,
        wire: TrackerWire,
        settings: RequestTrackerSettings,
        people: TrackerUsers,
        reader: TrackerReader,
        transactions: TrackerTransactions,
        *,
        me: Callable[[], TrackerUser],
    ) -> None:
        self._wire = wire
        self._settings = settings
        self._people = people
        self._reader = reader
        self._transactions = transactions
        self._me = me

    def write(self, step: OutgoingStep) -> Delivery:
        """Carry out a step, and return what became of it."""
        is_message = step.kind in _WAYS
        try:
            return self._message(step) if is_message else self._change(step)
        except NothingDone as nothing:
            return _delivery(DeliveryOutcome.NOT_ATTEMPTED, nothing.why, nothing.retry_after)
        except Unreachable as lost:
            # A change that is made twice is made once; a message would stand there twice.
            outcome = DeliveryOutcome.UNKNOWN if is_message else DeliveryOutcome.TEMPORARY
            return _delivery(outcome, lost.why, lost.retry_after)

    def find(self, step: OutgoingStep) -> bool | None:
        """Return whether a step is there, None where this login could not see it."""
        if step.kind not in _WAYS:
            ticket = self._ticket(step)
            return ticket is not None and self._is_so(step, ticket)
        return self._found(step) is not None

    # Answers and notes.

    def _message(self, step: OutgoingStep) -> Delivery:
        if not step.text.strip():
            return never("a message without words is not sent")
        if step.attempts > 1 and self._transactions.with_mark(step.mark):
            return self._with_its_status(step, _sent(f"stands at {self._wire.place} already"))
        answer = self._wire.ask(
            "POST",
            f"/ticket/{whole(step.external_id)}/{_WAYS[step.kind]}",
            {
                "Content": _kept(self._said(step)),
                "ContentType": "text/plain",
                "TxnCustomFields": {self._settings.mark_field: step.mark},
            },
        )
        if answer.code != _WRITTEN:
            return self._refused(step, answer)
        written = whole(answer.location.rpartition("/")[2])
        return self._with_its_status(step, self._read_back(step, written))

    def _read_back(self, step: OutgoingStep, number: int) -> Delivery:
        try:
            rows = self._transactions.marked(self._transactions.page(f"id = {number}")[0])
            said = self._reader.texts(rows).get(number, "")
        except Unreachable as lost:
            return _delivery(DeliveryOutcome.UNKNOWN, f"{lost.why}, and may have taken it")
        if not rows:
            why = "took it, and this login may not read it there; ShowTicketComments is missing"
            return _sent(f"{self._wire.place} {why}")
        if _plain(said) != _plain(self._said(step)):
            return _sent(f"{self._wire.place} took it, and other words stand there now")
        if rows[0].mark != step.mark:
            why = f"took it without our mark: the field {self._settings.mark_field} did not take it"
            return _sent(f"{self._wire.place} {why}")
        return _sent(f"{self._wire.place} has it as transaction {number}")

    def _with_its_status(self, step: OutgoingStep, written: Delivery) -> Delivery:
        """Set the status that an answer is sent with; that it was sent counts for more."""
        if step.status is None or written.outcome is not DeliveryOutcome.SENT:
            return written
        try:
            set_too = self._change(step)
        except Unreachable as lost:
            set_too = _delivery(DeliveryOutcome.TEMPORARY, lost.why)
        if set_too.outcome is DeliveryOutcome.SENT:
            return written
        return _sent(f"{written.why}; the status is not {step.status} there: {set_too.why}")

    def _said(self, step: OutgoingStep) -> str:
        """Return the words that go out; "else as the loop, naming them"."""
        me = self._me()
        words = step.text.replace("\r\n", "\n")
        if step.author.casefold() in (me.login.casefold(), me.email.casefold()):
            return words
        return f"{words.rstrip()}\n\n— {step.author_name or step.author}"

    def _found(self, step: OutgoingStep) -> TransactionRow | None:
        """Return the message of a step: by its mark, else by who wrote the same words since.

        The mark is put onto a message after it is written, and may be missing for that.
        """
        for marked in self._transactions.with_mark(step.mark):
            return marked
        mine = self._me().login.casefold()
        kind = in_query(_KINDS[step.kind])
        on_ticket = f"ObjectId = {self._number_now(step)} AND Type = {kind}"
        newest, _ = self._transactions.page(on_ticket, newest=MOST_ROWS)
        candidates = [
            row
            for row in self._transactions.marked(newest)
            if row.creator.casefold() == mine and not row.mark and row.at >= step.made_at - _AGO
        ]
        words = _plain(self._said(step))
        texts = self._reader.texts(candidates)
        return next((row for row in candidates if _plain(texts.get(row.id, "")) == words), None)

    # Owner, status and priority.

    def _change(self, step: OutgoingStep) -> Delivery:
        wanted = self._wanted(step)
        if isinstance(wanted, Delivery):
            return wanted
        before = self._ticket(step)
        if before is None:
            return self._not_there(step)
        if self._is_so(step, before):
            return _sent(f"is so at {self._wire.place} already")
        answer = self._wire.ask("PUT", f"/ticket/{whole(step.external_id)}", wanted)
        if not answer.is_done:
            return self._refused(step, answer)
        after = self._ticket(step)
        if after is not None and self._is_so(step, after):
            return _sent(f"is so at {self._wire.place}")
        said = answer.sentence or "and does not say why"
        return never(f"{self._wire.place} has not done it: {said}")

    def _wanted(self, step: OutgoingStep) -> Json | Delivery:
        """Return what to set, or that there is nothing to set."""
        if step.kind is StepKind.ASSIGN:
            owner = self._owner(step)
            if owner is None:
                known = " or ".join(each for each in (step.assignee, step.assignee_email) if each)
                return never(f"{self._wire.place} knows nobody by {known}; who is it there?")
            return {"Owner": owner}
        if step.kind is StepKind.PRIORITY:
            theirs = self._settings.priorities.get(step.priority or "")
            if theirs is None:
                why = f"is not told of it: priorities of the connection has no {step.priority}"
                return _sent(f"{self._wire.place} {why}")
            field = self._settings.priority_field
            is_own = field.casefold() == _OWN_PRIORITY.casefold()
            return {_OWN_PRIORITY: theirs} if is_own else {"CustomFields": {field: theirs}}
        return {"Status": self._settings.status_there(step.status or Status.OPEN)}

    def _is_so(self, step: OutgoingStep, ticket: Json) -> bool:
        """Return whether a ticket is over there as a step has it."""
        if step.kind is StepKind.ASSIGN:
            owner = self._owner(step)
            return owner is not None and owner == identity(ticket.get("Owner"))
        if step.kind is StepKind.PRIORITY:
            theirs = self._settings.priorities.get(step.priority or "")
            field = self._settings.priority_field
            if theirs is None:
                return True
            if field.casefold() == _OWN_PRIORITY.casefold():
                return text(ticket.get(_OWN_PRIORITY)) == theirs
            return text(custom_value(ticket, field)) == theirs
        if step.status is None:
            return True
        now = text(ticket.get("Status")).casefold()
        is_rejected = step.status is Status.CLOSED and now == _REJECTED
        return is_rejected or now == self._settings.status_there(step.status).casefold()

    def _owner(self, step: OutgoingStep) -> str | None:
        """Return the login over there of whose a ticket is to be: by address, else by login."""
        if step.assignee is None:
            return NOBODY
        found = None
        if step.assignee_email:
            found = self._people.with_address(step.assignee_email)
        found = found or self._people.with_login(step.assignee)
        return None if found is None else found.login

    def _ticket(self, step: OutgoingStep) -> Json | None:
        answer = self._wire.look(f"/ticket/{whole(step.external_id)}")
        return None if answer is None else answer.record

    def _number_now(self, step: OutgoingStep) -> int:
        """Return the number of a step's ticket, or of that which it was merged into."""
        ticket = self._ticket(step)
        return whole(step.external_id if ticket is None else ticket.get("id"))

    def _refused(self, step: OutgoingStep, answer: TrackerAnswer) -> Delivery:
        if answer.code == _CHANGED_MEANWHILE:
            why = f"{self._wire.place} has changed it meanwhile"
            return _delivery(DeliveryOutcome.TEMPORARY, why)
        if self._ticket(step) is None:
            return self._not_there(step)
        said = answer.sentence or "without a word"
        return never(f"{self._wire.place} refuses it ({answer.code}): {said}")

    def _not_there(self, step: OutgoingStep) -> Delivery:
        words = f"{self._wire.place} has no ticket {step.external_id}"
        return never(f"{words}, or this login may not see it any more")


def _kept(words: str) -> str:
    """Return words as Request Tracker keeps them: it takes a lone 0 for nothing."""
    return f"{words}\n" if words == "0" else words


def _plain(words: str) -> str:
    return words.replace("\r\n", "\n").rstrip()


def _sent(why: str) -> Delivery:
    return Delivery(outcome=DeliveryOutcome.SENT, why=why)


def _delivery(outcome: DeliveryOutcome, why: str, rest: timedelta | None = None) -> Delivery:
    return Delivery(outcome=outcome, why=why, retry_after=rest)
