"""Parts of the engineer's view, and the context as one text, in every shape."""

from datetime import timedelta
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.engineering.handover import checklist, filled
from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook
from policy.ticket import HandOver
from store.engineering.engineering_models import AtEngineering, Engineering, EscalationCount
from tests.examples import WORDS, ticket
from tests.tui.boards import NOW
from tui.board.engineering.engineers_list import (
    EngineersRow,
    Shown,
    heading_spans,
    row_spans,
    shown_lines,
    timing_keys,
)
from tui.board.widgets.styles import spans_width
from tui.phrasing.engineering_facts import context_text, read_context_text

NAMES = handbook().engineering.context
TIMINGS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
TEXTS = st.text(alphabet="ab =#\n日🚢\u202e\x1b[/]", max_size=300)


def waiting(*texts: str | None, urgent: bool = False, **fields: object) -> AtEngineering:
    """Return a ticket with engineering and these answers."""
    rests = ticket(handed_over=HandOver(by="mo", at=NOW - timedelta(hours=30)), **fields)
    answers = tuple(zip(NAMES, texts, strict=False))
    return AtEngineering(ticket=rests, urgent=urgent, checklist=answers)


# The keys of the timings


def test_the_handbooks_timings_have_the_keys_one_expects() -> None:
    assert timing_keys(handbook().engineering.timings, "jka") == {
        "now": "n", "next_release": "r", "scheduled": "s", "backlog": "b", "wont_do": "w",
    }  # fmt: skip


@given(
    st.lists(TIMINGS | st.sampled_from(["now", "next", "no", "日后"]), unique=True),
    st.sets(st.sampled_from([*ascii_lowercase, "1", "enter"])),
)
def test_no_two_timings_share_a_key_and_none_is_taken(timings: list[str], taken: set[str]) -> None:
    keys = timing_keys(timings, taken)
    assert len(set(keys.values())) == len(keys)
    assert not taken & set(keys.values())
    assert set(keys) <= set(timings)
    assert all(len(key) == 1 and key.isascii() and key.isalnum() for key in keys.values())
    assert len(keys) >= min(len(timings), 9 - len(taken & {"1"}))


# What is drawn


@given(st.lists(st.none() | TEXTS, max_size=6), st.integers(20, 120), st.integers(1, 40))
def test_no_line_is_too_wide_and_the_context_is_seen_at_once_where_it_can_be(
    texts: list[str | None], cells: int, rows: int
) -> None:
    shown = Shown(
        waiting=waiting(*texts, subject="Search 🚢" * 9), card=None, now=NOW, zone=None,
        unfolded=False, words=WORDS,
    )  # fmt: skip
    lines, cut = shown_lines(shown, cells, rows)
    assert all(line.cell_length <= cells for line in lines)
    whole, whole_cut = shown_lines(
        Shown(waiting=shown.waiting, card=None, now=NOW, zone=None, unfolded=True, words=WORDS),
        cells,
        rows,
    )
    assert not whole_cut
    assert len(lines) <= len(whole)
    if cut:
        least = len(whole) - len(lines)
        assert least > 0
        assert any(" more" in line.plain for line in lines)
    if len(whole) <= rows:
        assert not cut


@given(TEXTS, st.integers(30, 160), st.booleans())
def test_a_row_is_exactly_as_wide_as_the_list(subject: str, cells: int, urgent: bool) -> None:
    row = EngineersRow(
        waiting=waiting(subject=subject, customer=subject, urgent=urgent),
        now=NOW, here=True, focused=True, words=WORDS,
    )  # fmt: skip
    assert spans_width(row_spans(row, cells)) == cells


@pytest.mark.parametrize("cells", [80, 100, 120, 160])
def test_the_heading_says_how_much_there_is_and_how_rare_it_should_be(cells: int) -> None:
    found = Engineering(
        total=1_204,
        waiting=(waiting(urgent=True), waiting()),
        timings=(),
        escalations=EscalationCount(cannot_wait=2, can_wait=11),
        words=WORDS,
    )
    spans = heading_spans(found, cells)
    assert spans_width(spans) == cells
    said = "".join(text for text, _ in spans)
    assert said.startswith(" engineering  1 cannot wait  1,203 to review ")
    assert "7 days:" in said
    assert said.endswith("can wait 11× " if cells < 100 else "could wait 11× ")


# The context as one text


@given(st.lists(st.none() | TEXTS, min_size=6, max_size=6))
def test_a_text_that_is_left_as_it_was_changes_nothing(texts: list[str | None]) -> None:
    before = ticket()
    for name, text in zip(NAMES, texts, strict=True):
        if not any(line.startswith("===") for line in (text or "").splitlines()):
            before = filled(before, handbook(), name, text or "")
    answers = checklist(before, handbook())
    read = read_context_text(context_text(before, answers), answers)
    again = before
    for name, text in read.items():
        again = filled(again, handbook(), name, text)
    assert again == before


def test_what_is_written_below_a_heading_is_its_answer() -> None:
    answers = checklist(filled(ticket(), handbook(), "logs", "502"), handbook())
    text = context_text(ticket(), answers)
    assert "=== logs ===\n502\n" in text
    written = text.replace("=== urgency ===\n", "=== urgency ===  \n\nA day.\n\n")
    assert read_context_text(written, answers) == {"urgency": "A day."}
    assert read_context_text("\ufeff=== logs ===\n", answers) == {"logs": ""}
    assert read_context_text("# only a remark\n\n", answers) == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("502\n=== logs ===", 'line 1: "502" stands above the first heading'),
        ("\n\n=== log ===", 'line 3: "log"; expected one of the headings environment, steps_to'),
        ("=== logs ===\n=== logs ===", 'line 2: the heading "logs" comes twice'),
    ],
)
def test_a_broken_text_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_context_text(text, checklist(ticket(), handbook()))
    assert refused.value.reason.startswith(reason)
