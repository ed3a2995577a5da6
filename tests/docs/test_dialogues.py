"""What the docs show of a conversation with the program is what it says to these answers."""

import io
import re
import shutil
from pathlib import Path

import pytest

from tests.docs.a_desk import AS, NOW
from tests.docs.pages import PAGES, ROOT
from tests.tui.command_runs import CommandLine

_DIALOGUE = re.compile(r"^```text\n\$ numberone ([^\n]+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ANSWERED = re.compile(r"^ {2}(?P<label>.+) \[[^\]]*\]: (?P<answer>.*)$", re.MULTILINE)
_ASKED = re.compile(r"^ {2}(?P<label>.+) \[.*\]: ", re.MULTILINE)


def dialogues() -> list[tuple[str, str, str]]:
    """Return each dialogue: its page, what is typed, and what follows."""
    return [
        (page.name, found[1], found[2])
        for page in PAGES
        for found in _DIALOGUE.finditer(page.read_text("utf-8"))
    ]


def labels_asked(numberone: CommandLine, typed: str, answers: list[str]) -> str:
    """Return what is printed to these answers, up to where they end."""
    with pytest.MonkeyPatch.context() as keyboard:
        keyboard.setattr("sys.stdin", io.StringIO("".join(f"{each}\n" for each in answers)))
        options = ["--db", "desk.db", "--as", AS, "--at", NOW.isoformat()]
        return numberone.ended([*options, *typed.split()]).out


@pytest.mark.parametrize(
    ("page", "typed", "said"), dialogues(), ids=[page for page, _, _ in dialogues()]
)
def test_a_dialogue_is_what_is_said(
    desk: Path, numberone: CommandLine, page: str, typed: str, said: str
) -> None:
    """Enter is pressed where the page leaves a question out."""
    shutil.copytree(desk, numberone.folder, dirs_exist_ok=True)
    shown = [(each["label"], each["answer"]) for each in _ANSWERED.finditer(said)]
    assert shown, page
    answers: list[str] = []
    while shown:
        asked = [each["label"] for each in _ASKED.finditer(labels_asked(numberone, typed, answers))]
        answers.append(shown.pop(0)[1] if asked[-1] == shown[0][0] else "")
        assert len(answers) < 100, f"{page}: {shown[0][0]} is never asked"
    printed, place = f"\n{labels_asked(numberone, typed, answers)}", 0
    for part in said.split("…"):
        found = printed.find(part, place)
        assert found >= 0, f"{page} says {part!r}, and it is not in {printed}"
        place = found + len(part)


def test_there_is_one() -> None:
    assert (ROOT / "docs/write-your-own-policy.md").name in {page for page, _, _ in dialogues()}
