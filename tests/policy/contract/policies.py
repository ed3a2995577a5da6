"""Policies for the tests of contracts: small ones, and tickets that meet their rows."""

from datetime import UTC, datetime

from policy.rulebook.rulebook import Rulebook, load_rulebook

WORDS = """
[tiers]
order = ["gold", "silver"]
paying = ["gold"]
[severities]
order = ["bad", "mild"]
[priorities]
order = ["first", "second"]
[[intake]]
when = { severity = ["bad"] }
assign = "first"
because = "It is bad."
[[intake]]
when = {}
assign = "second"
because = "It is mild."
"""
"""Two words of each kind, and intake by the severity."""

ALWAYS = """
[calendars.always]
timezone = "UTC"
open = ["Mon-Sun 00:00-24:00"]
"""
OFFICE = """
[calendars.office]
timezone = "customer"
otherwise = "Europe/Berlin"
open = ["Mon-Fri 09:00-17:00"]
"""


def policy(text: str, *, words: str = WORDS) -> Rulebook:
    """Return the policy of the small words, with ``text`` behind them."""
    return load_rulebook(words + text, "policy.toml")


def utc(text: str) -> datetime:
    """Return an instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
