"""The lines of the block: which ticket, whose, by when, why, and the one next step with its key."""

from datetime import datetime
from typing import Final

from policy.names import same_name
from policy.ticket import Ticket
from policy.words import Action
from store.read_models import Overview
from tui.actions.screens import ALL_COMMANDS
from tui.board.number_one.deviation_lines import deviation_lines
from tui.board.number_one.first_ticket import NumberOne
from tui.board.widgets.styles import Span, cut, spans_width, spread
from tui.environment.keymap import display
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.forecast_words import is_before_safe
from tui.phrasing.holder_words import marked, why_away
from tui.phrasing.text import plain_line, shortened, width
from tui.phrasing.ticket_facts import NOBODY_WAITS, SOON, due_label, past_aim

WIDE_FROM: Final = 90
"""From so many cells on, why it is first stands beside the next step, not under it."""

ALL_LINES: Final = 8
"""More lines than there ever are."""

_GAP: Final = 3
_SUBJECT: Final = 12
_COMMANDS: Final = {
    Action.TAKE: "take",
    Action.REPLY: "reply",
    Action.SET_STATUS: "status",
    Action.FILL_CONTEXT: "engineering",
    Action.HAND_OVER: "engineering",
    Action.OPEN_TRIAL_TICKET: "new",
}
"""The command that each next step is done with."""


def banner_lines(first: NumberOne, cells: int, most: int = ALL_LINES) -> list[list[Span]]:
    """Return the block's lines, each at most ``cells`` wide and at most so many.

    With less room the customer goes first, then why; the next step and until when stay.
    """
    ticket = first.ticket
    if ticket is None:
        return [
            [("NUMBER ONE  ", "block-dim"), (NOBODY_WAITS[0], "block-strong")],
            [(NOBODY_WAITS[1], "block-dim")],
            *[[("", "")]] * (1 if cells >= WIDE_FROM else 2),
        ][:most]
    if most == 1:
        return [_in_one_line(first, ticket, cells)]
    if most == 2:  # noqa: PLR2004 - two lines
        return [_heading_in_short(first, ticket, cells), _step_line(first, ticket, cells)]
    return [
        _heading(first, ticket, cells),
        _subject_line(first, ticket, cells),
        *_why_and_step(first, ticket, cells),
    ]


def _heading(first: NumberOne, ticket: Ticket, cells: int) -> list[Span]:
    """Return which ticket it is, whose, and by when an answer is due."""
    deadline = _deadline(first, ticket, roomy=cells >= WIDE_FROM)
    tier = first.overview.words.tier_name(ticket.tier)
    room = cells - spans_width(deadline) - 1
    left = _number(first, ticket)
    customer = plain_line(ticket.customer)
    whole = [(f"  {tier} · " if tier else "  ", "block"), (customer, "block-strong")]
    if tier and spans_width([*left, *whole]) > room:  # the badge beside the queue says it too
        whole = [("  ", "block"), (customer, "block-strong")]
    return spread([*left, *whole], deadline, cells)


def _number(first: NumberOne, ticket: Ticket) -> list[Span]:
    badge = (
        f" {ticket.priority} ",
        role_of(first.overview.words, ticket.priority, "block-"),
    )
    return [("NUMBER ONE  ", "block-dim"), (f"#{ticket.id}  ", "block"), badge]


def _subject_line(first: NumberOne, ticket: Ticket, cells: int) -> list[Span]:
    """Return what it is about, and who has it."""
    whose = holder_span(first, ticket)
    return spread([(plain_line(ticket.subject), "block-strong")], [whose], cells)


def _heading_in_short(first: NumberOne, ticket: Ticket, cells: int) -> list[Span]:
    subject = f"  {plain_line(ticket.customer)} · {plain_line(ticket.subject)}"
    left = [*_number(first, ticket), (subject, "block-strong")]
    return spread(left, _deadline(first, ticket, roomy=False), cells)


def _step_line(first: NumberOne, ticket: Ticket, cells: int) -> list[Span]:
    """Return the next step with its key, and who has the ticket."""
    whose = [holder_span(first, ticket)]
    step = step_spans(first)
    if spans_width(step) + _GAP + spans_width(whose) <= cells:
        return spread(step, whose, cells)
    return cut(step, cells)


def _in_one_line(first: NumberOne, ticket: Ticket, cells: int) -> list[Span]:
    """Return all of it in one line: the step and the time are whole, the subject is cut."""
    right = [("  ", ""), *_due_in_short(ticket, first.now)]
    step = [("  ", ""), *step_spans(first, said=False)]
    badge = (f" {ticket.priority} ", role_of(first.overview.words, ticket.priority, "block-"))
    number: list[Span] = [(f"#{ticket.id} ", "block"), badge]
    whose = [("  ", ""), _holder_in_short(first, ticket)]
    room = cells - spans_width([*number, *step, *right]) - 1
    left = room - spans_width(whose)
    kept = whose if left >= _SUBJECT else []
    subject = shortened(
        f" {plain_line(ticket.customer)} · {plain_line(ticket.subject)}",
        max(0, room - spans_width(kept)),
    )
    return spread([*number, (subject, "block-strong"), *kept], [*step, *right], cells)


def step_spans(first: NumberOne, *, said: bool = True) -> list[Span]:
    """Return ``Next: send the first answer  r reply``; ``said`` is whether it begins with "Next".

    Where the cursor stands elsewhere, the key that goes to the number one stands before its key.
    """
    step = first.overview.next_step
    if step is None:
        return []
    spans: list[Span] = [("Next: ", "block-dim")] if said else []
    spans.append((plain_line(step.short), "block-strong"))
    command = None if step.action is None else _COMMANDS.get(step.action)
    if first.keys is None or command is None or command in first.refusals:
        return spans
    spans.append(("  ", "block"))
    if not first.at_hand:
        spans += [(f" {display(first.keys['number_one'][0])} ", "block-key"), (" ", "block")]
    return [
        *spans,
        (f" {display(first.keys[command][0])} ", "block-key"),
        (f" {ALL_COMMANDS[command].label}", "block"),
    ]


def _why_and_step(first: NumberOne, ticket: Ticket, cells: int) -> list[list[Span]]:
    """Return what to do next, and why it is first; side by side where there is room."""
    step = step_spans(first)
    deviation = deviation_lines(first, ticket, cells)
    if deviation:
        return [cut(step, cells), *deviation]
    if cells < WIDE_FROM:
        return [cut(step, cells), cut([(_why(first.overview, cells), "block-dim")], cells)]
    room = cells - spans_width(step) - _GAP
    return [
        spread(step, [(shortened(_why(first.overview, room), max(1, room)), "block-dim")], cells)
    ]


def _why(overview: Overview, cells: int) -> str:
    """Return as many whole sentences as fit, and the first one in any case.

    Where there is no room for all of that, it says what decides, and not what is alike before it.
    """
    first = next(iter(overview.why), "")
    if width(plain_line(first)) > cells:
        return plain_line(overview.why_in_short or first)
    said = ""
    for each in overview.why:
        longer = f"{said} {plain_line(each)}".strip()
        if said and width(longer) > cells:
            break
        said = longer
    return said


def holder_span(first: NumberOne, ticket: Ticket) -> Span:
    """Return who has it and until when they are in, which warns when they are away.

    Whoever else writes an answer in it comes before that.
    """
    if first.answering is not None:
        return (f"{plain_line(first.answering)} is writing an answer", "block-strong")
    if ticket.assignee is None:
        return ("nobody has it", "block")
    away = first.overview.holders.away(ticket)
    if away is not None:
        said = why_away(away, first.now, first.zone)
        return (f"! {marked(ticket.assignee, away)} has it, and is {said}", "block-late")
    return (f"{plain_line(ticket.assignee)} has it{_there_until(first, ticket)}", "block")


def _there_until(first: NumberOne, ticket: Ticket) -> str:
    """Return ``, in until 05:20``, or when whoever has it arrives; nothing where none is known."""
    login = ticket.assignee or ""
    for people, said in ((first.team.in_now, "in until"), (first.team.arriving, "arrives")):
        for person in people:
            if same_name(person.login, login) and person.at is not None:
                return f", {said} {times.at(person.at, first.now, first.zone)}"
    return ""


def _holder_in_short(first: NumberOne, ticket: Ticket) -> Span:
    if ticket.assignee is None:
        return ("nobody's", "block")
    away = first.overview.holders.away(ticket)
    login = marked(ticket.assignee, away)
    return (login, "block") if away is None else (f"! {login} {away.why}", "block-late")


def _deadline(first: NumberOne, ticket: Ticket, *, roomy: bool) -> list[Span]:
    """Return by when an answer is due; it warns where no answer is safe to come by then."""
    now, zone = first.now, first.zone
    deadline = ticket.respond_by or ticket.resolve_by
    if deadline is None:
        return [("no answer due", "block-dim")]
    left = times.until(deadline, now)
    role = "block-late" if left <= SOON else "block-strong"
    sign = "! " if left <= SOON else ""
    aim: list[Span] = [(", past our aim", "block-late")] if past_aim(ticket, now) else []
    if is_before_safe(ticket, first.forecast, now):
        aim = [(f", {_safe_only_by(first)}", "block-late")]
    label = f"{due_label(ticket)} " if roomy or not aim else "by "
    return [
        (f"{label}{times.at(deadline, now, zone)}, ", "block"),
        (sign + times.in_words(deadline, now), role),
        *aim,
    ]


def _safe_only_by(first: NumberOne) -> str:
    safe = None if first.forecast is None else first.forecast.safe
    return "not safe" if safe is None else f"safe only by {times.at(safe, first.now, first.zone)}"


def _due_in_short(ticket: Ticket, now: datetime) -> list[Span]:
    deadline = ticket.respond_by or ticket.resolve_by
    if deadline is None:
        return []
    near = times.until(deadline, now) <= SOON
    said = times.in_words(deadline, now)
    return [(f"! {said}" if near else said, "block-late" if near else "block-strong")]
