"""The themes, and what each role on the screen looks like in them.

Two for terminals with many colours, two for those with sixteen, which are the terminal's own, and
one without any: there, what is filled is shown in reverse.

Nothing on the board names a colour: it names a role, and this page says what the role looks like.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

from textual.theme import Theme

DARK: Final = "numberone-dark"
LIGHT: Final = "numberone-light"
DARK_16: Final = "numberone-dark-16"
LIGHT_16: Final = "numberone-light-16"
PLAIN: Final = "numberone-plain"


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
    block_key: str
    past_block: str
    veil: str
    badge_1: str = "#c62f3b"
    badge_2: str = "#ad5a0c"
    badge_3: str = "#2b67ad"
    badge_4: str = "#5b646d"
    badge_text: str = "#ffffff"
    badge_text_2: str = "#ffffff"
    badge_text_3: str = "#ffffff"
    badge_text_4: str = "#ffffff"
    selection: str = ""
    selection_text: str = ""


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
    block_key="#17494d",
    past_block="#3b3f46",
    veil="#14171a 70%",
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
    block_key="#12575a",
    past_block="#4b5058",
    veil="#fbfbf9 70%",
)

DIM_MARK: Final = "ansi_bright_black"
"""What is dim where there are sixteen colours: shown as the terminal's own text, and faint.

The colour itself is the ground of some schemes, and could not be read there.
"""

_DARK_16 = _Palette(
    ground="ansi_default",
    text="ansi_default",
    bright="ansi_bright_white",
    dim=DIM_MARK,
    rule=DIM_MARK,
    accent="ansi_cyan",
    rank_1="ansi_bright_red",
    rank_2="ansi_yellow",
    rank_3="ansi_bright_blue",
    rank_4=DIM_MARK,
    late="ansi_bright_red",
    soon="ansi_yellow",
    block="ansi_blue",
    block_text="ansi_bright_white",
    block_dim="ansi_white",
    block_late="ansi_bright_white",
    block_urgent="ansi_red",
    block_key="ansi_black",
    past_block="ansi_magenta",
    veil="transparent",
    badge_1="ansi_red",
    badge_2="ansi_yellow",
    badge_3="ansi_cyan",
    badge_4="ansi_white",
    badge_text="ansi_bright_white",
    badge_text_2="ansi_black",
    badge_text_3="ansi_black",
    badge_text_4="ansi_black",
    selection="ansi_cyan",
    selection_text="ansi_black",
)

_LIGHT_16 = replace(
    _DARK_16,
    bright="ansi_default",
    accent="ansi_blue",
    rank_1="ansi_red",
    rank_2="ansi_magenta",
    rank_3="ansi_blue",
    late="ansi_red",
    soon="ansi_magenta",
)
"""No yellow, cyan or bright colour stands on white."""

BADGES: Final = (_DARK_16.badge_1, _DARK_16.badge_2, _DARK_16.badge_3, _DARK_16.badge_4)
"""The grounds of badges in sixteen colours."""


def _theme(name: str, palette: _Palette, *, dark: bool) -> Theme:
    ansi = palette.ground == "ansi_default"
    colours = {field.name: getattr(palette, field.name) for field in fields(palette)}
    board = {f"board-{role.replace('_', '-')}": colour for role, colour in colours.items()}
    return Theme(
        name=name,
        dark=dark,
        ansi=ansi,
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
            "input-selection-background": palette.selection or f"{palette.accent} 30%",
            "scrollbar": palette.rule,
            "scrollbar-hover": palette.dim,
            "scrollbar-active": palette.accent,
            "scrollbar-background": palette.ground,
            "scrollbar-background-hover": palette.ground,
            "scrollbar-background-active": palette.ground,
            "scrollbar-corner-color": palette.ground,
            **_for_sixteen(palette),
        },
    )


def _for_sixteen(palette: _Palette) -> dict[str, str]:
    """Return what Textual asks of themes whose colours are a terminal's, and cannot be mixed."""
    if not palette.selection:
        return {}
    return {
        "ansi-background": "ansi_white" if palette is _LIGHT_16 else "ansi_black",
        "ansi-foreground": "ansi_black" if palette is _LIGHT_16 else "ansi_white",
        "input-selection-foreground": palette.selection_text,
        "screen-selection-background": palette.selection,
        "screen-selection-foreground": palette.selection_text,
    }


THEMES: Final = (
    _theme(DARK, _DARK, dark=True),
    _theme(LIGHT, _LIGHT, dark=False),
    _theme(DARK_16, _DARK_16, dark=True),
    _theme(LIGHT_16, _LIGHT_16, dark=False),
    _theme(PLAIN, _DARK_16, dark=True),
)

COUNTERPARTS: Final = {DARK: LIGHT, LIGHT: DARK, DARK_16: LIGHT_16, LIGHT_16: DARK_16, PLAIN: PLAIN}
"""The light theme of each dark one, and the other way round."""


def is_light(name: str) -> bool:
    """Return whether a theme is for a light ground."""
    return name in (LIGHT, LIGHT_16)


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
    "block-key": "bold $board-block-key on $board-block-text",
    "block-rank-1": "bold $board-badge-text on $board-badge-1",
    "block-rank-2": "bold $board-badge-text-2 on $board-badge-2",
    "block-rank-3": "bold $board-badge-text-3 on $board-badge-3",
    "block-rank-4": "bold $board-badge-text-4 on $board-badge-4",
}
"""The style of each role, in Textual's words."""
