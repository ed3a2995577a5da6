"""Opens the board on the demonstration, with a mail server of its own, and keeps what arrived."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import tomli_w

from tui.board.app import run_board
from tui.demo.mail_sink import Arrived, MailSink
from tui.demo.short_staffed import ShortStaffed
from tui.environment.config import CONFIG_VARIABLE, config_file, read_config

if TYPE_CHECKING:
    from store.desk import Desk


def play(
    open_desk: "Callable[[], Desk]", *, clock: Callable[[], datetime], address: str, place: str
) -> Sequence[Arrived]:
    """Open the board on the database at ``address``, and return the mails sent from it.

    Meanwhile people go out. ``place`` names the database in the header. Nothing leaves this
    machine: the person's own settings for mail and chat are not used, their keys and commands are.

    Raises:
        Refusal: as the board does.
    """
    with MailSink() as sink, TemporaryDirectory(prefix="numberone-demo-") as folder:
        config = Path(folder) / "config.toml"
        config.write_text(tomli_w.dumps(_config(sink.port)), encoding="utf-8")
        environment = os.environ | {CONFIG_VARIABLE: str(config)}
        with ShortStaffed(address, clock):
            run_board(open_desk, clock=clock, place=place, environment=environment)
    return sink.arrived


def _config(port: int) -> Mapping[str, object]:
    own = read_config(config_file())
    mail = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender_address": "support@desk.example",
        "sender_name": "Support",
    }
    return {**{name: dict(own.get(name, {})) for name in ("keys", "commands")}, "mail": mail}
