"""What files from outside are called here, and which of them may be opened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.conversation.file_names import LONGEST_NAME, harmless_name, why_not_opened


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("log.txt", "log.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\run.log", "run.log"),
        (".bashrc", "bashrc"),
        ("..", "attachment"),
        ("", "attachment"),
        ("a\x1b[2J\nb.txt", "a[2Jb.txt"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("nul.txt", "attachment nul.txt"),
        ("-rf", "rf"),
        ("~root", "root"),
        ("Bericht März.pdf", "Bericht März.pdf"),
        ("障害.png", "障害.png"),
        ("a:b?.csv", "ab.csv"),
    ],
)
def test_a_name_is_made_harmless(name: str, becomes: str) -> None:
    assert harmless_name(name) == becomes


def test_a_long_name_keeps_its_ending() -> None:
    assert harmless_name("x" * 300 + ".log") == "x" * (LONGEST_NAME - 4) + ".log"


@given(st.text(st.characters(), max_size=400))
def test_no_name_leads_anywhere(name: str) -> None:
    found = harmless_name(name)
    assert found == harmless_name(found)
    assert found
    assert len(found) <= LONGEST_NAME + len("attachment ")
    assert not found.startswith((".", "-", "~"))
    assert not set(found) & set('/\\:\n\r\t\0\x1b"<>|*?')


@pytest.mark.parametrize("name", ["log.txt", "Scan.PDF", "a.tar.png"])
def test_what_only_shows_something_is_opened(name: str) -> None:
    assert why_not_opened(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "run.sh",
        "a.pdf.exe",
        "start.desktop",
        "page.html",
        "macro.docm",
        "log",
        "x.svg",
        "a.png/.js",
    ],
)
def test_what_may_run_something_is_not(name: str) -> None:
    assert "never opened from here" in (why_not_opened(name) or "")
