"""What a new ticket begins as for whoever opens it, until they say otherwise."""

from dataclasses import dataclass

from policy.intake.rules import IntakeDecision, decide
from policy.rulebook.rulebook import Rulebook
from policy.words import OpenedBy, Role, Severity, Tier


@dataclass(frozen=True, slots=True)
class OpeningPreset:
    """What is said of a ticket before its opener says anything; None where that says nothing."""

    tier: Tier | None
    severity: Severity | None
    opened_by: OpenedBy


def opening_preset(rulebook: Rulebook, role: Role | None) -> OpeningPreset:
    """Return the preset of a role, None being nobody's in the team.

    "`ce` opens tickets for trial customers": it is of the first trial tier, with the least severity
    that intake does not decline, as "exceptions are for p0 and p1 only".
    """
    if role is not Role.CE:
        return OpeningPreset(None, None, OpenedBy.CUSTOMER)
    tier = next(iter(rulebook.vocabulary.trial), None)
    taken_in = [
        severity
        for severity in rulebook.vocabulary.severities
        if decide(rulebook, tier, severity, OpenedBy.CE).declined is None
    ]
    return OpeningPreset(tier, taken_in[-1] if taken_in else None, OpenedBy.CE)


def why_mend(role: Role | None, decision: IntakeDecision) -> str | None:
    """Return why somebody of a role is asked to mend a ticket before it is opened, None otherwise.

    Whoever answers customers keeps what intake declines, and sends its reply. A CE has nobody to
    send it to but themselves, so that they are told before anything is written.
    """
    if role is not Role.CE or decision.declined is None:
        return None
    return f"intake would decline it: {decision.declined}"
