"""Nobody who waits is hidden: by any status, whoever wrote last, here or there, merged or not."""

import pytest

from docs.who_waits import CASES, Case, Place, Said, Wrote, ended
from policy.words import DECIDED_STATUSES, Status

NAMES = [
    f"{'merged ' if case.merged else ''}{case.status}-{case.wrote.name}-{case.said.name}"
    for case in CASES
]
IN_QUEUE = {
    Place.OURS,
    Place.OWED,
    Place.PARKED,
    Place.OPENED,
    Place.REFUSED,
    Place.FOLLOW_UP,
    Place.WAITS_IN_OTHER,
}
OUT = {Place.RESTS, Place.UNANSWERED, Place.CLOSED_THERE, Place.OTHER_RESTS}


def test_there_is_a_case_for_everything() -> None:
    assert len(set(CASES)) == len(Status) * len(Wrote) * len(Said) * 2
    assert {ended(case).place for case in CASES} == set(Place), "each place is where somebody is"


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_whoever_waits_is_in_the_queue(case: Case) -> None:
    tickets = ended(case).tickets
    assert all(each.actionable for each in tickets if each.owed)
    waits = any(each.owed for each in tickets)
    if case.wrote is Wrote.WE:
        assert not waits
    elif not waits:
        assert case.status in DECIDED_STATUSES, "only what is ended lets a customer go"
        assert case.said is not Said.HERE, "and here that is refused"
        assert any(each.settled_at is not None for each in tickets), "and it is told"


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_page_says_what_is_so(case: Case) -> None:
    found = ended(case)
    stands = any(each.actionable for each in found.tickets)
    if found.place in IN_QUEUE:
        assert stands
    elif found.place in OUT:
        assert not stands
    assert (found.place is Place.PARKED) == any(each.parked for each in found.tickets)
