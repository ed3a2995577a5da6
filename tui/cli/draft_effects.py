"""What each answer of a policy does to today's queue, told where it changes anything."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from policy.words import Mode
from tui.cli.invocation import Invocation
from tui.cli.render import draft_lines
from tui.cli.render.printing import Printer

if TYPE_CHECKING:
    from policy.drafting.policy_answers import PolicyAnswers
    from policy.drafting.policy_question import PolicyQuestion
    from policy.drafting.queue_effect import QueueEffect
    from policy.rulebook.lost_words import LostWords
    from policy.rulebook.rulebook import Rulebook
    from store.policies.policy_difference import UnsolvedTickets

# The rulebook is heavy, and so is the store: each function imports what it needs.
# ruff: noqa: PLC0415

_MOST_TICKETS: Final = 2_000
"""On how many tickets an answer is tried, so that each is shown at once."""

_MADE_UP: Final = "eight made-up tickets"
_TODAYS: Final = "today's queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftQueue:
    """The desk's tickets on which answers are shown, and made-up ones where those show nothing."""

    unsolved: "UnsolvedTickets"
    in_force: "Rulebook"

    @classmethod
    def of(cls, invocation: Invocation) -> "DraftQueue":
        """Return the desk's tickets at the time given; no desk is made where there is none."""
        from store.policies.policy_difference import UnsolvedTickets

        now_in_force = replace(invocation, policy=None)
        if not now_in_force.has_database():
            nobody = UnsolvedTickets(now=invocation.now(), mode=Mode.NORMAL, tickets=())
            return cls(unsolved=nobody, in_force=now_in_force.rulebook_in_force())
        with now_in_force.snapshot_then() as desk:
            unsolved = desk.policy.unsolved_tickets(at_most=_MOST_TICKETS)
            return cls(unsolved=unsolved, in_force=desk.policy.rulebook())

    def todays(self, rulebook: "Rulebook", mode: Mode) -> "QueueEffect":
        """Return what a policy makes of the desk's tickets in a mode."""
        from policy.drafting.queue_effect import effect_on

        unsolved, before = self.unsolved, self.in_force.vocabulary
        return effect_on(rulebook, unsolved.tickets, before, mode, unsolved.now)

    def made_up(self, rulebook: "Rulebook", mode: Mode) -> "QueueEffect":
        """Return what a policy makes of tickets in its own words that nobody wrote."""
        from policy.drafting.example_queue import example_queue
        from policy.drafting.queue_effect import effect_on

        tickets = example_queue(rulebook, self.unsolved.now)
        return effect_on(rulebook, tickets, rulebook.vocabulary, mode, self.unsolved.now)

    def carries_facts_of(self, rulebook: "Rulebook") -> bool:
        """Return whether a ticket of the desk carries any fact that a policy names."""
        names = rulebook.fact_kinds.keys()
        return any(names & ticket.fact.keys() for ticket in self.unsolved.tickets)


@dataclass(kw_only=True)
class DraftEffects:
    """Tells what answers do; what was shown of each queue, in each mode, is kept to compare."""

    queue: DraftQueue
    out: Printer
    shown: dict["tuple[str, Mode | None]", "QueueEffect"] = field(default_factory=dict)
    lost: "LostWords | None" = None

    def begin(self) -> None:
        """Say on which tickets answers are shown, and what the policy in force makes of them."""
        unsolved, rulebook = self.queue.unsolved, self.queue.in_force
        if not unsolved.tickets:
            said = f"The desk has no tickets: what an answer does is shown on {_MADE_UP}."
            draft_lines.tell_note(self.out, said)
            return
        first = f" of the first {len(unsolved.tickets):,} tickets" if unsolved.left_out else ""
        draft_lines.tell_note(self.out, f"What an answer does is shown on {_TODAYS}{first}.")
        effect = self.queue.todays(rulebook, Mode.NORMAL)
        self.shown[_TODAYS, None], self.lost = effect, effect.lost
        by = f"{_TODAYS} by the policy in force"
        draft_lines.tell_effect(self.out, effect, None, queue=by, now=unsolved.now)

    def show(
        self,
        question: "PolicyQuestion",
        given: "PolicyAnswers",
        answers: "PolicyAnswers",
        *,
        is_first: bool,
    ) -> None:
        """Show what an answer does, where it changes anything of the policy, or is the first.

        On the desk's tickets; on made-up ones where none of those is in the queue in these words,
        or where an answer changes nothing of them as they carry no such fact.
        """
        from policy.drafting.policy_question import Chapter, rulebook_of
        from policy.drafting.policy_text import policy_text

        order = question.chapter is Chapter.ORDER
        changed = policy_text(given) != policy_text(answers)
        if not changed and not (is_first or (order and not self._is_shown(question))):
            return
        rulebook, mode = rulebook_of(given), question.mode
        todays = self.queue.todays(rulebook, mode)
        self._tell_lost(todays)
        place = mode if order else None
        shown: list[tuple[str, QueueEffect]] = [(_TODAYS, todays)] if todays.queue else []
        if not shown or (rulebook.fact_kinds and not self.queue.carries_facts_of(rulebook)):
            shown.append((_MADE_UP, self.queue.made_up(rulebook, mode)))
        told = [
            (name, effect, self.shown.get((name, place)))
            for name, effect in shown
            if draft_lines.changes(effect, self.shown.get((name, place)), order=order)
        ]
        for name, effect in shown:
            self.shown[name, place] = effect
        out = replace(self.out, read_words=lambda: rulebook.vocabulary)
        if not told:
            draft_lines.tell_nothing(out, self._whose(shown[0][0], question))
            return
        name, effect, before = told[0]
        if todays.queue and name == _MADE_UP and before is None:
            said = f"No ticket carries such facts yet: what they do is shown on {_MADE_UP}."
            draft_lines.tell_note(self.out, said)
        whose, now = self._whose(name, question), self.queue.unsolved.now
        if order:
            draft_lines.tell_order(out, effect, which=whose, now=now)
        else:
            draft_lines.tell_effect(out, effect, before, queue=whose, now=now)

    def _is_shown(self, question: "PolicyQuestion") -> bool:
        return any(mode is question.mode for _, mode in self.shown)

    def _whose(self, name: str, question: "PolicyQuestion") -> str:
        """Return how a queue is called where what an answer does to it is told."""
        from policy.drafting.policy_question import Chapter

        if question.chapter is not Chapter.ORDER:
            return name
        too_much = question.mode is Mode.HARD_CHOICES
        return f"first of {name} {'when it is too much' if too_much else 'in normal times'}"

    def _tell_lost(self, effect: "QueueEffect") -> None:
        """Say which tickets cannot be shown, as often as that changes."""
        if effect.lost == self.lost:
            return
        self.lost = effect.lost
        if effect.lost.words:
            instead = "shown on the others" if effect.queue else f"shown on {_MADE_UP}"
            said = f"Until then the policy is for a new desk, and what it does is {instead}."
            draft_lines.tell_note(self.out, f"{effect.lost}. {said}")
