"""What is done here, done at a Zendesk: one change for each step, and read back.

Each change says as of when it knows the ticket, so that none is made over one that nobody here has
seen, and carries our mark, by which it is found again where no answer came.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from connections.attempts import Delivery, DeliveryOutcome, never
from connections.helpdesks.help_desk import OutgoingStep, StepKind, Unreachable
from connections.helpdesks.zendesk_comments import MARK, address_of, mark_of, may_hide_mark
from connections.helpdesks.zendesk_conversations import ZendeskConversations
from connections.helpdesks.zendesk_people import ZendeskPeople
from connections.helpdesks.zendesk_position import told_until
from connections.helpdesks.zendesk_settings import ZendeskSettings
from connections.helpdesks.zendesk_tickets import ZendeskTicket, merged_into
from connections.helpdesks.zendesk_wire import (
    Json,
    NotCarriedOut,
    ZendeskAnswer,
    ZendeskWire,
    moment,
    text,
    whole,
)
from policy.words import Status

_CONFLICT: Final = 409
_WRONG: Final = 422
_HIDDEN: Final = (403, 404)
_ATTEMPTS: Final = 3
_CLOCKS_APART: Final = timedelta(minutes=10)
_MERGES_FOLLOWED: Final = 10
_MESSAGES: Final = (StepKind.ANSWER, StepKind.NOTE)
_DECIDED: Final = ("solved", "closed")


class ZendeskWriter:
    """Writes to one Zendesk under one login; one thread at a time."""

    def __init__(
        self,
        wire: ZendeskWire,
        settings: ZendeskSettings,
        people: ZendeskPeople,
        conversations: ZendeskConversations,
        *,
        me: Callable[[], Json],
    ) -> None:
        self._wire = wire
        self._settings = settings
        self._people = people
        self._conversations = conversations
        self._me = me

    def write(self, step: OutgoingStep) -> Delivery:
        """Carry out a step, and return what became of it."""
        try:
            if step.kind not in _MESSAGES:
                return self._change(step)
            if not step.text.strip():
                return never("a message without words is not sent")
            return self._message(step)
        except NotCarriedOut as nothing:
            return _delivery(DeliveryOutcome.NOT_ATTEMPTED, nothing.why, nothing.retry_after)
        except Unreachable as lost:
            return _delivery(DeliveryOutcome.TEMPORARY, lost.why, lost.retry_after)

    def find(self, step: OutgoingStep) -> bool | None:
        """Return whether a step is there."""
        ticket = self._ticket(step)
        if ticket is None:
            return False
        return (
            self._is_written(step, ticket)
            if step.kind in _MESSAGES
            else _or_not(self._differs(step, ticket))
        )

    # Answers and notes.

    def _message(self, step: OutgoingStep) -> Delivery:
        ticket = self._ticket(step)
        if ticket is None:
            return self._not_there(step)
        if step.attempts > 1 and self._is_written(step, ticket):
            return _sent(f"stands at {self._wire.place} already")
        hindered = self._hindered(step, ticket)
        if hindered is not None:
            return hindered
        try:
            answer, lacking = self._put_message(step, ticket)
        except NotCarriedOut:
            raise
        except Unreachable as lost:
            return _delivery(DeliveryOutcome.UNKNOWN, lost.why, lost.retry_after)
        if not answer.is_done and answer.code != _CONFLICT:
            return self._refused(step, answer)
        return self._read_back(step, ticket, answer, lacking)

    def _put_message(self, step: OutgoingStep, ticket: Json) -> tuple[ZendeskAnswer, str]:
        """Write a message, and return what was answered and which part was left out of it.

        That the customer has an answer counts for more than the status that was to be set with it.
        """
        comment = {"body": self._said(step), "public": step.kind is StepKind.ANSWER}
        change: dict[str, object] = {"comment": comment}
        status = None if step.status is None else self._settings.status_there(step.status)
        if status is None or status == ticket.get("status"):
            return self._put(step, ticket, change), ""
        answer = self._put(step, ticket, {**change, "status": status})
        if answer.code != _WRONG:
            return answer, ""
        lacking = f"; the status is not {step.status} there: {answer.sentence}"
        return self._put(step, ticket, change), lacking

    def _read_back(
        self, step: OutgoingStep, ticket: Json, answer: ZendeskAnswer, lacking: str
    ) -> Delivery:
        try:
            if self._is_written(step, ticket):
                return _sent(f"{self._wire.place} has it{lacking}")
        except Unreachable as lost:
            return _delivery(DeliveryOutcome.UNKNOWN, f"{lost.why}, and may have taken it")
        if answer.code == _CONFLICT:
            return self._refused(step, answer)
        why = f"{self._wire.place} said that it took it, and it is not to be seen there"
        return _delivery(DeliveryOutcome.UNKNOWN, why)

    def _said(self, step: OutgoingStep) -> str:
        """Return the words that go out; "else as the loop, naming them"."""
        words = step.text.replace("\r\n", "\n")
        known = (each.casefold() for each in (step.author, step.author_email) if each)
        if address_of(self._me()).casefold() in known:
            return words
        return f"{words.rstrip()}\n\n— {step.author_name or step.author}"

    def _is_written(self, step: OutgoingStep, ticket: Json) -> bool:
        """Return whether the message of a step is on a ticket.

        That is by its mark, else, where the marks of changes are hidden from this login, by who
        wrote the same words since.
        """
        # It may have arrived before its ticket became part of another, where it stays.
        numbers = {whole(step.external_id), whole(ticket.get("id"))}
        return any(self._is_written_on(step, number) for number in sorted(numbers))

    def _is_written_on(self, step: OutgoingStep, number: int) -> bool:
        since = step.made_at - _CLOCKS_APART
        found = self._conversations.written({"id": number}, since)
        if found is None:
            return False
        if any(found.mark(each) == step.mark for each in found.comments):
            return True
        unmarked = [each for each in found.comments if may_hide_mark(each)]
        if not unmarked or self._conversations.audits(number, since) is not None:
            return False
        me = whole(self._me().get("id"))
        words = _plain(self._said(step))
        return any(
            whole(each.get("author_id")) == me
            and (each.get("public") is not False) is (step.kind is StepKind.ANSWER)
            and moment(each.get("created_at")) >= since
            and words in (_plain(text(each.get("body"))), _plain(text(each.get("plain_body"))))
            for each in unmarked
        )

    # Owner, status and priority.

    def _change(self, step: OutgoingStep) -> Delivery:
        ticket = self._ticket(step)
        if ticket is None:
            return self._not_there(step)
        differs = self._differs(step, ticket)
        if isinstance(differs, Delivery):
            return differs
        if not differs:
            return _sent(f"is so at {self._wire.place} already")
        hindered = self._hindered(step, ticket)
        return self._put_change(step, ticket, differs) if hindered is None else hindered

    def _put_change(self, step: OutgoingStep, ticket: Json, differs: dict[str, object]) -> Delivery:
        answer = self._put(step, ticket, differs)
        if not answer.is_done:
            return self._refused(step, answer)
        after = self._ticket(step)
        still = self._differs(step, after) if after is not None else differs
        if not still:
            return _sent(f"is so at {self._wire.place}")
        said = answer.sentence or "and does not say why"
        return never(f"{self._wire.place} has not done it: {said}")

    def _differs(self, step: OutgoingStep, ticket: Json) -> dict[str, object] | Delivery:
        """Return what is to be set so that it is there as here; nothing where it is so already."""
        if step.kind is StepKind.ASSIGN:
            return self._owner_differs(step, ticket)
        if step.kind is StepKind.PRIORITY:
            theirs = self._settings.priorities.get(step.priority or "")
            if theirs is None:
                why = f"is not told of it: priorities of the connection has no {step.priority}"
                return _sent(f"{self._wire.place} {why}")
            return {} if ticket.get("priority") == theirs else {"priority": theirs}
        wanted = self._settings.status_there(step.status or Status.OPEN)
        now = ticket.get("status")
        is_begun = step.status is Status.NEW and now == "new"
        is_over = wanted == "solved" and now in _DECIDED
        return {} if now == wanted or is_begun or is_over else {"status": wanted}

    def _owner_differs(self, step: OutgoingStep, ticket: Json) -> dict[str, object] | Delivery:
        owner: int | None = None
        if step.assignee is not None:
            found = self._people.agent(step.assignee_email, step.assignee)
            if found is None:
                known = " or ".join(each for each in (step.assignee, step.assignee_email) if each)
                return never(
                    f"{self._wire.place} has no agent {known}, and others may not own tickets there"
                )
            owner = whole(found.get("id"))
        is_so = whole(ticket.get("assignee_id")) == (owner or 0)
        return {} if is_so else {"assignee_id": owner}

    # What both do.

    def _is_unread(self, step: OutgoingStep, ticket: Json) -> bool:
        """Return whether a ticket has changed since it was read here, by anybody but us.

        "Nothing of ours is sent while their change since is unread."
        """
        known_at = told_until(step.cursor, text(ticket.get("id")))
        if known_at is None or moment(ticket.get("updated_at")) <= known_at:
            return False
        audits = self._conversations.audits(whole(ticket.get("id")), known_at)
        if audits is None:  # it may not see whose the changes are
            return False
        later = [each for each in audits if moment(each.get("created_at")) > known_at]
        return not later or any(mark_of(each.get("metadata")) is None for each in later)

    def _hindered(self, step: OutgoingStep, ticket: Json) -> Delivery | None:
        """Return what keeps a step from being written now or ever, None where nothing does."""
        if ticket.get("status") == "closed":
            return never(f"{self._wire.place} has closed it, and takes nothing more in it")
        if self._is_unread(step, ticket):
            why = f"{self._wire.place} has changed it meanwhile; what changed is read first"
            return _delivery(DeliveryOutcome.TEMPORARY, why)
        return None

    def _put(self, step: OutgoingStep, ticket: Json, change: dict[str, object]) -> ZendeskAnswer:
        """Change a ticket as it was seen last, again where somebody else changed it meanwhile."""
        number = whole(ticket.get("id"))
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._wire.ask(
                "PUT",
                f"/tickets/{number}",
                {
                    "ticket": {
                        **change,
                        "safe_update": True,
                        "updated_stamp": ticket.get("updated_at"),
                        "metadata": {"custom": {MARK: step.mark}},
                    }
                },
            )
            if answer.code != _CONFLICT or attempt == _ATTEMPTS:
                break
            now = self._ticket(step)
            if now is None or (step.kind in _MESSAGES and self._is_written(step, now)):
                break
            ticket = now
        return answer

    def _ticket(self, step: OutgoingStep) -> Json | None:
        """Return a step's ticket, or that which it became part of."""
        number = whole(step.external_id)
        for _ in range(_MERGES_FOLLOWED):
            answer = self._wire.look(f"/tickets/{number}")
            if answer is None:
                return None
            found = answer.named("ticket")
            if not ZendeskTicket(found, {}, {}, None).is_merged:
                return found
            written = self._conversations.written(found)
            into = None if written is None else merged_into(written.comments)
            if into is None:
                return found
            number = whole(into)
        return None

    def _refused(self, step: OutgoingStep, answer: ZendeskAnswer) -> Delivery:
        if answer.code == _CONFLICT:
            why = f"{self._wire.place} is changing it at this moment"
            return _delivery(DeliveryOutcome.TEMPORARY, why)
        if answer.code in _HIDDEN and self._ticket(step) is None:
            return self._not_there(step)
        said = answer.sentence or "without a word"
        return never(f"{self._wire.place} refuses it ({answer.code}): {said}")

    def _not_there(self, step: OutgoingStep) -> Delivery:
        words = f"{self._wire.place} has no ticket {step.external_id}"
        return never(f"{words}, or this login may not see it any more")


def _or_not(differs: dict[str, object] | Delivery) -> bool:
    """Return whether nothing is left to be done."""
    if isinstance(differs, Delivery):
        return differs.outcome is DeliveryOutcome.SENT
    return not differs


def _plain(words: str) -> str:
    return " ".join(words.split())


def _sent(why: str) -> Delivery:
    return Delivery(outcome=DeliveryOutcome.SENT, why=why)


def _delivery(outcome: DeliveryOutcome, why: str, rest: timedelta | None = None) -> Delivery:
    return Delivery(outcome=outcome, why=why, retry_after=rest)
