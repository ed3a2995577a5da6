"""To whom? One of support by their letter, those first who are in with the fewest, or a login."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from string import ascii_lowercase, digits
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
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
_LINES_AT_LEAST: Final = 3

_NOBODYS_KEY: Final = "0"
_MOVING: Final = "jk"
_KEYS: Final = tuple(
    each for each in (*ascii_lowercase, *digits) if each not in (*_MOVING, _NOBODYS_KEY)
)


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


def letters_of(people: Iterable[Candidate]) -> dict[str, str]:
    """Return a key for each login: its first letter or figure that is nobody's before it.

    Whoever finds none of their own gets the next that is free, and after the last nobody gets any.
    It is the same at every hour, whoever is in: hands remember it.
    """
    letters: dict[str, str] = {}
    for each in sorted(people, key=lambda each: comparable(each.login)):
        wanted = (*comparable(each.login), *comparable(each.name), *_KEYS)
        taken = frozenset(letters.values())
        found = next((key for key in wanted if key in _KEYS and key not in taken), None)
        if found is not None:
            letters[each.login] = found
    return letters


class PeopleLines(LineList[Candidate | None]):
    """People, each with their key, whether they are in and how many tickets they have; nobody."""

    def __init__(self, known: Assignment) -> None:
        super().__init__([*known.people, None], known.first if known.people else 0)
        self._known = known
        self._letters = letters_of(known.people)
        logins = [width(plain_line(each.login)) for each in known.people]
        self._cells = min(_LOGIN_AT_MOST, max([*logins, len(NOBODY)]))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - as in Widget
        """Return as many lines as there are people, up to a third of the screen."""
        return min(len(self._items), max(_LINES_AT_LEAST, viewport.height // 3))

    def spans(self, item: Candidate | None, *, here: bool) -> list[Span]:
        """Return login, whether they are in, and their tickets."""
        role = "bright" if here else ""
        if item is None:
            whose = left_aligned(NOBODY, self._cells)
            key = (f"{_NOBODYS_KEY}  ", "key")
            return [key, (f"{whose}  ", role), ("taken off whoever has it", "dim")]
        there = state(item, self._known.now, self._known.zone)
        return [
            (f"{self._letters.get(item.login, ' ')}  ", "key"),
            (left_aligned(plain_line(item.login), self._cells) + "  ", role),
            (left_aligned(there, _STATE) + "  ", "" if item.state.takes_new else "soon"),
            (tickets(item.tickets), "dim"),
        ]

    def find_by_key(self, key: str) -> bool:
        """Put the cursor on whose key it is; return whether there is somebody."""
        for place, item in enumerate(self._items):
            if key == (_NOBODYS_KEY if item is None else self._letters.get(item.login)):
                self.highlighted = place
                return True
        return False

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

    One key gives it to whoever has that key. What speaks against them is said first: then the same
    key, or Enter, gives it to them all the same.
    """

    # Tab goes to the field for a login, and completes there.
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"give('{key}')", show=False) for key in (*_KEYS, _NOBODYS_KEY)),
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
        self._spoken_against: str | None = None
        self._warned_of: str | None = None
        self._pressed_since: Callable[[], bool] | None = None

    def fields(self) -> ComposeResult:
        """Yield who there is, and a place for a login."""
        logins = [each.login for each in self._known.people]
        harmless = [login for login in logins if plain_line(login) == login]
        suggester = SuggestFromList(harmless, case_sensitive=False)
        yield self._people
        placeholder = "a login, or the beginning of a name"
        yield labelled(
            "or to",
            Input(
                placeholder=placeholder,
                suggester=suggester,
                compact=True,
                select_on_focus=False,
                id="login",
            ),
        )

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [
            ("⏎", "key"), (" or a name's key assigns   ", "dim"), ("Tab", "key"),
            (" a login   ", "dim"), ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip

    def on_mount(self) -> None:
        """Begin where a key assigns, or before there is a team where a login is typed."""
        if self._known.holders.roster.members:
            self._people.focus()
        else:
            self._field.focus()
        self._say_whose()

    def on_paste(self, event: events.Paste) -> None:
        """Write what is pasted where a login is typed."""
        if not self._field.has_focus:
            event.stop()
            self._field.focus()
            self._write(" ".join(event.text.split()))

    def action_give(self, key: str) -> None:
        """Assign it to whose key it is."""
        self._write("")
        if self._people.find_by_key(key):
            self.send()
        else:
            self._say_whose()

    def action_complete(self) -> None:
        """Go to the field for a login, and write the one under the cursor into it there."""
        if not self._field.has_focus:
            self.set_focus(self._field)
            return
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
        if typed or self._spoken_against is None:
            self._say_whose()

    @on(LineList.OptionHighlighted)
    def _people_moved(self) -> None:
        """Say no more what spoke against the one before."""
        item = self._people.item
        if item is None or item.login != self._spoken_against:
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
        self._spoken_against = login
        self.say(
            ("! ", "late"), (plain_line(warning), "late"),
            (".  ", "late"), ("⏎", "key"), (" again assigns it all the same", "dim"),
        )  # fmt: skip
        # Only once it is to be seen does another Enter mean it: two may come in one packet.
        self.call_after_refresh(self._remember_warning, login)

    @property
    def in_short(self) -> str:
        """Whose it is to be."""
        return plain_line(self.answer().value or NOBODY)

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
        return self._field.value.strip()

    @property
    def _field(self) -> Input:
        return self.query_one("#login", Input)

    def _write(self, login: str) -> None:
        field = self._field
        field.value = login
        field.cursor_position = len(login)

    def _say_whose(self) -> None:
        self._warned_of = self._spoken_against = None
        self.say((plain_line(self._now), "dim"))
