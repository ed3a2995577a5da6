"""What a fuzzer sends to the board: keys, packets, pastes, clicks, sizes and pauses, by a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from tui.actions.screens import ALL_COMMANDS
from tui.environment.keymap import DEFAULT_KEYS

MARK: Final = "zqx"
"""A word that stands in every hostile text, so that it is known again wherever it comes out."""

HOSTILE: Final = (
    f"[/{MARK}]",
    f"ops[/{MARK}]",
    f"[@click=app.quit]{MARK}[/]",
    f"[red]{MARK}",
    f"[{MARK}",
    f"\\[{MARK}]\\",
    f"{MARK}[/][/][/]",
    f"[link='https://x.example']{MARK}",
    f"[$primary]{MARK}[bold",
    f"{MARK} \x1b[2J\x1b]0;{MARK}\a\x1b[31m",
    f"\u202e{MARK}\u2066\u200b\ufeff",
    f"{MARK} \U0001f469\u200d\U0001f680\U0001f1e9\U0001f1ea e\u0301\u0301\u0301 \u0915\u094d\u0937",
    f"{{{MARK}}} %s {{0}} $HOME `id` ; rm",
    f"<b>{MARK}</b> & **{MARK}** # {MARK}",
    f"{MARK}\u2028\u2029\x85 {MARK}",
    f"字{MARK}" * 30,
    f"'\"{MARK}\"' OR 1=1 --",
    f"{MARK}" + "\u0300" * 60,
    f'-{MARK}:"{MARK}',
    f"=cmd|'{MARK}'!A1",
)
"""Texts as no friend writes them."""

ENDS: Final = frozenset({"q", "\x11"})
"""What may end the board, as it should."""

_NAMED: Final = {
    "escape": "\x1b[27u", "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H",
    "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "f1": "\x1bOP",
    "ctrl+p": "\x10",
}  # fmt: skip
_EDITING: Final = (
    "\x7f",
    "\x1b[3~",
    "\x01",
    "\x05",
    "\x0b",
    "\x15",
    "\x17",
    "\x1b[1;2C",
    "\x1b[15~",
)
_NO_KEYS: Final = (
    b"\xff\xfe", b"\x00", b"\x1b", b"\x1b[", b"\x1b]11;rgb:1e/1e/1e\x1b\\", b"\x1bP>|x\x1b\\",
    b"\x1b[?2048;2$y", b"\x1b[48;9;9;1;1t", b"\x1b[99999999999u", b"\x1b[I", b"\x1b[O",
    b"\x1b[1;2;3z", b"\xc3",
)  # fmt: skip
_SIZES: Final = (
    (120, 36),
    (80, 24),
    (160, 45),
    (1, 1),
    (2, 2),
    (30, 10),
    (60, 5),
    (90, 14),
    (300, 3),
)
_BEYOND_A_WINDOW: Final = 1.3


@dataclass(frozen=True, slots=True)
class Packet:
    """Bytes that come together, and how many keys they are."""

    sent: bytes
    keys: int


@dataclass(frozen=True, slots=True)
class Size:
    """Another size of the terminal."""

    columns: int
    lines: int


@dataclass(frozen=True, slots=True)
class Pause:
    """So many seconds in which nothing is sent."""

    seconds: float


Sent = Packet | Size | Pause


def sent(chance: Random) -> Iterator[Sent]:
    """Yield without end what is sent; every command there is by its keys and by its name."""
    while True:
        kind = chance.random()
        if kind < 0.55:
            yield from _keys(chance)
        elif kind < 0.67:
            yield _text(chance)
        elif kind < 0.77:
            yield _by_name(chance)
        elif kind < 0.85:
            yield _click(chance)
        elif kind < 0.90:
            yield Packet(chance.choice(_NO_KEYS), 1)
        elif kind < 0.94:
            yield Size(*_size(chance))
        else:
            yield Pause(chance.choice([0, 0.001, 0.02, 0.12]))


def _keys(chance: Random) -> Iterator[Packet]:
    """Yield keys: one, several in a packet, or one that is held down."""
    kind = chance.random()
    if kind < 0.2:
        key = _key(chance)
        times = chance.randint(2, 12)
        yield Packet(key * times, times)
    elif kind < 0.5:
        several = [_key(chance) for _ in range(chance.randint(2, 6))]
        yield Packet(b"".join(several), len(several))
    else:
        yield Packet(_key(chance), 1)


def _key(chance: Random) -> bytes:
    kind = chance.random()
    if kind < 0.6:
        keys = DEFAULT_KEYS[chance.choice(sorted(DEFAULT_KEYS))]
        key = _NAMED.get(chosen := chance.choice(keys), chosen)
    elif kind < 0.8:
        key = chance.choice(["\r", "\x1b[27u", "\t", "\x1b[B", "\x1b[A", " ", *_EDITING])
    else:
        key = chr(chance.randint(0x20, 0x7E))
    return b"\r" if key in ENDS else key.encode()


def _text(chance: Random) -> Packet:
    text = chance.choice(HOSTILE)
    if chance.random() < 0.5:
        return Packet(text.replace("\x1b", "").encode(), len(text))
    paste = "\n".join(chance.choice(HOSTILE) for _ in range(chance.choice([1, 1, 3, 200])))
    return Packet(b"\x1b[200~" + paste.encode() + b"\x1b[201~", 1)


def _by_name(chance: Random) -> Packet:
    """Return the palette opened, a command's name typed into it, and Enter, all at once or not."""
    titles = [each.title for each in ALL_COMMANDS.values() if each.id != "quit"]
    title = chance.choice(sorted(titles))
    typed = f"\x10{title}" + "\r" * chance.randint(0, 4)
    return Packet(typed.encode(), len(typed))


def _click(chance: Random) -> Packet:
    column, line = (int(chance.random() ** 2 * _BEYOND_A_WINDOW * most) for most in (120, 36))
    button = chance.choice([0, 0, 0, 1, 2, 64, 65, 35])
    down = f"\x1b[<{button};{column};{line}M"
    up = f"\x1b[<{button};{column};{line}m" if button < 64 else ""
    return Packet((down + up).encode() * chance.choice([1, 1, 2]), 1)


def _size(chance: Random) -> tuple[int, int]:
    if chance.random() < 0.7:
        return chance.choice(_SIZES)
    return chance.randint(1, 250), chance.randint(1, 70)
