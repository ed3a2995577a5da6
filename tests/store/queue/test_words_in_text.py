"""Folding: what is stored and what is looked up come out the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.queue.words_in_text import LONGEST_DOCUMENT, folded, plain


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Login FAILS!", "login fails"),
        ("Éclair CAFÉ cafe\u0301", "eclair cafe cafe"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("İstanbul", "istanbul"),
        ("ℌello ｆｕｌｌ ﬁle", "hello full file"),
        ("系统崩溃abc了", "系 统 崩 溃 abc 了"),
        ("カフェ", "カ フ ェ"),
        ("𠀀𠀁", "𠀀 𠀁"),
        ("x_y-z.1", "x y z 1"),
        ("🔥 fire\x1b[31m", "fire 31m"),
        ("", ""),
        ("!?…", ""),
    ],
)
def test_folding(text: str, tokens: str) -> None:
    assert folded(text) == tokens


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert plain(plain(text)) == plain(text)


@given(st.text(), st.text())
def test_the_tokens_of_a_piece_are_among_those_of_the_whole(before: str, after: str) -> None:
    whole = f"{before} Straße 系统 {after}"
    assert folded("Straße 系统") in folded(whole)


def test_a_very_long_text_is_cut() -> None:
    assert len(folded("a " * LONGEST_DOCUMENT)) <= LONGEST_DOCUMENT
