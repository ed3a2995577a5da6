"""The report screen: numbers first, then plots, then what should be rare, one by one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from policy.refusal import Refusal
from tui.actions.report_actions import REPORT_COMMANDS
from tui.board.client import Answered, Client, GoOn, NoLongerWantedError
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.over_screen import OverScreen
from tui.board.widgets.page import Page
from tui.board.widgets.styles import Span, content, cut, hanging, spans_width, spread
from tui.phrasing.text import plain_line
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from policy.report.report import Report
    from store.desk import DeskReading

_DAYS: Final = {"report_day": 1, "report_week": 7, "report_month": 28}
"""How many days each command shows."""

_LABEL: Final = 18
_BAR: Final = 20


class ReportBegun(Message):
    """A stage of a report has begun; ``share`` is how much of all stages is done."""

    def __init__(self, stage: str, share: float) -> None:
        super().__init__()
        self.stage = stage
        self.share = share


class ReportRead(Answered["Report"]):
    """A report is there, or why it is not."""


class ReportScreen(OverScreen):
    """Shows one report."""

    NAME = "report"
    LEAVING = ("back", "report")
    BINDINGS = bindings_of("report")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, below: DeskScreen) -> None:
        super().__init__(below)
        self.report: Report | None = None
        self._days = 7
        self._trouble = ""
        self._stage: tuple[str, float] | None = None
        self._reports: Client[tuple[DeskReading, int], Report] = Client(
            self, self._reckon, ReportRead, name="report", fault_folder=self.context.state_folder
        )
        self._heading = Static("", markup=False, classes="report-heading")
        self._numbers = Static("", markup=False, classes="report-text")
        self._plots = Container(id="report-plots")
        self._exceptions = Static("", markup=False, classes="report-text")
        self._body = Page(self._numbers, self._plots, self._exceptions, id="report-body")

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.block()
        yield self._heading
        yield self._body
        yield self._footer

    def on_mount(self) -> None:
        """Begin to reckon."""
        self._body.focus()
        self._read()

    def on_unmount(self) -> None:
        """Let nobody go on with a report that nobody waits for."""
        self._reports.stop()

    def on_resize(self) -> None:
        """Cut and wrap anew for another width."""
        self.call_after_refresh(self._draw)

    # Reading

    def _read(self) -> None:
        desk = self.client.desk
        if desk is not None:
            self._stage, self._trouble = ("", 0.0), ""
            self._reports.ask((desk, self._days))
        self._draw()

    def _reckon(self, wanted: "tuple[DeskReading, int]", go_on: GoOn) -> "Report":
        """Reckon the report of the last days, in a thread that says how far it is."""
        import textual_plot  # noqa: F401, PLC0415 - heavy, and seldom wanted: here it stops no key

        from policy.report.report import ReportStage  # noqa: PLC0415 - as above

        stages = list(ReportStage)

        def step(stage: ReportStage) -> None:
            if not go_on():
                raise NoLongerWantedError
            self.post_message(ReportBegun(stage, stages.index(stage) / len(stages)))

        desk, days = wanted
        zone: tzinfo = self.context.zone or LocalZone()
        end = desk.now()
        return desk.reports.report(end - timedelta(days=days), end, zone, step)

    @on(ReportBegun)
    def _begun(self, message: ReportBegun) -> None:
        if self._reports.reading:
            self._stage = (message.stage, message.share)
            self._draw_heading()

    @on(ReportRead)
    async def _came(self, message: ReportRead) -> None:
        if not self._reports.came(message):
            return
        self._stage, self._trouble = None, message.trouble
        if message.found is not None:
            self.report = message.found
            await self._show_plots(message.found)
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
        self.draw_footer()

    def _draw_heading(self) -> None:
        left: list[Span] = [(" report", "name"), (f"   {self._when()}", "")]
        self._heading.update(content(spread(left, self._progress(), self.size.width)))

    def _when(self) -> str:
        if self.report is None:
            return ""
        from tui.report.report_sections import time_in_words  # noqa: PLC0415 - there is a report, so it is here

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
        from tui.report.report_sections import EMPTY  # noqa: PLC0415 - as above

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

    # What the person does

    def footer(self) -> tuple[str, ...]:
        """Return what the footer names."""
        return (*REPORT_COMMANDS, "back")

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the screen does."""
        return {
            **{command: partial(self._read_of, days) for command, days in _DAYS.items()},
            "report_copy": partial(self._give_out, "report_copy"),
            "report_save": partial(self._give_out, "report_save"),
        }

    def own_why_not(self, command: str) -> str | None:
        """Return why a command of the screen cannot be used now."""
        if command not in _DAYS and self.report is None:
            return "the report is not there yet"
        return super().own_why_not(command)

    def mover(self) -> Page:
        """Return the report."""
        return self._body

    def _read_of(self, days: int) -> None:
        self._days = days
        self._read()

    def _give_out(self, command: str) -> None:
        if self.report is None:
            return
        from tui.report.report_markdown import markdown  # noqa: PLC0415 - there is a report, so it is here

        text = markdown(self.report)
        if command == "report_copy":
            self.app.copy_to_clipboard(text)
            self.tell("The report is copied as Markdown, where the terminal allows it.")
        else:
            end = self.report.end.astimezone(self.report.zone)
            self._save(text, f"report-{end:%Y-%m-%d-%H%M}-{self._days}d.md")

    def _save(self, text: str, name: str) -> None:
        from tui.report.saving import save  # noqa: PLC0415 - as above

        place = Path.cwd() / name
        try:
            save(place, text, overwrite=True)
        except Refusal as refusal:
            self.refuse(refusal.reason)
        else:
            self.tell(f"The report is in {place}.")


def _fitting(spans: Sequence[Span], cells: int) -> list[Span]:
    """Return the spans that there is room for; those at the end say less and go first."""
    kept = list(spans)
    while len(kept) > 1 and spans_width(kept) > cells:
        kept.pop()
    return cut(kept, cells)


def _has_exceptions(report: "Report") -> bool:
    asked = report.drop_everything or report.can_wait
    return bool(report.deviations or report.by_hand or asked or report.solved_unanswered)
