"""The desk is followed without looking: a line for each thing, the same as on a board beside."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from policy.words import Mode
from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import NOW, Clock, filled, minutes_ago, opened_board, small_queue
from tui.cli.invocation import Invocation
from tui.cli.watch_command import Watch

_PROGRAM = "import sys; from tui.cli.run import run; sys.exit(run(sys.argv[1:]))"
_ROOT = Path(__file__).parents[3]
_PATIENCE = 60


@contextmanager
def watching(path: Path, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """Give ``numberone watch`` as a process of its own, its clock standing still."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "--db", address_of(path), "--as", "mo",
         "--at", NOW.isoformat(), "watch", *more],
        env=os.environ | {"PYTHONPATH": str(_ROOT), "NUMBERONE_STATE": str(path.parent / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    with process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: "subprocess.Popen[str]", lines: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline() for _ in range(lines)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_changes_comes_as_it_happens_until_it_is_told_to_stop(
    tmp_path: Path, number: signal.Signals
) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    with watching(path, "--json") as process:
        begins = [json.loads(line) for line in heard(process, 3)]
        assert [each["kind"] for each in begins] == ["number_one", "level", "mode"]
        assert [begins[0][key] for key in ("ticket", "priority", "before")] == [1, "p0", None]
        assert begins[0]["at"] == "2026-03-04T14:05:00Z"
        with closing(Desk.open(address_of(path), actor="luz", clock=lambda: NOW)) as desk:
            desk.tickets.assign(4, "mo")
        (line,) = heard(process, 1)
        came = json.loads(line)
        assert came["text"].startswith("#4 is yours now, luz gave it to you: p2 · Hooli")
        assert [came[key] for key in ("kind", "ticket", "by", "assignee")] == [
            "came", 4, "luz", "mo"
        ]  # fmt: skip
        process.send_signal(number)
        assert process.communicate(timeout=_PATIENCE) == ("", "")
        assert process.returncode == 0


def test_it_ends_quietly_when_nobody_reads_it(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    with watching(path) as process:
        assert heard(process, 1)[0].startswith("14:05  Number one: #1 p0 · ")
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(_PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


async def test_a_board_beside_it_says_the_same_things_at_the_same_times(tmp_path: Path) -> None:
    path, clock = filled(tmp_path / "desk.db", small_queue()), Clock()
    with (
        closing(Desk.open(address_of(path), actor="mariam", clock=clock)) as desk,
        closing(Desk.open(address_of(path), actor="luz", clock=clock)) as other,
    ):
        watch = Watch(Invocation(), desk)
        async with opened_board(path, clock=clock) as board:

            async def said() -> tuple[list[str], list[str]]:
                """Return what is said since, by the watch and by the board."""
                board.app.clear_notifications()
                prompt = board.prompt
                with redirect_stdout(StringIO()) as printed:
                    watch.look()
                board.board._tick()
                board.board._ask()
                await board.settle()
                changed = [board.prompt] if board.prompt != prompt else []
                return printed.getvalue().splitlines(), [*board.toasts, *changed]

            with redirect_stdout(StringIO()):
                watch.look()
            assert await said() == ([], [])
            other.transfer.take_in(
                [incoming(9, severity=0, subject="Down", received_at=minutes_ago(100))]
            )
            (line,), (toast,) = await said()
            assert "Another number one: #7 p0" in line
            assert toast.startswith("Another number one #7")
            other.tickets.assign(4, "mariam")
            (line,), (toast,) = await said()
            assert "#4 is yours now, luz gave it to you" in line
            assert toast.startswith("#4 is yours now, luz gave it to you")
            clock.now += timedelta(minutes=5)
            lines, toasts = await said()
            assert ["Due in 15 m: #7" in line for line in lines] == [True]
            assert [toast.startswith("Due in 15 m #7") for toast in toasts] == [True]
            clock.now += timedelta(minutes=16)
            lines, toasts = await said()
            assert ["Late: #7" in line for line in lines] == [True]
            assert [toast.startswith("Due 1 m late #7") for toast in toasts] == [True]
            until = clock.now + timedelta(hours=1)
            other.policy.set_mode(Mode.HARD_CHOICES, reason="Half of us are ill", until=until)
            (line,), (prompt,) = await said()
            assert "Mode hard choices, it was normal: Set by luz until" in line
            assert "Choices are hard" in prompt
