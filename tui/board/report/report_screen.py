"""The report screen: numbers first, then plots, then what should be rare, one by one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from policy.refusal import Refusal
from tui.actions.report_actions import REPORT_COMMANDS
from tui.board.keyed_screen import MOVES, KeyedScreen, rows_of
from tui.board.report.report_client import ReportBegun, ReportLink, ReportRead
from tui.board.widgets.footer import Footer, FooterKey
from tui.board.widgets.styles import Span, content, cut, hanging, spans_width, spread
from tui.environment.keymap import display
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.report.report import Report
    from tui.board.screen import BoardScreen

_DAYS: Final = {"report_day": 1, "report_week": 7, "report_month": 28}
"""How many days each command shows."""

_LABEL: Final = 18
_BAR: Final = 20


class ReportScreen(KeyedScreen):
    """Shows one report; the board lives on below it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, board: "BoardScreen") -> None:
        super().__init__(board, "report")
        self.report: Report | None = None
        self._days = 7
        self._trouble = ""
        self._stage: tuple[str, float] | None = None
        self._link = ReportLink(self, board.setting)
        self._heading = Static("", markup=False, classes="report-heading")
        self._numbers = Static("", markup=False, classes="report-text")
        self._plots = Container(id="report-plots")
        self._exceptions = Static("", markup=False, classes="report-text")
        self._body = VerticalScroll(
            self._numbers, self._plots, self._exceptions, id="report-body", can_focus=True
        )
        self._footer = Footer()

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._heading
        yield self._body
        yield self._footer

    def on_mount(self) -> None:
        """Begin to reckon."""
        self._body.focus()
        self._read()

    def on_unmount(self) -> None:
        """Let nobody go on with a report that nobody waits for."""
        self._link.stop()

    def on_resize(self) -> None:
        """Cut and wrap anew for another width."""
        self.call_after_refresh(self._draw)

    # Reading

    def _read(self) -> None:
        desk = self.board.link.desk
        if desk is not None:
            self._stage, self._trouble = ("", 0.0), ""
            self._link.read(desk, self._days)
        self._draw()

    @on(ReportBegun)
    def _begun(self, message: ReportBegun) -> None:
        if self._link.is_wanted(message):
            self._stage = (message.stage, message.share)
            self._draw_heading()

    @on(ReportRead)
    async def _came(self, message: ReportRead) -> None:
        if not self._link.is_wanted(message):
            return
        self._stage, self._trouble = None, message.trouble
        if message.report is not None:
            self.report = message.report
            await self._show_plots(message.report)
        self._draw()

    async def _show_plots(self, report: "Report") -> None:
        from tui.board.report.report_plots import plots  # noqa: PLC0415 - the thread has imported the rest

        await self._plots.remove_children()
        if not report.is_empty:
            await self._plots.mount_all(plots(report))

    # Drawing

    def _draw(self) -> None:
        self._draw_heading()
        self._draw_text()
        self._footer.show(tuple(self._footer_keys()))

    def _draw_heading(self) -> None:
        left: list[Span] = [(" report", "name"), (f"   {self._when()}", "")]
        self._heading.update(content(spread(left, self._progress(), self.size.width)))

    def _when(self) -> str:
        if self.report is None:
            return ""
        from tui.report.sections import time_in_words  # noqa: PLC0415 - there is a report, so it is here

        ends = (self.report.start, self.report.end)
        since, until = (time_in_words(each, self.report.zone, with_year=False) for each in ends)
        days = (self.report.end - self.report.start).days
        return f"{since} to {until} · {'1 day' if days == 1 else f'{days} days'}"

    def _progress(self) -> list[Span]:
        if self._trouble:
            return [("! ", "late"), (f"{plain_line(self._trouble)} ", "late")]
        if self._stage is None:
            return []
        stage, share = self._stage
        filled = round(_BAR * share)
        bar: list[Span] = [("█" * filled, "frame"), ("░" * (_BAR - filled), "rule")]
        return [(f"{stage or 'reading'} … ", "dim"), *bar, (" ", "")]

    def _draw_text(self) -> None:
        cells = max(20, self._body.scrollable_content_region.width - 2)
        report = self.report
        self._exceptions.display = bool(report is not None and _has_exceptions(report))
        if report is None:
            self._numbers.update("")
            return
        from tui.board.report.report_numbers import exceptions, numbers  # noqa: PLC0415 - as above
        from tui.report.sections import EMPTY  # noqa: PLC0415 - as above

        if report.is_empty:
            self._numbers.update(content([(EMPTY, "dim")]))
            return
        lines = [
            content([(f"{label:<{_LABEL}}", "dim"), *_fitting(spans, cells - _LABEL)])
            for label, spans in numbers(report)
        ]
        self._numbers.update(Content("\n").join(lines))
        rare = [content([("Exceptions", "heading")])]
        for _, spans in exceptions(report):
            rare += hanging(("· ", "mark"), spans, 2, cells)
        self._exceptions.update(Content("\n").join(rare))

    def _footer_keys(self) -> list[FooterKey]:
        keys = self.board.setting.keys
        shown = [
            FooterKey(
                command=each,
                key=display(keys[each][0]),
                label=command.label,
                usable=each in _DAYS or self.report is not None,
            )
            for each, command in REPORT_COMMANDS.items()
        ]
        return [*shown, FooterKey("back", display(keys["back"][0]), "back", usable=True)]

    # What the person does

    def use(self, command: str) -> None:
        """Use a command, or say why that cannot be done now."""
        if command in _DAYS:
            self._days = _DAYS[command]
            self._read()
        elif command in ("report_copy", "report_save"):
            self._give_out(command)
        elif command in ("back", "report"):
            self.dismiss()
        elif command in MOVES:
            rows = rows_of(command, max(1, self._body.size.height - 1))
            self._body.scroll_relative(y=rows, animate=False, immediate=True)
        else:
            super().use(command)

    def _give_out(self, command: str) -> None:
        if self.report is None:
            self.board.refuse("the report is not there yet")
            return
        from tui.report.report_markdown import markdown  # noqa: PLC0415 - there is a report, so it is here

        text = markdown(self.report)
        if command == "report_copy":
            self.app.copy_to_clipboard(text)
            self.board.tell("The report is copied as Markdown, where the terminal allows it.")
        else:
            self._save(text, f"report-{self.report.end:%Y-%m-%d-%H%M}-{self._days}d.md")

    def _save(self, text: str, name: str) -> None:
        from tui.report.saving import save  # noqa: PLC0415 - as above

        place = Path.cwd() / name
        try:
            save(place, text, overwrite=True)
        except Refusal as refusal:
            self.board.refuse(refusal.reason)
        else:
            self.board.tell(f"The report is in {place}.")


def _fitting(spans: Sequence[Span], cells: int) -> list[Span]:
    """Return the spans that there is room for; those at the end say less and go first."""
    kept = list(spans)
    while len(kept) > 1 and spans_width(kept) > cells:
        kept.pop()
    return cut(kept, cells)


def _has_exceptions(report: "Report") -> bool:
    return bool(report.deviations or report.drop_everything or report.can_wait)
