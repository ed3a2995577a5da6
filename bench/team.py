"""What a large team and a long queue cost, and whether the board ever keeps a key waiting.

    python -m bench.team

Coverage of a year for 500 members; then, with 80 members and 10,000 waiting tickets, what a change
costs until level, forecast and drafts are read again, and the longest time for which the board's
event loop did nothing else while another process marks half of the team out.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.report import milliseconds
from bench.tickets import write_tickets
from connections.files.importing import import_file
from policy.roster.coverage import coverage, gaps
from policy.roster.members import Roster
from policy.roster.team_file import MemberEntry, load_team, member_of
from policy.rulebook.rulebook import handbook
from store.desk import Desk, whole_second
from store.team.public_holidays import holiday_dates
from tui.board.app import BoardApp
from tui.board.context import BoardContext
from tui.environment.keymap import DEFAULT_KEYS

MEMBERS, LARGE_TEAM, WAITING = 80, 500, 10_000
LEAD = "lead"
YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

_PLACES = (
    ("Africa/Cairo", "EG"),
    ("Europe/Berlin", "DE"),
    ("America/New_York", "US"),
    ("America/Los_Angeles", "US"),
    ("Asia/Kolkata", "IN"),
)


def team(count: int) -> tuple[MemberEntry, ...]:
    """Return a lead and ``count`` in support, in five time zones, in eight-hour shifts."""
    parts = [_member(LEAD, "lead", 0)]
    parts += [_member(f"member{number}", "support", number) for number in range(count)]
    return load_team("".join(parts), "team")


def _member(login: str, role: str, number: int) -> str:
    zone, country = _PLACES[number % len(_PLACES)]
    start = 6 + number % 11
    return (
        f'[[member]]\nlogin = "{login}"\nname = "{login}"\nrole = "{role}"\nregion = "{country}"\n'
        f'timezone = "{zone}"\nhours = ["Mon-Sun {start:02}:00-{start + 8:02}:00"]\n'
        f'holidays = "{country}"\n'
    )


def roster(count: int) -> Roster:
    """Return a large team as a roster, with the public holidays of the year."""
    years = range(YEAR[0].year, YEAR[1].year)
    return Roster(
        tuple(member_of(entry, holiday_dates(entry.holidays or "", years)) for entry in team(count))
    )


def year_of_coverage() -> None:
    """Print what a year of coverage and of gaps costs for a large team."""
    large = roster(LARGE_TEAM)
    spans = 0

    def walk() -> None:
        nonlocal spans
        spans = sum(1 for _ in coverage(large, *YEAR))

    said(f"a year of coverage, {LARGE_TEAM} members", milliseconds(walk))
    calendar = handbook().contract_calendar
    said("its gaps", milliseconds(lambda: gaps(large, calendar, *YEAR)))
    print(f"{spans:,} spans")


def filled(path: Path) -> None:
    """Make a desk with the team and the waiting tickets."""
    tickets = path.with_suffix(".jsonl")
    write_tickets(tickets, WAITING)
    with closing(Desk.open(str(path), actor=LEAD)) as desk:
        desk.team.import_members(team(MEMBERS))
        import_file(desk.transfer, tickets)


def one_change(desk: Desk) -> None:
    """Print what is read again after a change, and how long it takes."""
    first = desk.queue.overview().number_one
    if first is None:
        raise ValueError("the queue is empty")
    said("one change", milliseconds(lambda: desk.tickets.assign(first.id, LEAD)))
    said("level, mode and number one after it", milliseconds(desk.queue.overview))
    said("forecast and drafts after it", milliseconds(desk.waits.read))
    print(f"{len(desk.waits.read().drafts):,} drafts, level {desk.team.capacity().level}")


@asynccontextmanager
async def gaps_of_the_loop() -> AsyncIterator[Callable[[], float]]:
    """Give what says for how many milliseconds the event loop was longest kept from this task."""
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            start = perf_counter()
            await asyncio.sleep(0)
            await asyncio.sleep(0.001)
            longest = max(longest, (perf_counter() - start - 0.001) * 1000)

    task = asyncio.create_task(beat())
    try:
        yield lambda: longest
    finally:
        task.cancel()


async def board_meanwhile(path: Path) -> None:
    """Print the longest gap of the event loop while keys are pressed and people are marked out."""
    setting = BoardContext(
        open_desk=lambda: Desk.open(str(path), actor=LEAD),
        clock=whole_second,
        place="bench",
        state_folder=path.parent,
        keys=DEFAULT_KEYS,
        zone=UTC,
    )
    app = BoardApp(setting)
    async with app.run_test(size=(120, 36)) as pilot:
        while not app.board.client.idle:
            await pilot.pause(0.05)
        for what, marking in (("keys alone", False), ("half of the team marked out", True)):
            other = _marking(path) if marking else None
            async with gaps_of_the_loop() as longest:
                for key in ("down", "pagedown", "end", "home") * 10:
                    await pilot.press(key)
                while other is not None and other.poll() is None:
                    await pilot.press("down")
                said(f"longest gap of the event loop, {what}", longest())


def _marking(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bench.team", "mark", str(path)])


def mark_out(path: str) -> None:
    """Mark half of the team out until tomorrow, one by one."""
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 - a whole day, wherever they are
    with closing(Desk.open(path, actor=LEAD)) as desk:
        for number in range(MEMBERS // 2):
            desk.team.mark_out(f"member{number}", None, tomorrow, "bench")


def said(what: str, figure: float) -> None:
    """Print one figure in milliseconds."""
    print(f"| {what} | {figure:,.0f} ms |", flush=True)


def main() -> None:
    """Take every figure in one run."""
    if sys.argv[1:2] == ["mark"]:
        mark_out(sys.argv[2])
        return
    year_of_coverage()
    with TemporaryDirectory(prefix="numberone-bench-") as folder:
        path = Path(folder) / "desk.db"
        filled(path)
        with closing(Desk.open(str(path), actor=LEAD)) as desk:
            one_change(desk)
        asyncio.run(board_meanwhile(path))


if __name__ == "__main__":
    main()
