"""The log of faults: what it says of one, for whom, and how much of it is kept."""

import json
from importlib.metadata import version
from pathlib import Path

from tui.environment.fault_log import LOG, OLDER, faults_noted, note_fault


def _fault(words: str) -> BaseException:
    try:
        try:
            raise KeyError(words)
        except KeyError as error:
            raise ValueError(words) from error
    except ValueError as fault:
        return fault


def test_it_says_what_and_where_and_no_word_of_anybodys(tmp_path: Path) -> None:
    said = note_fault(tmp_path, _fault("Acme is on fire"))
    assert said == f"the details are in {tmp_path / LOG}"
    written = (tmp_path / LOG).read_text()
    assert "Acme" not in written
    (record,) = faults_noted(tmp_path)
    assert json.loads(written) == record
    assert record["version"] == version("numberone")
    last, before = record["faults"]
    assert (last["kind"], before["kind"]) == ("builtins.ValueError", "builtins.KeyError")
    assert (last["raised"][0]["module"], last["raised"][0]["function"]) == (__name__, "_fault")


def test_it_is_the_owners_alone_even_when_an_older_one_was_not(tmp_path: Path) -> None:
    (tmp_path / LOG).write_text("older\n")
    (tmp_path / LOG).chmod(0o644)
    note_fault(tmp_path, _fault("x"))
    assert (tmp_path / LOG).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / LOG).read_text().startswith("older\n")


def test_it_makes_room_and_one_older_is_kept(tmp_path: Path) -> None:
    for _ in range(3):
        (tmp_path / LOG).write_text("x" * 300_000)
        note_fault(tmp_path, _fault("x"))
        assert (tmp_path / LOG).stat().st_size < 1000
        assert (tmp_path / OLDER).stat().st_size == 300_000
    assert sorted(each.name for each in tmp_path.iterdir()) == [LOG, OLDER]


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in note_fault(tmp_path / "file" / "folder", _fault("x"))
