"""What customers wrote stays text where Markdown is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tui.phrasing.text import escaped, linked, plain_line

_READER = MarkdownIt("gfm-like")


def text_of(markdown: str) -> str:
    """Return what a reader sees of a list item, which must be nothing but text."""
    item = next(token for token in _READER.parse(f"- About: {markdown}") if token.children)
    children = item.children or []
    assert {child.type for child in children} <= {"text", "text_special"}, markdown
    return "".join(child.content for child in children)


@pytest.mark.parametrize(
    "text",
    [
        "**bold** _it_ ~~gone~~ `code`",
        "[a link](https://example.com) ![x](y)",
        "https://example.com www.example.com mo@example.com",
        "<script>alert(1)</script> &amp; &#42;",
        "ends with hashes ##",
        "| a | table |",
        "back\\slash \\* $math$",
        "one\n# two\n- three",
        "\x1b[31mred \u202etxt",
        ":tada: a:b:c",
        "acme.com, 0.AL and 3.5",
    ],
)
def test_nothing_but_text_comes_of_it(text: str) -> None:
    assert text_of(escaped(text)) == "About: " + " ".join(plain_line(text).split())


@given(st.text(max_size=60))
def test_every_text_stays_what_it_is(text: str) -> None:
    line = " ".join(plain_line(text).split())
    assert text_of("x " + escaped(text)).strip() == f"About: x {line}".strip()


def test_a_link_stays_one_link() -> None:
    assert linked("https://example.com/a b>c") == "<https://example.com/a%20b%3Ec>"
