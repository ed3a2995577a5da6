"""To whom? A login, with the people who have something already in sight."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from policy.tickets.actions import check_login
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.pick import Picked
from tui.board.widgets.styles import Span, content
from tui.phrasing.text import plain_line

_SHOWN_AT_MOST: Final = 12


class AssignForm(Form[Picked[str | None]]):
    """Asks for a login; an empty one takes it off everybody. ``now`` says whose it is."""

    # Tab completes, as there is no other field to go to.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False)]

    verb = "assign"

    def __init__(self, what: str, now: str, actor: str, logins: Sequence[str]) -> None:
        super().__init__(f"Assign {what}")
        self._now = now
        self._logins = list(dict.fromkeys([actor, *logins]))

    def fields(self) -> ComposeResult:
        """Yield the login and who there is."""
        harmless = [login for login in self._logins if plain_line(login) == login]
        suggester = SuggestFromList(harmless, case_sensitive=True)
        login = Input(placeholder="nobody", suggester=suggester, compact=True, id="login")
        yield labelled("to", login)
        known = [plain_line(login) for login in self._logins[:_SHOWN_AT_MOST]]
        yield Static(content([("known: " + ", ".join(known), "dim")]), classes="hint")

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [
            ("⏎", "key"), (" assign   ", "dim"), ("→", "key"), (" complete   ", "dim"),
            ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip

    def on_mount(self) -> None:
        """Say whose it is now."""
        self.say((plain_line(self._now), "dim"))

    def action_complete(self) -> None:
        """Complete the login."""
        self.query_one("#login", Input).action_cursor_right()

    def answer(self) -> Picked[str | None]:
        """Return the login, or None for nobody."""
        login = self.query_one("#login", Input).value.strip()
        if login:
            check_login(login)
        return Picked(login or None)
