"""What a terminal sends: keys are keys, and nothing else is taken for one, or ends the board."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tui.board.terminal.input_reader import PASTE_AT_MOST, PASTE_PATIENCE, InputReader

_KEY = "j"


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class _Line:
    """A terminal's line: bytes in, what they were read as out."""

    def __init__(self) -> None:
        self.clock = _Clock()
        self.reader = InputReader(self.clock)

    def send(self, *packets: bytes) -> list[str]:
        return [_told(each) for packet in packets for each in self.reader.feed(packet)]

    def wait(self, seconds: float) -> list[str]:
        self.clock.now += seconds
        return [_told(each) for each in self.reader.tick()]


def _told(message: object) -> str:
    if isinstance(message, events.Key):
        return message.key
    if isinstance(message, events.Paste):
        return f"paste {message.text!r}"
    return type(message).__name__


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (b"tq", ["t", "q"]),
        ("é字".encode(), ["é", "字"]),
        (b"\r\t\x7f", ["enter", "tab", "backspace"]),
        (b"\x10\x11\x03", ["ctrl+p", "ctrl+q", "ctrl+c"]),
        (b"\x1b[A\x1b[6~\x1bOB\x1b[Z", ["up", "pagedown", "down", "shift+tab"]),
        (b"\x1b[1;5C\x1b[15~\x1bOP", ["ctrl+right", "f5", "f1"]),
        (b"\x1b[113u\x1b[27u\x1b[13u", ["q", "escape", "enter"]),
        (b"\x1b[[A", ["f1"]),
        (b"\x1ba\x1bZ", ["alt+a", "alt+shift+z"]),
        (b"\x1bb", ["ctrl+left"]),
        (b"\x1b\x1b[A", ["escape", "up"]),
        (b"\x1b[I\x1b[O", ["AppFocus", "AppBlur"]),
        (b"\x1b[<0;4;7M\x1b[<0;4;7m\x1b[<64;4;7M", ["MouseDown", "MouseUp", "MouseScrollUp"]),
        (b"\x1b[?2026;2$y", ["TerminalSupportsSynchronizedOutput"]),
    ],
)
def test_keys_are_read_as_textual_names_them_in_one_packet_or_byte_by_byte(
    sent: bytes, keys: list[str]
) -> None:
    assert _Line().send(sent) == keys
    line = _Line()
    assert line.send(*(bytes([byte]) for byte in sent)) == keys


@pytest.mark.parametrize(
    "sent",
    [
        b"\x1b]12;rgb:1e1e/1e1e/1e1e\x1b\\",
        b"\x1b]12;rgb:1e1e/1e1e/1e1e\a",
        b"\x1bP1$r0 q\x1b\\",
        b"\x1bP>|tmux 3.4\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[?62;22c",
        b"\x1b[>84;0;0c",
        b"\x1b[12;40R",
        b"\x1b[?2048;2$y",
        b"\x1b[48;99999;99999;1;1t",
        b"\x1b[48;0;0;0;0t",
        b"\x1b[99999999999u",
        b"\x1b[55296u",
        b"\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18z",
        b"\x1b[M !!",
        b"\x1b[<35;99999999999;1M",
        b"\x1b[<0;-3;-4M",
        b"\x1b[201~",
        b"\x1b[" + b"9" * 5000 + b"A",
    ],
)
def test_what_is_no_key_is_let_go_and_the_next_key_is_read(sent: bytes) -> None:
    keys = [*(line := _Line()).send(sent, _KEY.encode()), *line.wait(10)]
    assert keys == [_KEY]
    line = _Line()
    assert line.send(*(bytes([byte]) for byte in sent + _KEY.encode())) == [_KEY]


def test_escape_alone_is_a_key_once_nothing_follows_it() -> None:
    line = _Line()
    assert line.send(b"\x1b") == []
    assert line.wait(0.05) == []
    assert line.wait(0.06) == ["escape"]
    assert line.send(b"\x1b[") == []
    assert line.wait(0.2) == ["left_square_bracket"]
    assert line.send(b"\x1b]") == []
    assert line.wait(0.2) == ["right_square_bracket"]


def test_a_sequence_may_come_in_pieces_on_a_slow_line_and_half_of_one_is_no_key() -> None:
    line = _Line()
    assert line.send(b"\x1b[1;") == []
    assert line.wait(0.5) == []
    assert line.send(b"5A") == ["ctrl+up"]
    assert line.send(b"\x1b[1;") == []
    assert line.wait(2) == []
    assert line.send(b"j") == ["j"]
    assert line.send(b"\x1b[12\x03") == ["ctrl+c"]


def test_a_string_that_never_ends_is_let_go_after_a_silence() -> None:
    line = _Line()
    assert line.send(b"\x1b]0;take", b" q q q") == []
    assert line.wait(0.2) == []
    assert line.send(b"j") == ["j"]


def test_bytes_that_are_no_text_are_replaced() -> None:
    line = _Line()
    assert len(line.send(b"\xff\xfe\xc3")) == 2
    assert line.send(b"j")[-1] == "j"
    assert line.send("é".encode()[:1]) == []
    assert line.send("é".encode()[1:]) == ["é"]
    assert line.send(b"\x00") == ["ctrl+@"]


def test_a_paste_is_one_whatever_is_in_it_and_in_how_many_pieces_it_comes() -> None:
    line = _Line()
    sent = b"\x1b[200~t\x1b[A \x00\x07q\nz\xff\x1b[201~j"
    assert line.send(sent) == ["paste 't[A q\\nz�'", "j"]
    assert _Line().send(*(bytes([byte]) for byte in sent)) == ["paste 't[A q\\nz�'", "j"]


def test_a_paste_that_is_never_closed_ends_after_a_silence() -> None:
    line = _Line()
    assert line.send(b"\x1b[200~hello q\x1b[20") == []
    assert line.wait(PASTE_PATIENCE / 2) == []
    assert line.send(b" again") == []
    assert line.wait(PASTE_PATIENCE) == ["paste 'hello q[20 again'"]
    assert line.send(b"j") == ["j"]


def test_of_a_huge_paste_no_more_is_kept_than_anyone_reads() -> None:
    line = _Line()
    piece = b"x" * 50_000
    told = [*line.send(b"\x1b[200~", *[piece] * 40), *line.send(b"\x1b[201~j")]
    assert [len(each) for each in told] == [PASTE_AT_MOST + len("paste ''"), 1]


@given(st.lists(st.binary(max_size=40) | st.sampled_from(
    [b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b[200~", b"\x1b[<", b"\x1b[M", b"\xc3", b";", b"$"]
)), st.randoms())  # fmt: skip
def test_nothing_ends_the_reader_and_it_always_hears_the_next_key(
    packets: list[bytes], chance: random.Random
) -> None:
    line = _Line()
    for packet in packets:
        line.send(packet)
        if chance.random() < 0.3:
            line.wait(chance.random() * 3)
    line.wait(10)
    assert line.send(b"j")[-1] == "j"
