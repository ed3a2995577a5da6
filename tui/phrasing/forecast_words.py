"""When an answer is likely and when it is safe, in words, for the board and for ``show``."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from policy.ticket import Ticket
from tui.phrasing import times
from tui.phrasing.ticket_facts import Span

if TYPE_CHECKING:  # it knows the rulebook, which is heavy
    from policy.waits.forecast import AnswerForecast


def answer_spans(
    ticket: Ticket, forecast: "AnswerForecast | None", now: datetime, zone: tzinfo | None
) -> list[Span]:
    """Return ``likely by 16:30, safe by 18:00``, nothing for a ticket not owed.

    It warns where the contract's time is earlier than what is safe. Times are shown in ``zone``
    (None: the terminal's), as of ``now`` (UTC).
    """
    if not ticket.owed or forecast is None:
        return []
    if forecast.expected is None:
        return [("likely only after the hours that are known", "soon")]
    spans = [(f"likely by {times.at(forecast.expected, now, zone)}", "")]
    if forecast.safe is None:
        return [*spans, (", and no time is safe", "soon")]
    spans.append((f", safe by {times.at(forecast.safe, now, zone)}", "strong"))
    if is_before_safe(ticket, forecast, now):
        spans.append(("; the contract is before that", "late"))
    return spans


def is_before_safe(ticket: Ticket, forecast: "AnswerForecast | None", now: datetime) -> bool:
    """Return whether "the contract's time is earlier than what is safe", and still to come."""
    if forecast is None or not ticket.owed or ticket.respond_by is None:
        return False
    safe = forecast.safe
    return now < ticket.respond_by and (safe is None or ticket.respond_by < safe)
