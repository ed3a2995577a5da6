"""The board in a real terminal, and everything that one may do to it: it goes on, or ends well."""

import json
import re
import signal
from contextlib import closing
from pathlib import Path

import pytest

from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import NOW, filled
from tests.tui.pseudo_terminal import (
    HOSTILE,
    PseudoTerminal,
    board_in_a_terminal,
    program_in_a_terminal,
)

ESCAPE = b"\x1b[27u"
"""Esc as newer terminals send it, so that no key after it can be taken for a part of it."""

ENDS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]


_OVER = re.compile("leave|Search for commands")
"""What stands on every form, panel and page that lies over the board."""


def _is_home(text: str) -> bool:
    return "t take" in text and not _OVER.search(text)


def _go_home(terminal: PseudoTerminal) -> None:
    """Go back to the board, however many screens opened; after it no key is still on its way.

    The board may be seen for a moment while keys still wait to be read: those of pages that a held
    key opens and closes, and Escs pressed while it was slow. What comes right behind such an Esc is
    let go with the screen that it closes. The palette opens behind all of them, and once it is
    closed what is seen stays. An Esc that comes while it opens is let go: it may take more.
    """
    home = False
    while not home:
        terminal.press_until(ESCAPE, _is_home)
        _open_palette(terminal)
        terminal.press_until(ESCAPE, lambda text: "Search for commands" not in text)
        home = _is_home(terminal.screen.text)


def _open_palette(terminal: PseudoTerminal) -> None:
    terminal.press_until(b"\x10", lambda text: "Search for commands" in text)


def _lives_on(terminal: PseudoTerminal) -> None:
    """Prove that the board still hears keys and draws, and that it leaves well."""
    _open_palette(terminal)
    terminal.press(b"\x11")
    assert terminal.ended() == 0
    assert terminal.left_over() == []


# Keys that come close together


def test_a_key_held_down_ends_nothing(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        for _ in range(20):  # each is still closing while the next one opens
            terminal.press(b"\x10", ESCAPE)
        _go_home(terminal)
        for key in "wERIHNv?nP#e\x10":
            terminal.press(key.encode() * 10)
            for _ in range(10):
                terminal.press(key.encode())
                terminal.read_for(1 / 30)
            _go_home(terminal)
        _lives_on(terminal)


def test_enter_twice_in_one_packet_sends_a_form_once(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        for key in b"rspanP#Cd":
            terminal.press(bytes([key]))
            terminal.until("leave")
            terminal.press(b"\r\r\r\r")
            _go_home(terminal)
        terminal.press(b"\x10")
        terminal.until("Search for commands")
        terminal.press(b"take the")
        terminal.until("Make it yours")
        terminal.press(b"\r\r\r\r\r\r")
        terminal.until("is yours")
        _go_home(terminal)
        _lives_on(terminal)


# Text from outside


@pytest.mark.parametrize("assignee", ["ops[/team]", "[@click=app.quit]x[/]", "[red]"])
def test_an_assignee_that_reads_as_markup_is_shown_and_not_obeyed(
    tmp_path: Path, assignee: str
) -> None:
    with board_in_a_terminal(tmp_path, tickets=[incoming(1, assignee=assignee)]) as terminal:
        terminal.until(assignee)
        terminal.press(b"t")
        terminal.press(b"\x10")
        terminal.until("Search for commands")
        terminal.press(b"take the")
        terminal.until(f"is {assignee}'s already")
        _go_home(terminal)
        _lives_on(terminal)


def test_what_a_terminal_would_obey_in_a_ticket_does_not_reach_it(tmp_path: Path) -> None:
    tickets = [incoming(1, subject=HOSTILE, customer=HOSTILE, description=HOSTILE)]
    with board_in_a_terminal(tmp_path, tickets=tickets) as terminal:
        for key in b"mSynd2DN":
            terminal.press(bytes([key]))
            terminal.read_for(0.2)
            _go_home(terminal)
        _lives_on(terminal)
        assert "\x1b]0;x" not in terminal.written
        assert "\u202e" not in terminal.written


# Another program in the terminal


def _open_editor(terminal: PseudoTerminal) -> None:
    terminal.press(b"e")
    terminal.until("EDITOR")
    terminal.press(b"v")


def test_an_editor_that_fails_is_told_and_the_board_comes_back(tmp_path: Path) -> None:
    chosen = tmp_path / "editor"
    scripts = [
        "exit 1",
        "kill -9 $$",
        "stty raw -echo; printf '\\033[?1049l'; kill -9 $$",
        "exit 0",
    ]
    with board_in_a_terminal(tmp_path, environment={"VISUAL": f"sh {chosen}"}) as terminal:
        for number, script in enumerate(scripts):
            chosen.write_text(f"echo begun {number}; {script}")
            _open_editor(terminal)
            terminal.until_written(f"begun {number}")
            terminal.until("Not done" if script != "exit 0" else "the context is as it was")
            terminal.until_raw()
            _go_home(terminal)
        _lives_on(terminal)


@pytest.mark.parametrize(
    ("editor", "said"),
    [("no-such-editor-anywhere", "Editing failed"), ("'open", "cannot be read as a command")],
)
def test_an_editor_that_is_none_is_told(tmp_path: Path, editor: str, said: str) -> None:
    with board_in_a_terminal(tmp_path, environment={"VISUAL": editor}) as terminal:
        _open_editor(terminal)
        terminal.until(said)
        _lives_on(terminal)


def test_a_text_that_cannot_be_written_is_told_and_the_board_comes_back(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    (state / "context").write_text("a file where the folder should be")
    with board_in_a_terminal(tmp_path, environment={"VISUAL": "true"}) as terminal:
        _open_editor(terminal)
        terminal.until("Not done")
        _lives_on(terminal)


_WAITING_EDITOR = "sh -c 'echo now editing; read line; echo was $line'"


def test_ctrl_c_in_an_editor_is_the_editors(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path, environment={"VISUAL": _WAITING_EDITOR}) as terminal:
        _open_editor(terminal)
        terminal.until("now editing")
        assert terminal.left_over() == []
        terminal.press(b"\x03")
        terminal.until("Editing failed")
        _lives_on(terminal)


def test_what_ends_the_board_while_an_editor_is_open_waits_for_it(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path, environment={"VISUAL": _WAITING_EDITOR}) as terminal:
        _open_editor(terminal)
        terminal.until("now editing")
        terminal.signal(signal.SIGTERM)
        terminal.press(b"the end\n")
        terminal.until_written("was the end")
        assert terminal.ended() == 128 + signal.SIGTERM
        assert terminal.left_over() == []


# Signals, and a terminal that is gone


@pytest.mark.parametrize("number", ENDS, ids=lambda number: number.name)
def test_a_signal_ends_it_with_the_terminal_as_it_was_found(
    tmp_path: Path, number: signal.Signals
) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        assert terminal.is_raw
        terminal.press(b"n")
        terminal.until("customer")
        terminal.signal(number)
        assert terminal.ended() == 128 + number
        assert terminal.left_over() == []
        assert "Traceback" not in terminal.plain


def test_stopped_and_gone_on_with_it_gives_the_terminal_back_meanwhile(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        terminal.signal(signal.SIGTSTP)
        terminal.until_stopped()
        assert terminal.left_over() == []
        terminal.signal(signal.SIGCONT)
        terminal.until("NUMBER ONE")
        terminal.until("5 p3 free Piper")
        terminal.until_raw()
        _lives_on(terminal)


@pytest.mark.parametrize("own", [True, False], ids=["told", "not told"])
def test_a_terminal_that_is_gone_ends_it(tmp_path: Path, *, own: bool) -> None:
    with board_in_a_terminal(tmp_path, own=own) as terminal:
        terminal.hang_up()
        assert terminal.ended() == 128 + signal.SIGHUP


def test_a_signal_at_any_moment_of_the_start_leaves_nothing_behind(tmp_path: Path) -> None:
    filled(tmp_path / "desk.db", [incoming(1)])
    for written in ("\x1b[?1049h", "\x1b[?2004h", "numberone"):
        with program_in_a_terminal(tmp_path, "--at", NOW.isoformat()) as terminal:
            terminal.until_written(written)
            terminal.signal(signal.SIGTERM)
            assert terminal.ended() == 128 + signal.SIGTERM
            assert terminal.left_over() == []
            assert "Traceback" not in terminal.plain


# Terminals that cannot show it


@pytest.mark.parametrize("name", ["dumb", "unknown", "no-such-terminal", "", None])
def test_a_terminal_that_cannot_draw_is_told_what_to_type_instead(
    tmp_path: Path, name: str | None
) -> None:
    with program_in_a_terminal(tmp_path, environment={"TERM": name}) as terminal:
        assert terminal.ended() == 1
        assert "`numberone next` prints the number one" in terminal.plain
        assert terminal.plain.count("\n") == 1


@pytest.mark.parametrize("name", ["vt100", "screen-256color", "xterm-newer", "linux"])
def test_a_terminal_that_draws_as_others_do_shows_it(tmp_path: Path, name: str) -> None:
    with board_in_a_terminal(tmp_path, environment={"TERM": name}) as terminal:
        terminal.press(b"q")
        assert terminal.ended() == 0


def test_letters_that_the_terminal_has_not_are_replaced(tmp_path: Path) -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}
    with board_in_a_terminal(tmp_path, environment=ascii_only) as terminal:
        _lives_on(terminal)


# What is half written


def test_ctrl_q_in_a_half_written_form_asks_first(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        terminal.press(b"C")
        terminal.until("Comment on")
        terminal.press(b"half a sentence")
        terminal.until("half a sentence")
        terminal.press(b"\x11\x11\x11")
        terminal.until("Something is half written")
        terminal.press(b"\r")
        terminal.until_gone("Something is half written")
        terminal.press(b" and the rest\r")
        terminal.until("commented")
        _lives_on(terminal)
    with closing(
        Desk.open(address_of(tmp_path / "desk.db"), actor="mo", clock=lambda: NOW)
    ) as desk:
        assert "half a sentence and the rest" in str(desk.tickets.history(1))


def test_ctrl_q_leaves_a_half_written_form_when_told_so(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        terminal.press(b"C")
        terminal.until("Comment on")
        terminal.press(b"half")
        terminal.until("half")
        terminal.press(b"\x11")
        terminal.until("Something is half written")
        terminal.press(b"l")
        assert terminal.ended() == 0
        assert terminal.left_over() == []


def test_ctrl_q_in_a_form_as_it_opened_leaves_at_once(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        terminal.press(b"C")
        terminal.until("Comment on")
        terminal.press(b"\x11")
        assert terminal.ended() == 0


# Bytes that no key sends, and sizes that no window has


_NO_KEYS = [
    b"\xff\xfe\xc3",
    b"\x00" * 300,
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    b"\x1bP1$r0 q\x1b\\",
    b"\x1b[?2048;2$y\x1b[48;60000;60000;1;1t\x1b[48;0;0;0;0t",
    b"\x1b[<0;9999;9999M\x1b[<0;0;0m\x1b[<255;1;1M\x1b[<0;50;10M\x1b[<0;50;10m",
    b"\x1b[99999999999u\x1b[55296u\x1b[1;2;3;4;5;6;7u\x1b[M~~~",
    b"\x1b[200~" + b"take q \x1b[A\n" * 400 + b"\x1b[201~",
    b"/" + b"\x1b[200~" + "字é\u200d🇩🇪[/]".encode() * 400 + b"\x1b[201~",
    bytes(range(128, 256)),
]


def test_bytes_that_no_key_sends_end_nothing(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        for sent in _NO_KEYS:
            terminal.press(sent)
            _go_home(terminal)
        _lives_on(terminal)


def test_a_paste_that_is_never_closed_does_not_keep_the_keys_for_ever(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        terminal.press(b"/\x1b[200~never closed")
        terminal.until("never closed")
        _go_home(terminal)
        _lives_on(terminal)


def test_any_size_and_many_at_once(tmp_path: Path) -> None:
    sizes = [(1, 1), (2, 1), (1, 60), (400, 2), (10, 5), (33, 11), (80, 24), (500, 200)]
    with board_in_a_terminal(tmp_path) as terminal:
        for key in (b"", b"w", b"H", b"n", b"\x10"):
            terminal.press(key)
            for columns, lines in sizes * 2:
                terminal.resize(columns, lines)
            for columns, lines in sizes:
                terminal.resize(columns, lines)
                terminal.read_for(0.05)
            terminal.resize(120, 36)
            _go_home(terminal)
        _lives_on(terminal)


# The log


def test_a_fault_leaves_no_text_from_outside_in_the_log(tmp_path: Path) -> None:
    program = (
        "import os; os.setsid()\n"
        "from policy.refusal import Refusal\n"
        "from tests.tui.boards import Clock\n"
        "from tui.board.app import run_board\n"
        "def open_desk():\n"
        "    said = 'the words of Acme Corporation'\n"
        "    try:\n"
        "        {}[said]\n"
        "    except KeyError as error:\n"
        "        raise ValueError(said) from error\n"
        "try:\n"
        "    run_board(open_desk, clock=Clock(), place='demo')\n"
        "except Refusal as refusal:\n"
        "    raise SystemExit(f'numberone: {refusal.reason}')\n"
    )
    with program_in_a_terminal(tmp_path, program=program) as terminal:
        assert terminal.ended() == 1
        assert terminal.left_over() == []
        assert "Acme" not in terminal.plain
    log = tmp_path / "state" / "faults.log"
    assert f"the details are in {log}" in terminal.plain.replace("\r\n", "")
    written = log.read_text()
    assert "Acme" not in written
    last, before = json.loads(written)["faults"]
    assert last["kind"] == "builtins.ValueError"
    assert before["kind"] == "builtins.KeyError"
    assert before["raised"] == [{"module": "__main__", "function": "open_desk", "line": 8}]
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_signal_while_it_leaves_by_itself_does_not_break_in_on_that(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path) as terminal:
        terminal.press(b"q")
        terminal.until_written("\x1b[?2004l")  # the first of what it puts back
        terminal.signal(signal.SIGTERM)
        assert terminal.ended() in (0, 128 + signal.SIGTERM, -signal.SIGTERM)
        assert terminal.left_over() == []
        assert "Traceback" not in terminal.plain
