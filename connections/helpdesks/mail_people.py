"""Who a mail is from and to, as far as its headers can be read, and which of them are us."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses
from typing import Final

from connections.helpdesks.mail_text import header_text, on_a_line

_ADDRESS: Final = re.compile(r"[^\s<>\"(),:;\[\]\\@]{1,64}@[^\s<>\"(),:;@\[\]\\]{1,190}")
_TAGGED: Final = re.compile(r"\+[^@]*@")
_QUOTES: Final = "\"' \t"
_MOST: Final = 100
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's mail address, in small letters, and their name, "" where it is not said."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """What stands behind the at sign."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class OurAddresses:
    """The addresses of the desk itself, the first one its own, and those of the team's members."""

    desk: tuple[str, ...]
    members: frozenset[str] = frozenset()
    _desk: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Compare without case, and without what stands behind a plus."""
        object.__setattr__(self, "_desk", frozenset(map(plain_address, self.desk)))
        object.__setattr__(self, "members", frozenset(map(plain_address, self.members)))

    def is_desk(self, address: str) -> bool:
        """Return whether it is an address of the desk."""
        return plain_address(address) in self._desk

    def is_us(self, address: str) -> bool:
        """Return whether it is an address of the desk or of a member of the team."""
        return self.is_desk(address) or plain_address(address) in self.members

    def others(self, people: Iterable[Person]) -> tuple[Person, ...]:
        """Return those who are not us, each once."""
        found = {each.address: each for each in people if not self.is_us(each.address)}
        return tuple(found.values())


def plain_address(address: str) -> str:
    """Return an address as it compares: in small letters, without a tag behind a plus."""
    return _TAGGED.sub("@", address.strip().casefold())


def people_in(headers: Sequence[str]) -> tuple[Person, ...]:
    """Return the people whom headers name, as the standard library keeps the headers.

    Of a header that is written wrongly, the addresses that can be made out.
    """
    found: list[Person] = []
    for raw in headers[:_MOST]:
        found += _read(raw)
    return tuple(found[:_MOST])


def first_person(mail: Message, name: str) -> Person | None:
    """Return the first whom a header names, or None."""
    return next(iter(people_in(headers_of(mail, name))), None)


def headers_of(mail: Message, name: str) -> list[str]:
    """Return the values of every header of that name, as they came."""
    wanted = name.lower()
    return [str(value) for key, value in mail.raw_items() if key.lower() == wanted]


def _read(raw: str) -> list[Person]:
    try:
        pairs = getaddresses([" ".join(raw.split())])
    except (ValueError, LookupError, TypeError, AttributeError):
        pairs = []
    people = [_person(name, address) for name, address in pairs]
    known = [each for each in people if each is not None]
    if known:
        return known
    return [Person(address.lower()) for address in _ADDRESS.findall(header_text(raw))]


def _person(name: str, address: str) -> Person | None:
    found = _ADDRESS.fullmatch(on_a_line(address))
    if found is None:
        return None
    called = header_text(name).strip(_QUOTES)[:_LONGEST_NAME]
    is_the_address = called.lower() == address.lower()
    return Person(found.group().lower(), "" if is_the_address else called)
