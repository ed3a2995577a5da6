"""Filters saved under a name, for the board and for ``list @name``."""

from pathlib import Path

import pytest

from policy.refusal import Refusal
from tests.tui.command_runs import CommandLine
from tui.environment.saved_filters import expanded, remove_filter, save_filter, saved_filters


def test_what_is_saved_is_found_again_in_the_order_of_the_names(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert saved_filters(folder) == {}
    save_filter(folder, "paying", " tier:enterprise,team ")
    save_filter(folder, "@mine", 'assignee:me "a login"')
    assert list(saved_filters(folder).items()) == [
        ("mine", 'assignee:me "a login"'),
        ("paying", "tier:enterprise,team"),
    ]
    save_filter(folder, "mine", "assignee:mo")
    remove_filter(folder, "paying")
    remove_filter(folder, "never-saved")
    assert saved_filters(folder) == {"mine": "assignee:mo"}


@pytest.mark.parametrize("name", ["", " ", "two words", "a:b", '"', "x" * 31, "a\x1b[31m", "@@"])
def test_a_name_is_one_word(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match=r"^name: .* expected one word of at most 30 letters"):
        save_filter(tmp_path, name, "p:p1")


def test_nothing_is_no_filter(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="there is no filter to save"):
        save_filter(tmp_path, "all", "  ")


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', "\x00"])
def test_a_file_that_holds_something_else_is_named_and_left_alone(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "filters.json"
    file.write_text(text, encoding="utf-8")
    for use in (
        lambda: saved_filters(tmp_path),
        lambda: save_filter(tmp_path, "a", "p:p1"),
        lambda: remove_filter(tmp_path, "a"),
    ):
        with pytest.raises(Refusal, match=r"filters.json: .*expected saved filters"):
            use()
    assert file.read_text(encoding="utf-8") == text


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    with pytest.raises(Refusal, match=r"filters.json: "):
        save_filter(tmp_path / "state", "a", "p:p1")


def test_a_name_stands_for_what_was_saved() -> None:
    filters = {"mine": "assignee:me", "paying": "tier:enterprise,team"}
    assert expanded(["@mine", "login", "@paying"], filters) == (
        "assignee:me login tier:enterprise,team"
    )
    with pytest.raises(Refusal, match="@x: no filter is saved as this; expected @mine or @paying"):
        expanded(["@x"], filters)
    with pytest.raises(Refusal, match="one is saved by: numberone filters save NAME QUERY"):
        expanded(["@x"], {})


def test_list_takes_the_name_of_a_saved_filter(numberone: CommandLine, tmp_path: Path) -> None:
    numberone.take_in({"tier": "enterprise"}, {"tier": "free"})
    save_filter(tmp_path / "state", "free-ones", "tier:free")
    found = numberone.json("list @free-ones")
    assert [each["id"] for each in found["tickets"]] == [2]
    assert numberone.json("list @free-ones ticket")["total"] == 1
    assert numberone.refused("list @mine").endswith("expected @free-ones")
