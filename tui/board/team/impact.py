"""What marking somebody out or back would do, in lines for whoever is about to do it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content

from policy.phrases import MODE_NAMES, span
from policy.ticket import Ticket
from tui.board.team.team_model import TeamView
from tui.board.widgets.styles import Span, content, hanging
from tui.phrasing import times
from tui.phrasing.text import plain_line, shortened

if TYPE_CHECKING:
    from policy.roster.absence import Reassignment
    from policy.waits.notices import WaitDue
    from store.team.team_models import Consequence

_LABEL: Final = 12
_SUBJECT: Final = 40
_NAMED: Final = 3


def foresight_lines(
    consequence: "Consequence", team: TeamView, now: datetime, cells: int, *, hand_over: bool
) -> list[Content]:
    """Return what would be otherwise, in lines of at most ``cells``; ``now`` is UTC."""
    from policy.waits.promise_changes import changes_in_words  # noqa: PLC0415 - heavy before the first frame

    lines = content([(plain_line(consequence.sentence), "bright")]).wrap(cells)
    for label, value in _changes(consequence, team, now):
        lines += hanging((label, "dim"), value, _LABEL, cells)
    for number, said in enumerate(changes_in_words(consequence.answers)):
        role = "late" if consequence.answers.would_break and not number else ""
        lines += hanging(("" if number else "answers", "dim"), [(said, role)], _LABEL, cells)
    guidance = consequence.guidance
    if guidance is None:
        return lines
    warnings = list(guidance.warnings)
    if guidance.hand_overs:
        offer = list(_offer(guidance.hand_overs, team, hand_over=hand_over))
        lines += hanging(("hand over", "dim"), offer, _LABEL, cells)
        warnings.pop()  # the last one says of the same tickets what the offer says
    for warning in warnings:
        lines += hanging(("          ! ", "soon"), [(plain_line(warning), "")], _LABEL, cells)
    return lines


def _changes(
    consequence: "Consequence", team: TeamView, now: datetime
) -> Iterator[tuple[str, list[Span]]]:
    before, after = consequence.before, consequence.after
    yield "level", _level(before.capacity.level, after.capacity.level, after.capacity.why)
    modes = MODE_NAMES[before.mode.mode], MODE_NAMES[after.mode.mode]
    if modes[0] == modes[1]:
        by_hand = after.mode.by_hand is not None
        why = f": {plain_line(after.mode.why)}" if by_hand else ""
        yield "mode", [(f"stays {modes[0]}{why}", "dim")]
    else:
        yield "mode", [(f"{modes[0]} → ", ""), (modes[1], "strong")]
    yield "number one", _number_one(consequence.number_one_before, consequence.number_one_after)
    yield "waits", _waits(len(before.notices), after.notices, team, now)


def _level(before: int, after: int, why: str) -> list[Span]:
    if before == after:
        return [(f"stays {after}", "dim")]
    role = "late-strong" if after > before else "strong"
    return [(f"{before} → ", ""), (f"{after}   ", role), (plain_line(why), "dim")]


def _number_one(before: Ticket | None, after: Ticket | None) -> list[Span]:
    if before is None or after is None:
        return [("nobody waits", "dim")]
    if before.id == after.id:
        return [(f"stays #{after.id} {_named(after)}", "dim")]
    return [(f"#{before.id} → ", ""), (f"#{after.id} {_named(after)}", "strong")]


def _named(ticket: Ticket) -> str:
    return shortened(f"{plain_line(ticket.customer)} · {plain_line(ticket.subject)}", _SUBJECT)


def _waits(before: int, notices: "Sequence[WaitDue]", team: TeamView, now: datetime) -> list[Span]:
    if not notices:
        return [("nobody is to be told that they will wait", "dim")]
    count = len(notices)
    said = f"{count} customers are" if count > 1 else "1 customer is"
    was = f" ({before} by now)" if before else ""
    spans: list[Span] = [(f"{said} to be told that they will wait{was}", "strong")]
    expected = [each.expected for each in notices if each.expected is not None]
    if len(expected) < count:
        spans.append((", some for longer than can be foreseen", ""))
    elif expected:
        spans.append((f", the longest {span(times.until(max(expected), now))}", ""))
    if notices[0].nobody_is_known_to_come:
        return [*spans, ("; nobody is known to arrive", "late")]
    if not notices[0].arrivals:
        return spans
    turn = notices[0].arrivals[0]
    return [*spans, (f"; {team.name(turn.login)} arrives {times.in_words(turn.at, now)}", "")]


def _offer(
    hand_overs: "Sequence[Reassignment]", team: TeamView, *, hand_over: bool
) -> Iterator[Span]:
    possible = [each for each in hand_overs if each.to is not None]
    if not possible:
        yield "nobody is known who could take over", "dim"
        return
    yield "h ", "key"
    yield ("● too: ", "bright") if hand_over else ("○ not now: ", "dim")
    some = [f"#{each.ticket.id} to {team.name(each.to or '')}" for each in possible[:_NAMED]]
    more = len(possible) - len(some)
    yield ", ".join(some) + (f" and {more} more" if more else ""), "" if hand_over else "dim"
