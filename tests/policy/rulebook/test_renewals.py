"""What becomes, at an upgrade, of a policy that a database kept, and what it lacks after it."""

from itertools import permutations

import pytest

from policy.rulebook.renewals import CHANGES, lacks, renewed
from policy.rulebook.rulebook import Rulebook, describe, handbook, load_rulebook

BEFORE = ["deviation", "priority", "tier", "respond_by", "received_at"]
OURS = ["deviation", "tier", "priority", "respond_by", "received_at"]
LACKS_OWED = (
    'order.hard_choices lacks "owed", which the handbook has since, so that those who wait for us'
    " stand before those who have their answer.",
)


def with_order(criteria: list[str], more: str = "") -> Rulebook:
    return load_rulebook(f"{more}\n[order]\nhard_choices = {criteria}", "ours.toml")


def test_what_was_the_handbooks_becomes_the_handbooks() -> None:
    kept = with_order(BEFORE, '[response]\np1 = "3h"')
    after = renewed(kept, describe(kept))
    assert after.order == handbook().order
    assert after == with_order(
        describe(handbook())["order"]["hard_choices"], '[response]\np1 = "3h"'
    )
    assert not lacks(after)


def test_what_a_team_wrote_itself_stays_and_is_told() -> None:
    kept = with_order(OURS)
    assert renewed(kept, describe(kept)) == kept
    assert lacks(kept) == LACKS_OWED


def test_what_has_it_already_lacks_nothing() -> None:
    assert not lacks(handbook())
    ours = with_order([*OURS, "owed"])
    assert not lacks(ours)
    assert renewed(ours, describe(ours)) == ours


def test_what_was_never_kept_is_the_handbooks_already() -> None:
    assert renewed(handbook(), {}) == handbook()


@pytest.mark.parametrize("criteria", list(permutations(BEFORE[1:])))
def test_every_order_of_a_teams_own_stays_but_the_earlier_handbooks(
    criteria: tuple[str, ...],
) -> None:
    kept = with_order(["deviation", *criteria])
    after = renewed(kept, describe(kept))
    assert (after != kept) == (list(criteria) == BEFORE[1:])
    assert bool(lacks(after)) == (list(criteria) != BEFORE[1:])


def test_each_change_names_what_the_handbook_says() -> None:
    for change in CHANGES:
        now = describe(handbook())[change.section][change.key]
        assert all(gained in now for gained in change.gained)
        assert now not in change.before
