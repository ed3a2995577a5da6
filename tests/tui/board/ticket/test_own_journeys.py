"""A person's own command on a key: its program gets the ticket, and the board stays as it is."""

import json
import sys
from pathlib import Path

from tests.tui.boards import filled, opened_board, small_queue
from tui.environment.keymap import DEFAULT_KEYS
from tui.environment.own_commands import own_commands

WRITES = "import json, sys; open(sys.argv[1], 'w').write(json.dumps(sys.argv[2:])); print('x' * 99)"


async def test_a_key_starts_the_program_with_the_ticket_under_the_cursor(tmp_path: Path) -> None:
    written = tmp_path / "written.json"
    run = [sys.executable, "-c", WRITES, str(written), "$id", "$subject"]
    configured = {
        "crm": {"key": "alt+c", "title": "crm", "run": run},
        "fails": {"key": "f9", "run": [sys.executable, "-c", "import sys; sys.exit(3)"]},
    }
    own = own_commands(configured, DEFAULT_KEYS, tmp_path / "config.toml")
    desk = filled(tmp_path / "desk.db", small_queue())
    async with opened_board(desk, size=(200, 36), own=own) as board:
        assert "⌥c crm  F9 fails  ? help" in board.footer
        assert {"crm", "fails"} <= {each.title for each in board.board.offers()}
        await board.press("alt+c")
        assert json.loads(written.read_text()) == ["1", "Instance down for all users"]
        assert not board.toasts
        await board.press("f9")
        assert board.toasts == [f"Not done fails: {sys.executable} ended with exit code 3"]
        await board.press("question_mark")
        shown = board.said("_HelpText")
        assert "Your own commands" in shown
        assert f"⌥c crm. Starts {sys.executable} with the ticket under the cursor" in shown
