"""The two themes, and what each role on the screen looks like in them.

Nothing on the board names a colour: it names a role, and this page says what the role looks like.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from textual.theme import Theme

DARK: Final = "numberone-dark"
LIGHT: Final = "numberone-light"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Palette:
    """The colours of one theme; every text colour has at least 4.5:1 against its ground."""

    ground: str
    text: str
    bright: str
    dim: str
    rule: str
    accent: str
    rank_1: str
    rank_2: str
    rank_3: str
    rank_4: str
    late: str
    soon: str
    block: str
    block_text: str
    block_dim: str
    block_late: str
    block_urgent: str
    past_block: str


_DARK = _Palette(
    ground="#14171a",
    text="#cfd4d9",
    bright="#ffffff",
    dim="#858d96",
    rule="#333a41",
    accent="#5ec4b6",
    rank_1="#ff6b6b",
    rank_2="#f2a154",
    rank_3="#6cabf0",
    rank_4="#9aa2ab",
    late="#ff7b72",
    soon="#e8b95a",
    block="#17494d",
    block_text="#ffffff",
    block_dim="#a9cfcd",
    block_late="#ffc2b8",
    block_urgent="#7a2026",
    past_block="#3b3f46",
)

_LIGHT = _Palette(
    ground="#fbfbf9",
    text="#2a2f35",
    bright="#000000",
    dim="#676e76",
    rule="#d3d6d4",
    accent="#0b7a70",
    rank_1="#c21f2c",
    rank_2="#a85400",
    rank_3="#1f62b5",
    rank_4="#646b73",
    late="#b8232c",
    soon="#8a5a00",
    block="#12575a",
    block_text="#ffffff",
    block_dim="#bfe0dd",
    block_late="#ffd2c9",
    block_urgent="#8f1d27",
    past_block="#4b5058",
)


def _theme(name: str, palette: _Palette, *, dark: bool) -> Theme:
    colours = {field.name: getattr(palette, field.name) for field in fields(palette)}
    board = {f"board-{role.replace('_', '-')}": colour for role, colour in colours.items()}
    return Theme(
        name=name,
        dark=dark,
        primary=palette.accent,
        accent=palette.accent,
        warning=palette.soon,
        error=palette.late,
        success=palette.accent,
        foreground=palette.text,
        background=palette.ground,
        surface=palette.ground,
        panel=palette.ground,
        variables={
            **board,
            "block-cursor-background": palette.ground,
            "block-cursor-foreground": palette.bright,
            "block-cursor-text-style": "bold",
            "block-hover-background": palette.ground,
            "border": palette.accent,
            "border-blurred": palette.rule,
            "input-cursor-background": palette.accent,
            "input-cursor-foreground": palette.ground,
            "input-selection-background": f"{palette.accent} 30%",
            "scrollbar": palette.rule,
            "scrollbar-hover": palette.dim,
            "scrollbar-active": palette.accent,
            "scrollbar-background": palette.ground,
            "scrollbar-background-hover": palette.ground,
            "scrollbar-background-active": palette.ground,
            "scrollbar-corner-color": palette.ground,
        },
    )


THEMES: Final = (_theme(DARK, _DARK, dark=True), _theme(LIGHT, _LIGHT, dark=False))

ROLES: Final[Mapping[str, str]] = {
    "": "",
    "bright": "bold $board-bright",
    "strong": "bold",
    "dim": "$board-dim",
    "rule": "$board-rule",
    "frame": "$board-accent",
    "frame-title": "bold $board-bright",
    "title": "$board-text",
    "heading": "bold $board-accent",
    "mark": "bold $board-accent",
    "key": "bold $board-accent",
    "key-off": "$board-dim",
    "name": "bold $board-bright",
    "late": "$board-late",
    "late-strong": "bold $board-late",
    "soon": "bold $board-soon",
    "loud": "bold $board-soon",
    "rank-1": "bold $board-rank-1",
    "rank-2": "bold $board-rank-2",
    "rank-3": "bold $board-rank-3",
    "rank-4": "$board-rank-4",
    "block": "$board-block-text",
    "block-strong": "bold $board-block-text",
    "block-dim": "$board-block-dim",
    "block-late": "bold $board-block-late",
    "block-key": "bold $board-block on $board-block-text",
    "block-rank-1": "bold #ffffff on #c62f3b",
    "block-rank-2": "bold #ffffff on #ad5a0c",
    "block-rank-3": "bold #ffffff on #2b67ad",
    "block-rank-4": "bold #ffffff on #5b646d",
}
"""The style of each role, in Textual's words."""
