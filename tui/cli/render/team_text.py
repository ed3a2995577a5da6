"""What the commands about the team and the waits tell a person, in words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from policy.capacity.mode import calm_in_words
from policy.phrases import MODE_NAMES, span
from policy.roster.time_off import when_and_why
from policy.waits.addresses import CANNOT_BE_REACHED
from policy.words import NoticeState
from store.notices.notice_models import Notice, Waits
from store.read_models import CoverageView
from store.team.team_models import Consequence
from tui.cli.render.forecast_text import promises_sentence, tell_changes, tell_durations
from tui.cli.render.printing import Printer, TableColumn
from tui.cli.render.ticket_lines import headline
from tui.cli.whereabouts import Presence, Whereabouts
from tui.phrasing import times
from tui.phrasing.text import plain_block, plain_line
from tui.phrasing.ticket_facts import Span

if TYPE_CHECKING:  # these bring the rules, which help does without
    from policy.capacity.advice import CapacityState
    from policy.capacity.levels import Capacity
    from policy.capacity.mode import ModeInForce
    from policy.roster.members import Member, Roster, TimeOff
    from policy.waits.forecast_basis import ForecastBasis
    from policy.waits.notices import Unreachable, WaitNotice

NO_TEAM: Final = "There is no team yet; numberone team import FILE makes one."

_ARRIVALS_SHOWN: Final = 3
_LABEL: Final = 12
_MEMBERS: Final = (
    TableColumn(),  # login
    TableColumn(at_least=8),  # name
    TableColumn(),  # role
    TableColumn(at_least=4),  # region
    TableColumn(),  # local time, its zone named where it is another one
    TableColumn(at_least=10),  # in, out or off
)
_ABSENCES: Final = (
    TableColumn(right=True),  # number
    TableColumn(),  # login
    TableColumn(at_least=20),  # from when until when, and why
    TableColumn(at_least=4),  # the calendar that says it
)
_COVERS: Final = (
    TableColumn(),  # from
    TableColumn(),  # until
    TableColumn(right=True),  # available of scheduled
    TableColumn(at_least=8),  # who
)
_NOTICES: Final = (
    TableColumn(right=True),  # number in the ledger
    TableColumn(),  # state
    TableColumn(at_least=8),  # requester
    TableColumn(right=True),  # tickets
    TableColumn(at_least=10),  # what became of it, or whom they wait for
)

STATE_NAMES: Final = {
    NoticeState.DRAFT: "draft",
    NoticeState.QUEUED: "on its way",
    NoticeState.SENDING: "being sent",
    NoticeState.SENT: "sent",
    NoticeState.IN_DOUBT: "in doubt",
    NoticeState.UNDELIVERABLE: "undeliverable",
    NoticeState.CANCELLED: "cancelled",
    NoticeState.TAKEN_BACK: "taken back",
}
"""How far a notice has come, as a person reads it."""


def tell_team(out: Printer, standings: Sequence[Presence], now: datetime) -> None:
    """Print who is in, out and off, each with their local time."""
    out.table(_MEMBERS, [row for each in standings for row in _member_rows(each, now, out.zone)])
    counts = {kind: sum(each.whereabouts is kind for each in standings) for kind in Whereabouts}
    out.line((f"{counts[Whereabouts.IN]} in, {counts[Whereabouts.OUT]} out", "dim"))


def tell_absences(out: Printer, absences: Sequence[tuple["Member", "TimeOff"]]) -> None:
    """Print the time off that runs or is to come, each with its number."""
    out.table(
        _ABSENCES,
        [
            [
                (f"{off.id}", "dim"),
                (plain_line(member.login), "strong"),
                (plain_line(when_and_why(member, off)), ""),
                (plain_line(off.source or ""), "dim"),
            ]
            for member, off in absences
        ],
    )
    if not absences:
        out.line(("Nobody is out, and no time off is to come.", "dim"))


def tell_capacity(
    out: Printer,
    capacity: "Capacity",
    mode: "ModeInForce",
    basis: "ForecastBasis",
    now: datetime,
) -> None:
    """Print the level, why, what it asks of everybody, the mode, who arrives, what work takes."""
    calm = calm_in_words(mode, now)
    standing = f"Level {capacity.level} · {MODE_NAMES[mode.mode]}"
    out.line((standing, "strong"), (f", {calm}" if calm else "", ""))
    out.say(capacity.why)
    if capacity.contingency:
        out.say(capacity.contingency)
    if mode.why:
        out.say(mode.why)
    _fact(out, "in now", ", ".join(capacity.available) or "nobody")
    coming = [
        f"{turn.login} {_arrives(turn.at, now)}"
        for turn in capacity.next_arrivals
        if turn.login not in capacity.available
    ]
    _fact(out, "next to come", ", ".join(coming[:_ARRIVALS_SHOWN]) or "nobody is known")
    tell_durations(out, basis)


def tell_coverage(out: Printer, view: CoverageView, roster: "Roster") -> None:
    """Print who covers which hours, in the reader's zone, and the gaps."""
    if not roster.support:
        out.say(NO_TEAM if not roster.members else "Nobody of the team is in support.")
        return
    rows = [
        [
            (times.at(cover.start, view.start, out.zone), ""),
            (times.at(cover.end, view.start, out.zone), ""),
            (f"{len(cover.available)} of {len(cover.scheduled)}", "strong"),
            (plain_line(", ".join(sorted(cover.available))), "dim"),
        ]
        for cover in view.covers
    ]
    out.table(_COVERS, rows)
    for gap in view.gaps:
        start, end = (times.at(each, view.start, out.zone) for each in gap)
        out.line((f"Gap: nobody covers {start} to {end}.", "late"))
    if not view.gaps:
        out.line(("No gaps.", "dim"))


def tell_consequence(out: Printer, consequence: Consequence, *, done: bool) -> None:
    """Print what marking somebody out or back does: level, mode, number one, who waits."""
    out.line((plain_line(consequence.sentence), "strong"))
    guidance = consequence.guidance
    for warning in () if guidance is None else guidance.warnings:
        out.line(("Mind: ", "late"), (plain_line(warning), ""))
    before, after = consequence.before, consequence.after
    _fact(out, "level", _change(str(before.capacity.level), str(after.capacity.level)))
    _fact(out, "mode", _change(MODE_NAMES[before.mode.mode], MODE_NAMES[after.mode.mode]))
    if after.mode.by_hand is not None:
        _fact(out, "", after.mode.why)
    _tell_first(out, consequence)
    _fact(out, "waits", _waits(before, after))
    tell_changes(out, consequence.answers)
    out.say(after.capacity.why)
    if not done:
        out.say("Nothing was changed: this was a dry run.")


def tell_waits(out: Printer, waits: Waits, now: datetime) -> None:
    """Print the drafts, the ledger, and how many promises were kept."""
    out.table(
        _NOTICES,
        [
            *(_draft_row(draft, now, out.zone) for draft in waits.drafts),
            *(_unreachable_row(each) for each in waits.unreachable),
            *(_notice_row(notice, now) for notice in waits.ledger),
        ],
    )
    gone = len(waits.unreachable)
    if waits.drafts or not gone:
        out.line((_drafts(len(waits.drafts)), "" if waits.drafts else "dim"))
    if gone:
        who = "1 customer cannot" if gone == 1 else f"{gone:,} customers cannot"
        out.line((f"{who} be reached by mail; tell them some other way.", "late"))
    if waits.promises.share is not None:
        out.line((promises_sentence(waits.promises), "dim"))


def tell_notice(out: Printer, draft: "WaitNotice") -> None:
    """Print a draft as its requester would read it."""
    out.line((f"To {plain_line(requester_of(draft))}", "strong"))
    out.line((plain_line(draft.subject), "strong"))
    for line in plain_block(draft.body).splitlines():
        out.line((line, ""))
    out.line()


def requester_of(draft: "WaitNotice") -> str:
    """Return whom a draft is for: the address, else the name, else the customer."""
    requester = draft.requester
    return (requester.email or requester.name) if requester else draft.customer


def outcome_line(notice: Notice) -> str:
    """Return in one line what became of a notice."""
    said = f": {notice.outcome}" if notice.outcome else ""
    return f"#{notice.id} to {notice.email or notice.name}: {STATE_NAMES[notice.state]}{said}"


def _member_rows(standing: Presence, now: datetime, zone: tzinfo) -> Iterator[list[Span]]:
    """Yield a member's row, and one for each time off that holds where there are several."""
    yield _member_row(standing, now, zone)
    if len(standing.holding) > 1:
        for off in standing.holding:
            said = plain_line(f"  {when_and_why(standing.member, off)}")
            yield [*[("", "")] * (len(_MEMBERS) - 1), (said, "dim")]


def _member_row(standing: Presence, now: datetime, zone: tzinfo) -> list[Span]:
    member = standing.member
    role = {Whereabouts.IN: "strong", Whereabouts.OUT: "late"}.get(standing.whereabouts, "dim")
    return [
        (plain_line(member.login), "strong"),
        (plain_line(member.name), ""),
        (str(member.role), "dim"),
        (plain_line(member.region), ""),
        (times.elsewhere(now, member.hours.timezone, zone), ""),
        (plain_line(_where(standing, now, zone)), role),
    ]


def _where(standing: Presence, now: datetime, zone: tzinfo) -> str:
    until, full = standing.until, ", at capacity" if standing.member.at_capacity else ""
    if standing.whereabouts is Whereabouts.IN:
        left = "" if until is None else f", {span(times.until(until, now))} left"
        return f"in{left}{full}"
    if standing.whereabouts is Whereabouts.OUT:
        back = "until further notice" if until is None else f"until {times.at(until, now, zone)}"
        said = standing.reason and len(standing.holding) == 1
        return f"out {back}: {standing.reason}" if said else f"out {back}"
    if not standing.member.hours.spans:
        return "not scheduled"
    return "off" if until is None else f"off, {_arrives(until, now)}{full}"


def _arrives(moment: datetime, now: datetime) -> str:
    return f"in {span(times.until(moment, now))}"


def _fact(out: Printer, label: str, words: str) -> None:
    out.line((f"{label:<{_LABEL}}  ", "dim"), (plain_line(words), ""))


def _change(before: str, after: str) -> str:
    return f"{before}, as before" if before == after else f"{before} → {after}"


def _tell_first(out: Printer, consequence: Consequence) -> None:
    before, after = consequence.number_one_before, consequence.number_one_after
    label = (f"{'number one':<{_LABEL}}  ", "dim")
    if after is None:
        out.line(label, ("nobody waits", ""))
    elif before is not None and before.id == after.id:
        out.line(label, (f"#{after.id}, as before", ""))
    else:
        out.line(label, *headline(after, out.words))


def _waits(before: "CapacityState", after: "CapacityState") -> str:
    now, then = len(before.notices), len(after.notices)
    return f"{then} to be told" if now == then else f"{then} to be told, {now} before"


def _draft_row(draft: "WaitNotice", now: datetime, zone: tzinfo) -> list[Span]:
    promised = "no time is promised"
    if draft.expect_by is not None:
        promised = f"an answer by {times.at(draft.expect_by, now, zone)}"
    first = draft.arrivals[0] if draft.arrivals else None
    coming = (
        "nobody is known to arrive" if draft.nobody_is_known_to_come else "nobody arrives before"
    )
    if first is not None:
        coming = f"{first.login} arrives {_arrives(first.at, now)}"
    coming = f"{promised}; {coming}"
    renews = "; what was promised cannot be kept" if draft.renews else ""
    return [
        ("", "dim"),
        (STATE_NAMES[NoticeState.DRAFT], "strong"),
        (plain_line(requester_of(draft)), ""),
        (_tickets([ticket.id for ticket in draft.tickets]), ""),
        (plain_line(f"{coming}{renews}"), "dim"),
    ]


def _unreachable_row(who: "Unreachable") -> list[Span]:
    """Return who is not drafted to: "an address that failed for good is told as such"."""
    address = who.requester.email or who.requester.name
    return [
        ("", "dim"),
        ("no draft", "late"),
        (plain_line(address), ""),
        (_tickets([ticket.id for ticket in who.tickets]), ""),
        (plain_line(f"{who.customer} {CANNOT_BE_REACHED} {address}; tell them otherwise"), "late"),
    ]


def _notice_row(notice: Notice, now: datetime) -> list[Span]:
    bad = notice.state in (NoticeState.UNDELIVERABLE, NoticeState.IN_DOUBT)
    words = notice.outcome
    if notice.state is NoticeState.QUEUED:
        due = f"goes out {_soon(notice.next_attempt_at, now)}"
        words = f"{due}; {words}" if words else due
    return [
        (f"{notice.id}", "dim"),
        (STATE_NAMES[notice.state], "late" if bad else ""),
        (plain_line(notice.email or notice.name), ""),
        (_tickets(notice.tickets), ""),
        (plain_line(words), "dim"),
    ]


def _soon(moment: datetime, now: datetime) -> str:
    return f"in {span(moment - now)}" if moment > now else "now"


def _tickets(ids: Iterable[int]) -> str:
    return " ".join(f"#{each}" for each in ids)


def _drafts(count: int) -> str:
    if not count:
        return "Nobody needs to be told that they will wait."
    who = "1 customer is" if count == 1 else f"{count:,} customers are"
    return f"{who} to be told; numberone waits send --all sends all."
