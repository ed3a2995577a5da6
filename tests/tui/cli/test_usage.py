"""How commands are called: help, options before and after, bad input in one line, exit codes."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import pytest

from connections.files.formats import Format
from policy.refusal import Refusal
from tests.databases import execute
from tests.tui.command_runs import NOW, CommandLine
from tui.actions.commands import COMMANDS
from tui.cli import environment_commands
from tui.cli.app import program
from tui.cli.grammar import ShellCommand, ShellGroup
from tui.cli.invocation import login_of_the_system
from tui.cli.transfer_commands import IMPORT_FORMATS

ALL_COMMANDS = [
    "demo", "import", "next", "list", "show", "explain", "take", "assign", "reply", "heard",
    "status", "priority", "mode", "policy", "where", "completion", "team", "out", "back",
    "coverage", "capacity", "calendar", "waits", "deliver", "history", "undo", "redo",
    "context", "handover", "escalate", "review", "comment",
    "timer", "allocation",
    "report", "rehearse",
    "merge", "split", "handover-note",
    "mapping",
    "mcp", "serve",
    "deviate", "new", "at-capacity", "filters",
    "db", "export",
    "connections", "login", "sync", "messages", "attachments",
    "doctor", "watch",
]  # fmt: skip
OF_THE_POLICY = ["show", "check", "diff", "due"]


def commands(group: ShellGroup = program, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command, by the names one types for it."""
    for name, command in group.commands.items():
        yield (*names, name)
        if isinstance(command, ShellGroup):
            yield from commands(command, (*names, name))


class TestHelp:
    def test_the_overview_names_every_command(self, numberone: CommandLine) -> None:
        said = numberone.plain(["--help"]).out
        assert sorted(program.commands) == sorted(ALL_COMMANDS)
        for name in ALL_COMMANDS:
            assert f"\n  {name} " in said
        for option in ("--db", "--policy", "--as", "--at", "--json", "--version"):
            assert f"\n  {option} " in said

    def test_the_policys_commands(self, numberone: CommandLine) -> None:
        said = numberone.plain(["policy", "--help"]).out
        assert [name for name in OF_THE_POLICY if f"\n  {name} " in said] == OF_THE_POLICY

    @pytest.mark.parametrize("names", commands(), ids=" ".join)
    def test_every_command_has_an_example_and_help_for_each_option(
        self, numberone: CommandLine, names: tuple[str, ...]
    ) -> None:
        said = numberone.plain([*names, "--help"]).out
        assert f"Examples:\n  numberone {' '.join(names)}" in said
        assert "Options of all commands:" in said
        for each in command(names).params:
            assert not isinstance(each, click.Option) or each.help

    def test_words_are_the_boards_own(self, numberone: CommandLine) -> None:
        for name in ("take", "assign", "reply", "heard", "status", "priority", "deviate"):
            said = " ".join(numberone.plain([name, "--help"]).out.split())
            assert COMMANDS[name].help in said

    def test_nothing_is_wider_than_a_terminal(self, numberone: CommandLine) -> None:
        for names in commands():
            lines = numberone.plain([*names, "--help"]).out.splitlines()
            assert max(map(len, lines)) <= 80

    def test_help_makes_no_database(self, numberone: CommandLine) -> None:
        numberone("next --help")
        assert not numberone.db.exists()


def command(names: tuple[str, ...]) -> ShellCommand:
    """Return a command by the names one types for it."""
    group: ShellGroup = program
    for name in names[:-1]:
        found = group.commands[name]
        assert isinstance(found, ShellGroup)
        group = found
    last = group.commands[names[-1]]
    assert isinstance(last, ShellCommand)
    return last


class TestOptionsOfAllCommands:
    def test_before_and_after_the_command(self, numberone: CommandLine) -> None:
        db = ["--db", "other.db"]
        before = numberone.plain([*db, "--json", "--at", NOW, "next"])
        after = numberone.plain(["next", *db, "--json", "--at", NOW])
        assert before.json == after.json
        numberone.plain(["--json", "policy", "due", "--priority", "p0", "--received", NOW, *db])
        numberone.plain(["policy", "--json", "due", "--priority", "p0", "--received", NOW, *db])
        assert not numberone.db.exists()

    def test_after_wins_over_before_and_over_the_environment(
        self, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NUMBERONE_DB", "variable.db")
        monkeypatch.setenv("NUMBERONE_AS", "ada")

        def used(*arguments: str) -> str:
            return Path(numberone.plain([*arguments, "where", "--json"]).json["database"]).name

        assert used() == "variable.db"
        assert used("--db", "before.db") == "before.db"
        after = numberone.plain(["--db", "before.db", "where", "--db", "after.db", "--json"])
        assert Path(after.json["database"]).name == "after.db"
        by_hand = ["mode", "normal", "--reason", "x", "--until", "3h"]
        mode = numberone.plain([*by_hand, "--json"]).json
        assert mode["set_by"] == "ada"
        mode = numberone.plain(["--as", "bo", *by_hand, "--json"]).json
        assert mode["set_by"] == "bo"

    def test_at_is_now(self, numberone: CommandLine) -> None:
        ticket = {"severity": 0, "received_at": "2026-03-06T20:00:00Z"}
        numberone.take_in(ticket)
        numberone("reply 1 --at 2026-03-06T23:30:15.7Z")
        answered = numberone.json("show 1")["ticket"]["first_response_at"]
        assert answered == "2026-03-06T23:30:15Z"
        assert numberone.refused("next --at soon").startswith("--at: expected a time such as")

    def test_at_takes_what_a_person_types(self, numberone: CommandLine) -> None:
        ahead = numberone("mode normal --reason x --until 1h --at 2h --json").json["until"]
        assert datetime.fromisoformat(ahead) > datetime.fromisoformat(NOW)

    def test_the_login_given_is_checked(self, numberone: CommandLine) -> None:
        assert numberone.refused("next --as 'two words'").startswith("login: 'two words'")
        assert not numberone.db.exists()

    @pytest.mark.parametrize(
        ("name", "login"),
        [("mariam", "mariam"), ("Mo Salah", "MoSalah"), (" \t", "somebody"), ("x" * 99, "x" * 64)],
    )
    def test_the_systems_login_is_made_one(
        self, monkeypatch: pytest.MonkeyPatch, name: str, login: str
    ) -> None:
        monkeypatch.setenv("LOGNAME", name)
        assert login_of_the_system() == login

    def test_the_default_database_is_in_the_users_data_folder(self, numberone: CommandLine) -> None:
        said = numberone.plain(["where", "--json"]).json
        assert said == {
            "database": str(numberone.folder / "share" / "numberone" / "numberone.db"),
            "config": str(numberone.folder / "config.toml"),
            "state": str(numberone.folder / "state"),
            "policy": None,
            "changes": "told by the file",
            "limits": "timeout 60 s",
        }
        assert not (numberone.folder / "share").exists()


class TestWhere:
    def test_in_words_and_with_a_policy_file(self, numberone: CommandLine) -> None:
        said = numberone("where --policy ours.toml").out
        assert f"policy    {numberone.folder / 'ours.toml'}\n" in said
        assert "none given" in numberone("where").out
        assert not numberone.db.exists()

    def test_a_password_is_not_shown(self, numberone: CommandLine) -> None:
        url = "postgresql://mo:secret@example.com/desk"
        said = numberone.plain(["where", "--json", "--db", url]).json
        assert said["database"] == "postgresql://mo:***@example.com/desk"
        assert numberone.plain(["where", "--json", "--db", "sqlite:///a.db"]).json["database"] == (
            str(numberone.folder / "a.db")
        )


class TestDatabasesThatAreNone:
    pytestmark = pytest.mark.on_files("what lies there is no database")

    @pytest.mark.parametrize(
        "typed", ["next", "list", "take", "policy due --priority p0 --received 3h"]
    )
    def test_a_folder(self, numberone: CommandLine, typed: str) -> None:
        numberone.db.mkdir()
        assert "is a folder; expected a database file" in numberone.refused(typed)

    def test_a_text_file(self, numberone: CommandLine) -> None:
        numberone.db.write_text("Dear diary,\n" * 100)
        assert "is not a numberone database" in numberone.refused("next")
        assert numberone.db.read_text() == "Dear diary,\n" * 100

    def test_another_programs(self, numberone: CommandLine) -> None:
        connection = sqlite3.connect(numberone.db)
        connection.execute("CREATE TABLE songs (title)")
        connection.close()
        assert "another program" in numberone.refused("next")

    def test_made_by_a_newer_version(self, numberone: CommandLine) -> None:
        numberone("next")
        execute(numberone.db, "UPDATE alembic_version SET version_num = '9999'")
        assert "made by a newer numberone" in numberone.refused("next")

    @pytest.mark.parametrize(
        "address",
        [
            "/proc/desk.db",
            "/dev/null/desk.db",
            "sqlite://",
            "mysql://host/desk",
            "://",
            "nosuch://x",
        ],
    )
    def test_places_where_none_can_be(self, numberone: CommandLine, address: str) -> None:
        ran = numberone.plain(["--db", address, "next"], code=1)
        assert ran.err.startswith("numberone: ")
        assert ran.err.count("\n") == 1
        assert not ran.out


class TestUsage:
    @pytest.mark.parametrize(
        "typed",
        ["sing", "next now", "list --limit -1", "list --limit many", "list --all --declined",
         "show", "explain", "status 1", "status 1 asleep", "import", "import x --format xml",
         "policy", "policy sing", "completion", "completion csh", "--sing", "next --sing",
         "reply 1 --status x"],
    )  # fmt: skip
    def test_wrong_usage_ends_with_2(self, numberone: CommandLine, typed: str) -> None:
        ran = numberone(typed, code=2)
        assert "Usage: numberone" in ran.err
        assert not ran.out

    def test_what_was_typed_is_repeated_harmlessly(self, numberone: CommandLine) -> None:
        assert "\x1b" not in numberone("next", "\x1b[2J\u202e", code=2).err
        assert "\x1b" not in numberone("show", "\x1b[2J", code=1).err

    def test_bytes_that_are_no_text_are_refused(self, numberone: CommandLine) -> None:
        not_text = os.fsdecode(b"\xff")
        assert "is not text" in numberone("show", not_text, code=2).err
        assert "is not text" in numberone("list", not_text, code=2).err

    def test_formats_are_the_importers(self) -> None:
        assert [*Format] == [*IMPORT_FORMATS]

    def test_version(self, numberone: CommandLine) -> None:
        assert numberone.plain(["--version"]).out.startswith("numberone 0.")


class TestCompletion:
    @pytest.mark.parametrize(
        ("shell", "sign"),
        [("bash", "complete -o nosort"), ("zsh", "#compdef numberone"), ("fish", "complete ")],
    )
    def test_the_script(self, numberone: CommandLine, shell: str, sign: str) -> None:
        script = numberone.plain(["completion", shell]).out
        assert sign in script
        assert "_NUMBERONE_COMPLETE" in script

    @pytest.mark.parametrize(
        ("typed", "offered"),
        [
            ("numberone st", ["status"]),
            ("numberone status 1 on", ["on_hold"]),
            ("numberone policy d", ["diff", "due"]),
            ("numberone list --lim", ["--limit"]),
            ("numberone --po", ["--policy"]),
        ],
    )
    def test_what_the_shell_is_offered(
        self,
        numberone: CommandLine,
        monkeypatch: pytest.MonkeyPatch,
        typed: str,
        offered: list[str],
    ) -> None:
        words = typed.split()
        monkeypatch.setenv("_NUMBERONE_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", typed)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        said = numberone.plain([]).out
        assert [each.removeprefix("plain,") for each in said.splitlines()] == offered


class TestFailures:
    def test_a_fault_of_our_own_is_one_line_and_a_log(
        self, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken() -> Path:
            raise ZeroDivisionError("a secret")

        monkeypatch.setattr(environment_commands, "config_file", broken)
        said = numberone.refused("where")
        log = numberone.folder / "state" / "faults.log"
        assert said == f"a fault of its own, ZeroDivisionError; the details are in {log}"
        noted = log.read_text()
        assert "ZeroDivisionError" in noted
        assert "a secret" not in noted, "the log holds no text from outside"

    @pytest.mark.parametrize(
        ("error", "code", "line"),
        [
            (KeyboardInterrupt(), 130, "numberone: stopped\n"),
            (BrokenPipeError(), 0, ""),
            (PermissionError(13, "Permission denied", "x.db"), 1,
             "numberone: x.db: Permission denied\n"),
            (Refusal("two\nlines \x1b"), 1, "numberone: two⏎lines ␛\n"),
        ],
    )  # fmt: skip
    def test_every_other_end(
        self,
        numberone: CommandLine,
        monkeypatch: pytest.MonkeyPatch,
        *,
        error: BaseException,
        code: int,
        line: str,
    ) -> None:
        def failing() -> Path:
            raise error

        monkeypatch.setattr(environment_commands, "config_file", failing)
        monkeypatch.setattr("tui.cli.run._let_go_of_output", lambda: None)
        assert numberone("where", code=code).err == line

    @pytest.mark.parametrize("typed", ["", "demo"])
    def test_the_board_needs_a_terminal(self, numberone: CommandLine, typed: str) -> None:
        said = numberone.refused(typed)
        assert said == "the board needs a terminal; `numberone next` prints the number one"
        assert not numberone.db.exists()

    def test_a_demonstration_can_be_kept_without_a_terminal(self, numberone: CommandLine) -> None:
        kept = numberone("demo --keep kept.db")
        assert kept.out == "The demonstration is kept: numberone --db kept.db\n"
        assert numberone.json("next --db kept.db")["queue"] > 20
        assert numberone.refused("demo --keep kept.db").startswith("--keep: kept.db exists already")
