"""The order in any policy's words: total, with one number one, and the first one's again."""

from collections.abc import Sequence
from itertools import combinations, permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.ordering.explanation import explain, why_number_one
from policy.ordering.order import Order, order_of
from policy.rulebook.rulebook import Rulebook, fingerprint, rulebook_from_json, rulebook_json
from policy.ticket import Ticket
from policy.words import Mode
from tests.own_words import policies, tickets_of, under


@st.composite
def desks(draw: st.DrawFn) -> tuple[Rulebook, list[Ticket]]:
    rulebook = draw(policies())
    return rulebook, draw(tickets_of(rulebook))


by_any_policy = settings(
    # Each policy that is drawn is read by the checker itself, row after row, which takes its time.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)


def queue_of(tickets: Sequence[Ticket], order: Order) -> list[Ticket]:
    return sorted((each for each in tickets if each.actionable), key=order.key)


def ranks(order: Order, ticket: Ticket) -> list[int]:
    return [order.rank(ticket, criterion) for criterion in order.criteria]


@by_any_policy
@given(desks(), st.sampled_from(Mode))
def test_the_order_is_total_and_its_keys_sort_as_its_criteria_do(
    desk: tuple[Rulebook, list[Ticket]], mode: Mode
) -> None:
    rulebook, tickets = desk
    order = order_of(rulebook, mode)
    queue = queue_of(tickets, order)
    assert queue == sorted(queue, key=lambda each: ranks(order, each))
    assert len({order.key(each) for each in queue}) == len(queue)
    for first, second in combinations(queue, 2):
        assert order.is_before(first, second)
        assert not order.is_before(second, first)


@by_any_policy
@given(desks(), st.sampled_from(Mode))
def test_there_is_exactly_one_number_one_and_what_is_said_of_it_agrees(
    desk: tuple[Rulebook, list[Ticket]], mode: Mode
) -> None:
    rulebook, tickets = desk
    order = order_of(rulebook, mode)
    queue = queue_of(tickets, order)
    firsts = [
        each
        for each in queue
        if all(other is each or order.is_before(each, other) for other in queue)
    ]
    assert firsts == queue[:1]
    for first, second in permutations(queue, 2):
        said = explain(first, second, order)
        assert said.before is (queue.index(first) < queue.index(second))
        assert said.criterion is order.first_difference(first, second)
        assert "None" not in said.why
    if queue:
        assert f"#{queue[0].id}" in (why := why_number_one(queue[0], (*queue, None)[1], order)) or (
            why.startswith("The only ")
        )


@by_any_policy
@given(st.data(), desks(), st.sampled_from(Mode))
def test_adopting_the_first_policy_again_gives_the_first_order_back(
    data: st.DataObject, desk: tuple[Rulebook, list[Ticket]], mode: Mode
) -> None:
    first, tickets = desk
    second = data.draw(policies(first))
    before = queue_of(tickets, order_of(first, mode))
    meanwhile = [under(second, each) for each in tickets]
    queue_of(meanwhile, order_of(second, mode))
    again = [under(first, each) for each in meanwhile]
    assert queue_of(again, order_of(first, mode)) == before


@by_any_policy
@given(policies())
def test_a_policy_in_any_words_is_kept_and_read_back_exactly(rulebook: Rulebook) -> None:
    kept = rulebook_json(rulebook)
    read = rulebook_from_json(kept)
    assert read == rulebook
    assert rulebook_json(read) == kept
    assert fingerprint(read) == fingerprint(rulebook)
