"""Subjects and bodies of a made-up developer tool's customers, composed of parts by chance."""

from random import Random
from string import Template
from typing import Final

from tui.demo.parts import Customer, read

USUAL: Final = "wording"
"""The file that says how the customers of a developer tool write."""


def subject(random: Random, customer: Customer, about: object, file: str = USUAL) -> str:
    """Return a subject in the customer's tongue; in another one than English it is about anything.

    In English it is ``about`` a severity of the handbook, or one of the words that the ``file``
    has subjects for.
    """
    if customer.tongue is not None:
        tongue = read("wording")["tongue"][customer.tongue]
        return Template(tongue["pattern"]).substitute(
            feature=random.choice(tongue["feature"]), trouble=random.choice(tongue["trouble"])
        )
    english = read(file)["english"]
    kind = "internal" if customer.tier == "internal" else str(about)
    return _filled(random, random.choice(english["subject"][kind]), file)


def has_subjects(about: object, file: str = USUAL) -> bool:
    """Return whether a file has subjects about something."""
    return str(about) in read(file)["english"]["subject"]


def body(random: Random, customer: Customer, file: str = USUAL) -> str:
    """Return a body in the customer's tongue, a few sentences long."""
    if customer.tongue is not None:
        return str(read("wording")["tongue"][customer.tongue]["body"])
    parts = read(file)["english"]["body"]
    if customer.tier == "internal":
        return _filled(random, random.choice(parts["internal"]), file)
    seen, tried, matters, closing = (
        random.choice(parts[part]) for part in ("seen", "tried", "matters", "closing")
    )
    return _filled(random, f"Hello,\n\n{seen} {tried}\n\n{matters} {closing}", file)


def _filled(random: Random, text: str, file: str) -> str:
    english = read(file)["english"]
    feature = random.choice(english["feature"])
    return Template(text).substitute(
        feature=feature,
        Feature=feature[0].upper() + feature[1:],
        when=random.choice(english["when"]),
        count=random.randrange(3, 90),
    )
