"""The frozen values of wait notices that ``Desk`` hands out; light to import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from policy.capacity.mode import ModeInForce
from policy.vocabulary import Vocabulary
from policy.words import NoticeState, NoticeWay

if TYPE_CHECKING:  # these bring much that the board does without before its first frame
    from policy.capacity.levels import Capacity
    from policy.roster.coverage import Turn
    from policy.waits.forecast import AnswerForecast
    from policy.waits.forecast_basis import ForecastBasis
    from policy.waits.notices import Unreachable, WaitNotice
    from policy.waits.promises import Asker, PromisesKept


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A wait notice of the ledger: on its way, sent, or ended otherwise; times are UTC.

    ``next_attempt_at`` is when it goes out, or goes out again; ``outcome`` says in a sentence how
    the last attempt ended. ``answers`` is the Message-ID of the customer's own mail, where known.
    """

    id: int
    asker: "Asker"
    episode: int
    state: NoticeState
    way: NoticeWay
    customer: str
    name: str
    email: str | None
    subject: str
    body: str
    tickets: tuple[int, ...]
    arrivals: "tuple[Turn, ...]"
    arrive_at: datetime | None
    expected: datetime | None
    expect_by: datetime | None
    aim_by: datetime
    made_at: datetime
    made_by: str
    message_id: str
    answers: str | None
    attempts: int
    next_attempt_at: datetime
    ended_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Who is to be told now that they will wait, and what became of the notices before.

    ``drafts`` stand in the order of the queue, ``ledger`` the latest first, those on their way
    and the undeliverable before them all. ``unreachable`` are those who would be told, and whose
    address failed for good. ``forecasts`` are of the owed tickets of the queue by their ids, as far
    as the roster reaches, ``basis`` what these rest on; ``promises`` came due in 30 days.
    """

    capacity: "Capacity"
    mode: ModeInForce
    drafts: "tuple[WaitNotice, ...]"
    ledger: tuple[Notice, ...]
    words: Vocabulary
    promises: "PromisesKept"
    forecasts: "Mapping[int, AnswerForecast]"
    basis: "ForecastBasis"
    unreachable: "tuple[Unreachable, ...]" = ()
