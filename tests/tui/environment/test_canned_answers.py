"""The folder of canned answers: where it is, what is in it, and what is wrong with a file."""

from pathlib import Path

import pytest

from policy.refusal import Refusal
from tui.environment.canned_answers import answers_folder, canned_answer, canned_answers


def configured(folder: Path, text: str = "") -> dict[str, str]:
    """Return an environment whose config file says something."""
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return {"NUMBERONE_CONFIG": str(folder / "config.toml")}


def test_it_is_beside_the_config_file_unless_that_says_otherwise(tmp_path: Path) -> None:
    assert answers_folder(configured(tmp_path)) == tmp_path / "answers"
    there = configured(tmp_path, '[answers]\nfolder = "shared/ready"\n')
    assert answers_folder(there) == tmp_path / "shared" / "ready"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[answers]\nfolder = 3\n", "answers.folder = 3; expected a folder's path"),
        ('[answers]\nfolders = "x"\n', 'answers."folders": unknown; expected folder'),
    ],
)
def test_a_wrong_config_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        answers_folder(configured(tmp_path, text))
    assert refused.value.reason.endswith(said)


def test_text_files_are_answers_and_wrong_ones_take_nothing_with_them(tmp_path: Path) -> None:
    (tmp_path / "Restart.txt").write_bytes("\ufeffDear $name,\r\nrestart.\n".encode())
    (tmp_path / "again.md").write_text("Again.", encoding="utf-8")
    (tmp_path / "picture.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "notes.doc").write_text("no", encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    found = {each.name: (each.text, each.wrong) for each in canned_answers(tmp_path)}
    assert list(found) == ["again", "empty", "folder", "picture", "Restart"]
    assert found["Restart"] == ("Dear $name,\nrestart.", None)
    assert found["picture"] == ("", "is not UTF-8 text")
    assert found["empty"][1] == "is empty"
    assert (found["folder"][1] or "").startswith("cannot be read")


def test_one_is_named_or_the_line_says_which_there_are(tmp_path: Path) -> None:
    (tmp_path / "again.md").write_text("Again.", encoding="utf-8")
    assert canned_answer(tmp_path, "again").text == "Again."
    with pytest.raises(Refusal, match=r'"agin": there is no such canned answer in .*; expected'):
        canned_answer(tmp_path, "agin")
    assert canned_answers(tmp_path / "nowhere") == ()
