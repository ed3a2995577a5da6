"""Who is alerted from here, as this person's config file says."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from tui.environment.config import config_file, read_config

if TYPE_CHECKING:
    from connections.delivery.alerting import Alerting

BY_A_LOOP: Final = "loop"
BY_A_BOARD: Final = "board"


def configured_alerting(sender: str, environment: Mapping[str, str] = os.environ) -> "Alerting":
    """Return who is alerted by a loop, or by a board, as the config file says.

    Raises:
        Refusal: the file or a value in it is wrong, or an address is nowhere.
    """
    from connections.delivery.alert_settings import AlertSender  # noqa: PLC0415 - heavy, as below
    from connections.delivery.alerting import alerting_of  # noqa: PLC0415 - the board paints before

    file = config_file(environment)
    return alerting_of(read_config(file), str(file), AlertSender(sender), environment)
