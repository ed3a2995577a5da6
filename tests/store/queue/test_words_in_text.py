"""Folding: what is stored and what is looked up come out the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.queue.words_in_text import LONGEST_DOCUMENT, folded, plain, searchable, sought


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


def found(text: str, looked_up: str) -> bool:
    """Say whether a text has what is looked up, as an engine looks: phrases of whole tokens."""
    tokens = searchable(text).split()
    return all(
        any(has(tokens, phrase.split()) for phrase in either) for either in sought(looked_up)
    )


def has(tokens: list[str], phrase: list[str]) -> bool:
    """Say whether tokens stand side by side, the last by how it begins."""
    *whole, begun = phrase
    spots = range(len(tokens) - len(whole))
    return any(
        tokens[at : at + len(whole)] == whole and tokens[at + len(whole)].startswith(begun)
        for at in spots
    )


@pytest.mark.parametrize(
    ("text", "looked_up"),
    [
        ("E-Mail kommt nicht an", "email"),
        ("E\u2011Mail-Adresse", "email"),
        ("E-Mail-Adresse", "mailadresse"),
        ("Email-Adresse", "e-mail-adresse"),
        ("Email Adresse", "e-mail-adresse"),
        ("E-Mail Adresse", '"email adresse"'),
        ("Wi-Fi", "wifi"),
        ("WiFi", "Wi-Fi"),
        ("wi fi", "wi-fi"),
        ("AT&T", "att"),
        ("Node.js", "nodejs"),
        ("don’t", "dont"),
        ("dont", "don't"),
        ("snake_case", "snakecase"),
        ("soft\u00adhyphen", "softhyphen"),
        ("C++ build", "c++"),
        ("(C++)", "C++,"),
        ("C++11", "c++"),
        ("in C#.", "C#"),
        ("🔥 down", "🔥"),
        ("👩‍💻👍🏽", "👍"),
        ("❤\ufe0f", "❤"),
        ("really???", "???"),
        ("？？？", "???"),
        ("Order #4127 (100%)", "(100%)"),
        ("Order #4127 (100%)", "#4127"),
        ("Order #4127 (100%)", "100%"),
        ("see https://x.example/a?b=1", "b=1"),
        ("see https://x.example/a?b=1", "https://x.example/a?b=1"),
        ("ada@acme.example", "ADA@acme"),
        ("hello, world", '"hello world"'),
        ("hello world", "hello,"),
        ("hello world", "(world)"),
        ("登入++ 失敗", "登入++"),
        ("$100", "$1"),
        ("«quoted»", "«"),
        ("a b", "**b**"),
        ("ᚠᚢᚦ", "ᚠᚢ"),
    ],
)
def test_what_is_found(text: str, looked_up: str) -> None:
    assert found(f"before {text} after", looked_up.strip('"'))


@pytest.mark.parametrize(
    ("text", "looked_up"),
    [
        ("Compile C code", "C++"),
        ("C + +", "C++"),
        ("c ++x", "c++"),
        ("what? ?no", "??"),
        ("C code", "C#"),
        ("site down", "🔥"),
        ("site down?", "???"),
        ("4127", "#4127"),
        ("100 of", "100%"),
        ("e mail", "email"),
        ("Ångström", "ᚠ"),
        ("a.b.c.d.e.f.g", "abcdefg"),
    ],
)
def test_what_is_not_found(text: str, looked_up: str) -> None:
    assert not found(f"before {text} after", looked_up)


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "\x00\x1b", "\u0301", "\u202e\ufe0f"])
def test_what_nobody_sees_is_looked_for_nowhere(nothing: str) -> None:
    assert not sought(nothing)


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_a_text_says_is_found_in_it(text: str, more: str) -> None:
    for looked_up in text.split():
        assert found(f"{more} {text} {more}", looked_up)


@given(st.text(max_size=60))
def test_only_letters_and_digits_reach_an_engine(text: str) -> None:
    for written in (searchable(text), *(phrase for either in sought(text) for phrase in either)):
        assert written.replace(" ", "").isalnum() or not written


def test_a_text_of_compounds_alone_stays_short() -> None:
    text = "a-b-c-d-e-f " * 20_000
    assert len(searchable(text)) < 6 * LONGEST_DOCUMENT * 2
    assert found(text, "abcdef")
    assert len(searchable("x" * 300_000)) == LONGEST_DOCUMENT
