"""Reads the parts of the demonstration that are kept as TOML beside this module."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import Any, Final
from unicodedata import normalize

from policy.words import Tier

LEAD: Final = "mariam"
"""Who leads the made-up team; whoever opens the demonstration acts as this person."""


@dataclass(frozen=True, slots=True)
class CastMember:
    """One person of the made-up team.

    ``share`` is their part of the work, in proportion; ``begins`` says how many hours after now
    their shift does, before now when negative.
    """

    login: str
    name: str
    role: str
    share: int
    begins: int
    backup: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody of the team may live; ``country`` is the one of its public holidays."""

    zone: str
    region: str
    country: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A made-up customer; ``tongue`` is what they write in, English when it is None.

    ``tier`` is one of the handbook's. Without a ``zone`` nobody says in which one they are.
    """

    name: str
    tier: Tier
    site: str
    people: tuple[str, ...]
    zone: str | None = None
    tongue: str | None = None

    def requester(self, random: Random) -> dict[str, object]:
        """Return the fields of an incoming ticket that say who writes for the customer."""
        name = random.choice(self.people)
        return {
            "requester_name": name,
            "requester_email": f"{_address_of(name)}@{self.site}.example",
            "requester_timezone": self.zone,
        }


@cache
def members() -> tuple[CastMember, ...]:
    """Return the team."""
    return tuple(CastMember(**member) for member in read("cast")["members"])


@cache
def homes() -> tuple[Home, ...]:
    """Return where the team's people may live."""
    return tuple(Home(**home) for home in read("cast")["homes"])


@cache
def customers(cast: str = "cast") -> dict[str, Customer]:
    """Return the customers that a file tells of, by name."""
    return {
        customer["name"]: Customer(
            **{**customer, "people": tuple(customer["people"]), "tier": tier}
        )
        for tier, listed in read(cast)["customers"].items()
        for customer in listed
    }


@cache
def read(name: str) -> dict[str, Any]:
    """Return the tables of one TOML file of the demonstration."""
    return tomllib.loads(resources.files("tui.demo").joinpath(f"{name}.toml").read_text("utf-8"))


def _address_of(name: str) -> str:
    """Return a name as the part before the @: plain letters only, as most addresses have."""
    letters = normalize("NFKD", name.replace("ı", "i").replace("ø", "o").replace("Ś", "S"))
    plain = letters.encode("ascii", "ignore").decode().lower().replace("'", "").split()
    return ".".join(plain) or "hello"
