"""Subjects and bodies of a made-up developer tool's customers, composed of parts by chance."""

from random import Random
from string import Template

from policy.words import Severity
from tui.demo.parts import Customer, read


def subject(random: Random, customer: Customer, severity: Severity) -> str:
    """Return a subject in the customer's tongue; in another one than English it has no severity."""
    if customer.tongue is not None:
        tongue = read("wording")["tongue"][customer.tongue]
        return Template(tongue["pattern"]).substitute(
            feature=random.choice(tongue["feature"]), trouble=random.choice(tongue["trouble"])
        )
    english = read("wording")["english"]
    kind = "internal" if customer.tier == "internal" else str(severity)
    return _filled(random, random.choice(english["subject"][kind]))


def body(random: Random, customer: Customer) -> str:
    """Return a body in the customer's tongue, a few sentences long."""
    if customer.tongue is not None:
        return str(read("wording")["tongue"][customer.tongue]["body"])
    parts = read("wording")["english"]["body"]
    if customer.tier == "internal":
        return _filled(random, random.choice(parts["internal"]))
    seen, tried, matters, closing = (
        random.choice(parts[part]) for part in ("seen", "tried", "matters", "closing")
    )
    return _filled(random, f"Hello,\n\n{seen} {tried}\n\n{matters} {closing}")


def _filled(random: Random, text: str) -> str:
    english = read("wording")["english"]
    feature = random.choice(english["feature"])
    return Template(text).substitute(
        feature=feature,
        Feature=feature[0].upper() + feature[1:],
        when=random.choice(english["when"]),
        count=random.randrange(3, 90),
    )
