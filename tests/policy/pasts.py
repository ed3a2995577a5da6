"""What happened on a Monday, for the tests of the report: a rush, and whatever a test adds."""

from dataclasses import replace
from datetime import UTC

from policy.capacity.hard_choices import QueueCount
from policy.report.levels_held import Circumstances
from policy.report.report import ReportedPast
from policy.report.ticket_changes import Since, TicketChange
from policy.roster.members import Roster
from policy.rulebook.rulebook import handbook
from policy.ticket import Deviation, Ticket
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, member

END = MONDAY + 8 * HOUR
RULEBOOKS = [Since(MONDAY - DAY, handbook())]


def past(**fields: object) -> ReportedPast:
    circumstances = Circumstances(
        rulebooks=RULEBOOKS,
        rosters=[Since(MONDAY - DAY, Roster((member("mariam", "Mon-Fri 00:00-24:00"),)))],
        settings=[Since(MONDAY - DAY, None)],
        counts=[
            QueueCount(at=MONDAY, tickets=2),
            QueueCount(at=MONDAY + HOUR, tickets=8),
            QueueCount(at=MONDAY + 2 * HOUR, tickets=1),
        ],
    )
    plain = ReportedPast(
        start=MONDAY,
        end=END,
        zone=UTC,
        circumstances=circumstances,
        tickets=[],
        changes=[],
        answered=[],
        arrived=[],
        declined=[],
        untouched_overdue=0,
        promises=[],
        entries=[],
    )
    return replace(plain, **fields)  # type: ignore[arg-type] # any field of the past


def put_first(minute: int, until: int | None = None, reason: str = "The board asked.") -> Deviation:
    return Deviation(
        by="lena",
        reason=reason,
        since=MONDAY + minute * MINUTE,
        until=None if until is None else MONDAY + until * MINUTE,
    )


def change(
    minute: int, before: Ticket, after: Ticket, kind: str = "changed", *, taken_back: bool = False
) -> TicketChange:
    return TicketChange(
        at=MONDAY + minute * MINUTE,
        actor="mo",
        kind=kind,
        before=before,
        after=after,
        taken_back=taken_back,
    )
