"""Text from outside: nothing in it is obeyed, and it never takes more cells than it is given."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.phrasing.text import left_aligned, plain_block, plain_line, right_aligned, shortened, width

NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x00\x07\x1b\x7f\x85\x9b\n\r\t\u2028\u202e\u2066\u200d\u200c\ufe0f\u0301"),
        st.sampled_from("👨👩❤👍🏽子شक्[]/"),
        st.characters(categories=["Cs", "Cf", "Cc", "Mn"]),
    )
)
_OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINS_LETTERS = "\u200c"


def obeyed(text: str) -> list[str]:
    return [each for each in text if category(each) in _OBEYED and each != _JOINS_LETTERS]


@given(NASTY)
def test_no_control_or_bidirectional_character_survives_in_a_line(text: str) -> None:
    assert not obeyed(plain_line(text))


@given(NASTY)
def test_a_block_keeps_only_its_line_breaks(text: str) -> None:
    assert not obeyed(plain_block(text).replace("\n", ""))


@given(NASTY)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert plain_line(plain_line(text)) == plain_line(text)


@given(NASTY, st.integers(0, 40))
def test_a_shortened_text_never_takes_more_cells(text: str, cells: int) -> None:
    fitting = shortened(plain_line(text), cells)
    assert width(fitting) <= cells
    assert fitting == plain_line(text) or fitting.endswith("…") or cells == 0


@given(NASTY, st.integers(0, 40))
def test_an_aligned_text_takes_exactly_its_cells(text: str, cells: int) -> None:
    line = plain_line(text)
    assert width(left_aligned(line, cells)) == cells
    assert width(right_aligned(line, cells)) == cells


@given(NASTY)
def test_the_width_is_that_of_the_characters_one_by_one(text: str) -> None:
    line = plain_line(text)
    assert width(line) == sum(width(character) for character in line)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("[/] [URGENT] [bold]", "[/] [URGENT] [bold]"),
        ("a\x1b[31mred", "a␛[31mred"),
        ("a\x00b\x7fc\x9bd", "a␀b␡c⟨U+009B⟩d"),
        ("one\r\ntwo\nthree\u2028four\tfive", "one⏎two⏎three⏎four five"),
        ("\u202etxt.exe", "⟨U+202E⟩txt.exe"),
        ("pay\u200bpal ad\u200dmin", "pay⟨U+200B⟩pal ad⟨U+200D⟩min"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("lone \ud800", "lone ⟨U+D800⟩"),
        ("\uffff", "⟨U+FFFF⟩"),
        ("\u0301accent", "◌\u0301accent"),
        ("👍🏽 👩🏽\u200d💻 🏽", "👍 👩💻 ▪"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f", "👨👩👧 ❤"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("北京 مرحبا नमस्ते é", "北京 مرحبا नमस्ते é"),
    ],
)
def test_a_line_shows_what_it_does_not_obey(text: str, shown: str) -> None:
    assert plain_line(text) == shown


def test_a_block_keeps_its_lines() -> None:
    assert plain_block("a\r\nb\tc\x1b\n\n") == "a\nb   c␛\n\n"


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("Instance down", 13, "Instance down"),
        ("Instance down", 10, "Instance…"),
        ("北京云端科技", 5, "北京…"),
        ("北京云端科技", 4, "北…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
    ],
)
def test_shortening_never_divides_what_belongs_together(
    text: str, cells: int, expected: str
) -> None:
    assert shortened(text, cells) == expected
