"""A rehearsal of a year that was lived through at a desk, against the same play written plainly."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from bench.year import Year
from policy.refusal import Refusal
from policy.rehearsal.play_figures import PlayFigures
from policy.roster.team_file import load_team
from policy.rulebook.rulebook import handbook, load_rulebook
from store.desk import Desk
from store.queue.query import Query, Scope
from tests.policy.rehearsal.plain_play import PlainPlay
from tests.store.conftest import OpenDesk

DAYS = timedelta(days=21)
OURS = load_rulebook(
    '[order]\nnormal = ["deviation", "tier", "received_at"]\n[response]\np2 = "1h"\np3 = "4h"\n'
    '[capacity]\ncalm_for = "6h"',
    "ours.toml",
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give the desk after a year of few tickets, in which people did what they do."""
    path = str(tmp_path_factory.mktemp("year") / "desk.db")
    year = Year(path, tickets=140, deeds=90)
    year.live()
    with closing(Desk.open(path, actor="mariam", clock=lambda: year.now)) as desk:
        yield desk


def plainly(desk: Desk) -> tuple[PlayFigures, PlayFigures]:
    lived, now, then = desk.rehearsals.arranged(DAYS, OURS)
    return PlainPlay(lived, now).play(), PlainPlay(lived, then).play()


def test_two_policies_over_a_year_s_last_days_are_equal_to_the_plain_play(year: Desk) -> None:
    """Of a year that ``bench.year`` lives; the whole of a large one is compared by hand."""
    shares: list[float] = []
    before = year.queue.page(Query(scope=Scope.ALL), 0, None)
    found = year.rehearsals.rehearse(DAYS, OURS, "ours.toml", shares.append)
    assert (found.as_it_is, found.rehearsed) == plainly(year)
    assert year.queue.page(Query(scope=Scope.ALL), 0, None) == before
    assert found.as_it_is != found.rehearsed
    assert found.as_it_is.tickets > 5
    assert (found.policy, found.team) == ("ours.toml", None)
    assert shares == sorted(shares)


def test_the_policy_and_the_team_in_force_change_nothing(year: Desk) -> None:
    for same in (year.policy.rulebook(), year.team.entries()):
        found = year.rehearsals.rehearse(DAYS, same, "same.toml")
        assert found.as_it_is == found.rehearsed


def test_without_a_team_or_a_ticket_there_is_nothing_to_play(open_desk: OpenDesk) -> None:
    team = (
        '[[member]]\nlogin = "mo"\nname = "Mo"\nrole = "support"\nregion = "X"\ntimezone = "UTC"\n'
        'hours = ["Mon-Fri 09:00-17:00"]\n'
    )
    desk = open_desk("mo")
    with pytest.raises(Refusal, match="team: there is none yet"):
        desk.rehearsals.rehearse(DAYS, handbook(), "handbook")
    desk.team.import_members(load_team(team, "team.toml"))
    with pytest.raises(Refusal, match="days: no ticket came in this time"):
        desk.rehearsals.rehearse(DAYS, handbook(), "handbook")
