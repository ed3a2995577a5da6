"""The lines of the waits screen, and the preview of one notice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from policy.refusal import one_of
from policy.vocabulary import Vocabulary
from policy.waits.addresses import CANNOT_BE_REACHED
from policy.words import NoticeState, NoticeWay
from tui.board.widgets.styles import Span, spans_width, spread
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.text import plain_block, plain_line, right_aligned, shortened

if TYPE_CHECKING:
    from policy.ticket import Ticket
    from policy.waits.notices import Unreachable, WaitNotice
    from store.notices.notice_models import Notice, Waits
    from tui.board.team.team_model import TeamView

_TIME: Final = 9
_ROOMY: Final = 64
_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = 60
_MARKS: Final = 8
_FEW_MARKS: Final = 2

ON_THEIR_WAY: Final = frozenset({NoticeState.QUEUED, NoticeState.SENDING})
DEAD: Final = frozenset({NoticeState.UNDELIVERABLE, NoticeState.IN_DOUBT})
"""The states in which a notice needs a person."""

TOLD: Final = ON_THEIR_WAY | {NoticeState.SENT, NoticeState.IN_DOUBT}
"""The states in which whoever is to be told counts as told."""


class Key(NamedTuple):
    """What stays the same of an entry from one reading to the next."""

    kind: str
    name: object


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEntry:
    """A draft, a notice of the ledger, or somebody whom none reaches.

    ``edited`` says that a person changed the draft's words.
    """

    key: Key
    draft: "WaitNotice | None" = None
    notice: "Notice | None" = None
    unreachable: "Unreachable | None" = None
    edited: bool = False

    @property
    def to(self) -> str:
        """The address it goes to, or else the name of whom to tell."""
        if self.notice is not None:
            return self.notice.email or self.notice.name
        if self.unreachable is not None:
            return self.unreachable.requester.email or self.unreachable.requester.name
        requester = self.draft.requester if self.draft is not None else None
        if requester is not None:
            return requester.email or requester.name
        return self.draft.customer if self.draft is not None else ""


@dataclass(frozen=True, slots=True)
class WaitGroup:
    """A heading and the entries under it."""

    title: str
    entries: tuple[WaitEntry, ...]


def key_of_draft(draft: "WaitNotice | Notice") -> Key:
    """Return what names a draft, and the notice it becomes: who is told, and for which time."""
    return Key("draft", (draft.asker, draft.episode))


def sections(
    drafts: "Sequence[WaitEntry]",
    ledger: "Sequence[Notice]",
    unreachable: "Sequence[Unreachable]" = (),
) -> list[WaitGroup]:
    """Return all there is to see, what needs a person first."""
    gone = tuple(
        WaitEntry(key=Key("unreachable", (each.customer, each.requester)), unreachable=each)
        for each in unreachable
    )
    entries = [WaitEntry(key=Key("notice", notice.id), notice=notice) for notice in ledger]

    def of(states: frozenset[NoticeState]) -> tuple[WaitEntry, ...]:
        return tuple(each for each in entries if each.notice and each.notice.state in states)

    found = [
        WaitGroup("To tell", tuple(drafts)),
        WaitGroup("Cannot be reached", gone),
        WaitGroup("On their way", of(ON_THEIR_WAY)),
        WaitGroup("Not delivered", of(DEAD)),
        WaitGroup("Before", of(frozenset(NoticeState) - ON_THEIR_WAY - DEAD)),
    ]
    return [section for section in found if section.entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEntryLine:
    """An entry with how its line is to be drawn; times are shown in ``zone``, as of ``now``."""

    entry: WaitEntry
    now: datetime
    zone: tzinfo | None
    marked: bool
    here: bool
    focused: bool


def entry_spans(line: WaitEntryLine, cells: int) -> list[Span]:
    """Return the line of one entry in exactly ``cells`` cells."""
    mark = ("▌", "mark" if line.focused else "dim") if line.here else (" ", "")
    text = ("bright" if line.focused else "strong") if line.here else ""
    check = ("✓ ", "mark") if line.marked else ("  ", "")
    if line.entry.draft is not None:
        left, right = _draft_spans(line.entry, line.entry.draft, line, cells, text)
    elif line.entry.notice is not None:
        left, right = _notice_spans(line.entry.notice, line, cells, text)
    elif line.entry.unreachable is not None:
        left, right = _unreachable_spans(line.entry.unreachable, cells, text)
    return spread([mark, check, *left], right, cells)


def _draft_spans(
    entry: WaitEntry, draft: "WaitNotice", line: WaitEntryLine, cells: int, text: str
) -> tuple[list[Span], list[Span]]:
    roomy = cells >= _ROOMY
    signs: list[Span] = []
    if draft.urgent:
        signs.append(("urgent " if roomy else "!", "late-strong"))
    if draft.renews:
        signs.append(("renews " if roomy and not draft.urgent else "↻", "soon"))
    if entry.edited and roomy and not signs:
        signs.append(("edited ", "dim"))
    gap = (_MARKS if roomy else _FEW_MARKS) + 1 - spans_width(signs)
    who = [(_who(draft.customer, draft.requester.name if draft.requester else ""), text)]
    answer = "unknown" if draft.expected is None else times.in_column(draft.expected, line.now)
    aim = times.in_column(draft.aim_by, line.now)
    tickets = _tickets([ticket.id for ticket in draft.tickets])
    return [*signs, (" " * gap, ""), *who], [
        (f"  {tickets} " if roomy else " ", "dim"),
        (right_aligned(answer, _TIME), ""),
        (right_aligned(aim, _TIME + 1), "dim"),
        (" ", ""),
    ]


def _notice_spans(
    notice: "Notice", line: WaitEntryLine, cells: int, text: str
) -> tuple[list[Span], list[Span]]:
    tickets = f"  {_tickets(notice.tickets)} " if cells >= _ROOMY else " "
    quiet = notice.state not in ON_THEIR_WAY | DEAD
    role = text or ("dim" if quiet else "")
    said, state_role = state_words(notice, line.now, line.zone)
    return [(_who(notice.customer, notice.name), role)], [
        (tickets, "dim"),
        (f"{said} ", state_role),
    ]


def _unreachable_spans(who: "Unreachable", cells: int, text: str) -> tuple[list[Span], list[Span]]:
    tickets = f"  {_tickets([ticket.id for ticket in who.tickets])} " if cells >= _ROOMY else " "
    gone = f"! {who.requester.email or who.requester.name}"
    shown = shortened(plain_line(gone), max(_TIME, cells // 2))
    return [(_who(who.customer, who.requester.name), text)], [
        (tickets, "dim"),
        (f"{shown} ", "late"),
    ]


def state_words(notice: "Notice", now: datetime, zone: tzinfo | None) -> Span:
    """Return how far a notice has come, in a few words."""
    if notice.state is NoticeState.QUEUED:
        return (_goes_out(notice, now), "soon")
    if notice.state is NoticeState.SENDING:
        return ("sending …", "soon")
    ended = "" if notice.ended_at is None else f" {times.at(notice.ended_at, now, zone)}"
    by_hand = notice.way is NoticeWay.BY_HAND and notice.state is NoticeState.SENT
    said = "told by hand" if by_hand else _ENDED[notice.state]
    return (f"{said}{ended}", "late" if notice.state in DEAD else "dim")


_ENDED: Final = {
    NoticeState.SENT: "told",
    NoticeState.UNDELIVERABLE: "undeliverable",
    NoticeState.IN_DOUBT: "in doubt",
    NoticeState.CANCELLED: "a reply came first",
    NoticeState.TAKEN_BACK: "taken back",
    NoticeState.DRAFT: "draft",
}


def _goes_out(notice: "Notice", now: datetime) -> str:
    left = max(0, -((now - notice.next_attempt_at) // _SECOND))
    if not left:
        return "goes out now"
    again = "again " if notice.attempts else ""
    wait = f"{left} s" if left < _MINUTE else times.in_column(notice.next_attempt_at, now)
    return f"goes out {again}in {wait}"


def preview_lines(
    entry: WaitEntry, team: "TeamView", words: Vocabulary, now: datetime, zone: tzinfo | None
) -> Iterator[tuple[str, list[Span]]]:
    """Yield what there is to see of an entry: labelled facts, then its body without a label."""
    if entry.draft is not None:
        yield from _draft_preview(entry.draft, team, words, now, zone)
    elif entry.notice is not None:
        yield from _notice_preview(entry.notice, team, now, zone)
    elif entry.unreachable is not None:
        yield from _unreachable_preview(entry.unreachable, words)


def _draft_preview(
    draft: "WaitNotice", team: "TeamView", words: Vocabulary, now: datetime, zone: tzinfo | None
) -> Iterator[tuple[str, list[Span]]]:
    requester = draft.requester
    yield "to", [(_address(requester.name if requester else draft.customer,
                           requester.email if requester else None), "")]  # fmt: skip
    yield from _named_tickets(draft.tickets, words)
    expected = "later than can be foreseen"
    if draft.expected is not None:
        expected = f"{times.at(draft.expected, now, zone)}, {times.in_words(draft.expected, now)}"
    aim = f"; the aim is {times.at(draft.aim_by, now, zone)}, {times.in_words(draft.aim_by, now)}"
    yield "answer", [(expected, ""), (aim, "dim")]
    if draft.expect_by is not None:
        by = f"{times.at(draft.expect_by, now, zone)}, {times.in_words(draft.expect_by, now)}"
        yield "promises", [(f"an answer by {by}", "")]
    else:
        yield "promises", [("no time, as none can be kept or its words name none", "soon")]
    if draft.arrivals:
        turn = draft.arrivals[0]
        when = f"{times.at(turn.at, now, zone)}, {times.in_words(turn.at, now)}"
        yield "arrives", [(f"{team.name(turn.login)}, {when}", "")]
    elif draft.nobody_is_known_to_come:
        yield "arrives", [("nobody that is known", "late")]
    else:
        yield "arrives", [("nobody before that; who helps is in already", "dim")]
    language = f"{draft.language}, " if draft.language else ""
    yield "words", [(f"{language}times as in {draft.locale}, by {draft.zone}", "dim")]
    if draft.renews:
        yield "renews", [("what was promised before cannot be kept, and it says so", "soon")]
    if draft.urgent:
        yield "urgent", [(f"a {one_of(words.urgent)} waits: call someone in", "late")]
    yield from _words(draft.subject, draft.body)


def _unreachable_preview(who: "Unreachable", words: Vocabulary) -> Iterator[tuple[str, list[Span]]]:
    """Yield that no notice is drafted, and what helps."""
    yield "to", [(_address(who.requester.name, who.requester.email), "")]
    yield from _named_tickets(who.tickets, words)
    said = f"{CANNOT_BE_REACHED} {plain_line(who.requester.email or '')}: mail to it fails for good"
    yield "state", [(said, "late")]
    yield "", []
    yield (
        "",
        [
            (
                "Nothing is drafted until the address changes where the ticket comes from, or what"
                " was not delivered is sent once more. Tell them some other way.",
                "",
            )
        ],
    )


def _named_tickets(
    tickets: "Sequence[Ticket]", words: Vocabulary
) -> Iterator[tuple[str, list[Span]]]:
    for ticket in tickets[:_MOST_TICKETS]:
        named = shortened(plain_line(ticket.subject), 60)
        yield (
            f"#{ticket.id}",
            [(f"{ticket.priority} ", role_of(words, ticket.priority)), (named, "")],
        )
    if len(tickets) > _MOST_TICKETS:
        yield "", [(f"and {len(tickets) - _MOST_TICKETS} more", "dim")]


def _notice_preview(
    notice: "Notice", team: "TeamView", now: datetime, zone: tzinfo | None
) -> Iterator[tuple[str, list[Span]]]:
    said, role = state_words(notice, now, zone)
    yield "to", [(_address(notice.name, notice.email), "")]
    yield "tickets", [(" ".join(f"#{each}" for each in notice.tickets), "")]
    yield "state", [(said, role or "")]
    if notice.outcome:
        yield "outcome", [(plain_line(notice.outcome), "")]
    made = f"{times.at(notice.made_at, now, zone)} by {plain_line(notice.made_by)}"
    yield "sent", [(made, "")]
    if notice.expect_by is not None:
        yield "promised", [(f"an answer by {times.at(notice.expect_by, now, zone)}", "")]
    elif notice.arrive_at is not None:
        who = team.name(notice.arrivals[0].login) if notice.arrivals else "somebody"
        yield "promised", [(f"{who}, {times.at(notice.arrive_at, now, zone)}", "")]
    yield from _words(notice.subject, notice.body)


_MOST_TICKETS: Final = 4


def _words(subject: str, body: str) -> Iterator[tuple[str, list[Span]]]:
    yield "subject", [(plain_line(subject), "bright")]
    yield "", []
    yield "", [(_flowing(plain_block(body).strip()), "")]


def _flowing(body: str) -> str:
    """Return a text whose lines were broken for mail, so that a pane breaks them where it ends."""
    lines: list[str] = []
    before = ""
    for line in body.split("\n"):
        if len(before) >= _BROKEN_FROM and line and not line.startswith((" ", "-", ">")):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        before = line
    return "\n".join(lines)


_BROKEN_FROM: Final = 60
"""A line so long that goes on in the next was broken, and did not end."""


def _address(name: str, email: str | None) -> str:
    known = f" <{email}>" if email else " (no address is known)"
    return plain_line(name + known)


def _who(customer: str, name: str) -> str:
    known = f" · {name}" if name and name != customer else ""
    return plain_line(customer + known)


def _tickets(ids: Sequence[int]) -> str:
    more = f" +{len(ids) - 1}" if len(ids) > 1 else ""
    return f"#{ids[0]}{more}" if ids else ""


def standing_spans(waits: "Waits", total_drafts: int, cells: int) -> list[Span]:
    """Return the screen's first line: how many of each, and the share of promises kept."""
    dead = sum(notice.state in DEAD for notice in waits.ledger)
    moving = sum(notice.state in ON_THEIR_WAY for notice in waits.ledger)
    left: list[Span] = [(" waits", "name"), ("   ", ""), (f"{total_drafts:,}", "strong")]
    left += [(" to tell", "dim")]
    if moving:
        left += [("   ", ""), (f"{moving:,}", "strong"), (" on their way", "dim")]
    if dead:
        left += [("   ", ""), (f"{dead:,}", "late-strong"), (" not delivered", "late")]
    return spread(left, _promises(waits, roomy=cells >= 100), cells)  # noqa: PLR2004 - cells


def _promises(waits: "Waits", *, roomy: bool) -> list[Span]:
    promises = waits.promises
    if promises.share is None:
        return [("no promise has come due yet ", "dim")] if roomy else []
    over = " in 30 days" if roomy else ""
    said = f"promises kept {promises.kept} of {promises.due}{over}, "
    return [(said, "dim"), (f"{promises.share:.0%}".replace("%", " %"), "strong"), (" ", "")]


def heading_spans(section: WaitGroup, cells: int) -> list[Span]:
    """Return a section's heading; above the drafts it names the columns of times."""
    title: list[Span] = [(f" {section.title}", "heading"), (f" {len(section.entries):,}", "dim")]
    columns = ""
    if section.entries[0].draft is not None:
        columns = right_aligned("answer", _TIME) + right_aligned("aim", _TIME + 1) + " "
    return spread(title, [(columns, "dim")], cells)
