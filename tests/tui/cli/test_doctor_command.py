"""The doctor: everything that is wrong in a line each, with what to do, and no secret in it."""

import json
from pathlib import Path

import pytest

from tests.tui.cli.test_planted_secrets import COLUMNS
from tests.tui.command_runs import CommandLine
from tui.environment.fault_log import note_fault

PLANTED = "s3cr3t-planted"
LEAD = """[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-17:00"]
"""
IN_SUPPORT = LEAD.replace("mo", "ada").replace('"lead"', '"support"')


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Leave this machine's keyring alone."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    import keyring  # noqa: PLC0415 - it reads the variable when it is asked first
    from keyring.backends import fail  # noqa: PLC0415 - as above

    monkeypatch.setattr(keyring, "get_password", fail.Keyring().get_password)  # type: ignore[no-untyped-call] # untyped
    return monkeypatch


def lines(numberone: CommandLine) -> list[str]:
    ran = numberone("doctor", code=1)
    assert ran.out == ""
    assert PLANTED not in ran.err
    assert all(line.startswith("numberone: ") for line in ran.err.splitlines())
    return [line.removeprefix("numberone: ") for line in ran.err.splitlines()]


@pytest.mark.on_files("of a server it tells of roles, too; tests/store/access has those")
def test_a_sound_desk_has_nothing_wrong(numberone: CommandLine, away: pytest.MonkeyPatch) -> None:
    (numberone.folder / "team.toml").write_text(LEAD)
    numberone("team import team.toml")
    away.setenv("NUMBERONE_ALERTS_CHAT", "json://127.0.0.1:9/x")
    (numberone.folder / "config.toml").write_text("[alerts.chat]\n")
    assert numberone("doctor").out == "Nothing is wrong.\n"
    assert numberone.json("doctor") == {"problems": [], "shared": []}


@pytest.mark.on_files("of a server it tells of roles, too; tests/store/access has those")
def test_without_a_database_it_looks_at_the_rest(
    numberone: CommandLine, away: pytest.MonkeyPatch
) -> None:
    (numberone.folder / "config.toml").write_text("[kyes]\n")
    found = lines(numberone)
    assert found[-1].endswith("there is none yet; import your tickets")
    assert not numberone.db.exists()
    assert any("[kyes] is unknown" in line for line in found)
    assert away is not None


@pytest.mark.on_files("of a server it tells of roles, too; tests/store/access has those")
def test_each_thing_is_one_line_with_what_to_do(
    numberone: CommandLine, away: pytest.MonkeyPatch
) -> None:
    (numberone.folder / "team.toml").write_text(IN_SUPPORT)
    (numberone.folder / "c.toml").write_text(
        '[[connection]]\nname = "desk"\nkind = "request_tracker"\n'
        f'address = "https://desk.example"\n{COLUMNS}'
    )
    numberone("connections import c.toml")
    numberone("team import team.toml")
    away.setenv("NUMBERONE_ALERTS_CHAT", f"json://desk.example/{PLANTED}")
    (numberone.folder / "config.toml").write_text(
        "[alerts.chat]\n[alerts.pager]\n[mail]\n"
        'host = "mail.example.com"\nusername = "ada"\nsender_address = "a@example.com"\n'
        'sender_name = "A"\n'
    )
    found = lines(numberone)
    config = numberone.folder / "config.toml"
    for about, said in (
        ("mail", "NUMBERONE_SMTP_PASSWORD is not set"),
        ("alerts", f"{config}: [alerts.chat]: expected an address that begins with jsons://"),
        ("alerts", "no address for [alerts.pager]: NUMBERONE_ALERTS_PAGER is not set"),
        ("team", "nobody leads it"),
        ("policy", 'waits.company: notices to customers are signed "Example", as in the handbook'),
        ("connection desk", "mo is not logged in to desk: run numberone login desk"),
        ("connection desk", "it has never been read; run numberone sync"),
    ):
        assert [line for line in found if line.startswith(f"{about}: ") and said in line], said
    assert [each["about"] for each in numberone("doctor --json", code=1).json["problems"]] == [
        line.partition(": ")[0] for line in found
    ]


@pytest.mark.on_files("of a server it tells of roles, too; tests/store/access has those")
def test_an_alert_that_fails_is_told_since_when(
    numberone: CommandLine, away: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    away.setenv("NUMBERONE_ALERTS_CHAT", f"json://127.0.0.1:9/{PLANTED}")
    (tmp_path / "config.toml").write_text("[alerts.chat]\n")
    (tmp_path / "team.toml").write_text(LEAD)
    numberone("team import team.toml")
    numberone.take_in({"severity": 0})
    assert "cannot be reached" in numberone("deliver --once --at 2026-03-06T12:00:00Z").err
    assert lines(numberone) == [
        "alerts: chat has not been told since 2026-03-06T12:00:00Z, tried once: JSON cannot be"
        " reached; nothing was sent"
    ]


@pytest.mark.on_files("a server looks after its own files")
def test_a_file_that_others_may_read_is_told_and_a_groups_folder_is_not(
    numberone: CommandLine, away: pytest.MonkeyPatch
) -> None:
    assert away is not None
    (numberone.folder / "team.toml").write_text(LEAD)
    numberone("team import team.toml")
    assert numberone.db.stat().st_mode & 0o777 == 0o600
    numberone.db.chmod(0o640)
    (said,) = lines(numberone)
    assert said == f"files: {numberone.db}: may be read by its group; chmod go= {numberone.db}"
    numberone.db.chmod(0o604)
    assert "may be read by everybody on this machine" in lines(numberone)[0]
    numberone.db.chmod(0o660)
    numberone.folder.chmod(0o2770)
    assert numberone.json("doctor") == {"problems": [], "shared": [str(numberone.folder)]}


@pytest.mark.on_files("of a server it tells of roles, too; tests/store/access has those")
def test_a_report_to_send_says_where_it_failed_and_no_word_of_a_customers(
    numberone: CommandLine, away: pytest.MonkeyPatch
) -> None:
    assert away is not None
    numberone.take_in({"subject": "Acme burns", "customer": "Acme"})
    note_fault(numberone.folder / "state", ValueError("Acme burns"))
    numberone("doctor --report report.json", code=1)
    written = numberone.folder / "report.json"
    assert written.stat().st_mode & 0o777 == 0o600
    assert "Acme" not in written.read_text()
    report = json.loads(written.read_text())
    assert report["faults"][0]["faults"][0]["kind"] == "builtins.ValueError"
    assert (report["database"]["engine"], report["wrong"]) == ("sqlite", ["team"])
