"""Who is out, and who is back: the form says what that does before anything is done."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from policy.clocks.typed_time import typed_time
from policy.refusal import Refusal
from policy.roster.time_off import Day, TimeOffEntry, as_entered
from policy.ticket import Ticket
from tui.board.client import NOT_FORESEEN, Answered, Client
from tui.board.context import BoardContext
from tui.board.team.impact import foresight_lines
from tui.board.team.member_list import ListedMember, MemberList, listed
from tui.board.team.team_model import TeamView
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.lines import LineList
from tui.board.widgets.styles import Span, content
from tui.phrasing.text import plain_line
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from policy.roster.members import TimeOff
    from store.team.team_models import Consequence

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class AbsenceChange(Enum):
    """What is to become of a member."""

    OUT = auto()
    BACK = auto()
    AT_CAPACITY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAbsence:
    """A change of one member; ``start`` None is from now, ``until`` None until further notice.

    ``which`` is the time off that is changed or ended, None for a new one, or for the last.
    """

    login: str
    change: AbsenceChange
    start: Day | None = None
    until: Day | None = None
    reason: str = ""
    which: TimeOffEntry | None = None


@dataclass(frozen=True, slots=True)
class OutAnswer:
    """What is to be done, and which tickets go to whom along with it."""

    wanted: WantedAbsence
    hand_overs: tuple[tuple[Ticket, str], ...]


class AbsenceForeseen(Answered["Consequence | Refusal"]):
    """What a change would do came back, or why it cannot be."""


class TypedAbsence(NamedTuple):
    """What is in the fields: from when, until when, and why."""

    start: str = ""
    until: str = ""
    reason: str = ""


_LineAndFields: TypeAlias = "tuple[str, TimeOff | None, TypedAbsence]"


class OutForm(Form[OutAnswer]):
    """Asks who is out or back; ``foresee`` is asked in a thread what that would do.

    On a member it is new time off, or being back while they are out and the fields are empty; on
    time off it is changing that, or ending it as long as the fields say what it is. What a person
    types is in the zone of the ``context``.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-below"), (100, "-beside")]  # noqa: RUF012 - Textual's own
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012 - the same
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "hand_over", show=False),
        Binding("b", "at_capacity", show=False),
    ]

    def __init__(
        self,
        team: TeamView,
        login: str | None,
        foresee: "Callable[[WantedAbsence], Consequence]",
        context: BoardContext,
        *,
        loads: Mapping[str, int],
        stay: Callable[[OutAnswer], None],
    ) -> None:
        super().__init__("Who is out?", stay)
        self._team = team
        self._clock = context.clock
        self._zone = context.zone
        self._foresight: Client[WantedAbsence | Refusal, Consequence | Refusal] = Client(
            self,
            lambda wanted, _: _foreseen(foresee, wanted),
            AbsenceForeseen,
            name="foresight",
            fault_folder=context.state_folder,
            sentence=NOT_FORESEEN,
        )
        self._members = MemberList(listed(team, loads, self._clock(), self._zone), login)
        self._start = _field("from", "now; or 3h, 17:00, Fri 17:00, 2026-03-06")
        self._until = _field("until", "until further notice; or 3h, 17:00, Fri 17:00, 2026-03-06")
        self._reason = _field("reason", "optional")
        self._keys_line = Static("", markup=False, classes="form-keys")
        self._hand_over = False
        self._typed: dict[TimeOff | None, TypedAbsence] = {None: TypedAbsence()}
        self._shown: TimeOff | None = None
        self._found: Consequence | Refusal | None = None
        self._asked_for: _LineAndFields = ("", None, TypedAbsence())
        self._found_for: _LineAndFields = self._asked_for

    def compose(self) -> ComposeResult:
        """Lay out the members, from when until when and why, what it does, and the keys.

        What it does stands beside the rest where there is room, else below.
        """
        with Vertical(classes="form"):
            yield self._heading
            with Container(classes="asked-and-foreseen"):
                with Vertical(classes="asked"):
                    yield self._members
                    yield labelled("from", self._start)
                    yield labelled("until", self._until)
                    yield labelled("reason", self._reason)
                with VerticalScroll(classes="foreseen"):
                    yield self._said
            yield self._keys_line

    def on_mount(self) -> None:
        """Say what the first choice would do."""
        self._members.focus()
        self._changed()

    @on(LineList.OptionHighlighted)
    def _lines_moved(self) -> None:
        """Show what is said of somebody else, or of other time off, and what it would do."""
        self._hand_over = False
        self._changed()

    def _follow(self) -> None:
        """Show in the fields what was typed for the line under the cursor, or what it says.

        A key may come before the message that the cursor has moved.
        """
        item = self._members.member
        if item.off == self._shown:
            return
        self._typed[self._shown] = self._in_fields()
        self._shown = item.off
        said = self._typed.get(item.off) or self._as_it_is(item)
        for field, text in zip((self._start, self._until, self._reason), said, strict=True):
            field.value = text

    def on_input_changed(self) -> None:
        """Say what it would do with another start, end or reason."""
        self._changed()

    @on(LineList.OptionSelected)
    def _chosen(self) -> None:
        self.send()

    def action_hand_over(self) -> None:
        """Let the tickets go to others along with it, or not."""
        self._hand_over = not self._hand_over
        self._draw()

    def action_at_capacity(self) -> None:
        """Say that the member takes no new tickets, or does again."""
        login = self._members.member.login
        wanted = WantedAbsence(login=login, change=AbsenceChange.AT_CAPACITY)
        self.deliver(OutAnswer(wanted, ()))

    def answer(self) -> OutAnswer:
        """Return what is to be done.

        Raises:
            Refusal: a time is none, or it is known already that the change cannot be.
        """
        wanted = self._wanted()
        if isinstance(self._found, Refusal) and self._found_for == self._line_and_fields():
            raise self._found
        hand_overs: tuple[tuple[Ticket, str], ...] = ()
        guidance = self._consequence.guidance if self._consequence else None
        if self._hand_over and guidance is not None:
            hand_overs = tuple(
                (each.ticket, each.to) for each in guidance.hand_overs if each.to is not None
            )
        return OutAnswer(wanted, hand_overs)

    @property
    def _consequence(self) -> "Consequence | None":
        return None if isinstance(self._found, Refusal) else self._found

    def _line_and_fields(self) -> "_LineAndFields":
        """Return what is asked about: whom, which time off, and how it is to read."""
        item = self._members.member
        return item.login, item.off, self._in_fields()

    def _in_fields(self) -> TypedAbsence:
        return TypedAbsence(
            self._start.value.strip(), self._until.value.strip(), self._reason.value.strip()
        )

    def _as_it_is(self, item: ListedMember) -> TypedAbsence:
        """Return how time off would be typed, days as dates and times in this form's zone."""
        if item.off is None:
            return TypedAbsence()
        start, until = self._days_of(item.login, item.off)
        return TypedAbsence(
            self._as_typed(start), self._as_typed(until), plain_line(item.off.reason)
        )

    def _as_typed(self, day: Day | None) -> str:
        if isinstance(day, datetime):
            return f"{day.astimezone(self._zone):%Y-%m-%dT%H:%M}"
        return "" if day is None else f"{day}"

    def _days_of(self, login: str, off: "TimeOff") -> tuple[Day, Day | None]:
        roster = self._team.of
        if roster is None:
            raise AssertionError("there is time off, and so there is a team")
        return as_entered(roster.by_login[login], off)

    @property
    def _question(self) -> Hashable:
        """Whom, and which time off of theirs, is asked about: a draft is of nobody else."""
        item = self._members.member
        return type(self), item.login, None if item.off is None else item.off.id

    @property
    def is_begun(self) -> bool:
        """Whether the fields read otherwise than what is under the cursor."""
        return self.is_mounted and self._in_fields() != self._as_it_is(self._members.member)

    def _wanted(self) -> WantedAbsence:
        self._follow()
        item, typed = self._members.member, self._in_fields()
        which = None if item.off is None else TimeOffEntry(item.off.id, item.off)
        if not self.is_begun and (item.out or item.off is not None):
            return WantedAbsence(login=item.login, change=AbsenceChange.BACK, which=which)
        start, until = self._times(item, typed)
        return WantedAbsence(
            login=item.login,
            change=AbsenceChange.OUT,
            start=start,
            until=until,
            reason=typed.reason,
            which=which,
        )

    def _times(self, item: ListedMember, typed: TypedAbsence) -> tuple[Day | None, Day | None]:
        """Return from when until when; what was not touched is to the second what it was."""
        now, before = self._clock(), self._as_it_is(item)
        start = typed_start(typed.start, now, self._zone)
        until = typed_end(typed.until, now, self._zone)
        if item.off is None:
            return start, until
        was_start, was_until = self._days_of(item.login, item.off)
        return (
            was_start if typed.start == before.start else start,
            was_until if typed.until == before.until else until,
        )

    def _changed(self) -> None:
        """Ask what the change would do, once the answer to the question before is there."""
        self._follow()
        self._keys_line.update(content(self._keys_for(self._members.member)))
        self._foresight.ask_in_turn(self._wanted_now)

    def _wanted_now(self) -> WantedAbsence | Refusal:
        self._follow()
        self._asked_for = self._line_and_fields()
        try:
            return self._wanted()
        except Refusal as refusal:
            return refusal

    @on(AbsenceForeseen)
    def _came(self, message: AbsenceForeseen) -> None:
        """Show what it would do; what is asked by now is asked next."""
        self._foresight.came(message)
        if self._foresight.reading:
            return
        self._found, self._found_for = message.found, self._asked_for
        trouble = self._found.reason if isinstance(self._found, Refusal) else message.trouble
        if trouble:
            self.say(("! ", "late"), (plain_line(trouble), "late"))
        else:
            self._draw()

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if self._consequence is not None:
            cells = max(20, self._said.size.width)
            lines = foresight_lines(
                self._consequence, self._team, self._clock(), cells, hand_over=self._hand_over
            )
            self._said.update(Content("\n").join(lines))

    def _keys_for(self, item: ListedMember) -> list[Span]:
        verb = "mark back" if item.out and not self.is_begun else "mark out"
        if item.off is not None:
            ends = "end it now" if item.out else "cancel it"
            verb = "change it" if self.is_begun else ends
        return [
            ("⏎", "key"), (f" {verb}   ", "dim"),
            ("Tab", "key"), (" from, until, reason   ", "dim"),
            ("b", "key"), (" at capacity   ", "dim"), ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip


def _field(name: str, placeholder: str) -> Input:
    return Input(placeholder=placeholder, compact=True, id=name)


def _foreseen(
    foresee: "Callable[[WantedAbsence], Consequence]", wanted: WantedAbsence | Refusal
) -> "Consequence | Refusal":
    if isinstance(wanted, Refusal):
        return wanted
    try:
        return foresee(wanted)
    except Refusal as refusal:
        return refusal


def typed_start(text: str, now: datetime, zone: tzinfo | None) -> Day | None:
    """Return from when a person typed in ``zone`` (None: the terminal's); None for now.

    A date alone is the whole day, in the zone of whoever is out.

    Raises:
        Refusal: it is no time.
    """
    return _typed("from", text, now, zone, end=False)


def typed_end(text: str, now: datetime, zone: tzinfo | None) -> Day | None:
    """Return until when a person typed in ``zone`` (None: the terminal's); None for no end.

    A date alone is the whole day, in the zone of whoever is out.

    Raises:
        Refusal: it is no time.
    """
    return _typed("until", text, now, zone, end=True)


def _typed(name: str, text: str, now: datetime, zone: tzinfo | None, *, end: bool) -> Day | None:
    typed = text.strip()
    if not typed:
        return None
    if _DAY.fullmatch(typed):
        try:
            return date.fromisoformat(typed)
        except ValueError:
            raise Refusal(f"{name}: {typed} is not in the calendar") from None
    try:
        return typed_time(typed, now, zone or LocalZone(), end=end)
    except Refusal as refusal:
        raise Refusal(f"{name}: {refusal.reason}") from None
