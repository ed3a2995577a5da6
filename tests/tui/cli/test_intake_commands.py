"""Every tier, severity and opener through the command line is decided as in docs/design.md."""

from itertools import product

from tests.tui.command_runs import CommandLine

TIERS = ["presales", "enterprise", "team", "free", "open_source", "internal"]
OPENERS = ["customer", "ce", "support", "engineering"]


def decided(tier: str, severity: int, opened_by: str) -> str:
    """Return what docs/design.md says, its rules in their order."""
    if tier == "internal":
        return "p3"
    if tier == "presales" and (opened_by != "ce" or severity > 1):
        return "declined"
    if severity <= 1:
        return f"p{severity}"
    if tier in ("enterprise", "team") and severity == 2:
        return "p2"
    return "p3"


def test_all_of_them_at_once(numberone: CommandLine) -> None:
    every = list(product(TIERS, range(4), OPENERS))
    numberone.take_in(
        *[
            {"tier": tier, "severity": severity, "opened_by": opened_by}
            for tier, severity, opened_by in every
        ]
    )
    tickets = numberone.json("list --all")["tickets"]
    found = {
        (each["tier"], each["severity"], each["opened_by"]): each["priority"] or "declined"
        for each in tickets
    }
    assert found == {combination: decided(*combination) for combination in every}
    assert numberone.json("list --declined")["total"] == 14
    assert numberone.json("next")["queue"] == len(every) - 14
    for ticket in tickets:
        assert (ticket["position"] is None) is (ticket["declined"] is not None)
        if ticket["declined"] is not None:
            exception = "p0 and p1 only" if ticket["opened_by"] == "ce" else "trial customers; a CE"
            assert exception in ticket["declined"]
