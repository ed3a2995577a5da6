"""What people did to a told ticket, where a policy has other words, times or ways."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from policy.intake.rules import decide
from policy.rulebook.rulebook import handbook
from policy.words import DECIDED_STATUSES, Status
from store.desk import Desk
from tui.demo.parts import Customer
from tui.demo.script import ScriptedAction
from tui.demo.told_ticket import ToldAction, ToldTicket
from tui.demo.translation import SaidWords, Translation
from tui.demo.wished_deadlines import WishedDeadlines

_MINUTE: Final = timedelta(minutes=1)
_WAITS: Final = "can_wait"
_ASKED: Final = ("cannot_wait", "hand_over")
_ANSWERED: Final = ("review", "send_back")


@dataclass(frozen=True, slots=True)
class Retelling:
    """One told ticket's actions, as they can be under the policy: those it would refuse are not."""

    translation: Translation
    wished: WishedDeadlines
    told: ToldTicket
    customer: Customer
    said: SaidWords

    def actions(self, received_at: datetime) -> tuple[ScriptedAction, ...]:
        """Return what was done since it was received, the earliest first."""
        now = self.wished.now
        told = [*self._kept()]
        times = _since(received_at, [now - action.ago for action in told], now)
        actions = [
            ScriptedAction(at, action.by, action.on_desk())
            for at, action in zip(times, told, strict=True)
        ]
        update = self._update(told, max(times, default=received_at))
        return (*actions, update) if update is not None else tuple(actions)

    def _kept(self) -> Iterator[ToldAction]:
        """Yield what the policy allows, in its words."""
        done, filled = set[str](), set[str]()
        for told in self.told.actions:
            action = self._retold(told, done, filled)
            if action is None:
                continue
            if action.do == "hand_over" and self._is_urgent and _WAITS not in done:
                yield action.model_copy(update={"do": _WAITS, "ago": action.ago + _MINUTE})
            done.add(action.do)
            filled |= action.context.keys()
            yield action

    def _retold(self, action: ToldAction, done: Set[str], filled: Set[str]) -> ToldAction | None:
        """Return an action in the policy's words, None where it would refuse it.

        ``done`` are those before it, ``filled`` what they filled in for engineering.
        """
        policy = self.translation.rulebook.engineering
        refused = False
        match action.do:
            case "priority":
                refused = not self._is_another(action)
                mapped = self.translation.priority(action.priority)
                action = action.model_copy(update={"priority": mapped})
            case "fill":
                known = action.context.keys() & {*policy.context}
                context = {name: text for name, text in action.context.items() if name in known}
                action = action.model_copy(update={"context": context})
            case "can_wait" | "cannot_wait":
                refused = not self._is_urgent
            case "hand_over":
                refused = not filled >= {*policy.context}
            case "review":
                refused = not done & {*_ASKED} or action.timing not in policy.timings
            case "send_back":
                refused = not done & {*_ASKED}
        return None if refused else action

    @property
    def _is_urgent(self) -> bool:
        return self.said.priority in self.translation.rulebook.vocabulary.urgent

    def _is_another(self, action: ToldAction) -> bool:
        """Return whether a person's priority is as much above or below intake's as it is told."""
        words, told = self.translation.rulebook.vocabulary, handbook().vocabulary
        by_handbook = decide(
            handbook(), self.customer.tier, self.told.severity, self.told.opened_by
        ).priority
        meant = told.priority_rank(action.priority) - told.priority_rank(by_handbook)
        mapped = words.priority_rank(self.translation.priority(action.priority))
        moved = mapped - words.priority_rank(self.said.priority)
        return meant * moved > 0

    def _update(self, told: Sequence[ToldAction], last: datetime) -> ScriptedAction | None:
        """Return the answer that keeps the customer up to date, where the policy promises that.

        It comes after the ``last`` of what is told.
        """
        status, waits, by = Status.NEW, True, None
        for action in told:
            if action.do == "heard":
                status, waits = Status.OPEN if status is not Status.NEW else status, True
            elif action.do == "reply":
                status, waits, by = action.status or Status.OPEN, False, action.by
            elif action.do == "status" and action.status is not None:
                status = action.status
            elif action.do == "hand_over":
                status = Status.ON_HOLD
            elif action.do in _ANSWERED:
                status = Status.OPEN
        if waits or by is None or status in DECIDED_STATUSES:
            return None
        at = self.wished.updated(self.said, self.customer.zone, status)
        if at is None:
            return None
        at = max(at, last + (self.wished.now - last) / 4).replace(microsecond=0)
        kept = None if "hand_over" in {action.do for action in told} else status
        return ScriptedAction(at, by, partial(_reply, status=kept))


def _reply(desk: Desk, ticket: int, status: Status | None) -> object:
    return desk.tickets.reply(ticket, status)


def _since(received_at: datetime, times: Sequence[datetime], now: datetime) -> Sequence[datetime]:
    """Return times in the same order that are all later than the receipt, spread over the time."""
    earliest = received_at + _MINUTE
    if not times or min(times) > earliest:
        return times
    room = (now - earliest) / (len(times) + 1)
    return [
        earliest + timedelta(seconds=int((room * place).total_seconds()))
        for place in range(1, len(times) + 1)
    ]
