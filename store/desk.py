"""Desk: the one door to the store, with one method per thing a person does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from policy import actions
from policy.explanation import Explanation
from policy.incoming import IncomingTicket
from policy.mode import ModeInForce, ModeSetting, mode_in_force
from policy.refusal import Refusal
from policy.rulebook import Rulebook, describe, fingerprint
from policy.ticket import Ticket
from policy.words import Mode, Priority, PriorityInput, Status
from store import taking_in
from store.changes import Change, Writer
from store.database import Database
from store.outcome import Outcome
from store.query import Query
from store.reading import Reader
from store.readopting import Progress, difference, rank_all_again
from store.settings import put_mode, put_policy, settings_of
from store.tables import EventRow
from store.views import Card, Event, Listing, Load, Overview, PolicyDifference

OWN_SOURCE = "numberone"
"""The source of tickets that were opened on the board."""


def whole_second() -> datetime:
    """Return the time now in UTC, without a fraction: what people read has none."""
    return datetime.now(UTC).replace(microsecond=0)


class Desk:
    """The support desk kept in one database, as one person works at it.

    Every reading method sees one instant of the database; every changing one is one transaction
    that changes all it should or nothing. All times are aware UTC. Any thread may call.
    """

    def __init__(self, database: Database, *, actor: str, clock: Callable[[], datetime]) -> None:
        self.actor = actor
        self._database = database
        self._clock = clock

    @classmethod
    def open(
        cls, address: str, *, actor: str, clock: Callable[[], datetime] = whole_second
    ) -> "Desk":
        """Return the desk in the database at a path or an SQLAlchemy URL, made when it is new.

        Raises:
            Refusal: it cannot be opened, or ``actor`` is no login.
        """
        actions.check_login(actor)
        return cls(Database(address), actor=actor, clock=clock)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @property
    def place(self) -> str:
        """Where the database is, in words."""
        return self._database.kind.place

    def now(self) -> datetime:
        """Return the time it is for this desk, in UTC."""
        return self._clock()

    # Reading

    def revision(self) -> int:
        """Return a number that grows with every change by anyone; cheap enough to poll."""
        with self._reader() as reader:
            return reader.revision()

    def overview(self) -> Overview:
        """Return the number one, why it is that one, and what the header shows."""
        with self._reader() as reader:
            return reader.overview()

    def page(self, query: Query, offset: int, limit: int | None) -> tuple[Ticket, ...]:
        """Return the query's tickets from the 0-based row ``offset`` on; None for all of them."""
        with self._reader() as reader:
            return reader.page(query, offset, limit)

    @contextmanager
    def listing(self, query: Query, limit: int | None = None) -> Iterator[Listing]:
        """Give the query's tickets with their positions, the first ``limit`` or all.

        They are read as they are asked for, all as of one instant, so only inside the ``with``.
        """
        with self._reader() as reader:
            yield reader.listing(query, limit)

    def total(self, query: Query) -> int:
        """Return how many tickets the query finds."""
        with self._reader() as reader:
            return reader.search.total(query)

    def position(self, ticket_id: int) -> int | None:
        """Return the 1-based place of a ticket in the queue, None when it is not in it."""
        with self._reader() as reader:
            return reader.position(ticket_id)

    def row_of(self, ticket_id: int, query: Query) -> int | None:
        """Return the 0-based row of a ticket in the query's list, None when it is not there."""
        with self._reader() as reader:
            return reader.search.row_of(ticket_id, query)

    def ticket(self, reference: str) -> Ticket:
        """Return the ticket that "12", "#12" or "source:external_id" means.

        Raises:
            Refusal: there is none.
        """
        with self._reader() as reader:
            return reader.ticket(reference)

    def card(self, ticket_id: int) -> Card:
        """Return one ticket with all that the detail pane shows of it.

        Raises:
            Refusal: there is none.
        """
        with self._reader() as reader:
            return reader.card(ticket_id)

    def history(self, ticket_id: int) -> tuple[Event, ...]:
        """Return all that happened to a ticket, oldest first."""
        with self._reader() as reader:
            return reader.history(ticket_id)

    def explain(self, reference: str, versus: str | None = None) -> Explanation:
        """Return why a ticket stands before or behind another, or before the one behind it.

        Raises:
            Refusal: one of the two does not exist.
        """
        with self._reader() as reader:
            return reader.explain(reference, versus)

    def loads(self) -> tuple[Load, ...]:
        """Return who is assigned what in the queue, the most loaded first."""
        with self._reader() as reader:
            return reader.loads()

    def due_between(self, start: datetime, end: datetime, limit: int = 20) -> tuple[Ticket, ...]:
        """Return the queue's tickets whose ``respond_by`` is from ``start`` to before ``end``."""
        with self._reader() as reader:
            return reader.due_between(start, end, limit)

    def rulebook(self) -> Rulebook:
        """Return the policy in force."""
        with self._reader() as reader:
            return reader.rulebook

    def mode(self) -> ModeInForce:
        """Return the mode in force, and why."""
        with self._reader() as reader:
            return reader.mode

    def policy_difference(self, rulebook: Rulebook) -> PolicyDifference:
        """Return how the queue would move under another policy; nothing is changed."""
        with self._reader() as reader:
            return difference(reader.connection, reader.rulebook, rulebook, reader.mode.mode)

    # Changing

    def take(self, reference: str) -> Ticket:
        """Make the ticket this person's; refused when somebody else has it."""
        return self._change(reference, "taken", lambda each, _: actions.taken(each, self.actor))

    def assign(self, reference: str, login: str | None) -> Ticket:
        """Make the ticket ``login``'s, or nobody's."""
        return self._change(reference, "assigned", lambda each, _: actions.assigned(each, login))

    def reply(self, reference: str, status: Status | None = None) -> Ticket:
        """Record that we answered; ``status`` says whose step is next."""
        return self._change(
            reference, "replied", lambda each, now: actions.replied(each, now, status)
        )

    def heard(self, reference: str) -> Ticket:
        """Record that the customer wrote."""
        return self._change(reference, "heard", actions.heard)

    def set_status(self, reference: str, status: Status, *, seen: int | None = None) -> Ticket:
        """Put the ticket into another status; ``seen`` is the version it was decided on."""
        return self._change(
            reference, "status_changed", lambda each, _: actions.with_status(each, status), seen
        )

    def assign_priority(
        self,
        reference: str,
        priority: Priority,
        *,
        reason: str,
        rests_on: PriorityInput,
        seen: int | None = None,
    ) -> Ticket:
        """Assign a priority beside the definition's; ``seen`` is the version it was decided on."""
        return self._change(
            reference,
            "priority_assigned",
            lambda each, _: actions.with_priority(
                each, priority, by=self.actor, reason=reason, rests_on=rests_on
            ),
            seen,
            note=actions.checked_reason(reason),
        )

    def open_ticket(self, incoming: IncomingTicket) -> Ticket:
        """Open a ticket of our own; intake decides its priority, or declines it."""
        with self._writer() as writer:
            ticket = taking_in.new_ticket(incoming)
            name = taking_in.free_name(writer.connection, OWN_SOURCE)
            named = replace(ticket, source=OWN_SOURCE, external_id=name)
            opened = Change(before=None, after=named, kind="opened", body=incoming.body)
            return writer.write([opened])[0]

    def take_in(self, batch: Sequence[IncomingTicket], *, dry_run: bool = False) -> list[Outcome]:
        """Take in what another help desk says of these tickets, and return what each one did.

        A dry run says what would be done, and does not do it.
        """
        if dry_run:
            with self._reader() as reader:
                changes = taking_in.changes_for(reader.connection, batch)
                return taking_in.outcomes(changes, reader.rulebook)
        with self._writer() as writer:
            changes = taking_in.changes_for(writer.connection, batch)
            writer.write([change for change in changes if change is not None])
            return taking_in.outcomes(changes, writer.rulebook)

    def set_mode(
        self, mode: Mode | None, *, reason: str = "", until: datetime | None = None
    ) -> ModeInForce:
        """Set the mode by hand until ``until`` (UTC), or back to automatic with None.

        Raises:
            Refusal: the end is not after now, or the reason is no short line.
        """
        said = actions.checked_reason(reason)
        with self._writer() as writer:
            now = writer.now
            if until is not None and until <= now:
                raise Refusal(f"until: {until.isoformat()}; expected a time after now")
            setting = None
            if mode is not None:
                setting = ModeSetting(mode=mode, by=self.actor, reason=said, since=now, until=until)
            before = settings_of(writer.connection).mode
            put_mode(writer.connection, setting)
            facts = _mode_facts(before), _mode_facts(setting)
            self._note(writer, "mode_set", *facts, said)
            return mode_in_force(setting, now)

    def adopt_policy(self, rulebook: Rulebook, progress: Progress | None = None) -> bool:
        """Make ``rulebook`` the policy and rank all again; False when it is in force already."""
        wanted = fingerprint(rulebook)
        if fingerprint(self.rulebook()) == wanted:
            return False
        with self._writer() as writer:
            if fingerprint(writer.rulebook) == wanted:  # somebody else adopted it meanwhile
                return False
            before = describe(writer.rulebook)
            put_policy(writer.connection, rulebook)
            rank_all_again(replace(writer, rulebook=rulebook), progress)
            self._note(writer, "policy_adopted", before, describe(rulebook), "")
        return True

    @contextmanager
    def _reader(self) -> Iterator[Reader]:
        with self._database.read() as connection:
            yield Reader(connection, self._database.kind, self.actor, self._clock())

    @contextmanager
    def _writer(self) -> Iterator[Writer]:
        with self._database.write() as connection:
            rulebook = settings_of(connection).rulebook
            yield Writer(connection, self._database.kind, rulebook, self.actor, self._clock())

    def _change(
        self,
        reference: str,
        kind: str,
        action: Callable[[Ticket, datetime], Ticket],
        seen: int | None = None,
        note: str = "",
    ) -> Ticket:
        """Do one action to one ticket; doing what is so already changes nothing."""
        with self._writer() as writer:
            reader = Reader(writer.connection, writer.kind, self.actor, writer.now)
            before = reader.ticket(reference)
            if seen is not None and before.version != seen:
                raise Refusal(_changed_since(before, writer.connection))
            after = action(before, writer.now)
            if after == before and kind not in _ALWAYS_RECORDED:
                return before
            return writer.write([Change(before=before, after=after, kind=kind, note=note)])[0]

    def _note(
        self,
        writer: Writer,
        kind: str,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
        note: str,
    ) -> None:
        """Append an event that is about the whole desk."""
        writer.connection.execute(
            insert(EventRow).values(
                at=writer.now, actor=self.actor, kind=kind, before=before, after=after, note=note
            )
        )


_ALWAYS_RECORDED = frozenset({"replied", "heard"})
"""A second reply or message changes no time, but it happened."""


def _changed_since(ticket: Ticket, connection: Connection) -> str:
    latest = connection.execute(
        select(col(EventRow.actor), col(EventRow.kind))
        .where(col(EventRow.ticket_id) == ticket.id)
        .order_by(col(EventRow.id).desc())
        .limit(1)
    ).one()
    what = latest.kind.replace("_", " ")
    return f"#{ticket.id} was changed meanwhile by {latest.actor} ({what}); look again"


def _mode_facts(setting: ModeSetting | None) -> dict[str, Any] | None:
    if setting is None:
        return None
    until = None if setting.until is None else setting.until.isoformat()
    return {"mode": setting.mode, "by": setting.by, "reason": setting.reason, "until": until}
