"""Which tickets rows reach: against trying every ticket that can be."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.contract.conditions import Comparison, Condition, Value, all_hold
from policy.contract.reach import Reach, amounts_told_apart
from policy.facts import amount_of
from policy.refusal import Refusal
from policy.rulebook.rulebook import load_rulebook

VALUES: Mapping[str, tuple[Value, ...]] = {
    "tier": ("gold", "silver", "bronze"),
    "severity": (1, 2),
    "special": (False, True),
    "kind": (None, "incident", "request"),
}


@st.composite
def rows(draw: st.DrawFn) -> list[list[Condition]]:
    """Draw what a few rows ask, each of a few things."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        about = draw(st.lists(st.sampled_from([*VALUES]), max_size=3))
        found.append(
            [Condition(each, draw(st.frozensets(st.sampled_from(VALUES[each])))) for each in about]
        )
    return found


def tickets() -> list[dict[str, Value]]:
    return [dict(zip(VALUES, each, strict=True)) for each in product(*VALUES.values())]


def meant(asked: Sequence[Condition]) -> list[dict[str, Value]]:
    return [each for each in tickets() if all_hold(asked, each.get)]


@given(rows())
def test_what_earlier_rows_leave_is_what_trying_every_ticket_finds(
    asked: list[list[Condition]],
) -> None:
    reach = Reach(VALUES)
    boxes = [reach.box(each) for each in asked]
    *earlier, last = asked
    left = [one for one in meant(last) if not any(one in meant(each) for each in earlier)]
    found = reach.left_of(boxes[-1], boxes[:-1])
    assert (found is not None) is bool(left)
    if found is not None:
        inside = [
            one for one in tickets() if all(one[each] in values for each, values in found.items())
        ]
        assert inside
        assert all(one in left for one in inside)


amounts = st.decimals(0, 100, places=2)
comparisons = st.lists(
    st.tuples(
        st.sampled_from(["SEK", "EUR"]),
        st.builds(Comparison, st.sampled_from([">", ">=", "<", "<="]), amounts),
    ),
    min_size=1,
    max_size=5,
)


@given(comparisons, amounts, st.sampled_from(["SEK", "EUR", "GBP"]))
def test_every_amount_compares_as_one_of_those_told_apart(
    compared: list[tuple[str, Comparison]], amount: Decimal, currency: str
) -> None:
    def holding(money_amount: Decimal, of: str) -> list[bool]:
        return [of == named and each.holds(money_amount) for named, each in compared]

    shapes = [holding(*amount_of(each)) for each in amounts_told_apart(compared)]
    assert holding(amount, currency) in shapes


def test_rows_that_ask_for_too_much_together_are_refused_in_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("policy.contract.reach.MOST_COMPARED", 50)
    facts = "".join(f"f{number} = ['a', 'b', 'c']\n" for number in range(9))
    rows = "".join(
        f"[[intake]]\nwhen = {{ f{number} = ['a', 'b'], f{(number + 4) % 9} = ['b', 'c'] }}\n"
        "assign = 'p1'\nbecause = 'x'\n"
        for number in range(9)
    )
    rest = "[[intake]]\nwhen = {}\nassign = 'p2'\nbecause = 'x'\n"
    with pytest.raises(Refusal, match=r"^p\.toml: the rows ask for so many things together that"):
        load_rulebook(f"[facts]\n{facts}{rows}{rest}", "p.toml")
