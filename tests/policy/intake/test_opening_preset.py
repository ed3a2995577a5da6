"""What a new ticket begins as: a CE's is a trial customer's that intake takes in."""

import pytest

from policy.intake.opening import OpeningPreset, opening_preset, why_mend
from policy.intake.rules import decide
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.words import OpenedBy, Role, Severity, Tier
from tests.examples import SEVERITIES, TIERS

NO_EXCEPTIONS = """
[[intake]]
when = { tier = ["presales"] }
decline = "We help customers only."
because = "Trials are not ours."
[[intake]]
when = {}
assign = "p3"
because = "All else waits."
"""


@pytest.mark.parametrize("role", [*Role, None])
def test_only_a_ce_has_one(role: Role | None) -> None:
    preset = opening_preset(handbook(), role)
    if role is Role.CE:
        assert preset == OpeningPreset("presales", 1, OpenedBy.CE)
    else:
        assert preset == OpeningPreset(None, None, OpenedBy.CUSTOMER)


def test_a_ces_is_taken_in_by_intake() -> None:
    preset = opening_preset(handbook(), Role.CE)
    assert preset.tier is not None
    assert preset.severity is not None
    assert decide(handbook(), preset.tier, preset.severity, preset.opened_by).declined is None


def test_where_intake_declines_every_trial_no_severity_is_meant() -> None:
    preset = opening_preset(load_rulebook(NO_EXCEPTIONS, "ours.toml"), Role.CE)
    assert preset == OpeningPreset("presales", None, OpenedBy.CE)


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("opened_by", OpenedBy)
def test_a_ce_alone_is_asked_to_mend_what_would_be_declined(
    role: Role | None, severity: Severity, tier: Tier, opened_by: OpenedBy
) -> None:
    decision = decide(handbook(), tier, severity, opened_by)
    why = why_mend(role, decision)
    assert (why is not None) is (role is Role.CE and decision.declined is not None)
    assert why is None or why.endswith(str(decision.declined))
