"""The JSON that commands print, with exactly the keys of docs/design.md."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from policy.capacity.mode import ModeInForce
from policy.roster.holders import HolderAway
from policy.ticket import TOLD_AS_THEY_ARE, Deviation, Ticket
from store.read_models import Event

if TYPE_CHECKING:  # these know the rulebook, which is heavy
    from policy.contract.ticket_clocks import Targets
    from policy.waits.forecast import AnswerForecast
    from store.history.shift_models import HandedOn, ShiftNote

Document = dict[str, object]


def ticket_document(
    ticket: Ticket,
    position: int | None,
    away: HolderAway | None,
    targets: "Targets",
    forecast: "AnswerForecast | None",
) -> Document:
    """Return a ticket with its 1-based place in the queue, None outside it; times are UTC.

    ``away`` is why whoever has it is away, None where they are not; ``targets`` are until when what
    the policy promises is due, as ``targets_of`` gives them. ``forecast`` is when an answer is
    expected and safe, None for a ticket that is not owed or not reached.
    """
    assigned, deviation = ticket.assigned_priority, ticket.deviation
    return {
        "id": ticket.id,
        "source": ticket.source,
        "external_id": ticket.external_id,
        "subject": ticket.subject,
        "customer": ticket.customer,
        "tier": ticket.tier,
        "severity": ticket.severity,
        "priority": ticket.priority,
        "assigned_priority_reason": None if assigned is None else assigned.reason,
        "status": ticket.status,
        "assignee": ticket.assignee,
        "opened_by": ticket.opened_by,
        "received_at": instant(ticket.received_at),
        "first_response_at": instant(ticket.first_response_at),
        "last_response_at": instant(ticket.last_response_at),
        "waiting_since": instant(ticket.waiting_since),
        "respond_by": instant(ticket.respond_by),
        "aim_by": instant(ticket.aim_by),
        "owed": ticket.owed,
        "holder_away": None if away is None else _away_document(away),
        "position": position,
        "deviation": None if deviation is None else _deviation_document(deviation),
        "declined": ticket.declined,
        **{name: getattr(ticket, name) for name in TOLD_AS_THEY_ARE},
        "facts": dict(ticket.facts),
        "targets": {name: instant(moment) for name, moment in targets.items()},
        "resolve_by": instant(ticket.resolve_by),
        "expected_by": None if forecast is None else instant(forecast.expected),
        "safe_by": None if forecast is None else instant(forecast.safe),
        "solved_at": instant(ticket.solved_at),
        "split_from": ticket.split_from,
        "merged_into": ticket.merged_into,
    }


def event_document(event: Event) -> Document:
    """Return one event of a ticket's history."""
    return {
        "id": event.id,
        "at": instant(event.at),
        "actor": event.actor,
        "kind": event.kind,
        "ticket": event.ticket,
        "before": event.before,
        "after": event.after,
        "note": event.note,
        "action": event.action,
        "undoes": event.undoes,
        "entered_by": event.entered_by,
    }


def shift_note_document(
    note: "ShiftNote",
    targets_of: "Callable[[Ticket], Targets]",
    forecasts: "Mapping[int, AnswerForecast]",
) -> Document:
    """Return what somebody hands over at the end of a shift.

    ``targets_of`` is of each ticket, ``forecasts`` are of those that are owed, by their ids.
    """
    overview, timer = note.overview, note.timer
    first = overview.number_one
    return {
        "login": note.login,
        "name": note.name,
        "at": instant(overview.now),
        "number_one": None
        if first is None
        else ticket_document(
            first,
            1,
            overview.holders.away(first),
            targets_of(first),
            forecasts.get(first.id),
        ),
        "why": list(overview.why),
        "mode": overview.mode.mode,
        "by_hand": by_hand_document(overview.mode),
        "level": overview.capacity.level,
        "queue": overview.queue,
        "tickets": [
            _handed_on_document(handed, targets_of(handed.ticket), forecasts.get(handed.ticket.id))
            for handed in note.tickets
        ],
        "left_out": note.left_out,
        "held_by_away": [
            ticket_document(
                each.ticket,
                each.position,
                each.holder_away,
                targets_of(each.ticket),
                forecasts.get(each.ticket.id),
            )
            for each in note.away
        ],
        "promises": [
            {
                "customer": notice.customer,
                "name": notice.name,
                "tickets": list(notice.tickets),
                "made_at": instant(notice.made_at),
                "expect_by": instant(notice.expect_by),
                "arrive_at": instant(notice.arrive_at),
            }
            for notice in note.promises
        ],
        "timer": None
        if timer is None
        else {
            "work": timer.work,
            "ticket": timer.ticket,
            "started_at": instant(timer.started_at),
            "note": timer.note,
        },
    }


def mode_document(mode: ModeInForce, level: int) -> Document:
    """Return the mode in force at a capacity level."""
    by_hand = mode.by_hand
    return {
        "mode": mode.mode,
        "level": level,
        "why": mode.why,
        "set_by": None if by_hand is None else by_hand.by,
        "reason": None if by_hand is None else by_hand.reason,
        "until": instant(mode.until),
    }


def by_hand_document(mode: ModeInForce) -> Document | None:
    """Return by whom, why, since when and until when a mode is set by hand; None when it is not.

    ``until`` is None for one without an end.
    """
    setting = mode.by_hand
    if setting is None:
        return None
    return {
        "by": setting.by,
        "reason": setting.reason,
        "since": instant(setting.since),
        "until": instant(setting.until),
    }


def instant(moment: datetime | None) -> str | None:
    """Return a time in UTC as ISO 8601 with ``Z``, None for none."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _handed_on_document(
    handed: "HandedOn", targets: "Targets", forecast: "AnswerForecast | None"
) -> Document:
    step = handed.next
    return {
        "ticket": ticket_document(
            handed.ticket, handed.position, handed.holder_away, targets, forecast
        ),
        "standing": handed.standing,
        "about": handed.about,
        "url": handed.ticket.url,
        "context": dict(handed.ticket.context),
        "history": [event_document(event) for event in handed.history],
        "next": {"what": step.what, "whose": step.whose, "by": instant(step.by)},
    }


def _away_document(away: HolderAway) -> Document:
    return {"why": away.why, "until": instant(away.until)}


def _deviation_document(deviation: Deviation) -> Document:
    return {
        "by": deviation.by,
        "reason": deviation.reason,
        "since": instant(deviation.since),
        "until": instant(deviation.until),
    }
