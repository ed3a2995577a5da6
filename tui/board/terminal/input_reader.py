"""What a terminal sends, read into keys, pastes and clicks, whatever the bytes are.

A terminal sends more than keys: answers to questions that another program asked it, half of a
sequence on a slow line, a paste that never ends, bytes of another encoding. None of that may end
the board, and none may be taken for keys: ``t`` inside a late answer would take a ticket. So each
sequence is read whole here, by the grammar of ECMA-48, and what nobody knows is let go.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Final

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.phrasing.text import typeable

PASTE_PATIENCE: Final = 2.0
"""Seconds of silence after which a paste that was not closed is taken for all of it."""

PASTE_AT_MOST: Final = 1_000_000
"""How many characters of a paste are kept."""

_SEQUENCE_PATIENCE: Final = 1.0
"""Seconds that the rest of a sequence may be under way on a slow line."""

_ESCAPE: Final = "\x1b"
_PASTE_BEGINS: Final = "\x1b[200~"
_PASTE_ENDS: Final = "\x1b[201~"
_LONGEST_SEQUENCE: Final = 256
_NO_KEY: Final = "\x1b[<>"
"""How a sequence begins that is none of a key, however it goes on."""

_TWO: Final = 2

_CONTROL = re.compile(
    r"\x1b\[(?:M[^\x1b]{3}|\[[A-E]|<[-0-9;]*[mM]|(?!M|\[)[0-?]*[ -/]*[@-~])", re.DOTALL
)
_CONTROL_BEGUN = re.compile(r"\x1b\[(?:M[^\x1b]{0,2}|\[|<[-0-9;]*|[0-?]*[ -/]*)\Z", re.DOTALL)
_NUMBERED_KEY = re.compile(r"\x1b\[(\d*)[\d;:]*([~A-Z])")
_SINGLE_SHIFT = re.compile(r"\x1bO[ -~]")
_STRING_BEGINS = re.compile(r"\x1b[\]P_^X]")
_STRING_ENDS = re.compile(r"\x1b\\|\a|\x9c")
_CURSOR = re.compile(r"\x1b\[\d{1,5};\d{1,5}R")
_MOUSE = re.compile(r"\x1b\[<\d{1,3};\d{1,5};\d{1,5}[mM]")
_SYNCHRONIZED = re.compile(r"\x1b\[\?2026;[1-4]\$y")
_GROUND = re.compile(r"\]11;rgba?:([\da-fA-F]{1,4})/([\da-fA-F]{1,4})/([\da-fA-F]{1,4})(?:/.*)?")
_BRIGHTNESS: Final = (0.299, 0.587, 0.114)
"""How much red, green and blue each make for lightness to the eye."""

_UNTYPEABLE = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TerminalBackground(Message):
    """The terminal has said how light its ground is, from 0 for black to 1 for white."""

    def __init__(self, lightness: float) -> None:
        super().__init__()
        self.lightness = lightness


class InputReader:
    """Turns bytes into messages; ``clock`` gives seconds that only go up."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = _Parser()
        self._rest = ""
        self._came = clock()
        self._pasted: list[str] | None = None
        self._in_string = False
        self._string = ""

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield what the bytes complete; what they only begin is kept for the next ones."""
        yield from self.tick()
        self._came = self._clock()
        self._rest += self._decode(data)
        while self._rest:
            before = self._rest
            yield from self._next()
            if self._rest is before:
                return

    def tick(self) -> Iterator[Message]:
        """Yield what is complete because nothing came for a while: Esc alone, an open paste."""
        silence = self._clock() - self._came
        if self._pasted is not None:
            if silence >= PASTE_PATIENCE:
                self._pasted.append(self._rest)
                self._rest = ""
                yield self._end_paste()
        elif self._in_string:
            if silence >= constants.ESCAPE_DELAY:
                self._in_string, self._rest = False, ""
        elif self._rest and silence >= self._patience:
            yield from self._give_up()

    @property
    def _patience(self) -> float:
        """Seconds to wait for more: a person may have pressed Esc, or Esc and another key."""
        return constants.ESCAPE_DELAY if len(self._rest) <= _TWO else _SEQUENCE_PATIENCE

    def _next(self) -> Iterator[Message]:
        """Yield what stands first in the rest and take it off; leave what is not yet whole."""
        if self._pasted is not None:
            yield from self._go_on_pasting(self._pasted)
        elif self._in_string:
            yield from self._go_on_in_string()
        elif self._rest[0] != _ESCAPE:
            yield from self._take_keys(1)
        elif len(self._rest) > 1:
            yield from self._escaped()

    def _escaped(self) -> Iterator[Message]:
        rest = self._rest
        if rest[1] == _ESCAPE:
            yield from self._take_keys(1)
        elif rest.startswith(_PASTE_BEGINS):
            self._pasted, self._rest = [], rest[len(_PASTE_BEGINS) :]
        elif whole := (_CONTROL.match(rest) or _SINGLE_SHIFT.match(rest)):
            self._rest = rest[whole.end() :]
            yield from self._meant(whole.group())
        elif _STRING_BEGINS.match(rest):
            if len(rest) > _TWO:
                self._in_string, self._string, self._rest = True, rest[1], rest[_TWO:]
        elif rest[1] not in "[O":
            yield from self._take_keys(_TWO)
        elif len(rest) > _TWO and not _CONTROL_BEGUN.match(rest):
            yield from self._break_off()
        elif len(rest) > _LONGEST_SEQUENCE:
            self._rest = _NO_KEY

    def _take_keys(self, characters: int) -> Iterator[Message]:
        taken, self._rest = self._rest[:characters], self._rest[characters:]
        yield from self._parser.keys(taken)

    def _break_off(self) -> Iterator[Message]:
        """Let go of a sequence that something else broke into, and go on with that."""
        begun = re.match(r"\x1b[\[O][0-?]*[ -/]*", self._rest)
        taken = begun.group() if begun else self._rest[:_TWO]
        self._rest = self._rest[len(taken) :]
        yield from self._meant(taken)

    def _give_up(self) -> Iterator[Message]:
        """Read what nothing followed: a key that only begins as sequences do, or nothing."""
        rest, self._rest = self._rest, ""
        if len(rest) <= _TWO:
            yield from self._parser.keys(rest)
        else:
            yield from self._meant(rest)

    def _meant(self, sequence: str) -> Iterator[Message]:
        """Yield what a whole sequence means; nothing for one that nobody knows."""
        if sequence == "\x1b[I":
            yield events.AppFocus()
        elif sequence == "\x1b[O":
            yield events.AppBlur()
        elif _MOUSE.fullmatch(sequence):
            moved = self._parser.parse_mouse_code(sequence)
            if moved is not None:
                yield moved
        elif _SYNCHRONIZED.fullmatch(sequence):
            yield TerminalSupportsSynchronizedOutput()
        elif not _CURSOR.fullmatch(sequence) and _may_be_a_key(sequence):
            yield from self._parser.keys_of_sequence(sequence)

    def _go_on_pasting(self, pasted: list[str]) -> Iterator[Message]:
        end = self._rest.find(_PASTE_ENDS)
        if end >= 0:
            pasted.append(self._rest[:end])
            self._rest = self._rest[end + len(_PASTE_ENDS) :]
            yield self._end_paste()
            return
        held = _begun(self._rest, _PASTE_ENDS)
        whole, held_back = self._rest[: len(self._rest) - held], self._rest[-held:] if held else ""
        if whole:
            if sum(map(len, pasted)) < PASTE_AT_MOST:
                pasted.append(whole)
            self._rest = held_back

    def _end_paste(self) -> Message:
        text = "".join(self._pasted or ())[:PASTE_AT_MOST]
        self._pasted = None
        return events.Paste(typeable(text))

    def _go_on_in_string(self) -> Iterator[Message]:
        end = _STRING_ENDS.search(self._rest)
        said = self._rest[: end.start()] if end else self._rest.removesuffix(_ESCAPE)
        self._string = (self._string + said)[:_LONGEST_SEQUENCE]
        if end:
            self._in_string, self._rest = False, self._rest[end.end() :]
            if ground := _GROUND.fullmatch(self._string):
                yield TerminalBackground(_lightness(*ground.groups()))
        elif self._rest != _ESCAPE:
            self._rest = _ESCAPE if self._rest.endswith(_ESCAPE) else ""


class _Parser(XTermParser):
    """Textual's own tables of keys and buttons, asked for one whole sequence at a time."""

    def keys(self, typed: str) -> Iterator[Message]:
        """Yield a key of one character, or of Esc and one character: the key with alt."""
        if typed in ANSI_SEQUENCES_KEYS:
            yield from self.keys_of_sequence(typed)
        elif len(typed) > 1:
            yield from self._known(typed[-1], alt=True)
        else:
            yield from self._known(typed)

    def keys_of_sequence(self, sequence: str) -> Iterator[Message]:
        """Yield the keys of a sequence; none when it is not one of a key."""
        return self._known(sequence)

    def _known(self, sequence: str, *, alt: bool = False) -> Iterator[Message]:
        try:
            keys = list(self._sequence_to_key_events(sequence, alt=alt))
        except (ValueError, OverflowError):  # a number that is no character's
            return
        for key in keys:
            if key.key != Keys.Ignore and not _UNTYPEABLE.search(key.character or ""):
                yield key


def _lightness(*colours: str) -> float:
    """Return how light red, green and blue in hexadecimal digits are together, from 0 to 1."""
    shares = (int(each, 16) / float(16 ** len(each) - 1) for each in colours)
    return sum(share * weight for share, weight in zip(shares, _BRIGHTNESS, strict=True))


def _may_be_a_key(sequence: str) -> bool:
    """Return False for a number that Textual would take for a character, and no key has."""
    numbered = _NUMBERED_KEY.fullmatch(sequence)
    if numbered is None or sequence in ANSI_SEQUENCES_KEYS:
        return True
    return f"{numbered[1] or 1}{numbered[2]}" in FUNCTIONAL_KEYS


def _begun(text: str, sequence: str) -> int:
    """Return how many characters at the end of ``text`` may be the beginning of ``sequence``."""
    longest = min(len(text), len(sequence) - 1)
    return next((size for size in range(longest, 0, -1) if text.endswith(sequence[:size])), 0)
