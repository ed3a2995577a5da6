"""Who may do what: the table, the desk, the command line and the board say the same."""

import shlex
import shutil
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from docs.roles import LOGINS, ROSTER, TEAM_FILE, may, typed_commands
from policy.roster import permissions
from policy.roster.members import Roster
from policy.roster.permissions import refusal_for
from policy.roster.team_file import load_team
from policy.words import Action
from store.desk import Desk
from tests.tui.boards import NOW, opened_board, small_queue
from tests.tui.command_runs import CommandLine, Ran
from tui.actions.commands import COMMANDS
from tui.actions.screens import ALL_COMMANDS
from tui.environment.keymap import DEFAULT_KEYS

TYPED = {
    "": "",
    "next": "next",
    "list": "list",
    "show": "show 1",
    "explain": "explain 1",
    "watch": "watch --help",  # it runs until it is told to stop
    "messages": "messages 1",
    "attachments": "attachments 1",
    "filters": "filters",
    "filters save": "filters save mine assignee:me",
    "filters remove": "filters remove mine",
    "new": "new --subject Help --customer Acme --tier presales --severity 1 --opened-by ce",
    "take": "take 1",
    "assign": "assign 2 support",
    "reply": "reply 1",
    "heard": "heard 1",
    "status": "status 1 open",
    "priority": "priority 1 p1 --reason Why --input contract",
    "team": "team",
    "team import": "team import team.toml",
    "out": "out {login} --until 3h",
    "back": "back {login}",
    "coverage": "coverage",
    "capacity": "capacity",
    "at-capacity": "at-capacity",
    "calendar": "calendar",
    "calendar read": "calendar read off.ics --for support",
    "calendar write": "calendar write team.ics",
    "waits": "waits",
    "waits send": "waits send --all",
    "waits draft": "waits draft 1 --send",
    "waits take-back": "waits take-back",
    "waits retry": "waits retry",
    "waits taken": "waits taken 1",
    "deliver": "deliver --once",
    "connections": "connections",
    "connections import": "connections import connections.toml",
    "login": "login nowhere",
    "sync": "sync --once",
    "import": "import tickets.jsonl",
    "export": "export",
    "mapping": "mapping",
    "mapping draft": "mapping draft tickets.jsonl",
    "mode": "mode hard_choices --reason Why",
    "policy": "policy",
    "policy show": "policy show",
    "policy check": "policy check policy.toml",
    "policy diff": "policy diff policy.toml",
    "policy due": "policy due --priority p1 --received 1h",
    "policy book": "policy book",
    "policy new": "policy new policy.toml",
    "history": "history",
    "deviate": "deviate 2 --reason Why --until 3h",
    "context": "context 3 --set logs=none",
    "handover": "handover 3",
    "escalate": "escalate 1 --can-wait",
    "review": "review 3 now",
    "comment": "comment 1 Hello",
    "timer": "timer",
    "timer start": "timer start 1",
    "timer stop": "timer stop",
    "timer list": "timer list",
    "timer edit": "timer edit 1 --note Hello",
    "timer remove": "timer remove 1",
    "allocation": "allocation",
    "merge": "merge 4 5",
    "split": "split 1 --subject Part",
    "handover-note": "handover-note",
    "report": "report",
    "rehearse": "rehearse policy.toml",
    "undo": "undo",
    "redo": "redo",
    "db": "db",
    "db upgrade": "db upgrade",
    "db check": "db check",
    "db backup": "db backup backup.db --force",
    "db restore": "db restore backup.db",
    "db move": "db move --to desk.db",
    "db roles": "db roles",
    "demo": "demo",
    "where": "where",
    "doctor": "doctor",
    "serve": "serve --help",  # as mcp
    "mcp": "mcp --help",  # it answers until it is left; tests/tui/programs asks as a stranger
    "completion": "completion bash",
}
"""How each command is called, by ``{login}``; whoever adds a command says it here."""

WITH_THE_RIGHT_OF_WHAT_THEY_REVERSE = {("undo",), ("redo",)}

FILES = {
    "config.toml": '[webhook]\naddress = "https://chat.example.com/hook"\n',
    "team.toml": TEAM_FILE,
    "policy.toml": "",
    "connections.toml": '[[connection]]\nname = "desk"\nkind = "zendesk"\n'
    'address = "https://desk.example"\n',
    "off.ics": "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n",
    "tickets.jsonl": '{"external_id": "77", "subject": "Help", "customer": "Acme", "tier": "team",'
    ' "severity": 2, "received_at": "2026-03-04T13:00:00Z"}\n',
}
SAID_OF_RIGHTS = ("may only look, not", "that is for ")
"""What stands in every refusal for want of a right, and in no other."""

EACH_ROLE = pytest.mark.parametrize("login", LOGINS.values())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a desk with a team of one for each role, and a few tickets."""
    path = tmp_path_factory.mktemp("roles") / "desk.db"
    with closing(Desk.open(str(path), actor="lead", clock=lambda: NOW)) as desk:
        desk.transfer.take_in(small_queue())
        desk.team.import_members(load_team(TEAM_FILE, "team.toml"))
        desk.team.mark_out("ce", until=NOW + timedelta(days=1))
        desk.transfer.back_up(path.with_name("backup.db"))
    return path


@pytest.fixture
def place(template: Path, tmp_path: Path) -> Path:
    """Return a copy of the desk."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    shutil.copy(template.with_name("backup.db"), tmp_path / "backup.db")
    return Path(shutil.copy(template, tmp_path / "desk.db"))


class Asked:
    """The rights that were asked for, as they were: what was to be refused, and what was not."""

    def __init__(self) -> None:
        self.strictly: list[Action] = []
        self.at_all: list[Action] = []

    def check(self, action: Action, login: str, roster: Roster) -> None:
        """Stand in for ``permissions.check``."""
        self.strictly.append(action)
        permissions.check(action, login, roster)

    def refusal_for(self, action: Action, login: str, roster: Roster) -> str | None:
        """Stand in for ``permissions.refusal_for``."""
        self.at_all.append(action)
        return permissions.refusal_for(action, login, roster)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Return what keeps the rights that anything asks for, wherever it does."""
    kept = Asked()
    for name in ("check", "refusal_for"):
        real = getattr(permissions, name)
        for module in list(sys.modules.values()):
            if module is not permissions and getattr(module, name, None) is real:
                monkeypatch.setattr(module, name, getattr(kept, name))
    return kept


def test_it_is_said_of_every_command_how_it_is_called() -> None:
    assert {" ".join(path) for path, _ in typed_commands()} == TYPED.keys()


def typed_as(numberone: CommandLine, login: str, typed: str) -> Ran:
    """Type a command as somebody, however it ends."""
    arguments = ["--db", str(numberone.db), "--at", "2026-03-04T14:05Z", "--as", login]
    return numberone.ended([*arguments, *shlex.split(typed.format(login=login))])


@EACH_ROLE
def test_the_command_line_holds_to_the_table(
    numberone: CommandLine, place: Path, login: str
) -> None:
    assert place == numberone.db
    for path, command in typed_commands():
        ran = typed_as(numberone, login, TYPED[" ".join(path)])
        if command.action is None or may(login, command.action):
            assert not any(words in ran.err for words in SAID_OF_RIGHTS), (path, ran)
            continue
        assert ran.code == 1, (path, ran)
        assert ran.err == f"numberone: {refusal_for(command.action, login, ROSTER)}\n"


def test_every_command_names_the_right_that_is_asked_for(
    numberone: CommandLine, place: Path, asked: Asked
) -> None:
    assert place == numberone.db
    for path, command in typed_commands():
        asked.strictly.clear()
        asked.at_all.clear()
        typed_as(numberone, "lead", TYPED[" ".join(path)])
        if path in WITH_THE_RIGHT_OF_WHAT_THEY_REVERSE:
            continue
        if command.action in (None, Action.LOOK):
            assert set(asked.strictly) <= {Action.LOOK}, path
        else:
            assert command.action in (*asked.strictly, *asked.at_all), path


@EACH_ROLE
async def test_the_board_holds_to_the_table(place: Path, login: str) -> None:
    async with opened_board(place, actor=login) as board:
        situation = board.app.board.situation()
        while board.app.screen is not board.app.board:  # an engineer's begins with their view
            await board.press("escape")
        for name, command in ALL_COMMANDS.items():
            action = command.action
            refusal = None if action is None else refusal_for(action, login, ROSTER)
            assert situation.refusals.get(name) == refusal, name
            if refusal is None:
                continue
            assert command.disabled(situation) == refusal
            if name in COMMANDS:
                await board.press(DEFAULT_KEYS[name][0])
                assert refusal in " ".join(board.toasts), name
                board.app.clear_notifications()
