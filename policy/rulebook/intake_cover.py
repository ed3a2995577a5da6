"""Whether the rules of ``[[intake]]`` decide every ticket, and whether each of them decides any."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, product

from policy.contract.conditions import Comparison, Condition
from policy.contract.reach import Box, Reach, in_words, values_of_fact
from policy.rulebook.contract_sections import MatrixSection
from policy.rulebook.sections import IntakeRule, SeveritiesSection, TiersSection
from policy.words import FactKind, OpenedBy, Severity, Tier

_UNDECIDED = "expected a rule for every ticket, and none matches"


class IntakeCover:
    """The tickets that can be, and which of them each rule of ``[[intake]]`` means."""

    def __init__(
        self,
        rules: Sequence[IntakeRule],
        tiers: TiersSection,
        severities: SeveritiesSection,
        facts: Mapping[str, FactKind],
    ) -> None:
        self._rules = rules
        self._tiers = tiers
        self._severities = severities
        self._facts = facts

    def undecided(self) -> str | None:
        """Return the line that names a ticket for which no rule holds, None when there is none.

        What is said of its facts counts, and so does that nothing is said of them.
        """
        for tier, severity, opened_by in product(
            self._tiers.order or (None,), self._severities.order or (None,), OpenedBy
        ):
            paying = tier in self._tiers.paying
            if not any(rule.holds(tier, severity, opened_by, paying) for rule in self._rules):
                return f"{_UNDECIDED} {self._in_words(tier, severity, opened_by)}"
        if not self._facts:
            return None
        reach, boxes = self._reached()
        left = reach.left_of({}, boxes)
        return None if left is None else f"{_UNDECIDED} {in_words(left)}"

    def never_reached(self, matrix: MatrixSection | None) -> Iterator[str]:
        """Yield a sentence for each rule that decides no ticket, as others before it do.

        One for all that is left is good to have, whether anything is left or not.
        """
        reach, boxes = self._reached()
        before = [] if matrix is None else [*_boxes_of(matrix)]
        for number, box in enumerate(boxes, 1):
            is_for_the_rest = not box and all(before)
            if reach.left_of(box, before) is None and not is_for_the_rest:
                why = "the rules before it decide all of its tickets"
                if reach.left_of(box, ()) is None:
                    why = "no ticket is ever like this"
                yield f"intake rule {number} is never reached: {why}."
            before.append(box)

    def _reached(self) -> tuple[Reach, list[Box]]:
        paying = frozenset(self._tiers.paying)
        asked = [tuple(rule.when.conditions(self._tiers.order, paying)) for rule in self._rules]
        reach = self._reach(chain.from_iterable(asked))
        return reach, [reach.box(conditions) for conditions in asked]

    def _reach(self, conditions: Iterable[Condition]) -> Reach:
        compared: dict[str, list[tuple[str, Comparison]]] = {}
        for condition in conditions:
            compared.setdefault(condition.about, []).extend(condition.amounts)
        facts = {
            name: values_of_fact(kind, compared.get(name, ()), untold=True)
            for name, kind in self._facts.items()
        }
        return Reach(
            {
                "tier": self._tiers.order or (None,),
                "severity": self._severities.order or (None,),
                "opened_by": map(str, OpenedBy),
                **facts,
            }
        )

    def _in_words(self, tier: Tier | None, severity: Severity | None, opened_by: OpenedBy) -> str:
        of = {"tier": tier, "severity": severity, "opened by": opened_by}
        told = [f"{name} {word}" for name, word in of.items() if word is not None]
        return ", ".join([*told, *(["nothing said of its facts"] if self._facts else [])])


def matrix_gaps(
    matrix: MatrixSection, facts: Mapping[str, FactKind], rules: Sequence[IntakeRule]
) -> Iterator[str]:
    """Yield a sentence for each word of its facts for which a matrix assigns nothing."""
    then = "[[intake]] decides" if rules else "the last priority counts"
    for name, known in ((matrix.rows, matrix.assign), (matrix.columns, matrix.across)):
        kind = facts.get(name, ())
        for word in () if isinstance(kind, str) else kind:
            if word not in known:
                yield f"matrix assigns nothing for {name} {word}; {then} there."


def _boxes_of(matrix: MatrixSection) -> Iterator[Box]:
    across = frozenset(matrix.across)
    for row in matrix.assign:
        yield {matrix.rows: frozenset({row}), matrix.columns: across}
