"""HTML mail as text: what a reader sees of it, and nothing else."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connections.helpdesks.html_text import html_text

CASES = (
    ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    ("One.<br>Two.&nbsp;Three &lt;b&gt; &amp;lt;", "One.\nTwo. Three <b> &lt;"),
    ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a\tb"),
    ("<pre>a\n  b</pre>", "a\n  b"),
    ("<b>*not* _markup_ [x](y) # no</b>", "*not* _markup_ [x](y) # no"),
    (
        'See <a href="https://x.example/a?b=1&amp;c=2">this</a>.',
        "See this <https://x.example/a?b=1&c=2>.",
    ),
    ('<a href="https://x.example/">x.example</a>', "x.example"),
    (
        '<a href="https://evil.example">https://bank.example</a>',
        "https://bank.example <https://evil.example>",
    ),
    ('<a href="javascript:alert(1)">click</a>', "click"),
    ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
    ("<script>alert(1)</script><p>seen</p><style>p{}</style>", "seen"),
    (
        "Yes.<blockquote>Which?<blockquote>Old</blockquote>New</blockquote>No.",
        "Yes.\n> Which?\n>> Old\n>\n> New\n\nNo.",
    ),
    (
        "<p>Yes.</p><blockquote type=cite><p>One.</p><p>Two.</p></blockquote>",
        "Yes.\n> One.\n>\n> Two.",
    ),
    ("\ue000\ue001\ue002https://x.example\ue003own", "https://x.exampleown"),
    ("", ""),
)


@pytest.mark.parametrize(("markup", "text"), CASES)
def test_what_a_reader_sees(markup: str, text: str) -> None:
    assert html_text(markup) == text


@pytest.mark.parametrize("depth", [500, 1_100, 5_000])
def test_words_below_any_number_of_tags_are_read(depth: int) -> None:
    assert html_text(f"<p>first</p>{'<div>' * depth}deep{'</div>' * depth}").split() == [
        "first",
        "deep",
    ]


@pytest.mark.parametrize(
    "markup",
    ["<div>", "<blockquote>", "<a href='https://x'>", "<table><tr><td>", "<", "&", "<!--", "<a "],
)
def test_no_flood_of_tags_holds_us_up(markup: str) -> None:
    began = time.process_time()
    html_text(markup * 50_000)
    assert time.process_time() - began < 10


@given(st.text())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_markup(markup: str) -> None:
    html_text(markup)


@given(
    st.lists(
        st.sampled_from(
            (
                "<p>",
                "</p>",
                "<b",
                ">",
                "<blockquote>",
                "</blockquote>",
                "<a href=x>",
                "</a>",
                "&amp;",
                "word ",
                "\n",
                "<td>",
                "<pre>",
                "\ue000",
            )
        )
    ).map("".join)
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_mark_of_ours_is_left(markup: str) -> None:
    assert not set(html_text(markup)) & set("\ue000\ue001\ue002\ue003")
