"""The wait notices of a rehearsal: who is told when, and what they are promised."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from policy.rehearsal.foreseen import AnswersForeseen
from policy.roster.members import FOREVER
from policy.ticket import Ticket
from policy.waits.forecast import NOT_FORESEEN, AnswerForecast
from policy.waits.notices import safe_for_all
from policy.waits.promises import Asker, Promise, PromisedAnswer, Told, asked_by
from policy.words import Mode

_HOUR = timedelta(hours=1)


class PlayedPromises:
    """What customers were told in a play, as a person sends each notice when it is due.

    "Every customer whose expected answer is later than ``aim_by`` and who has not been told is due
    a wait notice: one message per requester for all their tickets", and "a promise about to be
    broken prompts a new notice", in every mode.
    """

    def __init__(self) -> None:
        self._of_asker: dict[Asker, list[Promise]] = {}
        self._spoken_of: set[int] = set()
        self._askers: dict[int, Asker] = {}

    @property
    def made(self) -> list[Promise]:
        """All that were made, those included that name no time."""
        return [promise for made in self._of_asker.values() for promise in made]

    def concerned(self, waiting: Collection[Ticket], mode: Mode, now: datetime) -> list[Ticket]:
        """Return of those that wait the ones about whom there may be something to tell now.

        Who was told is looked at again on the hour in which their time comes, or once there is a
        time to name: nobody writes to a customer each time that a forecast moves.
        """
        is_hard, on_the_hour = mode is Mode.HARD_CHOICES, now.minute == 0
        if not is_hard and not on_the_hour:
            return []
        found = []
        for ticket in waiting:
            made = self._of_asker.get(self._asker_of(ticket))
            by = made[-1].expect_by if made else None
            if ticket.id not in self._spoken_of:
                may_be_told = is_hard and (by is None or by <= now)
            elif by is None:
                may_be_told = is_hard and on_the_hour
            else:
                may_be_told = on_the_hour and by <= now + _HOUR
            if may_be_told:
                found.append(ticket)
        return found

    def _asker_of(self, ticket: Ticket) -> Asker:
        if ticket.id not in self._askers:
            self._askers[ticket.id] = asked_by(ticket)
        return self._askers[ticket.id]

    def tell(
        self, concerned: Sequence[Ticket], foreseen: AnswersForeseen, mode: Mode, now: datetime
    ) -> None:
        """Tell whoever is due a notice, and keep what it promises."""
        late: dict[Asker, list[Ticket]] = {}
        expected = foreseen.expected
        for ticket in concerned:
            likely = expected.get(ticket.id)
            if ticket.aim_by is not None and (likely is None or likely > ticket.aim_by):
                late.setdefault(self._asker_of(ticket), []).append(ticket)
        for asker, tickets in late.items():
            made = self._of_asker.setdefault(asker, [])
            if made and _is_going_to_hold(made[-1], tickets, expected, now):
                continue  # which most are, and asking that is cheaper than asking for safe times
            forecasts = foreseen.of(tickets)
            told = Told(now, made, forecasts)
            is_due = told.is_owed if mode is Mode.HARD_CHOICES else told.is_broken
            if is_due(asker, tickets):
                made.append(_promise(asker, tickets, forecasts, now))
                self._spoken_of.update(each.id for each in tickets)


def _is_going_to_hold(
    last: Promise, tickets: Sequence[Ticket], expected: Mapping[int, datetime], now: datetime
) -> bool:
    """Return whether the last promise stands, and all who wait are likely answered by then."""
    by = last.expect_by
    return by is not None and by > now and all(expected.get(t.id, FOREVER) <= by for t in tickets)


def _promise(
    asker: Asker, tickets: Sequence[Ticket], forecasts: Mapping[int, AnswerForecast], now: datetime
) -> Promise:
    return Promise(
        asker=asker,
        answers=tuple(PromisedAnswer(ticket=each.id) for each in tickets),
        made_at=now,
        expect_by=safe_for_all(forecasts.get(each.id, NOT_FORESEEN) for each in tickets),
    )
