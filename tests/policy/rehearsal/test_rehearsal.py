"""A rehearsal against the same play written down plainly: equal in every figure."""

from random import Random

import pytest

from policy.rehearsal.days_lived import Arrangement, CameIn, DaysLived
from policy.rehearsal.play import play
from policy.rehearsal.play_figures import PlayFigures, play_figures
from policy.roster.members import Roster
from policy.rulebook.rulebook import load_rulebook
from policy.ticket import Requester
from policy.words import OpenedBy
from tests.policy.rehearsal.plain_play import PlainPlay
from tests.policy.teams import DAY, HOUR, MONDAY, member, off, ticket

TEAM = Roster(
    (
        member("inga"),
        member("luz", timezone="America/Sao_Paulo"),
        member("kenji", "Mon-Fri 20:00-02:00", timezone="Asia/Tokyo"),
        member("tomasz", "Mon-Sun 08:00-12:00"),
    ),
    (
        off("inga", MONDAY + DAY, MONDAY + 3 * DAY),
        off("luz", MONDAY + 2 * DAY + 5 * HOUR, MONDAY + 2 * DAY + 7 * HOUR),
        off("luz", MONDAY + 9 * DAY, None),
    ),
)
BY_TIER = """
[order]
normal = ["deviation", "tier", "received_at"]
[response]
p1 = "30m"
p2 = "3h"
[capacity]
calm_for = "2h"
"""
NO_URGENT = """
[capacity]
hard_choices_from = 2
[[capacity.levels]]
level = 2
cases_over = 1
contingency = "All hands."
"""
POLICIES = (("handbook", ""), ("by tier", BY_TIER), ("one level", NO_URGENT))


def a_fortnight(count: int, seed: int, *, took: bool) -> DaysLived:
    """Return two weeks of tickets, some of which came before."""
    random = Random(seed)  # noqa: S311 - nothing here is a secret
    start = MONDAY - 9 * HOUR
    came = []
    for number in range(1, count + 1):
        received_at = start + (random.random() * 15 - 1) * DAY
        if number % 3 == 0:  # several at once, on a quarter of an hour, and when people come
            received_at = start + random.randrange(14 * 24) * HOUR
        tier = random.choice(("presales", "enterprise", "team", "free", "open_source", "internal"))
        one = ticket(
            number,
            tier=tier,
            severity=random.choice((0, 1, 2, 2, 2, 3, 3)),
            opened_by=random.choice((OpenedBy.CUSTOMER, OpenedBy.CE)),
            customer=f"Customer {random.randrange(9)}",
            requester=Requester(name=f"Person {random.randrange(3)}"),
            received_at=received_at.replace(microsecond=0),
            waiting_since=received_at.replace(microsecond=0),
        )
        answer = random.choice((None, 0.0, 20.0, 45.5, 90.0))
        busy = random.choice((None, 15.0, 60.0, 200.25))
        came.append(CameIn(one, answer, busy) if took else CameIn(one))
    return DaysLived(start=start, end=start + 14 * DAY, came=tuple(came))


@pytest.mark.parametrize("took", [False, True])
@pytest.mark.parametrize("policy", POLICIES, ids=[name for name, _ in POLICIES])
def test_it_is_equal_to_the_plain_play_in_every_figure(policy: tuple[str, str], took: bool) -> None:
    """People who come, leave and are out, several tickets at once, promises kept and broken."""
    days = a_fortnight(260 if took else 420, 7, took=took)
    arrangement = Arrangement(rulebook=load_rulebook(policy[1], policy[0]), roster=TEAM, margins={})
    assert figures(days, arrangement) == PlainPlay(days, arrangement).play()


def figures(days: DaysLived, arrangement: Arrangement) -> PlayFigures:
    return play_figures(play(days, arrangement), arrangement.rulebook.waits.sure)
