"""What becomes of promises and times when somebody is out, or another policy holds."""

from datetime import datetime, timedelta

from policy.waits.forecast import AnswerForecast
from policy.waits.promise_changes import PromiseChanges, changes_in_words, promise_changes
from policy.waits.promises import Promise, PromisedAnswer
from tests.policy.teams import HOUR, MINUTE, MONDAY


def promise(
    asker: str,
    by: datetime | None,
    *tickets: int,
    answered_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> Promise:
    answers = (
        PromisedAnswer(ticket=each, answered_at=answered_at, ended_at=ended_at) for each in tickets
    )
    return Promise(asker=(asker, ""), answers=tuple(answers), made_at=MONDAY - HOUR, expect_by=by)


def forecast(hours: float, safe: float | None = None) -> AnswerForecast:
    after = timedelta(hours=hours if safe is None else safe)
    return AnswerForecast(MONDAY + timedelta(hours=hours), MONDAY + after)


def changes(
    before: dict[int, AnswerForecast], after: dict[int, AnswerForecast], *promises: Promise
) -> PromiseChanges:
    return promise_changes(before, after, promises, MONDAY)


def test_a_promise_breaks_where_an_answer_is_not_expected_by_then_any_more() -> None:
    kept = promise("a", MONDAY + 2 * HOUR, 1, 2)
    exactly = promise("b", MONDAY + 3 * HOUR, 3)
    before = {1: forecast(1), 2: forecast(1), 3: forecast(1)}
    found = changes(before, {1: forecast(1), 2: forecast(2.5), 3: forecast(3)}, kept, exactly)
    assert found.would_break == (kept,)
    assert found.would_hold_again == ()
    back = changes({1: forecast(1), 2: forecast(2.5), 3: forecast(3)}, before, kept, exactly)
    assert back.would_hold_again == (kept,)


def test_what_the_roster_does_not_reach_breaks_too() -> None:
    made = promise("a", MONDAY + 2 * HOUR, 1)
    found = changes({1: forecast(1)}, {}, made)
    assert found.would_break == (made,)
    assert found.safe.gone == (1,)
    assert changes_in_words(found) == (
        "1 promise would break: #1.",
        "No time could be named any more for #1.",
    )


def test_only_the_last_promise_counts_and_only_while_it_stands() -> None:
    """What came due is decided, what was answered is kept, and who was told no time has none."""
    over = promise("a", MONDAY, 1)
    renewed = [promise("b", MONDAY + HOUR, 2), promise("b", MONDAY + 9 * HOUR, 2)]
    without = promise("c", None, 3)
    answered = promise("d", MONDAY + HOUR, 4, answered_at=MONDAY - MINUTE)
    ended = promise("e", MONDAY + HOUR, 5, ended_at=MONDAY - MINUTE)
    before = {number: forecast(0.5) for number in range(1, 6)}
    after = {number: forecast(5) for number in range(1, 6)}
    found = changes(before, after, over, *renewed, without, answered, ended)
    assert found.would_break == ()


def test_times_move_and_the_furthest_is_named() -> None:
    before = {1: forecast(1, 2), 2: forecast(4, 6), 3: forecast(2, 3), 4: forecast(1, 1)}
    after = {1: forecast(2, 5.5), 2: forecast(3, 5), 3: forecast(2.25, 3.25), 4: forecast(1, 1)}
    found = changes(before, after)
    assert (found.safe.later, found.safe.later_at_most, found.safe.latest_ticket) == (
        2, timedelta(hours=3.5), 1,
    )  # fmt: skip
    assert (found.safe.earlier, found.safe.earlier_at_most, found.safe.earliest_ticket) == (
        1, HOUR, 2,
    )  # fmt: skip
    assert changes_in_words(found) == (
        "Safe times would be later for 2 tickets, by 3 h 30 m at most (#1),"
        " and earlier for 1 ticket, by 1 h at most (#2).",
        "Likely times would be later for 2 tickets, by 1 h at most (#1),"
        " and earlier for 1 ticket, by 1 h at most (#2).",
    )


def test_many_are_counted_and_a_few_named() -> None:
    made = [promise(str(number), MONDAY + HOUR, number) for number in range(1, 6)]
    before = {number: forecast(0.5) for number in range(1, 6)}
    said = changes_in_words(changes(before, {}, *made))
    assert said[0] == "5 promises would break: #1, #2, #3 and 2 more."


def test_where_nothing_changes_nothing_is_said() -> None:
    same = {1: forecast(1), 2: AnswerForecast(None, None)}
    assert changes_in_words(changes(same, same, promise("a", MONDAY + 2 * HOUR, 1))) == ()
