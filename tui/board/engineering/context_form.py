"""The context for engineering: a field for each name of the policy."""

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Label, TextArea

from policy.engineering.wording import in_words
from policy.ticket import Ticket
from tui.board.widgets.form import Form
from tui.board.widgets.styles import Span
from tui.phrasing.text import plain_line, shortened, typeable

_LONGEST_LABEL: Final = 20


class ContextForm(Form[Mapping[str, str]]):
    """Asks for what engineering needs; keeps what is there, complete or not."""

    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "keep", "Keep", show=False)]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, ticket: Ticket, checklist: tuple[tuple[str, str | None], ...]) -> None:
        super().__init__(f"Context for engineering: #{ticket.id} {plain_line(ticket.subject)}")
        self._areas = {
            name: TextArea(typeable(text or ""), tab_behavior="focus", compact=True)
            for name, text in checklist
        }
        self._began_as = {name: area.text for name, area in self._areas.items()}
        self._warned = False

    def fields(self) -> ComposeResult:
        """Yield a field a name, the first empty one with the keys."""
        with VerticalScroll(classes="context-fields", can_focus=False):
            for name, area in self._areas.items():
                label = Label(
                    shortened(plain_line(in_words(name)), _LONGEST_LABEL),
                    classes="label",
                    markup=False,
                )
                yield Horizontal(label, area, classes="field context-field")

    def on_mount(self) -> None:
        """Begin where something is missing."""
        empty = (area for area in self._areas.values() if not area.text)
        first = next(empty, next(iter(self._areas.values()), None))
        if first is not None:
            first.focus()
        self._count()

    def on_text_area_changed(self) -> None:
        """Say how much there is."""
        self._warned = False
        self._count()

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [
            ("F2", "key"), (" keep what is there   ", "dim"), ("Tab", "key"),
            (" next field   ", "dim"), ("esc", "key"), (" leave as it was", "dim"),
        ]  # fmt: skip

    def action_keep(self) -> None:
        """Keep what is there."""
        self.send()

    def action_leave(self) -> None:
        """Leave as it was; what was typed is given up only when that is said twice."""
        if self.answer() and not self._warned:
            self._warned = True
            self.say(
                ("! What was typed is not kept yet: ", "late"), ("F2", "key"),
                (" keeps it, ", ""), ("esc", "key"), (" once more gives it up.", ""),
            )  # fmt: skip
            return
        super().action_leave()

    def answer(self) -> Mapping[str, str]:
        """Return what is no longer as it was, by its names."""
        return {
            name: area.text
            for name, area in self._areas.items()
            if area.text != self._began_as[name]
        }

    def _count(self) -> None:
        there = sum(bool(area.text.strip()) for area in self._areas.values())
        needed = len(self._areas)
        complete = "complete" if there == needed else "the rest is missing"
        self.say((f"{there} of {needed} filled in, {complete}.", "dim"))
