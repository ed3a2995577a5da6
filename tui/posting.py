"""How this person's config file says that notices go out."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.settings import config_file, read_config, receipts_folder

if TYPE_CHECKING:
    from channels.delivering import Post


def configured_post(environment: Mapping[str, str] = os.environ) -> "Post":
    """Return the way out that the config file describes; none is set up without its tables.

    Raises:
        Refusal: the file or a value in it is wrong, or the mail server's password is nowhere.
    """
    from channels.delivering import post_of  # noqa: PLC0415 - heavy: the board paints before

    file = config_file(environment)
    return post_of(read_config(file), str(file), receipts_folder(environment))
