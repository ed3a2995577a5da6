"""Desk: the one door to the store, with one method per thing a person does."""

from collections.abc import Callable
from datetime import UTC, datetime

from policy import actions
from policy.ticket import OWN_SOURCE
from store.database import Database
from store.desk.copies import CopiesDesk
from store.desk.deviations import DeviationDesk
from store.desk.engineering import EngineeringDesk
from store.desk.history import HistoryDesk
from store.desk.merging import MergingDesk
from store.desk.policies import PolicyDesk
from store.desk.reporting import ReportingDesk
from store.desk.shift import ShiftDesk
from store.desk.team import TeamDesk
from store.desk.tickets import TicketDesk
from store.desk.time import TimeDesk
from store.desk.waits import WaitsDesk

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
