"""What a terminal shows of the board: by its colours, its ground, and the signs that it knows."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColour

from tests.tui.pseudo_terminal import board_in_a_terminal
from tui.board.terminal.colours import ColourDepth, colour_depth, first_theme
from tui.board.terminal.input_reader import InputReader, TerminalBackground
from tui.board.terminal.plain_ascii import in_ascii, speaks_utf8
from tui.board.widgets.few_colours import SixteenColours, WithoutColour
from tui.board.widgets.theme import DARK, DARK_16, LIGHT, LIGHT_16, PLAIN

BLACK = TextualColour(0, 0, 0)


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({"TERM": "xterm-256color"}, ColourDepth.MANY),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, ColourDepth.MANY),
        ({"TERM": "xterm-16color"}, ColourDepth.SIXTEEN),
        ({"TERM": "linux"}, ColourDepth.SIXTEEN),
        ({"TERM": "vt100"}, ColourDepth.NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, ColourDepth.NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, ColourDepth.MANY),
    ],
)
def test_how_many_colours_there_are(environment: Mapping[str, str], depth: ColourDepth) -> None:
    assert colour_depth(environment) is depth


@pytest.mark.parametrize(
    ("environment", "remembered", "theme", "asks"),
    [
        ({"TERM": "xterm-256color"}, None, DARK, True),
        ({"TERM": "xterm-256color"}, LIGHT, LIGHT, False),
        ({"TERM": "xterm-256color"}, "of another program", DARK, True),
        ({"TERM": "xterm", "COLORFGBG": "0;15"}, None, LIGHT_16, True),
        ({"TERM": "xterm", "COLORFGBG": "15;default;0"}, None, DARK_16, True),
        ({"TERM": "xterm", "COLORFGBG": "0;15"}, DARK, DARK_16, False),
        ({"TERM": "linux"}, None, DARK_16, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, LIGHT, PLAIN, False),
    ],
)
def test_the_theme_to_begin_with(
    environment: Mapping[str, str], remembered: str | None, theme: str, asks: bool
) -> None:
    assert first_theme(environment, remembered) == (theme, asks)


@pytest.mark.parametrize(
    ("sent", "light"),
    [
        ([b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\"], [1.0]),
        ([b"\x1b]11;rgb:00/00/00\a"], [0.0]),
        ([b"\x1b]11;rgb:ff", b"ff/ffff/ffff\x1b", b"\\j"], [1.0]),
        ([b"\x1b]11;rgb:white\a", b"\x1b]10;rgb:ffff/ffff/ffff\a"], []),
    ],
)
def test_the_answer_of_the_terminal_is_read(sent: list[bytes], light: list[float]) -> None:
    reader = InputReader()
    messages = [each for packet in sent for each in reader.feed(packet)]
    told = [each.lightness for each in messages if isinstance(each, TerminalBackground)]
    assert told == pytest.approx(light)


def test_without_colours_what_is_filled_is_in_reverse_and_a_badge_in_it_is_not() -> None:
    styles = [Style.parse(each) for each in ("red", "white on blue", "bold white on red")]
    shown = WithoutColour().apply([Segment("x", each) for each in styles], BLACK)
    own = Style(color=Color.default(), bgcolor=Color.default())
    assert [each.style for each in shown] == [
        own, own + Style(reverse=True), own + Style(bold=True)
    ]  # fmt: skip


def test_what_is_dim_is_the_terminals_own_text_in_sixteen_colours() -> None:
    (shown,) = SixteenColours().apply([Segment("x", Style.parse("bright_black"))], BLACK)
    assert shown.style == Style(color=Color.default(), dim=True)


@pytest.mark.parametrize(
    ("environment", "encoding", "speaks"),
    [
        ({"LANG": "de_DE.UTF-8"}, "utf-8", True),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "utf-8", False),
        ({"LC_ALL": "", "LANG": "C.utf8"}, "utf-8", True),
        ({"LANG": "POSIX"}, "utf-8", False),
        ({"LANG": "de_DE.UTF-8@euro"}, None, True),
        ({}, "utf-8", True),
        ({}, "iso8859-1", False),
    ],
)
def test_where_utf8_is_spoken(
    environment: Mapping[str, str], encoding: str | None, speaks: bool
) -> None:
    assert speaks_utf8(environment, encoding) is speaks


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[1m┏━ Queue ━┓", "\x1b[1m+= Queue =+"),
        ("Instance d…  ▲ ⌂ ◷ ▇▅▁", "Instance d~  ^ ~ @ ##_"),
        ("Bjarki Stefánsson, Łódź, ﬁ", "Bjarki Stefansson, Lodz, ?"),
        ("灯台 ok 👍", "???? ok ??"),
        ("e\u0301", "e"),
    ],
)
def test_every_sign_has_one_of_ascii_as_wide(text: str, plain: str) -> None:
    assert in_ascii(text) == plain


def test_the_board_goes_with_the_ground_that_the_terminal_tells(tmp_path: Path) -> None:
    with board_in_a_terminal(tmp_path, environment={"COLORTERM": "truecolor"}) as terminal:
        terminal.until_written("\x1b]11;?\x1b\\")
        dark, light = "48;2;20;23;26", "48;2;251;251;249"
        assert dark in terminal.written
        assert light not in terminal.written
        terminal.press(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\")
        terminal.until_written(light)
        terminal.press(b"q")
        assert terminal.ended() == 0


def test_without_utf8_and_colours_there_is_neither(tmp_path: Path) -> None:
    environment = {"LC_ALL": "C", "NO_COLOR": "1"}
    with board_in_a_terminal(tmp_path, environment=environment) as terminal:
        terminal.press(b"q")
        assert terminal.ended() == 0
        assert terminal.written.isascii()
        assert re.search(r"\x1b\[(?:\d+;)*7[;m]", terminal.written)
        assert "38;" not in terminal.written
        assert "]11;" not in terminal.written
