"""Who covers our hours when, as things stand in one transaction."""

from datetime import datetime

from policy.roster.coverage import coverage, gaps
from store.read_models import CoverageView
from store.reader import Reader


def coverage_of(reader: Reader, start: datetime, end: datetime) -> CoverageView:
    """Return who is scheduled and available from ``start`` to ``end``, and the gaps (UTC)."""
    roster, calendar = reader.roster, reader.rulebook.contract_calendar
    return CoverageView(
        start=start,
        end=end,
        covers=tuple(coverage(roster, start, end)),
        gaps=tuple(gaps(roster, calendar, start, end)) if roster.support else (),
    )
