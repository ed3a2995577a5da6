"""The desk's last days, read to be played again under another policy or with another team."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select
from sqlmodel import col

from policy.names import comparable
from policy.refusal import Refusal
from policy.rehearsal.days_lived import Arrangement, CameIn, DaysLived
from policy.rehearsal.play import play
from policy.rehearsal.play_figures import PlayFigures, Rehearsal, play_figures
from policy.rehearsal.rehearsed_file import Rehearsed, refuse_lost_words
from policy.rulebook.rulebook import Rulebook
from policy.words import DECIDED_STATUSES
from store.desk_reader import DeskReader
from store.forecast.answer_forecasts import Forecasting
from store.history.as_of import tickets_of
from store.schema.kept_names import ANSWER, BUSY
from store.schema.promise_tables import DurationRow
from store.schema.tables import TicketRow
from store.session import ReadSession
from store.team.roster_reading import roster_with

RehearsalStep = Callable[[float], None]
"""Told the share that is done, from 0 to 1; whoever no longer wants it raises out of it."""

_NO_TEAM = "team: there is none yet, and nobody to play with; a lead adds it by team import FILE"
_READ = 0.1
"""The share of the whole that reading takes, about."""


class RehearsalReading:
    """What the last days would have been like."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def rehearse(
        self,
        days: timedelta,
        rehearsed: Rehearsed,
        name: str,
        step: RehearsalStep = lambda _: None,
    ) -> Rehearsal:
        """Return the last ``days`` as they are played, and as played under what is rehearsed.

        ``name`` is what that is called. Nothing is changed. Reads every ticket of that time, so it
        is for a thread.

        Raises:
            Refusal: there is no team, no ticket came, or the policy lacks words that they carry.
        """
        step(0.0)
        lived, now, then = self.arranged(days, rehearsed)
        if not now.roster.support:
            raise Refusal(_NO_TEAM)
        tickets = [each.ticket for each in lived.came]
        if not any(ticket.received_at >= lived.start for ticket in tickets):
            raise Refusal("days: no ticket came in this time, so that there is nothing to play")
        refuse_lost_words(tickets, now.rulebook.vocabulary, then.rulebook.vocabulary)
        half = (1 - _READ) / 2
        is_policy = isinstance(rehearsed, Rulebook)
        return Rehearsal(
            start=lived.start,
            end=lived.end,
            policy=name if is_policy else None,
            team=None if is_policy else name,
            as_it_is=_figures(lived, now, lambda share: step(_READ + half * share)),
            rehearsed=_figures(lived, then, lambda share: step(_READ + half + half * share)),
        )

    def arranged(
        self, days: timedelta, rehearsed: Rehearsed
    ) -> tuple[DaysLived, Arrangement, Arrangement]:
        """Return the last ``days`` as they came, the present arrangement, and the rehearsed one."""
        with self._session.read() as reader:
            margins = Forecasting(reader, reader.roster).margins
            now = Arrangement(
                rulebook=reader.rulebook,
                roster=reader.roster,
                margins={priority: learnt.margin for priority, learnt in margins.items()},
            )
            then = _rearranged(reader, now, rehearsed)
            return _lived(reader, reader.now - days), now, then


def _figures(lived: DaysLived, arrangement: Arrangement, step: RehearsalStep) -> PlayFigures:
    return play_figures(play(lived, arrangement, step), arrangement.rulebook.waits.sure)


def _rearranged(reader: DeskReader, now: Arrangement, rehearsed: Rehearsed) -> Arrangement:
    """Return the other arrangement: a team keeps the absences that there really were.

    So does everybody of another team who is in this one, too.
    """
    if isinstance(rehearsed, Rulebook):
        return replace(now, rulebook=rehearsed)
    logins = {comparable(entry.login) for entry in rehearsed}
    off = [each for each in now.roster.time_off if comparable(each.login) in logins]
    return replace(now, roster=roster_with(rehearsed, off, reader.now))


def _lived(reader: DeskReader, start: datetime) -> DaysLived:
    connection = reader.connection
    tickets = list(tickets_of(connection, _came(connection, start, reader.now)))
    took = _took(connection, start)
    nothing: Mapping[str, float] = {}
    came = (
        CameIn(ticket, known.get(ANSWER), known.get(BUSY))
        for ticket in tickets
        for known in [took.get(ticket.id, nothing)]
    )
    return DaysLived(start=start, end=reader.now, came=tuple(came))


def _came(connection: Connection, start: datetime, end: datetime) -> Sequence[int]:
    """Return the ids of the tickets that came from ``start`` to ``end`` or had no answer at it.

    What was merged is played with the ticket that it was merged into, and what was split off with
    the one it was a part of.
    """
    number, received_at = col(TicketRow.id), col(TicketRow.received_at)
    answered_at, solved_at = col(TicketRow.first_response_at), col(TicketRow.solved_at)
    waited = and_(
        received_at < start,
        col(TicketRow.declined).is_(None),
        or_(answered_at.is_(None), answered_at >= start),
        or_(col(TicketRow.status).not_in(DECIDED_STATUSES), solved_at >= start),
    )
    ids = select(number).where(
        col(TicketRow.merged_into).is_(None),
        col(TicketRow.split_from).is_(None),
        or_(and_(received_at >= start, received_at < end), waited),
    )
    return list(connection.scalars(ids.order_by(received_at, number)))


def _took(connection: Connection, start: datetime) -> Mapping[int, Mapping[str, float]]:
    """Return how long each ticket took whoever had it, the first time, in minutes by kind."""
    found: dict[int, dict[str, float]] = {}
    ended_at: Any = col(DurationRow.ended_at)
    rows = connection.execute(
        select(col(DurationRow.ticket_id), col(DurationRow.kind), col(DurationRow.minutes))
        .where(ended_at >= start)
        .order_by(ended_at, col(DurationRow.id))
    )
    for ticket, kind, minutes in rows:
        found.setdefault(ticket, {}).setdefault(kind, minutes)
    return found
