"""What is said when the level or the mode becomes another one."""

from itertools import product

from policy.capacity.advice import CapacityState, advice_between, waits_sentence
from policy.capacity.levels import Capacity
from policy.capacity.mode import NORMAL, ModeInForce
from policy.roster.coverage import Turn
from policy.rulebook.rulebook import handbook
from policy.waits.notices import WaitNotice
from policy.words import Mode, Priority
from tests.examples import WORDS
from tests.policy.teams import HOUR, MONDAY, ticket

HARD = ModeInForce(mode=Mode.HARD_CHOICES, why="Level 2 by now; choices stay hard for a while.")


def situation(level: int, mode: ModeInForce = NORMAL, *notices: WaitNotice) -> CapacityState:
    contingencies = {each.level: each.contingency for each in handbook().capacity.levels}
    capacity = Capacity(
        level=level,
        why=f"Reason {level}.",
        contingency=contingencies[level],
        scheduled=(),
        available=(),
        actionable=0,
        owed=0,
        next_arrivals=(),
    )
    return CapacityState(capacity=capacity, mode=mode, notices=notices)


def notice(*, renews: bool = False, priority: Priority = "p2", arrives: bool = True) -> WaitNotice:
    return WaitNotice(
        asker=("Acme", ""),
        episode=0,
        customer="Acme",
        requester=None,
        tickets=(ticket(1, defined_priority=priority),),
        expected=None,
        expect_by=None,
        forecasts=(),
        aim_by=MONDAY,
        arrivals=(Turn(login="bo", at=MONDAY + HOUR),) if arrives else (),
        subject="",
        body="",
        renews=renews,
        urgent=priority in WORDS.urgent,
    )


def test_nothing_is_said_while_level_and_mode_stay() -> None:
    for level, mode in product(range(1, 9), (NORMAL, HARD)):
        assert (
            advice_between(situation(level, mode), situation(level, mode, notice()), WORDS) is None
        )


def test_the_level_rises() -> None:
    prompt = advice_between(situation(1), situation(4, HARD, notice(), notice()), WORDS)
    assert prompt is not None
    assert (prompt.title, prompt.worse) == ("Level 4, up from 1", True)
    assert prompt.text == (
        "Reason 4. The community is told that an answer may take up to 24 hours."
        " Choices are hard: the order for hard choices holds now."
        " 2 customers are to be told that they will wait."
    )


def test_the_level_falls_and_choices_stay_hard() -> None:
    prompt = advice_between(situation(4, HARD), situation(2, HARD), WORDS)
    assert prompt is not None
    assert (prompt.title, prompt.worse) == ("Level 2, down from 4", False)
    assert prompt.text == (
        "Reason 2. The team coordinates who takes what."
        " Level 2 by now; choices stay hard for a while."
    )


def test_back_to_normal() -> None:
    prompt = advice_between(situation(2, HARD), situation(2, NORMAL, notice()), WORDS)
    assert prompt is not None
    assert (prompt.title, prompt.worse) == ("Level 2: back to normal", False)
    assert prompt.text == (
        "Reason 2. The team coordinates who takes what."
        " Choices are no longer hard: the usual order holds again."
    )


def test_choices_made_hard_by_hand() -> None:
    prompt = advice_between(situation(1), situation(1, HARD), WORDS)
    assert prompt is not None
    assert (prompt.title, prompt.worse) == ("Level 1: choices are hard", True)


def test_the_waits_to_send() -> None:
    assert waits_sentence([], WORDS) == "Nobody needs to be told that they will wait."
    assert waits_sentence([notice()], WORDS) == "1 customer is to be told that they will wait."
    assert waits_sentence([notice(renews=True), notice(renews=True), notice()], WORDS) == (
        "3 customers are to be told that they will wait. 2 promises made before cannot be kept."
    )
    assert waits_sentence([notice(renews=True, priority="p1")], WORDS) == (
        "1 customer is to be told that they will wait. A promise made before cannot be kept."
        " A p0 or p1 waits among them: call someone in."
    )
    assert waits_sentence([notice(arrives=False, priority="p0")], WORDS) == (
        "1 customer is to be told that they will wait."
        " Nobody is known to arrive: say who comes back when, or call someone in."
    )
