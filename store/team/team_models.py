"""The frozen values of the team that ``Desk`` hands out; light to import."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy.ticket import Ticket
from policy.words import Priority

if TYPE_CHECKING:  # these bring much that the board does without before its first frame
    from policy.capacity.advice import CapacityState
    from policy.roster.absence import Guidance
    from policy.roster.holders import Holders
    from policy.waits.promise_changes import PromiseChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What marking somebody out would do, or would undo: how things stand, and would stand.

    ``answers`` are what it does to expected and safe times, and to promises made.
    """

    sentence: str
    guidance: "Guidance | None"
    before: "CapacityState"
    after: "CapacityState"
    number_one_before: Ticket | None
    number_one_after: Ticket | None
    holders_before: "Holders"
    holders_after: "Holders"
    answers: "PromiseChanges"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one person is assigned in the queue; ``first`` are the first few in the order.

    ``nobodys`` of them count as nobody's, as that person is away.
    """

    login: str
    total: int
    by_priority: Mapping[Priority, int]
    first: tuple[Ticket, ...]
    nobodys: int = 0
