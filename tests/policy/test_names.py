"""Names compared by Unicode form, case and spacing, and by nothing else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.names import comparable, same_name


@pytest.mark.parametrize(
    "other",
    [
        unicodedata.normalize("NFD", "Café Zürich"),
        "café zürich",
        "CAFÉ ZÜRICH",
        " Café\u00a0 Zürich\t",
        "Café\u3000Zürich",
        "Ｃａｆé Zürich",
        "Caf\u200bé Zü\u00adrich\u200e",
    ],
)
def test_another_spelling_is_the_same_name(other: str) -> None:
    assert same_name("Café Zürich", other)


@pytest.mark.parametrize(
    "other", ["Cafe Zurich", "CaféZürich", "Café-Zürich", "Café Zürich 2", "", None]
)
def test_another_name_is_another(other: str | None) -> None:
    assert not same_name("Café Zürich", other)
    assert not same_name(other, "Café Zürich")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße GmbH", "STRASSE GMBH"),
        ("İstanbul Işık", "ISTANBUL IŞIK"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("❤\ufe0f Ltd", "❤ ltd"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        (None, None),
    ],
)
def test_case_and_form_of_every_script(one: str | None, other: str | None) -> None:
    assert same_name(one, other)


@given(st.text())
def test_what_is_compared_is_compared_the_same_again(name: str) -> None:
    compared = comparable(name)
    for form in ("NFC", "NFD"):
        assert comparable(unicodedata.normalize(form, name)) == compared
    assert comparable(compared) == compared
    assert comparable(f" {name}\u2003") == compared


@given(st.characters(exclude_categories=["Cs"]))
def test_case_makes_no_difference_to_any_sign(sign: str) -> None:
    assert comparable(sign.upper()) == comparable(sign.lower()) == comparable(sign)
