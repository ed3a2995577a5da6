"""The margin, what is safe by it, and how it is learnt: once, when due, the same whoever asks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.roster.members import Roster
from policy.rulebook.rulebook import handbook
from policy.waits.durations import DurationSample, durations_of
from policy.waits.learning import DuePromise, Learnt, learn, scores_at
from policy.waits.margins import QUARTER, Margin, corrected, margin_of, safe_by, score
from policy.waits.staffed_work import StaffedWork
from policy.waits.usual_arrivals import HOURS_OF_WEEK, NO_ARRIVALS, going_ahead, usual_arrivals
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, member

SURE = 0.9
numbers = st.floats(-3, 3)


@st.composite
def due_promises(draw: st.DrawFn) -> list[DuePromise]:
    """Return promises of some days, kept or not, each answered within days or not at all."""
    quarters = st.integers(1, 400)

    def promise() -> DuePromise:
        made = MONDAY + draw(quarters) * QUARTER
        answered = made + draw(quarters) * QUARTER if draw(st.booleans()) else None
        due = made + draw(quarters) * QUARTER
        how_far = None if answered is None else draw(numbers)
        return DuePromise(draw(st.sampled_from("ab")), made, due, answered, how_far)

    return [promise() for _ in range(draw(st.integers(0, 12)))]


@given(due_promises(), st.lists(st.integers(0, 60_000), max_size=6))
def test_it_makes_no_difference_when_it_is_asked(
    promises: list[DuePromise], asked: list[int]
) -> None:
    end = MONDAY + 1000 * QUARTER
    piecemeal = Learnt()
    for minutes in sorted(asked):
        piecemeal = learn(piecemeal, promises, SURE, min(end, MONDAY + minutes * MINUTE))
    whole = learn(Learnt(), list(reversed(promises)), SURE, end)
    assert learn(piecemeal, promises, SURE, end).corrections == pytest.approx(whole.corrections)
    assert learn(whole, promises, SURE, end) == whole


def test_months_of_promises_are_learnt_as_if_each_had_been_looked_at_when_it_was_due() -> None:
    draw = Random(1)  # noqa: S311 - made-up promises
    promises = [
        DuePromise(
            "p2",
            MONDAY + hour * HOUR,
            MONDAY + (hour + draw.randrange(1, 90)) * HOUR,
            MONDAY + (hour + draw.randrange(1, 120)) * HOUR,
            draw.gauss(0, 1),
        )
        for hour in range(0, 150 * 24, 12)
    ]
    correction = 0.0
    for due in sorted({each.due for each in promises}):
        kept = [each.is_kept for each in promises if each.due == due]
        scores = scores_at(promises, "p2", due)
        spread = margin_of(scores, correction, SURE).spread
        correction = corrected(correction, spread, sum(kept), len(kept) - sum(kept), SURE)
    assert 30 < len(scores) < len(promises)
    learnt = learn(Learnt(), promises, SURE, MONDAY + 200 * DAY)
    assert learnt.corrections == {"p2": correction}


@given(due_promises(), st.integers(0, 900))
def test_nothing_is_learnt_before_a_promise_is_due(
    promises: list[DuePromise], quarters: int
) -> None:
    now = MONDAY + quarters * QUARTER
    come = [each for each in promises if each.due <= now]
    assert learn(Learnt(), promises, SURE, now).corrections.keys() == {
        each.priority for each in come
    }


@given(st.lists(numbers, max_size=80), numbers, st.integers(0, 9), st.integers(0, 9))
def test_a_margin_and_its_correction_stay_within_their_bounds(
    scores: list[float], correction: float, kept: int, broken: int
) -> None:
    margin = margin_of(scores, correction, SURE)
    assert margin == margin_of(sorted(scores), correction, SURE)
    assert -1 <= margin.value <= 1.5
    assert margin.spread >= 0.2
    assert abs(margin.correction) <= margin.spread / 2
    then = corrected(margin.correction, margin.spread, kept, broken, SURE)
    assert abs(then) <= margin.spread / 2
    if kept + broken:
        higher = broken / (kept + broken) > 1 - SURE
        assert then >= margin.correction if higher else then <= margin.correction


def test_few_scores_say_nothing_and_enough_are_a_quantile() -> None:
    assert margin_of([9.0] * 29, 0.0, SURE) == Margin(0.5, 0.6, 0.0, 29)
    scores = [each / 100 for each in range(1, 101)]
    assert margin_of(scores, 0.1, SURE) == Margin(0.9, 0.4, 0.1, 100)
    assert margin_of(scores, 9.0, 0.5) == Margin(0.5, 0.2, 0.1, 100)


def test_one_broken_promise_and_one_kept_one_move_the_correction_so_far() -> None:
    def after(*answers: datetime | None) -> float:
        due = MONDAY + HOUR
        promises = [DuePromise("p2", MONDAY, due, each, None) for each in answers]
        return learn(Learnt(), promises, SURE, due).corrections["p2"]

    assert after(MONDAY) == pytest.approx(0.02 * 0.6 * -0.1)
    assert after(None) == pytest.approx(0.02 * 0.6 * 0.9)
    assert after(MONDAY + 2 * HOUR, MONDAY) == pytest.approx(0.02 * 0.6 * 0.4)


def staffed(*hours: str) -> StaffedWork:
    return StaffedWork.of(Roster((member("ada", hours or "Mon-Fri 09:00-17:00"),)), MONDAY)


@settings(deadline=None)
@given(st.integers(0, 30 * 24 * 60), st.floats(-1, 1.5))
def test_what_is_safe_is_a_quarter_ahead_and_not_before_what_is_expected(
    minutes: int, value: float
) -> None:
    expected = MONDAY + minutes * MINUTE
    safe = safe_by(staffed(), expected, Margin(value, 0.2, 0.0, 30))
    if safe is not None:
        assert safe >= max(expected, MONDAY + QUARTER)
        assert (safe - MONDAY) % QUARTER == timedelta(0)


def test_the_margin_stretches_staffed_work_and_the_score_measures_it() -> None:
    work, expected = staffed(), MONDAY + 3 * HOUR
    none, twice = Margin(0.0, 0.2, 0.0, 30), Margin(0.6931471805599453, 0.2, 0.0, 30)
    assert safe_by(work, expected, none) == expected
    assert safe_by(work, expected, twice) == MONDAY + 7 * HOUR
    assert safe_by(work, MONDAY + 7 * HOUR, twice) == MONDAY + 31 * HOUR
    assert score(work, expected, MONDAY + 7 * HOUR) == pytest.approx(twice.value)
    assert score(work, expected, MONDAY + 7 * HOUR) == score(staffed(), expected, MONDAY + 7 * HOUR)
    assert safe_by(staffed("Mon 09:00-09:30"), MONDAY + 29 * DAY, twice) is None


def test_durations_are_the_desks_own_from_thirty_samples_on() -> None:
    def samples(count: int) -> Sequence[DurationSample]:
        return [DurationSample("p2", 10.0, None)] * count + [DurationSample("gone", 1.0, 1.0)]

    few, enough = (durations_of(handbook(), samples(count))["p2"] for count in (29, 30))
    assert (few.answer, few.busy, few.answer_samples, few.answers) == (45, 45, 29, ())
    assert (enough.answer, enough.busy, enough.answer_samples) == (10, 45, 30)
    assert (enough.busy_samples, len(enough.answers)) == (0, 30)


def test_a_rush_is_what_exceeds_the_usual_of_the_same_hours() -> None:
    every_hour = {"p1": [13] * HOURS_OF_WEEK, "p3": [0] * HOURS_OF_WEEK}
    for came, rush in ((48, 1.0), (81, 1.0), (82, 1.5), (116, 2.0), (999, 4.0)):
        found = usual_arrivals(every_hour, 13, came, MONDAY + 20 * MINUTE)
        assert found.per_hour["p1"][0] == 1.0
        assert found.rush == pytest.approx(rush)
    weekdays = {"p1": [0 if hour >= 120 else 13 for hour in range(HOURS_OF_WEEK)]}
    assert usual_arrivals(weekdays, 13, 24, MONDAY).rush == pytest.approx(44 / 29)  # 9 h of Monday
    own = usual_arrivals(weekdays, 13, 0, MONDAY)
    assert going_ahead(own, ["deviation", "priority", "received_at"]) == own
    assert going_ahead(own, ["received_at", "priority"]) == NO_ARRIVALS
