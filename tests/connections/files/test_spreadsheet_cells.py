"""Texts in cells: no spreadsheet takes one for a formula, and each comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.files.csv_lines import harmless, original

FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A"),
    *("%0A=1", "|cmd", "％1", "｜a"),
)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Instance down", "a=b", " =1", "1-2", '"quoted"'])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text() | st.sampled_from(FORMULAS) | st.text("'=+-@%|", max_size=4))
def test_every_text_comes_back(text: str) -> None:
    assert original(harmless(text)) == text
    assert harmless(text)[:1] not in {*"=+-@%|\t\r\n＝＋－＠％｜"}
