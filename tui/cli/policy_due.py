"""What ``policy due`` is asked, read word by word by the policy in force, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from policy.facts import Facts
from policy.refusal import Refusal, expected
from policy.words import OpenedBy, Priority, Severity, Status, Tier
from tui.cli.invocation import Invocation
from tui.cli.policy_words import meant, meant_facts
from tui.cli.render.ticket_documents import Document, instant

if TYPE_CHECKING:
    from policy.clocks.calendar import Interval
    from policy.contract.targets_due import TargetsDue
    from policy.rulebook.rulebook import Rulebook

# The rulebook is heavy: help and completion do without it, so each function imports what it needs.
# ruff: noqa: PLC0415

_BETWEEN = ".."


@dataclass(frozen=True, slots=True, kw_only=True)
class DueQuestion:
    """A ticket in the words that were typed; None and nothing for what was not said."""

    received: str
    priority: str | None
    tier: str | None
    severity: str | None
    facts: Sequence[str]
    zone: str | None
    status: Status
    paused: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAnswer:
    """The priority that counts, why it does where intake decided it, and what is due when."""

    priority: Priority | None
    because: str | None
    due: "TargetsDue | None"

    def document(self, names: Sequence[str]) -> Document:
        """Return it as JSON; ``names`` are the policy's targets."""
        due = self.due
        row = None if due is None else due.row
        contract = None if row is None else {"row": row.number, "calendars": list(row.calendars)}
        return {
            "priority": self.priority,
            "contract": contract,
            "respond_by": None if due is None else instant(due.respond_by),
            "aim_by": None if due is None else instant(due.aim_by),
            "targets": {
                name: None if due is None else instant(due.targets[name]) for name in names
            },
        }


def answered(invocation: Invocation, rulebook: "Rulebook", asked: DueQuestion) -> DueAnswer:
    """Return what is due when by a policy; nothing of it is where intake declines the ticket.

    Raises:
        Refusal: a time, a zone or a fact is none; the line names it.
        UsageError: a word is none of the policy's, or intake cannot decide for want of one.
    """
    from policy.contract.targets_due import targets_due
    from policy.contract.ticket_words import words_of

    words = rulebook.vocabulary
    tier = None if asked.tier is None else meant("--tier", asked.tier, words.tiers)
    severity = (
        None if asked.severity is None else meant("--severity", asked.severity, words.severities)
    )
    facts = meant_facts(asked.facts, words)
    received_at = invocation.typed("--received", asked.received)
    because, declined = None, False
    if asked.priority is not None:
        priority: Priority | None = meant("--priority", asked.priority, words.priorities)
    else:
        priority, because, declined = _by_intake(rulebook, tier, severity, facts)
    if declined:
        return DueAnswer(priority=None, because=because, due=None)
    due = targets_due(
        rulebook,
        words_of(tier=tier, priority=priority, severity=severity, facts=facts),
        received_at,
        zone=_zone(asked.zone),
        status=asked.status,
        paused=[_pause(invocation, text) for text in asked.paused],
    )
    return DueAnswer(priority=priority, because=because, due=due)


def _by_intake(
    rulebook: "Rulebook",
    tier: Tier | None,
    severity: Severity | None,
    facts: Facts,
) -> tuple[Priority | None, str, bool]:
    """Return what intake decides: a priority and why, and whether it declines."""
    from policy.intake.rules import decide

    lacking = []
    if tier is None and rulebook.vocabulary.tiers:
        lacking.append("tier")
    if severity is None and rulebook.vocabulary.severities:
        lacking.append("severity")
    decision = decide(rulebook, tier, severity, OpenedBy.CUSTOMER, facts)
    by_matrix = rulebook.matrix is not None and rulebook.matrix.of(facts) is not None
    if not by_matrix:
        for name in lacking:
            if any(getattr(rule.when, name) is not None for rule in rulebook.intake):
                raise click.UsageError(
                    f"Missing option '--{name}', without which intake decides no priority,"
                    " or '--priority'."
                )
    return decision.priority, decision.because, decision.declined is not None


def _zone(name: str | None) -> str | None:
    from policy.clocks.zones import zone_meant, zone_named

    if name is None:
        return None
    try:
        return zone_named(name).key
    except ValueError as error:
        raise Refusal(f"--zone: {error}{zone_meant(name)}") from None


def _pause(invocation: Invocation, text: str) -> "Interval":
    from policy.clocks.calendar import Interval

    begin, between, end = text.partition(_BETWEEN)
    if not between:
        raise Refusal(f"--paused: {expected('FROM..UNTIL', text)}")
    since, until = _typed(invocation, begin), _typed(invocation, end, end=True)
    if until < since:
        raise Refusal(f"--paused: {expected('an end that is not before its start', text)}")
    return Interval(since, until)


def _typed(invocation: Invocation, text: str, *, end: bool = False) -> datetime:
    return invocation.typed("--paused", text.strip(), end=end)
