"""The fuzzer's two ways to the board: under Textual's pilot, which is fast, and in a terminal."""

import asyncio
import re
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final
from unittest.mock import patch

from textual.content import Content
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size as Cells
from textual.pilot import Pilot

from policy.refusal import Refusal
from tests.tui.boards import board_app
from tests.tui.fuzz.sent import MARK, Packet, Sent, Size, sent
from tests.tui.pseudo_terminal import board_in_a_terminal
from tui.board.app import BoardApp
from tui.board.terminal.input_reader import InputReader

_LAST: Final = 25
_UNESCAPED = re.compile(r"(?<!\\)\[")
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PATIENCE: Final = 60.0


@dataclass(slots=True)
class Report:
    """What a run sent and what it found."""

    keys: int = 0
    episodes: int = 0
    findings: dict[str, str] = field(default_factory=dict)

    def found(self, what: str, how: str) -> None:
        """Keep a finding, once for each kind of it."""
        self.findings.setdefault(what, how)


def pilot_episode(report: Report, database: Path, seed: int, steps: int) -> None:
    """Send so many things to a board under a pilot; the same seed sends the same."""
    asyncio.run(_pilot_episode(report, database, seed, steps))


async def _pilot_episode(report: Report, database: Path, seed: int, steps: int) -> None:
    chance = Random(seed)  # noqa: S311 - nothing here is a secret
    app = board_app(database)
    reader, last = InputReader(), deque[Sent](maxlen=_LAST)
    report.episodes += 1
    try:
        with watched(report, seed):
            async with app.run_test(size=(120, 36), notifications=True, tooltips=True) as pilot:
                await _rest(pilot)
                for each in islice(sent(chance), steps):
                    if not app.is_running or app._exit or app._exception is not None:
                        break
                    last.append(each)
                    await _send(app, reader, each)
                    report.keys += each.keys if isinstance(each, Packet) else 0
                    if chance.random() < 0.3:
                        await pilot.pause(0)
                        look(app, report, seed)
                if app.is_running and not app._exit and app._exception is None:
                    await _rest(pilot)
                    look(app, report, seed)
    except TimeoutError:
        report.found("it does not come to rest", f"seed {seed}: {list(last)}")
    except Exception as error:
        told = "".join(traceback.format_exception(error))
        report.found(_kind(error), f"seed {seed}: {list(last)}\n{told}")
    finally:
        if app.board.client.desk is not None:
            app.board.client.desk.close()


async def _rest(pilot: Pilot[Refusal]) -> None:
    """Wait until every worker is done, whether it was cancelled or not."""
    async with asyncio.timeout(_PATIENCE):
        await pilot.pause(0)
        while any(not worker.is_finished for worker in pilot.app.workers):
            await pilot.pause(0.01)


async def _send(app: BoardApp, reader: InputReader, each: Sent) -> None:
    if isinstance(each, Packet):
        for message in reader.feed(each.sent):
            app.post_message(message)
    elif isinstance(each, Size):
        size = Cells(each.columns, each.lines)
        if isinstance(app._driver, HeadlessDriver):
            app._driver._size = size
        app.post_message(Resize(size, size))
    else:
        await asyncio.sleep(each.seconds)
        for message in reader.tick():
            app.post_message(message)


def look(app: BoardApp, report: Report, seed: int) -> None:
    """Draw the screen, and find what a terminal would obey on it."""
    if not app.is_running or app._exit:
        return
    for strip in app.screen._compositor.render_strips():
        if found := _OBEYED.search(strip.text):
            report.found(
                f"{found.group()!r} is drawn on {type(app.screen).__name__}",
                f"seed {seed}: {strip.text!r}",
            )


@contextmanager
def watched(report: Report, seed: int) -> Iterator[None]:
    """Find text from outside that is read as markup."""
    read: Callable[..., Content] = Content.from_markup

    def watching(markup: "str | Content", **variables: Any) -> Content:  # noqa: ANN401 - as Content's
        if isinstance(markup, str) and MARK in markup and _UNESCAPED.search(markup):
            where = "".join(traceback.format_stack(limit=8))
            report.found(f"read as markup: {markup!r}"[:60], f"seed {seed}\n{where}")
        return read(markup, **variables)

    with patch.object(Content, "from_markup", watching):
        yield


def terminal_episode(report: Report, folder: Path, seed: int, steps: int) -> None:
    """Send so many things to the real program in a terminal."""
    chance = Random(seed)  # noqa: S311 - nothing here is a secret
    last = deque[Sent](maxlen=_LAST)
    report.episodes += 1
    with board_in_a_terminal(folder, environment={"VISUAL": "true"}) as terminal:
        try:
            for each in islice(sent(chance), steps):
                last.append(each)
                if isinstance(each, Packet):
                    terminal.press(each.sent)
                    report.keys += each.keys
                elif isinstance(each, Size):
                    terminal.resize(each.columns, each.lines)
                else:
                    terminal.read_for(each.seconds)
                if terminal.process.poll() is not None:
                    break
            if terminal.process.poll() is None:
                terminal.resize(120, 36)
                terminal.read_for(2.5)  # what was begun and never ended is given up by then
                terminal.press(b"\x11")
                terminal.press_until(b"l", lambda _: terminal.process.poll() is not None)
            code = terminal.ended()
        except (AssertionError, OSError) as error:
            report.found("the terminal waits in vain", f"seed {seed}: {list(last)}\n{error}")
            return
        if code != 0:
            report.found(
                f"ended with {code}", f"seed {seed}: {list(last)}\n{terminal.plain[-900:]}"
            )
        elif left := terminal.left_over():
            report.found(f"leaves {left}", f"seed {seed}: {list(last)}")


def run_for(
    seconds: float, folder: Path, database: Path, seed: int, told: Callable[[Report], None]
) -> Report:
    """Run episodes for so long, every tenth of them in a terminal; ``told`` hears of each."""
    report, end = Report(), monotonic() + seconds
    while monotonic() < end:
        seed += 1
        if seed % 10:
            pilot_episode(report, database, seed, 150)
        else:
            terminal_episode(report, folder, seed, 150)
        told(report)
    return report


def _kind(error: BaseException) -> str:
    """Return an error's kind and where it was raised, by which it is known again."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame for frame in frames if "/tui/" in frame.filename and "/tests/" not in frame.filename
    ]
    places = [f"{frame.name}:{frame.lineno}" for frame in (*ours[-1:], *frames[-1:])]
    return f"{type(error).__name__} at {', '.join(places)}"
