"""Text from outside as content: it is shown as it is, whatever markup it imitates."""

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from tui.board.widgets.styles import content, unmarked
from tui.phrasing.text import plain_line

_LIKE_MARKUP = st.lists(
    st.sampled_from(
        ["[", "]", "\\", "/", "@click=app.quit", "red", "$primary", "=", '"', "[/]", "x"]
    )
    | st.text(max_size=3)
).map("".join)


@given(_LIKE_MARKUP)
def test_any_text_as_markup_shows_that_text(text: str) -> None:
    shown = Content.from_markup(unmarked(text))
    assert shown.plain == plain_line(text)
    assert not shown.spans


@given(_LIKE_MARKUP)
def test_content_reads_nothing_as_markup(text: str) -> None:
    assert content([(plain_line(text), "")]).plain == plain_line(text)
