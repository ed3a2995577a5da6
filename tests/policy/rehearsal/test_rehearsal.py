"""A rehearsal against the same play written down plainly: equal in every figure."""

from dataclasses import replace
from random import Random

import pytest

from policy.refusal import Refusal
from policy.rehearsal.days_lived import Arrangement, CameIn, DaysLived
from policy.rehearsal.play import play
from policy.rehearsal.play_figures import PlayFigures, play_figures
from policy.rehearsal.rehearsed_file import refuse_lost_words, rehearsed_in
from policy.roster.members import Roster
from policy.rulebook.book import book
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.ticket import Requester
from policy.words import OpenedBy
from tests.policy.rehearsal.plain_play import PlainPlay
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, member, off, ticket

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
POLICIES = (("by tier", BY_TIER), ("one level", NO_URGENT))


def some_days(count: int, days: int, *, took: bool) -> DaysLived:
    """Return some days of tickets, a few of which came before."""
    random = Random(7)  # noqa: S311 - nothing here is a secret
    start = MONDAY - 9 * HOUR
    came = []
    for number in range(1, count + 1):
        received_at = start + (random.random() * (days + 1) - 1) * DAY
        if number % 3 == 0:  # several at once, on a quarter of an hour, and when people come
            received_at = start + random.randrange(days * 24) * HOUR
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
    return DaysLived(start=start, end=start + days * DAY, came=tuple(came))


def under(text: str, roster: Roster = TEAM) -> Arrangement:
    return Arrangement(rulebook=load_rulebook(text, "ours.toml"), roster=roster, margins={})


def figures(days: DaysLived, arrangement: Arrangement) -> PlayFigures:
    return play_figures(play(days, arrangement), arrangement.rulebook.waits.sure)


@pytest.mark.parametrize("policy", POLICIES, ids=[name for name, _ in POLICIES])
def test_it_is_equal_to_the_plain_play_in_every_figure(policy: tuple[str, str]) -> None:
    """People who come, leave and are out, several tickets at once, promises kept and broken."""
    days, arrangement = some_days(200, 7, took=policy[1] == NO_URGENT), under(policy[1])
    found = figures(days, arrangement)
    assert found == PlainPlay(days, arrangement).play()
    assert 0 < found.promises.kept <= found.promises.due < found.promises_made
    assert 0 < found.contract.within < found.contract.owed


def test_one_ticket_is_answered_as_a_person_would_reckon_it() -> None:
    """It came before Inga does at 9:00, takes her 40 minutes, and nobody else was there."""
    came = MONDAY - 2 * HOUR
    one = ticket(4, received_at=came, waiting_since=came)
    days = DaysLived(start=MONDAY - 9 * HOUR, end=MONDAY + DAY, came=(CameIn(one, 40.0, 60.0),))
    found = play(days, under("", Roster((member("inga"),))))
    (outcome,) = found.outcomes
    assert outcome.answered_at == MONDAY + 40 * MINUTE
    longest = play_figures(found, 0.9).longest_wait
    assert longest is not None
    assert (longest.ticket, longest.waited) == (4, 2 * HOUR + 40 * MINUTE)


def test_who_leaves_hands_over_what_is_left_of_it() -> None:
    """Inga has had it for half an hour when her day ends; Luz, who comes later, ends it."""
    came = MONDAY + 7 * HOUR + 30 * MINUTE
    one = ticket(4, received_at=came, waiting_since=came)
    team = Roster((member("inga"), member("luz", "Mon 20:00-23:00")))
    days = DaysLived(start=MONDAY, end=MONDAY + DAY, came=(CameIn(one, 50.0, 50.0),))
    (outcome,) = play(days, under("", team)).outcomes
    assert outcome.answered_at == MONDAY + 11 * HOUR + 20 * MINUTE


def test_who_is_at_capacity_today_is_not_so_for_all_of_the_days() -> None:
    days = some_days(40, 3, took=False)
    busy = tuple(replace(each, at_capacity=True) for each in TEAM.members)
    assert figures(days, under("", Roster(busy))) == figures(days, under("", Roster(TEAM.members)))


def test_whoever_no_longer_wants_it_stops_it() -> None:
    shares = []

    class Enough(Exception):  # noqa: N818 - raised to stop, and no error
        pass

    def step(share: float) -> None:
        shares.append(share)
        if len(shares) == 3:
            raise Enough

    with pytest.raises(Enough):
        play(some_days(9, 7, took=False), under(""), step)
    assert shares == sorted(shares)
    assert shares[-1] < 0.5


def test_a_file_is_told_by_what_it_says() -> None:
    team = '[[member]]\nlogin = "a"\nname = "A"\nrole = "lead"\nregion = "X"\ntimezone = "UTC"\n'
    assert rehearsed_in("", "empty.toml") == handbook()
    assert isinstance(rehearsed_in(team, "team.toml"), tuple)
    with pytest.raises(Refusal, match=r"both.toml: .*expected a policy or a team, not both"):
        rehearsed_in(f'[response]\np2 = "1h"\n{team}', "both.toml")
    with pytest.raises(Refusal, match=r"ours.toml: response.p2: expected"):
        rehearsed_in('[response]\np2 = "soon"', "ours.toml")


def test_words_that_the_policy_lacks_are_refused() -> None:
    (text,) = (each.text for each in book() if each.name == "canonical")
    other = load_rulebook(text, "canonical").vocabulary
    with pytest.raises(Refusal, match="2 tickets carry words that this policy does not know"):
        refuse_lost_words([ticket(1), ticket(2)], handbook().vocabulary, other)
    refuse_lost_words([ticket(1), ticket(2)], handbook().vocabulary, handbook().vocabulary)
