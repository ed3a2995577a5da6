"""Of which tickets lateness is said: of those that are owed an answer, and of running updates."""

from datetime import timedelta

import pytest

from policy.words import Status
from tests.examples import MONDAY, ticket

SECOND = timedelta(seconds=1)
PASSED = MONDAY - SECOND


@pytest.mark.parametrize(
    ("fields", "late"),
    [
        ({"respond_by": PASSED}, True),
        ({"respond_by": MONDAY}, False),  # answered now it would be within the contract
        ({"respond_by": None}, False),
        ({"respond_by": PASSED, "declined": "Not ours."}, False),
        (
            {"respond_by": PASSED, "status": Status.SOLVED},
            True,
        ),  # whoever waits still does
        ({"waiting_since": None, "status": Status.SOLVED}, False),
        # Nobody waits for work of our own, whatever a contract says of it.
        ({"respond_by": PASSED, "tier": "internal"}, False),
        # Of an update it is said, though the customer has their answer.
        ({"respond_by": PASSED, "update_by": PASSED, "waiting_since": None}, True),
        (
            {
                "respond_by": PASSED,
                "update_by": PASSED,
                "waiting_since": None,
                "status": Status.PENDING,
            },
            True,
        ),
        ({"respond_by": MONDAY, "update_by": MONDAY, "waiting_since": None}, False),
    ],
)
def test_what_is_late(fields: dict[str, object], late: bool) -> None:
    assert ticket(**fields).is_late(MONDAY) is late
