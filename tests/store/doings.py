"""Everything that people do at a desk, with whatever Hypothesis draws for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from policy.intake.incoming import IncomingTicket
from policy.roster.team_file import load_team
from policy.roster.time_off import TimeOffEntry
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import (
    Mode,
    NoticeState,
    NoticeWay,
    OpenedBy,
    PriorityInput,
    Status,
    Work,
)
from store.desk import Desk
from tests.examples import MONDAY, PRIORITIES, SEVERITIES, TIERS, incoming
from tests.store.checking import set_mode
from tests.store.teams import member, team

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]
Doing = Callable[[Desk, Draw[Any]], object]

STOPPED_LESS = """
[clock]
stops_in = ["on_hold"]
[[contract]]
when = { priority = ["p0", "p1"] }
first_response = "30m"
next_reply = "20m"
update = "20m"
resolution = "2h"
[[contract]]
when = {}
first_response = "4h"
resolution = "8h"
[[contract]]
when = { priority = ["p2"] }
update = "40m"
"""
CLOCKS = load_rulebook(STOPPED_LESS.replace('["on_hold"]', '["pending", "on_hold"]'), "clocks.toml")
"""Updates and resolutions in the handbook's words, whose clocks stand still while others wait."""

LOGINS = ("lee", "eve", "cora", "early1", "early2", "outsider")
POLICIES = (
    handbook(),
    load_rulebook('[response]\np1 = "10m"\np3 = "1h"\nno_contract = []\n', "hasty.toml"),
    load_rulebook('[order]\nnormal = ["received_at"]\nhard_choices = ["tier"]\n', "plain.toml"),
    load_rulebook(
        '[[intake]]\nwhen = { tier = ["free"] }\ndecline = "No."\nbecause = "Not paid for."\n'
        '[[intake]]\nwhen = {}\nassign = "p1"\nbecause = "All the same."\n',
        "strict.toml",
    ),
    CLOCKS,
    load_rulebook(STOPPED_LESS, "moving.toml"),
)
_CE = load_team(member("cora", role="ce"), "team.toml")
TEAMS = tuple((*team(early, late), *_CE) for early, late in ((2, 0), (2, 2), (3, 1)))
NUMBERS = st.integers(1, 8)
SEVERAL = st.lists(NUMBERS, min_size=1, max_size=3)
MINUTES = st.integers(1, 60)
ENTRIES = st.integers(1, 5)
UNANSWERED = st.sampled_from(["", "They found it themselves."])
"""Why nobody needs an answer; mostly nobody says so."""


@st.composite
def arrivals(draw: st.DrawFn) -> IncomingTicket:
    """Draw what a source says of one of a few tickets; as a rule it is told again, otherwise."""
    received = MONDAY + timedelta(minutes=draw(st.integers(-3, 3)))
    answered = draw(st.none() | st.integers(0, 2))
    heard = draw(st.none() | st.integers(0, 4))
    last = None if answered is None else draw(st.none() | st.integers(answered, 5))
    person = draw(st.none() | st.sampled_from(["ann", "bo"]))
    times = {
        "first_response_at": None if answered is None else received + timedelta(minutes=answered),
        "last_response_at": None if last is None else received + timedelta(minutes=last),
        "last_customer_message_at": None if heard is None else received + timedelta(minutes=heard),
    }
    if draw(st.booleans()):  # of what there is none, nothing is said, instead of that there is none
        times = {name: time for name, time in times.items() if time is not None}
    return incoming(
        draw(st.integers(1, 6)),
        subject=draw(st.sampled_from(["Login fails", "系统崩溃了", "[/red] Æsop's"])),
        body=draw(st.sampled_from(["", "It broke."])),
        customer=draw(st.sampled_from(["Acme", "Globex"])),
        tier=draw(st.sampled_from(TIERS)),
        severity=draw(st.integers(0, 3)),
        opened_by=draw(st.sampled_from(OpenedBy)),
        status=draw(st.none() | st.sampled_from(Status)),
        received_at=received,
        **times,
        requester_name=person,
        requester_email=None if person is None else f"{person}@example.com",
        requester_timezone=draw(st.sampled_from([None, "Europe/Paris"])) if person else None,
    )


def _take_in(desk: Desk, draw: Draw[Any]) -> object:
    batch = draw(st.lists(arrivals(), max_size=5, unique_by=lambda each: each.external_id))
    with desk.one_action():
        half = len(batch) // 2
        return desk.transfer.take_in(batch[:half]), desk.transfer.take_in(batch[half:])


def _set_mode(desk: Desk, draw: Draw[Any]) -> object:
    mode = draw(st.none() | st.sampled_from(Mode))
    return set_mode(desk, mode, minutes=draw(MINUTES))


def _mark_out(desk: Desk, draw: Draw[Any]) -> object:
    minutes = draw(st.none() | MINUTES)
    until = None if minutes is None else desk.now() + timedelta(minutes=minutes)
    reason = draw(st.sampled_from(["away", "ill", ""]))
    day = draw(st.none() | st.integers(0, 3))
    if day is not None:
        first = desk.now().date() + timedelta(days=day)
        return desk.team.mark_out(draw(st.sampled_from(LOGINS)), first, first, reason)
    return desk.team.mark_out(draw(st.sampled_from(LOGINS)), until=until, reason=reason)


def _change_absence(desk: Desk, draw: Draw[Any]) -> object:
    until = desk.now() + timedelta(minutes=draw(MINUTES))
    off = draw(st.sampled_from(desk.team.roster().time_off or (None,)))
    return off and desk.team.change_absence(
        off.login, TimeOffEntry(off.id), off.start, until, "changed"
    )


def _mark_back(desk: Desk, draw: Draw[Any]) -> object:
    login = draw(st.sampled_from(LOGINS))
    return desk.team.mark_back(login, everything=draw(st.booleans()))


def _send_waits(desk: Desk, draw: Draw[Any]) -> object:
    way = draw(st.sampled_from([NoticeWay.MAIL, NoticeWay.BY_HAND]))
    return desk.waits.send(desk.waits.read().drafts, way=way, domain="desk.example")


def _take_back_waits(desk: Desk, _: Draw[Any]) -> object:
    queued = [each.id for each in desk.waits.read().ledger if each.state is NoticeState.QUEUED]
    return desk.waits.take_back(queued)


def _open_ticket(desk: Desk, draw: Draw[Any]) -> object:
    return desk.tickets.open_ticket(draw(arrivals()))


def _assign_priority(desk: Desk, draw: Draw[Any]) -> object:
    return desk.tickets.assign_priority(
        draw(NUMBERS),
        draw(st.sampled_from(PRIORITIES)),
        reason="So.",
        rests_on=PriorityInput.ANOTHER_TEAM,
    )


def _set_status_each(desk: Desk, draw: Draw[Any]) -> object:
    status, reason = draw(st.sampled_from(Status)), draw(UNANSWERED)
    return desk.tickets.set_status_each(draw(SEVERAL), status, unanswered=reason)


def _set_status(desk: Desk, draw: Draw[Any]) -> object:
    status, reason = draw(st.sampled_from(Status)), draw(UNANSWERED)
    return desk.tickets.set_status(draw(NUMBERS), status, unanswered=reason)


def _hand_over(desk: Desk, draw: Draw[Any]) -> object:
    number = draw(NUMBERS)
    with desk.transaction(), desk.one_action():
        if draw(st.integers(0, 3)):
            desk.tickets.reply(number)
        return desk.engineering.hand_over(number)


def _split(desk: Desk, draw: Draw[Any]) -> object:
    severity = draw(st.none() | st.sampled_from(SEVERITIES))
    body = draw(st.sampled_from(["", "A part."]))
    return desk.merging.split(draw(NUMBERS), "A part", body, severity)


def _send_drafts(desk: Desk, draw: Draw[Any]) -> object:
    return desk.waits.send(desk.waits.drafts_for(draw(SEVERAL)), domain="desk.example")


def _deviate(desk: Desk, draw: Draw[Any]) -> object:
    minutes = draw(st.none() | MINUTES)
    until = None if minutes is None else desk.now() + timedelta(minutes=minutes)
    return desk.deviations.put_first(draw(NUMBERS), reason="So.", until=until)


def _start_timer(desk: Desk, draw: Draw[Any]) -> object:
    return (
        desk.time.start_timer(draw(NUMBERS))
        if draw(st.booleans())
        else desk.time.start_timer(
            work=draw(st.sampled_from(Work)), note=draw(st.sampled_from(["", "docs"]))
        )
    )


def _edit_entry(desk: Desk, draw: Draw[Any]) -> object:
    ago = draw(st.none() | MINUTES)
    return desk.time.edit_entry(
        draw(ENTRIES),
        started_at=None if ago is None else desk.now() - timedelta(minutes=ago),
        work=draw(st.none() | st.sampled_from(Work)),
        note=draw(st.none() | st.just("as agreed")),
    )


def _fill_context(desk: Desk, draw: Draw[Any]) -> object:
    names = desk.policy.rulebook().engineering.context
    some = names if draw(st.integers(0, 3)) else names[:1]
    return desk.engineering.fill_context(
        draw(NUMBERS), dict.fromkeys(some, draw(st.sampled_from(["So.", ""])))
    )


def _escalate(desk: Desk, draw: Draw[Any]) -> object:
    return desk.engineering.escalate(
        draw(NUMBERS), cannot_wait=draw(st.booleans()), because="boats stop"
    )


DOINGS: dict[str, Doing] = {
    "take_in": _take_in,
    "open_ticket": _open_ticket,
    "take": lambda desk, draw: desk.tickets.take(draw(NUMBERS)),
    "assign": lambda desk, draw: desk.tickets.assign(
        draw(NUMBERS), draw(st.none() | st.sampled_from(LOGINS))
    ),
    "reply": lambda desk, draw: desk.tickets.reply(
        draw(NUMBERS), draw(st.none() | st.sampled_from([Status.PENDING, Status.SOLVED]))
    ),
    "heard": lambda desk, draw: desk.tickets.heard(draw(NUMBERS)),
    "set_status": _set_status,
    "assign_priority": _assign_priority,
    "deviate": _deviate,
    "end_deviation": lambda desk, draw: desk.deviations.end(draw(NUMBERS)),
    "fill_context": _fill_context,
    "hand_over": _hand_over,
    "escalate": _escalate,
    "review": lambda desk, draw: desk.engineering.review(
        draw(NUMBERS), draw(st.sampled_from(["now", "backlog"])), note="In the parser."
    ),
    "send_back": lambda desk, draw: desk.engineering.send_back(draw(NUMBERS), "Which version?"),
    "comment": lambda desk, draw: desk.tickets.comment(draw(NUMBERS), "Seen."),
    "set_mode": _set_mode,
    "adopt_policy": lambda desk, draw: desk.policy.adopt(draw(st.sampled_from(POLICIES))),
    "import_team": lambda desk, draw: desk.team.import_members(TEAMS[draw(st.integers(0, 2))]),
    "mark_out": _mark_out,
    "change_absence": _change_absence,
    "mark_back": _mark_back,
    "set_at_capacity": lambda desk, draw: desk.team.set_at_capacity(
        draw(st.sampled_from(LOGINS)), draw(st.booleans())
    ),
    "take_each": lambda desk, draw: desk.tickets.take_each(draw(SEVERAL)),
    "assign_each": lambda desk, draw: desk.tickets.assign_each(
        draw(SEVERAL), draw(st.none() | st.sampled_from(LOGINS))
    ),
    "set_status_each": _set_status_each,
    "merge": lambda desk, draw: desk.merging.merge(draw(NUMBERS), draw(NUMBERS)),
    "split": _split,
    "drafts_for": _send_drafts,
    "send_waits": _send_waits,
    "take_back_waits": _take_back_waits,
    "start_timer": _start_timer,
    "stop_timer": lambda desk, _: desk.time.stop_timer(),
    "edit_entry": _edit_entry,
    "remove_entry": lambda desk, draw: desk.time.remove_entry(draw(ENTRIES)),
    "undo": lambda desk, _: desk.history.undo(),
    "redo": lambda desk, _: desk.history.redo(),
}
"""What a person can do, by the name of the desk's method; each may be refused."""
