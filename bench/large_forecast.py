"""One forecast of a long queue with a large team, for its cost."""

from datetime import UTC, datetime
from functools import cache
from random import Random

from bench.team import MEMBERS, WAITING, team
from policy.roster.members import Roster
from policy.roster.team_file import member_of
from policy.rulebook.rulebook import handbook
from policy.waits.durations import Duration, DurationSample, durations_of
from policy.waits.forecast import BeingAnswered, Waiting, expected_answers
from policy.waits.staffed_work import StaffedWork
from policy.waits.usual_arrivals import HOURS_OF_WEEK, UsualArrivals

__all__ = ("MEMBERS", "WAITING", "large_forecast")

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)


def large_forecast() -> None:
    """Reckon when each of 10,000 is answered, from the roster on; samples are reckoned before."""
    queue, at_work, durations, arrivals, roster = _desk()
    found = expected_answers(
        queue,
        at_work,
        StaffedWork.of(roster, NOW),
        durations,
        arrivals,
        handbook().vocabulary.priorities,
    )
    assert len(found) > WAITING // 2, "most are answered within the horizon"  # noqa: S101 - or the figure says nothing


@cache
def _desk() -> tuple[
    list[Waiting], list[BeingAnswered], dict[str, Duration], UsualArrivals, Roster
]:
    draw = Random(1)  # noqa: S311 - a made-up desk
    priorities = handbook().vocabulary.priorities
    drawn = sorted(draw.choices(priorities, (2, 10, 38, 50), k=WAITING))
    samples = [
        DurationSample(each, draw.lognormvariate(3.2, 0.7), draw.lognormvariate(3.4, 0.7))
        for each in drawn[::5]
    ]
    arrivals = {
        each: (rate,) * HOURS_OF_WEEK
        for each, rate in zip(priorities, (0.5, 2.0, 8.0), strict=False)
    }
    return (
        [Waiting(number, each) for number, each in enumerate(drawn)],
        [BeingAnswered(WAITING + each, "p1", 10.0, owed=True) for each in range(30)],
        dict(durations_of(handbook(), samples)),
        UsualArrivals(arrivals, 1.0),
        Roster(tuple(member_of(each) for each in team(MEMBERS))),
    )
