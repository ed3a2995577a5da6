"""Keeps what readers of the views cannot reckon: the mode as it is by itself, and how keys end."""

from typing import Any

from policy.ordering.order import order_of
from policy.words import Mode
from store.desk_reader import DeskReader
from store.schema.desk_settings import put_in_force


def keep_in_force(reader: DeskReader) -> None:
    """Write down what is in force at the end of a change, where a server's views are made."""
    now = _in_force(reader)
    if now != reader.settings.in_force:
        put_in_force(reader.connection, now)


def _in_force(reader: DeskReader) -> dict[str, Any]:
    orders = {mode: order_of(reader.rulebook, mode) for mode in Mode}
    return {
        "automatic": reader.automatic_with(reader.roster).mode,
        "deviation_at": {mode.value: order.deviation_starts for mode, order in orders.items()},
    }
