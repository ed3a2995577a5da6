"""Keys that come in one packet go where they would go one by one: each waits for the one before."""

import re
from contextlib import closing
from pathlib import Path

from policy.roster.team_file import load_team
from policy.ticket import Ticket
from store.desk import Desk
from tests.databases import address_of
from tests.store.checking import EVERYTHING
from tests.tui.boards import NOW, filled, small_queue
from tests.tui.pseudo_terminal import PseudoTerminal, board_in_a_terminal
from tests.tui.teams import nine_in_a_room

_OVER = re.compile("leave")


def tickets(folder: Path) -> list[Ticket]:
    with closing(
        Desk.open(address_of(folder / "desk.db"), actor="mariam", clock=lambda: NOW)
    ) as desk:
        return list(desk.queue.page(EVERYTHING, 0, None))


def form(terminal: PseudoTerminal, key: bytes) -> None:
    """Open a form, and wait until it is there."""
    terminal.press(key)
    terminal.until_matched(_OVER)


def test_what_is_behind_a_tab_goes_into_the_field_it_leads_to(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        form(terminal, b"n")
        terminal.press(b"Globex\tIt fails\t\t3\t\tAll of it\x1b[Z\x1b[Z\x1b[Z f\r")
        terminal.until("#7")
        terminal.press(b"q")
        assert terminal.ended() == 0
    new = next(each for each in tickets(tmp_path) if each.id == 7)
    assert (new.customer, new.subject, new.severity, new.tier) == (
        "Globex", "It fails", 3, "free",
    )  # fmt: skip


def test_a_filter_is_opened_typed_and_kept_in_one_packet(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        terminal.press(b"/stays\r")
        terminal.until("Queue 0")
        terminal.press(b"\x1b[27u")
        terminal.until("Queue 5")
        terminal.press(b"q")
        terminal.ended()
    for each in tickets(tmp_path):
        assert each.assignee is None, "no letter of the filter was a command"


def test_a_warning_that_nobody_can_have_seen_is_not_passed(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
        desk.team.import_members(load_team(nine_in_a_room(), "team.toml"))
        desk.team.mark_out("m3")
    with board_in_a_terminal(tmp_path) as terminal:
        for _ in range(3):
            form(terminal, b"a")
            terminal.press(b"333\r\r")
            terminal.until("again assigns it all the same")
            terminal.press(b"\x1b[27u")
            terminal.until_gone("again assigns it all the same")
        terminal.press(b"q")
        terminal.ended()
    assert all(each.assignee is None for each in tickets(tmp_path))
