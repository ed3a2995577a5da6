"""To whom? One of support, those first who are in with the fewest tickets, or a login."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.suggester import SuggestFromList
from textual.widgets import Input

from policy.names import comparable, same_name
from policy.refusal import Refusal
from policy.roster.holders import Candidate, Holders, warning_of
from policy.tickets.actions import check_login
from store.queue.query import NOBODY
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.key_turns import KeyTurnsApp
from tui.board.widgets.lines import LineList
from tui.board.widgets.pick import Picked
from tui.board.widgets.styles import Span
from tui.phrasing.holder_words import state, tickets, warned
from tui.phrasing.text import left_aligned, plain_line, width

_LOGIN_AT_MOST: Final = 20
_STATE: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """To whom tickets can be given, as of ``now`` (UTC); times are shown in ``zone``.

    ``people`` stand in the order in which they are thought of, ``had_by`` is who has the ticket,
    and ``respond_bys`` are when the tickets are to be answered (UTC).
    """

    holders: Holders
    people: tuple[Candidate, ...]
    had_by: str | None
    respond_bys: tuple[datetime | None, ...]
    now: datetime
    zone: tzinfo | None

    @property
    def first(self) -> int:
        """Whom the form starts on: the first who does not have it already, never nobody."""
        others = (
            place
            for place, each in enumerate(self.people)
            if not same_name(each.login, self.had_by)
        )
        return next(others, 0)

    def warning(self, login: str) -> str | None:
        """Return what speaks against giving it to somebody, None where nothing does."""
        found = warning_of(self.holders, login, self.respond_bys, self.people)
        return None if found is None else warned(found, self.now, self.zone)


class PeopleLines(LineList[Candidate | None], can_focus=False):
    """People, each with whether they are in and how many tickets they have, and then nobody."""

    def __init__(self, known: Assignment) -> None:
        super().__init__([*known.people, None], known.first if known.people else 0)
        self._known = known
        logins = [width(plain_line(each.login)) for each in known.people]
        self._cells = min(_LOGIN_AT_MOST, max([*logins, len(NOBODY)]))

    def spans(self, item: Candidate | None, *, here: bool) -> list[Span]:
        """Return login, whether they are in, and their tickets."""
        role = "bright" if here else ""
        if item is None:
            whose = left_aligned(NOBODY, self._cells)
            return [(f"{whose}  ", role), ("taken off whoever has it", "dim")]
        there = state(item, self._known.now, self._known.zone)
        return [
            (left_aligned(plain_line(item.login), self._cells) + "  ", role),
            (left_aligned(there, _STATE) + "  ", "" if item.state.takes_new else "soon"),
            (tickets(item.tickets), "dim"),
        ]

    def find(self, named: str) -> bool:
        """Put the cursor on the first whose login or name begins so; return whether there is one.

        Stays where it is when that one begins so itself.
        """
        places = [self.highlighted or 0, *range(len(self._items))]
        for place in places:
            if begins(self._items[place], named):
                self.highlighted = place
                return True
        return False


def begins(item: Candidate | None, named: str) -> bool:
    """Return whether a login or a name begins with what was typed."""
    names = (NOBODY,) if item is None else (item.login, item.name)
    return any(comparable(name).startswith(comparable(named)) for name in names)


class AssignForm(Form[Picked[str | None]]):
    """Asks for somebody; ``now`` says whose it is.

    What speaks against them is said first: then a second Enter gives it to them all the same.
    """

    # Tab completes, as there is no other field to go to.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    verb = "assign"
    keeps_draft = False

    def __init__(self, what: str, now: str, known: Assignment) -> None:
        super().__init__(f"Assign {what}")
        self._now = now
        self._known = known
        self._people = PeopleLines(known)
        self._warned_of: str | None = None
        self._pressed_since: Callable[[], bool] | None = None

    def fields(self) -> ComposeResult:
        """Yield a place for a login, and who there is."""
        logins = [each.login for each in self._known.people]
        harmless = [login for login in logins if plain_line(login) == login]
        suggester = SuggestFromList(harmless, case_sensitive=False)
        placeholder = "a login, or one of these"
        yield labelled(
            "to", Input(placeholder=placeholder, suggester=suggester, compact=True, id="login")
        )
        yield self._people

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [
            ("⏎", "key"), (" assign   ", "dim"), ("↑↓", "key"), (" somebody else   ", "dim"),
            ("Tab", "key"), (" complete   ", "dim"), ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip

    def on_mount(self) -> None:
        """Say whose it is now."""
        self._say_whose()

    def action_complete(self) -> None:
        """Write the login under the cursor into the field."""
        item = self._people.item
        self._write(NOBODY if item is None else item.login)

    def action_move(self, rows: int) -> None:
        """Move the cursor, down when positive; what was typed says no more who is meant."""
        self._write("")
        self._people.action_move(rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many as there are on the screen."""
        self._write("")
        self._people.action_page(pages)

    def on_input_changed(self) -> None:
        """Put the cursor on whoever is meant so far."""
        if typed := self._typed:
            self._people.find(typed)
        self._say_whose()

    @on(LineList.OptionHighlighted)
    def _people_moved(self) -> None:
        """Say no more what spoke against the one before."""
        self._say_whose()

    @on(LineList.OptionSelected)
    def _people_chosen(self) -> None:
        """Assign it to whoever was chosen."""
        self.send()

    def send(self) -> None:
        """Leave with whoever is meant, or say what is wrong or speaks against them."""
        against = self._against()
        if against is None:
            super().send()
            return
        login, warning = against
        self.say(
            ("! ", "late"), (plain_line(warning), "late"),
            (".  ", "late"), ("⏎", "key"), (" again assigns it all the same", "dim"),
        )  # fmt: skip
        # Only once it is to be seen does another Enter mean it: two may come in one packet.
        self.call_after_refresh(self._remember_warning, login)

    def answer(self) -> Picked[str | None]:
        """Return the login, or None for nobody."""
        typed, item = self._typed, self._people.item
        if not typed:
            return Picked(None if item is None else item.login)
        return Picked(self._named(typed))

    def _named(self, typed: str) -> str | None:
        """Return whom a text means: a login, or whoever under the cursor begins so.

        Before there is a team it is any login.
        """
        roster, item = self._known.holders.roster, self._people.item
        member = roster.member(typed)
        if member is not None:
            return member.login
        if typed == NOBODY:
            return None
        if not roster.members:
            check_login(typed)
            return typed
        if begins(item, typed):
            return None if item is None else item.login
        return roster.known(typed).login

    def _against(self) -> tuple[str, str] | None:
        """Return who is meant and what speaks against them, None where that is known or nothing."""
        try:
            login = self.answer().value
        except Refusal:
            return None
        seen = self._pressed_since is not None and self._pressed_since()
        if login is None or (login == self._warned_of and seen):
            return None
        warning = self._known.warning(login)
        return None if warning is None else (login, warning)

    def _remember_warning(self, login: str) -> None:
        if isinstance(self.app, KeyTurnsApp) and login != self._warned_of:
            self._warned_of, self._pressed_since = login, self.app.sight()

    @property
    def _typed(self) -> str:
        return self.query_one("#login", Input).value.strip()

    def _write(self, login: str) -> None:
        field = self.query_one("#login", Input)
        field.value = login
        field.cursor_position = len(login)

    def _say_whose(self) -> None:
        self._warned_of = None
        self.say((plain_line(self._now), "dim"))
