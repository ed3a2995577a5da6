"""The book: the policies that come with the program, each to start from."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from policy.refusal import Refusal, one_of, quoted
from policy.vocabulary import did_you_mean

_ENDING: Final = ".toml"


@dataclass(frozen=True, slots=True)
class BookPolicy:
    """A policy of the book: its name, what it is in a line, and the whole file."""

    name: str
    about: str
    text: str


@cache
def book() -> tuple[BookPolicy, ...]:
    """Return the policies of the book by name; the first comment of each says what it is."""
    folder = resources.files("policy").joinpath("book")
    files = [file for file in folder.iterdir() if file.name.endswith(_ENDING)]
    return tuple(
        _policy(file.name.removesuffix(_ENDING), file.read_text("utf-8"))
        for file in sorted(files, key=lambda each: each.name)
    )


def text_in_the_book(name: str) -> str:
    """Return the policy file of a name, as it is.

    Raises:
        Refusal: the book has none of that name; the line says which there are, and the nearest.
    """
    policies = {each.name: each.text for each in book()}
    if name not in policies:
        meant = did_you_mean(name, policies)
        raise Refusal(f"{quoted(name)}: expected {one_of(policies)}{meant}")
    return policies[name]


def _policy(name: str, text: str) -> BookPolicy:
    return BookPolicy(name, text.partition("\n")[0].removeprefix("#").strip(), text)
