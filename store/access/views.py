"""What the readers of a server see, as views: columns are called as in the JSON."""

# The statements are made of our own names alone.
# ruff: noqa: S608

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from policy.words import Mode
from store.schema.kept_names import IN_FORCE, MODE


def _moment(column: str) -> str:
    return f"'epoch'::timestamptz + {column} * interval '1 microsecond'"


_NOW = "(extract(epoch FROM now()) * 1000000)::bigint"

_MODE: Final = (
    "(SELECT coalesce("
    f"(SELECT value->>'mode' FROM setting WHERE name = '{MODE}'"
    " AND coalesce((value->>'until')::timestamptz > now(), true)),"
    f" (SELECT value->>'automatic' FROM setting WHERE name = '{IN_FORCE}'),"
    f" '{Mode.NORMAL.value}'))"
)  # fmt: skip
"""The mode set by hand while that is in force, else what it was by itself at the last change."""


_NONE: Final = "ff" * 8
"""What stands in a key for no deviation."""


def _key(mode: Mode) -> str:
    """Return the key of one order, without a deviation that is over by now."""
    key = f"place.{mode.value}_key"
    start = (
        f"(SELECT (value->'deviation_at'->>'{mode.value}')::integer FROM setting"
        f" WHERE name = '{IN_FORCE}')"
    )
    without = f"overlay({key} PLACING '\\x{_NONE}'::bytea FROM {start} + 1)"
    return (
        f"CASE WHEN place.deviation_until <= {_NOW} THEN coalesce({without}, {key}) ELSE {key} END"
    )


_IN_ORDER: Final = (
    f"CASE WHEN {_MODE} = '{Mode.HARD_CHOICES.value}' THEN {_key(Mode.HARD_CHOICES)}"
    f" ELSE {_key(Mode.NORMAL)} END"
)
_COLUMNS: Final = (
    "ticket.id, ticket.source, ticket.external_id, ticket.subject, customer.name AS customer,"
    " nullif(ticket.tier, '') AS tier, nullif(ticket.severity, '') AS severity, ticket.priority,"
    " ticket.status, ticket.assignee, ticket.opened_by,"
    + ",".join(
        f" {_moment(f'ticket.{name}')} AS {name}"
        for name in (
            "received_at",
            "first_response_at",
            "last_response_at",
            "waiting_since",
            "respond_by",
            "aim_by",
            "resolve_by",
        )
    )
    + f", {_MODE} AS mode"
)
_FROM: Final = (
    " FROM ticket_order AS place JOIN ticket ON ticket.id = place.ticket_id"
    " JOIN customer ON customer.id = ticket.customer_id"
)
_DAY: Final = "(" + _moment("at") + ")::date"

VIEWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "queue": (
            f"SELECT row_number() OVER (ORDER BY {_IN_ORDER}) AS position, {_COLUMNS}{_FROM}"
        ),
        "number_one": (
            f"SELECT 1::bigint AS position, {_COLUMNS}{_FROM} ORDER BY {_IN_ORDER} LIMIT 1"
        ),
        "report_days": (
            "WITH instants AS ("
            "SELECT 'arrived' AS what, received_at AS at FROM ticket WHERE declined IS NULL"
            " UNION ALL SELECT 'declined', received_at FROM ticket WHERE declined IS NOT NULL"
            " UNION ALL SELECT 'answered', first_response_at FROM ticket"
            " WHERE first_response_at IS NOT NULL AND declined IS NULL"
            " UNION ALL SELECT 'solved', solved_at FROM ticket"
            " WHERE solved_at IS NOT NULL AND declined IS NULL),"
            f" counted AS (SELECT {_DAY} AS day, what FROM instants),"
            " days AS (SELECT generate_series((SELECT min(day) FROM counted), current_date,"
            " interval '1 day')::date AS day),"
            f" stood AS (SELECT {_DAY} AS day, at, tickets FROM queue_count)"
            " SELECT days.day,"
            + ",".join(
                f" (SELECT count(*) FROM counted WHERE counted.day = days.day"
                f" AND what = '{what}') AS {what}"
                for what in ("arrived", "declined", "answered", "solved")
            )
            + ", greatest((SELECT max(tickets) FROM stood WHERE stood.day = days.day),"
            " (SELECT tickets FROM stood WHERE stood.day < days.day ORDER BY at DESC LIMIT 1),"
            " 0) AS longest_queue FROM days ORDER BY days.day"
        ),
    }
)
"""Each view by its name; the days are those of the reader's time zone."""
