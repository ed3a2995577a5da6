"""What a board is opened with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from policy.conversation.canned import CannedAnswer
from tui.environment.keymap import Keys
from tui.environment.own_commands import OwnCommand

if TYPE_CHECKING:
    from connections.delivery.alerting import Alerting
    from connections.delivery.outbox import Outbox
    from store.desk import DeskReading
    from tui.board.snapshot import FirstSight
    from tui.environment.sync_process import SyncProcess


def not_told(_: tzinfo) -> None:
    """Go on in the zone there is, whatever the person's is."""


def nothing_to_send_with() -> None:
    """Return that no way is set up for notices to go out."""
    return


def nobody_to_alert() -> "Alerting":
    """Return that nobody is alerted."""
    from connections.delivery.alerting import Alerting  # noqa: PLC0415 - not before the first frame

    return Alerting({})


def nothing_at_first() -> None:
    """Return that nothing can be shown before the desk is open."""
    return


def none_canned() -> tuple[CannedAnswer, ...]:
    """Return that there is no canned answer."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardContext:
    """What a board is opened with.

    ``clock`` gives aware UTC, ``zone`` is how times are shown and typed (None: the machine's), and
    ``learn_zone`` is told the person's own whenever it was read. ``place`` names the database in
    the header, and ``state_folder`` is where the board remembers.
    ``outbox`` is called in a thread and gives how notices go out, None without a way; it may
    raise a Refusal. ``alerting`` is called in the same way and gives who is alerted. ``worker``
    names this board to others that send, and ``config`` the file where a way is set up. ``sync``
    keeps in step with the connections beside the board, None where that is not this board's to do.
    ``canned`` is called in a thread and gives the canned answers, which are kept in ``canned_in``.
    ``first_sight`` is called in a thread before the desk is opened, and gives what can be shown of
    it at once; None where that is not known before. ``own`` are the person's own commands.
    """

    open_desk: "Callable[[], DeskReading]"
    clock: Callable[[], datetime]
    place: str
    state_folder: Path
    keys: Keys
    zone: tzinfo | None
    learn_zone: Callable[[tzinfo], object] = not_told
    outbox: "Callable[[], Outbox | None]" = nothing_to_send_with
    alerting: "Callable[[], Alerting]" = nobody_to_alert
    worker: str = "a board"
    config: str = "the config file"
    sync: "SyncProcess | None" = None
    canned: Callable[[], tuple[CannedAnswer, ...]] = none_canned
    canned_in: str = "the folder of the canned answers"
    first_sight: "Callable[[], FirstSight | None]" = nothing_at_first
    own: Mapping[str, OwnCommand] = field(default_factory=dict)
