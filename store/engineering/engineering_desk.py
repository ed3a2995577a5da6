"""The desk's part for what is handed over to engineering, and what comes back."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from policy.engineering import handover
from policy.engineering.wording import in_words
from policy.refusal import one_of
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.tickets.actions import checked_reason
from policy.words import Action
from store.engineering.engineering_models import Engineering, EscalationCount
from store.engineering.handed_over import CAN_WAIT, CANNOT_WAIT, at_engineering, escalations_between
from store.session import ReadSession, Session
from store.unit_of_work import carry_out

RuledAction = Callable[[Ticket, Rulebook, datetime], Ticket]
"""What becomes of a ticket under a policy at a time (UTC); it may refuse."""


class EngineeringReading:
    """What waits for an engineer."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def waiting(self) -> Engineering:
        """Return what waits for an engineer: what cannot wait, then the oldest hand-over first."""
        with self._session.read() as reader:
            return at_engineering(reader.connection, reader.rulebook, reader.now)

    def escalations(self, start: datetime, end: datetime) -> EscalationCount:
        """Return how often it was said that a ticket can or cannot wait a day, in that time (UTC).

        "Both are counted, because they should be rare."
        """
        with self._session.read() as reader:
            return escalations_between(reader.connection, start, end)


class EngineeringDesk(EngineeringReading):
    """What is handed over to engineering, and what comes back."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def fill_context(self, ticket: int, answers: Mapping[str, str]) -> Ticket:
        """Fill in the context for engineering, by the policy's names; an empty text clears one.

        Raises:
            Refusal: this person may not, or one of the names or texts cannot be taken.
        """

        def filling(each: Ticket, rulebook: Rulebook, _: datetime) -> Ticket:
            for name, text in answers.items():
                each = handover.filled(each, rulebook, name, text)
            return each

        names = one_of(map(in_words, answers), "and")
        return self._ruled(Action.FILL_CONTEXT, ticket, "context_filled", filling, note=names)

    def hand_over(self, ticket: int, *, as_it_is: bool = False) -> Ticket:
        """Hand the ticket over to engineering, where it rests on hold.

        ``as_it_is`` is the second word that it takes where some of the context is thin.

        Raises:
            Refusal: this person may not, it is refused, or the context is not complete.
        """
        return self._ruled(
            Action.HAND_OVER,
            ticket,
            "handed_over",
            lambda each, rulebook, now: handover.handed_over(
                each, rulebook, by=self._session.actor, now=now, as_it_is=as_it_is
            ),
        )

    def escalate(self, ticket: int, *, cannot_wait: bool, because: str = "") -> Ticket:
        """Answer whether a p0 or p1 can wait a day: engineering drops everything, or need not.

        Raises:
            Refusal: this person may not, it is refused, or it cannot wait for no reason.
        """
        return self._ruled(
            Action.ESCALATE,
            ticket,
            CANNOT_WAIT if cannot_wait else CAN_WAIT,
            lambda each, rulebook, now: handover.escalated(
                each,
                rulebook.vocabulary,
                by=self._session.actor,
                now=now,
                cannot_wait=cannot_wait,
                because=because,
            ),
            note=checked_reason(because, "because"),
        )

    def review(
        self,
        ticket: int,
        timing: str,
        *,
        scheduled_for: date | None = None,
        note: str = "",
    ) -> Ticket:
        """Decide the timing of what rests with engineering; it is support's again.

        Raises:
            Refusal: this person may not, or it is refused.
        """
        return self._ruled(
            Action.REVIEW,
            ticket,
            "reviewed",
            lambda each, rulebook, now: handover.reviewed(
                each,
                rulebook,
                by=self._session.actor,
                now=now,
                timing=timing,
                scheduled_for=scheduled_for,
                note=note,
            ),
            note=checked_reason(note, "note"),
        )

    def send_back(self, ticket: int, question: str) -> Ticket:
        """Send what rests with engineering back to support with the question what is missing.

        Raises:
            Refusal: this person may not, it is refused, or there is no question.
        """
        return self._ruled(
            Action.REVIEW,
            ticket,
            "sent_back",
            lambda each, _, now: handover.sent_back(
                each, by=self._session.actor, now=now, question=question
            ),
            note=checked_reason(question, "question"),
        )

    def _ruled(
        self,
        wanted: Action,
        ticket: int,
        kind: str,
        action: RuledAction,
        *,
        note: str = "",
    ) -> Ticket:
        """Do one action to one ticket as the policy in force has it."""
        with self._session.write(wanted) as (writer, reader):
            return carry_out(
                writer,
                reader,
                ticket,
                kind,
                lambda each, now: action(each, reader.rulebook, now),
                note=note,
            )
