"""Who is out, and who is back: the form says what that does before anything is done."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from policy.clocks.typed_time import typed_time
from policy.refusal import Refusal
from tui.board.team.impact import foresight_lines
from tui.board.team.team_model import TeamView
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.lines import LineList
from tui.board.widgets.styles import Span, content
from tui.phrasing import times
from tui.phrasing.text import left_aligned, plain_line, width
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from store.read_models import Consequence

_NAME_AT_MOST: Final = 28


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member as the list shows them: the login, the name made harmless, and how they stand."""

    login: str
    name: str
    state: str
    out: bool


class MemberList(LineList[ListedMember]):
    """The members, each with how they stand."""

    def __init__(self, members: Sequence[ListedMember], login: str | None) -> None:
        places = [place for place, each in enumerate(members) if each.login == login]
        super().__init__(members, places[0] if places else 0)
        longest = max((width(each.name) for each in members), default=0)
        self._name_cells = min(_NAME_AT_MOST, longest)

    @property
    def member(self) -> ListedMember:
        """Who is under the cursor."""
        return self.item

    def spans(self, item: ListedMember, *, here: bool) -> list[Span]:
        """Return a member's name, and how they stand."""
        name = left_aligned(item.name, self._name_cells)
        return [(name, self.role(here=here)), (f"   {item.state}", "dim")]


Day = date | datetime
"""A time in UTC, or a whole day in the member's own zone."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class AbsenceChange(Enum):
    """What is to become of a member."""

    OUT = auto()
    BACK = auto()
    AT_CAPACITY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAbsence:
    """A change of one member; ``until`` None is until further notice."""

    login: str
    change: AbsenceChange
    until: Day | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutAnswer:
    """What is to be done, and which tickets go to whom along with it."""

    wanted: WantedAbsence
    hand_overs: tuple[tuple[int, str], ...]


class OutForm(Form[OutAnswer]):
    """Asks who is out or back; ``foresee`` is asked in a thread what that would do.

    ``now`` gives aware UTC; what a person types is in ``zone`` (None: the terminal's).
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "confirm", show=False),
        Binding("h", "hand_over", show=False),
        Binding("b", "at_capacity", show=False),
    ]

    class Foreseen(Message):
        """What a change would do came back: the consequence, or why it cannot be."""

        def __init__(self, asked: object, consequence: "Consequence | None", reason: str) -> None:
            super().__init__()
            self.asked = asked
            self.consequence = consequence
            self.reason = reason

    def __init__(
        self,
        team: TeamView,
        login: str | None,
        foresee: "Callable[[WantedAbsence], Consequence]",
        now: Callable[[], datetime],
        zone: tzinfo | None,
    ) -> None:
        super().__init__("Who is out?")
        self._team = team
        self._foresee = foresee
        self._clock = now
        self._zone = zone
        self._members = MemberList(listed(team, now(), zone), login)
        self._until = Input(
            placeholder="until further notice; or 3h, 17:00, Fri 17:00, 2026-03-06",
            compact=True,
            id="until",
        )
        self._reason = Input(placeholder="optional", compact=True, id="reason")
        self._keys_line = Static("", markup=False, classes="form-keys")
        self._hand_over = False
        self._asking = False
        self._asked: object = None
        self._consequence: Consequence | None = None

    def compose(self) -> ComposeResult:
        """Lay out the members, until when and why, what it does, and the keys."""
        with Vertical(classes="form"):
            yield Static(content([(self._title, "bright")]), classes="form-title")
            yield self._members
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
        """Say what it would do to somebody else."""
        self._hand_over = False
        self._changed()

    def on_input_changed(self) -> None:
        """Say what it would do with another end or reason."""
        self._changed()

    @on(LineList.OptionSelected)
    def _chosen(self) -> None:
        self.send()

    def action_confirm(self) -> None:
        """Send, by the letter that the list goes by."""
        self.send()

    def action_hand_over(self) -> None:
        """Let the tickets go to others along with it, or not."""
        self._hand_over = not self._hand_over
        self._draw()

    def action_at_capacity(self) -> None:
        """Say that the member takes no new tickets, or does again."""
        login = self._members.member.login
        self.dismiss(OutAnswer(WantedAbsence(login=login, change=AbsenceChange.AT_CAPACITY), ()))

    def answer(self) -> OutAnswer:
        """Return what is to be done.

        Raises:
            Refusal: the end is no time, or the change cannot be.
        """
        wanted = self._wanted()
        hand_overs: tuple[tuple[int, str], ...] = ()
        guidance = self._consequence.guidance if self._consequence else None
        if self._hand_over and guidance is not None:
            hand_overs = tuple(
                (each.ticket.id, each.to) for each in guidance.hand_overs if each.to is not None
            )
        return OutAnswer(wanted, hand_overs)

    def _wanted(self) -> WantedAbsence:
        member = self._members.member
        if member.out:
            return WantedAbsence(login=member.login, change=AbsenceChange.BACK)
        until = typed_end(self._until.value, self._clock(), self._zone)
        reason = self._reason.value.strip()
        return WantedAbsence(
            login=member.login, change=AbsenceChange.OUT, until=until, reason=reason
        )

    def _typed(self) -> tuple[str, str, str]:
        return self._members.member.login, self._until.value, self._reason.value.strip()

    def _changed(self) -> None:
        """Ask what the change would do, once the answer to the question before is there."""
        out = self._members.member.out
        for field in (self._until, self._reason):
            field.disabled = out
        self._keys_line.update(content(self._keys_for(out=out)))
        if self._asking:
            return
        self._asking, self._asked = True, self._typed()
        asked = self._asked
        try:
            wanted = self._wanted()
        except Refusal as refusal:
            self.post_message(self.Foreseen(asked, None, refusal.reason))
            return
        self.run_worker(
            lambda: self._ask(asked, wanted), name="foresight", group="foresight", thread=True
        )

    def _ask(self, asked: object, wanted: WantedAbsence) -> None:
        try:
            answer = self.Foreseen(asked, self._foresee(wanted), "")
        except Refusal as refusal:
            answer = self.Foreseen(asked, None, refusal.reason)
        self.post_message(answer)

    def on_out_form_foreseen(self, message: Foreseen) -> None:
        """Show what it would do; what is asked by now is asked next."""
        self._asking = False
        if message.asked != self._typed():
            self._changed()
            return
        self._consequence = message.consequence
        if message.consequence is None:
            self.say(("! ", "late"), (plain_line(message.reason), "late"))
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

    def _keys_for(self, *, out: bool) -> list[Span]:
        verb = "mark back" if out else "mark out"
        more: list[Span] = [] if out else [("Tab", "key"), (" until, reason   ", "dim")]
        return [
            ("o", "key"), (" or ", "dim"), ("⏎", "key"), (f" {verb}   ", "dim"), *more,
            ("b", "key"), (" at capacity   ", "dim"), ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip


def typed_end(text: str, now: datetime, zone: tzinfo | None) -> Day | None:
    """Return until when a person typed in ``zone`` (None: the terminal's); None for no end.

    A date alone is the whole day, in the zone of whoever is out.

    Raises:
        Refusal: it is no time.
    """
    typed = text.strip()
    if not typed:
        return None
    if _DAY.fullmatch(typed):
        try:
            return date.fromisoformat(typed)
        except ValueError:
            raise Refusal(f"until: {typed} is not in the calendar") from None
    try:
        return typed_time(typed, now, zone or LocalZone(), end=True)
    except Refusal as refusal:
        raise Refusal(f"until: {refusal.reason}") from None


def listed(team: TeamView, now: datetime, zone: tzinfo | None) -> list[ListedMember]:
    """Return everybody of the team with how they stand at ``now`` (UTC), in the pane's order."""
    standing: dict[str, tuple[str, bool]] = {}
    for person in team.in_now:
        left = "" if person.at is None else f", until {times.at(person.at, now, zone)}"
        full = ", at capacity" if person.at_capacity else ""
        standing[person.login] = (f"in{left}{full}", False)
    for person in team.arriving:
        when = "" if person.at is None else times.at(person.at, now, zone)
        standing[person.login] = (f"arrives {when}", False)
    for person in team.out:
        until = "until further notice" if person.at is None else times.at(person.at, now, zone)
        why = f": {person.why}" if person.why else ""
        said = until if person.at is None else f"until {until}"
        standing[person.login] = (f"out {said}{why}", True)
    names = dict(team.names)
    everybody = [*standing, *(login for login in names if login not in standing)]
    return [
        ListedMember(login, names[login], *standing.get(login, ("not scheduled", False)))
        for login in everybody
    ]
