"""The first look at a desk: the number one, the first of the queue, one ticket.

It is the same whether the whole desk is open or only a bare driver: the statements are the same,
and so is all that is made of their rows.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

from policy.contract.ticket_clocks import Targets, targets_of
from policy.refusal import Refusal
from policy.roster.holders import Holders
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.tickets.actions import check_login
from policy.vocabulary import Vocabulary
from store.access.logins import person
from store.queue.overview import overview
from store.quick.opening import NotQuickly, look_only, quick_transaction
from store.read_models import CoverageView, Event, Overview
from store.reader import Reader
from store.schema.kept_names import QUEUE
from store.team.covered import coverage_of

if TYPE_CHECKING:  # what only some of the looks need
    from policy.waits.forecast import AnswerForecast
    from store.read_models import Card


class FirstLook:
    """What is read first of a desk, in one transaction; all times are aware UTC."""

    def __init__(self, reader: Reader, look_only: str | None) -> None:
        self._reader = reader
        self.look_only = look_only
        """Why the database can only be looked at, in one line; None where it can be changed."""

    @property
    def actor(self) -> str:
        """The login of the person who looks."""
        return self._reader.login

    @property
    def now(self) -> datetime:
        """The time as of which all is read."""
        return self._reader.now

    @property
    def zone(self) -> tzinfo:
        """The person's zone."""
        return self._reader.zone

    @property
    def words(self) -> Vocabulary:
        """The words of the policy in force."""
        return self._reader.words

    @property
    def roster(self) -> Roster:
        """The team and all of its time off."""
        return self._reader.roster

    def coverage(self, start: datetime, end: datetime) -> CoverageView:
        """Return who is scheduled and available from ``start`` to ``end``, and the gaps (UTC)."""
        return coverage_of(self._reader, start, end)

    @property
    def holders(self) -> Holders:
        """Who can be reckoned with now for the tickets they have."""
        return self._reader.holders

    @cached_property
    def overview(self) -> Overview:
        """The number one, why it is that one, and what the header shows."""
        return overview(self._reader)

    @property
    def in_queue(self) -> int:
        """How many tickets are in the queue."""
        return self._reader.counts[QUEUE]

    def first(self, limit: int) -> tuple[Ticket, ...]:
        """Return the first so many tickets of the queue, in its order."""
        return tuple(self._reader.each(self._reader.queue.ids(0, limit)))

    def targets_of(self, ticket: Ticket) -> Targets:
        """Return until when what the policy promises of a ticket is due."""
        return targets_of(self._reader.rulebook, ticket)

    def forecasts(self, wanted: Collection[int]) -> "Mapping[int, AnswerForecast]":
        """Return when these tickets can expect their answers, as far as they are owed one."""
        if not wanted:
            return {}
        from store.forecast.answer_forecasts import Forecasting  # noqa: PLC0415 - not each look's

        reader = self._reader
        return Forecasting(reader, reader.roster).forecasts(reader.mode.mode, wanted)

    def card(self, reference: str) -> "Card":
        """Return all about the ticket that "12", "#12" or "source:external_id" means.

        Raises:
            Refusal: there is none, or the reference is of neither form.
        """
        from store.tickets.card import card  # noqa: PLC0415 - not each look's
        from store.tickets.references import number_of  # noqa: PLC0415 - as above

        return card(self._reader, number_of(self._reader.reads, reference))

    def history(self, ticket: int) -> tuple[Event, ...]:
        """Return all that happened to a ticket, oldest first."""
        return self._reader.history(ticket)


@contextmanager
def quick_look(
    address: str,
    *,
    actor: str | None,
    clock: Callable[[], datetime],
    zone: tzinfo,
    login: str | None = None,
) -> Iterator[FirstLook]:
    """Give a look at a database as it lies there, without opening the whole desk.

    ``actor`` and ``login`` are as ``Desk.open`` takes them.
    What it would have to refuse, the full reading refuses: so it says only that it cannot.

    Raises:
        NotQuickly: the database cannot be read so, or not what is asked of it.
    """
    try:
        if actor is not None:
            check_login(actor)
        with quick_transaction(address) as reads:
            name = person(actor, login, reads.login()).actor
            yield FirstLook(Reader(reads, name, clock(), {}, zone), look_only(address))
    except (Refusal, OverflowError) as error:
        raise NotQuickly from error
