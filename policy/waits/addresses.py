"""Addresses that no notice reaches.

"An address that failed for good is told as such and not drafted again until it changes."
"""

from collections.abc import Collection
from typing import Final

from policy.ticket import Requester

CANNOT_BE_REACHED: Final = "cannot be reached at"
"""How the outcome of a notice begins whose address failed for good."""


def address_failure(address: str, why: str) -> str:
    """Return the outcome of a notice whose address failed for good, in one line."""
    return f"{CANNOT_BE_REACHED} {address}: {why}"


def address_compared(address: str | None) -> str:
    """Return an address as addresses compare: without case; "" for none."""
    return (address or "").strip().casefold()


def has_failed(requester: Requester | None, failed: Collection[str]) -> bool:
    """Return whether a requester's address is among those that failed, given as they compare."""
    return requester is not None and address_compared(requester.email) in failed
