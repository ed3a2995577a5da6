"""What a board is opened with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from policy.words import NoticeWay
from tui.environment.keymap import Keys

if TYPE_CHECKING:
    from store.desk import Desk, DeskReading

SendNext = Callable[["Desk"], object | None]
"""Sends at most one wait notice that is due; None when nothing was due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """How wait notices go out.

    ``session`` gives, to the one thread that uses it, what sends the next notice; ``way`` is how
    a notice is queued, and ``domain`` ends its Message-ID.
    """

    session: Callable[[], AbstractContextManager[SendNext]]
    way: NoticeWay
    domain: str


def nothing_to_post_with() -> Posting | None:
    """Return that no way is set up for notices to go out."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardContext:
    """What a board is opened with.

    ``clock`` gives aware UTC, ``zone`` is how times are shown (None: the terminal's), ``place``
    names the database in the header, and ``state_folder`` is where the board remembers.
    ``posting`` is called in a thread and gives how notices go out, None without a way; it may
    raise a Refusal. ``config`` names the file where a way is set up.
    """

    open_desk: "Callable[[], DeskReading]"
    clock: Callable[[], datetime]
    place: str
    state_folder: Path
    keys: Keys
    zone: tzinfo | None
    posting: Callable[[], Posting | None] = nothing_to_post_with
    config: str = "the config file"
