"""Every screen alike: what its footer names the palette finds, and what is disabled says why."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from rich.style import Style
from textual import events
from textual.command import CommandList, CommandPalette

from policy.conversation.connections import ConnectionEntry
from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, Driver, filled, opened_board, small_queue
from tests.tui.engineering import staffed_with_hand_overs
from tui.actions.screens import ALL_COMMANDS, SCREENS
from tui.board.desk_screen import DeskScreen
from tui.board.over_screen import MOVES, OverScreen
from tui.board.palette import BoardCommands
from tui.board.widgets.footer import Footer
from tui.board.widgets.form import Form
from tui.board.widgets.styles import unmarked
from tui.environment.keymap import DEFAULT_KEYS, keymap

REACHED_BY = {
    "board": (),
    "marked": ("space",),
    "declined": ("x",),
    "past": ("P", "enter"),
    "conversation": ("V",),
    "answer": ("r",),
    "waits": ("w",),
    "engineers": ("E",),
    "history": ("H",),
    "time": ("I",),
    "report": ("R",),
    "note": ("N",),
    "rehearsal": ("W", *"zbiroh", "enter"),
    "capacity": ("v",),
    "help": ("question_mark",),
}
"""The keys that lead from the board to each screen, and to each footer of the board's own."""

NEVER = {"back", "palette"}
"""What a footer names and the palette need not: to leave it, and itself."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    there = staffed_with_hand_overs(tmp_path / "desk.db")
    entry = ConnectionEntry(name="test", kind="mailbox", address="imap.example", settings={})
    with closing(Desk.open(address_of(there), actor="mariam", clock=lambda: NOW)) as desk:
        desk.connections.import_entries([entry])  # so that an answer is written on the board
    return there


async def reach(board: Driver, keys: Sequence[str]) -> DeskScreen:
    """Go from the start to a screen; an engineer's board begins with their view."""
    while board.app.screen is not board.app.board:
        await board.press("escape")
    await board.press(*keys)
    screen = board.app.screen
    assert isinstance(screen, DeskScreen)
    return screen


async def found(screen: DeskScreen | Form[object], title: str) -> dict[str, str]:
    """Return what the palette finds for a title, each with its help."""
    hits = [hit async for hit in BoardCommands(screen).search(title)]
    assert all(hit.help is not None for hit in hits)
    return {str(hit.text): hit.help or "" for hit in hits}


def done_by(screen: DeskScreen, board: Driver) -> set[str]:
    """Return the commands that a screen does itself, or the board below it."""
    by_board = {*board.board.handlers.on_ticket, *board.board.handlers.on_board}
    if not isinstance(screen, OverScreen):
        return by_board
    return {*screen.handlers(), *screen.LEAVING, *MOVES, *by_board}


def test_every_screen_that_has_commands_is_reached() -> None:
    assert set(SCREENS) == set(REACHED_BY) - {"marked", "declined", "past"}


@pytest.mark.parametrize("actor", ["m1", "stranger"])
@pytest.mark.parametrize("name", REACHED_BY)
async def test_the_palette_finds_what_the_footer_names_and_what_is_disabled_says_why(
    path: Path, name: str, actor: str
) -> None:
    async with opened_board(path, actor=actor) as board:
        screen = await reach(board, REACHED_BY[name])
        drawn = screen.query(Footer)
        named = {key.command: key for footer in drawn for key in footer.keys}
        assert {each for each in named if " " not in each} <= set(screen.footer())
        for command in screen.footer():
            reason, declared = screen.why_not(command), ALL_COMMANDS[command]
            assert screen.check_action("command", (command,)) is (True if reason is None else None)
            if command in named:
                assert named[command].usable == (reason is None)
            if command not in NEVER:
                said = declared.tooltip if reason is None else f"not now: {reason}"
                assert (await found(screen, declared.title))[declared.title] == unmarked(said)
        for command, key in named.items():
            if " " in command:  # one of the policy's timings
                assert key.label in await found(screen, key.label)
        assert set(SCREENS[screen.NAME]) <= done_by(screen, board)
        for command in SCREENS[screen.NAME]:
            reason = screen.why_not(command)
            if reason is not None and board.app.screen is screen:
                board.app.clear_notifications()
                await board.press(DEFAULT_KEYS[command][0])
                assert any(f"Not done {reason}" in each for each in board.toasts), command
                assert board.app.screen is screen


async def test_a_command_is_used_from_the_palette_of_the_screen_on_top(path: Path) -> None:
    async with opened_board(path, actor="m1") as board:
        await board.press("I", "ctrl+p")
        assert isinstance(board.app.screen, CommandPalette)
        await board.paste("Start on internal")
        await board.until(lambda: "Start on internal work" in palette_lines(board))
        await board.press("enter")
        await board.until(lambda: any("The timer runs on" in each for each in board.toasts))


async def test_the_palette_offers_what_a_form_and_a_question_can_do(path: Path) -> None:
    async with opened_board(path, actor="m1") as board:
        await board.press("a")
        form = board.app.screen
        assert isinstance(form, Form)
        assert {"Assign", "Leave"} <= set(await found(form, "a"))
        await board.press("escape", "f")
        assert "Leave" in await found(await form_on_top(board), "Leave")
        await board.press("escape", "s")
        assert "pending" in await found(await form_on_top(board), "pending")


async def form_on_top(board: Driver) -> "Form[object]":
    form = board.app.screen
    assert isinstance(form, Form)
    return form


async def test_text_from_outside_is_no_markup_in_the_palette(tmp_path: Path) -> None:
    hostile = "ops[/team][@click=app.exit]x[/]"
    path = filled(tmp_path / "teamless.db", small_queue())
    async with opened_board(path, actor="m1") as board:
        with closing(Desk.open(address_of(path), actor="m1", clock=lambda: NOW)) as desk:
            desk.tickets.assign(board.cursor or 0, hostile)
        await board.until(lambda: hostile in board.queue[0] + board.ticket)
        await board.press("ctrl+p")
        await board.paste("Take the")
        await board.until(lambda: hostile in palette_lines(board))


async def test_a_click_on_what_the_palette_lists_no_more_is_nothing(path: Path) -> None:
    async with opened_board(path, actor="m1") as board:
        await board.press("ctrl+p")
        await board.until(lambda: "Take the ticket" in palette_lines(board))
        listed = board.app.screen.query_one(CommandList)
        late = Style(meta={"option": listed.option_count})
        x, y = listed.region.offset
        no = False
        click = events.Click(listed, 0, 0, 0, 0, 1, no, no, no, screen_x=x, screen_y=y, style=late)
        listed.post_message(click)
        await board.settle()
        assert isinstance(board.app.screen, CommandPalette), "it is open, and nothing was used"


async def test_a_palette_whose_parts_are_not_there_misses_none_of_them(path: Path) -> None:
    async with opened_board(path, actor="m1") as board:
        await board.press("ctrl+p")
        palette = board.app.screen
        assert isinstance(palette, CommandPalette)
        await palette.query("*").remove()  # as one that is closed before it is laid out
        palette._show_busy = not palette._show_busy
        await board.settle()
        assert board.app.fault is None


async def test_the_palette_outlives_a_terminal_that_has_no_room_for_it(path: Path) -> None:
    async with opened_board(path, actor="m1") as board:
        await board.press("ctrl+p")
        for columns in (14, 9, 7, 6, 5, 4, 3, 2, 1):
            await board.pilot.resize_terminal(columns, 2)
            await board.press("t", "down")
        await board.pilot.resize_terminal(120, 36)
        await board.press(*("backspace",) * 9)
        await board.until(lambda: "Take the ticket" in palette_lines(board))


def palette_lines(board: Driver) -> str:
    """Return what the palette shows."""
    if not isinstance(board.app.screen, CommandPalette):
        return ""
    hits = board.app.screen.query_one("CommandList")
    return "\n".join(hits.render_line(y).text for y in range(hits.size.height))


async def test_keys_of_a_config_file_hold_on_every_screen(path: Path, tmp_path: Path) -> None:
    chosen = {
        "customer_work": "f5", "only_ticket": "f7", "back": "f8", "report_day": "f9",
        "capacity": "f6",
    }  # fmt: skip
    keys = keymap(chosen, tmp_path / "config.toml")
    async with opened_board(path, actor="m1", keys=keys) as board:
        await board.press("I", "c")
        assert not board.toasts
        await board.press("f5")
        assert any("The timer runs on" in each for each in board.toasts)
        await board.press("f8", "H", "f7")
        assert "everything" in board.footer
        await board.press("f8", "R", "f9", "f8", "E", "f6")
        assert len(board.app.screen_stack) == 3
        await board.press("f6")
        assert len(board.app.screen_stack) == 2
        await board.press("escape")
        assert len(board.app.screen_stack) == 2
        await board.press("f8")
        assert len(board.app.screen_stack) == 1
