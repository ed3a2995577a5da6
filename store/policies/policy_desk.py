"""The desk's policy and its mode: what is in force, and how a lead changes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from policy.capacity.mode import ModeInForce, set_by_hand
from policy.contract.ticket_clocks import Targets, targets_of
from policy.refusal import Refusal
from policy.roster.permissions import check
from policy.rulebook.rulebook import Rulebook, describe, fingerprint
from policy.ticket import Ticket
from policy.tickets.actions import checked_reason
from policy.vocabulary import Vocabulary
from policy.waits.forecast import AnswerForecast
from policy.words import Action, Mode
from store.forecast.answer_forecasts import Forecasting
from store.policies.lost_words import lost_words
from store.policies.policy_change import (
    difference,
    unsolved_tickets,
)
from store.policies.policy_difference import PolicyDifference, UnsolvedTickets
from store.policies.reranking import AT_ONCE, Progress, Reranking
from store.schema.desk_settings import mode_facts, put_mode, put_policy
from store.session import ReadSession, Session


class PolicyReading:
    """The policy and the mode in force."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def rulebook(self) -> Rulebook:
        """Return the policy in force."""
        with self._session.read() as reader:
            return reader.rulebook

    def words(self) -> Vocabulary:
        """Return the words of the policy in force, and how they are said."""
        with self._session.read() as reader:
            return reader.words

    def targets_of(self) -> Callable[[Ticket], Targets]:
        """Return what tells until when each target of a ticket is due by the policy in force."""
        return partial(targets_of, self.rulebook())

    def mode(self) -> ModeInForce:
        """Return the mode in force, and why."""
        with self._session.read() as reader:
            return reader.mode

    def difference(self, rulebook: Rulebook) -> PolicyDifference:
        """Return how the queue would move under another policy; nothing is changed."""
        with self._session.read() as reader:
            mode = reader.mode.mode

            def foresee(policy: Rulebook, queue: Sequence[Ticket]) -> Mapping[int, AnswerForecast]:
                return Forecasting(reader, reader.roster, policy).forecasts_of(queue, mode)

            return difference(
                reader.connection, reader.rulebook, rulebook, mode, reader.now, foresee=foresee
            )

    def unsolved_tickets(self, *, at_most: int) -> UnsolvedTickets:
        """Return the tickets that another policy may be compared on, without a transaction."""
        with self._session.read() as reader:
            return unsolved_tickets(
                reader.connection, reader.mode.mode, reader.now, at_most=at_most
            )


class PolicyDesk(PolicyReading):
    """The policy and the mode, for who may change them."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def set_mode(
        self, mode: Mode | None, *, reason: str = "", until: datetime | None = None
    ) -> ModeInForce:
        """Set the mode by hand until ``until`` (UTC), or back to automatic with None.

        Only the first needs a reason and an end.

        Raises:
            Refusal: this person may not, the reason or the end is missing, the end is not after
                now, or the reason is no short line.
        """
        said = checked_reason(reason)
        with self._session.write(Action.SET_MODE) as (writer, reader):
            setting = None
            if mode is not None:
                setting = set_by_hand(
                    mode,
                    by=self._session.actor,
                    reason=said,
                    until=until,
                    now=writer.now,
                    zone=reader.zone,
                )
            writer.journal.append(
                "mode_set",
                before=mode_facts(reader.settings.mode),
                after=mode_facts(setting),
                note=said,
            )
            put_mode(writer.connection, setting)
        return self.mode()

    def adopt(self, rulebook: Rulebook, progress: Progress | None = None) -> bool:
        """Make ``rulebook`` the policy and rank all again; False when it is in force already.

        Raises:
            Refusal: this person may not, or tickets would be left with words that mean nothing.
        """
        while (adopted := self._adopted(rulebook, progress)) is None:
            pass  # another policy was adopted meanwhile, and this is the later one
        return adopted

    def _adopted(self, rulebook: Rulebook, progress: Progress | None) -> bool | None:
        """Reckon all beside, then make ``rulebook`` the policy; None where it was reckoned in vain.

        Others go on writing until all is reckoned, and what they change is reckoned again.
        """
        with self._session.one_connection():
            with self._session.read() as reader:
                if fingerprint(reader.rulebook) == fingerprint(rulebook):
                    return False
                check(Action.ADOPT_POLICY, reader.login, reader.roster)
                _refuse_lost_words(reader.connection, reader.rulebook, rulebook, reader.now)
                ranking = Reranking.begun(reader.connection, reader.rulebook, rulebook)
            for some, done in ranking.batches():
                with self._session.read() as reader:
                    ranking.gather(reader.connection, some)
                if progress is not None:
                    progress(done, len(ranking.ids))
            self._catch_up(ranking)
            with self._session.write(Action.ADOPT_POLICY) as (writer, _):
                present = fingerprint(writer.rulebook)
                if present == fingerprint(rulebook):  # somebody else adopted it meanwhile
                    return False
                if present != fingerprint(ranking.present):
                    return None
                _refuse_lost_words(writer.connection, writer.rulebook, rulebook, writer.now)
                before = describe(writer.rulebook)
                put_policy(writer.connection, rulebook)
                ranking.put_in_place(replace(writer, rulebook=rulebook))
                writer.journal.append("policy_adopted", before=before, after=describe(rulebook))
        return True

    def _catch_up(self, ranking: Reranking) -> None:
        """Reckon again what changed meanwhile, until so little is left that nobody waits for it."""
        for _ in range(_ROUNDS):
            with self._session.read() as reader:
                if ranking.catch_up(reader.connection) <= AT_ONCE:
                    return


_ROUNDS = 10
"""Whoever imports all the time is waited for no longer than that."""


def _refuse_lost_words(
    connection: Connection, present: Rulebook, coming: Rulebook, now: datetime
) -> None:
    lost = lost_words(connection, present, coming, now)
    if lost.words:
        raise Refusal(str(lost))
