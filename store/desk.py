"""Desk: the one door to the store, with one method per thing a person does."""

from collections.abc import Callable
from datetime import UTC, datetime

from policy.ticket import OWN_SOURCE
from policy.tickets import actions
from store.database import Database
from store.engineering.engineering_desk import EngineeringDesk
from store.history.history_desk import HistoryDesk
from store.history.report_desk import ReportingDesk
from store.history.shift_desk import ShiftDesk
from store.notices.waits_desk import WaitsDesk
from store.policies.policy_desk import PolicyDesk
from store.team.team_desk import TeamDesk
from store.tickets.deviation_desk import DeviationDesk
from store.tickets.merging_desk import MergingDesk
from store.tickets.ticket_desk import TicketDesk
from store.time.time_desk import TimeDesk
from store.transfer.copies_desk import CopiesDesk

__all__ = ["OWN_SOURCE", "Desk", "whole_second"]


def whole_second() -> datetime:
    """Return the time now in UTC, without a fraction: what people read has none."""
    return datetime.now(UTC).replace(microsecond=0)


class Desk(
    TicketDesk,
    DeviationDesk,
    EngineeringDesk,
    MergingDesk,
    PolicyDesk,
    TeamDesk,
    WaitsDesk,
    TimeDesk,
    ShiftDesk,
    HistoryDesk,
    ReportingDesk,
    CopiesDesk,
):
    """The support desk kept in one database, as one person works at it.

    Every reading method sees one instant of the database; every changing one is one transaction
    that changes all it should or nothing, and refuses what this person may not do. All times are
    aware UTC. Any thread may call.
    """

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
