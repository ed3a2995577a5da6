"""An answer is written in a real terminal: packets, pastes, the own editor, and leaving."""

import signal
from contextlib import closing
from pathlib import Path

import pytest

from policy.conversation.connections import ConnectionEntry
from policy.conversation.messages import Draft, MessageState
from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, filled, small_queue
from tests.tui.pseudo_terminal import board_in_a_terminal

_F2, _F3, _F4, _ESCAPE = b"\x1bOQ", b"\x1bOR", b"\x1bOS", b"\x1b[27u"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a desk whose tickets come from a connection."""
    path = filled(tmp_path / "desk.db", small_queue())
    entry = ConnectionEntry(name="test", kind="mailbox", address="imap.example", settings={})
    with closing(opened(path.parent)) as desk:
        desk.connections.import_entries([entry])
    return tmp_path


def opened(folder: Path) -> Desk:
    """Open the desk."""
    return Desk.open(address_of(folder / "desk.db"), actor="mariam", clock=lambda: NOW)


def draft(folder: Path) -> Draft | None:
    """Return what was begun in the number one."""
    with closing(opened(folder)) as desk:
        return desk.conversation.draft(1)


def test_a_packet_a_paste_and_the_own_editor_make_one_answer(folder: Path) -> None:
    script = folder / "editor.sh"
    script.write_text('#!/bin/sh\nprintf "\\nfrom the editor" >> "$1"\n', encoding="utf-8")
    script.chmod(0o700)
    lines = "\r".join(f"line {number}" for number in range(200))
    with board_in_a_terminal(folder, environment={"VISUAL": str(script)}) as terminal:
        terminal.press(b"rtake it\r")
        terminal.until("take it")
        terminal.press(b"\x1b[200~" + lines.encode() + b"\x1b[201~")
        terminal.until("line 199")
        terminal.press(_F4)
        terminal.until("from the editor")
        terminal.press(_F3)
        terminal.until("only we read it")
        terminal.press(_ESCAPE)
        terminal.until("the draft is kept")
        terminal.press(b"q")
        assert terminal.ended() == 0
        assert terminal.left_over() == []
    kept = draft(folder)
    assert kept is not None
    wanted = ["take it", *(f"line {number}" for number in range(200)), "from the editor"]
    assert kept.text.splitlines() == wanted
    assert not kept.public
    assert list((folder / "state" / "answers").iterdir()) == [], "the editor's file is gone"


def test_a_send_key_held_down_sends_once_and_leaving_says_that_it_goes_out(folder: Path) -> None:
    with board_in_a_terminal(folder) as terminal:
        terminal.press(b"r")
        terminal.until("the customer reads it")
        terminal.press(b"On it.")
        terminal.press(_F2 * 10)
        terminal.until("Whose step is next")
        terminal.press(b"ppp")
        terminal.until("sending in")
        terminal.press(b"q")
        assert terminal.ended() == 0
        assert terminal.left_over() == []
        assert "The answer to #1 goes out in" in terminal.plain
    with closing(opened(folder)) as desk:
        ours = [each for each in desk.conversation.of(1) if each.author == "mariam"]
    assert [(each.text, each.state) for each in ours] == [("On it.", MessageState.SENDING)]


@pytest.mark.parametrize("how", ["signal", "hang up"])
def test_what_was_written_outlives_a_board_that_is_ended(folder: Path, how: str) -> None:
    with board_in_a_terminal(folder) as terminal:
        terminal.press(b"r")
        terminal.until("the customer reads it")
        terminal.press(b"Half a sentence")
        terminal.until("Half a sentence")
        if how == "signal":
            terminal.signal(signal.SIGTERM)
        else:
            terminal.hang_up()
        terminal.ended()
    kept = draft(folder)
    assert kept is not None
    assert kept.text == "Half a sentence"
