"""The desk's wait notices: who is due one, what was sent, and what is on its way."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from policy.refusal import Refusal
from policy.roster.permissions import check
from policy.waits.forecast import AnswerForecast
from policy.waits.forecast_basis import ForecastBasis
from policy.waits.notices import WaitNotice
from policy.waits.promises import promises_kept
from policy.waits.staffed_work import StaffedWork
from policy.words import Action, NoticeState, NoticeWay
from store.forecast.answer_forecasts import Forecasting
from store.forecast.keep_learnt import write_learnt
from store.forecast.promises_due import learnt_until_now
from store.notices import ledger
from store.notices.due_notices import due_notices, notices_to_requesters, unreachable
from store.notices.notice_events import notice_facts, tell
from store.notices.notice_models import Notice, Waits
from store.notices.promise_rows import all_promises
from store.session import ReadSession, Session

LEDGER_SHOWN = 500
"""How many notices of the ledger the waits screen gets."""

PROMISES_SINCE = timedelta(days=30)
"""How far back the share of promises kept looks."""


_TOLD_AS = {
    NoticeState.SENT: "wait_told",
    NoticeState.IN_DOUBT: "wait_in_doubt",
    NoticeState.UNDELIVERABLE: "wait_undeliverable",
}
"""What the history of a ticket says when a notice about it has come to an end."""


class WaitsReading:
    """Who waits and should be told, and what was."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def now(self) -> datetime:
        """Return the time it is for this desk, in UTC."""
        return self._session.now()

    def read(self) -> Waits:
        """Return who is due a wait notice now, with the drafts, and the latest of the ledger.

        Walks the whole queue, so it is for a thread, never for the way from a key to the screen.
        """
        with self._session.read() as reader:
            since = reader.now - PROMISES_SINCE
            made = all_promises(reader.connection, since)
            forecasting = Forecasting(reader, reader.roster)
            forecasts = forecasting.forecasts(reader.mode.mode)
            return Waits(
                words=reader.words,
                capacity=reader.capacity,
                mode=reader.mode,
                drafts=due_notices(reader, forecasting, forecasts),
                ledger=tuple(ledger.latest(reader.connection, LEDGER_SHOWN)),
                promises=promises_kept(made, reader.now, reader.rulebook.waits.sure, since),
                forecasts=forecasts,
                basis=forecasting.basis,
                unreachable=unreachable(reader, forecasting, forecasts),
            )

    def forecasts(self, wanted: Collection[int] | None = None) -> Mapping[int, AnswerForecast]:
        """Return when these tickets, or all that are owed, can expect their answers.

        Those beyond what the roster reaches, and those not owed, are left out. Plays the queue up
        to the last of them, so it is for a thread.
        """
        with self._session.read() as reader:
            if wanted is not None and not wanted:
                return {}
            return Forecasting(reader, reader.roster).forecasts(reader.mode.mode, wanted)

    def basis(self) -> ForecastBasis:
        """Return what the forecast rests on: how long work takes, what arrives, the margins."""
        with self._session.read() as reader:
            return Forecasting(reader, reader.roster).basis

    def drafts_for(self, tickets: Sequence[int]) -> tuple[WaitNotice, ...]:
        """Return a notice to each requester of these tickets, due or not, for a person to send.

        Walks the whole queue, so it is for a thread, never for the way from a key to the screen.

        Raises:
            Refusal: there is no team whose arrival could be told, or nobody waits in any of them.
        """
        with self._session.read() as reader:
            if not reader.roster.support:
                raise Refusal("there is no team yet, so nobody's arrival can be told")
            drafts = notices_to_requesters(reader, [reader.ticket(each) for each in tickets])
        if not drafts:
            which = f"#{tickets[0]}" if len(tickets) == 1 else "any of these tickets"
            raise Refusal(f"no customer waits for us in {which}")
        return drafts

    def next_due(self) -> datetime | None:
        """Return when the next notice is due to go out (UTC), None when none is on its way."""
        with self._session.read() as reader:
            return ledger.next_due(reader.connection)

    def being_sent(self, message_ids: Sequence[str]) -> tuple[Notice, ...]:
        """Return those of the notices with these Message-IDs whose outcome is not recorded yet."""
        with self._session.read() as reader:
            return tuple(ledger.being_sent(reader.connection, message_ids))


class WaitsDesk(WaitsReading):
    """Telling customers before they ask."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def send(
        self, notices: Sequence[WaitNotice], *, way: NoticeWay = NoticeWay.MAIL, domain: str
    ) -> tuple[Notice, ...]:
        """Queue notices, as drafted or edited, to go out in ten seconds; return those queued.

        What somebody else sent meanwhile, or what a reply made needless, is left out: "sent, it is
        never sent twice". ``domain`` ends their Message-IDs.
        """
        with self._session.write(Action.SEND_WAITS) as (writer, reader):
            write_learnt(writer.connection, learnt_until_now(reader)[0])
            queued = ledger.put_notices(
                writer.connection,
                notices,
                way=way,
                by=self._session.actor,
                now=writer.now,
                domain=domain,
                work=StaffedWork.of(reader.roster, writer.now),
            )
            tell(writer, "wait_promised", queued, {})
        return tuple(queued)

    def take_back(self, ids: Sequence[int]) -> tuple[Notice, ...]:
        """Take notices back that have not begun to go out; return those that were."""
        with self._session.write(Action.SEND_WAITS) as (writer, _):
            before = notice_facts(writer.connection, ids)
            taken = ledger.take_back(writer.connection, ids, writer.now)
            tell(writer, "wait_taken_back", taken, before)
        return tuple(taken)

    def claim(self, worker: str, lease: timedelta = ledger.LEASE) -> Notice | None:
        """Give the next notice that is due to go out to ``worker``, None when none is.

        Whoever does not record within ``lease`` what came of it has lost it: it is due again.
        """
        with self._session.read() as reader:  # looking is cheap, and keeps nobody else from writing
            due = ledger.next_due(reader.connection)
            if due is None or due > reader.now:
                check(Action.DELIVER, self._session.actor, reader.roster)
                return None
        with self._session.write(Action.DELIVER, undoable=False) as (writer, _):
            needless = ledger.needless_due(writer.connection, writer.now)
            before = notice_facts(writer.connection, needless)
            cancelled = ledger.cancel(writer.connection, needless, writer.now)
            tell(writer, "wait_cancelled", cancelled, before)
            return ledger.claim(writer.connection, worker, writer.now, lease)

    def record(
        self,
        claimed: Notice,
        state: NoticeState,
        outcome: str,
        next_attempt_at: datetime | None = None,
    ) -> Notice:
        """Write down what came of a notice, as it was claimed, and return it as it stands now.

        It was sent, is in doubt, is undeliverable, or is queued once more. What comes after the
        lease is over is not written, but that it was sent.
        """
        with self._session.write(Action.DELIVER, undoable=False) as (writer, _):
            before = notice_facts(writer.connection, [claimed.id])
            written = ledger.record(
                writer.connection,
                claimed,
                state,
                outcome=outcome,
                now=writer.now,
                next_attempt_at=next_attempt_at,
            )
            (notice,) = ledger.by_ids(writer.connection, [claimed.id])
            if written and state in _TOLD_AS:
                tell(writer, _TOLD_AS[state], [notice], before, outcome)
            return notice

    def retry(self, ids: Sequence[int]) -> tuple[Notice, ...]:
        """Put dead letters, undeliverable or in doubt, on their way; return those that could be."""
        with self._session.write(Action.SEND_WAITS) as (writer, _):
            before = notice_facts(writer.connection, ids)
            again = ledger.retry(writer.connection, ids, writer.now)
            tell(writer, "wait_retried", again, before)
            return tuple(again)

    def settle(self, ids: Sequence[int]) -> tuple[Notice, ...]:
        """Write down that notices in doubt were taken; return those that were in doubt."""
        with self._session.write(Action.SEND_WAITS) as (writer, _):
            before = notice_facts(writer.connection, ids)
            settled = ledger.settle(writer.connection, ids, writer.now)
            for notice in settled:
                tell(writer, "wait_told", [notice], before, notice.outcome)
        return tuple(settled)
