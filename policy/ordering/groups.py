"""Groups of tickets that a policy names: which comes first, and what each is called."""

from collections.abc import Sequence
from typing import Final

from policy.contract.conditions import Condition, all_hold
from policy.contract.ticket_words import words_of_ticket
from policy.ticket import Ticket


class Groups:
    """The groups of a policy, by name and what each asks, the first coming first.

    "``[[group]]`` rows (name, when) give the criterion ``group``": a ticket is of the first that
    holds; rows of one name are one group, and who is in none comes last.
    """

    def __init__(self, rows: Sequence[tuple[str, tuple[Condition, ...]]]) -> None:
        names = list(dict.fromkeys(name for name, _ in rows))
        self._rows = [(names.index(name), asked) for name, asked in rows]
        self._names = names

    def rank(self, ticket: Ticket) -> int:
        """Return the place of the ticket's group, from 0 for the first; of none the last."""
        words = words_of_ticket(ticket)
        for place, asked in self._rows:
            if all_hold(asked, words.get):
                return place
        return len(self._names)

    def name(self, ticket: Ticket) -> str | None:
        """Return what the ticket's group is called, None for one that is in none."""
        rank = self.rank(ticket)
        return self._names[rank] if rank < len(self._names) else None


NO_GROUPS: Final = Groups(())
"""Those of a policy that names none."""
