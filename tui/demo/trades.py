"""What the made-up desk does for whom: the files in which its customers and tickets are told."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Trade:
    """The files, by name, that tell of customers, tickets, how many others, and how they say it.

    ``told`` are those of the tickets that are told one by one, the number one first.
    """

    cast: str
    told: tuple[str, ...]
    generated: str
    wording: str


DEVELOPER_TOOL: Final = Trade("cast", ("story", "engineering"), "generated_tickets", "wording")
"""The trade of the handbook's desk, and of every policy of which nothing else is known."""

_IN_THE_BOOK: Final = MappingProxyType(
    {
        "bu": "university",
        "ucsf": "university",
        "zbiroh": "town_hall",
        "skyltmax": "sign_shop",
        "wikimedia": "wikis",
    }
)


def trade_of(policy: str) -> Trade:
    """Return the trade of the policy of the book that is called so."""
    name = _IN_THE_BOOK.get(policy)
    return DEVELOPER_TOOL if name is None else Trade(name, (name,), name, name)
