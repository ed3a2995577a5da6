"""The file that a rehearsal is of: a policy, or a team, told apart by what it says."""

from collections import Counter
from collections.abc import Iterable

from policy.refusal import Refusal
from policy.roster.team_file import MemberEntry, load_team
from policy.rulebook.lost_words import LostWord, LostWords, gone
from policy.rulebook.rulebook import Rulebook, load_rulebook
from policy.ticket import Ticket
from policy.toml_text import tables_in
from policy.vocabulary import Vocabulary

Rehearsed = Rulebook | tuple[MemberEntry, ...]
"""Another policy, or another team."""

_TEAM = "member"


def rehearsed_in(text: str, source: str) -> Rehearsed:
    """Return what ``text``, a TOML file named ``source``, has rehearsed.

    A file with ``[[member]]`` is a team, any other one a policy.

    Raises:
        Refusal: it is wrong as the one or the other, in the words of ``policy check`` or of ``team
            import``; or it is both.
    """
    tables = tables_in(text, source)
    if _TEAM not in tables:
        return load_rulebook(text, source)
    others = [name for name in tables if name != _TEAM]
    if any(name in Rulebook.known_keys() for name in others):
        raise Refusal(
            f"{source}: [[member]] beside [{others[0]}]; expected a policy or a team, not both"
        )
    return load_team(text, source)


def refuse_lost_words(tickets: Iterable[Ticket], present: Vocabulary, other: Vocabulary) -> None:
    """Refuse to play tickets whose words another policy lacks, as it could not be adopted.

    Raises:
        Refusal: it names the words, and how many tickets carry each.
    """
    lost = {
        "tier": gone("tier", present.tiers, other.tiers),
        "severity": gone("severity", present.severities, other.severities),
    }
    found: Counter[tuple[str, object]] = Counter()
    carrying = 0
    for ticket in tickets:
        carried = [
            (field, word)
            for field, word in (("tier", ticket.tier), ("severity", ticket.severity))
            if word in lost[field]
        ]
        found.update(carried)
        carrying += bool(carried)
    words = tuple(
        LostWord(field=field, word=word, tickets=found[field, word])
        for field, order in (("tier", present.tiers), ("severity", present.severities))
        for word in order
        if (field, word) in found
    )
    if words:
        raise Refusal(str(LostWords(tickets=carrying, words=words)))
