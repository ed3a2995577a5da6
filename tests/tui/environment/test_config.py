"""The config file and what is remembered: checked, and never in the way."""

from pathlib import Path

import pytest

from policy.refusal import Refusal
from tui.environment.config import (
    config_file,
    read_config,
    remember_theme,
    remembered_theme,
    state_folder,
)


def test_the_environment_names_both_places(tmp_path: Path) -> None:
    named = {"NUMBERONE_CONFIG": str(tmp_path / "c.toml"), "NUMBERONE_STATE": str(tmp_path / "s")}
    assert config_file(named) == tmp_path / "c.toml"
    assert state_folder(named) == tmp_path / "s"
    assert config_file({}).name == "config.toml"
    assert state_folder({}).name == "numberone"


def test_no_config_file_is_an_empty_one(tmp_path: Path) -> None:
    assert read_config(tmp_path / "config.toml") == {}


def test_a_config_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\ntake = "t"\n')
    assert read_config(tmp_path / "config.toml") == {"keys": {"take": "t"}}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"[keys\n", "expected TOML: "),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[kyes]\n", "[kyes] is unknown; expected [keys], "),
        (b'keys = "t"\n', "keys is not a table; expected [keys]"),
    ],
)
def test_a_wrong_config_file_is_one_line(tmp_path: Path, written: bytes, expected: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(written)
    with pytest.raises(Refusal) as refused:
        read_config(file)
    assert refused.value.reason.startswith(f"{file}: {expected}")
    assert "\n" not in refused.value.reason


def test_a_config_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        read_config(tmp_path)


def test_the_theme_is_remembered(tmp_path: Path) -> None:
    assert remembered_theme(tmp_path / "state") is None
    remember_theme(tmp_path / "state", "numberone-light")
    assert remembered_theme(tmp_path / "state") == "numberone-light"


def test_a_state_folder_that_cannot_be_written_is_let_be(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file is in the way")
    remember_theme(tmp_path / "state", "numberone-light")
    assert remembered_theme(tmp_path / "state") is None
