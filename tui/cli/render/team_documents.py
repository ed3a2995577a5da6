"""The JSON about the team and the waits, with exactly the keys that the commands promise."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from policy.roster.time_off import as_entered
from policy.words import NoticeState
from store.notices.notice_models import Notice
from store.read_models import CoverageView
from store.team.team_models import Consequence
from tui.cli.render.forecast_text import changes_document
from tui.cli.render.ticket_documents import Document, by_hand_document, instant, ticket_document
from tui.cli.whereabouts import Presence

if TYPE_CHECKING:  # these bring the rules, which help does without
    from datetime import datetime

    from policy.capacity.advice import CapacityState
    from policy.capacity.levels import Capacity
    from policy.capacity.mode import ModeInForce
    from policy.contract.ticket_clocks import Targets
    from policy.roster.coverage import Turn
    from policy.roster.members import Member, TimeOff
    from policy.ticket import Ticket
    from policy.waits.notices import Unreachable, WaitNotice


def capacity_document(capacity: "Capacity", mode: "ModeInForce") -> Document:
    """Return the level, why, and who there is for how much work."""
    return {
        "level": capacity.level,
        "mode": mode.mode,
        "by_hand": by_hand_document(mode),
        "why": capacity.why,
        "scheduled": list(capacity.scheduled),
        "available": list(capacity.available),
        "actionable": capacity.actionable,
        "owed": capacity.owed,
        "next_arrivals": _turns(capacity.next_arrivals),
        "calm_since": instant(mode.calm_since),
    }


def coverage_document(view: CoverageView) -> Document:
    """Return how many are scheduled and available when, and the gaps."""
    return {
        "from": instant(view.start),
        "until": instant(view.end),
        "intervals": [
            {
                "from": instant(cover.start),
                "until": instant(cover.end),
                "scheduled": len(cover.scheduled),
                "available": len(cover.available),
            }
            for cover in view.covers
        ],
        "gaps": [{"from": instant(gap.start), "until": instant(gap.end)} for gap in view.gaps],
    }


def draft_document(draft: "WaitNotice") -> Document:
    """Return a notice that nobody has sent yet."""
    requester = draft.requester
    name = draft.customer if requester is None else requester.name
    return {
        "requester": (requester.email if requester else None) or name,
        "tickets": [ticket.id for ticket in draft.tickets],
        "expected": instant(draft.expected),
        "expect_by": instant(draft.expect_by),
        "aim_by": instant(draft.aim_by),
        "arrivals": _turns(draft.arrivals),
        "subject": draft.subject,
        "body": draft.body,
        "state": NoticeState.DRAFT,
    }


def unreachable_document(who: "Unreachable") -> Document:
    """Return somebody who would be told, and whose address failed for good."""
    return {
        "requester": who.requester.email,
        "customer": who.customer,
        "tickets": [ticket.id for ticket in who.tickets],
    }


def notice_document(notice: Notice) -> Document:
    """Return a notice of the ledger."""
    return {
        "requester": notice.email or notice.name,
        "tickets": list(notice.tickets),
        "expected": instant(notice.expected),
        "expect_by": instant(notice.expect_by),
        "aim_by": instant(notice.aim_by),
        "arrivals": _turns(notice.arrivals),
        "subject": notice.subject,
        "body": notice.body,
        "state": notice.state,
    }


def notices_document(notices: Iterable[Notice]) -> Document:
    """Return what became of some notices."""
    return {"notices": [notice_document(notice) for notice in notices]}


def standing_document(standing: Presence, now: "datetime") -> Document:
    """Return a member, and where they are now."""
    member = standing.member
    return {
        "login": member.login,
        "name": member.name,
        "role": member.role,
        "region": member.region,
        "timezone": member.hours.timezone,
        "local_time": now.astimezone(ZoneInfo(member.hours.timezone)).isoformat(),
        "holidays": member.holidays,
        "email": member.email,
        "at_capacity": member.at_capacity,
        "backup": member.backup,
        "state": standing.whereabouts,
        "until": instant(standing.until),
        "reason": standing.reason,
    }


def absences_document(absences: "Iterable[tuple[Member, TimeOff]]", now: "datetime") -> Document:
    """Return the time off that runs or is to come; days are dates where the member lives."""
    return {"absences": [_absence(member, off, now) for member, off in absences]}


def _absence(member: "Member", off: "TimeOff", now: "datetime") -> Document:
    start, until = as_entered(member, off)
    days = off.days(member.hours)
    return {
        "id": off.id,
        "login": off.login,
        "from": instant(off.start),
        "until": instant(off.until),
        "first_day": f"{start}" if days[0] else None,
        "last_day": f"{until}" if days[1] else None,
        "running": any(start <= now < end for start, end in off.spans(member.hours)),
        "reason": off.reason,
        "entered_by": off.entered_by,
        "calendar": off.source,
    }


def consequence_document(
    consequence: Consequence, targets_of: "Callable[[Ticket], Targets]", *, done: bool
) -> Document:
    """Return what marking somebody out or back does, or would do; ``targets_of`` is of tickets."""
    guidance = consequence.guidance
    first = {
        "number_one_before": (consequence.number_one_before, consequence.holders_before),
        "number_one_after": (consequence.number_one_after, consequence.holders_after),
    }
    return {
        "sentence": consequence.sentence,
        "done": done,
        "warnings": [] if guidance is None else list(guidance.warnings),
        "hand_overs": []
        if guidance is None
        else [
            {"ticket": each.ticket.id, "to": each.to, "why": each.why}
            for each in guidance.hand_overs
        ],
        "answers": changes_document(consequence.answers),
        "before": _situation(consequence.before),
        "after": _situation(consequence.after),
        **{
            name: None
            if ticket is None
            else ticket_document(ticket, 1, holders.away(ticket), targets_of(ticket), None)
            for name, (ticket, holders) in first.items()
        },
    }


def _situation(situation: "CapacityState") -> Document:
    return {
        **capacity_document(situation.capacity, situation.mode),
        "waits": len(situation.notices),
    }


def _turns(turns: "Iterable[Turn]") -> list[Document]:
    return [{"login": turn.login, "at": instant(turn.at)} for turn in turns]
