"""Options that take a word of the policy in force: a tier, a priority, a severity or a fact."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import TypeVar

import click
from click.shell_completion import CompletionItem

from policy.facts import Facts, typed_facts, values_typed
from policy.refusal import Refusal
from policy.vocabulary import Vocabulary, nearest_word, plain_word, the_word
from policy.words import FactKind, Severity
from tui.cli.grammar import Text
from tui.cli.invocation import Invocation

_Word = TypeVar("_Word", bound=Severity)


class WordKind(StrEnum):
    """What kind of word an option takes."""

    TIER = "tier"
    PRIORITY = "priority"
    SEVERITY = "severity"

    def known(self, words: Vocabulary) -> Sequence[Severity]:
        """Return the policy's words of this kind, the highest first."""
        match self:
            case WordKind.TIER:
                return words.tiers
            case WordKind.PRIORITY:
                return words.priorities
            case WordKind.SEVERITY:
                return words.severities


class WordOf(click.ParamType[str]):
    """A word of the policy in force, which is looked up once the database is open."""

    def __init__(self, kind: WordKind) -> None:
        self.name = str(kind)
        self._kind = kind

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - as click calls it
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the policy's words that begin so; none where the policy cannot be read."""
        known: Sequence[Severity] = ()
        with suppress(Refusal):
            known = self._kind.known(ctx.ensure_object(Invocation).words)
        begun = plain_word(incomplete)
        return [CompletionItem(str(each)) for each in known if plain_word(each).startswith(begun)]


class FactPair(Text):
    """A fact of the policy in force and its value, ``NAME=VALUE``, looked up as a ``WordOf`` is."""

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - as click calls it
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the policy's facts with each value that begins so; of money the name alone."""
        kinds: Mapping[str, FactKind] = {}
        with suppress(Refusal):
            kinds = ctx.ensure_object(Invocation).words.fact_kinds
        pairs = (
            f"{name}={value}"
            for name, kind in kinds.items()
            for value in values_typed(kind) or [""]
        )
        begun = plain_word(incomplete)
        return [CompletionItem(each) for each in pairs if plain_word(each).startswith(begun)]


def meant_facts(typed: Sequence[str], words: Vocabulary) -> Facts:
    """Return the facts that a person typed for ``--fact``, each as ``NAME=VALUE``.

    Raises:
        Refusal: the policy names no such fact, or it is none of what it may be.
    """
    try:
        return typed_facts(typed, words.fact_kinds)
    except Refusal as refusal:
        raise Refusal(f"--fact: {refusal.reason}") from None


def meant(option: str, typed: str, known: Iterable[_Word]) -> _Word:
    """Return the policy's word that a person typed for an option, in any case.

    Raises:
        UsageError: the policy in force has none like it; the line names the nearest.
    """
    words = tuple(known)
    word = the_word(typed.replace(" ", "_"), words)
    if word is not None:
        return word
    if not words:
        raise click.BadParameter("the policy in force names none.", param_hint=f"'{option}'")
    listed = ", ".join(repr(str(each)) for each in words)
    near = nearest_word(typed, words)
    guess = "" if near is None else f" Did you mean {near}?"
    raise click.BadParameter(f"{typed!r} is not one of {listed}.{guess}", param_hint=f"'{option}'")
