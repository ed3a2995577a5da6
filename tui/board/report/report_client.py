"""A report reckoned beside the board: in a thread that says how far it is, and stops when told."""

from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from policy.refusal import Refusal
from tui.board.context import BoardContext
from tui.environment.fault_log import note_fault
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from policy.report.report import Report, ReportStage
    from store.desk import DeskReading


class ReportBegun(Message):
    """A stage of a report has begun; ``share`` is how much of all stages is done."""

    def __init__(self, number: int, stage: "ReportStage", share: float) -> None:
        super().__init__()
        self.number = number
        self.stage = stage
        self.share = share


class ReportRead(Message):
    """A report is there, or ``trouble`` says why it is not."""

    def __init__(self, number: int, report: "Report | None", trouble: str = "") -> None:
        super().__init__()
        self.number = number
        self.report = report
        self.trouble = trouble


class _Unwanted(Exception):  # noqa: N818 - nothing is wrong
    """Nobody wants this report any more."""


class ReportLink:
    """Reckons one report at a time for one screen; another one makes the one before unwanted."""

    def __init__(self, screen: Screen[None], setting: BoardContext) -> None:
        self._screen = screen
        self._setting = setting
        self._number = 0

    def read(self, desk: "DeskReading", days: int) -> None:
        """Reckon the report of the last ``days``; ``ReportBegun`` and ``ReportRead`` follow."""
        self._number += 1
        number = self._number
        self._screen.run_worker(
            lambda: self._read(desk, days, number), name="report", group="report", thread=True
        )

    def stop(self) -> None:
        """Make the one under way unwanted."""
        self._number += 1

    def is_wanted(self, message: ReportBegun | ReportRead) -> bool:
        """Return whether a message is about the report asked for last."""
        return message.number == self._number

    def _read(self, desk: "DeskReading", days: int, number: int) -> None:
        try:
            import textual_plot  # noqa: F401, PLC0415 - heavy, and seldom wanted: here it stops no key

            report = self._report(desk, days, number)
        except _Unwanted:
            return
        except Refusal as refusal:
            self._screen.post_message(ReportRead(number, None, refusal.reason))
        except Exception as fault:  # a board on the wall outlives a bad moment
            told = note_fault(self._setting.state_folder, fault)
            self._screen.post_message(ReportRead(number, None, f"that did not work; {told}"))
        else:
            self._screen.post_message(ReportRead(number, report))

    def _report(self, desk: "DeskReading", days: int, number: int) -> "Report":
        from policy.report.report import ReportStage  # noqa: PLC0415 - as above

        stages = list(ReportStage)

        def step(stage: ReportStage) -> None:
            if number != self._number:
                raise _Unwanted
            share = stages.index(stage) / len(stages)
            self._screen.post_message(ReportBegun(number, stage, share))

        zone: tzinfo = self._setting.zone or LocalZone()
        end = desk.now()
        return desk.reports.report(end - timedelta(days=days), end, zone, step)
