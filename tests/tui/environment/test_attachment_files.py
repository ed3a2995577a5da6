"""Files from customers: written for their owner alone, over nothing, and not kept for ever."""

import os
from pathlib import Path

import pytest

from policy.refusal import Refusal
from tui.environment.attachment_files import forget_opened, save_new

_HOUR = 60 * 60


def test_nothing_is_written_over_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    names = [save_new(tmp_path / "new", "a/../log.txt", b"x").name for _ in range(3)]
    assert names == ["log.txt", "log (2).txt", "log (3).txt"]
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "log.txt").stat().st_mode & 0o777 == 0o600


def test_a_link_that_waits_for_it_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "log.txt").symlink_to(tmp_path / "elsewhere")
    assert save_new(tmp_path, "log.txt", b"x").name == "log (2).txt"
    assert not (tmp_path / "elsewhere").exists()


def test_where_it_cannot_be_written_the_line_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refusal, match="file/x: cannot be written: Not a directory"):
        save_new(tmp_path / "file" / "x", "log.txt", b"x")


def test_what_was_opened_is_forgotten_after_a_day(tmp_path: Path) -> None:
    old, young = (save_new(tmp_path / "7", name, b"x") for name in ("old.txt", "young.txt"))
    os.utime(old, (0, 0))
    os.utime(young, (20 * _HOUR, 20 * _HOUR))
    forget_opened(tmp_path, 25 * _HOUR)
    assert [each.name for each in (tmp_path / "7").iterdir()] == ["young.txt"]
