"""How this person's config file says that notices go out."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.environment.config import config_file, read_config, receipts_folder

if TYPE_CHECKING:
    from connections.delivery.outbox import Outbox


def configured_outbox(environment: Mapping[str, str] = os.environ) -> "Outbox":
    """Return the way out that the config file describes; none is set up without its tables.

    Raises:
        Refusal: the file or a value in it is wrong, or the mail server's password is nowhere.
    """
    from connections.delivery.outbox import outbox_of  # noqa: PLC0415 - heavy: the board paints before

    file = config_file(environment)
    return outbox_of(read_config(file), str(file), receipts_folder(environment))


def notice_domain(environment: Mapping[str, str] = os.environ) -> str:
    """Return what ends the Message-IDs of notices that are sent here, wherever they go out.

    Raises:
        Refusal: the config file or a value of its ``[mail]`` is wrong.
    """
    from connections.delivery.outbox import outbox_of  # noqa: PLC0415 - as above

    file = config_file(environment)
    return outbox_of(read_config(file), str(file), environment=None).domain


def can_post(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the config file says how notices go out.

    Raises:
        Refusal: it cannot be read.
    """
    from connections.delivery.outbox import WAYS  # noqa: PLC0415 - as above

    return bool(read_config(config_file(environment)).keys() & WAYS.keys())
