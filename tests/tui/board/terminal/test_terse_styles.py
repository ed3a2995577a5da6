"""What is left out of styles changes nothing on the screen, and is most of what was written."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tui.board.terminal.terse_styles import TerseStyles

COLOURS = ["31", "97", "38;2;20;23;26", "38;5;200", "48;2;1;2;3", "48;5;1", "42", "103"]
WEIGHTS = ["1", "2", "3", "4", "7", "9"]
STYLES = st.lists(st.sampled_from(COLOURS + WEIGHTS), max_size=4).map(";".join)
TEXTS = st.sampled_from(
    ["a", "日本", " ", "\x1b[3;4H", "\r\n", "\x1b[?2026h", "x\x1b7y\x1b8", "\a"]
)
OFF = {
    "22": ("1", "2"), "23": ("3",), "24": ("4",), "27": ("7",), "29": ("9",),
    "39": ("foreground",), "49": ("background",),
}  # fmt: skip


def shown(written: str) -> list[tuple[str, frozenset[str]]]:
    """Return each character that is printed with the style it is printed in, as a terminal does."""
    style: dict[str, str] = {}
    found = []
    for token in re.finditer(
        r"\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]|(.)", written, re.S
    ):
        if token[1] is not None:
            apply(style, token[1].split(";"))
        elif token[2] is not None and token[2] not in "\r\n\a":
            found.append((token[2], seen(token[2], style)))
    return found


def seen(character: str, style: dict[str, str]) -> frozenset[str]:
    if character != " ":
        return frozenset(style.values())
    ground = {"background", "4", "7", "9", *({"foreground"} if "7" in style else ())}
    return frozenset(value for name, value in style.items() if name in ground)


def apply(style: dict[str, str], parts: list[str]) -> None:
    while parts:
        part = parts.pop(0)
        if part in ("", "0"):
            style.clear()
        elif part in ("38", "48"):
            taken = [part, *(parts.pop(0) for _ in range(4 if parts[0] == "2" else 2))]
            style["foreground" if part == "38" else "background"] = ";".join(taken)
        elif part in OFF:
            for name in OFF[part]:
                style.pop(name, None)
        elif int(part) >= 30:
            is_ground = part.startswith("4") or int(part) >= 100
            style["background" if is_ground else "foreground"] = part
        else:
            style[part] = part


@given(st.lists(st.lists(st.tuples(STYLES, TEXTS), max_size=6), max_size=4), st.booleans())
def test_every_character_looks_as_it_was_meant(
    frames: list[list[tuple[str, str]]], between: bool
) -> None:
    styles, meant, sent = TerseStyles(), "", ""
    for frame in frames:
        if between:  # an editor was open
            styles.forget()
            sent += "\x1b[1;4;35m"
        written = "".join(f"\x1b[{style}m{text}\x1b[0m" for style, text in frame)
        meant += written
        sent += styles.terse(written)
    assert shown(sent) == shown(meant)


def test_a_style_is_said_once() -> None:
    styles = TerseStyles()
    piece = "\x1b[38;2;1;2;3;48;2;4;5;6mab\x1b[0m"
    bold = "\x1b[1;38;2;1;2;3;48;2;4;5;6mcd\x1b[0m"
    assert styles.terse(piece * 2) == "\x1b[0;38;2;1;2;3;48;2;4;5;6mabab"
    assert styles.terse(f"\x1b[2;3H{piece}{bold}{piece}") == "\x1b[2;3Hab\x1b[1mcd\x1b[22mab"


def test_of_several_moves_the_last_one_counts() -> None:
    written = "\x1b[3;4Hx\x1b[3;5H\r\n\x1b[?2026l\x1b[4;4Hy\r\n"
    assert TerseStyles().terse(written) == ("\x1b[3;4H\x1b[0mx\x1b[?2026l\x1b[4;4Hy\r\n")
